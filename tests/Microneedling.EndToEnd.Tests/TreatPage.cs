// The Treat page in a browser, as a practitioner uses it. Every wait is for something that the page shows.

using System.Globalization;
using Microneedling.Tablet.Tests;
using Microsoft.Playwright;

namespace Microneedling.EndToEnd.Tests;

/// <summary>A browser with the Treat page of one tablet.</summary>
public sealed class TreatPage : IAsyncDisposable
{
    private const int PatienceMilliseconds = 30_000;

    /// <summary>A busy machine is no reason to fail: what is expected may come late, unless a test says how soon.</summary>
    static TreatPage() => Assertions.SetDefaultExpectTimeout(15_000);

    private readonly List<IBrowserContext> _contexts;

    private TreatPage(IPage page) => (Page, _contexts) = (page, [page.Context]);

    public IPage Page { get; }

    /// <summary>What the browser complained about: script errors, refused content.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Opens the page in a context of its own.</summary>
    /// <param name="tablet">Whose page.</param>
    /// <param name="width">Of the screen, pixels.</param>
    /// <param name="height">Of the screen, pixels.</param>
    /// <param name="script">Whether scripts run.</param>
    /// <param name="browser">The browser; null: the one that all tests share.</param>
    /// <param name="installed">
    /// Whether the installed app's worker may be set up, through which every page is then loaded. While one is being set up
    /// for many pages at once, Chromium now and then leaves a page waiting for good.
    /// </param>
    public static async Task<TreatPage> OpenAsync(
        RunningTablet tablet, int width = 1280, int height = 800, bool script = true, IBrowser? browser = null, bool installed = false)
    {
        var context = await (browser ?? await Chromium.SharedAsync()).NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            JavaScriptEnabled = script,
            ServiceWorkers = installed ? ServiceWorkerPolicy.Allow : ServiceWorkerPolicy.Block,
        });
        var page = await context.NewPageAsync();
        var treat = new TreatPage(page);
        page.SetDefaultTimeout(PatienceMilliseconds);
        page.PageError += (_, error) => treat.Complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                treat.Complaints.Add(message.Text);
            }
        };
        if (script)
        {
            await GoAsync(page, tablet.Address.ToString());
        }
        else
        {
            await page.GotoAsync(tablet.Address.ToString()); // A document without scripts cannot be asked to tell when it has loaded.
        }

        return treat;
    }

    /// <summary>Loads a page; see <see cref="HasLoadedAsync"/>.</summary>
    public static async Task<IResponse?> GoAsync(IPage page, string address)
    {
        var answer = await page.GotoAsync(address, new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
        await HasLoadedAsync(page);
        return answer;
    }

    /// <summary>Loads the page that is shown once more.</summary>
    public static async Task AgainAsync(IPage page)
    {
        await page.ReloadAsync(new PageReloadOptions { WaitUntil = WaitUntilState.Commit });
        await HasLoadedAsync(page);
    }

    /// <summary>Waits until the document shown now has loaded. Asked of the document itself: Playwright's own waiting misses a load that ends as it begins to wait.</summary>
    public static async Task HasLoadedAsync(IPage page)
    {
        try
        {
            await page.EvaluateAsync("new Promise(loaded => document.readyState === 'complete' ? loaded() : addEventListener('load', () => loaded()))")
                .WaitAsync(TimeSpan.FromMilliseconds(PatienceMilliseconds));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{page.Url} has not loaded.");
        }
    }

    /// <summary>The Treat page of somebody else, as in a browser of its own.</summary>
    public static Task<TreatPage> OpenBesideAsync(RunningTablet tablet) => OpenAsync(tablet, 1024, 768);

    /// <summary>A page of somebody else, in a window of its own of the same browser.</summary>
    public async Task<IPage> OpenAnotherAsync(Uri address)
    {
        var context = await Page.Context.Browser!.NewContextAsync(new BrowserNewContextOptions { ServiceWorkers = ServiceWorkerPolicy.Block });
        _contexts.Add(context);
        var page = await context.NewPageAsync();
        await GoAsync(page, address.ToString());
        return page;
    }

    public Task TapAsync(string name) => Button(name).ClickAsync();

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    public async Task SeesTitleAsync(string title)
    {
        try
        {
            await Assertions.Expect(Page.Locator("#state-title")).ToHaveTextAsync(title, new() { Timeout = PatienceMilliseconds });
        }
        catch (PlaywrightException missing)
        {
            throw new TimeoutException($"{missing.Message}\n{await Page.Locator("#state").InnerTextAsync()}\n{await Page.Locator("#last-event").InnerTextAsync()}", missing);
        }
    }

    public async Task HomeAsync()
    {
        await TapAsync("Home");
        await SeesTitleAsync("Needles parked");
    }

    /// <summary>Begins a session on a test block and waits until the page shows it.</summary>
    public async Task BeginAsync(RunningTablet tablet)
    {
        await SeesTitleAsync("Not homed");
        await tablet.BeginPracticeAsync();
        await Assertions.Expect(Page.Locator("#step-client .step-words")).ToHaveTextAsync("Test block");
    }

    /// <summary>Chooses a zone from the list beside the map.</summary>
    public async Task ChooseZoneAsync(string zoneId)
    {
        await Page.Locator("#zone-select").SelectOptionAsync(zoneId);
        await Assertions.Expect(Page.Locator($".zone[data-zone={zoneId}]")).ToHaveAttributeAsync("aria-pressed", "true");
    }

    /// <summary>Sets a depth with the buttons, from what is set now.</summary>
    public async Task SetDepthAsync(int micrometers)
    {
        int now = (int)Math.Round(await NumberAsync("#depth-value") * 1000);
        for (; micrometers - now >= 250; now += 250)
        {
            await TapAsync("0.25 mm deeper");
        }

        for (; micrometers > now; now += 50)
        {
            await TapAsync("0.05 mm deeper");
        }

        for (; micrometers < now; now -= 50)
        {
            await TapAsync("0.05 mm shallower");
        }
    }

    public async Task ConfirmAsync()
    {
        await TapAsync("Confirm values");
        await SeesTitleAsync("Values confirmed");
    }

    /// <summary>Holds the button until the page says that the device is armed and at its depth.</summary>
    public async Task ArmAsync()
    {
        await Assertions.Expect(Button("Hold to arm")).ToBeEnabledAsync();
        await Button("Hold to arm").HoverAsync();
        await Page.Mouse.DownAsync();
        await SeesTitleAsync("Armed");
        await Page.Mouse.UpAsync();
    }

    /// <summary>From a device just started to values confirmed for the left cheek.</summary>
    public async Task ReadyAsync(RunningTablet tablet)
    {
        await BeginAsync(tablet);
        await HomeAsync();
        await ChooseZoneAsync("cheek-left");
        await ConfirmAsync();
    }

    /// <summary>From a device just started to needles that have stroked.</summary>
    public async Task RunAsync(RunningTablet tablet)
    {
        await ReadyAsync(tablet);
        await ArmAsync();
        await TapAsync("Press trigger");
        await NumberAtLeastAsync("#strokes", 20);
    }

    /// <summary>The number that an element shows.</summary>
    public async Task<double> NumberAsync(string selector) => Number(await Page.Locator(selector).InnerTextAsync());

    /// <summary>Waits until an element shows a number of at least this, and returns it.</summary>
    public async Task<double> NumberAtLeastAsync(string selector, double least)
    {
        var handle = await Page.WaitForFunctionAsync(
            """
            ([selector, least]) => {
              const value = Number(document.querySelector(selector).textContent.replace("−", "-").replace(/\u2009/g, ""));
              return value >= Number(least) ? String(value) : null;
            }
            """,
            new[] { selector, least.ToString(CultureInfo.InvariantCulture) });
        return Number(await handle.JsonValueAsync<string>());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts)
        {
            await context.DisposeAsync();
        }
    }

    private static double Number(string shown) =>
        double.Parse(shown.Replace('−', '-').Replace("\u2009", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
