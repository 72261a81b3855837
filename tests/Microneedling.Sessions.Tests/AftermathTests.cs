// Sessions whose host died, and what becomes of them once their device has been asked, or will not be.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Sessions.Tests;

public sealed class AftermathTests : IDisposable
{
    private const uint SessionNumber = 77;
    private const uint Serial = 4_000_000_001;
    private const uint BootId = 3_987_654_321;

    private readonly Record record = new();
    private readonly SetClock clock = new(Make.Start);

    public void Dispose() => record.Dispose();

    [Fact]
    public async Task A_session_of_a_dead_host_waits_unproven_until_its_device_is_asked()
    {
        await using var store = await OpenAfterDeathAsync(Running());

        var waiting = (await store.FindAsync(1))!;
        Assert.Equal((SessionOutcome.AwaitingDevice, null, false), (waiting.Summary.Outcome, waiting.Summary.EndedAt, waiting.Summary.EventsComplete));
        Assert.Equal(PassEnding.Interrupted, Assert.Single(waiting.Passes).Ending);
        Assert.Null(await store.ProofOfAsync(1));
        var report = await store.VerifyAsync();
        Assert.Equal((0, 1L, 0L), (report.Flaws.Count, report.Awaiting, report.Sessions));
        Assert.True(await store.Aftermath.AwaitsAsync(Serial));
        Assert.False(await store.Aftermath.AwaitsAsync(1));
        Assert.Equal([1L], (await store.ListAsync(new SessionFilter(Outcome: SessionOutcome.AwaitingDevice), 0)).Sessions.Select(session => session.Id));
    }

    [Fact]
    public async Task A_device_that_missed_its_host_closes_the_session_as_link_lost_with_its_own_events_and_strokes()
    {
        await using var store = await OpenAfterDeathAsync(Running());

        Assert.Equal([1L], await store.Aftermath.CloseAsync(Told(LinkLoss, strokes: 131)));

        var closed = (await store.FindAsync(1))!;
        Assert.Equal((SessionOutcome.LinkLost, true, 131L), (closed.Summary.Outcome, closed.Summary.EventsComplete, closed.Summary.Strokes));
        Assert.Equal(Make.Start.AddMilliseconds(1520), closed.Summary.EndedAt);
        Assert.Equal([1u, 2, 3, 4, 5, 6], closed.Events.Select(line => ((DeviceEvent)line.Entry).Number));
        // 100 strokes were recorded; of the 31 behind them the last one was cut, and parking made it whole.
        var pass = Assert.Single(closed.Passes);
        Assert.Equal((PassEnding.LinkLost, 130L, 2_100.0, Make.Start.AddMilliseconds(1520)), (pass.Ending, pass.Strokes, pass.StrokingTime.TotalMilliseconds, pass.EndedAt));
        Assert.NotNull(await store.ProofOfAsync(1));
        Assert.Empty((await store.VerifyAsync()).Flaws);
        var entry = (await store.Audit.ListAsync())[0];
        Assert.Equal(("session.closedAfterwards", "session:1", "LinkLost: by the device's own events: 2 added, 0 missing; strokes to the end"), (entry.Action, entry.Subject, entry.Details));
    }

    [Theory]
    [InlineData(EventCode.FaultRaised, (int)FaultCode.CartridgeRemoved, DeviceState.Faulted, SessionOutcome.AbortedByFault, PassEnding.Fault)]
    [InlineData(EventCode.StopRequested, (int)StopSource.StopByte, DeviceState.Retracting, SessionOutcome.Stopped, PassEnding.Stopped)]
    [InlineData(EventCode.StopRequested, (int)StopSource.DisarmCommand, DeviceState.Retracting, SessionOutcome.Interrupted, PassEnding.Disarmed)]
    [InlineData(EventCode.IdleDisarmed, 60_000, DeviceState.Retracting, SessionOutcome.Interrupted, PassEnding.Disarmed)]
    public async Task What_the_device_says_ended_the_pass_is_what_the_session_says_and_never_that_it_was_completed(
        EventCode cause, int argument, DeviceState then, SessionOutcome outcome, PassEnding ending)
    {
        await using var store = await OpenAfterDeathAsync(Running());
        DeviceLogEntry[] told = [Event(5, 1510, cause, argument), State(6, 1520, then, DeviceState.Running), .. then == DeviceState.Retracting ? [State(7, 1900, DeviceState.Parked, then)] : Array.Empty<DeviceLogEntry>()];

        await store.Aftermath.CloseAsync(Told(told, strokes: 120));

        var closed = (await store.FindAsync(1))!;
        Assert.Equal((outcome, ending, true), (closed.Summary.Outcome, Assert.Single(closed.Passes).Ending, closed.Summary.EventsComplete));
        Assert.Equal(4 + told.Length, closed.Events.Count);
    }

