// The command line of the record, as somebody types it.

using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Microneedling.Cli;

namespace Microneedling.Sessions.Tests;

public class CommandLineTests : IDisposable
{
    private readonly Record record = new();
    private readonly Record target;

    public CommandLineTests()
        : this(new Record())
    {
    }

    private protected CommandLineTests(Record target) => this.target = target;

    public void Dispose()
    {
        record.Dispose();
        target.Dispose();
        GC.SuppressFinalize(this);
    }

    [RecordFact]
    public async Task A_record_is_checked_listed_moved_and_forwarded()
    {
        await FillAsync();

        var (code, words, _) = await RunAsync("sessions", "verify", record.Path);
        Assert.Equal(0, code);
        Assert.StartsWith("Sound: ", words, StringComparison.Ordinal);
        Assert.Contains("2 sessions, page 1 of 1", (await RunAsync("sessions", "list", record.Path)).Words, StringComparison.Ordinal);
        using var list = JsonDocument.Parse((await RunAsync("sessions", "list", record.Path, "--lot", "LOT-8", "--json")).Words);
        Assert.Equal(1, list.RootElement.GetProperty("total").GetInt64());

        Assert.Matches("Completed +1 sessions +12 strokes", (await RunAsync("sessions", "totals", record.Path)).Words);
        Assert.Matches("all +2 sessions +12 strokes", (await RunAsync("sessions", "totals", record.Path)).Words);

        (code, words, var progress) = await RunAsync("move", record.Path, "--to", target.Path);
        Assert.Equal(0, code);
        Assert.Contains("its proof is sound", words, StringComparison.Ordinal);
        Assert.Contains(" rows", progress, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("sessions", "verify", target.Path)).Code);

        var (again, _, why) = await RunAsync("move", record.Path, "--to", target.Path);
        Assert.Equal(2, again);
        Assert.Contains("Copy into an empty database.", why, StringComparison.Ordinal);
    }

    [RecordFact]
    public async Task Forwarding_says_how_far_it_came_and_is_quiet_for_scripts()
    {
        await FillAsync();

        var (code, words, errors) = await RunAsync("forward", record.Path, "--to", target.Path, "--json");

        Assert.Equal((0, ""), (code, errors));
        using var told = JsonDocument.Parse(words);
        Assert.Equal(2, told.RootElement.GetProperty("sessions").GetInt64());
        Assert.StartsWith("0 sessions with 0 rows delivered", (await RunAsync("forward", record.Path, "--to", target.Path)).Words, StringComparison.Ordinal);
    }

    [RecordFact]
    public async Task What_was_changed_ends_with_1_and_names_the_link()
    {
        await FillAsync();
        record.Execute("UPDATE AuditEntries SET Details = 'nothing' WHERE Id = 2");

        var (code, words, _) = await RunAsync("sessions", "verify", record.Path);

        Assert.Equal(1, code);
        Assert.Contains("audit entry 2 was changed after it was written.", words, StringComparison.Ordinal);
    }

    [FileFact]
    public async Task A_session_goes_out_and_in_and_a_record_is_backed_up_and_restored()
    {
        await FillAsync();
        var json = (await RunAsync("sessions", "export", record.Path, "1")).Words;
        var file = Path.Combine(record.Folder, "session.json");
        await File.WriteAllTextAsync(file, json);
        await (await SessionStore.OpenAsync(target.Path)).DisposeAsync();
        Assert.StartsWith("Taken in as session 1", (await RunAsync("sessions", "import", target.Path, file)).Words, StringComparison.Ordinal);
        Assert.StartsWith("Already there: session 1", (await RunAsync("sessions", "import", target.Path, file)).Words, StringComparison.Ordinal);

        using var backup = JsonDocument.Parse((await RunAsync("backup", record.Path, "--json")).Words);
        var (code, words, _) = await RunAsync("restore", record.Path, backup.RootElement.GetProperty("path").GetString()!);
        Assert.Equal(0, code);
        Assert.StartsWith("Restored: 2 sessions", words, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("sessions", "verify", record.Path)).Code);
    }

    [RecordFact]
    public async Task Tables_are_written_into_a_new_file_and_never_over_one()
    {
        await FillAsync();
        var file = Path.Combine(record.Folder, "session.zip");

        Assert.Equal(0, (await RunAsync("sessions", "export", record.Path, "1", "--tables", file)).Code);
        await using (var zip = await ZipFile.OpenReadAsync(file))
        {
            Assert.Equal(7, zip.Entries.Count);
        }

        var (code, _, errors) = await RunAsync("sessions", "export", record.Path, "1", "--tables", file);
        Assert.Equal(2, code);
        Assert.Contains("exists", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no record nowhere.db.", "sessions", "list", "nowhere.db")]
    [InlineData("Required argument missing", "sessions", "list")]
    [InlineData("'--to' is required", "forward", "nowhere.db")]
    [InlineData("pg_dump", "backup", "Host=localhost;Database=x")]
    public async Task What_cannot_be_done_is_told_on_standard_error(string words, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);

        Assert.NotEqual(0, code);
        Assert.Contains(words, errors, StringComparison.Ordinal);
        Assert.DoesNotContain(words, output, StringComparison.Ordinal);
    }

    private async Task FillAsync()
    {
        await using var store = await SessionStore.OpenAsync(record.Path);
        await ProofTests.FillAsync(store, new SetClock(Make.Start));
    }

    private static async Task<(int Code, string Words, string Errors)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture), errors = new(CultureInfo.InvariantCulture);
        var code = await RecordCommands.RunAsync(arguments, output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
