// Restoring: a backup takes the place of the record only when it proves itself, the record before stays whole beside it,
// and whenever the restoring program dies there is a record: the one before or the restored one.

using System.Globalization;
using Microneedling.Sessions.Backups;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;

namespace Microneedling.Sessions.Tests;

public sealed class RestoreTests : IDisposable
{
    internal const string Restore = "restore";

    private static readonly Actor Keeper = new(null, "Rosa Keeper");

    private readonly Record record = new();
    private readonly SetClock clock = new(Make.Start);
    private readonly RecordBackups backups;

    public RestoreTests() => backups = new RecordBackups(record.Path, null, clock);

    /// <summary>The steps of a restore, in their order, and whether the restored record is there when the program died at it.</summary>
    public static TheoryData<string, bool> Steps => new()
    {
        { "copied", false },
        { "updated", false },
        { "prepared", false },
        { "decided", true },
        { "record aside", true },
        { "journal aside", true },
        { "note aside", true },
        { "note in place", true },
        { "record in place", true },
    };

    public void Dispose()
    {
        backups.Dispose();
        record.Dispose();
    }

    [Fact]
    public async Task A_restored_record_is_sound_and_tells_who_restored_it_and_what_was_lost()
    {
        var (backup, before) = await BackedUpThenTreatedAsync();
        clock.Now = clock.Now.AddDays(1);

        var restored = await RecordRestore.RestoreAsync(record.Path, backup.Path, Keeper, clock);

        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        var report = await store.VerifyAsync();
        Assert.True(report.IsSound, string.Join(' ', report.Flaws));
        Assert.Equal((1L, backup.Content!.Links + 1, before.Links - backup.Content.Links), (restored.Sessions, restored.Links, restored.LostLinks));
        Assert.Equal((restored.Links, before.RecordKey), (report.Links, report.RecordKey));
        Assert.Single(await store.ListAsync());

        var entry = Assert.Single(report.Restores);
        Assert.Equal((clock.Now, Keeper, "record.restored", "backup:sessions-20260314T092653Z.db"), (entry.At, entry.Who, entry.Action, entry.Subject));
        Assert.Equal(
            $"ended at link {backup.Content.Links} {backup.Content.HeadHash}; replaced the record that ended at link {before.Links} {before.HeadHash}; kept as sessions-replaced-20260315T092653Z.db",
            entry.Details);
        Assert.Contains($"restored {before.Links} {before.HeadHash} 2026-03-15T09:26:53Z", File.ReadAllLines(record.Path + "-head"));
    }

    [Fact]
    public async Task A_restored_record_goes_on_and_stays_sound_when_it_is_closed_and_opened()
    {
        var (backup, _) = await BackedUpThenTreatedAsync();
        await RecordRestore.RestoreAsync(record.Path, backup.Path, Keeper);
        await using (var store = await SessionStore.OpenAsync(record.Path))
        {
            await store.TreatOnceAsync();
        }

        await using var again = await SessionStore.OpenAsync(record.Path);
        var report = await again.VerifyAsync();
        Assert.True(report.IsSound, string.Join(' ', report.Flaws));
        Assert.Equal((2L, 1), (report.Sessions, report.Restores.Count));
    }

    [Fact]
    public async Task A_copy_put_in_place_by_hand_instead_is_still_found()
    {
        var (backup, _) = await BackedUpThenTreatedAsync();
        File.Copy(backup.Path, record.Path, overwrite: true);

        await using var store = await SessionStore.OpenAsync(record.Path);

        var report = await store.VerifyAsync();
        Assert.Contains(report.Flaws, flaw => flaw.Kind == ProofFlawKind.SetBack);
        Assert.Empty(report.Restores);
    }

