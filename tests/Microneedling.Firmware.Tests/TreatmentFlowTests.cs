using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>A treatment as it should go, judged by the board's physics.</summary>
public sealed class TreatmentFlowTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(100, 10000, 1500, 0)]
    [InlineData(500, 33333, 1500, 0)]
    [InlineData(1500, 100000, 1500, 0)]
    [InlineData(2500, 60000, 2500, 1)]
    public void The_tips_reach_the_depth_from_the_shallow_side_and_the_rate_within_two_percent(int depth, int rate, int cap, byte unlock)
    {
        using var rig = Treating.Running(output, depth, rate, cap, unlock);
        rig.RunFor(TimeSpan.FromSeconds(3));

        Assert.InRange(rig.Bench.DeepestTipMicrometers, depth - 6.4, depth);
        Assert.InRange(rig.Bench.TrueRateMillihertz, rate * 0.98, rate * 1.02);
        Assert.InRange(rig.LatestStatus!.MeasuredRateMillihertz, rate * 0.97, rate * 1.03);
        Assert.Equal(0, rig.Bench.NeedleStalls);
    }

    [Fact]
    public void Armed_waits_at_depth_with_the_tips_behind_the_nosecone()
    {
        using var rig = Treating.Armed(output, 1500);

        Assert.InRange(rig.Bench.StageMicrometers, 1490, 1500);
        Assert.True(rig.Bench.AtTopDeadCentre);
        Assert.True(rig.Bench.DeepestTipMicrometers <= 0);
        rig.RunFor(TimeSpan.FromSeconds(5));
        Assert.False(rig.Bench.NeedlesOut);
    }

    [Fact]
    public void Arming_brings_the_cam_to_the_top_before_the_stage_moves()
    {
        using var rig = Treating.Homed(output);
        long turned = rig.Bench.NeedleMicrosteps;
        rig.Bench.SetFault(BenchFault.IndexStuckLow, true);
        rig.Accept(new Arm { Token = rig.Configure(800, 60000).Token });
        rig.RunFor(TimeSpan.FromMilliseconds(150));
        Assert.True(rig.Bench.NeedleMicrosteps > turned);
        Assert.InRange(rig.Bench.StageMicrometers, -1010, -1000);
        rig.Bench.SetFault(BenchFault.IndexStuckLow, false);
        rig.RunUntil(() => rig.Bench.StageMicrometers > 700, TimeSpan.FromSeconds(5));

        Assert.True(rig.Bench.DeepestTipMicrometers <= 0);
    }

    [Fact]
    public void Releasing_the_trigger_ends_at_top_dead_centre_ready_for_the_next_press()
    {
        using var rig = Treating.Running(output);
        rig.Bench.ReleaseTrigger();
        rig.RunUntil(DeviceState.Armed, TimeSpan.FromSeconds(2));

        Assert.True(rig.Bench.AtTopDeadCentre);
        Assert.False(rig.Bench.NeedlesOut);
        rig.PressUntilSteady();
    }

    [Fact]
    public void Pressing_again_while_the_needles_slow_down_goes_on_stroking()
    {
        using var rig = Treating.Running(output, rate: 100000);
        rig.Bench.ReleaseTrigger();
        rig.RunFor(TimeSpan.FromMilliseconds(150));
        rig.Bench.PressTrigger();
        rig.RunUntil(() => rig.LatestStatus!.DrivenRateMillihertz == 100000, TimeSpan.FromSeconds(2));

        Assert.DoesNotContain(rig.Events, e => e.Code == (ushort)EventCode.StateChanged && e.Argument1 == (int)DeviceState.Armed && e.Argument2 == (int)DeviceState.Running);
    }

    [Fact]
    public void Other_values_while_the_needles_slow_down_do_not_make_them_go_on()
    {
        using var rig = Treating.Running(output, 800, 100000);
        rig.Bench.ReleaseTrigger();
        long released = rig.NowMicroseconds;
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        rig.Configure(800, 90000);
        rig.RunUntil(() => rig.LatestStatus!.State == (byte)DeviceState.Armed, TimeSpan.FromSeconds(2));

        Assert.InRange(rig.NowMicroseconds - released, 0, 1_000_000);
    }

    [Fact]
    public void The_stroke_count_is_the_number_of_strokes_that_were_made()
    {
        using var rig = Treating.Armed(output);
        uint countBefore = rig.Status().StrokeCount;
        long trueBefore = rig.Bench.StrokesCompleted;
        for (int i = 0; i < 3; i++)
        {
            rig.PressUntilSteady();
            rig.RunFor(TimeSpan.FromSeconds(1));
            rig.Bench.ReleaseTrigger();
            rig.RunUntil(DeviceState.Armed, TimeSpan.FromSeconds(2));
        }

        rig.PressUntilSteady();
        rig.Accept(MessageId.Stop);
        rig.Bench.ReleaseTrigger();
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(5));

        Assert.InRange(rig.Bench.StrokesCompleted - trueBefore, 150, 400);
        Assert.InRange(rig.Status().StrokeCount - countBefore, rig.Bench.StrokesCompleted - trueBefore - 1, rig.Bench.StrokesCompleted - trueBefore + 1);
    }

    [Fact]
    public void The_measured_rate_follows_a_stop_within_a_third_of_a_second_and_the_creep_after_it()
    {
        using var rig = Treating.Running(output, rate: 100000);
        rig.RunFor(TimeSpan.FromSeconds(2));
        Assert.InRange(rig.LatestStatus!.MeasuredRateMillihertz, 97000u, 103000u);
        rig.Configure(200, 100000);
        rig.RunFor(TimeSpan.FromSeconds(1));
        rig.SendRaw(Framing.Stop);
        rig.RunFor(TimeSpan.FromMilliseconds(300));

        while (rig.State != DeviceState.Parked)
        {
            Assert.InRange(rig.LatestStatus!.MeasuredRateMillihertz, 0u, 5000u);
            rig.RunFor(TimeSpan.FromMilliseconds(10));
        }
    }

    [Fact]
    public void A_deeper_depth_while_running_is_reached_along_the_ramp_and_a_shallower_one_at_once()
    {
        using var rig = Treating.Running(output, 500);
        long begun = rig.NowMicroseconds;
        Assert.Equal(997, rig.Configure(1000, 60000).DepthMicrometers);
        rig.RunUntil(() => rig.Bench.StageMicrometers > 990, TimeSpan.FromSeconds(2));
        Assert.InRange((rig.NowMicroseconds - begun) / 1e6, 0.49, 0.7);

        rig.Configure(300, 60000);
        rig.RunUntil(() => rig.Bench.StageMicrometers < 305, TimeSpan.FromSeconds(1));
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        rig.Bench.ResetDeepestTip();
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.InRange(rig.Bench.DeepestTipMicrometers, 290, 300);
    }

    [Fact]
    public void Other_values_while_armed_move_the_stage_and_never_the_needles()
    {
        using var rig = Treating.Armed(output);
        long turned = rig.Bench.NeedleMicrosteps;
        rig.Configure(500, 90000);
        rig.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal((turned, DeviceState.Armed), (rig.Bench.NeedleMicrosteps, rig.State));
        Assert.InRange(rig.Bench.StageMicrometers, 490, 500);
    }

    [Fact]
    public void A_change_while_armed_needs_the_armed_cap()
    {
        using var rig = Treating.Armed(output, 500, cap: 800);

        var rejected = rig.Reject(Treating.Proposal(500, 60000, 900));
        Assert.Equal((RejectionReason.CapFixedWhileArmed, 800), ((RejectionReason)rejected.Reason, rejected.Detail));
        Assert.Equal(RejectionReason.DepthAboveCap, rig.Reason(Treating.Proposal(801, 60000, 800)));
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.InRange(rig.Bench.StageMicrometers, 490, 500);
    }

    [Fact]
    public void Faster_follows_the_ramp_and_never_passes_the_rate_asked_for()
    {
        using var rig = Treating.Running(output, rate: 10000);
        rig.Configure(800, 100000);
        var rates = new List<uint>();
        rig.RunUntil(
            () =>
            {
                rates.Add(rig.LatestStatus!.DrivenRateMillihertz);
                return rig.LatestStatus.DrivenRateMillihertz == 100000;
            },
            TimeSpan.FromSeconds(2));

        Assert.Equal(rates.Order(), rates);
        Assert.Equal(0, rig.Bench.NeedleStalls);
        rig.RunFor(TimeSpan.FromSeconds(2));
        Assert.InRange(rig.Bench.TrueRateMillihertz, 98000, 102000);
    }

    [Fact]
    public void Disarm_parks()
    {
        using var rig = Treating.Armed(output);
        rig.Accept(MessageId.Disarm);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(5));

        rig.AssertParked();
    }

    [Fact]
    public void Running_for_the_press_limit_ends_the_strokes_and_needs_a_fresh_press()
    {
        using var rig = Treating.Running(output);
        rig.RunUntil(DeviceState.Armed, TimeSpan.FromMilliseconds(Limits.PressLimitMilliseconds + 2000));
        Assert.Equal(Limits.PressLimitMilliseconds, Assert.Single(rig.Events, e => e.Code == (ushort)EventCode.PressLimitReached).Argument1);
        rig.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(DeviceState.Armed, rig.State);

        rig.Bench.ReleaseTrigger();
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        rig.PressUntilSteady();
    }

    [Fact]
    public void Armed_without_a_press_disarms_itself_after_the_idle_limit()
    {
        using var rig = Treating.Armed(output);
        rig.RunFor(TimeSpan.FromMilliseconds(Limits.IdleDisarmMilliseconds - 4000));
        Assert.Equal(DeviceState.Armed, rig.State);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));

        rig.AssertParked();
    }

    [Fact]
    public void The_way_of_a_stroke_from_a_real_frame_to_step_pulses_and_back()
    {
        using var rig = Treating.Armed(output, 800, 60000);
        long stepsBefore = rig.Bench.NeedleMicrosteps;
        rig.PressUntilSteady();
        rig.RunFor(TimeSpan.FromSeconds(1));

        Assert.InRange(rig.Bench.NeedleMicrosteps - stepsBefore, 400 * 50, 400 * 150);
        Assert.InRange(rig.LatestStatus!.StagePositionMicrometers, 790, 800);
        Assert.InRange(rig.LatestStatus.MeasuredRateMillihertz, 58000u, 62000u);
    }

    [Fact]
    public void Needles_that_stand_have_no_rate()
    {
        using var rig = Treating.Running(output);
        rig.SendRaw(Framing.Stop);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(5));
        rig.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal(0u, rig.Status().MeasuredRateMillihertz);
    }
}