    [Fact]
    public async Task A_host_that_died_between_passes_leaves_an_interrupted_session_with_every_event()
    {
        await using var store = await OpenAfterDeathAsync(recorder =>
        {
            Running()(recorder);
            recorder.RecordEvent(Event(5, 1600, EventCode.StopRequested, (int)StopSource.DisarmCommand));
            recorder.RecordEvent(State(6, 1700, DeviceState.Parked, DeviceState.Retracting));
            recorder.RecordPass(Make.Pass(1, PassEnding.Disarmed, 100));
            recorder.RecordStatus(Status(1800, strokes: 101, latestEvent: 6, state: DeviceState.Parked));
        });

        await store.Aftermath.CloseAsync(Told([Event(7, 2500, EventCode.CartridgeChanged, 0), Event(8, 60_000, EventCode.CartridgeChanged, 1)], strokes: 101));

        var closed = (await store.FindAsync(1))!;
        Assert.Equal((SessionOutcome.Interrupted, true, 101L), (closed.Summary.Outcome, closed.Summary.EventsComplete, closed.Summary.Strokes));
        Assert.Equal((7u, Make.Start.AddMilliseconds(2500)), (((DeviceEvent)closed.Events[^1].Entry).Number, closed.Summary.EndedAt)); // The cartridge of a minute later is nobody's.
        Assert.Equal(Make.Pass(1, PassEnding.Disarmed, 100), Assert.Single(closed.Passes));
    }

    [Fact]
    public async Task Events_that_the_ring_no_longer_has_are_recorded_as_missing()
    {
        await using var store = await OpenAfterDeathAsync(Running());

        await store.Aftermath.CloseAsync(Told([new MissingEvents(1, 5), State(6, 1520, DeviceState.Faulted, DeviceState.Running), Event(7, 90_000, EventCode.CartridgeChanged, 0)], strokes: 131, fault: FaultCode.LinkLost));

        var closed = (await store.FindAsync(1))!;
        Assert.Equal([new MissingEvents(5, 5), State(6, 1520, DeviceState.Faulted, DeviceState.Running)], closed.Events.Skip(4).Select(line => line.Entry));
        Assert.Equal((SessionOutcome.Interrupted, false, 100L), (closed.Summary.Outcome, closed.Summary.EventsComplete, closed.Summary.Strokes));
        Assert.Empty((await store.VerifyAsync()).Flaws);
    }

    [Theory]
    [InlineData(SessionNumber, FaultCode.LinkLost, SessionOutcome.LinkLost)]
    [InlineData(SessionNumber + 1, FaultCode.LinkLost, SessionOutcome.Interrupted)]
    [InlineData(SessionNumber, FaultCode.CartridgeRemoved, SessionOutcome.Interrupted)]
    public async Task When_all_of_it_is_gone_a_fault_that_is_still_latched_tells_only_if_nobody_else_had_a_session(uint sessionNow, FaultCode latched, SessionOutcome outcome)
    {
        await using var store = await OpenAfterDeathAsync(Running());

        await store.Aftermath.CloseAsync(Told([new MissingEvents(1, 300), Event(301, 900_000, EventCode.CartridgeChanged, 0)], strokes: 131, fault: latched, session: sessionNow));

        var closed = (await store.FindAsync(1))!;
        Assert.Equal((outcome, false, 100L), (closed.Summary.Outcome, closed.Summary.EventsComplete, closed.Summary.Strokes));
        Assert.Equal(new MissingEvents(5, 300), closed.Events[^1].Entry);
    }

