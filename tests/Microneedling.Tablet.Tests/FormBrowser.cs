// A browser without a screen: loads pages, fills in their forms as they stand and posts them with their anti-forgery tokens.

using System.Net;
using System.Text.RegularExpressions;

namespace Microneedling.Tablet.Tests;

/// <summary>What a browser shows.</summary>
/// <param name="Status">Of the last answer.</param>
/// <param name="Address">Path and query that the browser ended at.</param>
/// <param name="Html">As it was sent.</param>
public sealed record ShownPage(HttpStatusCode Status, string Address, string Html)
{
    /// <summary>What is read, without tags, runs of blanks as one.</summary>
    public string Words => WebUtility.HtmlDecode(Regex.Replace(Regex.Replace(Html, "<head>.*?</head>|<[^>]*>", " ", RegexOptions.Singleline), @"\s+", " "));

    /// <summary>The words of the error that is tied to a field, or null.</summary>
    public string? ErrorOf(string field)
    {
        var error = Regex.Match(Html, $"id=\"{Regex.Escape(field)}-error\"[^>]*>([^<]*)<");
        if (error.Success)
        {
            Assert.Matches($"aria-describedby=\"[^\"]*{Regex.Escape(field)}-error\"", Html);
            Assert.Contains("role=\"alert\"", Html, StringComparison.Ordinal);
        }

        return error.Success ? WebUtility.HtmlDecode(error.Groups[1].Value) : null;
    }

    /// <summary>What the summary of errors says; empty: there is none.</summary>
    public IReadOnlyList<string> Errors =>
        Regex.Match(Html, "<div[^>]*class=\"form-errors\"[^>]*>(.*?)</div>", RegexOptions.Singleline) is { Success: true } summary
            ? [.. Regex.Matches(summary.Value, "<li>(.*?)</li>", RegexOptions.Singleline).Select(item => WebUtility.HtmlDecode(Regex.Replace(item.Groups[1].Value, "<[^>]*>", "")))]
            : [];

    /// <summary>What stands in a field.</summary>
    public string ValueOf(string field) => HtmlForm.FieldsOf(Html).Where(entry => entry.Name == field).Select(entry => entry.Value).SingleOrDefault("");
}

/// <summary>A form of a page.</summary>
internal static class HtmlForm
{
    /// <summary>The form that a handler or button belongs to, with its entries.</summary>
    public static (string Action, List<(string Name, string Value)> Entries) Of(string html, string? handler)
    {
        foreach (Match form in Regex.Matches(html, "<form([^>]*)>(.*?)</form>", RegexOptions.Singleline))
        {
            string action = Attribute(form.Groups[1].Value, "action");
            string? own = Regex.Match(action, "handler=([A-Za-z]+)") is { Success: true } named ? named.Groups[1].Value : null;
            var button = handler is null ? Match.Empty : Regex.Match(form.Groups[2].Value, $"formaction=\"([^\"]*handler={handler})\"");
            if (action != "/api/stop" && (own == handler || button.Success))
            {
                return (WebUtility.HtmlDecode(button.Success ? button.Groups[1].Value : action), FieldsOf(form.Groups[2].Value));
            }
        }

        throw new InvalidOperationException($"The page has no form for {handler ?? "its own"}.");
    }

    /// <summary>What the fields would post as they stand.</summary>
    public static List<(string Name, string Value)> FieldsOf(string html)
    {
        var entries = new List<(string, string)>();
        foreach (Match field in Regex.Matches(html, "<input([^>]*)>|<textarea([^>]*)>(.*?)</textarea>|<select([^>]*)>(.*?)</select>", RegexOptions.Singleline))
        {
            if (field.Groups[1].Success)
            {
                string input = field.Groups[1].Value;
                if (Attribute(input, "type") is not ("radio" or "checkbox") || input.Contains("checked=", StringComparison.Ordinal))
                {
                    entries.Add((Attribute(input, "name"), Attribute(input, "value")));
                }
            }
            else if (field.Groups[2].Success)
            {
                string text = WebUtility.HtmlDecode(field.Groups[3].Value);
                entries.Add((Attribute(field.Groups[2].Value, "name"), text.StartsWith('\n') ? text[1..] : text));
            }
            else
            {
                var selected = Regex.Match(field.Groups[5].Value, "<option([^>]*selected=[^>]*)>");
                entries.Add((Attribute(field.Groups[4].Value, "name"), Attribute(selected.Groups[1].Value, "value")));
            }
        }

        return entries;
    }

