// What the depth stage's motor and driver follow.

using Microneedling.SimulatedBoard.Mechanics;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class StageMotorTests
{
    private const int StartStop = 2_646;

    [Fact]
    public void Steps_at_the_start_stop_speed_are_all_made_and_slightly_faster_ones_are_all_lost()
    {
        Motor slow = new();
        slow.Steps(100, StartStop);
        Assert.Equal((100L, 0L), (slow.Stage.StepsMade, slow.Stage.StepsLost));

        Motor fast = new();
        fast.Steps(100, StartStop - 10);
        Assert.Equal((1L, 99L), (fast.Stage.StepsMade, fast.Stage.StepsLost));
    }

    [Fact]
    public void A_ramp_from_1000_micrometres_a_second_at_100_millimetres_a_second_squared_is_followed()
    {
        Motor motor = new();
        motor.Steps(1, StartStop);
        for (double speed = 1_000; speed < 3_000; speed = Math.Min(3_000, Math.Sqrt((speed * speed) + (2 * 100_000 * 3.175))))
        {
            motor.Steps(1, (int)Math.Ceiling(3_175_000 / speed));
        }

        motor.Steps(500, 1_059);
        Assert.Equal(0, motor.Stage.StepsLost);
    }

    [Fact]
    public void A_rise_by_more_than_600_micrometres_a_second_in_one_step_is_lost_and_so_is_what_follows_until_it_is_slow()
    {
        Motor motor = new();
        motor.Steps(2, StartStop);
        motor.Steps(1, 3_175_000 / 1_790);
        Assert.Equal(0, motor.Stage.StepsLost);
        motor.Steps(10, 3_175_000 / 2_450);
        Assert.Equal(10, motor.Stage.StepsLost);
        motor.Steps(10, StartStop);
        Assert.Equal(10, motor.Stage.StepsLost);
    }

    [Fact]
    public void A_late_step_within_fast_ones_makes_the_next_fast_one_a_jump()
    {
        Motor motor = new();
        motor.RampTo(2_000);
        Assert.Equal(0, motor.Stage.StepsLost);
        motor.Steps(1, 10_000);
        motor.Steps(1, 1_588);
        Assert.Equal(1, motor.Stage.StepsLost);
    }

    [Fact]
    public void After_a_rest_of_20_ms_the_first_step_is_made_and_the_second_is_bound_by_the_start_stop_speed()
    {
        Motor motor = new();
        motor.RampTo(2_000);
        motor.Steps(1, 20_001);
        Assert.Equal(0, motor.Stage.StepsLost);
        motor.Steps(1, 1_588);
        Assert.Equal(1, motor.Stage.StepsLost);
    }

    [Fact]
    public void Nothing_is_followed_above_3150_micrometres_a_second()
    {
        Motor motor = new();
        motor.RampTo(3_100);
        motor.Steps(1, 1_009);
        Assert.Equal(0, motor.Stage.StepsLost);
        motor.Steps(1, 1_007);
        Assert.Equal(1, motor.Stage.StepsLost);
    }

    [Theory]
    [InlineData(4_990, 1)]
    [InlineData(5_010, 0)]
    public void A_reversal_needs_5_ms_of_rest(int rest, int lost)
    {
        Motor motor = new();
        motor.Steps(10, StartStop);
        motor.Reverse();
        motor.Steps(1, rest);
        Assert.Equal(lost, motor.Stage.StepsLost);
    }

    [Theory]
    [InlineData(1_690, 1)]
    [InlineData(1_710, 0)]
    public void Steps_before_the_driver_is_awake_are_lost(int afterEnable, int lost)
    {
        Motor motor = new(enabled: false);
        motor.Stage.SetPowered(true, motor.Now);
        motor.Steps(1, afterEnable);
        Assert.Equal(lost, motor.Stage.StepsLost);
    }

    [Fact]
    public void A_pulse_that_is_too_short_a_gap_that_is_too_short_and_a_late_direction_each_cost_the_step()
    {
        Motor shortPulse = new();
        Assert.True(shortPulse.Stage.Rise(50_000, false, 0));
        Assert.True(shortPulse.Stage.Fall(50_001));
        Assert.Equal((0, 0L, 1L), (shortPulse.Stage.Nanometers, shortPulse.Stage.StepsMade, shortPulse.Stage.StepsLost));

        Motor shortGap = new();
        shortGap.Stage.Rise(50_000, false, 0);
        shortGap.Stage.Fall(54_999);
        Assert.False(shortGap.Stage.Rise(55_000, false, 0));
        Assert.Equal(1, shortGap.Stage.StepsLost);

        Motor lateDirection = new();
        lateDirection.Stage.SetDirection(true, 50_000);
        Assert.False(lateDirection.Stage.Rise(50_000, false, 0));
        Assert.Equal(1, lateDirection.Stage.StepsLost);
    }

    [Fact]
    public void Disabled_pulses_are_counted_apart_and_move_nothing()
    {
        Motor motor = new(enabled: false);
        motor.Steps(7, StartStop);
        Assert.Equal((7L, 0L, 0), (motor.Stage.PulsesWhileDisabled, motor.Stage.StepsLost, motor.Stage.Nanometers));
    }

    [Fact]
    public void A_load_above_45_newtons_loses_steps_and_those_lost_while_retracting_count_as_slip()
    {
        Motor motor = new();
        motor.Steps(5, StartStop, loadNewtons: 44);
        Assert.Equal(0, motor.Stage.StepsLost);
        motor.Steps(5, StartStop, loadNewtons: 46);
        Assert.Equal((5L, 0), (motor.Stage.StepsLost, motor.Stage.InjectedSlipNanometers));
        motor.Reverse();
        motor.Steps(4, 6_000, loadNewtons: 46);
        Assert.Equal(4 * 3_175, motor.Stage.InjectedSlipNanometers);
    }

    private sealed class Motor
    {
        private bool extends = true;

        internal Motor(bool enabled = true)
        {
            Stage.SetPowered(enabled, 0);
            Stage.SetDirection(true, 0);
        }

        internal DepthStage Stage { get; } = new(0);

        internal long Now { get; private set; } = 30_000;

        internal void Reverse()
        {
            extends = !extends;
            Stage.SetDirection(extends, Now);
        }

        internal void Steps(int count, int spacing, double loadNewtons = 0)
        {
            for (int i = 0; i < count; i++)
            {
                Now += spacing;
                Stage.Rise(Now, extendGated: false, loadNewtons);
                Stage.Fall(Now + 5);
            }
        }

        internal void RampTo(int micrometersPerSecond)
        {
            Steps(2, StartStop);
            for (int speed = 1_300; speed <= micrometersPerSecond; speed += 100)
            {
                Steps(1, 3_175_000 / speed);
            }
        }
    }
}
