// The device in a browser: its page, the bench, the connection, and a calibration from the first check to the outcome.

using Microneedling.Tablet.Tests;
using Microsoft.Playwright;

namespace Microneedling.EndToEnd.Tests;

public sealed class DevicePagesTests
{
    /// <summary>Homing, retracting and storing take the device seconds.</summary>
    private const float PatienceMilliseconds = 30_000;

    [BrowserFact]
    public async Task A_calibration_is_carried_through_on_its_page_with_the_gauge_of_the_bench()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var browser = await TreatPage.OpenAsync(tablet);
        var page = browser.Page;
        browser.Complaints.Clear();
        await TreatPage.GoAsync(page, $"{tablet.Address}device");
        await page.Locator("#home").ClickAsync();
        await Assertions.Expect(page.Locator("[data-line=homed] dd")).ToHaveTextAsync("yes", new() { Timeout = PatienceMilliseconds });
        await Assertions.Expect(page.Locator("#device-state")).ToHaveTextAsync("parked", new() { Timeout = PatienceMilliseconds });

        await TreatPage.GoAsync(page, $"{tablet.Address}device/calibrate");
        await Assertions.Expect(page.Locator("[data-check=check-noCartridge]")).ToHaveAttributeAsync("data-holds", "false");
        Assert.True(await page.Locator("#begin").IsDisabledAsync());
        tablet.Bench.RemoveCartridge();
        await Assertions.Expect(page.Locator("#begin")).ToBeEnabledAsync();
        await Pictures.TakeAsync(page, "calibrate-checks");

        await BeginAsync(page);
        await JogOutAsync(page);
        await Pictures.TakeAsync(page, "calibrate-jog");
        await page.Locator("#measured").FillAsync("about one");
        await page.Locator("#measure").ClickAsync();
        await Assertions.Expect(page.Locator("#problem")).ToContainTextAsync("in millimetres");
        await MeasureAsync(page, offMicrometers: 40);
        await Assertions.Expect(page.Locator("#preview-change")).ToHaveTextAsync("+0.040 mm");
        await Pictures.TakeAsync(page, "calibrate-preview");

