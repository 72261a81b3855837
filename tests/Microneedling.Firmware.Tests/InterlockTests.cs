using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

public sealed class InterlockTests(ITestOutputHelper output)
{
    [Fact]
    public void A_stale_token_is_refused_and_nothing_moves()
    {
        using var rig = Treating.Homed(output);
        uint stale = rig.Configure(500, 60000).Token;
        rig.Configure(600, 60000);
        long steps = rig.Bench.StageSteps;

        Assert.Equal(RejectionReason.StaleToken, rig.Reason(new Arm { Token = stale }));
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(steps, rig.Bench.StageSteps);
    }

    [Fact]
    public void A_token_from_before_a_power_cut_is_refused()
    {
        using var rig = Treating.Homed(output);
        uint stale = rig.Configure(500, 60000).Token;
        rig.PowerOff();
        rig.PowerOn();
        rig.Hello();
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Homing, TimeSpan.FromSeconds(1));
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));

        Assert.Equal(RejectionReason.NothingConfigured, rig.Reason(new Arm { Token = stale }));
        rig.Configure(500, 60000);
        Assert.Equal(RejectionReason.StaleToken, rig.Reason(new Arm { Token = stale }));
    }

    [Fact]
    public void Unhomed_nothing_can_be_configured_or_armed()
    {
        using var rig = Treating.Greeted(output);

        Assert.Equal(RejectionReason.NotHomed, rig.Reason(Treating.Proposal(500, 60000)));
        Assert.Equal(RejectionReason.NotHomed, rig.Reason(new Arm { Token = 1 }));
    }

    [Fact]
    public void Without_hello_nothing_moves()
    {
        using var rig = new FirmwareRig(print: output.WriteLine);
        rig.RunFor(TimeSpan.FromMilliseconds(50));

        Assert.Equal(RejectionReason.NotGreeted, rig.Reason(new EmptyMessage(MessageId.Home)));
    }

    [Fact]
    public void Start_is_never_accepted_because_the_trigger_starts_the_needles()
    {
        using var rig = Treating.Greeted(output);
        Assert.Equal(RejectionReason.NotHomed, rig.Reason(new EmptyMessage(MessageId.Start)));
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
        Assert.Equal(RejectionReason.WrongState, rig.Reason(new EmptyMessage(MessageId.Start)));
        rig.Arm();

        Assert.Equal(RejectionReason.TriggerRequired, rig.Reason(new EmptyMessage(MessageId.Start)));
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(DeviceState.Armed, rig.State);
    }

    [Fact]
    public void A_trigger_held_while_arming_is_refused()
    {
        using var rig = Treating.Homed(output);
        uint token = rig.Configure(500, 60000).Token;
        rig.Bench.PressTrigger();
        rig.RunFor(TimeSpan.FromMilliseconds(50));

        Assert.Equal(RejectionReason.TriggerHeld, rig.Reason(new Arm { Token = token }));
    }

    [Fact]
    public void A_press_before_the_stage_is_at_depth_strokes_at_once_and_shallower_until_it_is_there()
    {
        using var rig = Treating.Homed(output);
        rig.Bench.ResetDeepestTip();
        rig.Accept(new Arm { Token = rig.Configure(1500, 60000).Token });
        rig.RunFor(TimeSpan.FromMilliseconds(600));
        rig.Bench.PressTrigger();
        rig.RunUntil(DeviceState.Running, TimeSpan.FromMilliseconds(200));
        rig.RunFor(TimeSpan.FromMilliseconds(700));
        Assert.InRange(rig.Bench.DeepestTipMicrometers, 0, 500);
        rig.RunFor(TimeSpan.FromSeconds(4));
        Assert.InRange(rig.Bench.DeepestTipMicrometers, 1490, 1500);
    }

    [Fact]
    public void A_trigger_pressed_before_arming_and_again_while_parked_starts_nothing()
    {
        using var rig = Treating.Homed(output);
        uint token = rig.Configure(500, 60000).Token;
        rig.Bench.PressTrigger();
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        rig.Bench.ReleaseTrigger();
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        rig.Accept(new Arm { Token = token });

        // Arming turns the cam once, to prove its index, before the stage leaves its park position.
        rig.RunUntil(() => rig.Bench.StageMicrometers > -900, TimeSpan.FromSeconds(2));
        long turned = rig.Bench.NeedleMicrosteps;
        rig.RunFor(TimeSpan.FromSeconds(4));

        Assert.Equal(DeviceState.Armed, rig.State);
        Assert.Equal(turned, rig.Bench.NeedleMicrosteps);
    }

    [Fact]
    public void A_spike_on_the_trigger_line_starts_nothing()
    {
        using var rig = Treating.Armed(output);
        long turned = rig.Bench.NeedleMicrosteps;
        for (int i = 0; i < 20; i++)
        {
            rig.Bench.PressTrigger();
            rig.RunFor(TimeSpan.FromMilliseconds(9));
            rig.Bench.ReleaseTrigger();
            rig.RunFor(TimeSpan.FromMilliseconds(13));
        }

        Assert.Equal(turned, rig.Bench.NeedleMicrosteps);
    }

    [Fact]
    public void Without_a_cartridge_arming_is_refused()
    {
        using var rig = Treating.Homed(output);
        uint token = rig.Configure(500, 60000).Token;
        rig.Bench.RemoveCartridge();
        rig.RunFor(TimeSpan.FromMilliseconds(50));

        Assert.Equal(RejectionReason.CartridgeMissing, rig.Reason(new Arm { Token = token }));
    }

    [Fact]
    public void A_cartridge_removed_while_running_stops_parks_and_latches()
    {
        using var rig = Treating.Running(output);
        rig.Bench.RemoveCartridge();
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromMilliseconds(200));
        rig.RunUntil(() => (rig.LatestStatus!.Flags & StatusFlags.Parking) == 0, TimeSpan.FromSeconds(5));
        rig.AssertParked();

        var clear = new ClearFault { Fault = (ushort)FaultCode.CartridgeRemoved };
        Assert.Equal(RejectionReason.FaultStillPresent, rig.Reason(clear));
        rig.Bench.SeatCartridge();
        rig.RunFor(TimeSpan.FromMilliseconds(50));
        rig.Accept(clear);
    }

    [Fact]
    public void A_sagging_supply_while_running_retracts_and_latches()
    {
        using var rig = Treating.Running(output);
        rig.Bench.SetSupplyGood(false);
        rig.RunUntil(() => rig.Bench.StageMicrometers <= 0, TimeSpan.FromSeconds(2));
        rig.RunUntil(() => (rig.LatestStatus!.Flags & StatusFlags.Parking) == 0, TimeSpan.FromSeconds(5));

        Assert.Equal(FaultCode.SupplyLow, rig.Fault());
        Assert.Equal(RejectionReason.FaultLatched, rig.Reason(new EmptyMessage(MessageId.Home)));
    }

    [Fact]
    [Trait("Requirement", "DEPTH-7")]
    [Trait("Requirement", "EVT-1")]
    public void A_broken_limit_wire_stops_and_is_not_cleared_while_it_lasts()
    {
        using var rig = Treating.Running(output);
        rig.Bench.SetFault(BenchFault.LimitSwitchWireBroken, true);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromMilliseconds(200));
        rig.RunFor(TimeSpan.FromSeconds(4));

        Assert.Equal(FaultCode.LimitSwitchOpen, rig.Fault());
        Assert.True(rig.Bench.StageMicrometers <= -1000);
        Assert.False(rig.Bench.NeedlesOut);
    }

    [Fact]
    public void A_stalled_needle_motor_is_found_out_by_the_index_and_faults()
    {
        using var rig = Treating.Running(output);
        rig.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(DeviceState.Running, rig.State);
        rig.Bench.SetFault(BenchFault.NeedleMotorJammed, true);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(2));

        Assert.Equal(FaultCode.NeedleStalled, rig.Fault());
        rig.RunFor(TimeSpan.FromSeconds(4));
        Assert.True(rig.Bench.StageMicrometers <= -1000);
    }

    [Fact]
    public void An_index_that_fails_while_running_still_ends_with_the_stage_retracted()
    {
        using var rig = Treating.Running(output);
        rig.Bench.SetFault(BenchFault.IndexStuckLow, true);
        rig.Bench.ReleaseTrigger();
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(3));
        rig.RunFor(TimeSpan.FromSeconds(5));

        Assert.True(rig.Bench.StageMicrometers <= -1000);
        Assert.False(rig.Bench.NeedlesOut);
        Assert.False(rig.Bench.NeedleDriverEnabled);
    }

    [Fact]
    public void The_emergency_stop_cuts_the_needles_retracts_and_latches_until_released_acknowledged_and_homed()
    {
        using var rig = Treating.Running(output, 1500, 100000);
        long pressed = rig.NowMicroseconds;
        rig.Bench.PressEmergencyStop();
        rig.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.False(rig.Bench.NeedleDriverEnabled);
        rig.RunUntil(() => rig.Bench.StageMicrometers <= 0, TimeSpan.FromSeconds(2));
        Assert.InRange(rig.NowMicroseconds - pressed, 0, Limits.StopRetractMilliseconds * 1000);
        rig.RunFor(TimeSpan.FromSeconds(3));
        Assert.Equal((byte)DeviceState.EmergencyStopped, rig.Status().State);
        Assert.Contains(rig.Events, e => e.Code == (ushort)EventCode.FaultRaised && e.Argument1 == (int)FaultCode.EmergencyStop && e.Argument2 == (int)DeviceState.Running);

        var clear = new ClearFault { Fault = (ushort)FaultCode.EmergencyStop };
        Assert.Equal(RejectionReason.EmergencyStopPressed, rig.Reason(clear));
        rig.Bench.ReleaseEmergencyStop();
        rig.Bench.ReleaseTrigger();
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal((byte)DeviceState.EmergencyStopped, rig.Status().State);
        rig.Accept(clear);
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
        rig.AssertParked();
    }

    [Fact]
    public void The_emergency_stop_at_power_up_is_latched_too()
    {
        using var rig = new FirmwareRig(print: output.WriteLine);
        rig.Bench.PressEmergencyStop();
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        rig.Hello();

        Assert.Equal((byte)DeviceState.EmergencyStopped, rig.Status().State);
    }

    [Fact]
    [Trait("Requirement", "EVT-1")]
    public void A_fault_that_nobody_has_seen_is_not_cleared()
    {
        using var rig = Treating.Running(output);
        rig.Bench.RemoveCartridge();
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromMilliseconds(200));

        var rejected = rig.Reject(new ClearFault { Fault = (ushort)FaultCode.LinkLost });
        Assert.Equal((RejectionReason.OtherFaultLatched, (int)FaultCode.CartridgeRemoved), ((RejectionReason)rejected.Reason, rejected.Detail));
        Assert.Equal(RejectionReason.StillRetracting, rig.Reason(new ClearFault { Fault = (ushort)FaultCode.CartridgeRemoved }));
    }

    [Fact]
    public void There_is_nothing_to_clear_without_a_fault()
    {
        using var rig = Treating.Homed(output);

        Assert.Equal(RejectionReason.NothingToClear, rig.Reason(new ClearFault { Fault = 0 }));
    }

    [Fact]
    [Trait("Requirement", "ARM-1")]
    public void A_power_cut_while_running_leaves_the_device_unhomed_and_still_at_the_next_start()
    {
        using var rig = Treating.Running(output);
        rig.PowerOff();
        long turned = rig.Bench.NeedleMicrosteps;
        rig.PowerOn();
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        rig.Hello();
        rig.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal((byte)DeviceState.Unhomed, rig.Status().State);
        Assert.Equal(turned, rig.Bench.NeedleMicrosteps);
        Assert.False(rig.Bench.NeedleDriverEnabled);
    }

    [Fact]
    public void On_a_failing_supply_nothing_is_begun()
    {
        using var rig = Treating.Greeted(output);
        rig.Bench.SetSupplyGood(false);
        rig.RunFor(TimeSpan.FromMilliseconds(50));

        Assert.Equal(RejectionReason.SupplyLow, rig.Reason(new EmptyMessage(MessageId.Home)));
        Assert.Equal(DeviceState.Unhomed, rig.State);
        Assert.Equal(0, rig.Bench.StageSteps);
    }

    [Fact]
    public void A_parked_device_whose_supply_fails_latches_and_is_parked_again_when_it_is_back()
    {
        using var rig = Treating.Homed(output);
        rig.Bench.SetSupplyGood(false);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromMilliseconds(300));
        Assert.Equal(FaultCode.SupplyLow, rig.Fault());
        rig.RunUntil(() => (rig.LatestStatus!.Flags & StatusFlags.Parking) == 0, TimeSpan.FromSeconds(5));
        var clear = new ClearFault { Fault = (ushort)FaultCode.SupplyLow };
        Assert.Equal(RejectionReason.FaultStillPresent, rig.Reason(clear));

        rig.Bench.SetSupplyGood(true);
        rig.RunFor(TimeSpan.FromMilliseconds(50));
        rig.Accept(clear);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(1));
        rig.AssertParked();
    }

    [Fact]
    public void A_limit_wire_that_breaks_while_parked_latches_until_it_is_mended()
    {
        using var rig = Treating.Homed(output);
        rig.Bench.SetFault(BenchFault.LimitSwitchWireBroken, true);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromMilliseconds(300));
        Assert.Equal(FaultCode.LimitSwitchOpen, rig.Fault());
        Assert.Equal(RejectionReason.FaultLatched, rig.Reason(new EmptyMessage(MessageId.Home)));
    }

    [Fact]
    public void A_limit_wire_that_broke_can_be_acknowledged_once_the_position_is_lost()
    {
        using var rig = Treating.Homed(output);
        rig.Bench.SetFault(BenchFault.LimitSwitchWireBroken, true);
        rig.RunUntil(() => rig.LatestStatus is { State: (byte)DeviceState.Faulted } status && (status.Flags & (StatusFlags.Parking | StatusFlags.Homed)) == 0, TimeSpan.FromSeconds(5));
        rig.Accept(new ClearFault { Fault = (ushort)FaultCode.LimitSwitchOpen });

        Assert.Equal((byte)DeviceState.Unhomed, rig.Status().State);
    }

    [Fact]
    public void After_the_emergency_stop_no_pulse_comes_later_than_a_tick()
    {
        using var rig = Treating.Running(output, 1500, 100000);
        long pressed = rig.NowMicroseconds;
        rig.Bench.PressEmergencyStop();
        rig.RunFor(TimeSpan.FromMilliseconds(500));

        Assert.InRange(rig.Bench.LastNeedlePulseMicroseconds!.Value - pressed, -1000, Limits.LongestTickMilliseconds * 1000);
    }
}
