// A disk that is full, fails or hangs under a session that is being recorded: whoever treats feels nothing of it, nothing
// that was acknowledged is lost, and what was noted meanwhile is written once as soon as the disk takes it.

using System.Diagnostics;
using System.Globalization;
using Microneedling.Sessions.Backups;
using Xunit.Abstractions;

namespace Microneedling.Sessions.Tests;

[Collection(nameof(DiskFaultTests))]
public sealed class DiskFaultTests(ITestOutputHelper output)
{
    /// <summary>An hour of statuses, 20 a second.</summary>
    private const int StatusesAnHour = 72_000;

    private const int MostBytesPerNote = 500;
    private static readonly TimeSpan Unfelt = TimeSpan.FromSeconds(1);

    [DiskFact]
    public async Task A_full_disk_loses_nothing_and_every_row_is_written_once_when_there_is_room()
    {
        using LoopDisk disk = new(64);
        await using var store = await SessionStore.OpenAsync(disk.Record);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        uint recorded = 0;
        for (var round = 0; round < 2; round++)
        {
            disk.Fill();
            uint acknowledged = 0;
            var error = await Assert.ThrowsAsync<SessionStoreException>(async () =>
            {
                while (true)
                {
                    acknowledged = recorded;
                    recorded = Treat(recorder, recorded, 5000); // The journal has some room of its own.
                    await recorder.FlushAsync();
                }
            });
            recorded = Treat(recorder, recorded, 1000);

            Assert.Matches("cannot grow: the disk is full. Free some space.$|could not be read or written. Check the disk it is on.$", error.Message);
            Assert.Equal(error.Message, recorder.Fault?.Message);
            Assert.Equal((int)acknowledged, (await store.FindAsync(recorder.SessionId))!.Events.Count);

            disk.MakeRoom();
            await recorder.FlushAsync();
            Assert.Null(recorder.Fault);
        }

        var summary = await recorder.FinishAsync(SessionOutcome.Completed, null);

        Assert.True(summary.EventsComplete);
        var detail = (await store.FindAsync(recorder.SessionId))!;
        Assert.Equal(Enumerable.Range(1, (int)recorded).Select(number => (uint)number), detail.Events.Select(happened => happened.Entry).OfType<Client.DeviceEvent>().Select(happened => happened.Number));
        Assert.Equal((int)recorded + 1, detail.Telemetry.Count);
        Assert.True((await store.VerifyAsync()).IsSound);
    }

    [DiskFact]
    public async Task On_a_full_disk_no_session_begins_no_backup_stays_and_the_words_say_why()
    {
        using LoopDisk disk = new();
        await using var store = await SessionStore.OpenAsync(disk.Record);
        await store.TreatOnceAsync();
        using RecordBackups backups = new(disk.Record);
        var before = await backups.BackUpAsync();
        disk.Fill();

        var unwritten = await Assert.ThrowsAsync<SessionStoreException>(async () =>
        {
            while (true)
            {
                await store.TreatOnceAsync(20_000); // What the journal has room for may still fit.
            }
        });
        var unsaved = await Assert.ThrowsAsync<SessionStoreException>(() => backups.BackUpAsync());

        Assert.Contains("disk", unwritten.Message, StringComparison.Ordinal);
        Assert.Contains("disk", unsaved.Message, StringComparison.Ordinal);
        Assert.Equal(before, Assert.Single(await backups.ListAsync()));
        Assert.Equal(2, Directory.GetFiles(backups.Folder).Length);
        disk.MakeRoom();
    }

