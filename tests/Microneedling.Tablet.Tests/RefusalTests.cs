// What the program refuses, in which words, and that a refusal changes nothing.

using System.Net;
using Microneedling.Protocol;

namespace Microneedling.Tablet.Tests;

public sealed class RefusalTests
{
    [Fact]
    public async Task Values_are_refused_before_homing_in_the_devices_words()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);

        using var response = await page.PostAsync("/api/configure", page.Values(500, 50_000));

        await Refusal.IsAsync(response, HttpStatusCode.Conflict, "The device does not know its depth yet. Home it first.");
    }

    [Fact]
    public async Task Arming_is_refused_for_values_that_were_not_confirmed_last()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.HomeAsync();
        await tablet.BeginPracticeAsync();

        using var nothing = await page.PostAsync("/api/arm", new { page = page.Id, token = 1 });
        long stale = await page.ConfigureAsync(500, 50_000);
        await page.ConfigureAsync(600, 50_000);
        using var old = await page.PostAsync("/api/arm", new { page = page.Id, token = stale });

        await Refusal.IsAsync(nothing, HttpStatusCode.Conflict, "Choose a zone, set depth and rate, and confirm them.");
        await Refusal.IsAsync(old, HttpStatusCode.Conflict, "The values have changed since they were confirmed. Check them and arm again.");
        Assert.Equal(DeviceState.Parked, tablet.Device.LatestStatus!.State);
        Assert.Empty(tablet.View.Session!.Passes);
    }

    [Fact]
    public async Task Arming_is_refused_without_a_cartridge_and_with_the_trigger_held_and_no_pass_begins()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.HomeAsync();
        await tablet.BeginPracticeAsync();
        long token = await page.ConfigureAsync(500, 50_000);

        tablet.Bench.PressTrigger();
        await page.SeesAsync(view => view.Status!.TriggerPressed);
        using var held = await page.PostAsync("/api/arm", new { page = page.Id, token });
        tablet.Bench.ReleaseTrigger();
        tablet.Bench.RemoveCartridge();
        await page.SeesAsync(view => view.Status is { TriggerPressed: false, CartridgeSeated: false });
        using var bare = await page.PostAsync("/api/arm", new { page = page.Id, token });

        await Refusal.IsAsync(held, HttpStatusCode.Conflict, "Release the trigger.");
        await Refusal.IsAsync(bare, HttpStatusCode.Conflict, "Seat a cartridge in the handpiece.");
        Assert.Empty(tablet.View.Session!.Passes);
    }

    [Fact]
    public async Task Start_is_refused_even_when_armed_and_no_needle_moves()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.ArmAsync(tablet);
        long before = tablet.Bench.NeedleMicrosteps;

        using var response = await page.PostAsync("/api/start", new { page = page.Id });

        await Refusal.IsAsync(response, HttpStatusCode.Conflict, "The needles start only with the trigger on the handpiece. Press and hold it.");
        Assert.Equal(before, tablet.Bench.NeedleMicrosteps);
    }

    [Fact]
    public async Task A_page_that_sees_nothing_live_gets_no_control()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);

        using var home = await page.PostAsync("/api/home", new { page = "blind" });
        using var presence = await page.PostAsync("/api/presence", new { page = "blind" });

        await Refusal.IsAsync(home, HttpStatusCode.Conflict, "This page shows nothing live, so it cannot control the device. Load it again.");
        await Refusal.IsAsync(presence, HttpStatusCode.Conflict, "This page shows nothing live, so it cannot control the device. Load it again.");
        Assert.Equal(DeviceState.Unhomed, tablet.Device.LatestStatus!.State);
    }

    [Fact]
    public async Task While_the_device_moves_only_the_page_in_control_changes_values_and_any_page_stops()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await using var another = await WatchingPage.OpenAsync(tablet);
        await page.RunAsync(tablet);
        int depth = tablet.Device.LatestStatus!.ActiveDepth.Micrometers;

        using var refused = await another.PostAsync("/api/configure", another.Values(900, 50_000));
        await Refusal.IsAsync(refused, HttpStatusCode.Conflict, "Another page controls the device. Ask it for control, or press STOP.");
        Assert.Equal(depth, tablet.Device.LatestStatus!.ActiveDepth.Micrometers);

        await another.SucceedsAsync("/api/stop", new { });
        await another.SeesAsync(DeviceState.Parked);
        Assert.False(tablet.Bench.NeedlesOut);
    }

    [Fact]
    public async Task A_fault_is_cleared_only_by_its_own_number()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.ArmAsync(tablet);
        tablet.Bench.RemoveCartridge();
        await page.SeesAsync(view => view.Status is { State: nameof(DeviceState.Faulted), Parking: false });
        tablet.Bench.SeatCartridge();
        await page.SeesAsync(view => view.Status!.CartridgeSeated);

        using var wrong = await page.PostAsync("/api/clear-fault", new { fault = (int)FaultCode.LinkLost });
        await Refusal.IsAsync(wrong, HttpStatusCode.Conflict, "Another fault has come: The cartridge was removed. Seat a cartridge, then acknowledge.");
        await page.SucceedsAsync("/api/clear-fault", new { fault = (int)FaultCode.CartridgeRemoved });
        await page.SeesAsync(DeviceState.Parked);
    }
}
