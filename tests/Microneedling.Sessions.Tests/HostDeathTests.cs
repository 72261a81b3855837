// A host that dies in the middle of a session: what was committed stays, and the session is closed for what it was.

using System.Diagnostics;
using System.Globalization;
using Microneedling.Sessions.Proof;

namespace Microneedling.Sessions.Tests;

public sealed class HostDeathTests : IDisposable
{
    internal const int StatusesRecorded = 10;
    internal const string Committed = "committed";
    internal const string Treat = "treat";

    /// <summary>MICRONEEDLING_KILLS=200 is the whole campaign.</summary>
    private const int UsualKills = 12;

    private readonly Record record = new();

    public void Dispose() => record.Dispose();

    [Fact]
    public async Task A_killed_host_keeps_its_committed_rows_and_its_session_waits_for_its_device_only_once_it_is_dead()
    {
        using var host = Start("wait", record.Path);
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
        Assert.Equal((SessionOutcome.AwaitingDevice, (long)StatusesRecorded, false), (detail.Summary.Outcome, detail.Summary.Strokes, detail.Summary.EventsComplete));
        Assert.Equal(StatusesRecorded + 1, detail.Telemetry.Count);
    }

    [Fact]
    [Trait("Requirement", "REC-1")]
    public async Task A_host_killed_at_any_moment_loses_nothing_that_was_acknowledged_and_leaves_a_record_that_proves_itself()
    {
        var seed = Environment.TickCount;
        var kills = int.Parse(Environment.GetEnvironmentVariable("MICRONEEDLING_KILLS") ?? UsualKills.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

        var outcome = await KillCampaign.RunAsync(record.Path, seed, kills, (path, own) => Start(Treat, path, own.ToString(CultureInfo.InvariantCulture)));

        Assert.Empty(outcome.Problems);
        Assert.True(outcome.Acknowledged > kills, $"seed {seed}: {outcome.Acknowledged} acknowledged");
        using var connection = record.OpenAsAnotherProgram();
        Assert.Equal("ok", connection.Scalar("PRAGMA integrity_check"));
    }

    [Fact]
    public async Task A_session_closed_without_its_device_ended_when_its_last_row_was_recorded()
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
            record.CopyAsLeftByADeadHostTo(left);
        }

        clock.Now = Make.Start.AddDays(1);
        await using var again = await SessionStore.OpenAsync(left.Path, clock);
        await again.Aftermath.CloseWithoutDeviceAsync(Make.Owner, 1);

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
            record.CopyAsLeftByADeadHostTo(left);
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

    internal static async Task AssertKeptAsync(SessionStore store, string line, string at)
    {
        var words = line.Trim().Split(' ');
        var id = long.Parse(words[1], CultureInfo.InvariantCulture);
        var session = await store.FindAsync(id);
        Assert.True(session is not null, $"{at}: {line}");
        switch (words[0])
        {
            case "rows":
                var count = int.Parse(words[2], CultureInfo.InvariantCulture);
                Assert.True(session.Telemetry.Count > count && session.Events.Count >= count && session.Parameters.Count > 0, $"{at}: {line}");
                break;
            case "finished":
                Assert.True((session.Summary.Outcome, session.Summary.Strokes, session.Summary.EventsComplete) == (SessionOutcome.Completed, long.Parse(words[2], CultureInfo.InvariantCulture), true), $"{at}: {line}");
                Assert.NotNull(await store.ProofOfAsync(id));
                break;
            default:
                Assert.Single(await store.Clients.FollowUpsAsync(id));
                Assert.Equal("LOT-8", Assert.Single(await store.Corrections.ListAsync(id)).NewValue);
                break;
        }
    }

    internal static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        ["exec", typeof(HostDeathTests).Assembly.Location, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;
}
