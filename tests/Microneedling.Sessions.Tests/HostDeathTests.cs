// A host that dies in the middle of a session: what was committed stays, and the session is closed for what it was.

using System.Diagnostics;

namespace Microneedling.Sessions.Tests;

public sealed class HostDeathTests : IDisposable
{
    internal const int StatusesRecorded = 10;
    internal const string Committed = "committed";

    private readonly Record record = new();

    public void Dispose() => record.Dispose();

    [Fact]
    public async Task A_killed_host_keeps_its_committed_rows_and_its_session_is_closed_only_once_it_is_dead()
    {
        using var host = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["exec", typeof(HostDeathTests).Assembly.Location, record.Path])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.Equal(Committed, await host.StandardOutput.ReadLineAsync());
            await using var beside = await SessionStore.OpenAsync(record.Path);
            Assert.Equal(SessionOutcome.Running, Assert.Single(await beside.ListAsync()).Outcome);
        }
        finally
        {
            host.Kill();
            await host.WaitForExitAsync();
        }

        await using var store = await SessionStore.OpenAsync(record.Path);
        var detail = (await store.FindAsync(1))!;
        Assert.Equal((SessionOutcome.Interrupted, (long)StatusesRecorded, false), (detail.Summary.Outcome, detail.Summary.Strokes, detail.Summary.EventsComplete));
        Assert.Equal(StatusesRecorded + 1, detail.Telemetry.Count);
    }

    [Fact]
    public async Task An_interrupted_session_ended_when_its_last_row_was_recorded()
    {
        var clock = new SetClock(Make.Start);
        using var left = new Record();
        await using (var store = await SessionStore.OpenAsync(record.Path, clock))
        {
            await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
            clock.Now = Make.Start.AddSeconds(40);
            recorder.RecordEvent(Make.Event(1));
            clock.Now = Make.Start.AddSeconds(50);
            await recorder.FlushAsync();
            CopyAsLeftByADeadHost(record, left);
        }

        clock.Now = Make.Start.AddDays(1);
        await using var again = await SessionStore.OpenAsync(left.Path, clock);

        var detail = (await again.FindAsync(1))!;
        Assert.Equal((SessionOutcome.Interrupted, Make.Start.AddSeconds(40)), (detail.Summary.Outcome, detail.Summary.EndedAt));
        Assert.Single(detail.Events);
    }

    [Fact]
    public async Task A_session_without_a_row_ended_when_it_began()
    {
        using var left = new Record();
        await using (var store = await SessionStore.OpenAsync(record.Path, new SetClock(Make.Start)))
        {
            using var other = record.OpenAsAnotherProgram();
            other.Execute("INSERT INTO Sessions (Id, StartedUtc, EndedUtc, LastRecordedUtc, DeviceSerialNumber, DeviceBootId, FirmwareVersion, ProtocolVersion, Outcome, Strokes, DeepestActiveDepthMicrometers, FastestActiveRateMillihertz, EventsComplete) SELECT 1, '2026-03-14T09:26:53.0000000Z', NULL, '2026-03-14T09:26:53.0000000Z', 1, 1, '1.0.0', '1.0', 0, 0, 0, 0, 1");
            CopyAsLeftByADeadHost(record, left);
        }

        await using var again = await SessionStore.OpenAsync(left.Path);
        Assert.Equal((SessionOutcome.Interrupted, Make.Start), ((await again.FindAsync(1))!.Summary.Outcome, (await again.FindAsync(1))!.Summary.EndedAt));
    }

    [Fact]
    public async Task Sessions_of_another_store_that_is_open_are_left_alone()
    {
        await using var store = await SessionStore.OpenAsync(record.Path);
        await using var recorder = await store.BeginAsync(Make.Device(1), Make.Status());

        await using (var beside = await SessionStore.OpenAsync(record.Path))
        {
            Assert.Equal(SessionOutcome.Running, Assert.Single(await beside.ListAsync()).Outcome);
            await using var second = await beside.BeginAsync(Make.Device(2), Make.Status());
            await second.FinishAsync(SessionOutcome.Completed, null);
        }

        await recorder.FinishAsync(SessionOutcome.Stopped, null);
        Assert.Equal([SessionOutcome.Completed, SessionOutcome.Stopped], (await store.ListAsync()).Select(s => s.Outcome));
    }

    [Fact]
    public async Task Finished_sessions_are_left_as_they_are()
    {
        SessionSummary before;
        await using (var store = await SessionStore.OpenAsync(record.Path))
        {
            await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
            before = await recorder.FinishAsync(SessionOutcome.AbortedByFault, null);
        }

        await using var again = await SessionStore.OpenAsync(record.Path);
        Assert.Equal(before, Assert.Single(await again.ListAsync()));
    }

    private static void CopyAsLeftByADeadHost(Record from, Record to)
    {
        foreach (var suffix in new[] { "", "-wal" })
        {
            File.Copy(from.Path + suffix, to.Path + suffix);
        }
    }
}
