// What the device page says, what it can ask for, and the simulator's bench.

using System.Net;
using System.Net.Http.Json;
using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Tests;

public sealed class DevicePageTests
{
    [Fact]
    public async Task The_sheet_says_who_the_device_is_and_follows_its_inputs()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        var before = await SheetAsync(tablet);
        Assert.Equal("1", Line(before.Identity, "serial").Value);
        Assert.Equal("0.10 mm to 2.50 mm", Line(before.Limits, "depths").Value);
        Assert.Equal(("2 of 2", "good"), (Line(before.Settings, "copies").Value, Line(before.Settings, "copies").Tone));
        Assert.Equal(("released", ""), Input(before, "trigger"));
        Assert.Equal(("good", "good"), Input(before, "supply"));
        Assert.Null(before.Actions.Single(action => action.Key == "home").WhyNot);

        tablet.Bench.PressTrigger();
        tablet.Bench.SetSupplyGood(false);
        await page.SeesAsync(view => view.Status is { TriggerPressed: true, SupplyGood: false });
        var after = await SheetAsync(tablet);

        Assert.Equal(("pressed", "on"), Input(after, "trigger"));
        Assert.Equal(("low", "bad"), Input(after, "supply"));
    }

    [Fact]
    public async Task The_self_test_runs_while_unhomed_and_its_parts_are_told_and_is_refused_in_words_later()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.SucceedsAsync("/api/device/self-test", new { page = page.Id });
        await page.SeesAsync(view => view.Status?.State == nameof(DeviceState.Unhomed)
            && tablet.Desk.Log.OfType<DeviceEvent>().Count(happened => happened.Code == EventCode.SelfTestDone) == 2);

        Assert.All((await SheetAsync(tablet)).SelfTest, part => Assert.Equal(("passed", "good"), (part.Value, part.Tone)));

        await page.HomeAsync();
        using var refused = await page.PostAsync("/api/device/self-test", new { page = page.Id });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("It runs while the device is not homed: switch it off and on.", (await SheetAsync(tablet)).Actions.Single(action => action.Key == "self-test").WhyNot);
    }

    [Fact]
    public async Task The_log_holds_more_than_the_live_view_newest_first()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.HomeAsync();
        tablet.Bench.RemoveCartridge();
        await page.SeesAsync(view => view.Log[0].Words == "Cartridge removed.");

        var log = (await tablet.Http.GetFromJsonAsync<LogView[]>("/api/device/log"))!;

        Assert.Equal("Cartridge removed.", log[0].Words);
        Assert.True(log.Length > page.Latest!.Log.Count);
        Assert.StartsWith("The device started", log[^1].Words, StringComparison.Ordinal);
        string html = await tablet.Http.GetStringAsync("/device");
        Assert.All(log, line => Assert.Contains(line.Words, WebUtility.HtmlDecode(html), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_device_the_page_says_so_and_nothing_can_be_asked()
    {
        await using var tablet = await RunningTablet.StartAsync("--device", "serial:/dev/there-is-none");

        var sheet = await SheetAsync(tablet);
        string html = await tablet.Http.GetStringAsync("/device");

        Assert.All(sheet.Identity.Concat(sheet.Inputs).Concat(sheet.Settings), line => Assert.Equal(("–", ""), (line.Value, line.Tone)));
        Assert.All(sheet.Actions, action => Assert.Equal("The device is not connected.", action.WhyNot));
        Assert.Contains("not connected", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/device")]
    [InlineData("/device/connection")]
    [InlineData("/device/calibrate")]
    [InlineData("/device/simulator")]
    public async Task The_pages_are_there_in_both_languages_without_inline_style(string path)
    {
        await using var tablet = await RunningTablet.StartAsync();
        foreach (string language in Texts.Languages)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Accept-Language", language);
            using var response = await tablet.Http.SendAsync(request);
            string html = await response.Content.ReadAsStringAsync();

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains($"<html lang=\"{language}\"", html, StringComparison.Ordinal);
            Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_hand_of_the_bench_switches_on_and_off_and_says_so()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        foreach (var hand in SimulatorHands.All.Where(hand => hand.IsOn is not null))
        {
            bool before = hand.IsOn!(tablet.Simulated);
            await page.SucceedsAsync($"/api/simulator/{hand.Name}", new { on = !before });
            Assert.True(hand.IsOn(tablet.Simulated) == !before, $"{hand.Name} did not become {!before}.");
            await page.SucceedsAsync($"/api/simulator/{hand.Name}", new { on = before });
            Assert.True(hand.IsOn(tablet.Simulated) == before, $"{hand.Name} did not become {before} again.");
        }
    }

    [Fact]
    public async Task A_restart_a_slipped_stage_and_a_new_cartridge_are_done_once()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.HomeAsync();
        double stage = tablet.Bench.StageMicrometers;

        await page.SucceedsAsync("/api/simulator/stage-slips", new { on = true });
        Assert.InRange(tablet.Bench.StageMicrometers - stage, 95, 110);
        await page.SucceedsAsync("/api/simulator/new-cartridge", new { on = true });
        Assert.True(tablet.Bench.CartridgeSeated);
        await page.SeesAsync(view => view.Log.Any(line => line.Words == "Cartridge removed.") && view.Log[0].Words == "Cartridge seated.");
        await page.SucceedsAsync("/api/simulator/restart", new { on = true });
        await page.SeesAsync(DeviceState.Unhomed);
    }

    [Fact]
    public async Task A_hand_that_does_not_exist_is_not_found()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);

        using var response = await page.PostAsync("/api/simulator/no-such-hand", new { on = true });

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static SheetLine Line(IReadOnlyList<SheetLine> lines, string key) => lines.Single(line => line.Key == key);

    private static (string Value, string Tone) Input(DeviceSheet sheet, string key) => (Line(sheet.Inputs, key).Value, Line(sheet.Inputs, key).Tone);

    private static async Task<DeviceSheet> SheetAsync(RunningTablet tablet) => (await tablet.Http.GetFromJsonAsync<DeviceSheet>("/api/device"))!;
}
