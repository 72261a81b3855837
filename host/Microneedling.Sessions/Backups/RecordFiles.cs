// The files of one record in a folder, by their names:
//
//   sessions.db  sessions.db-wal  sessions.db-shm  sessions.db-head     the record (sessions.db-lock: who has it open)
//   sessions.db-restoring…                                              a restore that has decided nothing yet
//   sessions.db-restored-20261123T012345Z, sessions.db-restored-head    a restore that is decided: to be finished
//   sessions-replaced-20261123T012345Z.db…                              a record that was replaced, whole

using System.Runtime.InteropServices;

namespace Microneedling.Sessions.Backups;

internal sealed partial class RecordFiles(string databasePath)
{
    /// <summary>What belongs to a record besides its file, by the end of the name.</summary>
    public const string Wal = "-wal", Shm = "-shm", Head = "-head";

    private const int ReadOnly = 0;

    private readonly string path = Path.GetFullPath(databasePath);

    public string Database => path;

    public string Folder => Path.GetDirectoryName(path)!;

    /// <summary>The name of the record without its folder and ending: names of backups begin with it.</summary>
    public string Name => Path.GetFileNameWithoutExtension(path);

    public string Lock => path + "-lock";

    public string Restoring => path + "-restoring";

    public string RestoredHead => path + "-restored-head";

    /// <summary>The prepared record of a restore that was decided, or null.</summary>
    public string? Restored => Directory.Exists(Folder)
        ? Directory.EnumerateFiles(Folder, Path.GetFileName(path) + "-restored-*").Where(file => file != RestoredHead).Order(StringComparer.Ordinal).FirstOrDefault()
        : null;

    public string RestoredAt(string stamp) => $"{path}-restored-{stamp}";

    /// <summary>When a prepared record was decided to be the record, from its name.</summary>
    public string StampOf(string restored) => restored[(path.Length + "-restored-".Length)..];

    /// <summary>Where the record goes that a restore replaces.</summary>
    public string ReplacedAt(string stamp) => Path.Combine(Folder, $"{Name}-replaced-{stamp}{Path.GetExtension(path)}");

    /// <summary>Moves a file, if it is there, and not over another.</summary>
    public static void MoveIfThere(string from, string to)
    {
        if (File.Exists(from))
        {
            File.Move(from, to, overwrite: false);
        }
    }

    /// <summary>Has a file on the disk, with all that was written to it.</summary>
    public static void Flush(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Has the names in a folder on the disk: what was renamed before comes before what is renamed after, even when the power fails.</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS keeps the order of renames by itself.
        }

        var descriptor = OpenFile(folder, ReadOnly);
        if (descriptor >= 0)
        {
            _ = Synchronize(descriptor);
            _ = CloseFile(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseFile(int descriptor);
}
