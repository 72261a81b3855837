// The dead-man: needles move only while somebody is at the page that controls them. Judged by the physics.

using Microneedling.Protocol;
using Microneedling.Sessions;
using Microsoft.Data.Sqlite;

namespace Microneedling.Tablet.Tests;

public sealed class PresenceTests
{
    [Fact]
    [Trait("Requirement", "UI-4")]
    public async Task Closing_the_page_in_control_stops_the_needles_and_parks_them()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var watcher = await WatchingPage.OpenAsync(tablet);
        var page = await WatchingPage.OpenAsync(tablet);
        await page.RunAsync(tablet);

        await page.DisposeAsync();
        var parked = await watcher.SeesAsync(DeviceState.Parked);

        Assert.Equal("Stopped because the page that controlled the device was closed or hidden.", parked.Notice);
        Assert.True(tablet.Bench.StageMicrometers < -900, $"The stage stands at {tablet.Bench.StageMicrometers} µm.");
        await watcher.SeesAsync(view => view.Session is { Passes: [{ Ending: "Stopped" }] });
    }

    [Fact]
    public async Task A_page_that_hangs_with_its_stream_open_stops_the_needles_too()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.RunAsync(tablet);

        page.IsPresent = false;
        await page.SeesAsync(DeviceState.Parked);

        Assert.False(tablet.Bench.NeedlesOut);
    }

    [Fact]
    public async Task The_dead_man_sees_the_device_armed_while_the_record_cannot_be_written()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var watcher = await WatchingPage.OpenAsync(tablet);
        var page = await WatchingPage.OpenAsync(tablet);
        await page.HomeAsync();
        await tablet.BeginPracticeAsync();
        long token = await page.ConfigureAsync(500, 50_000);
        await using var other = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = tablet.DatabasePath, Pooling = false }.ToString());
        await other.OpenAsync();
        await using var writing = await other.BeginTransactionAsync();

        var arming = page.PostAsync("/api/arm", new { page = page.Id, token });
        await watcher.SeesAsync(DeviceState.Armed);
        await page.DisposeAsync();
        await watcher.SeesAsync(view => view.Notice == "Stopped because the page that controlled the device was closed or hidden.");

        Assert.False(arming.IsCompleted, "The record was given up before the dead-man acted.");
        await watcher.SeesAsync(DeviceState.Parked);
        await writing.RollbackAsync();
        (await arming).Dispose();
    }

    [Fact]
    public async Task A_page_that_only_watches_may_close_and_nothing_happens()
    {
        await using var tablet = await RunningTablet.StartAsync();
        var watcher = await WatchingPage.OpenAsync(tablet);
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.RunAsync(tablet);

        await watcher.DisposeAsync();
        long strokes = page.Latest!.Session!.Strokes;
        var later = await page.SeesAsync(view => view.Session?.Strokes >= strokes + 100);

        Assert.Equal(nameof(DeviceState.Running), later.Status!.State);
        Assert.Null(later.Notice);
    }

    [Fact]
    public async Task Ending_the_program_while_running_parks_the_needles_first_and_closes_the_session()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.RunAsync(tablet);

        await tablet.EndAsync();

        Assert.True(tablet.Bench.StageMicrometers < -900, $"The stage stands at {tablet.Bench.StageMicrometers} µm.");
        var session = Assert.Single(await tablet.Sessions.ListAsync());
        Assert.Equal(SessionOutcome.Stopped, session.Outcome);
        Assert.True(session.EventsComplete);
    }
}
