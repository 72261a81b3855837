// Backups of a record while it is being written. SQLite copies one snapshot (VACUUM INTO) beside the writers, who go on:
// a backup has no journal, no free pages with what was erased, and its indexes are built anew. It gets its name only when
// it was checked through and is on the disk; what has another name is no backup.
//
//   record --snapshot--> NAME.partial --integrity, chain, note of its end--> flush --rename--> NAME
//
// Kept are the latest of each of the last 7 days and of each of the last 4 weeks that have one; others go once a new one
// is there. A record that does not prove itself is backed up as well, under a name that says so, and drives out no sound one.

using System.Globalization;
using Microneedling.Sessions.Proof;
using Microsoft.Data.Sqlite;

namespace Microneedling.Sessions.Backups;

/// <summary>The backups of one record that is kept in a file. Safe to use from several threads.</summary>
public sealed class RecordBackups : IDisposable
{
    private const int DaysKept = 7;
    private const int WeeksKept = 4;

    /// <summary>What is older and has no name was left by a program that died.</summary>
    private static readonly TimeSpan LongestBackup = TimeSpan.FromDays(1);

    private readonly string givenPath;
    private readonly RecordFiles files;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim one = new(1);

    /// <summary>Backups in a folder, which is made with the first of them.</summary>
    /// <param name="databasePath">The record.</param>
    /// <param name="folder">The folder; null: <c>backups</c> beside the record.</param>
    /// <param name="time">Clock; the system's when null.</param>
    public RecordBackups(string databasePath, string? folder = null, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(databasePath);
        givenPath = databasePath;
        files = new RecordFiles(databasePath);
        Folder = folder is null ? Path.Combine(files.Folder, "backups") : Path.GetFullPath(folder);
        this.time = time ?? TimeProvider.System;
    }

    /// <summary>Where they are.</summary>
    public string Folder { get; }

    /// <summary>Takes one, checks it, and removes those that need not be kept any longer. Sessions go on being recorded meanwhile.</summary>
    /// <param name="ct">Gives up; nothing stays of it.</param>
    /// <returns>It; when the record does not prove itself, it is not sound.</returns>
    /// <exception cref="SessionStoreException">The record is damaged, or the folder cannot be written. No other backup was touched.</exception>
    public Task<Backup> BackUpAsync(CancellationToken ct = default) => Task.Run(
        async () =>
        {
            await one.WaitAsync(ct);
            try
            {
                var taken = Take(ct);
                RemoveOld(taken);
                return taken;
            }
            finally
            {
                one.Release();
            }
        },
        ct);

    /// <summary>All backups, newest first, with what is in them.</summary>
    /// <exception cref="SessionStoreException">The folder cannot be read.</exception>
    public Task<IReadOnlyList<Backup>> ListAsync(CancellationToken ct = default) => Task.Run<IReadOnlyList<Backup>>(
        () => [.. Find().Select(backup =>
        {
            ct.ThrowIfCancellationRequested();
            return backup with { Content = BackupFile.Read(backup.Path) };
        })],
        ct);

    /// <summary>The newest backup that is sound now, checked through; null when there is none.</summary>
    public Task<Backup?> FindNewestSoundAsync(CancellationToken ct = default) => Task.Run(
        () =>
        {
            foreach (var backup in Find().Where(backup => backup.IsSound))
            {
                try
                {
                    if (BackupFile.Damage(backup.Path) is null && BackupFile.Verify(backup.Path, new HeadNote(backup.Path + RecordFiles.Head).Read(), ct).IsSound)
                    {
                        return backup with { Content = BackupFile.Read(backup.Path) };
                    }
                }
                catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
                {
                    // The one before may be sound.
                }
            }

            return null;
        },
        ct);

    /// <summary>When the newest sound one was taken; null when there is none or the folder cannot be read.</summary>
    public DateTimeOffset? NewestTakenAt()
    {
        try
        {
            return Find().FirstOrDefault(backup => backup.IsSound)?.TakenAt;
        }
        catch (SessionStoreException)
        {
            return null;
        }
    }

