// One file that is to be put in the place of the record some day: what is in it, and whether it proves itself. Only reads.

using System.Globalization;
using System.Text.RegularExpressions;
using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions.Backups;

/// <summary>A backup in the folder of backups.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="TakenAt">When it was taken, UTC, to the second.</param>
/// <param name="IsSound">Whether the record proved itself when the backup was taken.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Content">What is in it; null when it cannot be read any more.</param>
public sealed record Backup(string Path, DateTimeOffset TakenAt, bool IsSound, long Bytes, BackupContent? Content);

/// <summary>What is in a backup.</summary>
/// <param name="RecordKey">Which record it is of.</param>
/// <param name="Sessions">Sessions in it, finished or not.</param>
/// <param name="Links">Links of its chain of proof.</param>
/// <param name="HeadHash">Hash of the last link, 64 lower-case hex digits.</param>
public sealed record BackupContent(string RecordKey, long Sessions, long Links, string HeadHash);

internal static partial class BackupFile
{
    public const string Partial = ".partial";

    private const string Stamp = "yyyyMMdd'T'HHmmss'Z'";
    private const string Unsound = "-unsound";

    public static string StampOf(DateTimeOffset time) => time.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture);

    /// <summary>Name of a backup: <c>sessions-20261123T012345Z.db</c>.</summary>
    public static string NameOf(string recordName, DateTimeOffset takenAt, bool isSound) => $"{recordName}-{StampOf(takenAt)}{(isSound ? "" : Unsound)}.db";

    /// <summary>A file by its name, its content unread; null when it is no backup of a record of that name.</summary>
    public static Backup? Of(string recordName, FileInfo file)
    {
        var name = file.Name;
        return name.StartsWith(recordName + "-", StringComparison.Ordinal)
            && NameEnd().Match(name[(recordName.Length + 1)..]) is { Success: true } end
            && DateTimeOffset.TryParseExact(end.Groups[1].Value, Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var takenAt)
                ? new Backup(file.FullName, takenAt, !end.Groups[2].Success, file.Length, null)
                : null;
    }

    /// <summary>What is in a file; null when that cannot be read.</summary>
    public static BackupContent? Read(string path)
    {
        try
        {
            using var connection = OpenClosed(path);
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT s.\"Key\", (SELECT count(*) FROM Sessions), s.Links, s.HeadHash FROM RecordState s";
            using var row = command.ExecuteReader();
            return row.Read() ? new BackupContent(row.GetString(0), row.GetInt64(1), row.GetInt64(2), Convert.ToHexStringLower((byte[])row.GetValue(3))) : null;
        }
        catch (Exception e) when (e is SqliteException or InvalidCastException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What SQLite finds wrong with a file, or null.</summary>
    /// <param name="path">The file.</param>
    /// <param name="check"><c>integrity_check</c>, or <c>quick_check</c>, which leaves out whether indexes fit their tables.</param>
    /// <exception cref="SqliteException">It cannot be read at all.</exception>
    public static string? Damage(string path, string check = "integrity_check")
    {
        using var connection = OpenClosed(path);
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA {check}(1)";
        return command.ExecuteScalar() is string found and not "ok" ? found : null;
    }

    /// <summary>Whether a file of this version's schema proves itself, up to where its own note says that it ends.</summary>
    /// <exception cref="SqliteException">It is damaged.</exception>
    public static ProofReport Verify(string path, (long LinkNumber, string Hash)? noted, CancellationToken ct)
    {
        using var context = new SessionContext(SessionContext.Configure(new DbContextOptionsBuilder<SessionContext>().UseSqlite(ConnectionString(Closed(path)))));
        return new ChainVerifier(context, ct).Verify(noted);
    }

    /// <summary>Opens a record for reading that other programs may have open.</summary>
    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(ConnectionString(path));
        connection.Open();
        return connection;
    }

    /// <summary>Opens a file for reading that no program writes to: nothing is made beside it, so its folder may be read-only.</summary>
    private static SqliteConnection OpenClosed(string path) => Open(Closed(path));

    /// <summary>A file that does not change has no need of SQLite's locks; with a journal that was left it has.</summary>
    private static string Closed(string path) =>
        new FileInfo(path + RecordFiles.Wal) is { Exists: true, Length: > 0 } ? path : new Uri(Path.GetFullPath(path)).AbsoluteUri + "?immutable=1";

    private static string ConnectionString(string path) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = RecordDatabase.LockTimeoutSeconds }.ToString();

    [GeneratedRegex(@"^(\d{8}T\d{6}Z)(-unsound)?\.db$", RegexOptions.CultureInvariant)]
    private static partial Regex NameEnd();
}
