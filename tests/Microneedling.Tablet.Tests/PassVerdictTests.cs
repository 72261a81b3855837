// When a pass has ended and how, told from the device's events and statuses alone.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Treat;

namespace Microneedling.Tablet.Tests;

public sealed class PassVerdictTests
{
    private readonly PassVerdict _verdict = new(Status(DeviceState.Parked, latestEvent: 10));
    private uint _number = 10;

    public static TheoryData<EventCode, int, PassEnding> Causes => new()
    {
        { EventCode.StopRequested, (int)StopSource.StopByte, PassEnding.Stopped },
        { EventCode.StopRequested, (int)StopSource.StopCommand, PassEnding.Stopped },
        { EventCode.StopRequested, (int)StopSource.DisarmCommand, PassEnding.Disarmed },
        { EventCode.IdleDisarmed, 60_000, PassEnding.Disarmed },
        { EventCode.SessionLimitReached, 1_800_000, PassEnding.Disarmed },
        { EventCode.FaultRaised, (int)FaultCode.RateOutOfBand, PassEnding.Fault },
        { EventCode.FaultRaised, (int)FaultCode.LinkLost, PassEnding.LinkLost },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public void The_cause_decides_the_ending(EventCode cause, int argument, PassEnding ending)
    {
        Happens(EventCode.StateChanged, (int)DeviceState.Armed);
        Happens(cause, argument);
        Happens(EventCode.StateChanged, (int)DeviceState.Parked);
        _verdict.See(Status(DeviceState.Parked, _number));

        Assert.NotNull(_verdict.End);
        Assert.Equal(ending, _verdict.Ending);
    }

    [Fact]
    public void A_stop_while_disarming_counts_as_stopped_and_a_fault_counts_most()
    {
        Happens(EventCode.StateChanged, (int)DeviceState.Armed);
        Happens(EventCode.StopRequested, (int)StopSource.DisarmCommand);
        Happens(EventCode.StopRequested, (int)StopSource.StopByte);
        Assert.Equal(PassEnding.Stopped, _verdict.Ending);

        Happens(EventCode.FaultRaised, (int)FaultCode.PositionLost);
        Assert.Equal(PassEnding.Fault, _verdict.Ending);
    }

    [Fact]
    public void A_status_from_before_arming_does_not_end_the_pass()
    {
        _verdict.See(Status(DeviceState.Parked, 10));
        Happens(EventCode.StateChanged, (int)DeviceState.Armed);
        _verdict.See(Status(DeviceState.Parked, 10));
        _verdict.See(Status(DeviceState.Parked, 11));

        Assert.Null(_verdict.End);
    }

    [Fact]
    public void Retracting_does_not_end_the_pass_and_neither_does_a_fault_that_still_parks()
    {
        Happens(EventCode.StateChanged, (int)DeviceState.Armed);
        Happens(EventCode.FaultRaised, (int)FaultCode.CartridgeRemoved);
        _verdict.See(Status(DeviceState.Retracting, _number));
        _verdict.See(Status(DeviceState.Faulted, _number, StatusFlags.Parking, FaultCode.CartridgeRemoved));
        Assert.Null(_verdict.End);

        _verdict.See(Status(DeviceState.Faulted, _number, fault: FaultCode.CartridgeRemoved));
        Assert.NotNull(_verdict.End);
    }

    [Fact]
    public void The_end_waits_for_every_event_up_to_the_last_status()
    {
        Happens(EventCode.StateChanged, (int)DeviceState.Armed);
        var last = Status(DeviceState.Parked, _number + 2);
        _verdict.See(last);
        Assert.Null(_verdict.End);

        Happens(EventCode.StopRequested, (int)StopSource.StopByte);
        Assert.Null(_verdict.End);
        Happens(EventCode.StateChanged, (int)DeviceState.Parked);
        Assert.Same(last, _verdict.End);
    }

    [Fact]
    public void Events_that_are_missing_do_not_keep_the_session_open()
    {
        _verdict.See(Status(DeviceState.Running, 14));
        _verdict.See(new MissingEvents(11, 20));
        _verdict.See(Status(DeviceState.Parked, 20));

        Assert.NotNull(_verdict.End);
        Assert.Equal(PassEnding.Stopped, _verdict.Ending);
    }

    [Fact]
    public void Events_from_before_the_session_are_none_of_it()
    {
        var earlier = new DeviceEvent(9, TimeSpan.Zero, EventCode.FaultRaised, (int)FaultCode.LinkLost, 0);
        _verdict.See(earlier);

        Assert.False(_verdict.Concerns(earlier));
        Assert.Equal(PassEnding.Stopped, _verdict.Ending);
    }

    private static DeviceStatus Status(DeviceState state, uint latestEvent, byte flags = 0, FaultCode fault = FaultCode.None) => new(
        DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(latestEvent), state, fault, 0, flags, default, default, default, default, default, default,
        StrokeCount: 0, Token: 1, latestEvent, DroppedReports: 0, TickGaps: 0);

    private void Happens(EventCode code, int argument) =>
        _verdict.See(new DeviceEvent(++_number, TimeSpan.FromSeconds(_number), code, argument, 0));
}
