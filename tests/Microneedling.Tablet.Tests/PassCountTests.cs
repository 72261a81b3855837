// Strokes of a pass, from statuses alone; and against the physics.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Tablet.Treat;

namespace Microneedling.Tablet.Tests;

public sealed class PassCountTests
{
    private int _milliseconds;

    [Fact]
    public void Strokes_that_prove_the_index_at_arming_and_at_parking_are_not_counted()
    {
        var count = new PassCount(At(DeviceState.Parked, 100));
        count.See(At(DeviceState.Armed, 101, StatusFlags.NeedlesMoving));
        count.See(At(DeviceState.Armed, 102));
        count.See(At(DeviceState.Running, 102, StatusFlags.NeedlesMoving));
        count.See(At(DeviceState.Running, 140, StatusFlags.NeedlesMoving));
        count.See(At(DeviceState.Armed, 150));
        count.See(At(DeviceState.Retracting, 150));
        count.See(At(DeviceState.Retracting, 151, StatusFlags.NeedlesMoving));
        count.See(At(DeviceState.Parked, 152));

        Assert.Equal(48, count.Strokes);
    }

    [Fact]
    public void Strokes_that_follow_the_release_until_the_cam_is_at_its_top_are_counted()
    {
        var count = new PassCount(At(DeviceState.Armed, 10));
        count.See(At(DeviceState.Running, 20, StatusFlags.NeedlesMoving));
        count.See(At(DeviceState.Armed, 28, StatusFlags.NeedlesMoving));
        count.See(At(DeviceState.Armed, 29));
        count.See(At(DeviceState.Armed, 29));

        Assert.Equal(19, count.Strokes);
    }

    [Fact]
    public void Every_press_counts_and_the_pauses_between_take_no_time()
    {
        var count = new PassCount(At(DeviceState.Armed, 0));
        for (uint press = 0; press < 3; press++)
        {
            count.See(At(DeviceState.Running, press * 10, StatusFlags.NeedlesMoving));
            count.See(At(DeviceState.Running, (press * 10) + 5, StatusFlags.NeedlesMoving));
            count.See(At(DeviceState.Armed, (press * 10) + 10));
            count.See(At(DeviceState.Armed, (press * 10) + 10));
        }

        Assert.Equal(30, count.Strokes);
        Assert.Equal(TimeSpan.FromMilliseconds(3 * 2 * 50), count.StrokingTime);
    }

    [Fact]
    public void The_counter_may_run_over_and_old_or_doubled_statuses_change_nothing()
    {
        var count = new PassCount(At(DeviceState.Armed, uint.MaxValue - 4));
        var running = At(DeviceState.Running, uint.MaxValue, StatusFlags.NeedlesMoving);
        count.See(running);
        var later = At(DeviceState.Running, 5, StatusFlags.NeedlesMoving);
        count.See(later);
        count.See(running);
        count.See(later);

        Assert.Equal(10, count.Strokes);
    }

    [Fact]
    public async Task Strokes_of_a_pass_are_those_that_put_needles_out_by_the_bench()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.ArmAsync(tablet);
        for (int press = 0; press < 3; press++)
        {
            long before = page.Latest!.Session!.Strokes;
            tablet.Bench.PressTrigger();
            await page.SeesAsync(view => view.Session!.Strokes >= before + 40);
            tablet.Bench.ReleaseTrigger();
            await page.SeesAsync(view => view.Status is { ReadyAtDepth: true, DrivenRateMillihertz: 0 });
        }

        await page.SucceedsAsync("/api/disarm", new { page = page.Id });
        var ended = await page.SeesAsync(view => view.Session is { Passes: [{ Ending: "Disarmed" }] });

        long physical = tablet.Bench.Strokes.Count(stroke => stroke.DeepestTipMicrometers > 0);
        Assert.Equal(physical, ended.Session!.Strokes);
        Assert.Equal(physical * 12, ended.Session.Passes[0].Punctures);
        Assert.Equal(physical * 12 / 45.0, ended.Session.Passes[0].PuncturesPerSquareCentimeter, 9);

        await page.ArmAsync(tablet);
        tablet.Bench.PressTrigger();
        await page.SeesAsync(view => view.Session!.Strokes >= physical + 40);
        tablet.Bench.ReleaseTrigger();
        await page.SeesAsync(view => view.Status is { ReadyAtDepth: true, DrivenRateMillihertz: 0 });
        await page.SucceedsAsync("/api/disarm", new { page = page.Id });
        var again = (await page.SeesAsync(view => view.Session is { Passes: [{ Number: 2, Ending: "Disarmed" }] })).Session!.Passes[0];

        long all = tablet.Bench.Strokes.Count(stroke => stroke.DeepestTipMicrometers > 0);
        Assert.Equal(all - physical, again.Strokes);
        Assert.Equal(all * 12 / 45.0, again.ZonePuncturesPerSquareCentimeter, 9);
        Assert.True(again.StrokingMilliseconds > ended.Session.Passes[0].StrokingMilliseconds);
    }

    private DeviceStatus At(DeviceState state, uint strokes, byte flags = 0) => new(
        DateTimeOffset.UnixEpoch, TimeSpan.FromMilliseconds(_milliseconds += 50), state, FaultCode.None, 0, flags, default, default, default, default, default, default,
        strokes, 1, 0, 0, 0);
}