    [Fact]
    public async Task Strokes_are_not_counted_on_when_another_program_has_moved_the_device_since()
    {
        await using var store = await OpenAfterDeathAsync(Running());

        await store.Aftermath.CloseAsync(Told(
            [.. LinkLoss, Event(7, 50_000, EventCode.FaultCleared, (int)FaultCode.LinkLost), Event(8, 50_500, EventCode.SessionBegun, 9000), State(9, 51_000, DeviceState.Armed, DeviceState.Parked), State(10, 52_000, DeviceState.Parked, DeviceState.Retracting)],
            strokes: 900,
            session: 9000));

        var closed = (await store.FindAsync(1))!;
        Assert.Equal((SessionOutcome.LinkLost, true, 100L, 100L), (closed.Summary.Outcome, closed.Summary.EventsComplete, closed.Summary.Strokes, Assert.Single(closed.Passes).Strokes));
        Assert.Equal(6, closed.Events.Count);
        Assert.Equal(DeviceState.Running, closed.Telemetry[^1].State);
        Assert.EndsWith("strokes to the last status", (await store.Audit.ListAsync())[0].Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_was_switched_off_since_knows_nothing_and_the_session_is_interrupted()
    {
        await using var store = await OpenAfterDeathAsync(Running());

        await store.Aftermath.CloseAsync(Told([State(1, 10, DeviceState.Unhomed, DeviceState.SelfTest)], strokes: 0) with { BootId = 5 });

        var closed = (await store.FindAsync(1))!;
        Assert.Equal((SessionOutcome.Interrupted, false, 100L, 4), (closed.Summary.Outcome, closed.Summary.EventsComplete, closed.Summary.Strokes, closed.Events.Count));
        Assert.Equal(Make.Start.AddMilliseconds(1500), closed.Summary.EndedAt);
        Assert.Empty((await store.VerifyAsync()).Flaws);
    }

    [Fact]
    public async Task A_session_that_went_over_a_restart_of_the_device_is_closed_by_its_latest_start()
    {
        await using var store = await OpenAfterDeathAsync(recorder =>
        {
            Running()(recorder);
            recorder.RecordEvent(new DeviceRestarted(5));
            recorder.RecordEvent(Event(1, 10, EventCode.Started, 1));
            recorder.RecordStatus(Status(2000, strokes: 0, latestEvent: 1, state: DeviceState.Unhomed) with { DeviceTime = TimeSpan.FromMilliseconds(400) });
        });

        await store.Aftermath.CloseAsync(new DeviceAccount(Serial, 5, [Event(1, 10, EventCode.Started, 1) with { DeviceTime = TimeSpan.FromMilliseconds(10) }, Event(2, 0, EventCode.CartridgeChanged, 0) with { DeviceTime = TimeSpan.FromMilliseconds(900) }], Status(9000, 0, 2, DeviceState.Unhomed) with { DeviceTime = TimeSpan.FromMilliseconds(7400) }));

        var closed = (await store.FindAsync(1))!;
        Assert.Equal((false, 7), (closed.Summary.EventsComplete, closed.Events.Count));
        Assert.Equal(2u, ((DeviceEvent)closed.Events[^1].Entry).Number);
    }

    [Fact]
    public async Task A_deeper_treatment_that_only_the_device_knows_of_is_in_the_record()
    {
        await using var store = await OpenAfterDeathAsync(Running());

        await store.Aftermath.CloseAsync(Told([Event(5, 1501, EventCode.TreatmentAccepted, 930, 80_000), .. LinkLoss.Cast<DeviceEvent>().Select(one => one with { Number = one.Number + 1 })], strokes: 120));

        var summary = (await store.FindAsync(1))!.Summary;
        Assert.Equal((930, 80_000), (summary.DeepestActiveDepth.Micrometers, summary.FastestActiveRate.Millihertz));
    }

    [Fact]
    public async Task A_device_is_asked_once_and_another_one_closes_nothing()
    {
        await using var store = await OpenAfterDeathAsync(Running());

        Assert.Empty(await store.Aftermath.CloseAsync(Told(LinkLoss, 131) with { SerialNumber = 1 }));
        Assert.Equal([1L], await store.Aftermath.CloseAsync(Told(LinkLoss, 131)));
        var once = await store.FindAsync(1);
        Assert.Empty(await store.Aftermath.CloseAsync(Told(LinkLoss, 500)));

        var again = await store.FindAsync(1);
        Assert.Equal(once!.Events, again!.Events);
        Assert.Equal(once.Telemetry, again.Telemetry);
        Assert.Equal(once.Summary, again.Summary);
    }

    [Fact]
    public async Task A_host_that_dies_again_while_it_waits_loses_nothing_and_doubles_nothing()
    {
        using var second = new Record();
        await using (var store = await OpenAfterDeathAsync(Running()))
        {
            record.CopyAsLeftByADeadHostTo(second); // died before the device was asked
            await store.Aftermath.CloseAsync(Told(LinkLoss, 131));
        }

        clock.Now = clock.Now.AddHours(1);
        await using var again = await SessionStore.OpenAsync(second.Path, clock);
        Assert.Equal(SessionOutcome.AwaitingDevice, (await again.FindAsync(1))!.Summary.Outcome);
        await again.Aftermath.CloseAsync(Told(LinkLoss, 131));

        var closed = (await again.FindAsync(1))!;
        Assert.Equal((SessionOutcome.LinkLost, 6, 131L), (closed.Summary.Outcome, closed.Events.Count, closed.Summary.Strokes));
        Assert.Empty((await again.VerifyAsync()).Flaws);
    }

    [Fact]
    public async Task A_closing_that_fails_halfway_has_added_nothing()
    {
        await using var store = await OpenAfterDeathAsync(Running());
        record.Refuse("ChainLinks");

        await Assert.ThrowsAsync<SessionStoreException>(() => store.Aftermath.CloseAsync(Told(LinkLoss, 131)));
        var waiting = (await store.FindAsync(1))!;
        Assert.Equal((SessionOutcome.AwaitingDevice, 4), (waiting.Summary.Outcome, waiting.Events.Count));

        record.RefuseNoMore("ChainLinks");
        await store.Aftermath.CloseAsync(Told(LinkLoss, 131));
        Assert.Equal(6, (await store.FindAsync(1))!.Events.Count);
    }

    [Fact]
    public async Task A_program_that_was_taken_for_dead_goes_on_with_its_session()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await using var recorder = await store.BeginAsync(Make.Device(), Status(0, 0, 0, DeviceState.Parked));
        recorder.RecordPass(Make.Pass(1));
        await recorder.FlushAsync();
        record.Execute($"UPDATE Sessions SET Outcome = {(int)SessionOutcome.AwaitingDevice}; UPDATE Passes SET Ending = {(int)PassEnding.Interrupted}");

        recorder.RecordPass(Make.Pass(1, strokes: 5));
        await recorder.FlushAsync();

        Assert.Equal((SessionOutcome.Running, PassEnding.Running), ((await store.FindAsync(1))!.Summary.Outcome, (await store.FindAsync(1))!.Passes[0].Ending));
        await recorder.FinishAsync(SessionOutcome.Stopped, null);
        Assert.Empty((await store.VerifyAsync()).Flaws);
    }

    [Fact]
    public async Task A_new_session_on_the_device_closes_what_waits_for_it_as_interrupted_and_leaves_other_devices_alone()
    {
        await using var store = await OpenAfterDeathAsync(Running(), others: 1);

        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());

        Assert.Equal([SessionOutcome.Running, SessionOutcome.AwaitingDevice, SessionOutcome.Interrupted], (await store.ListAsync()).Select(session => session.Outcome));
        Assert.Empty((await store.VerifyAsync()).Flaws);
        Assert.Contains(await store.Audit.ListAsync(), entry => entry.Subject == "session:1" && entry.Details == "Interrupted: another session was begun with the device, which was not asked");
    }

