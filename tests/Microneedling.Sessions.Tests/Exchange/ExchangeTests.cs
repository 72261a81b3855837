// Sessions out of one record and into another: the same there, once, and nothing that was changed on the way.

using System.Text;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Exchange;
using Microneedling.Sessions.Proof;

namespace Microneedling.Sessions.Tests;

public class ExchangeTests : IDisposable
{
    private readonly Record there;
    private readonly Record here = new();
    private readonly SetClock clock = new(Make.Start);

    public ExchangeTests()
        : this(new Record())
    {
    }

    private protected ExchangeTests(Record there) => this.there = there;

    public void Dispose()
    {
        here.Dispose();
        there.Dispose();
        GC.SuppressFinalize(this);
    }

    [RecordTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_exported_session_is_the_same_in_another_record_and_exported_from_there(bool withTexts)
    {
        var json = await ExportedAsync(withTexts);
        await using var other = await SessionStore.OpenAsync(there.Path, clock);
        await other.People.AddAsync(Make.Owner, "OWNER", Role.Supervisor, "246813");

        var result = await other.ImportAsync(json);

        Assert.Equal(new ImportResult(1, true, 1, 2, true, false), result);
        Assert.Equal(MadeRecord.WithoutLocal(json), MadeRecord.WithoutLocal(await other.ExportAsync(1)));
        Assert.Empty((await other.VerifyAsync()).Flaws);
        var summary = (await other.FindAsync(1))!.Summary;
        Assert.Equal((1, "Client 0001", null, null), (summary.By!.PersonId, summary.ClientLabel, summary.SuitabilityCheckId, summary.CourseId));
        Assert.Equal(withTexts ? MadeRecord.Notes : "", Assert.Single(await other.Clients.FollowUpsAsync(1)).Notes);
        Assert.Equal(["LOT-8", withTexts ? MadeRecord.RemarkText : ""], (await other.Corrections.ListAsync(1)).Select(correction => correction.NewValue));
        Assert.Single(await other.Audit.ListAsync(), entry => entry.Action == "session.imported" && entry.Subject == "session:1");
    }

    [RecordFact]
    public async Task A_session_comes_in_once_and_what_was_added_to_it_since_comes_along_once()
    {
        await using var store = await SessionStore.OpenAsync(here.Path, clock);
        var id = await MadeRecord.AddSessionAsync(store, clock, await MadeRecord.AddClientAsync(store));
        await using var other = await SessionStore.OpenAsync(there.Path, clock);
        await other.ImportAsync(await store.ExportAsync(id));
        var entries = (await other.Audit.ListAsync()).Count;

        Assert.Equal(new ImportResult(1, false, 0, 0, false, false), await other.ImportAsync(await store.ExportAsync(id)));
        Assert.Equal(entries, (await other.Audit.ListAsync()).Count);

        await store.Clients.FollowUpAsync(Make.Owner, id, 72, FollowUpGrade.None, FollowUpGrade.None, 0, "");
        var later = await store.ExportAsync(id);
        Assert.Equal(new ImportResult(1, false, 1, 0, false, false), await other.ImportAsync(later));
        Assert.Equal(new ImportResult(1, false, 0, 0, false, false), await other.ImportAsync(later));
        Assert.Equal(2, (await other.Clients.FollowUpsAsync(1)).Count);
        Assert.Single(await other.ListAsync());
        Assert.Empty((await other.VerifyAsync()).Flaws);
        Assert.Equal(new ImportResult(id, false, 0, 0, false, false), await store.ImportAsync(later));
    }

    [RecordFact]
    public async Task Another_session_of_the_same_key_is_a_conflict_that_names_both_hashes()
    {
        await using var store = await SessionStore.OpenAsync(here.Path, clock);
        var start = await MadeRecord.AddClientAsync(store);
        var id = await MadeRecord.AddSessionAsync(store, clock, start);
        var document = Read(await store.ExportAsync(id));
        document.Session.Strokes++;
        var forged = await WrittenAsync(store, document);
        await using var other = await SessionStore.OpenAsync(there.Path, clock);
        await other.ImportAsync(await store.ExportAsync(id));

        var refused = await Assert.ThrowsAsync<ImportRefusedException>(() => other.ImportAsync(forged));

        Assert.Equal("import.conflict", refused.Code);
        Assert.Contains((await store.ProofOfAsync(id))!.ContentHash, refused.Details, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(document.ContentHash), refused.Details, StringComparison.Ordinal);
        Assert.Single(await other.ListAsync());
    }

    [RecordFact]
    public async Task A_client_whose_label_is_taken_gets_a_free_one_and_a_known_client_keeps_everything()
    {
        var json = await ExportedAsync(true);
        await using var other = await SessionStore.OpenAsync(there.Path, clock);
        await other.Clients.AddAsync(Make.Owner);

        await other.ImportAsync(json);
        var added = (await other.Clients.FindAsync((await other.FindAsync(1))!.Summary.ClientKey!))!;

        Assert.Equal("Client 0001 (2)", added.Label);
        Assert.Equal((null, null, ""), (added.Name, added.BirthYear, added.Notes));
    }

    [RecordFact]
    public async Task Free_text_of_a_client_who_is_erased_here_is_left_out()
    {
        await using var store = await SessionStore.OpenAsync(here.Path, clock);
        var start = await MadeRecord.AddClientAsync(store);
        var first = await store.ExportAsync(await MadeRecord.AddSessionAsync(store, clock, start));
        var second = await store.ExportAsync(await MadeRecord.AddSessionAsync(store, clock, start));
        await using var other = await SessionStore.OpenAsync(there.Path, clock);
        await other.ImportAsync(first);
        await other.Clients.EraseAsync(Make.Owner, start.ClientKey!, ErasureReason.ClientAsked);

        Assert.Equal(new ImportResult(2, true, 1, 2, false, true), await other.ImportAsync(second));
        Assert.Equal(new ImportResult(1, false, 0, 0, false, true), await other.ImportAsync(first));

        Assert.Equal("", Assert.Single(await other.Clients.FollowUpsAsync(2)).Notes);
        Assert.Equal("", Assert.Single(await other.Clients.FollowUpsAsync(1)).Notes);
        Assert.Empty((await other.VerifyAsync()).Flaws);
    }

    private static SessionDocument Read(string json) => ExportReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)), default);

    /// <summary>A document with hashes that fit it.</summary>
    private static async Task<string> WrittenAsync(SessionStore store, SessionDocument document)
    {
        using SessionContent content = new();
        foreach (var row in document.RowsInOrder())
        {
            content.Add(row);
        }

        document.ContentHash = content.End(document.Passes, document.Session);
        document.Session.Id = document.Origin.SessionNumber;
        using MemoryStream stream = new();
        await new SessionExport(store, document).WriteJsonAsync(stream, withTexts: true);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private async Task<string> ExportedAsync(bool withTexts)
    {
        await using var store = await SessionStore.OpenAsync(here.Path, clock);
        return await store.ExportAsync(await MadeRecord.AddSessionAsync(store, clock, await MadeRecord.AddClientAsync(store)), withTexts);
    }
}
