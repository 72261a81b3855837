// Import, erasing and retention, by the pages: what is said, in both languages, and what is done.

using System.Net;
using System.Text;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Tests;

public sealed class ExchangePageTests : IDisposable
{
    private static readonly Actor Owner = new(null, "Owner");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("microneedling-");

    private string Database => Path.Combine(_folder.FullName, "microneedling.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("en", "The session is in the record now, as session 1.", "was not taken in twice", "The file is not as it was exported")]
    [InlineData("es", "La sesión está ahora en el registro, como sesión 1.", "No se añadió dos veces", "El archivo no está como se exportó")]
    public async Task An_exported_session_is_imported_once_and_refused_when_it_was_changed(string language, string taken, string twice, string changed)
    {
        long id = await AddSessionAsync();
        string json;
        await using (var tablet = await RunningTablet.StartAsync("--database", Database))
        {
            json = await tablet.Http.GetStringAsync($"/sessions/{id}/export.json?texts=yes");
        }

        await using var other = await RunningTablet.StartAsync();
        using var browser = new FormBrowser(other, language);

        var refused = await browser.UploadAsync("/sessions/import", "file", Encoding.UTF8.GetBytes(json.Replace("\"strokes\":", "\"strokes\":1", StringComparison.Ordinal)));
        Assert.Contains(changed, refused.Words, StringComparison.Ordinal);
        Assert.Contains("$.contentHash", refused.Words, StringComparison.Ordinal);
        Assert.Empty(await other.Sessions.ListAsync());

        Assert.Contains(taken, (await browser.UploadAsync("/sessions/import", "file", Encoding.UTF8.GetBytes(json))).Words, StringComparison.Ordinal);
        Assert.Contains(twice, (await browser.UploadAsync("/sessions/import", "file", Encoding.UTF8.GetBytes(json))).Words, StringComparison.Ordinal);
        Assert.Single(await other.Sessions.ListAsync());
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/sessions/1")).Status);
        Assert.NotNull((await browser.SubmitAsync("/sessions/import", null)).Errors);
    }

    [Fact]
    public async Task A_session_that_goes_on_is_not_exported_and_the_page_does_not_offer_it()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await tablet.BeginPracticeAsync();
        long id = (await tablet.Sessions.ListAsync()).Single().Id;

        using var answer = await tablet.Http.GetAsync($"/sessions/{id}/export.json");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.DoesNotContain("export.json", await tablet.Http.GetStringAsync($"/sessions/{id}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erasing_names_what_goes_wants_a_reason_and_a_confirmation_and_leaves_a_page_without_ways_on()
    {
        await using var tablet = await RunningTablet.StartAsync();
        using var browser = new FormBrowser(tablet);
        var client = await tablet.Sessions.Clients.AddAsync(Owner);
        await tablet.Sessions.Clients.ChangeAsync(Owner, client with { Name = "Zoë Okafor", Notes = "Allergic to nickel." });
        await tablet.Sessions.Clients.ConsentAsync(Owner, client.Key, "Agrees.");

        var asked = await browser.SubmitAsync($"/clients/{client.Key}/erase", null);
        Assert.Contains("Wording of consents: 1", asked.Words, StringComparison.Ordinal);
        Assert.Contains("Backups, exported files", asked.Words, StringComparison.Ordinal);
        Assert.Equal("Choose one.", asked.ErrorOf("reason"));
        Assert.Contains("Confirm", asked.ErrorOf("understood"), StringComparison.Ordinal);
        Assert.Equal("Zoë Okafor", (await tablet.Sessions.Clients.FindAsync(client.Key))!.Name);

        var done = await browser.SubmitAsync($"/clients/{client.Key}/erase", null, ("reason", "ClientAsked"), ("understood", "yes"));
        Assert.Contains("Nothing of it can be read in the database any more.", done.Words, StringComparison.Ordinal);
        Assert.Contains("Erased 0001", done.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("/prepare/", done.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("nickel", done.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync($"/clients/{client.Key}/erase")).Status);
        Assert.DoesNotContain(client.Key, (await browser.OpenAsync("/clients")).Html, StringComparison.Ordinal);
        Assert.Contains("Client erased", (await browser.OpenAsync("/settings/audit")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_past_the_rule_are_listed_and_erased_together_as_they_were_seen()
    {
        await AddSessionAsync(withClient: true);
        await using var tablet = await RunningTablet.StartAsync("--database", Database);
        using var browser = new FormBrowser(tablet);
        Assert.Contains("No rule is laid down", (await browser.OpenAsync("/settings/privacy")).Words, StringComparison.Ordinal);
        Assert.Contains("1", (await browser.SubmitAsync("/settings/privacy", "Rule", ("years", "0"))).ErrorOf("years"), StringComparison.Ordinal);

        var listed = await browser.SubmitAsync("/settings/privacy", "Rule", ("years", "1"));
        Assert.Contains("for 1 years", listed.Words, StringComparison.Ordinal);
        Assert.Contains("Client 0001", listed.Words, StringComparison.Ordinal);

        Assert.Contains("Confirm", (await browser.SubmitAsync(listed, "All")).ErrorOf("understood"), StringComparison.Ordinal);
        Assert.Contains("has changed meanwhile", (await browser.SubmitAsync(listed, "All", ("understood", "yes"), ("listed", "other"))).Words, StringComparison.Ordinal);
        var done = await browser.SubmitAsync(listed, "All", ("understood", "yes"));
        Assert.Contains("Erased clients: 1.", done.Words, StringComparison.Ordinal);
        Assert.Contains("No client is past the rule.", done.Words, StringComparison.Ordinal);
        Assert.Single(await tablet.Sessions.ListAsync());
        Assert.Contains("are overwritten", (await browser.SubmitAsync("/settings/privacy", "Overwrite")).Words, StringComparison.Ordinal);
    }

    private async Task<long> AddSessionAsync(bool withClient = false)
    {
        var at = new DateTimeOffset(2019, 11, 2, 10, 0, 0, TimeSpan.Zero);
        if (withClient)
        {
            await using var store = await SessionStore.OpenAsync(Database, new Then(at));
            await store.Clients.AddAsync(Owner);
        }

        await using var made = await MadeSessions.OpenAsync(Database);
        return await made.AddAsync(at, SessionOutcome.Completed, MadeSessions.Practice());
    }

    private sealed class Then(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}