    [Fact]
    public async Task A_person_closes_a_waiting_session_without_its_device_once_and_by_name()
    {
        await using var store = await OpenAfterDeathAsync(Running());

        await store.Aftermath.CloseWithoutDeviceAsync(Make.Owner, 1);

        Assert.Equal(SessionOutcome.Interrupted, (await store.FindAsync(1))!.Summary.Outcome);
        var entry = (await store.Audit.ListAsync())[0];
        Assert.Equal((Make.Owner, "session.closedAfterwards", "Interrupted: by hand, the device was not asked"), (entry.Who, entry.Action, entry.Details));
        Assert.Empty((await store.VerifyAsync()).Flaws);
        Assert.Empty(await store.Aftermath.CloseAsync(Told(LinkLoss, 131)));
        await Refused("session.notAwaiting", () => store.Aftermath.CloseWithoutDeviceAsync(Make.Owner, 1));
        await Refused("session.unknown", () => store.Aftermath.CloseWithoutDeviceAsync(Make.Owner, 99));
        await using var running = await store.BeginAsync(Make.Device(), Make.Status());
        await Refused("session.notAwaiting", () => store.Aftermath.CloseWithoutDeviceAsync(Make.Owner, running.SessionId));
    }

    [Fact]
    public async Task A_waiting_session_cannot_be_corrected_before_it_is_closed()
    {
        await using var store = await OpenAfterDeathAsync(Running());

        await Refused("correction.running", () => store.Corrections.AddAsync(Make.Owner, 1, Proof.CorrectedField.CartridgeLot, "LOT-8", "The label was misread."));
    }

