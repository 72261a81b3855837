// When a session may be begun, armed, unlocked and closed. Judged by record and bench.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Tests.SigningIn;
using Microneedling.Tablet.Treat;

namespace Microneedling.Tablet.Tests;

public sealed class DeskTests
{
    private const string Pin = "493817";
    private static readonly Actor Owner = SignedInPerson.Owner.Actor;

    [Fact]
    [Trait("Requirement", "UI-2")]
    public async Task A_client_needs_a_check_in_force_and_a_consent()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        var clients = tablet.Sessions.Clients;
        var client = await clients.AddAsync(Owner);
        Assert.Equal("checkMissing", await RefusalAsync(tablet, client.Key, null));

        var list = await tablet.Sessions.Site.ChecklistAsync();
        string blocking = list.Items.First(item => item.Weight == ChecklistWeight.Blocks).Id;
        var unsuitable = await clients.CheckAsync(Owner, client.Key, list.Version, [blocking], "");
        Assert.Equal("notSuitable", await RefusalAsync(tablet, client.Key, unsuitable.Id));

        await clients.OverrideAsync(new Actor(null, "Supervisor"), unsuitable.Id, "Seen by the doctor today.");
        Assert.Equal("consentMissing", await RefusalAsync(tablet, client.Key, unsuitable.Id));

        var consent = await clients.ConsentAsync(Owner, client.Key, "Has read and agrees.");
        await clients.WithdrawConsentAsync(Owner, consent.Id);
        Assert.Equal("consentMissing", await RefusalAsync(tablet, client.Key, unsuitable.Id));
        await clients.ConsentAsync(Owner, client.Key, "Has read and agrees.");
        Assert.Equal("checkChanged", await RefusalAsync(tablet, client.Key, unsuitable.Id + 1));

