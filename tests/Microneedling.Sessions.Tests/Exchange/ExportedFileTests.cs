// The file itself: what stands in it and what does not, and what is said of a file that will not do.

using System.IO.Compression;
using System.Text;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Exchange;

namespace Microneedling.Sessions.Tests;

public sealed class ExportedFileTests : IDisposable
{
    private readonly Record there = new();
    private readonly Record here = new();
    private readonly SetClock clock = new(Make.Start);

    public void Dispose()
    {
        here.Dispose();
        there.Dispose();
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
    [InlineData("import.unsuitable", "\"passes\"", "\"passages\"", "$.passages, line 10")]
    [InlineData("import.unsuitable", "\"strokes\":12,", "", "$.session.strokes, line 9")]
    [InlineData("import.unsuitable", "\"strokes\":12,", "\"strokes\":12,\"strokes\":12,", "$.session.strokes, line 9")]
    [InlineData("import.unsuitable", "\"strokes\":12,", "\"strokes\":12.5,", "$.session.strokes, line 9")]
    [InlineData("import.unsuitable", "\"inputBits\":", "\"inputBits\":-", "$.telemetry[0].inputBits")]
    [InlineData("import.unsuitable", "\"flagBits\"", "\"flags\"", "$.telemetry[0].flags")]
    [InlineData("import.hash", "\"strokes\":12,", "\"strokes\":13,", "$.contentHash")]
    [InlineData("import.hash", "\"painOfTen\":2", "\"painOfTen\":1", "$.followUps[0].contentHash")]
    [InlineData("import.hash", "\"clientLabel\":\"Client 0001\"", "\"clientLabel\":\"Zoë\"", "$.exportHash")]
    [InlineData("import.seal", "else well", "very bad", "$.followUps[0].contentHash")]
    [InlineData("import.unsuitable", "\"telemetry\":[", "\"telemetry\":[[", "$.telemetry[0]")]
    [InlineData("import.notOurs", "{\n\"format\"", "[{\"format\"", "$, line 1")]
    public async Task A_file_that_will_not_do_is_refused_with_the_place(string code, string was, string isNow, string place)
    {
        var json = await ExportedAsync(true);
        await using var other = await SessionStore.OpenAsync(there.Path, clock);
        Assert.Contains(was, json, StringComparison.Ordinal);
        var changed = json[..json.IndexOf(was, StringComparison.Ordinal)] + isNow + json[(json.IndexOf(was, StringComparison.Ordinal) + was.Length)..];

        var refused = await Assert.ThrowsAsync<ImportRefusedException>(() => other.ImportAsync(changed));

        Assert.Equal(code, refused.Code);
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
        var json = await ExportedAsync(true);
        var rows = json.IndexOf("{\"sequence\":1,", StringComparison.Ordinal);
        var firstRow = json[rows..(json.IndexOf('\n', rows) + 1)];

        var refused = Assert.Throws<ImportRefusedException>(() => ExportReader.Read(new Endless(json[..rows], firstRow), default, mostBytes: 1 << 20));
        Assert.Equal("import.tooLarge", refused.Code);
        refused = Assert.Throws<ImportRefusedException>(() => ExportReader.Read(new Endless("{", " "), default));
        Assert.Equal(("import.unsuitable", "$, line 1"), (refused.Code, refused.Details));
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
        using MemoryStream tables = new();
        await export.WriteTablesAsync(tables, withTexts: false);
        using ZipArchive zip = new(tables);
        var statuses = await LinesOfAsync("telemetry");
        var lines = await LinesOfAsync("events");

        Assert.Equal(string.Join(',', [.. SessionColumns.Telemetry.Select(column => column.Name), "stateName", "faultName"]), statuses[0]);
        Assert.Equal(1 + (await store.FindAsync(id))!.Telemetry.Count, statuses.Length);
        Assert.StartsWith("2,2026-03-14T09:26:53.050000Z,3600050,6,0,", statuses[2], StringComparison.Ordinal);
        Assert.EndsWith(",Faulted,LinkLost", statuses[3], StringComparison.Ordinal);
        Assert.Equal(["event", "missing", "restarted"], lines.Skip(1).Select(line => line.Split(',')[SessionColumns.Events.Length]));

        async Task<string[]> LinesOfAsync(string table)
        {
            using StreamReader reader = new(await zip.GetEntry(table + ".csv")!.OpenAsync());
            return (await reader.ReadToEndAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        }
    }

    private async Task<string> ExportedAsync(bool withTexts)
    {
        await using var store = await SessionStore.OpenAsync(here.Path, clock);
        return await store.ExportAsync(await MadeRecord.AddSessionAsync(store, clock, await MadeRecord.AddClientAsync(store)), withTexts);
    }

    /// <summary>A beginning, and then the same for ever.</summary>
    private sealed class Endless(string beginning, string more) : MemoryStream(Encoding.UTF8.GetBytes(beginning))
    {
        private readonly byte[] again = Encoding.UTF8.GetBytes(more);

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (base.Read(buffer, offset, count) is var read and > 0)
            {
                return read;
            }

            var length = Math.Min(count, again.Length);
            again.AsSpan(0, length).CopyTo(buffer.AsSpan(offset));
            return length;
        }
    }
}
