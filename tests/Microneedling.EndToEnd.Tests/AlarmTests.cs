// Alarms on the page: condition, acknowledged and silenced are three things, and each is seen.

using Microneedling.Tablet.Tests;
using Microsoft.Playwright;

namespace Microneedling.EndToEnd.Tests;

public sealed class AlarmTests
{
    [BrowserFact]
    public async Task A_fault_is_told_with_cause_and_next_step_silenced_acknowledged_and_cleared_one_after_the_other()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        var page = treat.Page;
        var line = page.Locator(".alarm-line .alarm-row");
        await treat.RunAsync(tablet);

        await treat.TapAsync("Remove cartridge");
        await treat.SeesTitleAsync("Stopped by a fault");
        var alarm = Assert.Single(tablet.View.Alarms);
        await Assertions.Expect(line).ToContainTextAsync(alarm.Title);
        await Assertions.Expect(line).ToContainTextAsync(alarm.Cause);
        await Assertions.Expect(line).ToContainTextAsync(alarm.NextStep);
        await Assertions.Expect(line).ToHaveAttributeAsync("data-state", "new");
        await Assertions.Expect(line).ToHaveAttributeAsync("data-priority", alarm.Priority);
        await Assertions.Expect(page.Locator("#state-next")).ToContainTextAsync(alarm.NextStep);
        await Assertions.Expect(page.Locator("#alarms [aria-live=assertive], #alarms [aria-live=polite]").Filter(new() { HasText = alarm.Title })).ToHaveCountAsync(1);
        await Pictures.TakeForDocumentsAsync(page, "tablet-fault");

        await line.GetByRole(AriaRole.Button, new() { Name = "Silence", Exact = true }).ClickAsync();
        await Assertions.Expect(line).ToHaveAttributeAsync("data-state", "silenced");
        await Assertions.Expect(line.Locator(".alarm-state")).ToContainTextAsync("Silenced 1:5");
        await line.GetByRole(AriaRole.Button, new() { Name = "Acknowledge", Exact = true }).ClickAsync();
        await Assertions.Expect(line).ToHaveAttributeAsync("data-state", "acknowledged");
        await Assertions.Expect(line.Locator(".alarm-state")).ToHaveTextAsync("Acknowledged");
        await Pictures.TakeAsync(page, "treat-fault-acknowledged");

        var clear = line.GetByRole(AriaRole.Button, new() { Name = "Clear fault", Exact = true });
        await clear.ClickAsync();
        await Assertions.Expect(line).ToContainTextAsync("The cause of the fault is still there.");

        await treat.TapAsync("Seat cartridge");
        await treat.TapAsync("Release trigger");
        await Assertions.Expect(treat.Button("Press trigger")).ToBeVisibleAsync();
        await clear.ClickAsync();
        await Assertions.Expect(page.Locator("#alarms")).ToBeHiddenAsync();
        Assert.Empty(tablet.View.Alarms);
    }

    [BrowserFact]
    public async Task An_alarm_is_shown_on_every_page_and_moves_nothing()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.RunAsync(tablet);
        var other = await treat.OpenAnotherAsync(new Uri(tablet.Address, "/sessions"));
        await Assertions.Expect(other.Locator("#link")).ToHaveTextAsync("Live");
        var before = (await other.Locator("main").BoundingBoxAsync())!;

        await treat.TapAsync("Remove cartridge");
        await Assertions.Expect(other.Locator(".alarm-line .alarm-row")).ToBeVisibleAsync();

        var after = (await other.Locator("main").BoundingBoxAsync())!;
        Assert.Equal((before.X, before.Y), (after.X, after.Y));
        var stop = (await other.Locator("#stop").BoundingBoxAsync())!;
        var alarm = (await other.Locator("#alarms").BoundingBoxAsync())!;
        Assert.True(alarm.X + alarm.Width <= stop.X + 0.5);
    }

    [BrowserTheory]
    [InlineData(ReducedMotion.NoPreference, true)]
    [InlineData(ReducedMotion.Reduce, false)]
    public async Task An_alarm_flashes_unless_motion_is_to_be_reduced(ReducedMotion motion, bool flashes)
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = motion });
        await treat.SeesTitleAsync("Not homed");

        tablet.Bench.PressEmergencyStop();
        var line = treat.Page.Locator(".alarm-line .alarm-row");
        await Assertions.Expect(line).ToHaveAttributeAsync("data-state", "new");

        Assert.Equal(flashes, await line.EvaluateAsync<bool>("row => row.getAnimations().length > 0"));
    }

    [BrowserFact]
    public async Task The_sound_begins_with_the_first_touch_and_until_then_the_page_says_that_there_is_none()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.SeesTitleAsync("Not homed");

        tablet.Bench.PressEmergencyStop();
        var silence = treat.Page.Locator(".alarm-line .alarm-silence");
        await Assertions.Expect(silence).ToHaveTextAsync("Sound off until you touch");
        await silence.ClickAsync();

        await Assertions.Expect(silence).ToHaveTextAsync("Silence");
        Assert.Equal(0, tablet.View.Alarms.Max(alarm => alarm.SilencedForSeconds));
    }
}
