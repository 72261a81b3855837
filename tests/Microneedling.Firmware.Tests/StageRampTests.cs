using Microneedling.Firmware;
using Microneedling.Protocol;

namespace Microneedling.Firmware.Tests;

public sealed class StageRampTests
{
    private static readonly int Cruise = StageUnits.StepSpacingMicroseconds(Limits.RetractMicrometersPerSecond);

    private static List<int> Spacings(StageRamp ramp, int steps, int cruise, Func<int, int>? late = null)
    {
        var spacings = new List<int>();
        long now = 1_000_000;
        for (int i = 0; i < steps; i++)
        {
            int spacing = ramp.SpacingAfterStep(now, steps - i - 1, cruise);
            spacings.Add(spacing);
            now += spacing + (late?.Invoke(i) ?? 0);
        }

        return spacings;
    }

    [Fact]
    public void A_long_move_starts_slowly_cruises_and_ends_slowly()
    {
        var spacings = Spacings(new StageRamp(), 200, Cruise);

        Assert.Equal(StageUnits.StepSpacingMicroseconds(Limits.StageStartMicrometersPerSecond), spacings[0]);
        Assert.Equal(Cruise, spacings[100]);
        Assert.Equal(spacings[0], spacings[^1]);
        Assert.All(spacings, spacing => Assert.InRange(spacing, Cruise, spacings[0]));
    }

    [Fact]
    public void No_step_is_faster_than_the_one_before_by_more_than_the_acceleration_allows()
    {
        var spacings = Spacings(new StageRamp(), 200, Cruise);
        for (int i = 1; i < spacings.Count; i++)
        {
            double before = 3.175e6 / spacings[i - 1];
            double after = 3.175e6 / spacings[i];

            // v² − v₀² = 2·a·s over one step, and the rounding of a microsecond.
            Assert.InRange((after * after) - (before * before), double.NegativeInfinity, (2 * Limits.StageAccelerationMicrometersPerSecondSquared * 3.175) + 10_000);
        }
    }

    [Fact]
    public void After_a_late_step_the_ramp_begins_again_from_what_the_motor_really_did()
    {
        var spacings = Spacings(new StageRamp(), 200, Cruise, i => i == 100 ? 50_000 : 0);

        Assert.Equal(Cruise, spacings[100]);
        Assert.Equal(StageUnits.StepSpacingMicroseconds(Limits.StageStartMicrometersPerSecond), spacings[101]);
        Assert.Equal(Cruise, spacings[120]);
    }

    [Fact]
    public void A_slow_move_keeps_its_own_pace() => Assert.All(Spacings(new StageRamp(), 50, 6350), spacing => Assert.Equal(6350, spacing));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_short_move_never_leaves_the_start_of_the_ramp_by_more_than_it_can_brake(int steps) =>
        Assert.All(Spacings(new StageRamp(), steps, Cruise), spacing => Assert.InRange(spacing, 2000, 3175));
}
