// The needle drive's closed form against a loop over every single microstep, and what the motor does not follow.

using Microneedling.SimulatedBoard.Mechanics;
using Xunit.Abstractions;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class NeedleDriveTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, ImperfectionLevel.Ideal)]
    [InlineData(2, ImperfectionLevel.Ideal)]
    [InlineData(3, ImperfectionLevel.Ideal)]
    [InlineData(4, ImperfectionLevel.Dynamic)]
    [InlineData(5, ImperfectionLevel.Dynamic)]
    [InlineData(6, ImperfectionLevel.Dynamic)]
    public void The_closed_form_agrees_with_a_loop_over_every_microstep(int seed, ImperfectionLevel level)
    {
        output.WriteLine($"Seed {seed}.");
        Random chance = new(seed);
        int cam = chance.Next(1_600);
        double stage = chance.Next(-1_000, 2_600);
        long now = chance.Next(1_000_000);
        Imperfections device = new(level, seed);
        NeedleDrive drive = new(cam, stage, device, now);
        IndexFlag index = new(device);
        long risesAtFirst = index.Rises(cam);
        long fallsAtFirst = index.Falls(cam);
        Loop loop = new(cam, stage, device, index, now);
        drive.SetPowered(true);
        int hertz = 0;

        for (int change = 0; change < 300; change++)
        {
            hertz = chance.Next(10) switch
            {
                0 => 0,
                1 or 2 => hertz,
                _ => Math.Min(NeedleTorque.PullOutHertz, chance.Next(1, hertz + NeedleDrive.PullInHertz)),
            };
            drive.SetPulses(now, hertz);
            loop.Begin(now, hertz);
            for (int look = chance.Next(1, 4); look > 0; look--)
            {
                now += chance.Next(1, 60_000);
                drive.Advance(now);
                loop.RunUntil(now, stage);
                Assert.Equal(loop.Angle, drive.Angle);
                Assert.Equal(loop.DeepestTip, drive.DeepestTipMicrometers, 6);
                Assert.Equal(loop.OutSince, drive.TipOutSince);
                Assert.Equal(loop.ShortestStroke, drive.ShortestStrokeMicroseconds);
            }

            stage = chance.Next(-1_000, 2_600);
            drive.Reach(stage, now);
            loop.StageMoved(stage, now);
        }

        Assert.Equal(0, drive.Stalls);
        Assert.Equal(loop.Microsteps, drive.MicrostepsTurned);
        Assert.Equal((loop.Tops, loop.Bottoms), (drive.TopsPassed, drive.BottomsPassed));
        Assert.Equal((loop.Rises, loop.Falls), (index.Rises(drive.Angle) - risesAtFirst, index.Falls(drive.Angle) - fallsAtFirst));
        Assert.Equal(loop.LastPulse, drive.LastPulseAt);
        Assert.Equal(loop.Strokes.Count, drive.Strokes.Count);
        Assert.All(loop.Strokes.Zip(drive.Strokes), pair =>
        {
            Assert.Equal(pair.First.EndedAtMicroseconds, pair.Second.EndedAtMicroseconds);
            Assert.Equal(pair.First.DeepestTipMicrometers, pair.Second.DeepestTipMicrometers, 6);
        });
        Assert.True(drive.TopsPassed > 100, "Too little happened to compare.");
    }

    [Fact]
    public void Strokes_per_second_are_the_frequency_over_400()
    {
        NeedleDrive drive = new(0);
        drive.SetPowered(true);
        long now = 0;
        for (int hertz = 4_000; hertz <= 24_000; hertz += 2_000, now += 10_000)
        {
            drive.Advance(now);
            drive.SetPulses(now, hertz);
        }

        for (; now < 1_000_000; now += 10_000)
        {
            drive.Advance(now);
        }

        drive.Advance(now);
        Assert.InRange(drive.RateMillihertz(now), 59_900, 60_100);
        long before = drive.TopsPassed;
        drive.Advance(now + 10_000_000);
        Assert.InRange(drive.TopsPassed - before, 599, 601);
    }

    [Fact]
    public void A_standing_motor_does_not_follow_fast_pulses_until_they_become_slow()
    {
        NeedleDrive drive = new(0);
        drive.SetPowered(true);
        drive.SetPulses(0, 24_000);
        drive.Advance(100_000);
        Assert.True(drive.Stalled);
        Assert.Equal(0, drive.MicrostepsTurned);
        Assert.Equal(2_401, drive.MicrostepsLost);

        drive.SetPulses(100_000, 4_000);
        drive.Advance(200_000);
        Assert.False(drive.Stalled);
        Assert.Equal(400, drive.MicrostepsTurned);
    }

    [Fact]
    public void A_jump_or_a_frequency_beyond_the_torque_stalls_a_turning_motor()
    {
        NeedleDrive drive = new(0);
        drive.SetPowered(true);
        drive.SetPulses(0, 4_000);
        drive.SetPulses(10_000, 4_000 + NeedleDrive.PullInHertz);
        Assert.False(drive.Stalled);
        drive.SetPulses(20_000, 9_500 + NeedleDrive.PullInHertz + 1);
        Assert.True(drive.Stalled);
        Assert.Equal(1, drive.Stalls);
    }

    [Fact]
    public void A_jammed_motor_loses_its_pulses_and_one_without_current_does_not_even_see_them()
    {
        NeedleDrive drive = new(0);
        drive.SetPulses(0, 1_000);
        drive.Advance(10_500);
        Assert.Equal((0, 0), (drive.MicrostepsTurned, drive.MicrostepsLost));
        Assert.Equal(10_000, drive.LastPulseAt);

        drive.SetPowered(true);
        drive.SetJammed(true);
        drive.Advance(20_500);
        Assert.Equal((0, 10), (drive.MicrostepsTurned, drive.MicrostepsLost));
        Assert.Null(drive.LastMicrostepAt);
    }

    [Fact]
    public void Tips_are_behind_the_nosecone_by_the_lift_at_the_top_and_at_the_stage_at_the_bottom()
    {
        Assert.Equal(3_000, CamGeometry.LiftMicrometers(0), 9);
        Assert.Equal(1_500, CamGeometry.LiftMicrometers(100), 9);
        Assert.Equal(0, CamGeometry.LiftMicrometers(200), 9);
        Assert.Equal(3_000, CamGeometry.LiftMicrometers(1_600), 9);
        Assert.Equal(2_500 - 3_000, new NeedleDrive(0, 2_500).TipMicrometers, 9);
        Assert.Equal(500, new NeedleDrive(600, 500).TipMicrometers, 9);
    }

    /// <summary>The same motor, one microstep at a time.</summary>
    private sealed class Loop
    {
        private long start;
        private int hertz;
        private long edge;
        private double deepestOfStroke = double.NegativeInfinity;
        private long? topAt;

        private readonly Imperfections device;
        private readonly IndexFlag index;

        internal Loop(int cam, double stage, Imperfections device, IndexFlag index, long now)
        {
            (this.device, this.index) = (device, index);
            Angle = cam;
            StageMoved(stage, now);
        }

        internal long Angle { get; private set; }

        internal long? OutSince { get; private set; }

        internal long? ShortestStroke { get; private set; }

        internal long Microsteps { get; private set; }

        internal long Tops { get; private set; }

        internal long Bottoms { get; private set; }

        internal long Rises { get; private set; }

        internal long Falls { get; private set; }

        internal long? LastPulse { get; private set; }

        internal double DeepestTip { get; private set; } = double.NegativeInfinity;

        internal List<StrokeRecord> Strokes { get; } = [];

        internal void Begin(long now, int frequency) => (start, hertz, edge) = (now, frequency, LastPulse == now ? 1 : 0);

        internal void RunUntil(long now, double stage)
        {
            while (hertz > 0)
            {
                long at = start + (long)Math.Ceiling((decimal)edge * 1_000_000 / hertz);
                if (at > now)
                {
                    return;
                }

                edge++;
                bool before = index.Shows(Angle);
                double noise = Noise();
                Angle++;
                Microsteps++;
                LastPulse = at;
                Rises += !before && index.Shows(Angle) ? 1 : 0;
                Falls += before && !index.Shows(Angle) ? 1 : 0;
                Bottoms += Angle % 400 == 200 ? 1 : 0;
                Deepen(stage + noise - Lift(Angle), stage + noise - Lift(Angle - 1));
                OutSince = stage + Noise() > Lift(Angle) ? OutSince ?? at : null;
                if (Angle % 400 == 0)
                {
                    Tops++;
                    ShortestStroke = topAt is { } last ? Math.Min(ShortestStroke ?? long.MaxValue, at - last) : null;
                    topAt = at;
                    Strokes.Add(new StrokeRecord(at, deepestOfStroke));
                    deepestOfStroke = double.NegativeInfinity;
                }
            }
        }

        internal void StageMoved(double stage, long now)
        {
            Deepen(stage + Noise() - Lift(Angle), double.NegativeInfinity);
            OutSince = stage + Noise() > Lift(Angle) ? OutSince ?? now : null;
        }

        private static double Lift(long angle) => 1_500 * (1 + Math.Cos(angle * Math.PI / 200));

        private double Noise() => device.StrokeNoiseMicrometers(Angle / 400);

        private void Deepen(double tip, double tipBefore)
        {
            double deeper = Math.Max(tip, tipBefore);
            deepestOfStroke = Math.Max(deepestOfStroke, deeper);
            DeepestTip = Math.Max(DeepestTip, deeper);
        }
    }
}
