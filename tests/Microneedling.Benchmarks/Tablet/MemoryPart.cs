using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Simulator;
using Microneedling.Tablet;
using Microneedling.Tablet.Tests;

namespace Microneedling.Benchmarks.Tablet;

/// <summary>
/// Hours of treatment in accelerated time: sessions of four zones, each armed, stroked for a minute and parked, a fresh
/// cartridge before each session; one page treats, one stays open in the browser and hears everything. After every zone all
/// garbage is thrown away and what is left is looked at: neither the program nor the page may grow.
/// </summary>
internal static class MemoryPart
{
    private const int Presses = 6;

    private const int MostLagMilliseconds = 2000;

    /// <summary>Less than the driver waits for a device, and twice this less than the program waits for a page that controls.</summary>
    private const int MostSilenceMilliseconds = 600;

    /// <summary>Less than the device waits for the program, whose heartbeat has a thread of its own.</summary>
    private const int MostHeartbeatGapMilliseconds = 300;

    private static readonly string[] Zones = ["cheek-left", "cheek-right", "chin", "forehead"];
    private static readonly TimeSpan Pressed = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Released = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(60);

    /// <summary>Runs before the page's scripts: notes what the page has heard.</summary>
    private const string NoteHeard =
        """
        window.heard = 0;
        window.snapshots = 0;
        const listen = EventSource.prototype.addEventListener;
        EventSource.prototype.addEventListener = function (type, ...rest) {
          listen.call(this, type, ...rest);
          if (type === "live") {
            listen.call(this, type, event => {
              window.snapshots++;
              window.heard = Number(/"deviceTimeMilliseconds":(\d+)/.exec(event.data)?.[1] ?? 0);
            });
          }
        };
        """;

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        Sizes sizes = Sizes.Of(size);
        SimulatedDevice device = SimulatedDevice.Start(new());
        Pages pages = new();
        using PacedTime time = new(device.Board, () => pages.KeepUp());
        pages.Time = time;
        await using RunningTablet tablet = await RunningTablet.StartAsync(new Surroundings(time, () => device, simulated => new TimedTransport(simulated.Connect(), time)));
        await using WatchingPage page = await WatchingPage.OpenAsync(tablet);
        pages.Treating = page;
        await using BrowserTab tab = await BrowserTab.OpenAsync(tablet.Address, NoteHeard);
        using CancellationTokenSource ending = new();
        Task following = pages.FollowAsync(tab, ending.Token);

        List<(TimeSpan At, MemoryLook Look)> looks = [];
        await page.HomeAsync();
        TimeSpan warm = time.Now + sizes.SoakWarmUp;
        TimeSpan end = warm + sizes.Soak;
        long began = Stopwatch.GetTimestamp();
        TimeSpan beganAt = time.Now;
        int sessions = 0;
        while (time.Now < end)
        {
            foreach (string zone in Zones)
            {
                await TreatAsync(tablet, page, time, zone);
                if (time.Now >= warm)
                {
                    looks.Add((time.Now, await time.WhileStoppedAsync(() => MemoryLook.TakeAsync(tab.Session))));
                    Say(looks[^1].At, looks[^1].Look);
                }
            }

            await page.FinishAndExchangeCartridgeAsync(tablet);
            sessions++;
        }

