// What a hand does by accident does nothing; what a finger aims at is large enough, and all of it is on the screen.

using Microneedling.Protocol;
using Microneedling.Tablet.Tests;
using Microsoft.Playwright;

namespace Microneedling.EndToEnd.Tests;

public sealed class TouchTests
{
    private const int SmallestTargetPixels = 48;

    [BrowserFact]
    public async Task A_tap_on_the_slider_changes_nothing_and_a_drag_moves_it()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.SeesTitleAsync("Not homed");
        await treat.ChooseZoneAsync("cheek-left");
        string before = await treat.Page.Locator("#depth-value").InnerTextAsync();
        var slider = (await treat.Page.Locator("#depth-slider").BoundingBoxAsync())!;
        float middle = slider.Y + (slider.Height / 2);

        await treat.Page.Mouse.ClickAsync(slider.X + (slider.Width * 0.9f), middle);
        Assert.Equal(before, await treat.Page.Locator("#depth-value").InnerTextAsync());

        await treat.Page.Mouse.MoveAsync(slider.X + 20, middle);
        await treat.Page.Mouse.DownAsync();
        await treat.Page.Mouse.MoveAsync(slider.X + 20 + (slider.Width / 2), middle, new MouseMoveOptions { Steps = 5 });
        await treat.Page.Mouse.UpAsync();
        Assert.Equal(0.95, await treat.NumberAsync("#depth-value"), 0.051);
    }

    [BrowserFact]
    [Trait("Requirement", "UI-2")]
    public async Task A_brush_over_hold_to_arm_does_not_arm()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.ReadyAsync(tablet);

        for (int brush = 0; brush < 3; brush++)
        {
            await treat.Button("Hold to arm").ClickAsync(new LocatorClickOptions { Delay = 300 });
        }

        await treat.Page.EvaluateAsync("new Promise(done => setTimeout(done, 1600))");
        Assert.Equal(DeviceState.Parked, tablet.Device.LatestStatus!.State);
        Assert.Empty(tablet.View.Session!.Passes);
    }

    [BrowserTheory]
    [InlineData(1280, 800)]
    [InlineData(1024, 768)]
    [InlineData(390, 844)]
    public async Task Hold_to_arm_lies_nowhere_under_what_sets_or_confirms_values(int width, int height)
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet, width, height);
        await treat.BeginAsync(tablet);
        await treat.HomeAsync();
        await treat.ChooseZoneAsync("cheek-left");
        await Assertions.Expect(treat.Button("Confirm values")).ToBeEnabledAsync();
        await treat.Button("Confirm values").ScrollIntoViewIfNeededAsync();
        var setters = new List<LocatorBoundingBoxResult>();
        foreach (var setter in await treat.Page.Locator(".controls button:visible, #depth-slider").AllAsync())
        {
            setters.Add((await setter.BoundingBoxAsync())!);
        }

        var confirm = setters[^1];
        await treat.Page.Mouse.ClickAsync(confirm.X + (confirm.Width / 2), confirm.Y + (confirm.Height / 2));
        await treat.SeesTitleAsync("Values confirmed");
        var hold = (await treat.Button("Hold to arm").BoundingBoxAsync())!;
        Assert.Equal(confirm.Y, (await treat.Page.Locator("#confirm").BoundingBoxAsync())!.Y);
        Assert.All(setters, box => Assert.False(
            box.X < hold.X + hold.Width && hold.X < box.X + box.Width && box.Y < hold.Y + hold.Height && hold.Y < box.Y + box.Height,
            $"A control at {box.X}, {box.Y} lies under Hold to arm at {hold.X}, {hold.Y}."));
    }

    [BrowserFact]
    public async Task The_whole_way_to_armed_can_be_gone_by_keyboard()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        var page = treat.Page;
        await treat.BeginAsync(tablet);
        await Assertions.Expect(page.Locator("#home")).ToBeEnabledAsync();
        await page.Locator("#home").PressAsync("Enter");
        await treat.SeesTitleAsync("Needles parked");
        await page.Locator(".zone[data-zone=forehead]").PressAsync("Enter");
        await page.Locator("#depth-slider").PressAsync("ArrowRight");
        Assert.Equal("0.30", await page.Locator("#depth-value").InnerTextAsync());
        await Assertions.Expect(page.Locator("#confirm")).ToBeEnabledAsync();
        await page.Locator("#confirm").PressAsync("Enter");
        await treat.SeesTitleAsync("Values confirmed");

        await Assertions.Expect(page.Locator("#arm")).ToBeEnabledAsync();
        await page.Locator("#arm").FocusAsync();
        await page.Keyboard.DownAsync(" ");
        await treat.SeesTitleAsync("Armed");
        await page.Keyboard.UpAsync(" ");
        await Assertions.Expect(page.Locator("#disarm")).ToBeEnabledAsync();
        await page.Locator("#disarm").PressAsync("Enter");
        await treat.SeesTitleAsync("Values confirmed");
        Assert.Empty(treat.Complaints);
    }

    [BrowserFact]
    public async Task Start_on_the_page_is_refused_in_words_and_the_needles_stay()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.ReadyAsync(tablet);
        await treat.ArmAsync();
        long before = tablet.Bench.NeedleMicrosteps;

        await treat.TapAsync("Start");

        await Assertions.Expect(treat.Page.Locator("#refusal")).ToHaveTextAsync("The needles start only with the trigger on the handpiece. Press and hold it.");
        Assert.Equal(before, tablet.Bench.NeedleMicrosteps);
    }

    [BrowserTheory]
    [InlineData(1280, 800, ColorScheme.Light)]
    [InlineData(1024, 768, ColorScheme.Light)]
    [InlineData(1024, 768, ColorScheme.Dark)]
    [InlineData(1280, 800, ColorScheme.Dark)]
    public async Task Everything_fits_the_screen_and_is_large_enough_for_a_finger(int width, int height, ColorScheme theme)
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet, width, height);
        await treat.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = theme });
        string name = $"{width}-{theme.ToString().ToLowerInvariant()}";
        await treat.SeesTitleAsync("Not homed");
        await FitsAsync(treat, width, height, $"{name}-not-homed");
        await treat.BeginAsync(tablet);
        await treat.HomeAsync();
        await treat.ChooseZoneAsync("cheek-left");
        await FitsAsync(treat, width, height, $"{name}-zone");
        await treat.ConfirmAsync();
        await FitsAsync(treat, width, height, $"{name}-confirmed");
        await treat.ArmAsync();
        await treat.TapAsync("Start");
        await Assertions.Expect(treat.Page.Locator("#refusal")).Not.ToBeEmptyAsync();
        await FitsAsync(treat, width, height, $"{name}-armed-refusal");
        await treat.TapAsync("Press trigger");
        await treat.NumberAtLeastAsync("#strokes", 60);
        await treat.SetDepthAsync(400);
        await FitsAsync(treat, width, height, $"{name}-running-new-values");
        await treat.Page.Locator("#stop").ClickAsync();
        await treat.SeesTitleAsync("Needles parked");
        await treat.TapAsync("Release trigger");
        await FitsAsync(treat, width, height, $"{name}-stopped");
        tablet.Bench.PressEmergencyStop();
        await treat.SeesTitleAsync("Emergency stop");
        await FitsAsync(treat, width, height, $"{name}-emergency-stop");
    }

    private static async Task FitsAsync(TreatPage treat, int width, int height, string name)
    {
        await Pictures.TakeAsync(treat.Page, $"treat-{name}");
        string[] complaints = await treat.Page.EvaluateAsync<string[]>(
            """
            ([width, height, smallest]) => {
              const complaints = [];
              const root = document.documentElement;
              if (root.scrollWidth > width || root.scrollHeight > height) complaints.push(`The page is ${root.scrollWidth} × ${root.scrollHeight}.`);
              for (const target of document.querySelectorAll("button:not(.preset), a, [role=slider], select, input")) {
                const box = target.getBoundingClientRect();
                if (!target.checkVisibility() || box.width === 0) continue;
                const words = `'${target.innerText || target.id}' (${Math.round(box.width)} × ${Math.round(box.height)} at ${Math.round(box.x)}, ${Math.round(box.y)})`;
                if (box.width < smallest || box.height < smallest) complaints.push(`${words} is too small for a finger.`);
                if (box.left < 0 || box.top < 0 || box.right > width || box.bottom > height) complaints.push(`${words} is partly off the screen.`);
                if (target.matches("button, a") && target.scrollWidth > target.clientWidth + 1) complaints.push(`The words of ${words} do not fit.`);
                if (!target.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2))) complaints.push(`${words} is covered by something.`);
              }
              return complaints;
            }
            """,
            new[] { width, height, SmallestTargetPixels });
        Assert.True(complaints.Length == 0, $"{name}, {width} × {height}: {string.Join(' ', complaints)}");
    }
}
