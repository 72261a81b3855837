// The file of the record: what may be done to it before anything is written, and SQLite's errors in words.
// A file is touched only after it was found to be empty or ours: everything up to there reads.

using System.Collections.Frozen;
using Microneedling.Sessions.Backups;
using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Microneedling.Sessions;

internal sealed class DatabaseFile(string givenPath) : RecordDatabase
{
    /// <summary>Marks a SQLite file as ours: "MNsr" in its header.</summary>
    private const int ApplicationId = 0x4D4E7372;

    /// <summary>SQLite's smallest page. Of a file of one byte it thinks that it is empty.</summary>
    private const int SmallestDatabaseBytes = 512;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly FrozenDictionary<int, string> Remedies = new Dictionary<int, string>
    {
        [SQLitePCL.raw.SQLITE_PERM] = NotWritable,
        [SQLitePCL.raw.SQLITE_BUSY] = "is locked by another program. Close that program.",
        [SQLitePCL.raw.SQLITE_LOCKED] = "is locked by another program. Close that program.",
        [SQLitePCL.raw.SQLITE_READONLY] = NotWritable,
        [SQLitePCL.raw.SQLITE_IOERR] = "could not be read or written. Check the disk it is on.",
        [SQLitePCL.raw.SQLITE_CORRUPT] = "is damaged. Move it and the -wal and -shm files beside it away, and restore a backup in their place.",
        [SQLitePCL.raw.SQLITE_FULL] = "cannot grow: the disk is full. Free some space.",
        [SQLitePCL.raw.SQLITE_CANTOPEN] = NotWritable,
    }.ToFrozenDictionary();

    private const string NotARecord = "is not a session record but some other file. Choose another path.";
    private const string Unexplained = "could not be read or written. Close this program and open it again; if that does not help, check the disk.";
    private const string NotWritable = "cannot be written. Give this user write access to the file and its folder, or choose another path.";

    /// <summary>The same file whatever the current folder is; never one of SQLite's special names.</summary>
    private readonly string fullPath = Path.GetFullPath(givenPath);

    private DbContextOptions<SessionContext>? options;

    static DatabaseFile() => SQLitePCL.Batteries_V2.Init();

    public override string Name => givenPath;

    public override DbContextOptions<SessionContext> Options => options ??= SessionContext.Configure(
        new DbContextOptionsBuilder<SessionContext>()
            .UseSqlite(ConnectionString, sqlite => sqlite.CommandTimeout(LockTimeoutSeconds))
            .AddInterceptors(ConnectionSetup.Instance));

    /// <summary>For reading and writing.</summary>
    private string ConnectionString => ConnectionStringFor(SqliteOpenMode.ReadWrite, pooling: true);

    /// <summary>Next to the file: held by every program that has the record open.</summary>
    public string PresencePath => fullPath + "-lock";

    /// <summary>Next to the file: where the chain of the record ended when it was last closed, or a session was.</summary>
    public override HeadNote HeadNote => new(fullPath + "-head");

    /// <summary>Creates an empty file if there is none, readable by this user only.</summary>
    public override void CreateIfMissing()
    {
        RecordRestore.Finish(givenPath);
        RecordGuard.RefuseToReplace(givenPath);
        if (File.Exists(fullPath))
        {
            return;
        }

        try
        {
            OpenOwnerOnly(fullPath, FileMode.CreateNew, FileShare.ReadWrite).Dispose();
        }
        catch (DirectoryNotFoundException)
        {
            throw new SessionStoreException($"The folder of the session record {givenPath} does not exist. Create it, or choose another path.");
        }
        catch (IOException) when (File.Exists(fullPath))
        {
            // Another program has created it just now.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable();
        }
    }

    public override void Inspect(IReadOnlyCollection<string> knownMigrations)
    {
        if (new FileInfo(fullPath).Length is > 0 and < SmallestDatabaseBytes)
        {
            throw Unrecognised(null);
        }

        using var connection = new SqliteConnection(ConnectionStringFor(SqliteOpenMode.ReadOnly, pooling: false));
        connection.Open();
        if (Scalar(connection, "SELECT count(*) FROM sqlite_master") == 0)
        {
            return;
        }

        if (Scalar(connection, "PRAGMA application_id") != ApplicationId)
        {
            throw new SessionStoreException($"{givenPath} is the database of another program. Choose another path.");
        }

        if (HasTable(connection, "__EFMigrationsHistory") && Migrations(connection).Except(knownMigrations).Any())
        {
            throw new SessionStoreException($"The session record {givenPath} was written by a newer version of this program. Update this program.");
        }
    }

    public override HostPresence Enter(CancellationToken ct) => FilePresence.Enter(this, ct);

