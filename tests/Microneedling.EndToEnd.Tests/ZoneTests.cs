// Choosing where and how deep: map, list, presets, caps and a supervisor's unlock. Judged by what the device was asked for.

using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Tests;
using Microneedling.Tablet.Tests.SigningIn;
using Microsoft.Playwright;

namespace Microneedling.EndToEnd.Tests;

public sealed class ZoneTests
{
    private const string Pin = StaffedTablet.Pin;

    [BrowserFact]
    public async Task A_zone_is_chosen_on_the_map_or_in_the_list_and_left_is_the_clients_left()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        var page = treat.Page;
        await treat.SeesTitleAsync("Not homed");

        await page.Locator(".zone[data-zone=cheek-left] .shape").ClickAsync();
        await Assertions.Expect(page.Locator("#zone-name")).ToHaveTextAsync("Cheek, left");
        await Assertions.Expect(page.Locator("#zone-select")).ToHaveValueAsync("cheek-left");
        await Assertions.Expect(page.Locator("#zone-thickness")).ToContainTextAsync("PMC9205051");
        var left = (await page.Locator(".zone[data-zone=cheek-left]").BoundingBoxAsync())!;
        var right = (await page.Locator(".zone[data-zone=cheek-right]").BoundingBoxAsync())!;
        Assert.True(left.X > right.X);

