// A record that a failing disk has damaged: refused in words, left byte for byte as it is, and a backup is at hand.

using Microneedling.Sessions.Backups;

namespace Microneedling.Sessions.Tests;

public sealed class DamagedRecordTests : IDisposable
{
    private const int PageBytes = 4096;
    private const int FrameBytes = PageBytes + 24;
    private readonly Record record = new();
    private readonly RecordBackups backups;

    public DamagedRecordTests() => backups = new RecordBackups(record.Path);

    public void Dispose()
    {
        backups.Dispose();
        record.Dispose();
    }

    /// <summary>What happens to the record, and the words by which it is refused.</summary>
    public static TheoryData<string, string> Damages => new()
    {
        { "header", "is damaged: its beginning is gone." },
        { "first page", "is damaged." },
        { "middle", "is damaged." },
        { "cut off", "is damaged." },
        { "cut to a stump", "is damaged: its beginning is gone." },
        { "empty", "is empty, but sessions.db-wal beside it shows that there was one." },
        { "gone", "is gone, but sessions.db-wal beside it shows that there was one." },
        { "journal header", "is damaged: its journal sessions.db-wal has lost what was written last." },
        { "journal zeroed", "is damaged: its journal sessions.db-wal has lost what was written last." },
        { "journal middle", "is damaged: its journal sessions.db-wal has lost what was written last." },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_damaged_record_that_was_not_closed_is_refused_kept_and_a_backup_is_offered(string damage, string words)
    {
        using var left = await LeftByADeadHostAsync();
        Inflict(damage, left.Path);
        var before = left.Files();

        var error = await Assert.ThrowsAsync<SessionStoreException>(() => SessionStore.OpenAsync(left.Path));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.True(error.IsDamaged);
        Assert.DoesNotContain("Choose another path", error.Message, StringComparison.Ordinal);
        var after = left.Files();
        Assert.All(before.Where(file => !file.Key.EndsWith("-shm", StringComparison.Ordinal)), file => Assert.Equal(file.Value, after[file.Key]));
        Assert.Empty(after.Keys.Except([.. before.Keys, "sessions.db-shm", "sessions.db-wal", "sessions.db-lock"]));

        var offered = (await backups.FindNewestSoundAsync())!;
        Assert.Equal(1, offered.Content!.Sessions);
        var restored = await RecordRestore.RestoreAsync(left.Path, offered.Path, Make.Owner);
        Assert.Equal(damage == "gone", restored.ReplacedPath is null);
        await using var store = await SessionStore.OpenAsync(left.Path);
        Assert.Single(await store.ListAsync());
        Assert.True((await store.VerifyAsync()).IsSound);
    }

    [Theory]
    [InlineData("empty", "is empty, but sessions.db-head")]
    [InlineData("gone", "is gone, but sessions.db-head")]
    [InlineData("header", "is damaged: its beginning is gone.")]
    [InlineData("cut off", "is damaged.")]
    public async Task A_record_that_was_closed_and_is_gone_is_not_replaced_by_a_new_one(string damage, string words)
    {
        await using (var store = await SessionStore.OpenAsync(record.Path))
        {
            await store.TreatOnceAsync();
        }

        Inflict(damage, record.Path);

        var error = await Assert.ThrowsAsync<SessionStoreException>(() => SessionStore.OpenAsync(record.Path));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.True(error.IsDamaged);
    }

    [Fact]
    public async Task Damage_that_opening_does_not_meet_is_found_by_the_next_backup_which_keeps_those_before()
    {
        await using (var treated = await SessionStore.OpenAsync(record.Path))
        {
            await treated.TreatOnceAsync();
            await backups.BackUpAsync();
        }

        Inflict("telemetry", record.Path);
        await using var store = await SessionStore.OpenAsync(record.Path);

        var error = await Assert.ThrowsAsync<SessionStoreException>(() => backups.BackUpAsync());

        Assert.Equal($"The session record {record.Path} is damaged: no backup was taken, and those before are kept. End the program and restore one of them.", error.Message);
        Assert.True(error.IsDamaged);
        Assert.Single(await backups.ListAsync());
        Assert.Equal(2, Directory.GetFiles(backups.Folder).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(31)]
    public async Task A_journal_without_a_frame_has_lost_nothing(int length)
    {
        await using (var treated = await SessionStore.OpenAsync(record.Path))
        {
            await treated.TreatOnceAsync();
        }

        File.WriteAllBytes(record.Path + "-wal", new byte[length]);

        await using var store = await SessionStore.OpenAsync(record.Path);
        Assert.Single(await store.ListAsync());
    }

    [Fact]
    public async Task The_last_commit_torn_by_a_power_cut_is_no_damage_and_what_was_acknowledged_before_is_there()
    {
        using var left = await LeftByADeadHostAsync();
        long acknowledged;
        using (var whole = left.Copy())
        {
            await using var store = await SessionStore.OpenAsync(whole.Path);
            acknowledged = (await store.VerifyAsync()).Links;
        }

        Damage.Truncate(left.Path + "-wal", new FileInfo(left.Path + "-wal").Length - 100);

        await using var opened = await SessionStore.OpenAsync(left.Path);
        Assert.True((await opened.VerifyAsync()).Links >= acknowledged - 1);
        Assert.Equal(2, (await opened.ListAsync()).Count);
    }

    /// <summary>A record of two sessions whose host died: in the first a backup was taken, the second is in the journal.</summary>
    private async Task<Record> LeftByADeadHostAsync()
    {
        await using (var treated = await SessionStore.OpenAsync(record.Path))
        {
            await treated.TreatOnceAsync(2000);
            await backups.BackUpAsync();
        }

        await using var store = await SessionStore.OpenAsync(record.Path);
        await store.TreatOnceAsync();
        Record left = new();
        foreach (var end in new[] { "", "-wal", "-head" })
        {
            File.Copy(record.Path + end, left.Path + end);
        }

        return left;
    }

    private static void Inflict(string damage, string path)
    {
        var wal = path + "-wal";
        switch (damage)
        {
            case "header":
                Damage.Overwrite(path, 0, 100);
                if (File.Exists(wal))
                {
                    // The journal has the first page too, from which SQLite would mend it: then nothing is lost.
                    File.WriteAllBytes(wal, []);
                }

                break;
            case "first page":
                Damage.Overwrite(path, 100, PageBytes - 100);
                File.WriteAllBytes(wal, []);
                break;
            case "middle" or "telemetry":
                using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=false"))
                {
                    other.Open();
                    var page = damage == "middle" ? 0 : (long)other.Scalar("SELECT rootpage FROM sqlite_master WHERE name = 'TelemetrySamples'")!;
                    Damage.Overwrite(path, page == 0 ? new FileInfo(path).Length / PageBytes / 2 * PageBytes : (page - 1) * PageBytes, PageBytes);
                }

                break;
            case "cut off":
                Damage.Truncate(path, new FileInfo(path).Length / 2 / PageBytes * PageBytes);
                if (File.Exists(wal))
                {
                    File.WriteAllBytes(wal, []);
                }

                break;
            case "cut to a stump":
                Damage.Truncate(path, 300);
                break;
            case "empty":
                Damage.Truncate(path, 0);
                break;
            case "gone":
                File.Delete(path);
                break;
            case "journal header":
                Damage.Overwrite(wal, 0, 32);
                break;
            case "journal zeroed":
                Damage.Overwrite(wal, 0, (int)new FileInfo(wal).Length, 0);
                break;
            case "journal middle":
                Damage.Overwrite(wal, 32 + (FrameBytes * 2) + 500, 10);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(damage), damage, "Not known.");
        }
    }
}