    /// <summary>Marks the file as ours, keeps others from reading it, and sets the journal that it keeps from now on. Only when no other program has it open.</summary>
    public override void Prepare(SessionContext context)
    {
        RecordGuard.CheckUnlessClosed(givenPath);
        RestrictToOwner();
        context.Database.OpenConnection();
        try
        {
            var connection = (SqliteConnection)context.Database.GetDbConnection();
            if (Scalar(connection, "PRAGMA application_id") != ApplicationId)
            {
                Execute(connection, $"PRAGMA application_id = {ApplicationId}");
            }

            Execute(connection, "PRAGMA journal_mode = WAL");
            if (HasTable(connection, "__EFMigrationsLock"))
            {
                // Left by a program that died while migrating; it would be waited for without end.
                Execute(connection, "DELETE FROM __EFMigrationsLock");
            }
        }
        finally
        {
            context.Database.CloseConnection();
        }
    }

    public override IDbContextTransaction BeginReading(SessionContext context)
    {
        context.Database.OpenConnection();
        var snapshot = ((SqliteConnection)context.Database.GetDbConnection()).BeginTransaction(deferred: true);
        return context.Database.UseTransaction(snapshot)!;
    }

    /// <summary>SQLite has one writer at a time: the transaction takes its place at once.</summary>
    public override IDbContextTransaction BeginWriting(SessionContext context) => context.Database.BeginTransaction();

    public override void WaitToWrite(SessionContext context)
    {
        // SQLite has one writer at a time anyway.
    }

    public override void MarkErased(SessionContext context) => Execute((SqliteConnection)context.Database.GetDbConnection(), "PRAGMA user_version = 1");

    /// <summary>
    /// Writes the whole file anew and empties its journal: where rows were moved from page to page, SQLite leaves copies of
    /// them that it does not overwrite, whatever <c>secure_delete</c> says.
    /// </summary>
    public override bool OverwriteErased(SessionContext context)
    {
        context.Database.OpenConnection();
        try
        {
            var connection = (SqliteConnection)context.Database.GetDbConnection();
            if (Scalar(connection, "PRAGMA user_version") == 0)
            {
                return true;
            }

            if (context.Sessions.Any(session => session.Outcome == SessionOutcome.Running))
            {
                return false;
            }

            // The mark goes last, when the journal is empty: until then it is done again.
            Execute(connection, "VACUUM");
            if (Scalar(connection, "PRAGMA wal_checkpoint(TRUNCATE)") != 0)
            {
                return false;
            }

            Execute(connection, "PRAGMA user_version = 0");
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
        finally
        {
            context.Database.CloseConnection();
        }
    }

    public override long SizeBytes(SessionContext context) =>
        new[] { fullPath, fullPath + "-wal" }.Select(path => new FileInfo(path)).Where(file => file.Exists).Sum(file => file.Length);

    /// <summary>Opens a file that only this user may read; a new one is created that way.</summary>
    public static FileStream OpenOwnerOnly(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }

    /// <summary>Closes the idle connections, so that the journal is folded into the file.</summary>
    public override void CloseConnections()
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }

    public override SessionStoreException Unwritable() => Refusal(NotWritable);

    /// <summary>The system's own errors, which quote the path in full, are left out.</summary>
    protected override SessionStoreException ExplainOwn(Exception error)
    {
        var sqlite = error as SqliteException ?? (error as DbUpdateException)?.InnerException as SqliteException;
        var remedy = sqlite is null ? null : Remedies.GetValueOrDefault(sqlite.SqliteErrorCode);
        return sqlite?.SqliteErrorCode == SQLitePCL.raw.SQLITE_NOTADB
            ? Unrecognised(sqlite)
            : Refusal(remedy ?? Unexplained, error is IOException or UnauthorizedAccessException ? null : sqlite ?? error, sqlite?.SqliteErrorCode == SQLitePCL.raw.SQLITE_CORRUPT);
    }

    /// <summary>A file that is no database: some other file, unless a note beside it shows that it was a record.</summary>
    private SessionStoreException Unrecognised(Exception? cause) => HeadNote.Read() is null
        ? Refusal(NotARecord, cause)
        : Refusal("is damaged: its beginning is gone. Leave it and the files beside it as they are, and restore a backup in their place.", cause, isDamaged: true);

    private void RestrictToOwner()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            foreach (var path in new[] { fullPath, fullPath + "-wal", fullPath + "-shm" }.Where(File.Exists))
            {
                File.SetUnixFileMode(path, OwnerOnly);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable();
        }
    }

    private string ConnectionStringFor(SqliteOpenMode mode, bool pooling) => new SqliteConnectionStringBuilder
    {
        DataSource = fullPath,
        Mode = mode,
        Pooling = pooling,
        DefaultTimeout = LockTimeoutSeconds,
    }.ToString();

    private static bool HasTable(SqliteConnection connection, string table) =>
        Scalar(connection, $"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{table}'") > 0;

    private static List<string> Migrations(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT MigrationId FROM __EFMigrationsHistory";
        using var reader = command.ExecuteReader();
        List<string> migrations = [];
        while (reader.Read())
        {
            migrations.Add(reader.GetString(0));
        }

        return migrations;
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
