using Microneedling.Protocol;
using Microneedling.Tablet;
using Microneedling.Tablet.Tests;

namespace Microneedling.Benchmarks.Tablet;

/// <summary>
/// From a tap on STOP in the browser, by the time of the page's own event, to the STOP byte handed over to the device's
/// line. With nothing going on, by mouse and by touch, and while the needles run and eight pages watch. The target counts for
/// the mouse: a touch by the browser's protocol waits for a frame after its time was taken, so it says less.
/// </summary>
internal static class StopPart
{
    private const int StreamsBesideTheBrowser = 7;
    private const int MostMillisecondsBetweenTaps = 100;
    private const int PassesOfSession = 20;

    /// <summary>Runs before the page's scripts: notes when the browser says that it was touched.</summary>
    private const string NoteTaps = "window.taps = []; addEventListener('pointerdown', event => window.taps.push(event.timeStamp), { capture: true });";

    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(5);

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        Sizes sizes = Sizes.Of(size);
        StopBytes bytes = new();
        Surroundings surroundings = Surroundings.Real with { Connect = simulated => new TappedTransport(simulated.Connect(), bytes) };
        await using RunningTablet tablet = await RunningTablet.StartAsync(surroundings);
        List<WatchingPage> pages = [await WatchingPage.OpenAsync(tablet)];
        try
        {
            await using BrowserTab tab = await BrowserTab.OpenAsync(tablet.Address, NoteTaps);
            await pages[0].HomeAsync();
            Taps taps = new(tab, bytes, await tab.FindStopAsync(), new Random(1));
            List<Finding> figures =
            [
                .. Figures("tablet.stop", "parked, 2 pages", await taps.MakeAsync(sizes.IdleTaps, tab.ClickAsync, () => Task.CompletedTask, () => Task.CompletedTask)),
                .. Figures("tablet.stop.touch", "by touch, parked, 2 pages", await taps.MakeAsync(sizes.IdleTaps, tab.TouchAsync, () => Task.CompletedTask, () => Task.CompletedTask)),
            ];

            while (pages.Count < StreamsBesideTheBrowser)
            {
                pages.Add(await WatchingPage.OpenAsync(tablet));
            }

            int passes = 0;
            figures.AddRange(Figures("tablet.stop.running", "needles running, 8 pages", await taps.MakeAsync(
                sizes.RunningTaps,
                tab.ClickAsync,
                async () =>
                {
                    await pages[0].ArmAsync(tablet, depthMicrometers: 300);
                    tablet.Bench.PressTrigger();
                    await pages[0].SeesAsync(DeviceState.Running);
                },
                async () =>
                {
                    tablet.Bench.ReleaseTrigger();
                    await pages[0].SeesAsync(view => view.Status is { State: nameof(DeviceState.Parked), TriggerPressed: false });
                    if (++passes % PassesOfSession == 0)
                    {
                        await pages[0].FinishAndExchangeCartridgeAsync(tablet);
                    }
                })));
            return figures;
        }
        finally
        {
            foreach (WatchingPage page in pages)
            {
                await page.DisposeAsync();
            }
        }
    }

    private static IEnumerable<Figure> Figures(string name, string circumstances, (List<double> Milliseconds, int Lost, double Error) taps)
    {
        string how = $"STOP tap in the browser to the STOP byte on the line, {circumstances}, {taps.Milliseconds.Count} taps; clocks compared to within {taps.Error:0.00} ms";
        return
        [
            Judged($"{name}.p99_ms", taps.Milliseconds.At(0.99), "ms", how),
            Figure.Told($"{name}.p50_ms", taps.Milliseconds.At(0.5), "ms", Figure.Same),
            Figure.Told($"{name}.max_ms", taps.Milliseconds.At(1), "ms", Figure.Same),
            Judged($"{name}.lost", taps.Lost, "", "taps without a byte"),
        ];
    }

    private static Figure Judged(string name, double value, string unit, string how) =>
        Promises.All.Any(promise => promise.Name == name) ? Promises.Of(name, value, how) : Figure.Told(name, value, unit, how);

    /// <summary>Taps, one after another.</summary>
    private sealed class Taps(BrowserTab tab, StopBytes bytes, (double X, double Y) stop, Random random)
    {
        public async Task<(List<double> Milliseconds, int Lost, double Error)> MakeAsync(
            int count, Func<(double X, double Y), Task> tap, Func<Task> before, Func<Task> after)
        {
            (double zeroAt, double error) = await tab.ReadClockAsync();
            List<double> milliseconds = [];
            int lost = 0;
            for (int i = 0; i < count; i++)
            {
                await before();

                // The time between two statuses is 50 ms: taps come anywhere in it.
                await Task.Delay(random.Next(MostMillisecondsBetweenTaps));
                Task<long> next = bytes.Next();
                await tap(stop);
                try
                {
                    double byteAt = BrowserTab.Milliseconds(await next.WaitAsync(Lost));
                    milliseconds.Add(byteAt - zeroAt - await tab.Page.EvaluateAsync<double>("taps.at(-1)"));
                    await tab.SeesStopConfirmedAsync();
                }
                catch (TimeoutException)
                {
                    lost++;
                }

                await after();
            }

            return (milliseconds, lost, error);
        }
    }
}
