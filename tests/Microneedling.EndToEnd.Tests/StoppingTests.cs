// Every way in which a person, or a person's absence, stops the needles from the page. Judged by the physics.

using Microneedling.Protocol;
using Microneedling.Tablet.Tests;
using Microsoft.Playwright;

namespace Microneedling.EndToEnd.Tests;

public sealed class StoppingTests
{
    [BrowserFact]
    public async Task Closing_the_page_while_the_needles_run_stops_and_parks_them()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var watcher = await WatchingPage.OpenAsync(tablet);
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.RunAsync(tablet);

        await treat.Page.CloseAsync();
        await watcher.SeesAsync(DeviceState.Parked);

        IsAtRest(tablet);
    }

    [BrowserFact]
    public async Task Killing_the_browser_while_the_needles_run_stops_and_parks_them()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var watcher = await WatchingPage.OpenAsync(tablet);
        using var playwright = await Playwright.CreateAsync();
        var browser = await Chromium.LaunchAsync(playwright);
        var treat = await TreatPage.OpenAsync(tablet, browser: browser);
        await treat.RunAsync(tablet);

        await browser.CloseAsync();
        await watcher.SeesAsync(DeviceState.Parked);

        IsAtRest(tablet);
    }

    [BrowserFact]
    [Trait("Requirement", "UI-4")]
    public async Task A_page_whose_script_hangs_while_the_needles_run_stops_and_parks_them()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var watcher = await WatchingPage.OpenAsync(tablet);
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.RunAsync(tablet);

        var hanging = treat.Page.EvaluateAsync("const end = performance.now() + 8000; while (performance.now() < end);");
        await watcher.SeesAsync(DeviceState.Parked);

        IsAtRest(tablet);
        await hanging;
    }

    [BrowserFact]
    [Trait("Requirement", "UI-1")]
    public async Task The_escape_key_stops_the_needles_and_the_page_follows_them_home()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.RunAsync(tablet);

        await treat.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(treat.Page.Locator("#stop-status")).ToHaveTextAsync("Needles parked");

        IsAtRest(tablet);
        Assert.Empty(treat.Complaints);
    }

    [BrowserFact]
    [Trait("Requirement", "UI-1")]
    public async Task Stop_acts_on_touch_down_before_the_finger_is_lifted()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.RunAsync(tablet);

        await treat.Page.Locator("#stop").HoverAsync();
        await treat.Page.Mouse.DownAsync();
        await Assertions.Expect(treat.Page.Locator("#stop-status")).ToHaveTextAsync("Needles parked");
        IsAtRest(tablet);
        await treat.Page.Mouse.UpAsync();

        Assert.Equal("/", new Uri(treat.Page.Url).AbsolutePath);
    }

    /// <summary>To begin the sound of alarms holds a page up for a tenth of a second.</summary>
    [BrowserFact]
    public async Task The_first_touch_of_a_page_may_be_STOP_and_waits_for_no_sound_to_begin()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.SeesTitleAsync("Not homed");
        await treat.Page.EvaluateAsync("""
            (() => {
              window.soundsBegun = 0;
              const real = AudioContext;
              window.AudioContext = class extends real { constructor() { super(); window.soundsBegun++; } };
            })()
            """);

        await treat.Page.Locator("#stop").HoverAsync();
        await treat.Page.Mouse.DownAsync();
        await Assertions.Expect(treat.Page.Locator("#stop-form")).ToHaveAttributeAsync("data-phase", "confirmed");
        Assert.Equal(0, await treat.Page.EvaluateAsync<int>("soundsBegun"));
        await treat.Page.Mouse.UpAsync();
        Assert.Equal(1, await treat.Page.EvaluateAsync<int>("soundsBegun"));
    }

    [BrowserTheory]
    [InlineData("/sessions")]
    [InlineData("/clients")]
    [InlineData("/device")]
    [InlineData("/settings")]
    [InlineData("/prepare")]
    [Trait("Requirement", "UI-1")]
    public async Task Stop_on_another_page_of_somebody_else_stops_the_needles(string path)
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.RunAsync(tablet);
        var other = await treat.OpenAnotherAsync(new Uri(tablet.Address, path));

        await other.Locator("#stop").ClickAsync();
        await Assertions.Expect(other.Locator("#stop-status")).ToHaveTextAsync("Needles parked");

        IsAtRest(tablet);
    }

    [BrowserFact]
    public async Task Stop_stays_in_reach_and_acts_while_a_dialog_is_open()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.ReadyAsync(tablet);
        await treat.TapAsync("Finish session");
        await Assertions.Expect(treat.Page.Locator("#finish-dialog")).ToBeVisibleAsync();

        await treat.Page.Locator("#stop").ClickAsync();
        await Assertions.Expect(treat.Page.Locator("#stop-status")).ToHaveTextAsync("Needles parked");
        await treat.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(treat.Page.Locator("#finish-dialog")).ToBeHiddenAsync();
        await Assertions.Expect(treat.Page.Locator("#stop-status")).ToHaveTextAsync("Needles parked");
    }

    [BrowserFact]
    public async Task Stop_works_without_any_script()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await using var bare = await TreatPage.OpenAsync(tablet, script: false);
        await page.RunAsync(tablet);

        await bare.Page.Locator("#stop").ClickAsync();
        await page.SeesAsync(DeviceState.Parked);

        IsAtRest(tablet);
        Assert.Equal("/", new Uri(bare.Page.Url).AbsolutePath);
    }

    [BrowserFact]
    public async Task When_the_program_is_gone_the_page_says_so_and_stop_says_that_it_is_not_confirmed()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.BeginAsync(tablet);
        await treat.HomeAsync();
        await treat.ChooseZoneAsync("cheek-left");
        await Assertions.Expect(treat.Button("Confirm values")).ToBeEnabledAsync();

        await tablet.EndAsync();
        await Assertions.Expect(treat.Page.Locator("#alarm")).ToContainTextAsync("The tablet program does not answer", new() { Timeout = 2_000 });
        Assert.True(await treat.Page.EvaluateAsync<bool>("document.body.classList.contains('old')"));
        await treat.SeesTitleAsync("Last known: needles parked");
        Assert.True(await treat.Button("Confirm values").IsDisabledAsync());

        await treat.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(treat.Page.Locator("#stop-status")).ToHaveTextAsync("NOT CONFIRMED");
        await Assertions.Expect(treat.Page.Locator("#alarm")).ToContainTextAsync("press the emergency stop");
        await Pictures.TakeAsync(treat.Page, "program-gone");
    }

    [BrowserFact]
    public async Task When_the_device_is_gone_the_page_says_that_values_are_old_and_goes_on_once_it_is_back()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.RunAsync(tablet);

        tablet.Board.PowerOff();
        await Assertions.Expect(treat.Page.Locator("#alarm")).ToBeVisibleAsync(new() { Timeout = 3_000 });
        Assert.True(await treat.Page.EvaluateAsync<bool>("document.body.classList.contains('old')"));
        Assert.True(await treat.Page.Locator("#confirm").IsDisabledAsync());
        await treat.SeesTitleAsync("Device not connected");
        await Pictures.TakeAsync(treat.Page, "device-gone");

        tablet.PowerOn();
        await treat.SeesTitleAsync("Not homed");
        await Assertions.Expect(treat.Page.Locator("#alarm")).ToBeHiddenAsync();
        await Assertions.Expect(treat.Page.Locator("#link")).ToHaveTextAsync("Live");
        await Assertions.Expect(treat.Page.Locator("#step-client .step-words")).ToHaveTextAsync("Test block");
        tablet.Bench.ReleaseTrigger();
        await treat.HomeAsync();
        IsAtRest(tablet);
    }

    private static void IsAtRest(RunningTablet tablet)
    {
        Assert.False(tablet.Bench.NeedlesOut);
        Assert.True(tablet.Bench.StageMicrometers < -900, $"The stage stands at {tablet.Bench.StageMicrometers} µm.");
    }
}
