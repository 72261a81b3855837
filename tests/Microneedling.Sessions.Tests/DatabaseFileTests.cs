// The file itself: how it is kept, and which files are refused and left as they were.

using System.Runtime.Versioning;
using Microneedling.Sessions.Schema;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Xunit.Abstractions;

namespace Microneedling.Sessions.Tests;

public sealed class DatabaseFileTests(ITestOutputHelper output) : IDisposable
{
    private readonly Record record = new();

    public void Dispose() => record.Dispose();

    [Fact]
    public async Task Every_connection_is_durable_and_checks_foreign_keys()
    {
        await using var store = await SessionStore.OpenAsync(record.Path);
        for (var i = 0; i < 2; i++)
        {
            using var context = store.CreateContext();
            context.Database.OpenConnection();
            var connection = (SqliteConnection)context.Database.GetDbConnection();
            Assert.Equal(("wal", 2L, 1L), (connection.Scalar("PRAGMA journal_mode"), connection.Scalar("PRAGMA synchronous"), connection.Scalar("PRAGMA foreign_keys")));

            connection.Execute("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF"); // The next one must not inherit this.
        }

        using var orphan = store.CreateContext();
        orphan.Add(new TelemetrySample { SessionId = 99, Sequence = 1 });
        Assert.Throws<DbUpdateException>(() => orphan.SaveChanges());
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_the_owner_may_read_the_record()
    {
        File.WriteAllBytes(record.Path, []);
        File.SetUnixFileMode(record.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        using var other = new Record();

        await using var store = await SessionStore.OpenAsync(record.Path);
        await using var fresh = await SessionStore.OpenAsync(other.Path);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        await using var freshRecorder = await fresh.BeginAsync(Make.Device(), Make.Status());

        foreach (var folder in new[] { record.Folder, other.Folder })
        {
            var modes = Directory.GetFiles(folder).ToDictionary(path => Path.GetFileName(path), File.GetUnixFileMode);
            Assert.Equal(["sessions.db", "sessions.db-lock", "sessions.db-shm", "sessions.db-wal"], modes.Keys.Order());
            Assert.All(modes.Values, mode => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode));
        }
    }

    [Fact]
    public async Task Migrations_build_the_schema_of_the_model()
    {
        await using var store = await SessionStore.OpenAsync(record.Path);
        using var modelled = new Record();
        File.WriteAllBytes(modelled.Path, []);
        using var context = new SessionContext(new DatabaseFile(modelled.Path).Options);
        context.GetService<IRelationalDatabaseCreator>().CreateTables();

        var migrated = Schema(record);
        Assert.Equal(
            [
                "AuditEntries", "ChainLinks", "Checklists", "Clients", "Conflicts", "Consents", "Corrections", "Courses", "DepthCaps", "FollowUps", "Forwardings", "Passes",
                "People", "Presets", "ReceivedLinks", "RecordState", "Recorders", "RetentionRules", "SessionEvents", "SessionParameters", "Sessions", "SuitabilityChecks", "TelemetrySamples",
            ],
            migrated.Keys);
        Assert.Equal(Schema(modelled), migrated);

        // Columns in any order: those that were added to a table come last.
        static SortedDictionary<string, string> Schema(Record record)
        {
            using var connection = record.OpenAsAnotherProgram();
            SortedDictionary<string, string> schema = new(StringComparer.Ordinal);
            foreach (var table in Rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_\\_EF%' ESCAPE '\\'"))
            {
                var indexes = Rows($"SELECT name FROM pragma_index_list('{table}')");
                schema.Add(table, string.Join(Environment.NewLine,
                [
                    .. Rows($"SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('{table}')"),
                    .. Rows($"SELECT \"table\", \"from\", \"to\", on_update, on_delete, match FROM pragma_foreign_key_list('{table}')"),
                    .. Rows($"SELECT name, \"unique\", origin, partial FROM pragma_index_list('{table}')"),
                    .. indexes.SelectMany(index => Rows($"SELECT '{index}', seqno, name, \"desc\", coll FROM pragma_index_xinfo('{index}')")),
                    .. Rows($"SELECT 'autoincrement', sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE name = '{table}'"),
                ]));
            }

            return schema;

            List<string> Rows(string sql)
            {
                using var command = connection.CreateCommand();
                command.CommandText = sql;
                using var reader = command.ExecuteReader();
                List<string> rows = [];
                while (reader.Read())
                {
                    rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
                }

                rows.Sort(StringComparer.Ordinal);
                return rows;
            }
        }
    }

    [Fact]
    public async Task A_migration_whose_host_died_is_taken_up_again()
    {
        record.Execute("PRAGMA application_id = 0x4D4E7372; CREATE TABLE __EFMigrationsLock (Id INTEGER NOT NULL PRIMARY KEY, Timestamp TEXT NOT NULL); INSERT INTO __EFMigrationsLock VALUES (1, '2026-01-01')");

        await using var store = await SessionStore.OpenAsync(record.Path).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Empty(await store.ListAsync());
    }

    [Fact]
    public async Task Stores_opened_at_the_same_time_agree()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SessionStore.OpenAsync(record.Path)));
        foreach (var store in stores)
        {
            Assert.Empty(await store.ListAsync());
            await store.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(5000)]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_was(int length)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        content[0] = (byte)'x'; // SQLite's own begins with S.
        File.WriteAllBytes(record.Path, content);

