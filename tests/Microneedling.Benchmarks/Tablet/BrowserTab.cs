using System.Diagnostics;
using System.Text.Json;
using Microneedling.EndToEnd.Tests;
using Microsoft.Playwright;

namespace Microneedling.Benchmarks.Tablet;

/// <summary>
/// The Treat page in a Chromium of its own, cold, touched as a tablet is, and its clock read on the clock of this program.
/// Everything here that names what is on the page stands in this file.
/// </summary>
internal sealed class BrowserTab : IAsyncDisposable
{
    /// <summary>Matches once the page shows live values.</summary>
    public const string ShowsLive = "#link[data-tone=live]";

    /// <summary>A value that changes with every status while the needles run.</summary>
    public const string Counting = "#strokes";

    private const string StopButton = "#stop";
    private const string StopConfirmed = "#stop-form[data-phase=confirmed]";
    private const int ClockReadings = 200;

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private BrowserTab(IPlaywright playwright, IBrowser browser, IPage page, ICDPSession session) =>
        (this.playwright, this.browser, Page, Session) = (playwright, browser, page, session);

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>The browser's own protocol.</summary>
    public ICDPSession Session { get; }

    /// <summary>Opens the page and waits until it shows live values.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="script">Runs before the page's own scripts.</param>
    public static async Task<BrowserTab> OpenAsync(Uri address, string script = "")
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await Chromium.LaunchAsync(playwright);
        (IPage page, ICDPSession session) = await NewPageAsync(browser, script);
        await page.GotoAsync(address.ToString());
        await page.WaitForSelectorAsync(ShowsLive);
        return new BrowserTab(playwright, browser, page, session);
    }

    /// <summary>A page of a tablet that has never been here: nothing cached.</summary>
    public static async Task<(IPage Page, ICDPSession Session)> NewPageAsync(IBrowser browser, string script)
    {
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 1280, Height = 800 },
            HasTouch = true,
        });
        IPage page = await context.NewPageAsync();
        await page.AddInitScriptAsync(script);
        return (page, await context.NewCDPSessionAsync(page));
    }

    /// <summary>
    /// When the page's clock (performance.now, the time of its events) showed 0, on <see cref="Stopwatch"/>'s. Both count
    /// the same seconds, so every reading between two of ours narrows it down.
    /// </summary>
    /// <returns>Milliseconds, and how far it may be off either way.</returns>
    public async Task<(double ZeroAt, double Error)> ReadClockAsync()
    {
        (double least, double most) = (double.MinValue, double.MaxValue);
        for (int i = 0; i < ClockReadings; i++)
        {
            double before = Milliseconds(Stopwatch.GetTimestamp());
            double shown = await Page.EvaluateAsync<double>("performance.now()");
            double after = Milliseconds(Stopwatch.GetTimestamp());
            (least, most) = (Math.Max(least, before - shown), Math.Min(most, after - shown));
        }

        return ((least + most) / 2, Math.Abs(most - least) / 2);
    }

    /// <summary>A reading of <see cref="Stopwatch"/> in milliseconds.</summary>
    public static double Milliseconds(long timestamp) => timestamp * 1000.0 / Stopwatch.Frequency;

    /// <summary>The middle of the STOP button.</summary>
    public async Task<(double X, double Y)> FindStopAsync()
    {
        LocatorBoundingBoxResult box = (await Page.Locator(StopButton).BoundingBoxAsync())!;
        return (box.X + (box.Width / 2), box.Y + (box.Height / 2));
    }

    /// <summary>A mouse button goes down and up again.</summary>
    public async Task ClickAsync((double X, double Y) at)
    {
        await Session.SendAsync("Input.dispatchMouseEvent", Mouse("mousePressed"));
        await Session.SendAsync("Input.dispatchMouseEvent", Mouse("mouseReleased"));

        Dictionary<string, object> Mouse(string type) => new() { ["type"] = type, ["x"] = at.X, ["y"] = at.Y, ["button"] = "left", ["clickCount"] = 1 };
    }

    /// <summary>A finger goes down and up again. The browser's protocol delivers it with a frame: up to 17 ms later.</summary>
    public async Task TouchAsync((double X, double Y) at)
    {
        await Session.SendAsync("Input.dispatchTouchEvent", new() { ["type"] = "touchStart", ["touchPoints"] = new[] { new { x = at.X, y = at.Y } } });
        await Session.SendAsync("Input.dispatchTouchEvent", new() { ["type"] = "touchEnd", ["touchPoints"] = Array.Empty<object>() });
    }

    /// <summary>Waits until the page says that the device has confirmed the stop.</summary>
    public Task SeesStopConfirmedAsync() => Page.WaitForSelectorAsync(StopConfirmed, new() { State = WaitForSelectorState.Attached });

    /// <summary>Numbers that a script of the page has gathered.</summary>
    public async Task<T> GatheredAsync<T>(string expression) =>
        JsonSerializer.Deserialize<T>(await Page.EvaluateAsync<string>($"JSON.stringify({expression})"))!;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
