using System.Diagnostics;
using Microneedling.Protocol;
using Microneedling.Tablet.Tests;

namespace Microneedling.Benchmarks.Tablet;

/// <summary>
/// Eight tablets that watch while a ninth page treats: how old what they are told is when they have it, whether each sees
/// every state that the driver was told, and what they cost the program. A tablet is sent what is, not what was: of states
/// that lasted less than two snapshots' spacing it may miss some, and they are told apart.
/// </summary>
internal static class WatchersPart
{
    private const int Tablets = 8;
    private const double AgeMillisecondsTarget = 100;
    private const long LastingMilliseconds = 100;

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
        IReadOnlyList<Shown> shown = StatesShown(arrivals.States(), heard);
        Shown[] unseen = [.. shown.Where(one => !one.IsSeen)];
        Shown[] lasting = [.. unseen.Where(one => one.Milliseconds >= LastingMilliseconds)];
        return
        [
            Row.Exactly($"states of {LastingMilliseconds} ms or more not seen by {Tablets} tablets, of {shown.Count}{Names(lasting)}", lasting.Length, 0, ""),
            Row.Told($"  shorter ones{Names([.. unseen.Except(lasting)])}", unseen.Length - lasting.Length, ""),
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

    /// <summary>Each state that the driver was told while a tablet watched, and whether the tablet was ever sent it.</summary>
    private static List<Shown> StatesShown(IReadOnlyList<(long DeviceMilliseconds, DeviceState State)> told, IReadOnlyList<Heard> heard)
    {
        List<Shown> shown = [];
        foreach (IGrouping<int, Heard> own in heard.GroupBy(one => one.Tablet))
        {
            (long first, long last) = (own.Min(one => one.DeviceMilliseconds), own.Max(one => one.DeviceMilliseconds));
            for (int i = 0; i + 1 < told.Count; i++)
            {
                (long from, DeviceState state) = told[i];
                long until = told[i + 1].DeviceMilliseconds;
                if (from > first && until <= last)
                {
                    shown.Add(new Shown(state, until - from, own.Any(one => one.DeviceMilliseconds >= from && one.DeviceMilliseconds < until)));
                }
            }
        }

        return shown;
    }

    private static string Names(Shown[] states) => string.Concat(states.Distinct().Select(one => $", {one.State} of {one.Milliseconds} ms"));

    private sealed record Shown(DeviceState State, long Milliseconds, bool IsSeen);
}