    [Theory]
    [InlineData(6.9, SessionOutcome.AwaitingDevice)]
    [InlineData(7.1, SessionOutcome.Interrupted)]
    public async Task A_session_whose_device_is_not_seen_for_7_days_is_closed_at_an_opening(double days, SessionOutcome outcome)
    {
        await (await OpenAfterDeathAsync(Running())).DisposeAsync();
        clock.Now = Make.Start.AddDays(days);

        await using var store = await SessionStore.OpenAsync(record.Path, clock);

        Assert.Equal((outcome, false), ((await store.FindAsync(1))!.Summary.Outcome, (await store.FindAsync(1))!.Summary.EventsComplete));
        Assert.Empty((await store.VerifyAsync()).Flaws);
        Assert.Equal(outcome == SessionOutcome.Interrupted, (await store.Audit.ListAsync())[0].Details == "Interrupted: the device was not seen for 7 days");
    }

    [Fact]
    public async Task A_device_whose_clock_ran_over_while_it_waited_is_understood()
    {
        var atTheEnd = TimeSpan.FromMilliseconds(uint.MaxValue - 200L);
        await using var store = await OpenAfterDeathAsync(
            recorder =>
            {
                recorder.RecordEvent(State(1, 0, DeviceState.Armed, DeviceState.Parked) with { DeviceTime = atTheEnd });
                recorder.RecordStatus(Status(1400, strokes: 4, latestEvent: 1) with { DeviceTime = atTheEnd + TimeSpan.FromMilliseconds(100) });
            },
            began: atTheEnd - TimeSpan.FromMilliseconds(1300));

        await store.Aftermath.CloseAsync(new DeviceAccount(
            Serial,
            BootId,
            [Event(2, 0, EventCode.FaultRaised, (int)FaultCode.LinkLost) with { DeviceTime = TimeSpan.FromMilliseconds(400) }, State(3, 0, DeviceState.Faulted, DeviceState.Running) with { DeviceTime = TimeSpan.FromMilliseconds(401) }],
            Status(5000, 9, 3, DeviceState.Faulted) with { DeviceTime = TimeSpan.FromMilliseconds(5000) }));

        var summary = (await store.FindAsync(1))!.Summary;
        Assert.Equal((SessionOutcome.LinkLost, true, 9L, Make.Start.AddMilliseconds(1400 + 502)), (summary.Outcome, summary.EventsComplete, summary.Strokes, summary.EndedAt));
    }

