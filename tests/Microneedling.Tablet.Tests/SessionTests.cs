// What the record says of a session, for each way in which one ends.

using System.Net;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Tablet.Device;
using Microsoft.Data.Sqlite;

namespace Microneedling.Tablet.Tests;

public sealed class SessionTests
{
    [Fact]
    public async Task Disarming_completes_a_session_with_every_event_and_the_values_set_and_active()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.HomeAsync();
        long before = tablet.Bench.BottomsPassed;
        await page.RunAsync(tablet);
        await page.ConfigureAsync(700, 60_000);
        await page.SeesAsync(view => view.Status!.StagePositionMicrometers > 690);
        await page.SucceedsAsync("/api/disarm", new { page = page.Id });
        await PassEndsAsync(page);
        await page.SucceedsAsync("/api/session/finish", new { page = page.Id, carriedThrough = true });

        var session = await EndedAsync(tablet, page);

        Assert.Equal(SessionOutcome.Completed, session.Summary.Outcome);
        Assert.True(session.Summary.EventsComplete);
        Assert.Equal([500, 700], session.Parameters.Select(change => change.Asked.Depth.Micrometers));
        Assert.All(session.Parameters, change => Assert.InRange(change.Asked.Depth.Micrometers - change.Active.Depth.Micrometers, 0, 4));
        Assert.Equal(tablet.Bench.BottomsPassed - before, session.Summary.Strokes);
        Assert.NotEmpty(session.Telemetry);
    }

    [Fact]
    public async Task Stop_ends_a_session_as_stopped_and_the_page_links_to_it()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.RunAsync(tablet);
        await page.SucceedsAsync("/api/stop", new { });
        await PassEndsAsync(page);
        await page.SucceedsAsync("/api/session/finish", new { page = page.Id, carriedThrough = false });

        var session = await EndedAsync(tablet, page);

        Assert.Equal(SessionOutcome.Stopped, session.Summary.Outcome);
        string html = await tablet.Http.GetStringAsync($"/sessions/{session.Summary.Id}");
        Assert.Contains("Stopped", html, StringComparison.Ordinal);
        Assert.Contains("STOP.", html, StringComparison.Ordinal);
        Assert.Contains("Trigger pressed.", html, StringComparison.Ordinal);
        Assert.Contains($"/sessions/{session.Summary.Id}", await tablet.Http.GetStringAsync("/sessions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_ends_a_session_as_aborted_and_its_words_are_in_the_record()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.RunAsync(tablet);
        tablet.Bench.RemoveCartridge();
        await PassEndsAsync(page);
        await page.SucceedsAsync("/api/session/finish", new { page = page.Id, carriedThrough = true });

        var session = await EndedAsync(tablet, page);

        Assert.Equal(SessionOutcome.AbortedByFault, session.Summary.Outcome);
        Assert.Contains("The cartridge was removed.", await tablet.Http.GetStringAsync($"/sessions/{session.Summary.Id}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_falls_silent_ends_the_session_as_link_lost_and_the_page_is_told()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.RunAsync(tablet);
        tablet.Board.PowerOff();

        var view = await page.SeesAsync(view => !view.Link.Connected);
        await PassEndsAsync(page);
        Assert.Contains(view.Alarms, alarm => alarm.Id == "link");
        await page.SucceedsAsync("/api/session/finish", new { page = page.Id, carriedThrough = true });
        var session = await EndedAsync(tablet, page);

        Assert.Null(view.Status);
        Assert.Null(view.Treatment);
        Assert.Equal(SessionOutcome.LinkLost, session.Summary.Outcome);
    }

    [Fact]
    public async Task Arming_is_taken_back_when_the_session_cannot_be_recorded()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.HomeAsync();
        await tablet.BeginPracticeAsync();
        long token = await page.ConfigureAsync(500, 50_000);

        await using var other = new SqliteConnection($"Data Source={tablet.DatabasePath};Pooling=False");
        await other.OpenAsync();
        await using var locking = other.CreateCommand();
        locking.CommandText = "BEGIN EXCLUSIVE";
        await locking.ExecuteNonQueryAsync();
        using var refused = await page.PostAsync("/api/arm", new { page = page.Id, token });

        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        Assert.Contains("The session cannot be recorded, so the device was stopped.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var view = await page.SeesAsync(DeviceState.Parked);
        Assert.NotNull(view.Session!.RecordingFault);
        Assert.False(tablet.Bench.NeedlesOut);
    }

    [Fact]
    public async Task A_session_that_does_not_exist_is_not_found()
    {
        await using var tablet = await RunningTablet.StartAsync();

        using var page = await tablet.Http.GetAsync("/sessions/4711");
        using var timeline = await tablet.Http.GetAsync("/api/sessions/4711/timeline");

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, timeline.StatusCode);
    }

    private static Task<LiveView> PassEndsAsync(WatchingPage page) => page.SeesAsync(view => view.Session is { Passes: [.., { Ending: not "Running" }] });

    private static async Task<SessionDetail> EndedAsync(RunningTablet tablet, WatchingPage page)
    {
        LiveView view = await page.SeesAsync(view => view.FinishedSession is not null);
        Assert.Null(view.Session);
        return (await tablet.Sessions.FindAsync(view.FinishedSession!.Id))!;
    }
}
