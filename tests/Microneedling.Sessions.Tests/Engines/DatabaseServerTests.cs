// The record on a server: what is built there, what is refused, and what a server that goes away does.

using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Microneedling.Sessions.Tests;

public sealed class DatabaseServerTests : IDisposable
{
    private readonly Record? record = PostgresServer.Absence is null ? new ServerRecord() : null;

    public void Dispose() => record?.Dispose();

    [ServerFact]
    public async Task Migrations_build_the_schema_of_the_model()
    {
        await using var store = await SessionStore.OpenAsync(record!.Path);
        using var modelled = new ServerRecord();
        using (var database = RecordDatabase.At(modelled.Path))
        {
            using var context = new SessionContext(database.Options);
            context.GetService<IRelationalDatabaseCreator>().CreateTables();
        }

        var migrated = Schema(record);
        Assert.Contains("Sessions.StartedUtc timestamp with time zone NO", migrated);
        Assert.Equal(Schema(modelled), migrated);

        static List<string> Schema(Record of)
        {
            using var connection = (NpgsqlConnection)of.OpenAsAnotherProgram();
            return
            [
                .. Rows("SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || CASE WHEN is_identity = 'YES' THEN ' ' || identity_generation ELSE '' END FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_EF%'"),
                .. Rows("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_EF%'"),
                .. Rows("SELECT conrelid::regclass || ' ' || contype::text || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE '%\\_\\_EF%'"),
            ];

            List<string> Rows(string sql)
            {
                using NpgsqlCommand command = new(sql, connection);
                using var reader = command.ExecuteReader();
                List<string> rows = [];
                while (reader.Read())
                {
                    rows.Add(reader.GetString(0));
                }

                rows.Sort(StringComparer.Ordinal);
                return rows;
            }
        }
    }
}