        await treat.ChooseZoneAsync("hand-right");
        await Assertions.Expect(page.Locator("svg.map[data-view=Body]")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("svg.map[data-view=Face]")).ToBeHiddenAsync();
        await page.Locator(".zone[data-zone=abdomen]").PressAsync("Enter");
        await Assertions.Expect(page.Locator("#zone-name")).ToHaveTextAsync("Abdomen");
    }

    [BrowserFact]
    public async Task Every_zone_is_drawn_inside_the_sheet_and_takes_a_touch_at_its_middle()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.SeesTitleAsync("Not homed");

        foreach (var zone in Zones.All)
        {
            await treat.TapAsync(zone.View == MapView.Face ? "Face" : "Body");
            var shape = treat.Page.Locator($".zone[data-zone={zone.Id}]");
            var box = (await shape.BoundingBoxAsync())!;
            var map = (await treat.Page.Locator($"svg.map[data-view={zone.View}]").BoundingBoxAsync())!;
            Assert.True(box.X >= map.X && box.Y >= map.Y - 1 && box.X + box.Width <= map.X + map.Width && box.Y + box.Height <= map.Y + map.Height, $"{zone.Id} lies outside the drawing.");
            var (x, y) = await MiddleAsync(shape);
            await treat.Page.Mouse.ClickAsync(x, y);
            await Assertions.Expect(treat.Page.Locator("#zone-select")).ToHaveValueAsync(zone.Id);
        }
    }

    [BrowserFact]
    public async Task An_eyelid_is_blocked_and_says_why()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.BeginAsync(tablet);
        await treat.HomeAsync();

        await treat.ChooseZoneAsync("eyelid-left");

        await Assertions.Expect(treat.Page.Locator("#zone-blocked")).ToHaveTextAsync("This zone is not treated");
        await Assertions.Expect(treat.Page.Locator(".zone[data-zone=eyelid-left]")).ToHaveAttributeAsync("aria-label", "Eyelid, left, blocked: This zone is not treated");
        Assert.True(await treat.Button("Confirm values").IsDisabledAsync());
        Assert.True(await treat.Button("0.05 mm deeper").IsDisabledAsync());
        Assert.True(await treat.Button("Supervisor's unlock").IsDisabledAsync());
    }

    [BrowserFact]
    public async Task A_preset_sets_its_values_within_the_cap_and_stays_their_source_until_one_is_changed()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        var page = treat.Page;
        await treat.BeginAsync(tablet);
        await treat.HomeAsync();
        await treat.ChooseZoneAsync("cheek-left");
        var presets = (await tablet.Sessions.Site.PresetsAsync()).Where(preset => !preset.IsRetired && preset.ZoneIds.Contains("cheek-left")).ToArray();
        Assert.NotEmpty(presets);
        foreach (var preset in presets)
        {
            var card = page.Locator($".preset[data-preset={preset.Key}]");
            await Assertions.Expect(card).ToContainTextAsync(preset.Source);
            await Assertions.Expect(card).ToContainTextAsync(preset.OnLabel ? "On-label" : "Off-label");
        }

        var deepest = presets.MaxBy(preset => preset.Depth.Micrometers)!;
        await page.Locator($".preset[data-preset={deepest.Key}]").ClickAsync();
        Assert.Equal(Math.Min(deepest.Depth.Millimeters, 1.5), await treat.NumberAsync("#depth-value"));
        await Assertions.Expect(page.Locator("#from-preset")).ToHaveTextAsync($"Values from: {deepest.Name}");
        await treat.ConfirmAsync();
        Assert.Equal((deepest.Key, deepest.Version), (tablet.Desk.Confirmed!.Proposal.PresetKey, tablet.Desk.Confirmed.Proposal.PresetVersion));

        await treat.TapAsync("0.05 mm shallower");
        await Assertions.Expect(page.Locator("#from-preset")).ToHaveTextAsync("Values set by hand");
        await treat.ConfirmAsync();
        Assert.Null(tablet.Desk.Confirmed!.Proposal.PresetKey);
    }

    [BrowserFact]
    public async Task The_area_that_punctures_are_counted_over_can_be_corrected_and_a_senseless_one_is_refused()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.BeginAsync(tablet);
        await treat.HomeAsync();
        await treat.ChooseZoneAsync("chin");

        await treat.Page.Locator("#area").FillAsync("0.2");
        await Assertions.Expect(treat.Page.Locator("#area-error")).ToHaveTextAsync("Give an area from 1 to 2000 cm².");
        await treat.Page.Locator("#area").FillAsync("12,5");
        await Assertions.Expect(treat.Page.Locator("#area-error")).ToBeEmptyAsync();
        await treat.ConfirmAsync();

        Assert.Equal(1250, tablet.Desk.Confirmed!.Proposal.AreaSquareMillimeters);
    }

    [BrowserFact]
    public async Task A_supervisor_unlocks_one_zone_with_a_pin_and_a_reason_and_it_can_be_taken_back()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        var page = treat.Page;
        await treat.SeesTitleAsync("Not homed");
        await StaffedTablet.AddAsync(tablet, "Dr Ruiz", Role.Supervisor);
        await TreatPage.AgainAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Dr Ruiz" }).ClickAsync();
        await page.Locator("#pin").FillAsync(Pin);
        await page.Locator(".keypad .enter").ClickAsync();
        await treat.BeginAsync(tablet);
        await treat.HomeAsync();
        await treat.ChooseZoneAsync("cheek-left");
        await treat.SetDepthAsync(1500);
        await treat.TapAsync("0.25 mm deeper");
        Assert.Equal("1.50", await page.Locator("#depth-value").InnerTextAsync());

        await treat.TapAsync("Supervisor's unlock");
        await page.Locator("#unlock-pin").FillAsync("000000");
        await page.Locator("#unlock-reason").FillAsync("Deep boxcar scars, agreed with the client");
        await treat.TapAsync("Unlock");
        await Assertions.Expect(page.Locator("#unlock-error")).ToHaveTextAsync("The PIN is wrong, or this person may not sign in now.");
        Assert.Equal("Deep boxcar scars, agreed with the client", await page.Locator("#unlock-reason").InputValueAsync());
        await Pictures.TakeAsync(page, "treat-unlock");
        await page.Locator("#unlock-pin").FillAsync(Pin);
        await treat.TapAsync("Unlock");
        await Assertions.Expect(page.Locator("#unlock-dialog")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#depth-cap")).ToContainTextAsync("Dr Ruiz: Deep boxcar scars");
        await treat.SetDepthAsync(1750);
        await treat.ConfirmAsync();
        Assert.Equal(1.75, await treat.NumberAsync("#read-depth"), 0.005);

        await treat.TapAsync("Take unlock back");
        await Assertions.Expect(page.Locator("#depth-value")).ToHaveTextAsync("1.50");
        Assert.Null(tablet.Desk.Confirmed);
        Assert.True(await page.Locator("#arm").IsHiddenAsync());
    }

    /// <summary>A point of the screen in the zone's outline: where its number stands.</summary>
    private static async Task<(float X, float Y)> MiddleAsync(ILocator zone)
    {
        double[] at = await zone.Locator(".number").EvaluateAsync<double[]>(
            """
            number => {
              const at = new DOMPoint(number.x.baseVal[0].value, number.y.baseVal[0].value).matrixTransform(number.getScreenCTM());
              return [at.x, at.y];
            }
            """);
        return ((float)at[0], (float)at[1]);
    }
}
