using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Sessions.Tests;

public class SessionTallyTests
{
    private static SessionTally Of(DeviceStatus first, params DeviceStatus[] then)
    {
        var tally = new SessionTally(first);
        foreach (var status in then)
        {
            tally.Count(status);
        }

        return tally;
    }

    [Fact]
    public void Strokes_count_from_the_first_status()
    {
        Assert.Equal(0, Of(Make.Status(strokes: 1000)).Strokes);
        Assert.Equal(37, Of(Make.Status(0, strokes: 1000), Make.Status(500, strokes: 1030), Make.Status(1000, strokes: 1037)).Strokes);
    }

    [Fact]
    public void A_stroke_counter_that_runs_over_goes_on()
    {
        Assert.Equal(11, Of(Make.Status(0, strokes: uint.MaxValue - 5), Make.Status(1000, strokes: 5)).Strokes);
    }

    [Fact]
    public void Strokes_before_and_after_a_restart_add_up()
    {
        var restarted = Make.Status(60_000, strokes: 12, latestEvent: 3) with { DeviceTime = TimeSpan.FromSeconds(9) };

        var tally = Of(Make.Status(0, strokes: 4000, latestEvent: 40), Make.Status(50, strokes: 4003, latestEvent: 42), restarted);

        Assert.Equal(3 + 12, tally.Strokes);
        Assert.False(tally.EventsCompleteSoFar);
    }

    [Fact]
    public void A_restart_shows_in_the_event_number_when_the_device_time_has_passed_the_old_one()
    {
        var before = Make.Status(0, strokes: 10, latestEvent: 9) with { DeviceTime = TimeSpan.FromSeconds(2) };
        var after = Make.Status(60_000, strokes: 25, latestEvent: 4) with { DeviceTime = TimeSpan.FromSeconds(30) };

        var tally = Of(before, after);

        Assert.Equal(25, tally.Strokes);
        Assert.False(tally.EventsCompleteSoFar);
    }

    [Fact]
    public void A_restart_shows_in_the_stroke_count_when_nothing_else_tells()
    {
        var before = Make.Status(0, strokes: 3_000_000_000) with { DeviceTime = TimeSpan.FromSeconds(2) };
        var after = Make.Status(60_000, strokes: 25) with { DeviceTime = TimeSpan.FromSeconds(30) };

        Assert.Equal(25, Of(before, after).Strokes);
    }

    [Fact]
    public void A_jump_of_the_counter_is_no_restart()
    {
        Assert.Equal(900, Of(Make.Status(0, strokes: 500_000), Make.Status(50, strokes: 500_900)).Strokes);
    }

    [Fact]
    public void Device_time_that_runs_over_is_no_restart()
    {
        var before = Make.Status(0, strokes: 100) with { DeviceTime = TimeSpan.FromMilliseconds(uint.MaxValue - 10) };
        var after = Make.Status(50, strokes: 103) with { DeviceTime = TimeSpan.FromMilliseconds(39) };

        var tally = Of(before, after);

        Assert.Equal(3, tally.Strokes);
        Assert.True(tally.EventsCompleteSoFar);
    }

    [Fact]
    public void A_status_that_comes_late_changes_nothing()
    {
        var late = Make.Status(50, strokes: 103, latestEvent: 1);

        var tally = Of(Make.Status(0, strokes: 100), Make.Status(100, strokes: 106, latestEvent: 2), late, Make.Status(150, strokes: 109, latestEvent: 2));

        Assert.Equal(9, tally.Strokes);
        Assert.True(tally.EventsCompleteSoFar);
    }

    [Fact]
    public void A_host_clock_that_is_set_back_changes_nothing()
    {
        var setBack = Make.Status(100, strokes: 106) with { ReceivedAt = Make.Start.AddHours(-1) };

        Assert.Equal(6, Of(Make.Status(0, strokes: 100), setBack).Strokes);
    }

    [Fact]
    public void The_deepest_and_the_fastest_are_of_accepted_treatments_and_of_armed_or_running_statuses()
    {
        var tally = Of(
            Make.Status(0, state: DeviceState.Parked, depthMicrometers: 2400, rateMillihertz: 99_000),
            Make.Status(50, state: DeviceState.Armed, depthMicrometers: 700, rateMillihertz: 40_000),
            Make.Status(100, state: DeviceState.Parked, depthMicrometers: 2300, rateMillihertz: 98_000));
        Assert.Equal((700, 40_000), (tally.DeepestActiveDepth.Micrometers, tally.FastestActiveRate.Millihertz));

        tally.Count(Make.Accepted(650, 80_000));
        Assert.Equal((700, 80_000), (tally.DeepestActiveDepth.Micrometers, tally.FastestActiveRate.Millihertz));

        tally.Count(Make.Accepted(1200, 20_000));
        Assert.Equal((1200, 80_000), (tally.DeepestActiveDepth.Micrometers, tally.FastestActiveRate.Millihertz));
    }

    [Theory]
    [InlineData(true, "6 7 8")]
    [InlineData(true, "4 5 6 7 8")] // from before the session, handed over late
    [InlineData(true, "1-5 6 7 8")] // missing before the session
    [InlineData(false, "7 8")]
    [InlineData(false, "6 8")]
    [InlineData(false, "6 7")] // the latest is not there
    [InlineData(false, "")]
    [InlineData(false, "6 7-7 8")]
    [InlineData(false, "4-6 7 8")]
    [InlineData(false, "6 7 6 7 8")] // numbers begin again: another start of the device
    public void Events_are_complete_when_all_between_the_first_and_the_latest_number_are_there(bool complete, string entries)
    {
        var tally = Of(Make.Status(0, latestEvent: 5));
        foreach (var entry in entries.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var numbers = entry.Split('-').Select(uint.Parse).ToArray();
            tally.Count(numbers.Length == 2 ? new MissingEvents(numbers[0], numbers[1]) : Make.Event(numbers[0]));
        }

        tally.Count(Make.Status(1000, latestEvent: 8));

        Assert.Equal(complete, tally.EventsCompleteToLatestStatus);
    }

    [Fact]
    public void An_event_that_is_still_to_come_is_no_gap_so_far()
    {
        var tally = Of(Make.Status(0, latestEvent: 5));
        tally.Count(Make.Event(6));
        tally.Count(Make.Status(50, latestEvent: 7));

        Assert.True(tally.EventsCompleteSoFar);
        Assert.False(tally.EventsCompleteToLatestStatus);
    }
}
