// The command line of the record. Every command names the record first: a file, or a PostgreSQL connection string. With
// --json a command prints one JSON object and nothing else on standard output; words for people go to standard error.
//
//   exit code 0: done · 1: the record is not sound, or there are conflicts · 2: it could not be done; the reason is in words

using System.CommandLine;
using Microneedling.Sessions;
using Microneedling.Sessions.Backups;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Cli;

internal sealed partial class RecordCommands(Surroundings surroundings)
{
    private const int Done = ExitCode.Done;
    private const int Unsound = ExitCode.NotInOrder;
    private const int Failed = ExitCode.Failed;

    internal static readonly Argument<string> Record = new("record") { Description = "The record: a file, or \"Host=NAME;Database=NAME;Username=NAME\" (password: PGPASSWORD or ~/.pgpass)" };
    private static readonly Option<string?> Lot = new("--lot") { Description = "Only sessions with a cartridge of this lot, as recorded or as corrected" };
    private static readonly Option<int> Page = new("--page") { Description = "Which page of 50 sessions, from 1 on", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> To = new("--to") { Description = "The database to forward or copy to", Required = true };
    private static readonly Option<string?> Folder = new("--folder") { Description = "Where the backup is put (default: beside the record)" };
    private static readonly Argument<string> BackupPath = new("backup") { Description = "The backup's file" };
    internal static readonly Argument<long> SessionNumber = new("number") { Description = "The session's number" };
    private static readonly Option<bool> WithTexts = new("--with-texts") { Description = "With notes and reasons, which may speak of the client" };
    private static readonly Option<string?> Tables = new("--tables") { Description = "Writes its tables as CSV into this ZIP file instead" };
    private static readonly Argument<string> ImportPath = new("file") { Description = "An exported session (JSON)" };

    private static readonly Actor Who = new(null, "command line");

    private readonly TextWriter output = surroundings.Output;
    private readonly TextWriter errors = surroundings.Errors;
    private Voice voice = new(surroundings, isJson: false);

    internal IEnumerable<Command> Commands =>
    [
        new Command("sessions", "The sessions of a record")
        {
            Of("list", "Lists sessions, newest first", ListAsync, Record, Lot, Page),
            Of("show", "Shows one session: how it ended, its passes and what the device accepted", ShowAsync, Record, SessionNumber),
            Of("totals", "Counts sessions and strokes by outcome", TotalsAsync, Record, Lot),
            Of("verify", "Checks that nothing was changed, taken out or put in since it was written", VerifyAsync, Record),
            Of("export", "Writes one session as JSON to standard output", ExportAsync, Record, SessionNumber, WithTexts, Tables),
            Of("import", "Takes in a session that was exported as JSON", ImportAsync, Record, ImportPath),
        },
        Of("forward", "Forwards finished sessions to the clinic's record", ForwardAsync, Record, To),
        Of("move", "Copies a whole record into an empty database of either kind, where it goes on", MoveAsync, Record, To),
        Of("backup", "Backs a record up while it may be in use, and checks the backup", BackUpAsync, Record, Folder),
        Of("restore", "Puts a checked backup in the place of a record that no program has open; the replaced one is kept", RestoreAsync, Record, BackupPath),
    ];

    /// <summary>Follows a command line.</summary>
    public static Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors) =>
        CommandLine.RunAsync(arguments, new Surroundings(TextReader.Null, output, errors));

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
            voice = new Voice(surroundings, parsed.GetValue(CommandLine.Json));
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

    private async Task<int> ShowAsync(ParseResult parsed, CancellationToken ct)
    {
        await using var store = await OpenAsync(parsed, ct);
        var number = parsed.GetValue(SessionNumber);
        var session = await store.OverviewAsync(number, ct) ?? throw new CommandException(Line($"There is no session {number} in {store.Name}."));
        return Tell(SessionShow.ForScripts(session), SessionShow.ForPeople(session));
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
        var report = await voice.WorkAsync("Checking", _ => store.VerifyAsync(ct));
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

        if (parsed.GetValue(Tables) is { } path)
        {
            await using var zip = new FileStream(path, FileMode.CreateNew, FileAccess.Write); // A file that is there is never overwritten.
            await session.WriteTablesAsync(zip, parsed.GetValue(WithTexts), ct);
            return Tell(new { Path = path }, [path]);
        }

        if (!session.IsFinished)
        {
            await errors.WriteLineAsync(Line($"Session {number} goes on: it is exported as JSON once it has ended. Its tables can be had now (--tables FILE.zip)."));
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

    private static Task<SessionStore> OpenAsync(ParseResult parsed, CancellationToken ct)
    {
        var record = parsed.GetRequiredValue(Record);
        return SessionStore.IsServer(record) || File.Exists(record)
            ? SessionStore.OpenAsync(record, ct: ct)
            : throw new CommandException($"There is no record {record}. Name its file, or a connection string.");
    }

    private static string Line(FormattableString text) => Voice.Line(text);

    private int Tell(object forScripts, IEnumerable<string> forPeople)
    {
        voice.Tell(forScripts, forPeople);
        return Done;
    }
}
