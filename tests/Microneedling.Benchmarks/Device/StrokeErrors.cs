using Microneedling.Protocol;
using Microneedling.SimulatedBoard;

namespace Microneedling.Benchmarks.Device;

/// <summary>One stroke by the bench, against what the device had accepted.</summary>
/// <param name="DepthMicrometers">Deepest point; positive is too deep.</param>
/// <param name="RatePercent">One over its time; positive is too fast.</param>
/// <param name="StrokesPerSecond">One over its time.</param>
internal readonly record struct StrokeError(double DepthMicrometers, double RatePercent, double StrokesPerSecond)
{
    /// <summary>The strokes after a moment, but the first.</summary>
    public static IEnumerable<StrokeError> Since(long microseconds, IReadOnlyList<StrokeRecord> strokes, double depthMicrometers, double strokesPerSecond)
    {
        StrokeRecord[] since = [.. strokes.Where(stroke => stroke.EndedAtMicroseconds > microseconds)];
        for (int i = 1; i < since.Length; i++)
        {
            double rate = 1e6 / (since[i].EndedAtMicroseconds - since[i - 1].EndedAtMicroseconds);
            yield return new StrokeError(since[i].DeepestTipMicrometers - depthMicrometers, 100 * (rate - strokesPerSecond) / strokesPerSecond, rate);
        }
    }
}

/// <summary>Strokes at every depth and rate, in an order left to chance, so that each depth is reached from both sides.</summary>
internal static class StrokeErrors
{
    private const int DepthStep = 50;
    private const int StrokesOfASetting = 20;
    private const long LongestPressMicroseconds = 90_000_000;

    /// <summary>On boards with seeds 1, 2, …, side by side; and how often a device had stopped by itself.</summary>
    public static (StrokeError[] Strokes, int Disturbed) Run(int boards, ImperfectionLevel level, PlatformBehaviour platform, double skinNewtonsPerMillimeter)
    {
        StrokeError[][] errors = new StrokeError[boards][];
        int disturbed = 0;
        Parallel.For(0, boards, Cores.All, i =>
        {
            using TreatedBoard board = new(new BoardOptions { Seed = i + 1, Imperfections = level, Platform = platform });
            board.Bench.SkinStiffnessNewtonsPerMillimeter = skinNewtonsPerMillimeter;
            errors[i] = [.. Of(board, new Random(i + 1), () => Interlocked.Increment(ref disturbed))];
        });
        return ([.. errors.SelectMany(some => some)], disturbed);
    }

    private static IEnumerable<StrokeError> Of(TreatedBoard board, Random random, Action disturbed)
    {
        int[] depths = [.. Depths(board.DeepestMicrometers)];
        random.Shuffle(depths);
        long pressed = long.MinValue / 2;
        foreach (int depth in depths)
        {
            int rate = random.Next(Limits.MinimumRateMillihertz, Limits.MaximumRateMillihertz + 1);
            StrokeError[]? strokes = null;
            while (strokes is null)
            {
                if (!board.IsRunning || board.Rig.NowMicroseconds - pressed > LongestPressMicroseconds)
                {
                    board.Park();
                    board.Arm(depth, rate);
                    board.Press();
                    pressed = board.Rig.NowMicroseconds;
                }

                strokes = Strokes(board, depth, rate);
                if (strokes is null)
                {
                    disturbed();
                }
            }

            foreach (StrokeError stroke in strokes)
            {
                yield return stroke;
            }
        }
    }

    private static StrokeError[]? Strokes(TreatedBoard board, int depth, int rate)
    {
        if (board.Change(depth, rate) is not { } accepted)
        {
            return null;
        }

        double strokesPerSecond = accepted.RateMillihertz / 1e3;
        long settled = board.Rig.NowMicroseconds;
        board.Rig.RunFor(TimeSpan.FromSeconds((StrokesOfASetting + 2) / strokesPerSecond));
        return board.IsRunning ? [.. StrokeError.Since(settled, board.Bench.Strokes, accepted.DepthMicrometers, strokesPerSecond)] : null;
    }

    private static IEnumerable<int> Depths(int deepest)
    {
        for (int depth = Limits.MinimumDepthMicrometers; depth < deepest; depth += DepthStep)
        {
            yield return depth;
        }

        yield return deepest;
    }
}