    [DiskFact]
    public async Task A_host_killed_while_the_disk_is_full_loses_nothing_that_was_acknowledged()
    {
        var seed = Environment.TickCount;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        Random random = new(seed);
        using LoopDisk disk = new();
        for (var kill = 1; kill <= 3; kill++)
        {
            using var host = HostDeathTests.Start(HostDeathTests.Treat, disk.Record, random.Next().ToString(CultureInfo.InvariantCulture));
            List<string> said = [];
            for (var lines = random.Next(1, 12); lines > 0; lines--)
            {
                said.Add(await host.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The host ended by itself."));
            }

            disk.Fill();
            var rest = host.StandardOutput.ReadToEndAsync();
            using (ManualResetEventSlim moment = new())
            {
                // By the real clock: the kill has to come at a moment that the host does not choose.
                moment.Wait(random.Next(300));
            }

            host.Kill();
            await host.WaitForExitAsync();
            said.AddRange((await rest).Split('\n')[..^1]);
            disk.MakeRoom();

            await using var store = await SessionStore.OpenAsync(disk.Record);
            var report = await store.VerifyAsync();
            Assert.True(report.IsSound, string.Join(' ', report.Flaws));
            foreach (var line in said)
            {
                await HostDeathTests.AssertKeptAsync(store, line, string.Create(CultureInfo.InvariantCulture, $"seed {seed}, kill {kill}"));
            }
        }
    }

    [DiskFact]
    public async Task A_disk_that_turns_read_only_is_told_and_what_was_acknowledged_is_there_when_it_is_mended()
    {
        using LoopDisk disk = new();
        uint acknowledged, recorded;
        await using (var store = await SessionStore.OpenAsync(disk.Record))
        {
            await store.TreatOnceAsync();
            await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
            acknowledged = Treat(recorder, 0, 500);
            await recorder.FlushAsync();
            disk.Fail();

            recorded = Treat(recorder, acknowledged, 5000);

            var error = await Assert.ThrowsAsync<SessionStoreException>(() => recorder.FlushAsync());
            Assert.Matches("could not be read or written. Check the disk it is on.$|cannot be written.", error.Message);
            Assert.Equal(error.Message, recorder.Fault?.Message);
            await Assert.ThrowsAsync<SessionStoreException>(() => store.BeginAsync(Make.Device(2), Make.Status()));
        }

        disk.Mend();

        await using var again = await SessionStore.OpenAsync(disk.Record);
        Assert.True((await again.VerifyAsync()).IsSound);
        var left = (await again.FindAsync(2))!;
        Assert.Equal(SessionOutcome.AwaitingDevice, left.Summary.Outcome);
        Assert.InRange(left.Events.Count, (int)acknowledged, (int)recorded);
        await again.TreatOnceAsync();
    }

    [DiskFact]
    public async Task A_record_on_a_read_only_disk_is_refused_in_words()
    {
        using LoopDisk disk = new();
        await using (var store = await SessionStore.OpenAsync(disk.Record))
        {
            await store.TreatOnceAsync();
        }

        disk.Fail();

        var error = await Assert.ThrowsAsync<SessionStoreException>(() => SessionStore.OpenAsync(disk.Record));

        Assert.EndsWith("cannot be written. Give this user write access to the file and its folder, or choose another path.", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsDamaged);
    }

    [DiskFact]
    public async Task A_disk_that_hangs_again_and_again_is_not_felt_and_loses_nothing()
    {
        using LoopDisk disk = new();
        await using var store = await SessionStore.OpenAsync(disk.Record);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        uint recorded = 0;
        for (var round = 0; round < 5; round++)
        {
            await recorder.FlushAsync();
            disk.Freeze();
            recorded = Treat(recorder, recorded, 200);
            var written = recorder.FlushAsync();
            recorded = Treat(recorder, recorded, 20_000);
            Assert.False(written.IsCompleted);

            disk.Thaw();
            await written;
        }

        await recorder.FinishAsync(SessionOutcome.Completed, null);

        var detail = (await store.FindAsync(recorder.SessionId))!;
        Assert.Equal(((int)recorded + 1, (int)recorded, true), (detail.Telemetry.Count, detail.Events.Count, detail.Summary.EventsComplete));
        Assert.True((await store.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task An_hour_of_notes_that_the_disk_refuses_fits_in_memory_and_is_written_at_once_later()
    {
        using Record record = new();
        await using var store = await SessionStore.OpenAsync(record.Path);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        await recorder.FlushAsync();
        using (var other = record.OpenAsAnotherProgram())
        {
            other.Execute("BEGIN IMMEDIATE");
            var before = GC.GetTotalMemory(forceFullCollection: true);

            for (var i = 1; i <= StatusesAnHour; i++)
            {
                recorder.RecordStatus(Make.Status(i * 50, (uint)i));
            }

            var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)StatusesAnHour;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes:0} bytes a note, {bytes * StatusesAnHour / (1 << 20):0.0} MiB an hour"));
            Assert.InRange(bytes, 1, MostBytesPerNote);
            other.Execute("ROLLBACK");
        }

        var watch = Stopwatch.StartNew();
        await recorder.FlushAsync();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"written in {watch.Elapsed.TotalSeconds:0.0} s"));
        Assert.Equal(StatusesAnHour + 1, (await store.FindAsync(recorder.SessionId))!.Telemetry.Count);
    }

    /// <summary>Notes as a treatment does, and asserts that it did not wait for the disk.</summary>
    private static uint Treat(SessionRecorder recorder, uint recorded, int count)
    {
        var longest = TimeSpan.Zero;
        for (var i = 0; i < count; i++)
        {
            recorded++;
            var began = Stopwatch.GetTimestamp();
            recorder.RecordStatus(Make.Status(recorded * 50, recorded, recorded));
            recorder.RecordEvent(Make.Event(recorded));
            var took = Stopwatch.GetElapsedTime(began);
            longest = took > longest ? took : longest;
        }

        Assert.True(longest < Unfelt, $"Recording took {longest}.");
        return recorded;
    }
}

/// <summary>One disk after another.</summary>
[CollectionDefinition(nameof(DiskFaultTests), DisableParallelization = true)]
public sealed class DiskFaults;
