using Microneedling.Client;
using Microneedling.Tablet.Tests;

namespace Microneedling.Benchmarks.Tablet;

/// <summary>
/// From a status's arrival in the driver to the frame that shows it, or a newer one, in the browser: while the needles run,
/// the count of strokes changes with every status. A frame counts as shown when the browser asks for the one after it.
/// </summary>
internal static class PixelsPart
{
    private const int StreamsBesideTheBrowser = 7;

    /// <summary>
    /// Runs before the page's scripts: notes of every snapshot which status it holds, and when what it changed was on the
    /// screen.
    /// </summary>
    private const string NoteFrames =
        """
        window.shown = [];
        let latest = 0;
        const listen = EventSource.prototype.addEventListener;
        EventSource.prototype.addEventListener = function (type, ...rest) {
          if (type === "live") {
            listen.call(this, type, event => { latest = Number(/"deviceTimeMilliseconds":(\d+)/.exec(event.data)?.[1] ?? 0); });
          }
          return listen.call(this, type, ...rest);
        };
        addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
          const status = latest;
          requestAnimationFrame(() => requestAnimationFrame(() => window.shown.push([status, performance.now()])));
        }).observe(document.querySelector("COUNTING"), { childList: true, characterData: true, subtree: true }));
        """;

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        Sizes sizes = Sizes.Of(size);
        await using RunningTablet tablet = await RunningTablet.StartAsync();
        List<WatchingPage> pages = [];
        try
        {
            while (pages.Count < StreamsBesideTheBrowser)
            {
                pages.Add(await WatchingPage.OpenAsync(tablet));
            }

            await using BrowserTab tab = await BrowserTab.OpenAsync(tablet.Address, NoteFrames.Replace("COUNTING", BrowserTab.Counting, StringComparison.Ordinal));
            await pages[0].RunAsync(tablet);
            (double zeroAt, double error) = await tab.ReadClockAsync();
            await using Arrivals arrivals = Arrivals.Begin(tablet.Device.Require());
            await Task.Delay(sizes.Pixels);
            IReadOnlyDictionary<long, double> arrived = arrivals.Seen();
            double[][] shown = await tab.GatheredAsync<double[][]>("shown");
            return Figures(arrived, shown, zeroAt, error);
        }
        finally
        {
            foreach (WatchingPage page in pages)
            {
                await page.DisposeAsync();
            }
        }
    }

    private static List<Finding> Figures(IReadOnlyDictionary<long, double> arrived, double[][] shown, double zeroAt, double error)
    {
        List<double> milliseconds = [];
        int next = 0;
        foreach ((long status, double at) in arrived.OrderBy(one => one.Key))
        {
            while (next < shown.Length && shown[next][0] < status)
            {
                next++;
            }

            if (next < shown.Length)
            {
                milliseconds.Add(shown[next][1] + zeroAt - at);
            }
        }

        int passedOver = arrived.Keys.Except(shown.Select(one => (long)one[0])).Count();
        return
        [
            Promises.Of("tablet.pixels.p99_ms", milliseconds.At(0.99), $"a status in the driver to the frame that shows it, needles running, {StreamsBesideTheBrowser + 1} pages, {milliseconds.Count} statuses; clocks compared to within {error:0.00} ms"),
            Figure.Told("tablet.pixels.p50_ms", milliseconds.At(0.5), "ms", Figure.Same),
            Figure.Told("tablet.pixels.max_ms", milliseconds.At(1), "ms", Figure.Same),
            Figure.Told("tablet.pixels.passed_over", passedOver, "", "statuses passed over for a newer one"),
        ];
    }
}
