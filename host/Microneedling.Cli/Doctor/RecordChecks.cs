// Whether the record can be opened and proves itself, whether there is room for more, and how old its newest backup is.

using Microneedling.Sessions;
using Microneedling.Sessions.Backups;

namespace Microneedling.Cli.Doctor;

internal static class RecordChecks
{
    private const string About = "record";
    private const long MegaByte = 1_000_000;
    private const long LeastFreeBytes = 100 * MegaByte;
    private const long GoodFreeBytes = 1_000 * MegaByte;

    private static readonly TimeSpan QuickVerify = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GoodBackup = TimeSpan.FromDays(2);

    internal static async Task<IReadOnlyList<Finding>> LookAsync(string? record, string? backups, CancellationToken ct)
    {
        var path = record ?? DefaultPath();
        if (SessionStore.IsServer(path))
        {
            return [await OpenAsync(path, ct), Finding.Ok("backup", "is the server's own: see that pg_dump or its like runs there.")];
        }

        List<Finding> findings = [];
        findings.Add(File.Exists(path) ? await OpenAsync(path, ct)
            : record is null ? Finding.Warn(About, $"There is none yet at {path}. The tablet begins one; --record names another.")
            : Finding.Fail(About, $"There is no record {path}. Name its file, or a connection string."));
        findings.AddRange(Space(path));
        if (File.Exists(path))
        {
            findings.Add(Backup(path, backups));
        }

        return findings;
    }

    private static async Task<Finding> OpenAsync(string path, CancellationToken ct)
    {
        try
        {
            await using var store = await SessionStore.OpenAsync(path, ct: ct);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(QuickVerify);
            try
            {
                var report = await store.VerifyAsync(patience.Token);
                return report.IsSound
                    ? Finding.Ok(About, Voice.Line($"{store.Name} is sound: {report.Sessions} sessions, {report.Links} links"))
                    : Finding.Fail(About, $"{store.Name} is NOT SOUND: it was changed after it was written. 'sessions verify' says where; 'restore' puts a backup in its place.");
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return Finding.Warn(About, Voice.Line($"{store.Name} opens, and is too large to be checked in {QuickVerify.TotalSeconds:0} s. 'sessions verify' takes its time."));
            }
        }
        catch (Exception problem) when (problem is SessionStoreException or IOException or UnauthorizedAccessException)
        {
            return Finding.Fail(About, problem.Message);
        }
    }

    private static IEnumerable<Finding> Space(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        while (folder is not null && !Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder);
        }

        if (folder is null)
        {
            yield break;
        }

        var free = new DriveInfo(folder).AvailableFreeSpace;
        var words = Voice.Line($"{free / MegaByte} MB free in {folder}");
        yield return free < LeastFreeBytes ? Finding.Fail("disk", words + ". Free some space before treating.")
            : free < GoodFreeBytes ? Finding.Warn("disk", words + ". Free some space soon.")
            : Finding.Ok("disk", words);
    }

    private static Finding Backup(string path, string? folder)
    {
        using RecordBackups backups = new(path, folder);
        return backups.NewestTakenAt() switch
        {
            null => Finding.Warn("backup", $"There is none in {backups.Folder}. 'backup {path}' takes one; the tablet does every day."),
            { } taken when DateTimeOffset.UtcNow - taken is var age && age > GoodBackup => Finding.Warn("backup", Voice.Line($"The newest is {age.TotalDays:0} days old. 'backup {path}' takes one.")),
            { } taken => Finding.Ok("backup", Voice.Line($"the newest is of {taken.UtcDateTime:yyyy-MM-dd HH:mm} UTC")),
        };
    }

    private static string DefaultPath() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "Microneedling", "microneedling.db");
}