        double hours = (time.Now - beganAt).TotalHours;
        double times = hours / Stopwatch.GetElapsedTime(began).TotalHours;
        double snapshots = await tab.Page.EvaluateAsync<double>("snapshots");
        await ending.CancelAsync();
        await following;
        pages.Treating = null;
        await tablet.EndAsync();
        return
        [
            Growing("tablet.memory.heap_mb_per_hour", "the program's heap", looks, look => look.HeapMegabytes),
            Growing("tablet.memory.private_mb_per_hour", "the program's own memory by the system's count, which creeps for a while after the start", looks, look => look.PrivateMegabytes),
            Growing("tablet.memory.page_heap_mb_per_hour", "the page's heap", looks, look => look.PageHeapMegabytes),
            Growing("tablet.memory.page_nodes_per_hour", "the page's nodes", looks, look => look.Nodes),
            Growing("tablet.memory.page_listeners_per_hour", "the page's listeners", looks, look => look.Listeners),
            Promises.Of("tablet.memory.hitches", time.Hitches, "times that a page was not waited for in the accelerated time"),
            Figure.Told("tablet.memory.hours", hours, "h", "of treatment"),
            Figure.Told("tablet.memory.sessions", sessions, "", "of four zones each"),
            Figure.Told("tablet.memory.snapshots", snapshots, "", "that the page took in"),
            Figure.Told("tablet.memory.speed_x", times, "x", "as fast as real time"),
        ];
    }

    private static async Task TreatAsync(RunningTablet tablet, WatchingPage page, PacedTime time, string zone)
    {
        await page.ArmAsync(tablet, depthMicrometers: 300, zoneId: zone);
        for (int press = 0; press < Presses; press++)
        {
            tablet.Bench.PressTrigger();
            await page.SeesAsync(DeviceState.Running);
            await Task.Delay(Pressed, time);
            tablet.Bench.ReleaseTrigger();
            await page.SeesAsync(DeviceState.Armed);
            await Task.Delay(Released, time);
        }

        await page.SucceedsAsync("/api/disarm", new { page = page.Id });
        await page.SeesAsync(DeviceState.Parked);
        await Task.Delay(Between, time);
    }

    private static void Say(TimeSpan at, MemoryLook look) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"  {at.TotalHours:0.00} h: program {look.HeapMegabytes:0.00} MB ({look.PrivateMegabytes:0.0} MB its own), page {look.PageHeapMegabytes:0.00} MB, {look.Nodes} nodes, {look.Listeners} listeners"));

    private static Figure Growing(string name, string what, List<(TimeSpan At, MemoryLook Look)> looks, Func<MemoryLook, double> of) =>
        Promises.Of(name, Growth.PerHour([.. looks.Select(one => (one.At, of(one.Look)))]), $"growth of {what} over {looks.Count} looks");

    /// <summary>Whether the pages have heard what there was to hear.</summary>
    private sealed class Pages
    {
        private long? deviceBeganAt;
        private long heardInBrowser = long.MaxValue;

        public PacedTime? Time { get; set; }

        public WatchingPage? Treating { get; set; }

        /// <summary>By the device's own time in what they have heard: a snapshot may also say that there is no news.</summary>
        public bool KeepUp()
        {
            if (Treating?.Latest?.Status is not { } status || Time is not { } time)
            {
                return true;
            }

            long now = time.GetTimestamp() / 1000;
            deviceBeganAt ??= now - status.DeviceTimeMilliseconds;
            return now - TimedTransport.LatestWriteMilliseconds <= MostHeartbeatGapMilliseconds
                && now - deviceBeganAt - status.DeviceTimeMilliseconds <= MostSilenceMilliseconds
                && status.DeviceTimeMilliseconds - Interlocked.Read(ref heardInBrowser) <= MostLagMilliseconds;
        }

        /// <summary>Asks the browser's page again and again.</summary>
        public async Task FollowAsync(BrowserTab tab, CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                JsonElement answer = (await tab.Session.SendAsync("Runtime.evaluate", new() { ["expression"] = "heard" }))!.Value;
                Interlocked.Exchange(ref heardInBrowser, answer.GetProperty("result").GetProperty("value").GetInt64());
                await Task.Delay(TimeSpan.FromMilliseconds(10), CancellationToken.None);
            }

            Interlocked.Exchange(ref heardInBrowser, long.MaxValue);
        }
    }
}

/// <summary>Notes when something was last written; else passes everything as it is.</summary>
internal sealed class TimedTransport(ITransport inner, TimeProvider time) : ITransport
{
    private static long latestWriteMilliseconds;

    /// <summary>By the clock given, of the connection that wrote last.</summary>
    public static long LatestWriteMilliseconds => Interlocked.Read(ref latestWriteMilliseconds);

    public string Name => inner.Name;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => inner.ReadAsync(buffer, cancellationToken);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await inner.WriteAsync(bytes, cancellationToken);
        Interlocked.Exchange(ref latestWriteMilliseconds, time.GetTimestamp() * 1000 / time.TimestampFrequency);
    }

    public ValueTask WriteUrgentAsync(byte value, CancellationToken cancellationToken) => inner.WriteUrgentAsync(value, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
