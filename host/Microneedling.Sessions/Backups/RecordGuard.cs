// What is looked at before SQLite may touch a record: SQLite deletes the journal of an empty file, drops damaged commits
// at the end of a journal, and makes a new record where there is none, all without a word.

using Microsoft.Data.Sqlite;

namespace Microneedling.Sessions.Backups;

internal static class RecordGuard
{
    /// <summary>Refuses to make a new record where there was one. Reads names and lengths only.</summary>
    /// <exception cref="SessionStoreException">The record is gone or empty, and what lies beside it shows that there was one.</exception>
    public static void RefuseToReplace(string givenPath)
    {
        FileInfo record = new(Path.GetFullPath(givenPath));
        if (record is { Exists: true, Length: > 0 })
        {
            return;
        }

        foreach (var left in new[] { RecordFiles.Wal, RecordFiles.Head }.Select(end => new FileInfo(record.FullName + end)).Where(file => file is { Exists: true, Length: > 0 }))
        {
            throw new SessionStoreException(
                $"The session record {givenPath} {(record.Exists ? "is empty" : "is gone")}, but {left.Name} beside it shows that there was one. "
                + "Put it back, or restore a backup in its place. To begin a new record, move all files of the old one away.",
                isDamaged: true);
        }
    }

    /// <summary>Checks a record that was not closed, before anything is written to it. Only when no other program has it open.</summary>
    /// <exception cref="SessionStoreException">It is damaged. It was left as it is.</exception>
    /// <exception cref="SqliteException">The same.</exception>
    public static void CheckUnlessClosed(string givenPath)
    {
        var record = Path.GetFullPath(givenPath);
        FileInfo journal = new(record + RecordFiles.Wal);
        if (!journal.Exists || journal.Length == 0)
        {
            return;
        }

        if (Journal.IsDamaged(journal.FullName))
        {
            throw new SessionStoreException(
                $"The session record {givenPath} is damaged: its journal {journal.Name} has lost what was written last. Leave all its files as they are, and restore a backup in their place.",
                isDamaged: true);
        }

        if (BackupFile.Damage(record, "quick_check") is not null)
        {
            throw new SessionStoreException(
                $"The session record {givenPath} is damaged. Leave it and the files beside it as they are, and restore a backup in their place.",
                isDamaged: true);
        }
    }
}
