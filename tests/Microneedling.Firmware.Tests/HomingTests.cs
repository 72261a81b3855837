using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

public sealed class HomingTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(-1300, 0)]
    [InlineData(-1201, 199)]
    [InlineData(-1200, 777)]
    [InlineData(-1199, 1599)]
    [InlineData(-1000, 50)]
    [InlineData(0, 51)]
    [InlineData(1500, 200)]
    [InlineData(2500, 350)]
    [InlineData(2650, 1000)]
    [InlineData(2700, 1234)]
    public void Homing_from_anywhere_parks_proven_with_the_cam_at_top(int stageMicrometers, int camMicrosteps)
    {
        using var rig = Treating.Homed(output, new BoardOptions { StageMicrometers = stageMicrometers, CamMicrosteps = camMicrosteps });

        rig.AssertParked();
        Assert.Equal(StatusFlags.Homed, rig.Status().Flags & StatusFlags.Homed);
    }

    [Fact]
    public void Homing_retracts_before_the_cam_turns()
    {
        using var rig = Treating.Greeted(output, new BoardOptions { StageMicrometers = 1500, CamMicrosteps = 0 });
        long cam = rig.Bench.NeedleMicrosteps;
        rig.Accept(MessageId.Home);
        while (rig.Bench.StageMicrometers > -1000)
        {
            Assert.Equal(cam, rig.Bench.NeedleMicrosteps);
            rig.RunFor(TimeSpan.FromMilliseconds(5));
        }
    }

    [Fact]
    public void Homing_stops_the_stage_within_a_step_of_the_switch_each_time()
    {
        using var rig = Treating.Homed(output);
        var positions = new List<double>();
        for (int i = 0; i < 10; i++)
        {
            rig.Accept(MessageId.Home);
            rig.RunUntil(DeviceState.Homing, TimeSpan.FromSeconds(1));
            rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
            positions.Add(rig.Bench.StageMicrometers);
        }

        Assert.InRange(positions.Max() - positions.Min(), 0, 3.175);
    }

    [Fact]
    public void A_home_switch_that_never_closes_ends_in_a_fault_and_not_in_the_mechanical_stop_for_ever()
    {
        using var rig = Treating.Greeted(output);
        rig.Bench.SetFault(BenchFault.HomeSwitchStuckOpen, true);
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(10));

        Assert.Equal(FaultCode.HomeSwitchNotFound, rig.Fault());
        Assert.False(rig.Bench.DepthDriverEnabled);
    }

    [Fact]
    public void A_home_switch_that_never_opens_ends_in_a_fault_before_the_tips_can_come_out()
    {
        using var rig = Treating.Greeted(output, new BoardOptions { StageMicrometers = -1250 });
        rig.Bench.SetFault(BenchFault.HomeSwitchStuckClosed, true);
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(10));

        Assert.Equal(FaultCode.HomeSwitchStuckClosed, rig.Fault());
        Assert.InRange(rig.Bench.StageMicrometers, -1300, -1000);
    }

    [Fact]
    public void An_index_flag_that_never_shows_ends_homing_in_a_fault_with_the_needles_behind_the_nosecone()
    {
        using var rig = Treating.Greeted(output, new BoardOptions { CamMicrosteps = 200 });
        rig.Bench.SetFault(BenchFault.IndexStuckLow, true);
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(10));

        Assert.Equal(FaultCode.IndexNotFound, rig.Fault());
        Assert.InRange(rig.Bench.StageMicrometers, -1300, -1000);
        Assert.False(rig.Bench.NeedleDriverEnabled);
    }

    [Fact]
    public void Stop_while_homing_halts_the_stage_and_leaves_the_device_unhomed()
    {
        using var rig = Treating.Greeted(output, new BoardOptions { StageMicrometers = 500 });
        rig.Accept(MessageId.Home);
        rig.RunFor(TimeSpan.FromMilliseconds(200));
        rig.SendRaw(Framing.Stop);
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
        double stopped = rig.Bench.StageMicrometers;
        rig.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal(stopped, rig.Bench.StageMicrometers);
        Assert.Equal(RejectionReason.NotHomed, rig.Reason(Treating.Proposal(500, 60000)));
    }

    [Fact]
    public void A_stage_that_was_moved_by_hand_while_armed_is_found_out_at_the_next_park()
    {
        using var rig = Treating.Armed(output);
        rig.Bench.DisplaceStage(-60);
        rig.Accept(MessageId.Disarm);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(10));

        Assert.Equal(FaultCode.PositionLost, rig.Fault());
        rig.Accept(new ClearFault { Fault = (ushort)FaultCode.PositionLost });
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(20, false)]
    [InlineData(40, true)]
    public void At_the_park_a_lost_position_is_a_fault_only_beyond_the_tolerance(int micrometers, bool fault)
    {
        using var rig = Treating.Armed(output);
        rig.Bench.DisplaceStage(micrometers);
        rig.Accept(MessageId.Disarm);
        rig.RunUntil(fault ? DeviceState.Faulted : DeviceState.Parked, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void What_a_position_was_off_within_the_tolerance_is_put_right_at_the_park()
    {
        using var rig = Treating.Armed(output);
        for (int i = 0; i < 3; i++)
        {
            rig.Bench.DisplaceStage(20);
            rig.Accept(MessageId.Disarm);
            rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
            rig.Arm();
            Assert.InRange(rig.Bench.StageMicrometers, 790, 800);
        }
    }

    [Fact]
    public void A_home_switch_that_stays_closed_after_the_proof_is_a_fault()
    {
        using var rig = Treating.Armed(output);
        rig.Accept(MessageId.Disarm);
        rig.RunUntil(() => rig.Bench.StageMicrometers <= Limits.HomeSwitchStageMicrometers, TimeSpan.FromSeconds(5));
        rig.Bench.SetFault(BenchFault.HomeSwitchStuckClosed, true);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(2));

        Assert.Equal(FaultCode.HomeSwitchStuckClosed, rig.Fault());
        Assert.Equal(0, rig.Status().Flags & StatusFlags.Homed);
    }

    [Fact]
    public void Stop_in_the_last_leg_of_homing_cuts_the_pulses_and_forgets_the_position()
    {
        using var rig = Treating.Greeted(output, new BoardOptions { CamMicrosteps = 100 });
        long turned = rig.Bench.NeedleMicrosteps;
        rig.Accept(MessageId.Home);
        rig.RunUntil(() => rig.Bench.NeedleMicrosteps > turned, TimeSpan.FromSeconds(5));
        Assert.NotEqual(0, rig.Status().Flags & StatusFlags.Homed);
        long sent = rig.NowMicroseconds;
        rig.SendRaw(Framing.Stop);
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
        rig.RunFor(TimeSpan.FromMilliseconds(300));

        Assert.InRange(rig.Bench.LastNeedlePulseMicroseconds!.Value - sent, -1000, (Limits.LongestTickMilliseconds * 1000) + 100);
        Assert.Equal(0, rig.Status().Flags & (StatusFlags.Homed | StatusFlags.NeedlesMoving));
    }
}
