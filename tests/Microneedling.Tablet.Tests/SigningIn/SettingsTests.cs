// The settings of this tablet, people's refusals in words, audit trail and database, by HTTP.

using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Tests.SigningIn;

public sealed partial class SettingsTests(StaffedTablet staffed) : IClassFixture<StaffedTablet>
{
    [Fact]
    public async Task The_language_is_chosen_for_the_tablet_by_whoever_is_there_and_stays()
    {
        using var visitor = await staffed.ArriveAsync(Role.Engineer);
        using var chosen = await visitor.SubmitAsync("/settings", "/settings?handler=Language", ("language", "es"));
        Assert.Equal("/settings", chosen.Headers.Location?.OriginalString);
        string page = WebUtility.HtmlDecode(await visitor.ReadAsync("/settings"));

        Assert.Contains("<html lang=\"es\"", page, StringComparison.Ordinal);
        Assert.Contains("Esta tableta", page, StringComparison.Ordinal);
        Assert.True(visitor.Cookie("language") is { Value: "es", HttpOnly: true } kept && kept.Expires > DateTime.UtcNow.AddDays(300));
        using var refused = await visitor.CommandAsync("/api/home", new { page = "p", extra = 1 });
        using var unknown = await visitor.SubmitAsync("/settings", "/settings?handler=Language", ("language", "xx"));
        Assert.Contains("<html lang=\"en\"", await visitor.ReadAsync("/settings"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dark", "dark")]
    [InlineData("light", "light")]
    [InlineData("auto", "auto")]
    [InlineData("x\" onload=\"", "auto")]
    public async Task The_theme_is_chosen_for_the_tablet(string chosen, string shown)
    {
        using var visitor = await staffed.ArriveAsync(Role.Practitioner);
        using var response = await visitor.SubmitAsync("/settings", "/settings?handler=Theme", ("theme", chosen));

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Contains($"data-theme=\"{shown}\"", await visitor.ReadAsync("/settings"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_language_can_be_chosen_before_signing_in_and_one_stays_on_ones_way()
    {
        using var stranger = staffed.Arrive();
        using var chosen = await stranger.SubmitAsync("/signin", "/signin?handler=Language", ("language", "es"), ("return", "/clients"));

        Assert.Equal("/signin?return=%2Fclients", chosen.Headers.Location?.OriginalString);
        Assert.Contains("¿Quién está aquí?", WebUtility.HtmlDecode(await stranger.ReadAsync("/signin")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sofia", "Practitioner", "123456", "Somebody has this name already.")]
    [InlineData(" ", "Practitioner", "123456", "The name must have 1 to 60 characters")]
    [InlineData("Nora", "Practitioner", "12345", "A PIN has 6 to 12 digits and nothing else.")]
    [InlineData("Nora", "Practitioner", "12345a", "A PIN has 6 to 12 digits and nothing else.")]
    [InlineData("Nora", "99", "123456", "Choose one of the roles.")]
    public async Task A_person_that_will_not_do_is_refused_in_words_and_what_was_typed_stays(string name, string role, string pin, string words)
    {
        using var visitor = await staffed.ArriveAsync(Role.Supervisor);
        using var response = await visitor.SubmitAsync("/settings/people", "/settings/people", ("name", name), ("role", role), ("pin", pin), ("pinAgain", pin));
        string page = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.Contains($"name=\"name\" value=\"{name.Trim()}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain(pin, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_supervisor_stays_one()
    {
        using var visitor = await staffed.ArriveAsync(Role.Supervisor);
        string path = $"/settings/people/{staffed.Supervisor.Id}";
        using var response = await visitor.SubmitAsync(path, path, ("name", "Sofia"), ("role", "Practitioner"), ("isActive", "true"));

        Assert.Contains("This is the last supervisor who may sign in.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(Role.Supervisor, (await staffed.Tablet.Sessions.People.FindAsync(staffed.Supervisor.Id))!.Role);
        using var nobody = await visitor.GetAsync("/settings/people/999");
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
        Assert.Contains("There is no such page", await nobody.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_trail_is_turned_back_page_by_page()
    {
        using var visitor = await staffed.ArriveAsync(Role.Supervisor);
        for (int entry = 1; entry <= 105; entry++)
        {
            await staffed.Tablet.Sessions.Audit.AddAsync(new Actor(null, "Test"), "test.entry", $"entry:{entry}", "<script>alert(1)</script>");
        }

        string newest = await visitor.ReadAsync("/settings/audit");
        Assert.Contains("entry:105<", newest, StringComparison.Ordinal);
        Assert.DoesNotContain("entry:1<", newest, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", newest, StringComparison.Ordinal);
        string older = newest.Split("href=\"/settings/audit?before=")[1].Split('"')[0];
        Assert.Contains("entry:1<", await visitor.ReadAsync($"/settings/audit?before={older}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_action_that_is_written_to_the_audit_trail_has_words()
    {
        string host = Path.GetFullPath(Path.Combine(ThisFile(), "../../../../host"));
        string[] actions = [.. Directory.EnumerateFiles(host, "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Written().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["action"].Value)
            .Distinct()];

        Assert.True(actions.Length > 15, string.Join(", ", actions));
        Assert.All(actions, action => Assert.True(Texts.Of("en").Find($"audit.action-{action}") is not null, $"{action} has no words."));
    }

    [Fact]
    public async Task The_database_page_says_where_the_record_is_and_what_is_in_it()
    {
        using var visitor = await staffed.ArriveAsync(Role.Engineer);
        await staffed.Tablet.Sessions.Clients.AddAsync(SignedInPerson.Of(staffed.Practitioner).Actor);
        string page = WebUtility.HtmlDecode(await visitor.ReadAsync("/settings/database"));

        Assert.Contains("<dd>microneedling.db</dd>", page, StringComparison.Ordinal);
        Assert.Contains($"<dd>{Path.GetDirectoryName(staffed.Tablet.DatabasePath)}</dd>", page, StringComparison.Ordinal);
        Assert.Matches(@"<dt>Size</dt><dd>\d+\.\d MiB</dd>", page);
        Assert.Matches(@"<dt>Free on this disk</dt><dd>\d+\.\d [GM]iB</dd>", page);
        Assert.Matches(@"<dt>Sessions</dt><dd>0</dd>", page);
        Assert.Matches(@"<dt>Clients</dt><dd>1</dd>", page);
    }

    [Fact]
    public async Task Who_is_signed_in_is_told_to_the_pages_script()
    {
        using var visitor = await staffed.ArriveAsync(Role.Engineer);
        using var who = JsonDocument.Parse(await visitor.ReadAsync("/api/who"));

        Assert.Equal("Edda", who.RootElement.GetProperty("name").GetString());
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex("""\b(?:Audit|Audit\.AddAsync|NoteAsync)\((?:[^"()]|\([^"()]*\))*"(?<action>[a-zA-Z]+\.[a-zA-Z]+)["]""")]
    private static partial Regex Written();
}
