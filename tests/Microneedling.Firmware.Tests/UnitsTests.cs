using Microneedling.Firmware;
using Microneedling.Protocol;

namespace Microneedling.Firmware.Tests;

public sealed class UnitsTests
{
    [Fact]
    public void Every_depth_is_rounded_towards_shallower_by_less_than_a_step()
    {
        foreach (int zeroOffset in new[] { -300, -1, 0, 1, 300 })
        {
            for (int depth = Limits.ParkedStageMicrometers + 300; depth <= StageUnits.DeepestMicrometers(zeroOffset); depth++)
            {
                int steps = StageUnits.StepsForDepth(depth, zeroOffset);
                long trueNanometers = ((long)steps * StageUnits.NanometersPerStep) + ((Limits.HomeSwitchStageMicrometers + zeroOffset) * 1000L);

                Assert.InRange((depth * 1000L) - trueNanometers, 0, StageUnits.NanometersPerStep - 1);
                Assert.InRange(StageUnits.MicrometersAt(steps, zeroOffset), depth - 4, depth);
            }
        }
    }

    [Fact]
    public void No_zero_offset_lets_the_stage_reach_the_limit_switch()
    {
        for (int zeroOffset = -300; zeroOffset <= 300; zeroOffset++)
        {
            int steps = StageUnits.StepsForDepth(StageUnits.DeepestMicrometers(zeroOffset), zeroOffset);

            Assert.InRange(StageUnits.MicrometersAt(steps, 0), 0, Limits.LimitSwitchStageMicrometers - StageUnits.LimitSwitchMarginMicrometers);
        }
    }

    [Fact]
    public void Parked_is_at_or_behind_the_park_position() =>
        Assert.InRange(
            ((long)StageUnits.ParkedSteps * StageUnits.NanometersPerStep) + (Limits.HomeSwitchStageMicrometers * 1000L),
            (Limits.ParkedStageMicrometers * 1000L) - StageUnits.NanometersPerStep,
            Limits.ParkedStageMicrometers * 1000L);

    [Fact]
    public void Every_rate_is_within_two_percent_and_never_faster_than_asked()
    {
        for (int rate = Limits.MinimumRateMillihertz; rate <= Limits.MaximumRateMillihertz; rate++)
        {
            int effective = NeedleUnits.MillihertzAt(NeedleUnits.HertzForRate(rate));

            Assert.InRange(effective, rate * 98 / 100, rate);
        }
    }

    [Fact]
    public void The_fastest_rate_is_the_ceiling_of_the_needle_drive() =>
        Assert.Equal(NeedleDrive.CeilingHertz, NeedleUnits.HertzForRate(Limits.MaximumRateMillihertz));

    [Theory]
    [InlineData(1000, 3175)]
    [InlineData(2000, 1588)]
    [InlineData(500, 6350)]
    public void Step_spacing_is_never_faster_than_the_speed(int micrometersPerSecond, int microseconds) =>
        Assert.Equal(microseconds, StageUnits.StepSpacingMicroseconds(micrometersPerSecond));
}
