// What the needle motor carries and where it gives up, driven along the ramp that a device has: 5 strokes/s at once,
// 100 strokes/s² up, 200 down, one new frequency in 10 ms.

using Microneedling.SimulatedBoard.Mechanics;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class NeedleTorqueTests
{
    private const int StartHertz = 2_000;
    private const int TopHertz = 40_000;
    private const int Tick = 10_000;

    private static readonly Skin FreeAir = new(0, Skin.UsualNeedleCount);
    private static readonly Skin Firm = new(1.8, 12);
    private static readonly Skin Overload = new(7.2, 36);

    [Theory]
    [InlineData(0, 100)]
    [InlineData(0, 2_500)]
    [InlineData(1.8, 100)]
    [InlineData(1.8, 1_000)]
    [InlineData(1.8, 1_500)]
    [InlineData(1.8, 2_000)]
    [InlineData(1.8, 2_500)]
    public void The_drive_runs_up_to_100_strokes_a_second_and_down_again_in_free_air_and_in_firm_skin(double stiffness, int depth)
    {
        Ride ride = new(depth, new Skin(stiffness, 12));
        ride.RampTo(TopHertz);
        ride.RunFor(1_000_000);
        ride.RampTo(StartHertz);
        Assert.Equal((0L, 0L), (ride.Drive.Stalls, ride.Drive.MicrostepsLost));
        Assert.InRange(ride.Drive.TopsPassed, 150, 200);
    }

    [Fact]
    public void Heavier_needles_in_stiff_skin_stall_it_on_its_way_up_and_slow_pulses_start_it_again()
    {
        Ride ride = new(2_500, Overload);
        ride.RampTo(TopHertz);
        Assert.True(ride.Drive.Stalled);
        Assert.Equal(1, ride.Drive.Stalls);
        Assert.True(ride.Drive.MicrostepsLost > 1_000);

        ride.RampTo(StartHertz);
        Assert.False(ride.Drive.Stalled);
        long turned = ride.Drive.MicrostepsTurned;
        ride.RunFor(1_000_000);
        Assert.InRange(ride.Drive.MicrostepsTurned - turned, 1_999, 2_001);
    }

    [Fact]
    public void A_drive_at_full_speed_stalls_when_the_stage_takes_it_too_deep_into_stiff_skin()
    {
        Ride ride = new(500, Overload);
        ride.RampTo(TopHertz);
        Assert.False(ride.Drive.Stalled);
        ride.Drive.Reach(2_500, ride.Now);
        Assert.True(ride.Drive.Stalled);
        ride.Drive.Reach(500, ride.Now);
        Assert.True(ride.Drive.Stalled, "Less load alone does not catch a motor that stands.");
    }

    [Fact]
    public void Skin_that_becomes_stiff_stalls_it_and_60_strokes_a_second_carry_more_than_100()
    {
        Ride fast = new(2_500, Firm);
        fast.RampTo(TopHertz);
        fast.Drive.SetSkin(Firm with { StiffnessNewtonsPerMillimeter = 3.6, NeedleCount = 24 });
        Assert.True(fast.Drive.Stalled);

        Ride comfortable = new(2_500, Firm);
        comfortable.RampTo(24_000);
        comfortable.Drive.SetSkin(Firm with { StiffnessNewtonsPerMillimeter = 3.6, NeedleCount = 24 });
        Assert.False(comfortable.Drive.Stalled);
    }

    [Fact]
    public void The_motor_gives_50_millinewton_metres_at_1500_rpm_and_less_the_faster_it_turns()
    {
        Assert.Equal(50, NeedleTorque.Available(TopHertz), 9);
        for (int hertz = 100; hertz <= 45_000; hertz += 100)
        {
            Assert.True(NeedleTorque.Available(hertz) <= NeedleTorque.Available(hertz - 100));
        }

        Assert.Equal(0, NeedleTorque.Available(NeedleTorque.PullOutHertz + 1));
    }

    [Fact]
    public void The_load_is_slope_times_force()
    {
        Assert.Equal(6 * 3, NeedleTorque.Load(1, -1_000, Firm), 3);
        Assert.Equal(NeedleTorque.Load(1, -1_000, Firm), NeedleTorque.Load(1, 2_500, FreeAir), 9);
        double halfWayDown = 6 * (3 + (1.8 * 1.0) + (12 * (0.03 + (0.07 * 1.0 / 2.5))));
        Assert.InRange(NeedleTorque.Load(1, 2_500, Firm), halfWayDown, halfWayDown * 1.15);
        Assert.True(NeedleTorque.Load(TopHertz, 0, FreeAir) > 1.2 * NeedleTorque.Load(1, 0, FreeAir), "The moving mass counts at speed.");
    }

    private sealed class Ride
    {
        private int hertz;

        internal Ride(int depth, Skin skin)
        {
            Drive = new NeedleDrive(0, depth);
            Drive.SetPowered(true);
            Drive.SetSkin(skin);
        }

        internal NeedleDrive Drive { get; }

        internal long Now { get; private set; }

        internal void RampTo(int target)
        {
            while (hertz != target)
            {
                hertz = hertz == 0 ? StartHertz : hertz < target ? Math.Min(target, hertz + 400) : Math.Max(target, hertz - 800);
                Drive.SetPulses(Now, hertz);
                RunFor(Tick);
            }
        }

        internal void RunFor(long microseconds) => Drive.Advance(Now += microseconds);
    }
}
