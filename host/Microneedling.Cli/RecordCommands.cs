// The command line of the record. Every command names the record first: a file, or a PostgreSQL connection string. With
// --json a command prints one JSON object and nothing else on standard output; words for people go to standard error.
//
//   exit code 0: done · 1: the record is not sound, or there are conflicts · 2: it could not be done; the reason is in words

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microneedling.Sessions;
using Microneedling.Sessions.Backups;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Forwarding;

namespace Microneedling.Cli;

internal sealed class RecordCommands(TextWriter output, TextWriter errors)
{
    private const int Done = 0;
    private const int Unsound = 1;
    private const int Failed = 2;

    private static readonly Argument<string> Record = new("record") { Description = "The record: a file, or \"Host=NAME;Database=NAME;Username=NAME\" (password: PGPASSWORD or ~/.pgpass)" };
    private static readonly Option<bool> Json = new("--json") { Description = "Prints one JSON object, for scripts", Recursive = true };
    private static readonly Option<string?> Lot = new("--lot") { Description = "Only sessions with a cartridge of this lot, as recorded or as corrected" };
    private static readonly Option<int> Page = new("--page") { Description = "Which page of 50 sessions, from 1 on", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> To = new("--to") { Description = "The database to forward or copy to", Required = true };
    private static readonly Option<string?> Folder = new("--folder") { Description = "Where the backup is put (default: beside the record)" };
    private static readonly Argument<string> BackupPath = new("backup") { Description = "The backup's file" };
    private static readonly Argument<long> SessionNumber = new("number") { Description = "The session's number" };
    private static readonly Option<bool> WithTexts = new("--with-texts") { Description = "With notes and reasons, which may speak of the client" };
    private static readonly Argument<string> ImportPath = new("file") { Description = "An exported session (JSON)" };

    private static readonly JsonSerializerOptions JsonForm = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };
    private static readonly Actor Who = new(null, "command line");

    private bool isJson;

