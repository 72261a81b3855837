// Puts a backup in the place of the record, when no program has the record open. Everything that can fail is done beside
// the record, on a copy; then one rename decides, and what is left to do is finished by the next opening if this one dies.
//
//   copy → check → bring up to date, verify the chain → note the restore in the copy's audit trail → DECIDE: rename to -restored-TIME
//        → old record aside, whole → head note in place → record in place
//
// Before DECIDE an opening finds the old record, after it the new one.

using System.Globalization;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;
using Microsoft.Data.Sqlite;

namespace Microneedling.Sessions.Backups;

/// <summary>What a restore has done.</summary>
/// <param name="Sessions">Sessions in the record that is in place now.</param>
/// <param name="Links">Links of its chain, the one about the restore included.</param>
/// <param name="ReplacedPath">Where the record is that was in the place; null when there was none.</param>
/// <param name="LostLinks">Links that the replaced record had and the backup has not; null where that is not known.</param>
public sealed record RestoredRecord(long Sessions, long Links, string? ReplacedPath, long? LostLinks);

/// <summary>Restores backups.</summary>
public static class RecordRestore
{
    /// <summary>The action of the entry in the audit trail.</summary>
    public const string Action = "record.restored";

    private static readonly string[] Parts = ["", RecordFiles.Wal, RecordFiles.Head];

    /// <summary>Verifies a backup fully, moves the record aside and puts the backup in its place. Cancelling or failing leaves the record as it is.</summary>
    /// <param name="databasePath">The record. Its folder is made if it is missing.</param>
    /// <param name="backupPath">The backup, or another record that no program has open. It stays as it is.</param>
    /// <param name="who">Who restores it: noted in the audit trail.</param>
    /// <param name="time">Clock; the system's when null.</param>
    /// <param name="ct">Gives up, until it is decided.</param>
    /// <exception cref="SessionStoreException">The backup does not prove itself, the record is open in some program, or the disk refuses.</exception>
    public static Task<RestoredRecord> RestoreAsync(string databasePath, string backupPath, Actor who, TimeProvider? time = null, CancellationToken ct = default) =>
        RestoreAsync(databasePath, backupPath, who, time ?? TimeProvider.System, _ => { }, ct);

    /// <summary>The same, telling of each step that it has come to.</summary>
    internal static Task<RestoredRecord> RestoreAsync(string databasePath, string backupPath, Actor who, TimeProvider time, Action<string> reached, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(databasePath);
        ArgumentException.ThrowIfNullOrWhiteSpace(backupPath);
        ArgumentNullException.ThrowIfNull(who);
        return Task.Run(
            async () =>
            {
                RecordFiles files = new(databasePath);
                if (!File.Exists(backupPath))
                {
                    throw Refused(backupPath, "There is no such file.");
                }

                if (Path.GetFullPath(backupPath) == files.Database)
                {
                    throw Refused(backupPath, "It is the record itself.");
                }

                try
                {
                    Directory.CreateDirectory(files.Folder);
                    using var alone = EnterAlone(databasePath);
                    FinishAlone(files, _ => { });
                    RemovePrepared(files);
                    var restored = await PrepareAsync(files, backupPath, who, time, reached, ct);
                    FinishAlone(files, reached);
                    return restored;
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    throw Refused(backupPath, $"The folder of the session record {databasePath} cannot be written, or its disk has no room. Nothing is lost: try again once that is mended.");
                }
            },
            ct);
    }

    /// <summary>Finishes a restore that was decided when its program died.</summary>
    /// <exception cref="SessionStoreException">Another program has the record open.</exception>
    internal static void Finish(string databasePath)
    {
        RecordFiles files = new(databasePath);
        if (files.Restored is null)
        {
            return;
        }

        using var alone = EnterAlone(databasePath);
        FinishAlone(files, _ => { });
    }

    private static FilePresence EnterAlone(string databasePath)
    {
        DatabaseFile file = new(databasePath);
        var presence = FilePresence.Enter(file, CancellationToken.None);
        if (!presence.IsAlone)
        {
            presence.Dispose();
            throw file.InUse();
        }

        return presence;
    }