    /// <summary>The device misses its host half a second after the last status, and parks.</summary>
    private static DeviceLogEntry[] LinkLoss => [Event(5, 1510, EventCode.FaultRaised, (int)FaultCode.LinkLost, (int)DeviceState.Running), State(6, 1520, DeviceState.Faulted, DeviceState.Running)];

    private static DeviceEvent Event(uint number, int milliseconds, EventCode code, int first, int second = 0) =>
        new(number, TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(milliseconds), code, first, second);

    private static DeviceEvent State(uint number, int milliseconds, DeviceState now, DeviceState before) => Event(number, milliseconds, EventCode.StateChanged, (int)now, (int)before);

    private static DeviceStatus Status(long milliseconds, uint strokes, uint latestEvent, DeviceState state = DeviceState.Running) =>
        Make.Status(milliseconds, strokes, latestEvent, state) with { SessionNumber = SessionNumber };

    /// <summary>A pass that goes on, needles stroking, 100 strokes so far.</summary>
    private static Action<SessionRecorder> Running() => recorder =>
    {
        recorder.RecordEvent(Event(1, 100, EventCode.TreatmentAccepted, 500, 60_000));
        recorder.RecordPass(Make.Pass(1));
        recorder.RecordEvent(State(2, 200, DeviceState.Armed, DeviceState.Parked));
        recorder.RecordEvent(Event(3, 300, EventCode.TriggerPressed, 0));
        recorder.RecordEvent(State(4, 301, DeviceState.Running, DeviceState.Armed));
        recorder.RecordStatus(Status(1020, strokes: 100, latestEvent: 4));
        recorder.RecordPass(Make.Pass(1, strokes: 100));
    };

    private static DeviceAccount Told(DeviceLogEntry[] log, uint strokes, FaultCode fault = FaultCode.None, uint session = SessionNumber)
    {
        var latest = log.Max(entry => entry is DeviceEvent happened ? happened.Number : ((MissingEvents)entry).LastNumber);
        var earlier = log[0] is MissingEvents ? [] : Enumerable.Range(1, 4).Select(number => (DeviceLogEntry)Make.Event((uint)number)).Where(entry => ((DeviceEvent)entry).Number < ((DeviceEvent)log[0]).Number);
        return new DeviceAccount(Serial, BootId, [.. earlier, .. log], Status(1_000_000, strokes, latest, DeviceState.Faulted) with { Fault = fault, SessionNumber = session });
    }

    private static async Task Refused(string code, Func<Task> act) => Assert.Equal(code, (await Assert.ThrowsAsync<RecordRefusedException>(act)).Code);

    /// <summary>A record as a host left it that died after noting this, opened again.</summary>
    private async Task<SessionStore> OpenAfterDeathAsync(Action<SessionRecorder> treat, int others = 0, TimeSpan? began = null)
    {
        using var dying = new Record();
        await using (var store = await SessionStore.OpenAsync(dying.Path, clock))
        {
            await using var recorder = await store.BeginAsync(Make.Device(), Status(0, 0, 0, DeviceState.Parked) with { DeviceTime = began ?? TimeSpan.FromHours(1) });
            clock.Now = Make.Start.AddMilliseconds(1500);
            treat(recorder);
            await recorder.FlushAsync();
            for (var other = 1; other <= others; other++)
            {
                await (await store.BeginAsync(Make.Device((uint)other), Status(0, 0, 0, DeviceState.Parked))).FlushAsync();
            }

            dying.CopyAsLeftByADeadHostTo(record);
        }

        clock.Now = Make.Start.AddMinutes(20);
        return await SessionStore.OpenAsync(record.Path, clock);
    }
}
