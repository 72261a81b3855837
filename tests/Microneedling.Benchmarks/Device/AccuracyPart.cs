using Microneedling.SimulatedBoard;

namespace Microneedling.Benchmarks.Device;

/// <summary>How true depth and rate of each stroke are, by the bench; and of two loops that make their own pulses, on the same board.</summary>
internal static class AccuracyPart
{
    private const double SkinNewtonsPerMillimeter = 1.8;

    private static readonly (string Name, ImperfectionLevel Level, PlatformBehaviour Platform, string Words)[] Levels =
    [
        ("ideal", ImperfectionLevel.Ideal, PlatformBehaviour.Nominal, "a device as drawn"),
        ("static", ImperfectionLevel.Static, PlatformBehaviour.Nominal, "offset, backlash, hysteresis"),
        ("dynamic", ImperfectionLevel.Dynamic, PlatformBehaviour.Nominal, "offset, backlash, hysteresis, noise, drift, bounce"),
        ("worst", ImperfectionLevel.Dynamic, PlatformBehaviour.Worst, "as dynamic, on the worst platform"),
    ];

    public static IEnumerable<Finding> Measure(Size size)
    {
        int boards = size.Of(4, 100);
        List<(string, IReadOnlyList<double>)> depths = [];
        List<(string, IReadOnlyList<double>)> rates = [];
        foreach ((string name, ImperfectionLevel level, PlatformBehaviour platform, string words) in Levels)
        {
            (StrokeError[] free, int disturbedFree) = StrokeErrors.Run(boards, level, platform, 0);
            (StrokeError[] skin, int disturbedSkin) = StrokeErrors.Run(boards, level, platform, SkinNewtonsPerMillimeter);
            StrokeError[] both = [.. free, .. skin];
            string how = $"{both.Length} strokes of {2 * boards} boards, 0.10 mm to the deepest, 10 to 100 /s, in any order, half in free air, half against 1.8 N/mm; {words}";
            yield return Promises.JudgedOrTold($"depth.error.p99_um.{name}", Depths(both).At(0.99), "µm", $"size of the error of each stroke's deepest point: {how}");
            yield return Figure.Told($"depth.error.p50_um.{name}", Depths(both).At(0.5), "µm", Figure.Same);
            yield return Figure.Told($"depth.error.max_um.{name}", Depths(both).At(1), "µm", Figure.Same);
            yield return Figure.Told($"depth.error.deeper_um.{name}", both.Max(stroke => stroke.DepthMicrometers), "µm", "the same: farthest beyond the accepted depth");
            yield return Figure.Told($"depth.error.p99_um.{name}.skin", Depths(skin).At(0.99), "µm", "those against skin");
            yield return Promises.JudgedOrTold($"rate.error.p99_percent.{name}", Rates(both).At(0.99), "%", $"size of the error of each stroke's time: {how}");
            yield return Figure.Told($"rate.error.p50_percent.{name}", Rates(both).At(0.5), "%", Figure.Same);
            yield return Figure.Told($"rate.error.max_percent.{name}", Rates(both).At(1), "%", Figure.Same);
            yield return Promises.JudgedOrTold($"accuracy.disturbed.{name}", disturbedFree + disturbedSkin, "", "how often a device stopped by itself meanwhile, with a fault");
            depths.Add((words, [.. both.Select(stroke => stroke.DepthMicrometers)]));
            rates.Add((words, [.. both.Select(stroke => stroke.RatePercent)]));
        }

        foreach ((string name, NaiveWait wait, string words) in NaiveLoop.All)
        {
            StrokeError[] strokes = NaiveRun.Errors(size.Of(1, 8), wait);
            string how = $"{strokes.Length} strokes of {words}, asked for 10 to 100 /s, dynamic imperfections, nothing else running";
            yield return Figure.Told($"naive.{name}.rate.error.p50_percent", Rates(strokes).At(0.5), "%", how);
            yield return Figure.Told($"naive.{name}.rate.error.p99_percent", Rates(strokes).At(0.99), "%", Figure.Same);
            yield return Figure.Told($"naive.{name}.rate.fastest_per_s", strokes.Max(stroke => stroke.StrokesPerSecond), "/s", "the same: the fastest stroke");
            yield return Figure.Told($"naive.{name}.depth.error.p99_um", Depths(strokes).At(0.99), "µm", "the same: error of the depth");
            (double pulses, double tips) = NaiveRun.Stop(size.Of(2, 50), wait);
            yield return Figure.Told($"naive.{name}.stop.max_ms", pulses, "ms", $"STOP byte to the last step pulse, {words}, {size.Of(2, 50)} times from the deepest depth");
            yield return Figure.Told($"naive.{name}.stop.tips_behind.max_ms", tips, "ms", "the same, until the tips cannot come out at any cam angle");
            rates.Add((words, [.. strokes.Select(stroke => stroke.RatePercent)]));
        }

        yield return Histogram.Of("depth", "Depth of each stroke, against the accepted depth", "µm", depths);
        yield return Histogram.Of("rate", "Rate of each stroke, against the accepted rate", "%", rates);
    }

    private static double[] Depths(StrokeError[] strokes) => [.. strokes.Select(stroke => Math.Abs(stroke.DepthMicrometers))];

    private static double[] Rates(StrokeError[] strokes) => [.. strokes.Select(stroke => Math.Abs(stroke.RatePercent))];
}
