using Microsoft.Data.Sqlite;

namespace Microneedling.Sessions.Tests;

/// <summary>A folder of its own for one record; gone afterwards.</summary>
internal sealed class Record : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("microneedling-");

    /// <summary>Where the record lies, or will.</summary>
    public string Path => System.IO.Path.Combine(folder.FullName, "sessions.db");

    /// <summary>The folder.</summary>
    public string Folder => folder.FullName;

    /// <summary>Names and contents of all files in the folder.</summary>
    public Dictionary<string, byte[]> Files() =>
        folder.GetFiles().ToDictionary(file => file.Name, file => File.ReadAllBytes(file.FullName));

    /// <summary>Opens the file as another program would.</summary>
    public SqliteConnection OpenAsAnotherProgram()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>Runs one statement as another program would.</summary>
    public void Execute(string sql)
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

    public void Dispose() => folder.Delete(recursive: true);
}

internal static class SqliteConnectionExtensions
{
    public static void Execute(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static object? Scalar(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}

/// <summary>Tells the time that it was set to; its timers are real.</summary>
internal sealed class SetClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
