// One page controls, the others watch; control changes hands only when it is given, or when its page is gone.

using System.Net;
using Microneedling.Protocol;

namespace Microneedling.Tablet.Tests;

public sealed class ControlTests
{
    [Fact]
    public async Task The_first_page_that_acts_controls_and_another_one_can_only_ask()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await using var another = await WatchingPage.OpenAsync(tablet);
        await page.HomeAsync();

        using var refused = await another.PostAsync("/api/configure", another.Values(500, 50_000));
        await Refusal.IsAsync(refused, HttpStatusCode.Conflict, "Another page controls the device. Ask it for control, or press STOP.");
        await another.SucceedsAsync("/api/control/take", new { page = another.Id });
        var asked = await page.SeesAsync(view => view.Control.AskingPage == another.Id);
        Assert.Equal(page.Id, asked.Control.Page);

        await page.SucceedsAsync("/api/control/keep", new { page = page.Id });
        await another.SeesAsync(view => view.Control.AskingPage is null);
        using var given = await page.PostAsync("/api/control/give", new { page = page.Id, to = another.Id });
        await Refusal.IsAsync(given, HttpStatusCode.Conflict, "Another page controls the device. Ask it for control, or press STOP.");

        await another.SucceedsAsync("/api/control/take", new { page = another.Id });
        await page.SucceedsAsync("/api/control/give", new { page = page.Id, to = another.Id });
        await another.SeesAsync(view => view.Control.Page == another.Id);
        await another.ConfigureAsync(500, 50_000);
        using var late = await page.PostAsync("/api/home", new { page = page.Id });
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
    }

    [Fact]
    public async Task A_page_that_does_not_control_cannot_give_control_away()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await using var another = await WatchingPage.OpenAsync(tablet);
        await page.HomeAsync();
        await another.SucceedsAsync("/api/control/take", new { page = another.Id });

        using var stolen = await another.PostAsync("/api/control/give", new { page = another.Id, to = another.Id });
        using var blind = await another.PostAsync("/api/control/take", new { page = "blind" });

        Assert.Equal(HttpStatusCode.Conflict, stolen.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, blind.StatusCode);
        Assert.Equal(page.Id, tablet.View.Control.Page);
    }

    [Fact]
    public async Task Control_of_a_closed_page_goes_to_the_next_that_acts()
    {
        await using var tablet = await RunningTablet.StartAsync();
        var page = await WatchingPage.OpenAsync(tablet);
        await using var another = await WatchingPage.OpenAsync(tablet);
        await page.HomeAsync();
        await page.DisposeAsync();
        await another.SeesAsync(view => view.Control.Page is null);

        await another.ConfigureAsync(500, 50_000);

        await another.SeesAsync(view => view.Control.Page == another.Id);
    }

    [Fact]
    public async Task While_the_device_moves_control_does_not_change_hands()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await using var another = await WatchingPage.OpenAsync(tablet);
        await page.HomeAsync();
        await another.SucceedsAsync("/api/control/take", new { page = another.Id });
        await page.ArmAsync(tablet);

        using var taken = await another.PostAsync("/api/control/take", new { page = another.Id });
        using var given = await page.PostAsync("/api/control/give", new { page = page.Id, to = another.Id });

        await Refusal.IsAsync(taken, HttpStatusCode.Conflict, "The device is armed or moves. Disarm it first.");
        await Refusal.IsAsync(given, HttpStatusCode.Conflict, "The device is armed or moves. Disarm it first.");
        Assert.Equal(nameof(DeviceState.Armed), page.Latest!.Status!.State);
    }
}
