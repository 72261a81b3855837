using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Microneedling.Sessions.Tests;

/// <summary>A folder of its own for one record in a file; gone afterwards. See <see cref="ServerRecord"/> for one on a server.</summary>
internal class Record : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("microneedling-");

    /// <summary>Where the record lies, or will: what a store is opened with.</summary>
    public virtual string Path => System.IO.Path.Combine(folder.FullName, "sessions.db");

    /// <summary>The folder.</summary>
    public string Folder => folder.FullName;

    /// <summary>Names and contents of all files in the folder.</summary>
    public Dictionary<string, byte[]> Files() =>
        folder.GetFiles().ToDictionary(file => file.Name, file => File.ReadAllBytes(file.FullName));

    /// <summary>The same record a second time. No program has it open.</summary>
    public virtual Record Copy()
    {
        Record copy = new();
        foreach (var file in folder.GetFiles())
        {
            file.CopyTo(System.IO.Path.Combine(copy.Folder, file.Name));
        }

        return copy;
    }

    /// <summary>Opens it as another program would.</summary>
    public virtual DbConnection OpenAsAnotherProgram()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>Runs statements as another program would.</summary>
    public virtual void Execute(string sql)
    {
        using var connection = OpenAsAnotherProgram();
        connection.Execute(sql);
    }

    /// <summary>Copies the record as it would lie there had its host died now.</summary>
    public void CopyAsLeftByADeadHostTo(Record other)
    {
        foreach (var suffix in new[] { "", "-wal" })
        {
            File.Copy(Path + suffix, other.Path + suffix);
        }
    }

    /// <summary>Lets nothing be inserted into a table, or nothing of one session.</summary>
    public virtual void Refuse(string table, long? sessionId = null) => Execute(
        $"CREATE TRIGGER Refuse BEFORE INSERT ON {table} {(sessionId is { } id ? $"WHEN NEW.SessionId = {id}" : "")} BEGIN SELECT RAISE(ABORT, 'refused'); END");

    /// <summary>Ends <see cref="Refuse"/>.</summary>
    public virtual void RefuseNoMore(string table) => Execute("DROP TRIGGER Refuse");

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => folder.Delete(recursive: true);
}

internal static class ConnectionExtensions
{
    public static void Execute(this DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = connection is NpgsqlConnection ? ServerRecord.Quoted(sql) : sql;
        command.ExecuteNonQuery();
    }

    public static object? Scalar(this DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = connection is NpgsqlConnection ? ServerRecord.Quoted(sql) : sql;
        return command.ExecuteScalar();
    }
}

/// <summary>Tells the time that it was set to; its timers are real.</summary>
internal sealed class SetClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