    /// <summary>Makes the copy the record to be: afterwards it is decided.</summary>
    private static async Task<RestoredRecord> PrepareAsync(RecordFiles files, string backupPath, Actor who, TimeProvider time, Action<string> reached, CancellationToken ct)
    {
        try
        {
            foreach (var part in Parts.Where(part => File.Exists(backupPath + part)))
            {
                await using var copy = DatabaseFile.OpenOwnerOnly(files.Restoring + part, FileMode.CreateNew, FileShare.None);
                await using var backup = new FileStream(backupPath + part, FileMode.Open, FileAccess.Read, FileShare.Read);
                await backup.CopyToAsync(copy, ct);
            }

            reached("copied");
            if (Journal.IsDamaged(files.Restoring + RecordFiles.Wal) || BackupFile.Damage(files.Restoring) is not null)
            {
                throw Refused(backupPath, "It is damaged. Choose another one.");
            }

            var stamp = BackupFile.StampOf(time.GetUtcNow());
            var present = File.Exists(files.Database) && new FileInfo(files.Database).Length > 0 ? BackupFile.Read(files.Database) : null;
            var lost = present is null ? new HeadNote(files.Database + RecordFiles.Head).Read() : (present.Links, present.HeadHash);
            var restored = await UpdateAsync(files, backupPath, who, time, stamp, present?.RecordKey, lost, ct);
            if (File.Exists(files.Restoring + RecordFiles.Wal))
            {
                throw Refused(backupPath, "Its copy could not be closed. Try again.");
            }

            File.Delete(new RecordFiles(files.Restoring).Lock);
            reached("updated");
            new HeadNote(files.Restoring + RecordFiles.Head).WriteRestored(lost, time.GetUtcNow());
            foreach (var part in Parts.Where(part => File.Exists(files.Restoring + part)))
            {
                RecordFiles.Flush(files.Restoring + part);
            }

            File.Move(files.Restoring + RecordFiles.Head, files.RestoredHead);
            RecordFiles.FlushFolder(files.Folder);
            reached("prepared");
            ct.ThrowIfCancellationRequested();
            File.Move(files.Restoring, files.RestoredAt(stamp));
            RecordFiles.FlushFolder(files.Folder);
            reached("decided");
            return restored;
        }
        catch (SqliteException)
        {
            throw Refused(backupPath, "It is damaged. Choose another one.");
        }
        finally
        {
            if (files.Restored is null)
            {
                RemovePrepared(files);
            }
        }
    }

    /// <summary>Opens the copy as a record is opened, verifies it and notes the restore in it.</summary>
    private static async Task<RestoredRecord> UpdateAsync(
        RecordFiles files, string backupPath, Actor who, TimeProvider time, string stamp, string? replacedKey, (long LinkNumber, string Hash)? lost, CancellationToken ct)
    {
        try
        {
            await using var store = await SessionStore.OpenAsync(files.Restoring, time, ct);
            var report = await store.VerifyAsync(ct);
            if (!report.IsSound)
            {
                throw Refused(backupPath, $"It does not prove itself: {report.Flaws[0]} Choose another one.");
            }

            var replaced = File.Exists(files.Database) ? files.ReplacedAt(stamp) : null;
            var isOfAnother = replacedKey is not null && replacedKey != report.RecordKey;
            string[] details =
            [
                $"ended at link {report.Links} {report.HeadHash}",
                lost is { } head ? $"replaced {(isOfAnother ? $"another record ({replacedKey})" : "the record")} that ended at link {head.LinkNumber} {head.Hash}" : "where the replaced record ended is not known",
                .. replaced is null ? Array.Empty<string>() : [$"kept as {Path.GetFileName(replaced)}"],
            ];
            await store.Audit.AddAsync(who, Action, $"backup:{Shortened(Path.GetFileName(backupPath))}", string.Join("; ", details), ct);
            var noted = await store.VerifyAsync(ct);
            return new RestoredRecord(
                await store.CountAsync(ct), noted.Links, replaced, lost is { } was && !isOfAnother ? Math.Max(0, was.LinkNumber - report.Links) : null);
        }
        catch (SessionStoreException e) when (e.Message.Contains(files.Restoring, StringComparison.Ordinal))
        {
            throw Refused(backupPath, e.Message.Replace(files.Restoring, backupPath, StringComparison.Ordinal));
        }
    }

    /// <summary>What an audit entry's subject holds.</summary>
    private static string Shortened(string name) => name.Length <= 100 ? name : name[^100..];

    private static void FinishAlone(RecordFiles files, Action<string> reached)
    {
        if (files.Restored is not { } restored)
        {
            return;
        }

        // While the prepared record has its own name, what has the record's name is the old one; the head note likewise.
        var replaced = files.ReplacedAt(files.StampOf(restored));
        RecordFiles.MoveIfThere(files.Database, replaced);
        reached("record aside");
        RecordFiles.MoveIfThere(files.Database + RecordFiles.Wal, replaced + RecordFiles.Wal);
        reached("journal aside");
        RecordFiles.MoveIfThere(files.Database + RecordFiles.Shm, replaced + RecordFiles.Shm);
        if (File.Exists(files.RestoredHead))
        {
            RecordFiles.MoveIfThere(files.Database + RecordFiles.Head, replaced + RecordFiles.Head);
            reached("note aside");
            File.Move(files.RestoredHead, files.Database + RecordFiles.Head);
        }

        RecordFiles.FlushFolder(files.Folder);
        reached("note in place");
        File.Move(restored, files.Database);
        RecordFiles.FlushFolder(files.Folder);
        reached("record in place");
    }

    /// <summary>What is left of a restore that was never decided.</summary>
    private static void RemovePrepared(RecordFiles files)
    {
        foreach (var left in Directory.EnumerateFiles(files.Folder, Path.GetFileName(files.Restoring) + "*").Append(files.RestoredHead))
        {
            File.Delete(left);
        }
    }

    private static SessionStoreException Refused(string backupPath, string why) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{backupPath} cannot be restored. {why}"));
}
