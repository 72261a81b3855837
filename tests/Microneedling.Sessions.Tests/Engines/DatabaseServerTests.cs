// The record on a server: what is built there, what is refused, and what a server that goes away does.

using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;
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

    [ServerFact]
    public async Task Every_commit_waits_for_the_servers_disk()
    {
        await using var store = await SessionStore.OpenAsync(record!.Path);
        using var context = store.CreateContext();
        Assert.Equal("on", context.Database.SqlQuery<string>($"SELECT current_setting('synchronous_commit') AS \"Value\"").Single());
    }

    [ServerFact]
    public async Task The_database_of_another_program_is_refused_and_left_as_it_was()
    {
        record!.Execute("CREATE TABLE recipes (name text)");

        await IsRefused(record.Path, "is the database of another program. Choose another one.");

        using var connection = record.OpenAsAnotherProgram();
        Assert.Equal(1L, connection.Scalar("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"));
    }

    [ServerFact]
    public async Task A_record_of_a_newer_version_is_refused()
    {
        await (await SessionStore.OpenAsync(record!.Path)).DisposeAsync();
        record.Execute("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_fromTheFuture', '99.0.0')");

        await IsRefused(record.Path, "was written by a newer version of this program. Update this program.");
    }

    [ServerTheory]
    [InlineData("Database=nowhere", "does not exist on its server. Create it with createdb, then try again.")]
    [InlineData("Password=wrong-secret", "is refused by its server: user or password are wrong. Check PGPASSWORD or ~/.pgpass.")]
    [InlineData("Username=nobody", "is refused by its server: user or password are wrong. Check PGPASSWORD or ~/.pgpass.")]
    [InlineData("Port=1", "cannot be reached: its server does not answer. Check that the server runs, its name and port, and the network.")]
    public async Task A_server_that_cannot_be_used_is_told_in_words_without_secrets(string instead, string remedy)
    {
        NpgsqlConnectionStringBuilder address = new(record!.Path);
        var (key, value) = (instead.Split('=')[0], instead.Split('=')[1]);
        address[key] = value;

        var error = await IsRefused(address.ConnectionString, remedy);

        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(new NpgsqlConnectionStringBuilder(record.Path).Password!, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db.clinic.example", "must name the host and the database")]
    [InlineData("Host=;Database=x", "must name the host and the database")]
    [InlineData("Host=localhost;Database=x;Password=hush;Prt=1", "has a fault")]
    [InlineData("Host=db.clinic.example;Database=x;SSL Mode=Disable", "would cross the network in the clear")]
    [InlineData("Host=db.clinic.example;Database=x;SslMode=Prefer", "would cross the network in the clear")]
    public void A_connection_string_that_will_not_do_is_refused_in_words(string given, string words)
    {
        var error = Assert.Throws<SessionStoreException>(() => RecordDatabase.At(given));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sessions.db")]
    [InlineData("/data/host=1/sessions.db")]
    [InlineData("hosts;server.db")]
    public void A_path_is_a_path(string given) => Assert.IsType<DatabaseFile>(RecordDatabase.At(given));

    [ServerFact]
    public async Task Of_two_programs_only_the_first_finds_what_the_dead_left_and_the_dead_are_known_by_their_connection()
    {
        var first = await SessionStore.OpenAsync(record!.Path);
        var recorder = await first.BeginAsync(Make.Device(), Make.Status());
        await recorder.FlushAsync();
        await using (var second = await SessionStore.OpenAsync(record.Path))
        {
            Assert.Equal(SessionOutcome.Running, Assert.Single(await second.ListAsync()).Outcome);
        }

        record.Execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"); // As when the program died.
        await using (var third = await SessionStore.OpenAsync(record.Path))
        {
            Assert.Equal(SessionOutcome.AwaitingDevice, Assert.Single(await third.ListAsync()).Outcome);
            await third.Aftermath.CloseWithoutDeviceAsync(Make.Owner, recorder.SessionId);

            recorder.RecordStatus(Make.Status(50, 9));
            await recorder.FlushAsync();
            Assert.Contains("closed as interrupted by another program", recorder.Fault?.Message, StringComparison.Ordinal);
            Assert.Empty((await third.VerifyAsync()).Flaws);
        }

        await first.DisposeAsync();
    }

    [ServerFact]
    public async Task A_host_that_starts_again_finds_what_it_left_though_others_go_on_and_leaves_theirs_alone()
    {
        await using var other = await SessionStore.OpenAsync(record!.Path);
        await using var going = await other.BeginAsync(Make.Device(), Make.Status());
        long left;
        using (var host = HostDeathTests.Start("wait", record.Path))
        {
            Assert.Equal(HostDeathTests.Committed, await host.StandardOutput.ReadLineAsync());
            left = (await other.ListAsync())[0].Id;
            await using (var beside = await SessionStore.OpenAsync(record.Path))
            {
                Assert.Equal([SessionOutcome.Running, SessionOutcome.Running], (await beside.ListAsync()).Select(session => session.Outcome));
            }

            host.Kill();
            await host.WaitForExitAsync();
        }

        while (SessionLocks() > 1)
        {
            await Task.Delay(10); // Until the server has noticed.
        }

        await using var again = await SessionStore.OpenAsync(record.Path);
        Assert.Equal(SessionOutcome.AwaitingDevice, (await again.FindAsync(left))!.Summary.Outcome);
        Assert.Equal(SessionOutcome.Running, (await again.FindAsync(going.SessionId))!.Summary.Outcome);

        going.RecordStatus(Make.Status(50, 3));
        Assert.Equal(3, (await going.FinishAsync(SessionOutcome.Completed, null)).Strokes);
        Assert.Empty((await again.VerifyAsync()).Flaws);
        Assert.Equal(0, SessionLocks());

        long SessionLocks()
        {
            using var connection = record.OpenAsAnotherProgram();
            return (long)connection.Scalar($"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = {DatabaseServer.SessionLockClass} AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")!;
        }
    }

    [ServerFact]
    public async Task A_session_is_still_known_to_be_recorded_after_the_server_was_away()
    {
        await using var store = await SessionStore.OpenAsync(record!.Path);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        record.Execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
        await store.Clients.AddAsync(Make.Owner);

        await using var other = await SessionStore.OpenAsync(record.Path);

        Assert.Equal(SessionOutcome.Running, Assert.Single(await other.ListAsync()).Outcome);
    }

    [ServerFact]
    public async Task A_server_that_is_restarted_while_a_session_is_recorded_loses_nothing_and_is_found_again()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"microneedling-restarted-{Guid.NewGuid():N}");
        var (exitCode, server, errors) = PostgresServer.Run("start", folder);
        Assert.True(exitCode == 0, errors);
        try
        {
            var path = $"{server};Database=postgres";
            await using var store = await SessionStore.OpenAsync(path);
            await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
            for (uint restart = 0; restart < 3; restart++)
            {
                recorder.RecordStatus(Make.Status((restart * 100) + 50, (restart * 2) + 1));
                await recorder.FlushAsync();
                PostgresServer.Run("stop", folder);
                recorder.RecordStatus(Make.Status((restart * 100) + 100, (restart * 2) + 2));
                var error = await Assert.ThrowsAsync<SessionStoreException>(() => recorder.FlushAsync());
                Assert.Contains("cannot be reached", error.Message, StringComparison.Ordinal);
                Assert.NotNull(recorder.Fault);
                Assert.Equal(0, PostgresServer.Run("start", folder).ExitCode);
                await recorder.FlushAsync();
                Assert.Null(recorder.Fault);
            }

            var summary = await recorder.FinishAsync(SessionOutcome.Completed, null);
            Assert.Equal(6, summary.Strokes);
            Assert.Equal(7, (await store.FindAsync(recorder.SessionId))!.Telemetry.Count);
            Assert.Empty((await store.VerifyAsync()).Flaws);
        }
        finally
        {
            PostgresServer.Run("remove", folder);
        }
    }

    [ServerFact]
    public async Task Two_programs_that_write_into_one_record_make_one_chain()
    {
        await using var store = await SessionStore.OpenAsync(record!.Path);
        await using var beside = await SessionStore.OpenAsync(record.Path);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? store : beside).Clients.AddAsync(Make.Owner)));

        var report = await beside.VerifyAsync();
        Assert.Empty(report.Flaws);
        Assert.Equal(40, report.Links);
        Assert.Equal(40, (await store.Clients.ListAsync()).Select(client => client.Label).Distinct().Count());
    }

    [ServerFact]
    public async Task Whatever_value_of_the_record_is_edited_is_found()
    {
        await using var store = await SessionStore.OpenAsync(record!.Path);
        await ProofTests.FillAsync(store, new SetClock(Make.Start));
        Assert.Empty((await store.VerifyAsync()).Flaws);
        using var enemy = (NpgsqlConnection)record.OpenAsAnotherProgram();
        enemy.Execute("SET session_replication_role = replica");
        foreach (var (table, column, type) in Columns(enemy).Where(one => $"{one.Table}.{one.Column}" != "RecordState.Id"))
        {
            enemy.Execute($"CREATE TABLE kept AS SELECT * FROM {table}; UPDATE {table} SET {column} = {Another(type, column)} WHERE ctid = (SELECT min(ctid) FROM {table})");
            var flaws = (await store.VerifyAsync()).Flaws;
            Assert.True(ProofTests.NotProven.Contains($"{table}.{column}") ? flaws.Count == 0 : flaws.Count > 0, $"{table}.{column}: {string.Join(' ', flaws)}");
            enemy.Execute($"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept");
        }

        Assert.Empty((await store.VerifyAsync()).Flaws);

        static string Another(string type, string column) => type switch
        {
            "boolean" => $"NOT COALESCE({column}, false)",
            "bytea" => $"set_byte({column}, 0, get_byte({column}, 0) # 1)",
            "date" => $"COALESCE({column}, '2026-01-01') + 1",
            "timestamp with time zone" => $"COALESCE({column}, '2026-01-01') + interval '1 microsecond'",
            "text" when column.EndsWith("Seal", StringComparison.Ordinal) => $"COALESCE(left({column}, 96) || CASE right({column}, 1) WHEN '0' THEN '1' ELSE '0' END, 'x')",
            "text" => $"COALESCE({column}, '') || 'x'",
            _ when column is "Outcome" => $"{column} % 4 + 1",
            _ => $"COALESCE({column}, 0) + 1000",
        };
    }

    private static List<(string Table, string Column, string Type)> Columns(NpgsqlConnection connection)
    {
        using NpgsqlCommand command = new("SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ANY ($1)", connection)
        {
            Parameters = { new NpgsqlParameter { Value = ProofTests.Proven } },
        };
        using var reader = command.ExecuteReader();
        List<(string, string, string)> columns = [];
        while (reader.Read())
        {
            columns.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return columns;
    }

    private static async Task<SessionStoreException> IsRefused(string path, string remedy)
    {
        var error = await Assert.ThrowsAsync<SessionStoreException>(() => SessionStore.OpenAsync(path));
        Assert.EndsWith(remedy, error.Message, StringComparison.Ordinal);
        return error;
    }
}
