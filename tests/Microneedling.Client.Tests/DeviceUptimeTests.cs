using Microneedling.Client.Link;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests;

/// <summary>The device's milliseconds over 49.7 days and longer: a wrap goes on, a restart is told.</summary>
public class DeviceUptimeTests(ITestOutputHelper output)
{
    private const long Range = 1L << 32;

    [Fact]
    public void Time_goes_on_over_many_wraps()
    {
        DeviceUptime uptime = new();
        for (long milliseconds = 0; milliseconds < 5 * Range; milliseconds += 59_000)
        {
            Assert.True(uptime.TryTake(unchecked((uint)milliseconds), out TimeSpan time));
            Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), time);
        }
    }

    [Theory]
    [InlineData(800, 50)]
    [InlineData(1500, 749)]
    [InlineData(10_000, 8_999)]
    [InlineData(10_000, 300)]
    [InlineData(2_000_000_000, 300)]
    [InlineData(2_200_000_000, 300)]
    [InlineData(3_000_000_000, 20_000)]
    [InlineData(4_294_000_000, 300)]
    public void Restart_is_told_however_long_the_device_has_been_up(uint before, uint after)
    {
        DeviceUptime uptime = new();
        Assert.True(uptime.TryTake(before, out _));
        Assert.False(uptime.TryTake(after, out _));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1500, 750)]
    [InlineData(10_000, 9_000)]
    [InlineData(4_294_000_000, 4_293_999_990)]
    public void Report_that_was_overtaken_is_taken_for_what_it_is_and_turns_no_time_back(uint before, uint after)
    {
        DeviceUptime uptime = new();
        Assert.True(uptime.TryTake(before, out _));
        Assert.True(uptime.TryTake(after, out TimeSpan time));
        Assert.Equal(TimeSpan.FromMilliseconds(after), time);
        Assert.Equal(TimeSpan.FromMilliseconds(before), uptime.Latest);
    }

    [Fact]
    public void Host_that_slept_for_an_hour_does_not_take_the_hour_for_a_restart()
    {
        DeviceUptime uptime = new();
        Assert.True(uptime.TryTake(10_000, out _));
        Assert.True(uptime.TryTake(3_610_000, out TimeSpan time));
        Assert.Equal(TimeSpan.FromMilliseconds(3_610_000), time);
    }

    [Fact]
    public void Connection_after_the_wrap_goes_on_in_the_time_of_the_one_before_it()
    {
        DeviceUptime uptime = new();
        uptime.GoOnFrom(TimeSpan.FromMilliseconds(Range - 5000));
        Assert.True(uptime.TryTake(600_000, out TimeSpan time));
        Assert.Equal(TimeSpan.FromMilliseconds(Range + 600_000), time);
    }

    [Fact]
    public void Past_events_get_their_time_however_old_they_are_and_new_ones_theirs()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int i = 0; i < 10_000; i++)
        {
            long now = random.NextInt64(Range - 60_000, 3 * Range);
            DeviceUptime uptime = new();
            uptime.GoOnFrom(TimeSpan.FromMilliseconds(now));
            uptime.TryTake(unchecked((uint)now), out _);
            long then = now + random.NextInt64(-(Range - 60_001), 60_001);
            Assert.Equal(TimeSpan.FromMilliseconds(then), uptime.Of(unchecked((uint)then)));
        }
    }
}
