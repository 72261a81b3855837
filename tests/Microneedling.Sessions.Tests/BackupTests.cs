// Backups of a record that is in use: whole, checked, kept for long enough, and never in the way.

using System.Runtime.Versioning;
using Microneedling.Sessions.Backups;

namespace Microneedling.Sessions.Tests;

public sealed class BackupTests : IDisposable
{
    private readonly Record record = new();
    private readonly SetClock clock = new(Make.Start);
    private readonly RecordBackups backups;

    public BackupTests() => backups = new RecordBackups(record.Path, null, clock);

    public void Dispose()
    {
        backups.Dispose();
        record.Dispose();
    }

    [Fact]
    public async Task A_backup_holds_what_was_on_disk_when_it_was_taken_and_proves_itself()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await store.TreatOnceAsync();
        await store.TreatOnceAsync();

        var backup = await backups.BackUpAsync();

        await store.TreatOnceAsync();
        var report = await store.VerifyAsync();
        Assert.Equal(Path.Combine(record.Folder, "backups", "sessions-20260314T092653Z.db"), backup.Path);
        Assert.True(backup.IsSound);
        Assert.Equal((2L, report.RecordKey), (backup.Content!.Sessions, backup.Content.RecordKey));
        Assert.Equal(backup, Assert.Single(await backups.ListAsync()));
        Assert.Equal(Make.Start, backups.NewestTakenAt());
        Assert.Equal(["sessions-20260314T092653Z.db", "sessions-20260314T092653Z.db-head"], Directory.GetFiles(backups.Folder).Select(Path.GetFileName).Order());

