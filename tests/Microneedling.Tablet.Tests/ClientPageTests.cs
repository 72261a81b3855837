// The pages of clients, through their forms: what is kept, what is refused in which words, and that nothing of a client gets
// into an address, a title or the log.

using System.Globalization;
using System.Net;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Tests;

public sealed class ClientPageTests(SharedTablet shared) : IClassFixture<SharedTablet>
{
    private const string Hostile = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>&amp;";

    private static readonly Actor Owner = new(null, "Owner");

    private ClientStore Clients => shared.Record.Clients;

    [Fact]
    public async Task A_new_client_takes_one_tap_and_gets_the_next_label()
    {
        using var browser = new FormBrowser(shared.Tablet);
        var first = await browser.SubmitAsync("/clients", "New");
        var second = await browser.SubmitAsync("/clients", "New");

        string key = second.Address["/clients/".Length..];
        var client = (await Clients.FindAsync(key))!;
        Assert.NotEqual(first.Address, second.Address);
        Assert.Matches("^Client [0-9]{4}$", client.Label);
        Assert.Null(client.Name);
        Assert.Contains(client.Label, second.Words, StringComparison.Ordinal);
        Assert.Contains("The client was added.", second.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("The client was added.", (await browser.OpenAsync(second.Address)).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("label", 1, null)]
    [InlineData("label", 60, null)]
    [InlineData("label", 0, "Fill this in.")]
    [InlineData("label", 61, "At most 60 characters; there are 61.")]
    [InlineData("name", 0, null)]
    [InlineData("name", 120, null)]
    [InlineData("name", 121, "At most 120 characters; there are 121.")]
    [InlineData("notes", 4000, null)]
    [InlineData("notes", 4001, "At most 4000 characters; there are 4001.")]
    public async Task The_texts_of_a_client_have_their_lengths(string field, int length, string? error)
    {
        var client = await Clients.AddAsync(Owner);
        string text = client.Key[..Math.Min(length, 16)].PadRight(length, 'é');
        using var browser = new FormBrowser(shared.Tablet);

        var shown = await browser.SubmitAsync($"/clients/{client.Key}/details", null, (field, text), ("birthYear", "1987"));

        Assert.Equal(error, shown.ErrorOf(field));
        var kept = (await Clients.FindAsync(client.Key))!;
        Assert.Equal(error is null ? 1987 : null, kept.BirthYear);
        if (error is null)
        {
            Assert.Equal(text, field switch { "label" => kept.Label, "name" => kept.Name ?? "", _ => kept.Notes });
        }
        else
        {
            Assert.Equal(client, kept);
            Assert.Equal(text, shown.ValueOf(field));
            Assert.Equal("1987", shown.ValueOf("birthYear"));
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("1900", true)]
    [InlineData("1899", false)]
    [InlineData("this year", true)]
    [InlineData("next year", false)]
    [InlineData("19x7", false)]
    [InlineData("-1", false)]
    [InlineData("1987.0", false)]
    public async Task The_year_of_birth_is_a_year_from_1900_to_now(string typed, bool isKept)
    {
        int year = DateTime.Now.Year;
        string text = typed switch { "this year" => $"{year}", "next year" => $"{year + 1}", _ => typed };
        var client = await Clients.AddAsync(Owner);
        using var browser = new FormBrowser(shared.Tablet);

        var shown = await browser.SubmitAsync($"/clients/{client.Key}/details", null, ("birthYear", text), ("name", "Somebody"));

        Assert.Equal(isKept ? null : $"Enter a whole number from 1900 to {year}.", shown.ErrorOf("birthYear"));
        Assert.Equal(isKept ? [] : [$"Year of birth: Enter a whole number from 1900 to {year}."], shown.Errors);
        Assert.Equal(isKept ? "Somebody" : null, (await Clients.FindAsync(client.Key))!.Name);
    }

    [Fact]
    public async Task Skin_type_and_thickness_are_chosen_with_words()
    {
        var client = await Clients.AddAsync(Owner);
        using var browser = new FormBrowser(shared.Tablet);
        string address = $"/clients/{client.Key}/details";

        var wrong = await browser.SubmitAsync(address, null, ("skinType", "VII"));
        var shown = await browser.SubmitAsync(address, null, ("skinType", "IV"), ("thickness", "Female"));

        Assert.Equal("Choose one.", wrong.ErrorOf("skinType"));
        Assert.Contains("IV: rarely burns, tans well", shown.Words, StringComparison.Ordinal);
        Assert.Contains("measured on women", shown.Words, StringComparison.Ordinal);
        Assert.Equal(SkinType.IV, (await Clients.FindAsync(client.Key))!.SkinType);
    }

    [Fact]
    public async Task A_label_that_is_taken_is_refused_at_its_field()
    {
        var other = await Clients.AddAsync(Owner);
        var client = await Clients.AddAsync(Owner);
        using var browser = new FormBrowser(shared.Tablet);
        using var spanish = new FormBrowser(shared.Tablet, "es");

        var shown = await browser.SubmitAsync($"/clients/{client.Key}/details", null, ("label", other.Label), ("name", "Kept as typed"));
        var mostrado = await spanish.SubmitAsync($"/clients/{client.Key}/details", null, ("label", other.Label));

        Assert.Equal("Another client has this label. Choose another one.", shown.ErrorOf("label"));
        Assert.Equal("Kept as typed", shown.ValueOf("name"));
        Assert.Equal("Otro cliente tiene esta etiqueta. Elija otra.", mostrado.ErrorOf("label"));
    }

    [Fact]
    public async Task What_a_person_typed_is_text_on_every_page()
    {
        var client = await SharedTablet.AddReadyClientAsync(shared.Record);
        using var browser = new FormBrowser(shared.Tablet);
        string home = $"/clients/{client.Key}";
        await browser.SubmitAsync(home + "/details", null, ("label", Hostile[..60]), ("name", Hostile), ("notes", Hostile + "\n" + Hostile));
        await browser.SubmitAsync(home + "/course", null, ("indication", Hostile), ("plannedSessions", "4"), ("intervalDays", "30"));
        await browser.SubmitAsync(home + "/consent", null, ("wording", Hostile));
        var result = await CheckAsync(browser, client.Key, "no", ("notes", Hostile));

        foreach (string address in (string[])[home, home + "/details", home + "/check", home + "/consent", home + "/course", result.Address, "/clients", "/prepare", "/prepare/" + client.Key])
        {
            var shown = await browser.OpenAsync(address);
            Assert.Equal(HttpStatusCode.OK, shown.Status);
            Assert.DoesNotContain("<script>alert", shown.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("<img", shown.Html, StringComparison.Ordinal);
        }

        var details = await browser.OpenAsync(home + "/details");
        Assert.Equal(Hostile, details.ValueOf("name"));
        Assert.Equal(Hostile + "\n" + Hostile, details.ValueOf("notes"));
    }

    [Fact]
    public async Task Nothing_of_a_client_is_in_an_address_a_title_or_the_log()
    {
        var client = await SharedTablet.AddReadyClientAsync(shared.Record);
        using var browser = new FormBrowser(shared.Tablet);
        string home = $"/clients/{client.Key}";
        const string Secret = "Zacharias Quillfeather";
        await browser.SubmitAsync(home + "/details", null, ("name", Secret), ("notes", Secret), ("label", "Label of Quillfeather"));
        var found = await browser.SubmitAsync("/clients", "Search", ("text", "quillf"));
        var none = await browser.SubmitAsync("/clients", "Search", ("text", "quillfx"));
        await browser.SubmitAsync("/prepare", "Search", ("text", "quillf"));
        await browser.SubmitAsync(home + "/details", null, ("label", ""), ("name", Secret));
        var result = await CheckAsync(browser, client.Key, "yes", ("notes", Secret));
        await browser.SubmitAsync(result.Address, null, ("reason", "Quillfeather is known here"));

        Assert.Contains(Secret, found.Words, StringComparison.Ordinal);
        Assert.Equal("quillf", found.ValueOf("text"));
        Assert.Contains("No label and no name contains that.", none.Words, StringComparison.Ordinal);
        foreach (string address in (string[])[home, home + "/details", home + "/check", result.Address, "/prepare/" + client.Key])
        {
            string html = (await browser.OpenAsync(address)).Html;
            Assert.DoesNotContain("Quillf", html[..html.IndexOf("</title>", StringComparison.Ordinal)], StringComparison.OrdinalIgnoreCase);
        }

        Assert.All(browser.Addresses, address => Assert.DoesNotContain("quillf", address, StringComparison.OrdinalIgnoreCase));
        Assert.All(shared.Log, line => Assert.DoesNotContain("quillf", line, StringComparison.OrdinalIgnoreCase));
        Assert.All(await shared.Record.Audit.ListAsync(), entry => Assert.DoesNotContain("quillf", entry.ToString(), StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/clients?handler=New")]
    [InlineData("/clients?handler=Search")]
    [InlineData("/prepare/test-block")]
    [InlineData("/settings/caps")]
    [InlineData("/settings/checklist")]
    [InlineData("/settings/presets/new")]
    public async Task A_form_without_its_token_changes_nothing(string address)
    {
        int before = (await Clients.ListAsync()).Count;
        using var browser = new FormBrowser(shared.Tablet);

        var answer = await browser.PostAsync(address, []);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(before, (await Clients.ListAsync()).Count);
    }

    [Theory]
    [InlineData("/clients/aaaaaaaaaaaaaaaa")]
    [InlineData("/clients/aaaaaaaaaaaaaaaa/details")]
    [InlineData("/clients/aaaaaaaaaaaaaaaa/check")]
    [InlineData("/clients/aaaaaaaaaaaaaaaa/check/1")]
    [InlineData("/clients/aaaaaaaaaaaaaaaa/consent")]
    [InlineData("/clients/aaaaaaaaaaaaaaaa/course")]
    [InlineData("/prepare/aaaaaaaaaaaaaaaa")]
    [InlineData("/sessions/4711/follow-up")]
    [InlineData("/settings/checklist/4711")]
    [InlineData("/settings/presets/no-such-preset")]
    public async Task What_is_not_there_is_not_found(string address)
    {
        using var browser = new FormBrowser(shared.Tablet);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(address)).Status);
    }

    [Fact]
    public async Task The_checklist_begins_unanswered_and_what_is_not_answered_is_said_with_the_rest_kept()
    {
        var client = await Clients.AddAsync(Owner);
        var items = (await shared.Record.Site.ChecklistAsync()).Items;
        using var browser = new FormBrowser(shared.Tablet);
        string address = $"/clients/{client.Key}/check";

        var empty = await browser.OpenAsync(address);
        var shown = await browser.SubmitAsync(empty, null, ($"answer-{items[1].Id}", "yes"), ("notes", "Asked by phone"));

        Assert.DoesNotContain("checked=", empty.Html, StringComparison.Ordinal);
        Assert.All(items, item => Assert.Contains(item.Question, empty.Words, StringComparison.Ordinal));
        Assert.All(items, item => Assert.Contains(item.Source, empty.Words, StringComparison.Ordinal));
        Assert.Equal("Not answered yet. Choose No or Yes.", shown.ErrorOf($"answer-{items[0].Id}"));
        Assert.Null(shown.ErrorOf($"answer-{items[1].Id}"));
        Assert.Equal("yes", shown.ValueOf($"answer-{items[1].Id}"));
        Assert.Equal("Asked by phone", shown.ValueOf("notes"));
        Assert.Equal(6, shown.Errors.Count);
        Assert.Contains($"And {items.Count - 6} more", shown.Errors[5], StringComparison.Ordinal);
        Assert.Empty(await Clients.ChecksAsync(client.Key));
    }

    [Fact]
    public async Task A_checklist_that_has_changed_meanwhile_is_said_and_nothing_is_kept()
    {
        var client = await Clients.AddAsync(Owner);
        using var browser = new FormBrowser(shared.Tablet);

        var shown = await CheckAsync(browser, client.Key, "no", ("version", "0"));

        Assert.Contains("The checklist has changed to version", Assert.Single(shown.Errors), StringComparison.Ordinal);
        Assert.Empty(await Clients.ChecksAsync(client.Key));
    }

    [Fact]
    public async Task All_no_is_suitable_for_24_hours()
    {
        var client = await Clients.AddAsync(Owner);
        using var browser = new FormBrowser(shared.Tablet);

        var shown = await CheckAsync(browser, client.Key, "no");

        var check = Assert.Single(await Clients.ChecksAsync(client.Key));
        Assert.True(check.IsSuitable);
        Assert.Equal($"/clients/{client.Key}/check/{check.Id}", shown.Address);
        Assert.Contains("Suitable", shown.Words, StringComparison.Ordinal);
        Assert.Contains("Every question was answered with no.", shown.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"reason\"", shown.Html, StringComparison.Ordinal);
        string until = (check.At + SuitabilityCheck.HoldsFor).ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        Assert.Contains($"Holds until {until}.", (await browser.OpenAsync($"/clients/{client.Key}")).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "Fill this in.")]
    [InlineData(9, "10 to 500 characters are needed; there are 9.")]
    [InlineData(10, null)]
    [InlineData(500, null)]
    [InlineData(501, "10 to 500 characters are needed; there are 501.")]
    public async Task A_supervisor_overrides_with_a_reason_of_10_to_500_characters(int length, string? error)
    {
        var client = await Clients.AddAsync(Owner);
        using var browser = new FormBrowser(shared.Tablet);
        var result = await CheckAsync(browser, client.Key, "yes");
        Assert.Contains("Not suitable", result.Words, StringComparison.Ordinal);

        var shown = await browser.SubmitAsync(result, null, ("reason", new string('r', length)));

        Assert.Equal(error, shown.ErrorOf("reason"));
        var check = Assert.Single(await Clients.ChecksAsync(client.Key));
        Assert.Equal(error is null ? new string('r', length) : null, check.Override?.Reason);
        Assert.Equal(error is null, shown.Words.Contains("overridden by a supervisor", StringComparison.Ordinal));
        if (error is null)
        {
            Assert.DoesNotContain("name=\"reason\"", shown.Html, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(new string('r', length), shown.ValueOf("reason"));
        }
    }

    [Fact]
    public async Task A_check_is_shown_under_its_own_client_only()
    {
        var client = await Clients.AddAsync(Owner);
        var other = await Clients.AddAsync(Owner);
        using var browser = new FormBrowser(shared.Tablet);
        var result = await CheckAsync(browser, client.Key, "yes");

        var foreign = await browser.OpenAsync(result.Address.Replace(client.Key, other.Key, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
    }

    [Fact]
    public async Task A_consent_is_noted_in_its_words_and_withdrawn()
    {
        var client = await Clients.AddAsync(Owner);
        using var browser = new FormBrowser(shared.Tablet);
        using var spanish = new FormBrowser(shared.Tablet, "es");
        string address = $"/clients/{client.Key}/consent";

        var usual = await browser.OpenAsync(address);
        var empty = await browser.SubmitAsync(usual, null, ("wording", "  "));
        var shown = await browser.SubmitAsync(usual, null, ("wording", "In my own words.\nTwice."));
        var withdrawn = await browser.SubmitAsync(shown, "Withdraw");

        Assert.Contains("I consent to the treatment.", usual.ValueOf("wording"), StringComparison.Ordinal);
        Assert.Contains("Consiento el tratamiento.", (await spanish.OpenAsync(address)).ValueOf("wording"), StringComparison.Ordinal);
        Assert.Equal("Fill this in.", empty.ErrorOf("wording"));
        Assert.Contains("Given", shown.Words, StringComparison.Ordinal);
        Assert.Contains("Withdrawn", withdrawn.Words, StringComparison.Ordinal);
        var consent = Assert.Single(await Clients.ConsentsAsync(client.Key));
        Assert.Equal("In my own words.\nTwice.", consent.Wording);
        Assert.NotNull(consent.WithdrawnAt);
    }

    [Fact]
    public async Task A_consent_of_another_client_is_not_withdrawn_here()
    {
        var client = await SharedTablet.AddReadyClientAsync(shared.Record);
        var other = await SharedTablet.AddReadyClientAsync(shared.Record);
        var consent = Assert.Single(await Clients.ConsentsAsync(other.Key));
        using var browser = new FormBrowser(shared.Tablet);

        await browser.SubmitAsync($"/clients/{client.Key}", "Withdraw", ("id", consent.Id.ToString(CultureInfo.InvariantCulture)));

        Assert.Null(Assert.Single(await Clients.ConsentsAsync(other.Key)).WithdrawnAt);
    }

    [Theory]
    [InlineData("plannedSessions", "0", "Enter a whole number from 1 to 50.")]
    [InlineData("plannedSessions", "1", null)]
    [InlineData("plannedSessions", "50", null)]
    [InlineData("plannedSessions", "51", "Enter a whole number from 1 to 50.")]
    [InlineData("plannedSessions", "", "Enter a whole number from 1 to 50.")]
    [InlineData("intervalDays", "0", "Enter a whole number from 1 to 365.")]
    [InlineData("intervalDays", "365", null)]
    [InlineData("intervalDays", "366", "Enter a whole number from 1 to 365.")]
    [InlineData("indication", "", "Fill this in.")]
    public async Task A_course_has_its_edges(string field, string typed, string? error)
    {
        var client = await Clients.AddAsync(Owner);
        using var browser = new FormBrowser(shared.Tablet);
        (string Name, string Value)[] good = [("indication", "Acne scars"), ("plannedSessions", "4"), ("intervalDays", "30")];

        var shown = await browser.SubmitAsync($"/clients/{client.Key}/course", null, [.. good.Where(entry => entry.Name != field), (field, typed)]);

        Assert.Equal(error, shown.ErrorOf(field));
        Assert.Equal(error is null ? 1 : 0, (await Clients.CoursesAsync(client.Key)).Count);
        if (error is not null)
        {
            Assert.Equal(typed, shown.ValueOf(field));
            Assert.All(good.Where(entry => entry.Name != field), entry => Assert.Equal(entry.Value, shown.ValueOf(entry.Name)));
        }
    }

    [Fact]
    public async Task A_course_is_shown_with_its_progress_and_closed()
    {
        var client = await Clients.AddAsync(Owner);
        using var browser = new FormBrowser(shared.Tablet);
        var shown = await browser.SubmitAsync(
            $"/clients/{client.Key}/course", null, ("indication", "Acne scars"), ("plannedSessions", "4"), ("intervalDays", "30"));
        var closed = await browser.SubmitAsync(shown, "Close");

        Assert.Contains("0 of 4 sessions done", shown.Words, StringComparison.Ordinal);
        Assert.Contains("The first is not done yet.", shown.Words, StringComparison.Ordinal);
        Assert.Contains("Closed.", closed.Words, StringComparison.Ordinal);
        Assert.True(Assert.Single(await Clients.CoursesAsync(client.Key)).IsClosed);
    }

    /// <summary>Answers every question the same.</summary>
    private async Task<ShownPage> CheckAsync(FormBrowser browser, string key, string answer, params (string Name, string Value)[] more)
    {
        var items = (await shared.Record.Site.ChecklistAsync()).Items;
        return await browser.SubmitAsync($"/clients/{key}/check", null, [.. items.Select(item => ($"answer-{item.Id}", answer)), .. more]);
    }
}