        await IsRefused("is not a session record but some other file. Choose another path.");
    }

    [Fact]
    public async Task The_database_of_another_program_is_refused_and_left_as_it_was()
    {
        record.Execute("CREATE TABLE Recipes (Name TEXT); INSERT INTO Recipes VALUES ('Bread')");

        await IsRefused("is the database of another program. Choose another path.");
    }

    [Fact]
    public async Task A_record_of_a_newer_version_is_refused_and_left_as_it_was()
    {
        await (await SessionStore.OpenAsync(record.Path)).DisposeAsync();
        record.Execute("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_FromTheFuture', '99.0.0')");

        await IsRefused("was written by a newer version of this program. Update this program.");
    }

    [Fact]
    public async Task A_damaged_record_is_refused_and_left_as_it_was()
    {
        await (await SessionStore.OpenAsync(record.Path)).DisposeAsync();
        var content = File.ReadAllBytes(record.Path);
        content.AsSpan(100, 200).Fill(0xA5);
        File.WriteAllBytes(record.Path, content);

        await IsRefused("is damaged. Move it and the -wal and -shm files beside it away, and restore a backup in their place.");
    }

    [Fact]
    public async Task A_record_whose_folder_does_not_exist_is_refused()
    {
        var path = Path.Combine(record.Folder, "nowhere", "sessions.db");

        var error = await Assert.ThrowsAsync<SessionStoreException>(() => SessionStore.OpenAsync(path));

        Assert.Equal($"The folder of the session record {path} does not exist. Create it, or choose another path.", error.Message);
        Assert.Empty(record.Files());
    }

    [Fact]
    public async Task A_folder_is_no_record()
    {
        Directory.CreateDirectory(record.Path);

        var error = await Assert.ThrowsAsync<SessionStoreException>(() => SessionStore.OpenAsync(record.Path));

        Assert.Contains("cannot be written.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_cannot_be_written_is_refused_and_left_as_it_was()
    {
        await (await SessionStore.OpenAsync(record.Path)).DisposeAsync();
        File.Delete(record.Path + "-lock");
        Directory.CreateDirectory(record.Path + "-lock"); // Nobody can create the file now, not even root.

        await IsRefused("cannot be written. Give this user write access to the file and its folder, or choose another path.");
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_folder_that_cannot_be_written_is_told_so()
    {
        var folder = record.Folder;
        if (Environment.IsPrivilegedProcess)
        {
            folder = "/sys/kernel"; // Root may write into any folder, but not into this one.
        }
        else
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var path = Path.Combine(folder, "sessions.db");
        var error = await Assert.ThrowsAsync<SessionStoreException>(() => SessionStore.OpenAsync(path));

        Assert.Equal($"The session record {path} cannot be written. Give this user write access to the file and its folder, or choose another path.", error.Message);
    }

    /// <summary>Opening fails with the path as it was given and no other, and no file in the folder changes.</summary>
    private async Task IsRefused(string remedy)
    {
        var given = Path.GetRelativePath(Environment.CurrentDirectory, record.Path);
        var before = record.Files();

        var error = await Assert.ThrowsAsync<SessionStoreException>(() => SessionStore.OpenAsync(given));

        Assert.Contains(given, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(remedy, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(record.Folder, error.ToString().Replace(given, "", StringComparison.Ordinal), StringComparison.Ordinal);

        var after = record.Files();
        Assert.All(before, file => Assert.Equal(file.Value, after[file.Key]));

        // Reading alone makes SQLite set up its journal, empty.
        Assert.Empty(after.Keys.Except([.. before.Keys, "sessions.db-wal", "sessions.db-shm"]));
        Assert.Empty(after.GetValueOrDefault("sessions.db-wal", []));
    }
}