        using var beside = new Record();
        File.Copy(backup.Path, beside.Path);
        await using var copy = await SessionStore.OpenAsync(beside.Path);
        Assert.Equal((await store.ListAsync()).Skip(1), await copy.ListAsync());
        Assert.Equal((await store.FindAsync(1))!.Telemetry, (await copy.FindAsync(1))!.Telemetry);
        Assert.True((await copy.VerifyAsync()).IsSound);
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_the_owner_may_read_a_backup()
    {
        await using var store = await SessionStore.OpenAsync(record.Path);
        await store.TreatOnceAsync();

        await backups.BackUpAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(backups.Folder));
        Assert.All(Directory.GetFiles(backups.Folder), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task Backups_are_taken_while_a_session_is_recorded_which_loses_nothing_by_it()
    {
        await using var store = await SessionStore.OpenAsync(record.Path);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        using CancellationTokenSource enough = new();
        uint recorded = 0;
        var recording = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                for (var i = 0; i < 20; i++)
                {
                    recorded++;
                    recorder.RecordStatus(Make.Status(recorded * 50, recorded, recorded));
                    recorder.RecordEvent(Make.Event(recorded));
                }

                await recorder.FlushAsync();
            }
        });
        List<Backup> taken = [];
        for (var i = 0; i < 5; i++)
        {
            clock.Now = clock.Now.AddSeconds(1);
            taken.Add(await backups.BackUpAsync());
        }

        await enough.CancelAsync();
        await recording;
        await recorder.FinishAsync(SessionOutcome.Completed, null);

        Assert.All(taken, backup => Assert.True(backup.IsSound));
        Assert.Equal(5, taken.Select(backup => backup.Path).Distinct().Count());
        var detail = (await store.FindAsync(recorder.SessionId))!;
        Assert.Equal(((int)recorded + 1, (int)recorded, true), (detail.Telemetry.Count, detail.Events.Count, detail.Summary.EventsComplete));
        Assert.True((await store.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task Seven_days_and_four_weeks_are_kept_the_latest_of_each()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await store.TreatOnceAsync();
        var first = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero); // A Monday.
        for (var day = 0; day < 40; day++)
        {
            foreach (var hour in new[] { 0, 6 })
            {
                clock.Now = first.AddDays(day).AddHours(hour);
                await backups.BackUpAsync();
            }
        }

        Assert.Equal(
            [
                "0410T15", "0409T15", "0408T15", "0407T15", "0406T15", "0405T15", "0404T15", // Days; the 5th ends the week before.
                "0329T15", "0322T15",
            ],
            (await backups.ListAsync()).Select(backup => backup.TakenAt.ToString("MMdd'T'HH", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(2 * 9, Directory.GetFiles(backups.Folder).Length);
    }

    [Fact]
    public async Task A_backup_just_taken_is_kept_though_the_clock_was_set_back()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        clock.Now = Make.Start.AddHours(1);
        await backups.BackUpAsync();
        clock.Now = Make.Start;

        var taken = await backups.BackUpAsync();

        Assert.True(File.Exists(taken.Path));
    }

    [Fact]
    public async Task A_record_that_does_not_prove_itself_is_backed_up_under_a_name_that_says_so_and_drives_out_no_sound_one()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await store.TreatOnceAsync();
        var sound = await backups.BackUpAsync();
        record.Execute("UPDATE Sessions SET Strokes = 1");

        for (var day = 1; day < 40; day++)
        {
            clock.Now = Make.Start.AddDays(day);
            Assert.False((await backups.BackUpAsync()).IsSound);
        }

        var kept = await backups.ListAsync();
        Assert.Equal(sound, Assert.Single(kept, backup => backup.IsSound));
        Assert.All(kept.SkipLast(1), backup => Assert.EndsWith("Z-unsound.db", backup.Path, StringComparison.Ordinal));
        Assert.Equal(sound, await backups.FindNewestSoundAsync());
        Assert.Equal(Make.Start, backups.NewestTakenAt());
    }

    [Fact]
    public async Task A_record_that_was_set_back_is_noticed_by_its_backup()
    {
        using var old = await TreatedAsync();
        await using (var store = await SessionStore.OpenAsync(record.Path))
        {
            await store.TreatOnceAsync();
        }

        File.Copy(old.Path, record.Path, overwrite: true);

        Assert.False((await backups.BackUpAsync()).IsSound);

        async Task<Record> TreatedAsync()
        {
            await using (var store = await SessionStore.OpenAsync(record.Path))
            {
                await store.TreatOnceAsync();
            }

            return record.Copy();
        }
    }

    [Fact]
    public async Task A_backup_that_was_damaged_since_is_passed_over()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await store.TreatOnceAsync();
        var good = await backups.BackUpAsync();
        clock.Now = clock.Now.AddDays(1);
        var bad = await backups.BackUpAsync();
        Damage.Overwrite(bad.Path, 8192, 4096);
        clock.Now = clock.Now.AddDays(1);
        var cut = await backups.BackUpAsync();
        Damage.Overwrite(cut.Path, 0, 100);

        Assert.Equal(good, await backups.FindNewestSoundAsync());
        Assert.Null((await backups.ListAsync())[0].Content);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told_and_no_partial_file_stays()
    {
        await using var store = await SessionStore.OpenAsync(record.Path);
        File.WriteAllText(backups.Folder, "in the way");

        var error = await Assert.ThrowsAsync<SessionStoreException>(() => backups.BackUpAsync());

        Assert.Equal($"The backup could not be written to {backups.Folder}. Give this user write access to it, or choose another folder, and check that its disk has room.", error.Message);
        Assert.False(error.IsDamaged);
    }

    [Fact]
    public async Task Other_files_in_the_folder_are_left_alone()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        Directory.CreateDirectory(backups.Folder);
        string[] others = ["sessions-of-old.db", "other-20250101T000000Z.db", "sessions-20250101T000000Z.db.txt"];
        foreach (var other in others)
        {
            File.WriteAllText(Path.Combine(backups.Folder, other), "x");
        }

        for (var day = 0; day < 12; day++)
        {
            clock.Now = Make.Start.AddDays(day);
            await backups.BackUpAsync();
        }

        Assert.All(others, other => Assert.Equal("x", File.ReadAllText(Path.Combine(backups.Folder, other))));
    }

    [Fact]
    public async Task A_backup_has_no_free_pages_with_what_was_erased()
    {
        const string Secret = "MagnoliaKettle";
        await using var store = await SessionStore.OpenAsync(record.Path);
        await store.Audit.AddAsync(Make.Owner, "test", "", "");
        record.Execute($"CREATE TABLE Gone (Text TEXT); INSERT INTO Gone VALUES ('{Secret}'); DELETE FROM Gone; PRAGMA wal_checkpoint");
        Assert.Contains(Secret, System.Text.Encoding.Latin1.GetString(record.Files()["sessions.db"]), StringComparison.Ordinal);

        var backup = await backups.BackUpAsync();

        Assert.DoesNotContain(Secret, System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(backup.Path)), StringComparison.Ordinal);
    }
}
