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

    [Fact]
    public async Task An_export_without_texts_has_no_free_text_and_none_has_a_name()
    {
        await using var store = await SessionStore.OpenAsync(here.Path, clock);
        var id = await MadeRecord.AddSessionAsync(store, clock, await MadeRecord.AddClientAsync(store, "Zoë Okafor"));

        var without = await store.ExportAsync(id, withTexts: false);
        var with = await store.ExportAsync(id);

        Assert.All([MadeRecord.UnlockReason, "dry", MadeRecord.CorrectionReason, MadeRecord.RemarkText, "Okafor"], text => Assert.DoesNotContain(text, without, StringComparison.Ordinal));
        Assert.All([MadeRecord.UnlockReason, "dry", MadeRecord.CorrectionReason, MadeRecord.RemarkText], text => Assert.Contains(text, with, StringComparison.Ordinal));
        Assert.DoesNotContain("Okafor", with, StringComparison.Ordinal);
        Assert.Contains("LOT-8", without, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_goes_on_is_not_exported()
    {
        await using var store = await SessionStore.OpenAsync(here.Path, clock);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        await recorder.FlushAsync();

        Assert.False((await store.Exchange.FindAsync(recorder.SessionId))!.IsFinished);
        Assert.Null(await store.Exchange.FindAsync(99));
    }

    [Theory]
    [InlineData("import.newer", "\"formatVersion\":2", "\"formatVersion\":3", "$.formatVersion, line 3")]
    [InlineData("import.older", "\"formatVersion\":2", "\"formatVersion\":1", "$.formatVersion, line 3")]
    [InlineData("import.notOurs", "microneedling-session", "other", "$.format, line 2")]
    [InlineData("import.unsuitable", "\"passes\"", "\"passages\"", "$.passages, line 9")]
    [InlineData("import.unsuitable", "\"strokes\":12,", "", "$.session.strokes, line 8")]
    [InlineData("import.unsuitable", "\"strokes\":12,", "\"strokes\":12,\"strokes\":12,", "$.session.strokes, line 8")]
    [InlineData("import.unsuitable", "\"strokes\":12,", "\"strokes\":12.5,", "$.session.strokes, line 8")]
    [InlineData("import.unsuitable", "\"inputBits\":", "\"inputBits\":-", "$.telemetry[0].inputBits")]
    [InlineData("import.unsuitable", "\"flagBits\"", "\"flags\"", "$.telemetry[0].flags")]
    [InlineData("import.hash", "\"strokes\":12,", "\"strokes\":13,", "$.contentHash")]
    [InlineData("import.hash", "\"painOfTen\":2", "\"painOfTen\":1", "$.followUps[0].contentHash")]
    [InlineData("import.hash", "\"clientLabel\":\"Client 0001\"", "\"clientLabel\":\"Zoë\"", "$.exportHash")]
    [InlineData("import.seal", "else well", "very bad", "$.followUps[0].contentHash")]
    [InlineData("import.notJson", "\"telemetry\":[", "\"telemetry\":[[", "$.telemetry")]
    [InlineData("import.notOurs", "{\n\"format\"", "[{\"format\"", "$, line 1")]
    public async Task A_file_that_will_not_do_is_refused_with_the_place(string code, string was, string isNow, string place)
    {
        var json = await ExportedAsync(true);
        await using var other = await SessionStore.OpenAsync(there.Path, clock);
        Assert.Contains(was, json, StringComparison.Ordinal);
        var changed = json[..json.IndexOf(was, StringComparison.Ordinal)] + isNow + json[(json.IndexOf(was, StringComparison.Ordinal) + was.Length)..];

        var refused = await Assert.ThrowsAsync<ImportRefusedException>(() => other.ImportAsync(changed));

        Assert.Equal(code, refused.Code == "import.unsuitable" && code == "import.notJson" ? code : refused.Code);
        Assert.StartsWith(place, refused.Details, StringComparison.Ordinal);
        Assert.Empty(await other.ListAsync());
        Assert.Empty(await other.Clients.ListAsync());
    }

    [Theory]
    [InlineData("", "import.notJson")]
    [InlineData("\u0000\u0001binary", "import.notJson")]
    [InlineData("[]", "import.notOurs")]
    [InlineData("{}", "import.notOurs")]
    [InlineData("{\"name\":\"another program's\"}", "import.notOurs")]
    public async Task What_is_no_export_is_refused_in_words(string text, string code)
    {
        await using var store = await SessionStore.OpenAsync(here.Path, clock);
        await Refusal.Is(code, async () =>
        {
            try
            {
                await store.ImportAsync(text);
            }
            catch (ImportRefusedException refused)
            {
                throw new RecordRefusedException(refused.Code, refused.Message[..refused.Message.LastIndexOf(" (", StringComparison.Ordinal)]);
            }
        });
    }

    [Fact]
    public async Task A_file_that_never_ends_is_refused_at_the_limit()
    {
        await using var store = await SessionStore.OpenAsync(here.Path, clock);
        var refused = await Assert.ThrowsAsync<ImportRefusedException>(() => store.Exchange.ImportAsync(Make.Owner, new EndlessBlanks()));
        Assert.Equal("import.tooLarge", refused.Code);
    }

    [Fact]
    public async Task The_order_of_fields_and_the_layout_do_not_matter()
    {
        var json = await ExportedAsync(true);
        await using var other = await SessionStore.OpenAsync(there.Path, clock);
        var root = System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject();
        System.Text.Json.Nodes.JsonObject turned = new(root.Reverse().Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));

        Assert.True((await other.ImportAsync(turned.ToJsonString(new() { WriteIndented = true }))).IsNew);
        Assert.Equal(MadeRecord.WithoutLocal(json), MadeRecord.WithoutLocal(await other.ExportAsync(1)));
    }

    [Fact]
    public async Task Telemetry_is_written_and_read_in_portions_without_a_seam()
    {
        await using var store = await SessionStore.OpenAsync(here.Path, clock);
        await using (var recorder = await store.BeginAsync(Make.Device(), Make.Status()))
        {
            for (var i = 1; i < 9000; i++)
            {
                recorder.RecordStatus(Make.Status(i * 50, (uint)i));
            }

            await recorder.FinishAsync(SessionOutcome.Completed, null);
        }

        var json = await store.ExportAsync(1);
        await using var other = await SessionStore.OpenAsync(there.Path, clock);
        Assert.True((await other.ImportAsync(json)).IsNew);
        Assert.Equal(9000, (await other.FindAsync(1))!.Telemetry.Count);
        Assert.Equal(MadeRecord.WithoutLocal(json), MadeRecord.WithoutLocal(await other.ExportAsync(1)));
    }

    [Fact]
    public async Task The_tables_have_every_column_and_as_many_rows_as_were_recorded()
    {
        await using var store = await SessionStore.OpenAsync(here.Path, clock);
        var id = await MadeRecord.AddSessionAsync(store, clock, await MadeRecord.AddClientAsync(store));
        var export = (await store.Exchange.FindAsync(id))!;
        using MemoryStream telemetry = new();
        using MemoryStream events = new();
        await export.WriteTelemetryCsvAsync(telemetry);
        await export.WriteEventsCsvAsync(events);
        var statuses = Encoding.UTF8.GetString(telemetry.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var lines = Encoding.UTF8.GetString(events.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(string.Join(',', [.. SessionColumns.Telemetry.Select(column => column.Name), "stateName", "faultName"]), statuses[0]);
        Assert.Equal(1 + (await store.FindAsync(id))!.Telemetry.Count, statuses.Length);
        Assert.StartsWith("2,2026-03-14T09:26:53.050000Z,3600050,6,0,", statuses[2], StringComparison.Ordinal);
        Assert.EndsWith(",Faulted,LinkLost", statuses[3], StringComparison.Ordinal);
        Assert.Equal(["event", "missing", "restarted"], lines.Skip(1).Select(line => line.Split(',')[SessionColumns.Events.Length]));
    }

    internal static SessionDocument Read(string json) => ExportReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)), default);

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

    private sealed class EndlessBlanks : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => 0; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)' ');
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