    private static string Attribute(string tag, string name) => WebUtility.HtmlDecode(Regex.Match(tag, $"(?:^|\\s){name}=\"([^\"]*)\"").Groups[1].Value);
}

/// <summary>Somebody at the tablet, with cookies.</summary>
public sealed class FormBrowser : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="tablet">The tablet.</param>
    /// <param name="language">The language preferred.</param>
    public FormBrowser(RunningTablet tablet, string language = "en")
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = tablet.Address };
        _http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
    }

    /// <summary>Every path and query that was asked for.</summary>
    public List<string> Addresses { get; } = [];

    /// <summary>Loads a page, wherever it leads.</summary>
    public async Task<ShownPage> OpenAsync(string address)
    {
        Addresses.Add(address);
        using var answer = await _http.GetAsync(address);
        return await FollowAsync(address, answer);
    }

    /// <summary>Loads a page, fills in its form and posts it.</summary>
    /// <param name="address">The page.</param>
    /// <param name="handler">Which of its forms or buttons; null: the main one.</param>
    /// <param name="typed">What is changed in the form; a name given twice posts both.</param>
    public async Task<ShownPage> SubmitAsync(string address, string? handler, params (string Name, string Value)[] typed) =>
        await SubmitAsync(await OpenAsync(address), handler, typed);

    /// <summary>Fills in the form of a page that is shown and posts it.</summary>
    public async Task<ShownPage> SubmitAsync(ShownPage page, string? handler, params (string Name, string Value)[] typed)
    {
        var (action, entries) = HtmlForm.Of(page.Html, handler);
        var names = typed.Select(entry => entry.Name).ToHashSet();
        return await PostAsync(action.Length > 0 ? action : page.Address, [.. entries.Where(entry => !names.Contains(entry.Name)), .. typed]);
    }

    /// <summary>Posts entries as they are.</summary>
    public async Task<ShownPage> PostAsync(string address, IEnumerable<(string Name, string Value)> entries)
    {
        Addresses.Add(address);
        using var content = new FormUrlEncodedContent(entries.Select(entry => KeyValuePair.Create(entry.Name, entry.Value)));
        using var answer = await _http.PostAsync(address, content);
        return await FollowAsync(address, answer);
    }

    /// <summary>Loads a page and posts its main form with a file.</summary>
    public async Task<ShownPage> UploadAsync(string address, string field, byte[] file)
    {
        var page = await OpenAsync(address);
        var (action, entries) = HtmlForm.Of(page.Html, null);
        Addresses.Add(address);
        using var content = new MultipartFormDataContent();
        foreach (var (name, value) in entries.Where(entry => entry.Name != field))
        {
            content.Add(new StringContent(value), name);
        }

        content.Add(new ByteArrayContent(file), field, "session.json");
        using var answer = await _http.PostAsync(action.Length > 0 ? action : page.Address, content);
        return await FollowAsync(address, answer);
    }

    public void Dispose() => _http.Dispose();

    private async Task<ShownPage> FollowAsync(string address, HttpResponseMessage answer) =>
        (int)answer.StatusCode is >= 300 and < 400
            ? await OpenAsync(answer.Headers.Location!.OriginalString)
            : new ShownPage(answer.StatusCode, address, await answer.Content.ReadAsStringAsync());
}
