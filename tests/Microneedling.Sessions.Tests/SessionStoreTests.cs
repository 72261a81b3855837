// What is recorded comes back, whatever way a session ends.

using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Sessions.Tests;

public class SessionStoreTests : IDisposable
{
    private readonly Record record;
    private readonly SetClock clock = new(Make.Start);

    public SessionStoreTests()
        : this(new Record())
    {
    }

    private protected SessionStoreTests(Record record) => this.record = record;

    public void Dispose()
    {
        record.Dispose();
        GC.SuppressFinalize(this);
    }

    [RecordFact]
    public async Task Everything_recorded_comes_back()
    {
        var first = Make.Status(0, strokes: 1000, latestEvent: 4, state: DeviceState.Parked, depthMicrometers: 2000);
        var second = Make.Status(50, strokes: 1003, latestEvent: 5, depthMicrometers: 900) with { Fault = FaultCode.RateOutOfBand, Inputs = ushort.MaxValue, Flags = byte.MaxValue, ActiveBurstStrokes = 500, Alarm = AlarmPriority.High, SessionNumber = uint.MaxValue };
        var last = Make.Status(100, strokes: 1007, latestEvent: 9) with { ReceivedAt = Make.Start.AddMilliseconds(100).AddMicroseconds(1).ToOffset(TimeSpan.FromHours(5)) };
        var negative = new DeviceEvent(5, TimeSpan.FromMilliseconds(uint.MaxValue), (EventCode)65535, int.MinValue, int.MaxValue);
        var gap = new MissingEvents(6, 9);
        var restart = new DeviceRestarted(uint.MaxValue);
        var asked = Make.Request() with { BurstStrokes = 12 };
        var active = Make.Accepted(1450, 95_000) with { BurstStrokes = 11 };

        long id;
        await using (var store = await SessionStore.OpenAsync(record.Path, clock))
        {
            await using var recorder = await store.BeginAsync(Make.Device(), first);
            id = recorder.SessionId;
            clock.Now = Make.Start.AddSeconds(1);
            recorder.RecordParameters(asked, active, second);
            recorder.RecordParameters(asked with { SupervisorUnlock = false }, active, null);
            recorder.RecordStatus(second);
            recorder.RecordEvent(negative);
            recorder.RecordEvent(gap);
            recorder.RecordEvent(restart);
            clock.Now = Make.Start.AddSeconds(2);
            await recorder.FinishAsync(SessionOutcome.Completed, last);
        }

        await using var again = await SessionStore.OpenAsync(record.Path, clock);
        var detail = await again.FindAsync(id);

        Assert.NotNull(detail);
        var at = Make.Start.AddSeconds(1);
        Assert.Equal(
            new SessionSummary(id, Make.Start, Make.Start.AddSeconds(2), 4_000_000_001, "1.4.2", SessionOutcome.Completed, 7, Depth.FromMicrometers(1450), StrokeRate.FromMillihertz(95_000), false, Make.Owner, Cartridge: Make.Cartridge),
            detail.Summary);
        Assert.Equal([new ParameterChange(at, second.DeviceTime, asked, active), new ParameterChange(at, null, asked with { SupervisorUnlock = false }, active)], detail.Parameters);
        Assert.Equal([new DeviceLogEntryAt(at, negative), new DeviceLogEntryAt(at, gap), new DeviceLogEntryAt(at, restart)], detail.Events);
        Assert.Equal(
            new[] { first, second, last }.Select(s => new TelemetryPoint(
                s.ReceivedAt, s.DeviceTime, s.State, s.Fault, s.Inputs, s.Flags, s.StagePosition, s.ActiveDepth, s.DrivenRate, s.MeasuredRate, s.StrokeCount,
                s.ActiveDepthCap, s.ActiveRate, s.ActiveBurstStrokes, s.Alarm, s.SessionNumber)),
            detail.Telemetry);
        Assert.Equal(TimeSpan.Zero, detail.Telemetry[2].ReceivedAt.Offset);
    }

    [RecordFact]
    public async Task The_curve_of_a_session_is_its_telemetry_however_far_it_is_read()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await using var another = await store.BeginAsync(Make.Device(), Make.Status(7));
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        recorder.RecordStatus(Make.Status(uint.MaxValue, depthMicrometers: 2500) with { StagePosition = Depth.FromMicrometers(-1000), Flags = byte.MaxValue });
        recorder.RecordStatus(Make.Status(50, depthMicrometers: 0) with { ReceivedAt = Make.Start.AddTicks(1), Flags = 0, DrivenRate = StrokeRate.FromMillihertz(int.MaxValue), MeasuredRate = StrokeRate.FromMillihertz(0) });
        await recorder.FinishAsync(SessionOutcome.Completed, null);

