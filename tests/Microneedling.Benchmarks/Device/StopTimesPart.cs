using Microneedling.Protocol;
using Microneedling.SimulatedBoard;

namespace Microneedling.Benchmarks.Device;

/// <summary>How long a stop takes, by each way that leads to one, in the board's own time.</summary>
internal static class StopTimesPart
{
    private static readonly (string Name, string Words, PlatformBehaviour Platform)[] Platforms =
    [
        ("nominal", "only the firmware runs", PlatformBehaviour.Nominal),
        ("worst", "slices of 20 ms at every waking, pauses up to 100 ms about every 5 s, edges lost at the counter", PlatformBehaviour.Worst),
    ];

    public static IEnumerable<Finding> Measure(Size size)
    {
        int count = size.Of(100, 10_000);
        foreach ((string name, string words, PlatformBehaviour platform) in Platforms)
        {
            StopTrials[] all = [.. StopPath.All.Select(path => StopTrials.Run(path, platform, count))];
            foreach (Figure figure in all.SelectMany(trials => OfPath(trials, name, words)))
            {
                yield return figure;
            }

            FaultCode[] disturbed = [.. all.SelectMany(trials => trials.Disturbed)];
            yield return Promises.JudgedOrTold($"stop.disturbed.{name}", disturbed.Length, "", $"further attempts in which the device had stopped by itself{string.Concat(disturbed.GroupBy(fault => fault).Select(group => $"; {group.Count()} {group.Key}"))}; {words}");
            double[] told = [.. all.Where(trials => trials.Path.Name is "byte" or "command").SelectMany(trials => trials.Trials.Select(trial => trial.SafeMilliseconds ?? double.PositiveInfinity))];
            yield return Promises.JudgedOrTold($"stop.tips_behind.max_ms.{name}", told.At(1), "ms", $"STOP byte or command, until the tips cannot come out at any cam angle, {told.Length} trials, {words}");
            yield return Figure.Told($"stop.tips_behind.p99_ms.{name}", told.At(0.99), "ms", Figure.Same);
            StopTrials[] notIn = [.. all.Where(trials => !trials.Path.StaysArmed && trials.Trials.Any(trial => trial.SafeMilliseconds is null))];
            yield return Promises.JudgedOrTold($"stop.not_retracted.{name}", notIn.Sum(trials => trials.Trials.Count(trial => trial.SafeMilliseconds is null)), "", $"of {all.Length * count} stops, those after which the tips could still come out at the lowest cam angle{string.Concat(notIn.Select(trials => $"; {trials.Path.Words}"))}");
            yield return Promises.JudgedOrTold($"stop.deeper_um.{name}", Math.Max(0, all.Max(trials => trials.Trials.Max(trial => trial.BeyondMicrometers))), "µm", $"deepest tip after the cause of any of these {all.Length * count} stops, beyond the accepted depth");
            yield return Histogram.Of(
                name,
                $"From the cause of a stop to the last step pulse; {name} platform",
                "ms",
                [.. all.Select(trials => (trials.Path.Words, (IReadOnlyList<double>)[.. trials.Trials.Select(trial => trial.PulsesMilliseconds)]))]);
            yield return Histogram.Of(
                name + "-tips",
                $"From the cause of a stop to the tips behind the nosecone; {name} platform",
                "ms",
                [.. all.Select(trials => (trials.Path.Words, (IReadOnlyList<double>)[.. trials.Trials.Select(trial => trial.TipsMilliseconds)]))]);
        }
    }

    private static IEnumerable<Figure> OfPath(StopTrials trials, string platform, string words)
    {
        double[] pulses = [.. trials.Trials.Select(trial => trial.PulsesMilliseconds)];
        double[] tips = [.. trials.Trials.Select(trial => trial.TipsMilliseconds)];
        string name = "stop." + trials.Path.Name;
        yield return Promises.JudgedOrTold($"{name}.max_ms.{platform}", pulses.At(1), "ms", $"{trials.Path.Words}, to the last step pulse, {pulses.Length} trials, {words}");
        yield return Figure.Told($"{name}.p99_ms.{platform}", pulses.At(0.99), "ms", Figure.Same);
        yield return Figure.Told($"{name}.p50_ms.{platform}", pulses.At(0.5), "ms", Figure.Same);
        yield return Figure.Told($"{name}.tips.max_ms.{platform}", tips.At(1), "ms", $"{trials.Path.Words}, to the last moment with the tips out of the nosecone");
        yield return Figure.Told($"{name}.tips.p99_ms.{platform}", tips.At(0.99), "ms", Figure.Same);
        yield return Figure.Told($"{name}.tips.p50_ms.{platform}", tips.At(0.5), "ms", Figure.Same);
    }
}
