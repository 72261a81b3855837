using System.Diagnostics;
using Microneedling.Protocol;
using Microneedling.Tablet.Tests;

namespace Microneedling.Benchmarks.Tablet;

/// <summary>
/// Eight tablets that watch while a ninth page treats: how old what they are told is when they have it, whether each sees
/// every state that the driver was told, and what they cost the program.
/// </summary>
internal static class WatchersPart
{
    private const int Tablets = 8;
    private const double AgeMillisecondsTarget = 100;

    public static async Task<IEnumerable<Row>> MeasureAsync(Sizes sizes)
    {
        await using RunningTablet tablet = await RunningTablet.StartAsync();
        await using WatchingPage page = await WatchingPage.OpenAsync(tablet);
        await page.HomeAsync();
        await TreatAsync(tablet, page, TimeSpan.Zero);
        await using Arrivals arrivals = Arrivals.Begin(tablet.Device.Require());
        using Process watchers = await WatchersProcess.StartAsync(tablet.Address, Tablets);
        double watched = await TreatAsync(tablet, page, sizes.Watched);
        await TreatAsync(tablet, page, TimeSpan.Zero);
        IReadOnlyList<Heard> heard = await WatchersProcess.EndAsync(watchers);
        double alone = await TreatAsync(tablet, page, sizes.Watched);

        IReadOnlyDictionary<long, double> arrived = arrivals.Seen();
        double[] ages =
        [
            .. heard
                .DistinctBy(one => (one.Tablet, one.DeviceMilliseconds))
                .Where(one => arrived.ContainsKey(one.DeviceMilliseconds))
                .Select(one => BrowserTab.Milliseconds(one.Timestamp) - arrived[one.DeviceMilliseconds]),
        ];
        (int changes, IReadOnlyList<string> unseen) = Unseen(arrivals.States(), heard);
        return
        [
            Row.Exactly($"state changes unseen by {Tablets} tablets, of {changes}{string.Concat(unseen.Distinct().Select(one => $", {one}"))}", unseen.Count, 0, ""),
            Row.Below($"age of a status when a tablet first has it, p99 of {ages.Length}", ages.At(0.99), AgeMillisecondsTarget, "ms"),
            Row.Told("  p50", ages.At(0.5), "ms"),
            Row.Told("  oldest", ages.At(1), "ms"),
            Row.Told($"  program, simulated device and the treating page, with {Tablets} tablets, of a core", 100 * watched, "%"),
            Row.Told("  the same without tablets", 100 * alone, "%"),
        ];
    }

    /// <summary>One pass: arm, stroke for so long, STOP, park. Returns the processor time of the stroking per time.</summary>
    private static async Task<double> TreatAsync(RunningTablet tablet, WatchingPage page, TimeSpan stroking)
    {
        await page.RunAsync(tablet);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long began = Stopwatch.GetTimestamp();
        await Task.Delay(stroking);
        double cores = (Environment.CpuUsage.TotalTime - processor) / Stopwatch.GetElapsedTime(began);
        await page.SucceedsAsync("/api/stop", new { });
        tablet.Bench.ReleaseTrigger();
        await page.SeesAsync(view => view.Status is { State: nameof(DeviceState.Parked), TriggerPressed: false });
        return cores;
    }

    private static (int Changes, IReadOnlyList<string> Unseen) Unseen(IReadOnlyList<(long DeviceMilliseconds, DeviceState State)> told, IReadOnlyList<Heard> heard)
    {
        int changes = 0;
        List<string> unseen = [];
        for (int tablet = 0; tablet < Tablets; tablet++)
        {
            Heard[] own = [.. heard.Where(one => one.Tablet == tablet)];
            Queue<DeviceState> seen = new(Arrivals.Changes(own.Select(one => (one.DeviceMilliseconds, one.State))).Select(change => change.State).Skip(1));
            for (int i = 0; i < told.Count; i++)
            {
                // What was told before the tablet came, or after it left, it cannot have seen.
                if (told[i].DeviceMilliseconds <= own[0].DeviceMilliseconds || told[i].DeviceMilliseconds > own[^1].DeviceMilliseconds)
                {
                    continue;
                }

                changes++;
                if (seen.TryPeek(out DeviceState next) && next == told[i].State)
                {
                    seen.Dequeue();
                }
                else
                {
                    unseen.Add($"{told[i].State} of {(i + 1 < told.Count ? told[i + 1].DeviceMilliseconds - told[i].DeviceMilliseconds : 0)} ms");
                }
            }
        }

        return (changes, unseen);
    }
}