    [Fact]
    public async Task The_record_before_stays_whole_and_can_be_put_back_in_the_same_way()
    {
        var (backup, before) = await BackedUpThenTreatedAsync();
        var files = record.Files();
        var restored = await RecordRestore.RestoreAsync(record.Path, backup.Path, Keeper, clock);
        Assert.Equal(files["sessions.db"], File.ReadAllBytes(restored.ReplacedPath!));
        Assert.Equal(files["sessions.db-head"], File.ReadAllBytes(restored.ReplacedPath + "-head"));
        Assert.Equal(["backups", "sessions-replaced-20260314T092653Z.db", "sessions-replaced-20260314T092653Z.db-head", "sessions.db", "sessions.db-head", "sessions.db-lock"], Names());

        clock.Now = clock.Now.AddMinutes(1);
        var back = await RecordRestore.RestoreAsync(record.Path, restored.ReplacedPath!, Keeper, clock);

        await using var store = await SessionStore.OpenAsync(record.Path);
        var report = await store.VerifyAsync();
        Assert.True(report.IsSound, string.Join(' ', report.Flaws));
        Assert.Equal((2L, before.Links + 1), (report.Sessions, back.Links));
    }

    [Fact]
    public async Task What_a_dead_host_left_in_the_journal_goes_aside_with_its_record()
    {
        var backup = (await BackedUpThenTreatedAsync()).Backup;
        await using (var store = await SessionStore.OpenAsync(record.Path))
        {
            await store.TreatOnceAsync();
            using Record left = new();
            foreach (var end in new[] { "", "-wal", "-head" })
            {
                File.Copy(record.Path + end, left.Path + end);
            }

            var journal = File.ReadAllBytes(left.Path + "-wal");
            var restored = await RecordRestore.RestoreAsync(left.Path, backup.Path, Keeper);
            Assert.Equal(journal, File.ReadAllBytes(restored.ReplacedPath + "-wal"));

            await using var replaced = await SessionStore.OpenAsync(restored.ReplacedPath!);
            Assert.Equal(3, (await replaced.ListAsync()).Count);
            Assert.True((await replaced.VerifyAsync()).IsSound);
            await using var now = await SessionStore.OpenAsync(left.Path);
            Assert.Single(await now.ListAsync());
        }
    }

    [Fact]
    public async Task A_backup_is_restored_where_there_is_no_record_and_no_folder()
    {
        var (backup, _) = await BackedUpThenTreatedAsync();
        using Record fresh = new();
        var path = Path.Combine(fresh.Folder, "new", "record.db");

        var restored = await RecordRestore.RestoreAsync(path, backup.Path, Keeper);

        Assert.Equal((null, null), (restored.ReplacedPath, restored.LostLinks));
        await using var store = await SessionStore.OpenAsync(path);
        Assert.True((await store.VerifyAsync()).IsSound);
        Assert.Single(await store.ListAsync());
    }