    /// <summary>Follows a command line.</summary>
    public static Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors)
    {
        RecordCommands commands = new(output, errors);
        RootCommand root = new("Records of microneedling sessions: check, find, back up, restore, move, forward.")
        {
            new Command("sessions", "The sessions of a record")
            {
                commands.Of("list", "Lists sessions, newest first", commands.ListAsync, Record, Lot, Page),
                commands.Of("totals", "Counts sessions and strokes by outcome", commands.TotalsAsync, Record, Lot),
                commands.Of("verify", "Checks that nothing was changed, taken out or put in since it was written", commands.VerifyAsync, Record),
                commands.Of("export", "Writes one session as JSON to standard output", commands.ExportAsync, Record, SessionNumber, WithTexts),
                commands.Of("import", "Takes in a session that was exported as JSON", commands.ImportAsync, Record, ImportPath),
            },
            commands.Of("forward", "Forwards finished sessions to the clinic's record", commands.ForwardAsync, Record, To),
            commands.Of("move", "Copies a whole record into an empty database of either kind, where it goes on", commands.MoveAsync, Record, To),
            commands.Of("backup", "Backs a record up while it may be in use, and checks the backup", commands.BackUpAsync, Record, Folder),
            commands.Of("restore", "Puts a checked backup in the place of a record that no program has open; the replaced one is kept", commands.RestoreAsync, Record, BackupPath),
        };
        root.Options.Add(Json);
        return root.Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = errors });
    }

    private Command Of(string name, string about, Func<ParseResult, CancellationToken, Task<int>> action, params Symbol[] symbols)
    {
        Command command = new(name, about);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.SetAction(async (parsed, ct) =>
        {
            isJson = parsed.GetValue(Json);
            try
            {
                return await action(parsed, ct);
            }
            catch (Exception problem) when (problem is CommandException or SessionStoreException or RecordRefusedException or IOException or UnauthorizedAccessException)
            {
                await errors.WriteLineAsync(problem.Message);
                return Failed;
            }
            catch (OperationCanceledException)
            {
                await errors.WriteLineAsync("Broken off. What was done stays; begin it again to go on.");
                return Failed;
            }
        });
        return command;
    }

    private async Task<int> ListAsync(ParseResult parsed, CancellationToken ct)
    {
        await using var store = await OpenAsync(parsed, ct);
        var page = Math.Max(1, parsed.GetValue(Page));
        var found = await store.ListAsync(new SessionFilter(Lot: parsed.GetValue(Lot)), page - 1, ct);
        return Tell(
            new
            {
                found.Total,
                Sessions = found.Sessions.Select(session => new
                {
                    Number = session.Id,
                    StartedAtUtc = session.StartedAt.UtcDateTime,
                    EndedAtUtc = session.EndedAt?.UtcDateTime,
                    session.Outcome,
                    session.ClientLabel,
                    By = session.By?.Name,
                    session.DeviceSerialNumber,
                    session.Cartridge?.Lot,
                    session.Strokes,
                    DeepestMicrometers = session.DeepestActiveDepth.Micrometers,
                }),
            },
            [
                .. found.Sessions.Select(session => Line(
                    $"{session.Id,8}  {session.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm}  {session.Outcome,-15}  {session.DeepestActiveDepth,8}  {session.Strokes,8} strokes  device {session.DeviceSerialNumber}  {session.ClientLabel ?? "test block"}  lot {session.Cartridge?.Lot}")),
                found.IsMore
                    ? Line($"more than {SessionStore.MostCounted} sessions, page {page}")
                    : Line($"{found.Total} sessions, page {page} of {Math.Max(1, (found.Total + 49) / 50)}"),
            ]);
    }

    private async Task<int> TotalsAsync(ParseResult parsed, CancellationToken ct)
    {
        await using var store = await OpenAsync(parsed, ct);
        var totals = await store.TotalsAsync(new SessionFilter(Lot: parsed.GetValue(Lot)), ct);
        return Tell(
            totals,
            [
                .. totals.Select(total => Line($"{total.Outcome,-15}  {total.Sessions,8} sessions  {total.Strokes,12} strokes")),
                Line($"{"all",-15}  {totals.Sum(total => total.Sessions),8} sessions  {totals.Sum(total => total.Strokes),12} strokes"),
            ]);
    }

    private async Task<int> VerifyAsync(ParseResult parsed, CancellationToken ct)
    {
        await using var store = await OpenAsync(parsed, ct);
        var report = await store.VerifyAsync(ct);
        Tell(
            new { report.IsSound, report.RecordKey, report.Links, report.HeadHash, report.Sessions, report.AuditEntries, Flaws = report.Flaws.Select(flaw => flaw.ToString()) },
            report.IsSound
                ? [Line($"Sound: {report.Links} links prove {report.Sessions} sessions and {report.AuditEntries} audit entries."), Line($"Last link {report.Links}: {report.HeadHash}")]
                : ["NOT SOUND: the record was changed after it was written.", .. report.Flaws.Select(flaw => "  " + flaw)]);
        return report.IsSound ? Done : Unsound;
    }

    private async Task<int> ExportAsync(ParseResult parsed, CancellationToken ct)
    {
        await using var store = await OpenAsync(parsed, ct);
        var number = parsed.GetValue(SessionNumber);
        if (await store.Exchange.FindAsync(number, ct) is not { } session)
        {
            await errors.WriteLineAsync(Line($"There is no session {number} in {store.Name}."));
            return Failed;
        }

        using MemoryStream json = new();
        await session.WriteJsonAsync(json, parsed.GetValue(WithTexts), ct);
        json.Position = 0;
        await output.WriteAsync(await new StreamReader(json).ReadToEndAsync(ct));
        return Done;
    }

    private async Task<int> ImportAsync(ParseResult parsed, CancellationToken ct)
    {
        await using var file = File.OpenRead(parsed.GetRequiredValue(ImportPath));
        await using var store = await OpenAsync(parsed, ct);
        var result = await store.Exchange.ImportAsync(Who, file, ct);
        return Tell(
            result,
            [Line($"{(result.IsNew ? "Taken in as" : "Already there:")} session {result.SessionId}; {result.FollowUps} follow-ups and {result.Corrections} corrections new.")]);
    }

    private async Task<int> ForwardAsync(ParseResult parsed, CancellationToken ct)
    {
        await using var store = await OpenAsync(parsed, ct);
        await using var clinic = await SessionStore.OpenAsync(parsed.GetRequiredValue(To), ct: ct);
        var done = await new Forwarder(store, clinic, Environment.MachineName).ForwardAsync(new Telling<ForwardingProgress>(
            progress => Progress($"{progress.Links} of {progress.TotalLinks} links, {progress.Sessions} sessions, {progress.Rows} rows")), ct);
        Tell(done, [Line($"{done.Sessions} sessions with {done.Rows} rows delivered to {clinic.Name}; it has all {done.Links} links. {done.Conflicts} conflicts.")]);
        return done.Conflicts == 0 ? Done : Unsound;
    }

    private async Task<int> MoveAsync(ParseResult parsed, CancellationToken ct)
    {
        await using var store = await OpenAsync(parsed, ct);
        await using var to = await SessionStore.OpenAsync(parsed.GetRequiredValue(To), ct: ct);
        var (rows, proof) = await RecordCopy.CopyAsync(store, to, new Telling<long>(count => Progress($"{count} rows")), ct);
        Tell(
            new { Rows = rows, proof.IsSound, proof.RecordKey, proof.HeadHash },
            [
                Line($"{rows} rows copied to {to.Name}; its proof is {(proof.IsSound ? "sound" : "NOT SOUND")}, last link {proof.HeadHash}."),
                Line($"From now on use the copy only, and keep {store.Name} as a backup."),
            ]);
        return proof.IsSound ? Done : Unsound;
    }

    private async Task<int> BackUpAsync(ParseResult parsed, CancellationToken ct)
    {
        using RecordBackups backups = new(FileOf(parsed, "pg_dump backs up a database on a server."), parsed.GetValue(Folder));
        var backup = await backups.BackUpAsync(ct);
        return Tell(
            new { backup.Path, TakenAtUtc = backup.TakenAt.UtcDateTime, backup.IsSound, backup.Bytes, backup.Content },
            [Line($"{backup.Path}: {backup.Content?.Sessions} sessions, {backup.Bytes / 1024} KiB, checked: {(backup.IsSound ? "sound" : "NOT SOUND")}")]) is var code && backup.IsSound ? code : Unsound;
    }

    private async Task<int> RestoreAsync(ParseResult parsed, CancellationToken ct)
    {
        var restored = await RecordRestore.RestoreAsync(FileOf(parsed, "pg_restore restores a database on a server."), parsed.GetRequiredValue(BackupPath), Who, ct: ct);
        return Tell(
            restored,
            [
                Line($"Restored: {restored.Sessions} sessions, {restored.Links} links."),
                .. restored.ReplacedPath is { } replaced ? [Line($"The record that was there is kept as {replaced}.")] : Array.Empty<string>(),
                .. restored.LostLinks is { } lost and > 0 ? [Line($"{lost} links that were written since are not in it.")] : Array.Empty<string>(),
            ]);
    }

    private static Task<SessionStore> OpenAsync(ParseResult parsed, CancellationToken ct)
    {
        var record = parsed.GetRequiredValue(Record);
        return SessionStore.IsServer(record) || File.Exists(record)
            ? SessionStore.OpenAsync(record, ct: ct)
            : throw new CommandException($"There is no record {record}. Name its file, or a connection string.");
    }

    private static string FileOf(ParseResult parsed, string instead) =>
        parsed.GetRequiredValue(Record) is var record && SessionStore.IsServer(record) ? throw new CommandException($"This is for a record in a file. {instead}") : record;

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private int Tell(object forScripts, IEnumerable<string> forPeople)
    {
        if (isJson)
        {
            output.WriteLine(JsonSerializer.Serialize(forScripts, JsonForm));
            return Done;
        }

        foreach (var line in forPeople)
        {
            output.WriteLine(line);
        }

        return Done;
    }

    private void Progress(FormattableString text)
    {
        if (!isJson)
        {
            errors.WriteLine(Line(text));
        }
    }

    private sealed class Telling<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }
}

/// <summary>The command cannot be followed; the message says why and what to give instead.</summary>
internal sealed class CommandException(string message) : Exception(message);