        var open = await tablet.Desk.BeginAsync(tablet.Device, SignedInPerson.Owner, Start(client.Key, unsuitable.Id), CancellationToken.None);
        Assert.Equal(client.Label, open.ClientLabel);
        Assert.Equal("sessionOpen", await RefusalAsync(tablet, client.Key, unsuitable.Id));
    }

    [Fact]
    public async Task An_expired_cartridge_begins_nothing()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        var yesterday = DateOnly.FromDateTime(DateTime.Now).AddDays(-1);
        var start = Start(null, null) with { Cartridge = RunningTablet.TestCartridge with { Expires = yesterday } };

        var refused = await Assert.ThrowsAsync<DeskRefusedException>(() => tablet.Desk.BeginAsync(tablet.Device, SignedInPerson.Owner, start, CancellationToken.None));

        Assert.Equal("cartridgeExpired", refused.Code);
        Assert.Null(tablet.Desk.Open);
        Assert.Empty(await tablet.Sessions.ListAsync());
    }

    [Fact]
    public async Task A_cartridge_that_stroked_in_one_session_is_refused_in_the_next_until_it_is_exchanged()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.RunAsync(tablet);
        await StopAsync(tablet, page);
        await FinishAsync(page, carriedThrough: true);

        await tablet.BeginPracticeAsync();
        long token = await page.ConfigureAsync(500, 50_000);
        var told = await page.SeesAsync(view => view.Missing.Any(missing => missing.Step == "cartridge"));
        Assert.Equal("This cartridge was used before. Remove it and seat a new one.", told.Missing.Single(missing => missing.Step == "cartridge").Words);
        using var refused = await page.PostAsync("/api/arm", new { page = page.Id, token });
        Assert.Equal("This cartridge was used before. Remove it and seat a new one.", await Refusal.WordsAsync(refused));

        tablet.Bench.RemoveCartridge();
        await page.SeesAsync(view => view.Status is { CartridgeSeated: false, CartridgeUsedBefore: false });
        tablet.Bench.SeatCartridge();
        await page.SeesAsync(view => view.Missing.Count == 0);
        await page.SucceedsAsync("/api/arm", new { page = page.Id, token });
    }

    [Fact]
    public async Task The_practitioner_says_whether_a_session_was_carried_through_unless_its_last_pass_says_otherwise()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.RunAsync(tablet);
        using var early = await page.PostAsync("/api/session/finish", new { page = page.Id, carriedThrough = true });
        Assert.Equal("The device is armed or moves. Disarm it first.", await Refusal.WordsAsync(early));
        await StopAsync(tablet, page);
        await page.ArmAsync(tablet, zoneId: "chin");
        await page.SucceedsAsync("/api/disarm", new { page = page.Id });
        await page.SeesAsync(view => view.Session is { Passes: [_, { Ending: "Disarmed" }] });
        await FinishAsync(page, carriedThrough: true);

        var summary = Assert.Single(await tablet.Sessions.ListAsync());
        var detail = (await tablet.Sessions.FindAsync(summary.Id))!;
        Assert.Equal(SessionOutcome.Completed, summary.Outcome);
        Assert.Equal([("cheek-left", PassEnding.Stopped), ("chin", PassEnding.Disarmed)], detail.Passes.Select(pass => (pass.ZoneId, pass.Ending)));
        int physical = tablet.Bench.Strokes.Count(stroke => stroke.DeepestTipMicrometers > 0);
        Assert.InRange(detail.Passes.Sum(pass => pass.Strokes), physical - 1, physical); // The one that STOP cut may have been out already.
        Assert.True(summary.EventsComplete);
    }

    [Fact]
    public void The_last_pass_outweighs_what_the_practitioner_says()
    {
        Assert.Equal(SessionOutcome.AbortedByFault, SessionKeeper.OutcomeOf([Pass(PassEnding.Disarmed), Pass(PassEnding.Fault)], carriedThrough: true));
        Assert.Equal(SessionOutcome.LinkLost, SessionKeeper.OutcomeOf([Pass(PassEnding.LinkLost)], carriedThrough: true));
        Assert.Equal(SessionOutcome.Completed, SessionKeeper.OutcomeOf([Pass(PassEnding.Fault), Pass(PassEnding.Stopped)], carriedThrough: true));
        Assert.Equal(SessionOutcome.Stopped, SessionKeeper.OutcomeOf([Pass(PassEnding.Disarmed)], carriedThrough: false));
        Assert.Equal(SessionOutcome.Stopped, SessionKeeper.OutcomeOf([], carriedThrough: true));
    }

    [Fact]
    [Trait("Requirement", "UI-3")]
    public async Task An_unlock_needs_a_supervisors_pin_and_a_reason_holds_for_its_zone_and_ends_with_the_session()
    {
        await using var tablet = await RunningTablet.StartAsync();
        var supervisor = await tablet.Sessions.People.AddAsync(Owner, "Rivera", Role.Supervisor, Pin);
        using var visitor = new Visitor(tablet.Address);
        await visitor.SignInAsync(supervisor, Pin);
        await using var page = await WatchingPage.OpenAsync(tablet, visitor.SignInCookie);
        await page.HomeAsync();
        await tablet.BeginPracticeAsync();

        using var wrong = await RunningTablet.UnlockAsync(page, supervisor, "000000", "Deep scar, agreed with the client.");
        using var brief = await RunningTablet.UnlockAsync(page, supervisor, Pin, "because");
        Assert.Equal("The PIN is wrong, or this person may not sign in now.", await Refusal.WordsAsync(wrong));
        Assert.Equal("Give a reason of 10 to 500 characters.", await Refusal.WordsAsync(brief));
        using var deep = await page.PostAsync("/api/configure", page.Values(1800, 50_000));
        Assert.Equal("No deeper than 1.50 mm here. A supervisor can unlock more.", await Refusal.WordsAsync(deep));

        using var unlocked = await RunningTablet.UnlockAsync(page, supervisor, Pin, "Deep scar, agreed with the client.");
        Assert.True(unlocked.IsSuccessStatusCode, await unlocked.Content.ReadAsStringAsync());
        using var elsewhere = await page.PostAsync("/api/configure", page.Values(1800, 50_000, "chin"));
        Assert.False(elsewhere.IsSuccessStatusCode);
        await page.ConfigureAsync(1800, 50_000);
        Assert.InRange(tablet.Device.LatestStatus!.ActiveDepthCap.Micrometers, 2490, 2500);

        await FinishAsync(page, carriedThrough: false);
        Assert.Null(tablet.View.Unlock);
        await tablet.BeginPracticeAsync();
        using var again = await page.PostAsync("/api/configure", page.Values(1800, 50_000));
        Assert.False(again.IsSuccessStatusCode);
        Assert.Contains(await tablet.Sessions.Audit.ListAsync(), entry => entry is { Action: "cap.unlocked", Who.Name: "Rivera" });
    }

    [Fact]
    [Trait("Requirement", "UI-2")]
    public async Task Values_confirmed_under_an_unlock_do_not_arm_once_it_is_taken_back()
    {
        await using var tablet = await RunningTablet.StartAsync();
        var supervisor = await tablet.Sessions.People.AddAsync(Owner, "Rivera", Role.Supervisor, Pin);
        using var visitor = new Visitor(tablet.Address);
        await visitor.SignInAsync(supervisor, Pin);
        await using var page = await WatchingPage.OpenAsync(tablet, visitor.SignInCookie);
        await page.HomeAsync();
        await tablet.BeginPracticeAsync();
        using var unlocked = await RunningTablet.UnlockAsync(page, supervisor, Pin, "Deep scar, agreed with the client.");
        long token = await page.ConfigureAsync(1800, 50_000);
        await page.SucceedsAsync("/api/lock", new { page = page.Id });

        using var refused = await page.PostAsync("/api/arm", new { page = page.Id, token });

        Assert.False(refused.IsSuccessStatusCode);
        Assert.Equal(DeviceState.Parked, tablet.Device.LatestStatus!.State);
    }

    [Fact]
    public async Task A_zone_cannot_be_changed_while_armed_and_a_blocked_one_never_confirmed()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.ArmAsync(tablet);

        using var other = await page.PostAsync("/api/configure", page.Values(400, 50_000, "chin"));
        using var blocked = await page.PostAsync("/api/configure", page.Values(100, 50_000, "eyelid-left"));
        using var unknown = await page.PostAsync("/api/configure", page.Values(400, 50_000, "elbow"));

        Assert.Equal("The zone is fixed while armed. Disarm, then choose another one.", await Refusal.WordsAsync(other));
        Assert.False(blocked.IsSuccessStatusCode);
        Assert.Equal("There is no such zone. Choose one on the map.", await Refusal.WordsAsync(unknown));
    }

    [Fact]
    public async Task While_armed_the_depth_can_be_made_shallower_though_the_sites_caps_have_changed_and_not_deeper_than_they_are_now()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.ArmAsync(tablet, depthMicrometers: 1200);
        var caps = await tablet.Sessions.Site.CapsAsync();
        await tablet.Sessions.Site.SetCapsAsync(
            Owner, caps with { ByZone = new Dictionary<string, Depth>(caps.ByZone) { ["cheek-left"] = Depth.FromMicrometers(1000) } });

        using var deeper = await page.PostAsync("/api/configure", page.Values(1250, 50_000));
        Assert.Equal("No deeper than 1.00 mm here. A supervisor can unlock more.", await Refusal.WordsAsync(deeper));
        await page.ConfigureAsync(900, 50_000);
        await page.SeesAsync(view => view.Status is { ReadyAtDepth: true, StagePositionMicrometers: > 890 and <= 900 });

        Assert.InRange(tablet.Bench.StageMicrometers, 890, 900);
    }

    [Theory]
    [InlineData("no-such-preset", 1, 300)]
    [InlineData(null, 99, 300)]
    [InlineData(null, 1, 1450)]
    public async Task A_preset_that_is_unknown_or_sets_less_is_not_written_down_as_the_source_of_values(string? key, int version, int depthMicrometers)
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.HomeAsync();
        var shallow = (await tablet.Sessions.Site.PresetsAsync()).First(preset => preset.ZoneIds.Contains("cheek-left") && preset.Depth.Micrometers is >= 300 and <= 1000);

        using var refused = await page.PostAsync("/api/configure", new
        {
            page = page.Id,
            zoneId = "cheek-left",
            areaSquareMillimeters = 4500,
            depthMicrometers,
            rateMillihertz = 50_000,
            burstStrokes = 0,
            presetKey = key ?? shallow.Key,
            presetVersion = version,
        });

        Assert.Equal("This preset is not for these values: choose it again, or set them by hand.", await Refusal.WordsAsync(refused));
        Assert.Null(tablet.Desk.Confirmed);
    }

    [Fact]
    public async Task A_lost_link_ends_the_pass_and_the_session_goes_on_with_the_next_once_the_device_is_back()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.RunAsync(tablet);
        tablet.Board.PowerOff();
        await page.SeesAsync(view => view is { Link.Connected: false, Session.Passes: [{ Ending: "LinkLost" }] });
        tablet.Bench.ReleaseTrigger();
        tablet.PowerOn();
        await page.SeesAsync(view => view.Status is { State: nameof(DeviceState.Unhomed) });

        await page.HomeAsync();
        await page.ArmAsync(tablet, zoneId: "chin");
        await StopAsync(tablet, page);
        await FinishAsync(page, carriedThrough: true);

        var summary = Assert.Single(await tablet.Sessions.ListAsync());
        Assert.Equal(SessionOutcome.Completed, summary.Outcome);
        Assert.False(summary.EventsComplete);
        var detail = (await tablet.Sessions.FindAsync(summary.Id))!;
        Assert.Equal([PassEnding.LinkLost, PassEnding.Stopped], detail.Passes.Select(pass => pass.Ending));
        Assert.Contains(detail.Events, line => line.Entry is DeviceRestarted);
    }

    private static SessionStart Start(string? clientKey, long? checkId) => new(Owner, clientKey, checkId, null, RunningTablet.TestCartridge);

    private static async Task<string> RefusalAsync(RunningTablet tablet, string clientKey, long? checkId) =>
        (await Assert.ThrowsAsync<DeskRefusedException>(
            () => tablet.Desk.BeginAsync(tablet.Device, SignedInPerson.Owner, Start(clientKey, checkId), CancellationToken.None))).Code;

    private static async Task StopAsync(RunningTablet tablet, WatchingPage page)
    {
        int passes = page.Latest!.Session!.Passes.Count;
        await page.SucceedsAsync("/api/stop", new { });
        await page.SeesAsync(view => view.Session!.Passes.Count == passes && view.Session.Passes[^1].Ending != "Running" && view.Status!.State == nameof(DeviceState.Parked));
        tablet.Bench.ReleaseTrigger();
        await page.SeesAsync(view => !view.Status!.TriggerPressed);
    }

    private static async Task FinishAsync(WatchingPage page, bool carriedThrough)
    {
        (await page.SucceedsAsync("/api/session/finish", new { page = page.Id, carriedThrough })).Dispose();
        await page.SeesAsync(view => view.Session is null);
    }

    private static Pass Pass(PassEnding ending) => new(
        1, "chin", 1500, null, null, Owner, null, null, default, null, ending, 1, TimeSpan.Zero, default, default);
}
