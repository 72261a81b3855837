using Npgsql;

namespace Microneedling.Benchmarks.Recording;

/// <summary>Where a part keeps its records: a temporary folder, and databases on the server that MICRONEEDLING_POSTGRES names.</summary>
internal sealed class Places : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("microneedling-");
    private readonly List<string> databases = [];

    /// <summary>The server, without a database; null: none was named.</summary>
    public static string? Server => Environment.GetEnvironmentVariable("MICRONEEDLING_POSTGRES") is { Length: > 0 } given ? given : null;

    /// <summary>What to say when there is none.</summary>
    public const string WhyNoServer = "no PostgreSQL server: none could be started, and MICRONEEDLING_POSTGRES names none";

    /// <summary>A file that is not there yet.</summary>
    public string File(string name) => Path.Combine(folder.FullName, name);

    /// <summary>An empty database.</summary>
    public string Database()
    {
        string name = $"bench_{Guid.NewGuid():N}";
        OnServer($"CREATE DATABASE {name}");
        databases.Add(name);
        return $"{Server};Database={name}";
    }

    public void Dispose()
    {
        folder.Delete(recursive: true);
        foreach (string name in databases)
        {
            OnServer($"DROP DATABASE {name} WITH (FORCE)");
        }
    }

    private static void OnServer(string sql)
    {
        using NpgsqlConnection connection = new($"{Server};Database=postgres;Pooling=false");
        connection.Open();
        using NpgsqlCommand command = new(sql, connection);
        command.ExecuteNonQuery();
    }
}
