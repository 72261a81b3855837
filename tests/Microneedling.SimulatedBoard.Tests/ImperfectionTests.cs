// Devices that are not drawings: what differs between them, what stays the same, and how far a stroke can be off.

using Microneedling.SimulatedBoard.Mechanics;
using Xunit.Abstractions;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class ImperfectionTests(ITestOutputHelper output)
{
    private const int Devices = 200;
    private const double Step = 3.175;

    // A device whose tips stand back by 200 µm meets the limit switch at a depth of 2 400 µm.
    private const int DeepestForEveryDevice = 2_350;

    [Fact]
    public void Static_values_are_within_their_ranges_spread_over_them_and_the_same_for_the_same_seed()
    {
        output.WriteLine($"Seeds 1 … {Devices}.");
        Imperfections[] devices = [.. Enumerable.Range(1, Devices).Select(seed => new Imperfections(ImperfectionLevel.Static, seed))];
        Imperfections[] again = [.. Enumerable.Range(1, Devices).Select(seed => new Imperfections(ImperfectionLevel.Dynamic, seed))];
        Assert.Equal(devices.Select(Describe), again.Select(Describe));
        Assert.All(devices, device => Assert.InRange(device.ZeroOffsetMicrometers, -200, 200));
        Assert.All(devices, device => Assert.InRange(device.BacklashNanometers, 2_000, 8_000));
        Assert.All(devices, device => Assert.InRange(device.HomeHysteresisNanometers, 3_000, 8_000));
        Assert.True(devices.Min(device => device.ZeroOffsetMicrometers) < -180);
        Assert.True(devices.Max(device => device.ZeroOffsetMicrometers) > 180);
        Assert.True(devices.Max(device => device.BacklashNanometers) - devices.Min(device => device.BacklashNanometers) > 3_000);
        Assert.Equal((0, 0, 0), Describe(new Imperfections(ImperfectionLevel.Ideal, 7)));
    }

    [Fact]
    public void The_bench_tells_the_zero_offset_and_the_tips_are_out_by_it()
    {
        output.WriteLine("Seed 3.");
        using VirtualBoard board = new(new BoardOptions { Seed = 3, Imperfections = ImperfectionLevel.Static, StageMicrometers = 700, CamMicrosteps = 200 });
        Assert.NotEqual(0, board.Bench.ZeroOffsetMicrometers);
        Assert.Equal(700 + board.Bench.ZeroOffsetMicrometers, board.Bench.TipMicrometers, 9);
        Assert.Equal(700, board.Bench.StageMicrometers);
    }

    [Fact]
    public void After_a_reversal_the_first_steps_turn_the_screw_and_move_nothing()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            Imperfections device = new(ImperfectionLevel.Static, seed);
            DepthStage stage = new(0, device);
            Mover mover = new(stage);
            mover.Steps(extend: true, 20);
            Assert.Equal((20 * 3_175) - device.BacklashNanometers, stage.Nanometers);
            mover.Steps(extend: false, 20);
            Assert.Equal(0, stage.Nanometers);
            mover.Steps(extend: false, 1);
            Assert.Equal(-3_175, stage.Nanometers);
            Assert.Equal((41L, 0L), (stage.StepsMade, stage.StepsLost));
        }

        output.WriteLine("Seeds 1 … 20.");
    }

    [Fact]
    public void Drift_stays_within_3_micrometres_and_takes_minutes()
    {
        output.WriteLine($"Seeds 1 … {Devices}.");
        double most = 0;
        for (int seed = 1; seed <= Devices; seed++)
        {
            Imperfections device = new(ImperfectionLevel.Dynamic, seed);
            double before = device.DriftMicrometers(0);
            for (long second = 1; second < 1_800; second++)
            {
                double now = device.DriftMicrometers(second * 1_000_000);
                Assert.InRange(now, -3, 3);
                Assert.InRange(now - before, -0.1, 0.1);
                before = now;
                most = Math.Max(most, Math.Abs(now));
            }
        }

        Assert.InRange(most, 2, 3);
    }

    [Fact]
    public void Stroke_noise_has_a_sigma_of_1_micrometre_and_ends_at_3()
    {
        output.WriteLine("Seed 9.");
        Imperfections device = new(ImperfectionLevel.Dynamic, 9);
        double[] noise = [.. Enumerable.Range(0, 100_000).Select(stroke => device.StrokeNoiseMicrometers(stroke))];
        Assert.All(noise, micrometers => Assert.InRange(micrometers, -3, 3));
        Assert.InRange(noise.Average(), -0.02, 0.02);
        Assert.InRange(Math.Sqrt(noise.Average(micrometers => micrometers * micrometers)), 0.98, 1.02);
        Assert.True(noise.Max() > 2.9 && noise.Min() < -2.9);
    }

    [Fact]
    public void A_device_that_is_calibrated_homes_and_rounds_to_shallower_is_never_10_micrometres_too_deep_and_99_of_100_strokes_are_within_15()
    {
        List<double> errors = [];
        List<double> worstDevices = [];
        for (int seed = 1; seed <= Devices; seed++)
        {
            List<double> device = StrokeErrors(seed);
            device.Sort((one, other) => Math.Abs(one).CompareTo(Math.Abs(other)));
            worstDevices.Add(Math.Abs(device[(int)(device.Count * 0.99)]));
            errors.AddRange(device);
        }

        double[] sizes = [.. errors.Select(Math.Abs).Order()];
        output.WriteLine($"Seeds 1 … {Devices}: {sizes.Length} strokes, p50 {sizes[sizes.Length / 2]:0.0} µm, p99 {sizes[(int)(sizes.Length * 0.99)]:0.0} µm, most {sizes[^1]:0.0} µm, deepest {errors.Max():0.0} µm, worst device's p99 {worstDevices.Max():0.0} µm.");
        Assert.True(errors.Max() <= 10);
        Assert.True(sizes[(int)(sizes.Length * 0.99)] <= 15);
    }

    [Fact]
    public void The_same_seed_is_the_same_device_in_the_same_run_and_another_seed_another()
    {
        output.WriteLine("Seeds 31 and 32.");
        Assert.Equal(Strokes(seed: 31), Strokes(seed: 31));
        Assert.NotEqual(Strokes(seed: 31), Strokes(seed: 32));
    }

    [Fact]
    public void Looking_more_often_changes_nothing()
    {
        output.WriteLine("Seed 21.");
        Assert.Equal(Strokes(looksPerSecond: 1), Strokes(looksPerSecond: 777));
    }

    [Theory]
    [InlineData(ImperfectionLevel.Ideal)]
    [InlineData(ImperfectionLevel.Static)]
    [InlineData(ImperfectionLevel.Dynamic)]
    public void The_deepest_tip_of_a_run_is_the_deepest_of_its_strokes(ImperfectionLevel level)
    {
        output.WriteLine("Seed 4.");
        Mechanism mechanism = Running(new Imperfections(level, 4), 800, 24_000, seconds: 30);
        Assert.Equal(mechanism.Needles.Strokes.Max(stroke => stroke.DeepestTipMicrometers), mechanism.Needles.DeepestTipMicrometers, 9);
        double middle = 800 + mechanism.Imperfections.ZeroOffsetMicrometers;
        Assert.All(mechanism.Needles.Strokes, stroke => Assert.InRange(stroke.DeepestTipMicrometers, middle - 6, middle + 6));
        Assert.Equal(
            level == ImperfectionLevel.Dynamic,
            mechanism.Needles.Strokes.Select(stroke => stroke.DeepestTipMicrometers).Distinct().Count() > 100);
    }

    // Homes, extends by whole steps that are never too many, strokes at 60/s for a while; depth after depth, for six minutes.
    private static List<double> StrokeErrors(int seed)
    {
        Random chance = new(seed);
        Mechanism mechanism = new(-1_000, 0, 0, new Imperfections(ImperfectionLevel.Dynamic, seed));
        Watched(mechanism);
        mechanism.DrivePulses(Signal.NeedleStep, 4_000, 0);
        mechanism.Drive(Signal.DepthEnable, true, 0);
        List<double> errors = [];
        long now = 10_000;
        for (int zone = 0; zone < 12; zone++)
        {
            now = Move(mechanism, now, extend: false, steps: -1);
            int depth = 50 * chance.Next(2, 1 + (DeepestForEveryDevice / 50));
            int steps = (int)((depth + 1_200 - mechanism.Imperfections.ZeroOffsetMicrometers) / Step);
            now = Move(mechanism, now, extend: true, steps);
            mechanism.Advance(now += 200_000);
            long from = now;
            mechanism.Advance(now += 30_000_000);
            errors.AddRange(mechanism.Needles.Strokes
                .Where(stroke => stroke.EndedAtMicroseconds > from + 200_000)
                .Select(stroke => stroke.DeepestTipMicrometers - depth));
        }

        return errors;
    }

    private static long Move(Mechanism mechanism, long now, bool extend, int steps)
    {
        mechanism.Drive(Signal.DepthDirection, extend, now);
        for (int made = 0; steps < 0 ? mechanism.LevelOf(Signal.HomeSwitch, now) == WireLevel.Open : made < steps; made++)
        {
            now += 3_175;
            mechanism.Drive(Signal.DepthStep, true, now);
            mechanism.Drive(Signal.DepthStep, false, now + 20);
        }

        return now + 10_000;
    }

    private static string Strokes(int looksPerSecond = 10, int seed = 21)
    {
        Mechanism mechanism = new(800, 13, 0, new Imperfections(ImperfectionLevel.Dynamic, seed));
        Watched(mechanism);
        mechanism.DrivePulses(Signal.NeedleStep, 4_321, 0);
        for (int look = 1; look <= 30 * looksPerSecond; look++)
        {
            mechanism.LevelOf(Signal.Index, look * 1_000_000L / looksPerSecond);
        }

        return string.Join('\n', mechanism.Needles.Strokes) + mechanism.Needles.DeepestTipMicrometers + mechanism.IndexEdges(30_000_000);
    }

    private static Mechanism Running(Imperfections device, int stage, int hertz, int seconds)
    {
        Mechanism mechanism = new(stage, 0, 0, device);
        Watched(mechanism);
        for (int ramp = 2_000; ramp < hertz; ramp += 2_000)
        {
            mechanism.DrivePulses(Signal.NeedleStep, ramp, ramp);
        }

        mechanism.DrivePulses(Signal.NeedleStep, hertz, hertz);
        mechanism.Advance(seconds * 1_000_000L);
        return mechanism;
    }

    private static void Watched(Mechanism mechanism)
    {
        mechanism.SetFault(BenchFault.WatchdogGateStuckClosed, true, 0);
        mechanism.Drive(Signal.NeedleEnable, true, 0);
    }

    private static (int, int, int) Describe(Imperfections device) =>
        (device.ZeroOffsetMicrometers, device.BacklashNanometers, device.FlagLead + device.FlagTrail - 100);

    private sealed class Mover
    {
        private readonly DepthStage stage;
        private long now;

        internal Mover(DepthStage stage)
        {
            this.stage = stage;
            stage.SetPowered(true, 0);
            now = 10_000;
        }

        internal void Steps(bool extend, int count)
        {
            stage.SetDirection(extend, now);
            for (int i = 0; i < count; i++)
            {
                now += 6_000;
                stage.Rise(now, extendGated: false, 0);
                stage.Fall(now + 20);
            }
        }
    }
}
