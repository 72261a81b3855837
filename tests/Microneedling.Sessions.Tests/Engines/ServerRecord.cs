using System.Data.Common;
using System.Text.RegularExpressions;
using Npgsql;

namespace Microneedling.Sessions.Tests;

/// <summary>A database of its own for one record on the server of this run; gone afterwards.</summary>
internal sealed partial class ServerRecord : Record
{
    private readonly string database = $"record_{Guid.NewGuid():N}";

    public ServerRecord() => OnServer($"CREATE DATABASE {database}");

    private ServerRecord(ServerRecord template) => OnServer($"CREATE DATABASE {database} TEMPLATE {template.database}");

    public override string Path => $"{PostgresServer.ConnectionString};Database={database}";

    public override Record Copy() => new ServerRecord(this);

    public override DbConnection OpenAsAnotherProgram()
    {
        NpgsqlConnection connection = new($"{Path};Pooling=false");
        connection.Open();
        return connection;
    }

    public override void Execute(string sql)
    {
        using var connection = OpenAsAnotherProgram();
        connection.Execute(sql);
    }

    /// <summary>Names in quotes, as this engine wants them.</summary>
    public static string Quoted(string sql) => Name().Replace(sql, "\"$1\"");

    public override void Refuse(string table, long? sessionId = null) => Execute(
        $"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused''; END'; CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW {(sessionId is { } id ? $"WHEN (NEW.SessionId = {id})" : "")} EXECUTE FUNCTION refuse()");

    public override void RefuseNoMore(string table) => Execute($"DROP TRIGGER refuse ON {table}; DROP FUNCTION refuse");

    protected override void Dispose(bool disposing)
    {
        OnServer($"DROP DATABASE {database} WITH (FORCE)");
        base.Dispose(disposing);
    }

    public static void OnServer(string sql)
    {
        using NpgsqlConnection connection = new($"{PostgresServer.ConnectionString};Database=postgres");
        connection.Open();
        using NpgsqlCommand command = new(sql, connection);
        command.ExecuteNonQuery();
    }

    [GeneratedRegex("(?<!['\"\\w])([A-Z][a-z]\\w*|__EF\\w+)")]
    private static partial Regex Name();
}