    /// <summary>To be asked before a record is opened: where there are backups of a record there was a record, and no new one is to take its place unnoticed.</summary>
    /// <exception cref="SessionStoreException">The record is gone or empty, and there are backups of it.</exception>
    public void RefuseToReplace()
    {
        if (new FileInfo(files.Database) is not { Exists: true, Length: > 0 } && files.Restored is null && Find() is { Count: > 0 })
        {
            throw new SessionStoreException(
                $"The session record {givenPath} is gone or empty, but there are backups of it in {Folder}. Put it back, or restore a backup in its place. "
                + "To begin a new record, move the backups away.",
                isDamaged: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => one.Dispose();

    private Backup Take(CancellationToken ct)
    {
        MakeFolder();
        var now = time.GetUtcNow();
        var takenAt = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
        while (Exists(takenAt))
        {
            takenAt = takenAt.AddSeconds(1);
        }

        var partial = PathAt(takenAt, isSound: true) + BackupFile.Partial;
        try
        {
            var noted = new HeadNote(files.Database + RecordFiles.Head).Read();
            Copy(partial, ct);
            return Check(partial, takenAt, noted, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable();
        }
        finally
        {
            Remove(partial);
            Remove(partial + "-journal");
        }
    }

    private void Copy(string partial, CancellationToken ct)
    {
        DatabaseFile.OpenOwnerOnly(partial, FileMode.CreateNew, FileShare.ReadWrite).Dispose();
        try
        {
            using var record = BackupFile.Open(files.Database);
            using var givingUp = ct.Register(() => SQLitePCL.raw.sqlite3_interrupt(record.Handle));
            using var command = record.CreateCommand();
            command.CommandText = "VACUUM INTO $to";
            command.CommandTimeout = 0;
            command.Parameters.AddWithValue("$to", partial);
            command.ExecuteNonQuery();
        }
        catch (SqliteException e)
        {
            ct.ThrowIfCancellationRequested();
            throw e.SqliteErrorCode switch
            {
                SQLitePCL.raw.SQLITE_FULL => new SessionStoreException($"The backup could not be written: the disk of {Folder} is full. Free some space."),
                SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => Damaged(e),
                SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => new SessionStoreException($"The backup was not taken: the session record {givenPath} is locked by another program. Close that program."),
                _ => new SessionStoreException($"The backup could not be taken: the session record {givenPath} could not be read, or {Folder} not written. Check the disks they are on.", e),
            };
        }
    }

    private Backup Check(string partial, DateTimeOffset takenAt, (long LinkNumber, string Hash)? noted, CancellationToken ct)
    {
        ProofReport report;
        try
        {
            if (BackupFile.Damage(partial) is not null)
            {
                throw Damaged(null);
            }

            report = BackupFile.Verify(partial, noted, ct);
        }
        catch (SqliteException e)
        {
            throw Damaged(e);
        }

        var path = PathAt(takenAt, report.IsSound);
        if (report.Links > 0)
        {
            new HeadNote(path + RecordFiles.Head).Write(report.Links, Convert.FromHexString(report.HeadHash), takenAt);
        }

        RecordFiles.Flush(partial);
        File.Move(partial, path, overwrite: false);
        RecordFiles.FlushFolder(Folder);
        return new Backup(path, takenAt, report.IsSound, new FileInfo(path).Length, BackupFile.Read(path));
    }

    private void RemoveOld(Backup taken)
    {
        foreach (var left in new DirectoryInfo(Folder).EnumerateFiles($"{files.Name}-*{BackupFile.Partial}*").Where(file => file.LastWriteTimeUtc < DateTime.UtcNow - LongestBackup))
        {
            Remove(left.FullName);
        }

        foreach (var alike in Find().GroupBy(backup => (backup.IsSound, BackupFile.Read(backup.Path)?.RecordKey)).Where(alike => alike.Key.RecordKey is not null))
        {
            var newestFirst = alike.OrderByDescending(backup => backup.TakenAt).ToList();
            HashSet<Backup> kept =
            [
                .. newestFirst.DistinctBy(backup => DateOnly.FromDateTime(backup.TakenAt.UtcDateTime)).Take(DaysKept),
                .. newestFirst.DistinctBy(backup => (ISOWeek.GetYear(backup.TakenAt.UtcDateTime), ISOWeek.GetWeekOfYear(backup.TakenAt.UtcDateTime))).Take(WeeksKept),
            ];
            foreach (var old in newestFirst.Where(backup => !kept.Contains(backup) && backup.Path != taken.Path))
            {
                Remove(old.Path);
                Remove(old.Path + RecordFiles.Head);
            }
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Goes with the next one.
        }
    }

    private void MakeFolder()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(Folder);
            }
            else
            {
                Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable();
        }
    }

    private bool Exists(DateTimeOffset takenAt) =>
        File.Exists(PathAt(takenAt, isSound: true)) || File.Exists(PathAt(takenAt, isSound: false));

    private string PathAt(DateTimeOffset takenAt, bool isSound) => Path.Combine(Folder, BackupFile.NameOf(files.Name, takenAt, isSound));

    private List<Backup> Find()
    {
        try
        {
            return !Directory.Exists(Folder) ? [] :
            [
                .. new DirectoryInfo(Folder).EnumerateFiles($"{files.Name}-*.db").Select(file => BackupFile.Of(files.Name, file)).OfType<Backup>()
                    .OrderByDescending(backup => backup.TakenAt),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SessionStoreException($"The folder of backups {Folder} cannot be read. Give this user access to it.");
        }
    }

    private SessionStoreException Damaged(SqliteException? cause) =>
        new($"The session record {givenPath} is damaged: no backup was taken, and those before are kept. End the program and restore one of them.", cause, isDamaged: true);

    private SessionStoreException Unwritable() =>
        new($"The backup could not be written to {Folder}. Give this user write access to it, or choose another folder, and check that its disk has room.");
}