        await page.Locator("#again").ClickAsync();
        await MeasureAsync(page);
        await page.Locator("#store").ClickAsync();
        await page.Locator("#home-and-check").ClickAsync();
        await Assertions.Expect(page.Locator("#calibration")).ToHaveAttributeAsync("data-step", "Checking", new() { Timeout = PatienceMilliseconds });
        await JogOutAsync(page);
        await MeasureAsync(page);
        await Assertions.Expect(page.Locator("#outcome")).ToHaveAttributeAsync("data-good", "true", new() { Timeout = PatienceMilliseconds });
        await Pictures.TakeAsync(page, "calibrate-done");
        Assert.Empty(browser.Complaints);
    }

    [BrowserFact]
    public async Task Service_is_offered_when_the_page_is_live_and_no_other_page_controls()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var browser = await TreatPage.OpenAsync(tablet);
        var another = browser.Page;
        await TreatPage.GoAsync(another, $"{tablet.Address}device");
        await another.Locator("#home").ClickAsync();
        await Assertions.Expect(another.Locator("#device-state")).ToHaveTextAsync("parked", new() { Timeout = PatienceMilliseconds });
        tablet.Bench.RemoveCartridge();

        var page = await browser.OpenAnotherAsync(new Uri("about:blank"));
        var live = new TaskCompletionSource();
        await page.RouteAsync("**/api/live*", async route =>
        {
            await live.Task;
            await route.ContinueAsync();
        });
        await TreatPage.GoAsync(page, $"{tablet.Address}device/calibrate");
        var control = page.Locator("[data-check=control]");
        await Assertions.Expect(page.Locator("[data-check=check-noCartridge]")).ToHaveAttributeAsync("data-holds", "true");
        await Assertions.Expect(control).ToHaveTextAsync("This page is not live yet. Wait a moment.");
        Assert.True(await page.Locator("#begin").IsDisabledAsync());

        live.SetResult();
        await Assertions.Expect(control).ToContainTextAsync("Another page controls the device.");
        Assert.True(await page.Locator("#begin").IsDisabledAsync());

        await another.CloseAsync();
        await Assertions.Expect(control).ToHaveAttributeAsync("data-holds", "true");
        await BeginAsync(page);
    }

    [BrowserFact]
    public async Task Leaving_the_calibration_page_leaves_service_at_once()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var watcher = await WatchingPage.OpenAsync(tablet);
        await using var browser = await TreatPage.OpenAsync(tablet);
        var page = browser.Page;
        await TreatPage.GoAsync(page, $"{tablet.Address}device");
        await page.Locator("#home").ClickAsync();
        await Assertions.Expect(page.Locator("#device-state")).ToHaveTextAsync("parked", new() { Timeout = PatienceMilliseconds });
        tablet.Bench.RemoveCartridge();
        await TreatPage.GoAsync(page, $"{tablet.Address}device/calibrate");
        await BeginAsync(page);
        await JogOutAsync(page);

        await TreatPage.GoAsync(page, $"{tablet.Address}sessions");

        await watcher.SeesAsync(Microneedling.Protocol.DeviceState.Parked);
        Assert.True(tablet.Bench.StageMicrometers < -900);
    }

    [BrowserFact]
    public async Task The_bench_shows_what_the_physics_says_beside_what_the_device_says()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var browser = await TreatPage.OpenAsync(tablet);
        var page = browser.Page;
        browser.Complaints.Clear();
        await TreatPage.GoAsync(page, $"{tablet.Address}device/simulator");

        await page.Locator("[data-hand=emergency-stop]").ClickAsync();
        await Assertions.Expect(page.Locator("[data-hand=emergency-stop]")).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(page.Locator("#says-state")).ToHaveTextAsync("stopped by the emergency stop");
        await Assertions.Expect(page.Locator("#truth-needleDriver")).ToHaveTextAsync("no");
        await page.Locator("[data-hand=emergency-stop]").ClickAsync();
        await page.Locator("[data-hand=power-off]").ClickAsync();
        await Assertions.Expect(page.Locator("#truth-power")).ToHaveTextAsync("no");
        await Assertions.Expect(page.Locator("#says-state")).ToHaveTextAsync("–");
        await page.Locator("[data-hand=power-off]").ClickAsync();
        await Assertions.Expect(page.Locator("#says-state")).ToHaveTextAsync("not homed", new() { Timeout = PatienceMilliseconds });
        Assert.Empty(browser.Complaints);
    }

    [BrowserFact]
    public async Task An_address_is_refused_in_words_with_what_was_typed_and_a_search_says_what_it_found()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var browser = await TreatPage.OpenAsync(tablet);
        var page = browser.Page;
        await TreatPage.GoAsync(page, $"{tablet.Address}device/connection");

        await page.Locator("input[name=Address]:visible").FillAsync("http://somewhere");
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#connection-problem")).ToContainTextAsync("This is not the address of a device.");
        Assert.Equal("http://somewhere", await page.Locator("input[name=Address]:visible").InputValueAsync());

        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#found li").First).ToBeVisibleAsync(new() { Timeout = PatienceMilliseconds });
        await Assertions.Expect(page.Locator("#connection-now")).ToHaveTextAsync("simulated, in this program");
    }

    [BrowserTheory]
    [InlineData(1280, 800, "light")]
    [InlineData(1280, 800, "dark")]
    [InlineData(1024, 768, "light")]
    [InlineData(1024, 768, "dark")]
    public async Task Pictures_of_the_pages_of_the_device_fit_the_width(int width, int height, string theme)
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var browser = await TreatPage.OpenAsync(tablet, width, height);
        var page = browser.Page;
        await page.Context.AddCookiesAsync([new Cookie { Name = "theme", Value = theme, Url = tablet.Address.ToString() }]);
        foreach (string name in new[] { "", "/connection", "/calibrate", "/simulator" })
        {
            await TreatPage.GoAsync(page, $"{tablet.Address}device{name}");
            await Assertions.Expect(page.Locator("#link")).ToHaveTextAsync("Live");
            await RecordPagesTests.FitsAsync(page, $"device{name.Replace('/', '-')}-{width}-{theme}", width);
        }
    }

    private static async Task BeginAsync(IPage page)
    {
        await page.Locator("#begin").ClickAsync();
        await JogIsOfferedAsync(page);
    }

    private static async Task JogOutAsync(IPage page)
    {
        for (int jog = 0; jog < 4; jog++)
        {
            await JogIsOfferedAsync(page);
            await page.Locator("[data-jog='500']").ClickAsync();
            await Assertions.Expect(page.Locator("#busy")).ToBeHiddenAsync(new() { Timeout = PatienceMilliseconds });
        }
    }

    private static async Task JogIsOfferedAsync(IPage page)
    {
        try
        {
            await Assertions.Expect(page.Locator("[data-jog='500']:visible:enabled")).ToHaveCountAsync(1, new() { Timeout = PatienceMilliseconds });
        }
        catch (PlaywrightException missing)
        {
            throw new InvalidOperationException(
                $"No jog is offered. The page says: {await page.Locator("#problem").TextContentAsync()} {await page.Locator("#ended").TextContentAsync()}", missing);
        }
    }

    /// <summary>Types what the simulated gauge says, off by so much.</summary>
    private static async Task MeasureAsync(IPage page, int offMicrometers = 0)
    {
        await Assertions.Expect(page.Locator("#gauge")).Not.ToHaveTextAsync("–");
        string counted = await page.Locator("#counted").InnerTextAsync();
        await Assertions.Expect(page.Locator("#gauge")).ToHaveTextAsync(counted);
        double gauge = double.Parse(counted.Replace(" mm", "", StringComparison.Ordinal).Replace('−', '-'), System.Globalization.CultureInfo.InvariantCulture);
        await page.Locator("#measured").FillAsync((gauge + (offMicrometers / 1000.0)).ToString("0.000", System.Globalization.CultureInfo.InvariantCulture));
        await page.Locator("#measure").ClickAsync();
    }
}
