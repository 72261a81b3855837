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
    private const long LastingMilliseconds = 100;

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        Sizes sizes = Sizes.Of(size);
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
            Promises.Of("tablet.watchers.states_missed", lasting.Length, $"states of {LastingMilliseconds} ms or more, of {shown.Count}, that one of {Tablets} watching tablets did not see{Names(lasting)}"),
            Figure.Told("tablet.watchers.short_states_missed", unseen.Length - lasting.Length, "", $"shorter ones{Names([.. unseen.Except(lasting)])}"),
            Promises.Of("tablet.watchers.age.p99_ms", ages.At(0.99), $"age of a status when a watching tablet first has it, of {ages.Length}"),
            Figure.Told("tablet.watchers.age.p50_ms", ages.At(0.5), "ms", Figure.Same),
            Figure.Told("tablet.watchers.age.max_ms", ages.At(1), "ms", Figure.Same),
            Figure.Told("tablet.watchers.cores", watched, "cores", $"program, simulated device and the treating page, with {Tablets} tablets"),
            Figure.Told("tablet.watchers.cores_alone", alone, "cores", "the same without tablets"),
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
