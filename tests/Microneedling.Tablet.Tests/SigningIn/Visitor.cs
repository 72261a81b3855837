// A browser without script: keeps cookies, fills in forms with the token that is in them, follows no redirect by itself.

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;

namespace Microneedling.Tablet.Tests.SigningIn;

/// <summary>Somebody at a tablet.</summary>
public sealed partial class Visitor : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly Uri _address;

    public Visitor(Uri address, SocketsHttpHandler? handler = null)
    {
        handler ??= new SocketsHttpHandler();
        handler.AllowAutoRedirect = false;
        handler.CookieContainer = _cookies;
        (_address, Http) = (address, new HttpClient(handler) { BaseAddress = address });
    }

    public HttpClient Http { get; }

    /// <summary>The cookie of the sign-in as a header, or empty.</summary>
    public string SignInCookie => Cookie("sign-in") is { } cookie ? cookie.ToString() : "";

    public Cookie? Cookie(string name) => _cookies.GetCookies(_address)[name];

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(path);

    /// <summary>A page that must be there.</summary>
    public async Task<string> ReadAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path} answered {(int)response.StatusCode}: {body}");
        return body;
    }

    /// <summary>Loads a page and posts a form of it.</summary>
    /// <param name="page">Where the form is.</param>
    /// <param name="action">Where it goes.</param>
    /// <param name="fields">What is filled in.</param>
    public async Task<HttpResponseMessage> SubmitAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        string html = await ReadAsync(page);
        string token = FormToken().Match(html).Groups["token"].Value;
        Assert.NotEmpty(token);
        using var form = new FormUrlEncodedContent(
            fields.Select(field => KeyValuePair.Create(field.Name, field.Value)).Append(KeyValuePair.Create("__RequestVerificationToken", token)));
        return await Http.PostAsync(action, form);
    }

    /// <summary>A JSON command as the page's script sends it.</summary>
    public async Task<HttpResponseMessage> CommandAsync(string path, object body)
    {
        string token = MetaToken().Match(await ReadAsync("/settings")).Groups["token"].Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Add("X-Request-Token", token);
        return await Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> TypePinAsync(Person person, string pin, string to = "/") =>
        SubmitAsync($"/signin?person={person.Id}", "/signin", ("person", $"{person.Id}"), ("return", to), ("pin", pin));

    public async Task SignInAsync(Person person, string pin)
    {
        using var response = await TypePinAsync(person, pin);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }

    public void Dispose() => Http.Dispose();

    [GeneratedRegex("""name="__RequestVerificationToken" type="hidden" value="(?<token>[^"]+)""")]
    private static partial Regex FormToken();

    [GeneratedRegex("""name="request-token" content="(?<token>[^"]+)""")]
    private static partial Regex MetaToken();
}

/// <summary>A tablet with one person of each role.</summary>
public sealed class StaffedTablet : IAsyncLifetime
{
    public const string Pin = "246810";

    public RunningTablet Tablet { get; private set; } = null!;

    public Person Supervisor { get; private set; } = null!;

    public Person Practitioner { get; private set; } = null!;

    public Person Engineer { get; private set; } = null!;

    public Person Of(Role role) => role switch
    {
        Role.Supervisor => Supervisor,
        Role.Practitioner => Practitioner,
        _ => Engineer,
    };

    public Visitor Arrive() => new(Tablet.Address);

    public async Task<Visitor> ArriveAsync(Role role)
    {
        var visitor = Arrive();
        await visitor.SignInAsync(Of(role), Pin);
        return visitor;
    }

    /// <summary>Somebody only for one test.</summary>
    public Task<Person> AddAsync(string name, Role role) => AddAsync(Tablet, name, role);

    public static async Task<Person> AddAsync(RunningTablet tablet, string name, Role role)
    {
        var person = await tablet.Sessions.People.AddAsync(SignedInPerson.Owner.Actor, name, role, Pin);
        tablet.Service<PeopleDirectory>().Forget();
        return person;
    }

    /// <summary>A tablet with nobody set up, whose device answers.</summary>
    public static async Task<RunningTablet> ReadyAsync()
    {
        var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        return tablet;
    }

    public async Task InitializeAsync()
    {
        Tablet = await ReadyAsync();
        Supervisor = await AddAsync("Sofia", Role.Supervisor);
        Practitioner = await AddAsync("Pablo", Role.Practitioner);
        Engineer = await AddAsync("Edda", Role.Engineer);
    }

    public async Task DisposeAsync() => await Tablet.DisposeAsync();
}