    [Fact]
    public async Task The_record_of_another_clinic_in_the_place_is_named()
    {
        var (backup, _) = await BackedUpThenTreatedAsync();
        using Record other = new();
        await using (var store = await SessionStore.OpenAsync(other.Path))
        {
            await store.TreatOnceAsync();
        }

        var restored = await RecordRestore.RestoreAsync(other.Path, backup.Path, Keeper);

        Assert.Null(restored.LostLinks);
        await using var now = await SessionStore.OpenAsync(other.Path);
        Assert.Contains("replaced another record (", Assert.Single((await now.VerifyAsync()).Restores).Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_was_running_when_the_backup_was_taken_waits_for_its_device()
    {
        Backup backup;
        await using (var store = await SessionStore.OpenAsync(record.Path))
        {
            await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
            recorder.RecordEvent(Make.Event(1));
            await recorder.FlushAsync();
            backup = await backups.BackUpAsync();
            await recorder.FinishAsync(SessionOutcome.Completed, null);
        }

        await RecordRestore.RestoreAsync(record.Path, backup.Path, Keeper);

        await using var restored = await SessionStore.OpenAsync(record.Path);
        Assert.Equal((SessionOutcome.AwaitingDevice, false), Assert.Single((await restored.ListAsync()).Select(session => (session.Outcome, session.EventsComplete))));
        Assert.True((await restored.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task Nothing_is_restored_while_a_program_has_the_record_open()
    {
        var (backup, _) = await BackedUpThenTreatedAsync();
        await using var store = await SessionStore.OpenAsync(record.Path);

        await IsRefused(backup.Path, "is open in another program, which must be closed first.");
    }

    [Fact]
    public async Task A_backup_that_is_missing_damaged_or_altered_is_refused()
    {
        var (backup, _) = await BackedUpThenTreatedAsync();
        await IsRefused(backup.Path + ".none", "There is no such file.");
        await IsRefused(record.Path, "It is the record itself.");

        using (Record altered = new())
        {
            File.Copy(backup.Path, altered.Path);
            altered.Execute("UPDATE SessionEvents SET Argument1 = 99 WHERE Number = 7");
            await IsRefused(altered.Path, "It does not prove itself: ");
        }

        using (Record cut = new())
        {
            File.Copy(backup.Path, cut.Path);
            File.WriteAllText(cut.Path + "-head", $"{backup.Content!.Links + 5} {new string('a', 64)} 2026-03-14T00:00:00Z\n");
            await IsRefused(cut.Path, "It does not prove itself: ");
        }

        Damage.Overwrite(backup.Path, 8192, 4096);
        await IsRefused(backup.Path, "It is damaged. Choose another one.");
        File.WriteAllText(backup.Path, new string('x', 5000));
        await IsRefused(backup.Path, "It is damaged. Choose another one.");
    }

    [Fact]
    public async Task A_backup_of_a_newer_version_is_refused()
    {
        var (backup, _) = await BackedUpThenTreatedAsync();
        using Record newer = new();
        File.Copy(backup.Path, newer.Path);
        newer.Execute("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_FromTheFuture', '99.0.0')");

        await IsRefused(newer.Path, "was written by a newer version of this program. Update this program.");
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_restore_killed_at_any_step_leaves_the_record_before_or_the_restored_one(string step, bool isRestored)
    {
        var (backup, before) = await BackedUpThenTreatedAsync();
        using (var host = HostDeathTests.Start(Restore, record.Path, backup.Path, step))
        {
            await host.WaitForExitAsync();
            Assert.NotEqual(0, host.ExitCode);
        }

        await using (var store = await SessionStore.OpenAsync(record.Path))
        {
            var report = await store.VerifyAsync();
            Assert.True(report.IsSound, string.Join(' ', report.Flaws));
            Assert.Equal(before.RecordKey, report.RecordKey);
            Assert.Equal(isRestored ? (1L, 1) : (2L, 0), (report.Sessions, report.Restores.Count));
        }

        if (isRestored)
        {
            var replaced = Directory.GetFiles(record.Folder, "sessions-replaced-*.db").Single();
            await using var old = await SessionStore.OpenAsync(replaced);
            Assert.Equal(2, (await old.ListAsync()).Count);
            Assert.True((await old.VerifyAsync()).IsSound);
            Assert.True(File.Exists(replaced + "-head"));
        }
        else
        {
            await RecordRestore.RestoreAsync(record.Path, backup.Path, Keeper);
            await using var restored = await SessionStore.OpenAsync(record.Path);
            Assert.Single(await restored.ListAsync());
        }

        Assert.DoesNotContain(Names(), name => name!.Contains("-restor", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restore_that_is_given_up_leaves_the_record_as_it_is()
    {
        var (backup, _) = await BackedUpThenTreatedAsync();
        var before = record.Files();
        foreach (var step in new[] { "copied", "updated", "prepared" })
        {
            using CancellationTokenSource giving = new();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RecordRestore.RestoreAsync(
                record.Path, backup.Path, Keeper, clock, reached => { if (reached == step) { giving.Cancel(); giving.Token.ThrowIfCancellationRequested(); } }, giving.Token));
            Assert.Equal(before, record.Files());
        }
    }

    private async Task<(Backup Backup, ProofReport Before)> BackedUpThenTreatedAsync()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await store.TreatOnceAsync();
        var backup = await backups.BackUpAsync();
        await store.TreatOnceAsync();
        return (backup, await store.VerifyAsync());
    }

    private async Task IsRefused(string path, string words)
    {
        var before = record.Files();
        var error = await Assert.ThrowsAsync<SessionStoreException>(() => RecordRestore.RestoreAsync(record.Path, path, Keeper));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("-restoring", error.Message, StringComparison.Ordinal);
        var after = record.Files();
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        Assert.All(before, file => Assert.True(file.Value.AsSpan().SequenceEqual(after[file.Key]), string.Create(CultureInfo.InvariantCulture, $"{file.Key} changed")));
    }

    private IEnumerable<string?> Names() => Directory.GetFileSystemEntries(record.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