        var telemetry = (await store.FindAsync(recorder.SessionId))!.Telemetry;
        Assert.Equal(3, telemetry.Count);
        Assert.Equal(
            telemetry.Select(row => new CurvePoint(
                row.ReceivedAt, (long)row.DeviceTime.TotalMilliseconds, row.Flags, row.StagePosition.Micrometers, row.ActiveDepth.Micrometers, row.DrivenRate.Millihertz, row.MeasuredRate.Millihertz)),
            await store.ReadCurveAsync(recorder.SessionId, curve => curve.ToList()));
        Assert.Empty(await store.ReadCurveAsync(99, curve => curve.ToList()));
        Assert.Equal(telemetry[0].Flags, await store.ReadCurveAsync(recorder.SessionId, curve => curve.First().Flags));
        another.RecordStatus(Make.Status(100));
        await another.FinishAsync(SessionOutcome.Completed, null);
        Assert.Equal(2, (await store.FindAsync(another.SessionId))!.Telemetry.Count);
    }

    [FileFact]
    public async Task A_time_in_the_curve_that_is_none_is_refused()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        long session = (await store.TreatOnceAsync()).Id;
        record.Execute("UPDATE TelemetrySamples SET ReceivedUtc = 'noon'");

        var refused = await Assert.ThrowsAsync<SessionStoreException>(() => store.ReadCurveAsync(session, curve => curve.Count()));
        Assert.Equal((await Assert.ThrowsAsync<SessionStoreException>(() => store.FindAsync(session))).Message, refused.Message);
    }

    [FileFact]
    public async Task Points_in_time_are_kept_as_sortable_utc_text_and_the_device_as_it_named_itself()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, new SetClock(Make.Start.ToOffset(TimeSpan.FromHours(-8))));
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());

        using var connection = record.OpenAsAnotherProgram();
        Assert.Equal("2026-03-14T09:26:53.0000000Z", connection.Scalar("SELECT StartedUtc FROM Sessions"));
        Assert.Equal("4000000001 3987654321 1.4.2 1.0", connection.Scalar("SELECT DeviceSerialNumber || ' ' || DeviceBootId || ' ' || FirmwareVersion || ' ' || ProtocolVersion FROM Sessions"));
    }

    [RecordFact]
    public async Task Sessions_are_listed_newest_first_up_to_the_limit()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        foreach (var serialNumber in new uint[] { 1, 2, 3 })
        {
            clock.Now = clock.Now.AddMinutes(-1); // Someone sets the clock back; the order stays.
            await using var recorder = await store.BeginAsync(Make.Device(serialNumber), Make.Status());
            await recorder.FinishAsync(SessionOutcome.Completed, null);
        }

        Assert.Equal([3u, 2u, 1u], (await store.ListAsync()).Select(s => s.DeviceSerialNumber));
        Assert.Equal([3u, 2u], (await store.ListAsync(2)).Select(s => s.DeviceSerialNumber));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.ListAsync(0));
        Assert.Null(await store.FindAsync(4));
    }

    [RecordFact]
    public async Task A_record_opened_again_keeps_what_it_had_and_goes_on_numbering()
    {
        await using (var store = await SessionStore.OpenAsync(record.Path, clock))
        {
            await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
            await recorder.FinishAsync(SessionOutcome.Stopped, null);
        }

        await using var again = await SessionStore.OpenAsync(record.Path, clock);
        await using var next = await again.BeginAsync(Make.Device(), Make.Status());

        Assert.Equal(2, next.SessionId);
        Assert.Equal([SessionOutcome.Running, SessionOutcome.Stopped], (await again.ListAsync()).Select(s => s.Outcome));
    }

    [RecordTheory]
    [InlineData(SessionOutcome.Completed, true)]
    [InlineData(SessionOutcome.Stopped, true)]
    [InlineData(SessionOutcome.AbortedByFault, true)]
    [InlineData(SessionOutcome.LinkLost, true)]
    [InlineData(SessionOutcome.Interrupted, false)]
    public async Task A_session_ends_with_the_outcome_it_was_given_first(SessionOutcome outcome, bool eventsComplete)
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status(0, strokes: 5));
        clock.Now = Make.Start.AddMinutes(3);

        var summary = await recorder.FinishAsync(outcome, Make.Status(50, strokes: 8));
        clock.Now = Make.Start.AddMinutes(9);
        var second = await recorder.FinishAsync(SessionOutcome.Completed, Make.Status(100, strokes: 20));

        Assert.Equal((outcome, 3L, Make.Start.AddMinutes(3), eventsComplete), (summary.Outcome, summary.Strokes, summary.EndedAt, summary.EventsComplete));
        Assert.Equal(summary, second);
        Assert.Equal(summary, (await store.FindAsync(recorder.SessionId))!.Summary);
    }

    [RecordTheory]
    [InlineData(SessionOutcome.Running)]
    [InlineData(SessionOutcome.AwaitingDevice)]
    [InlineData((SessionOutcome)7)]
    public async Task A_session_cannot_be_finished_as_running_or_unknown(SessionOutcome outcome)
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => recorder.FinishAsync(outcome, null));
        Assert.Equal(SessionOutcome.Running, (await store.FindAsync(recorder.SessionId))!.Summary.Outcome);
    }

    [RecordFact]
    public async Task Finishing_from_two_sides_at_once_closes_the_session_once()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());

        var summaries = await Task.WhenAll(
            recorder.FinishAsync(SessionOutcome.Stopped, null),
            recorder.FinishAsync(SessionOutcome.Completed, null),
            recorder.FinishAsync(SessionOutcome.LinkLost, null));

        Assert.All(summaries, s => Assert.Equal(SessionOutcome.Stopped, s.Outcome));
        Assert.Equal(summaries[0], summaries[2]);
    }

    [RecordFact]
    public async Task Notes_after_the_end_are_ignored()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        var summary = await recorder.FinishAsync(SessionOutcome.Completed, null);

        recorder.RecordStatus(Make.Status(50, strokes: 9));
        recorder.RecordParameters(Make.Request(), Make.Accepted(), null);
        recorder.RecordEvent(Make.Event(1));
        await recorder.FlushAsync();

        var detail = (await store.FindAsync(recorder.SessionId))!;
        Assert.Equal(summary, detail.Summary);
        Assert.Equal((0, 0, 1), (detail.Parameters.Count, detail.Events.Count, detail.Telemetry.Count));
    }

    [RecordFact]
    public async Task A_status_given_twice_in_a_row_is_recorded_once()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        recorder.RecordStatus(Make.Status());
        recorder.RecordStatus(Make.Status(50));
        await recorder.FinishAsync(SessionOutcome.Completed, Make.Status(50));

        Assert.Equal(2, (await store.FindAsync(recorder.SessionId))!.Telemetry.Count);
    }

    [RecordFact]
    public async Task A_recorder_disposed_before_its_end_closes_the_session_as_interrupted_now()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        recorder.RecordStatus(Make.Status(50, strokes: 2));
        clock.Now = Make.Start.AddSeconds(30);

        await recorder.DisposeAsync();

        var detail = (await store.FindAsync(recorder.SessionId))!;
        Assert.Equal((SessionOutcome.Interrupted, 2L, Make.Start.AddSeconds(30), false), (detail.Summary.Outcome, detail.Summary.Strokes, detail.Summary.EndedAt, detail.Summary.EventsComplete));
        Assert.Equal(2, detail.Telemetry.Count);
    }

    [RecordFact]
    public async Task A_store_disposed_closes_its_running_sessions_as_interrupted()
    {
        var store = await SessionStore.OpenAsync(record.Path, clock);
        var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        recorder.RecordStatus(Make.Status(50, strokes: 2));
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.BeginAsync(Make.Device(), Make.Status()));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.ListAsync());

        await using var again = await SessionStore.OpenAsync(record.Path, clock);
        var summary = Assert.Single(await again.ListAsync());
        Assert.Equal((SessionOutcome.Interrupted, 2L), (summary.Outcome, summary.Strokes));
    }

    [RecordFact]
    public async Task Two_recorders_at_once_keep_their_rows_apart()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await using var left = await store.BeginAsync(Make.Device(1), Make.Status(0, strokes: 100));
        await using var right = await store.BeginAsync(Make.Device(2), Make.Status(0, strokes: 200));

        await Task.WhenAll(Task.Run(() => Record(left, 100, 300)), Task.Run(() => Record(right, 200, 300)));
        var summaries = await Task.WhenAll(left.FinishAsync(SessionOutcome.Completed, null), right.FinishAsync(SessionOutcome.Stopped, null));

        Assert.Equal([(1u, 300L), (2u, 300L)], summaries.Select(s => (s.DeviceSerialNumber, s.Strokes)));
        Assert.Equal(Enumerable.Range(100, 301), (await store.FindAsync(left.SessionId))!.Telemetry.Select(t => (int)t.StrokeCount));
        Assert.Equal(Enumerable.Range(200, 301), (await store.FindAsync(right.SessionId))!.Telemetry.Select(t => (int)t.StrokeCount));

        static async Task Record(SessionRecorder recorder, int from, int count)
        {
            for (var i = 1; i <= count; i++)
            {
                recorder.RecordStatus(Make.Status(i * 50, (uint)(from + i)));
                if (i % 50 == 0)
                {
                    await recorder.FlushAsync();
                }
            }
        }
    }

    [RecordFact]
    public async Task Readers_see_whole_commits_while_a_session_is_written()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        await recorder.FlushAsync();

        var readers = Enumerable.Range(0, 2).Select(_ => ReadAsync()).ToArray();
        for (var i = 1; !readers.All(reader => reader.IsCompleted); i++)
        {
            recorder.RecordStatus(Make.Status(i * 50, (uint)i));
            if (i % 10 == 0)
            {
                await recorder.FlushAsync();
            }
        }

        await Task.WhenAll(readers);

        async Task ReadAsync()
        {
            var growths = 0;
            for (var seen = 1; growths < 20;)
            {
                var detail = (await store.FindAsync(recorder.SessionId))!;
                Assert.Equal(detail.Summary.Strokes, detail.Telemetry[^1].StrokeCount);
                Assert.Equal(detail.Summary.Strokes + 1, detail.Telemetry.Count);
                Assert.True(detail.Telemetry.Count >= seen);
                growths += detail.Telemetry.Count > seen ? 1 : 0;
                seen = detail.Telemetry.Count;
            }
        }
    }
}
