using Microneedling.Protocol;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>What the device tells of hands and supply, from which a record is made.</summary>
public sealed class EventTests(ITestOutputHelper output)
{
    [Fact]
    public void A_press_and_its_release_tell_the_strokes_between_them()
    {
        using var rig = Treating.Armed(output);
        long bottoms = rig.Bench.BottomsPassed;
        rig.PressUntilSteady();
        rig.RunFor(TimeSpan.FromSeconds(2));
        long atRelease = rig.Bench.BottomsPassed;
        rig.Bench.ReleaseTrigger();
        rig.RunUntil(DeviceState.Armed, TimeSpan.FromSeconds(2));
        rig.RunFor(TimeSpan.FromMilliseconds(200));

        var pressed = Assert.Single(rig.Events, e => e.Code == (ushort)EventCode.TriggerPressed);
        var released = Assert.Single(rig.Events, e => e.Code == (ushort)EventCode.TriggerReleased);

        // The release is told when it has been steady for 25 ms: by then the drive may have made three strokes more.
        Assert.InRange(released.Argument1 - pressed.Argument1 - (atRelease - bottoms), -1, 3);
    }

    [Fact]
    public void A_chattering_trigger_does_not_wash_the_log_away()
    {
        using var rig = Treating.Homed(output);
        int before = rig.Events.Count;
        for (int i = 0; i < 200; i++)
        {
            rig.Bench.PressTrigger();
            rig.RunFor(TimeSpan.FromMilliseconds(11));
            rig.Bench.ReleaseTrigger();
            rig.RunFor(TimeSpan.FromMilliseconds(11));
        }

        Assert.InRange(rig.Events.Count - before, 0, 4);
    }

    [Fact]
    public void A_supply_that_goes_and_comes_is_told_both_ways()
    {
        using var rig = Treating.Greeted(output);
        rig.Bench.SetSupplyGood(false);
        rig.RunFor(TimeSpan.FromMilliseconds(200));
        rig.Bench.SetSupplyGood(true);
        rig.RunFor(TimeSpan.FromMilliseconds(200));

        Assert.Equal([0, 1], rig.Events.Where(e => e.Code == (ushort)EventCode.SupplyChanged).Select(e => e.Argument1));
    }

    [Fact]
    public void Armed_without_a_press_for_a_minute_it_disarms_and_says_after_how_long()
    {
        using var rig = Treating.Armed(output);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(70));
        rig.RunFor(TimeSpan.FromMilliseconds(200));

        Assert.Contains(rig.Events, e => e.Code == (ushort)EventCode.IdleDisarmed && e.Argument1 == Limits.IdleDisarmMilliseconds);
    }

    [Fact]
    public void A_treatment_that_is_broken_off_is_told_step_by_step_with_where_it_came_from()
    {
        using var rig = Treating.Homed(output);
        rig.RunFor(TimeSpan.FromMilliseconds(200));
        int before = rig.Events.Count;
        rig.Accept(new BeginSession { SessionNumber = 7 });
        rig.Arm();
        rig.PressUntilSteady();
        rig.Bench.PressEmergencyStop();
        rig.RunFor(TimeSpan.FromSeconds(3));
        rig.Bench.ReleaseTrigger();
        rig.Bench.ReleaseEmergencyStop();
        rig.RunFor(TimeSpan.FromMilliseconds(300));
        rig.Accept(new ClearFault { Fault = (ushort)FaultCode.EmergencyStop });
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
        rig.Arm();
        rig.Bench.RemoveCartridge();
        rig.RunFor(TimeSpan.FromSeconds(3));

        EventCode[] told = [EventCode.StateChanged, EventCode.FaultRaised, EventCode.FaultCleared, EventCode.SessionBegun, EventCode.EmergencyStopChanged];
        Assert.Equal(
            [
                (EventCode.SessionBegun, 7, 0),
                (EventCode.StateChanged, (int)DeviceState.Armed, (int)DeviceState.Parked),
                (EventCode.StateChanged, (int)DeviceState.Running, (int)DeviceState.Armed),
                (EventCode.EmergencyStopChanged, 1, 0),
                (EventCode.StateChanged, (int)DeviceState.EmergencyStopped, (int)DeviceState.Running),
                (EventCode.FaultRaised, (int)FaultCode.EmergencyStop, (int)DeviceState.Running),
                (EventCode.EmergencyStopChanged, 0, 0),
                (EventCode.FaultCleared, (int)FaultCode.EmergencyStop, 0),
                (EventCode.StateChanged, (int)DeviceState.Unhomed, (int)DeviceState.EmergencyStopped),
                (EventCode.StateChanged, (int)DeviceState.Homing, (int)DeviceState.Unhomed),
                (EventCode.StateChanged, (int)DeviceState.Parked, (int)DeviceState.Homing),
                (EventCode.StateChanged, (int)DeviceState.Armed, (int)DeviceState.Parked),
                (EventCode.FaultRaised, (int)FaultCode.CartridgeRemoved, (int)DeviceState.Armed),
                (EventCode.StateChanged, (int)DeviceState.Faulted, (int)DeviceState.Armed),
            ],
            rig.Events.Skip(before).Where(e => told.Contains((EventCode)e.Code)).Select(e => ((EventCode)e.Code, e.Argument1, e.Argument2)));
    }
}
