// What is done with a whole record: forwarded, moved, backed up, restored.

using System.CommandLine;
using Microneedling.Sessions;
using Microneedling.Sessions.Backups;
using Microneedling.Sessions.Forwarding;

namespace Microneedling.Cli;

internal sealed partial class RecordCommands
{
    private async Task<int> ForwardAsync(ParseResult parsed, CancellationToken ct)
    {
        await using var store = await OpenAsync(parsed, ct);
        await using var clinic = await SessionStore.OpenAsync(parsed.GetRequiredValue(To), ct: ct);
        var done = await voice.WorkAsync("Forwarding", report => new Forwarder(store, clinic, Environment.MachineName).ForwardAsync(
            new Telling<ForwardingProgress>(progress => report(
                progress.Links, progress.TotalLinks, Line($"{progress.Links} of {progress.TotalLinks} links, {progress.Sessions} sessions, {progress.Rows} rows"))),
            ct));
        Tell(done, [Line($"{done.Sessions} sessions with {done.Rows} rows delivered to {clinic.Name}; it has all {done.Links} links. {done.Conflicts} conflicts.")]);
        return done.Conflicts == 0 ? Done : Unsound;
    }

    private async Task<int> MoveAsync(ParseResult parsed, CancellationToken ct)
    {
        await using var store = await OpenAsync(parsed, ct);
        await using var to = await SessionStore.OpenAsync(parsed.GetRequiredValue(To), ct: ct);
        var (rows, proof) = await voice.WorkAsync("Copying", report => RecordCopy.CopyAsync(store, to, new Telling<long>(count => report(count, null, Line($"{count} rows"))), ct));
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
        var backup = await voice.WorkAsync("Backing up and checking", _ => backups.BackUpAsync(ct));
        return Tell(
            new { backup.Path, TakenAtUtc = backup.TakenAt.UtcDateTime, backup.IsSound, backup.Bytes, backup.Content },
            [Line($"{backup.Path}: {backup.Content?.Sessions} sessions, {backup.Bytes / 1024} KiB, checked: {(backup.IsSound ? "sound" : "NOT SOUND")}")]) is var code && backup.IsSound ? code : Unsound;
    }

    private async Task<int> RestoreAsync(ParseResult parsed, CancellationToken ct)
    {
        var file = FileOf(parsed, "pg_restore restores a database on a server.");
        var restored = await voice.WorkAsync("Checking and restoring", _ => RecordRestore.RestoreAsync(file, parsed.GetRequiredValue(BackupPath), Who, ct: ct));
        return Tell(
            restored,
            [
                Line($"Restored: {restored.Sessions} sessions, {restored.Links} links."),
                .. restored.ReplacedPath is { } replaced ? [Line($"The record that was there is kept as {replaced}.")] : Array.Empty<string>(),
                .. restored.LostLinks is { } lost and > 0 ? [Line($"{lost} links that were written since are not in it.")] : Array.Empty<string>(),
            ]);
    }

    private static string FileOf(ParseResult parsed, string instead) =>
        parsed.GetRequiredValue(Record) is var record && SessionStore.IsServer(record) ? throw new CommandException($"This is for a record in a file. {instead}") : record;

    private sealed class Telling<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }
}
