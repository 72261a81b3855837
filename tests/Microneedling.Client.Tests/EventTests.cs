using Microneedling.Client.Link;
using Microneedling.Protocol;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests;

/// <summary>The device's log: complete and in order, or it says what is missing.</summary>
public class EventTests(ITestOutputHelper output)
{
    [Fact]
    public void Connecting_brings_everything_that_the_device_still_has() => Scene.RunUnconnected(async scene =>
    {
        for (int i = 0; i < 5; i++)
        {
            await scene.Device.RaiseAsync(EventCode.TriggerPressed, argument1: i);
        }

        await using DeviceClient client = await scene.ConnectAsync();
        await scene.SettleAsync();
        await scene.Device.RaiseAsync(EventCode.TriggerReleased, argument1: 9);
        List<DeviceLogEntry> log = await LogAsync(scene, client);
        Assert.Equal([1, 2, 3, 4, 5, 6], Numbers(log));
        Assert.Equal(EventCode.TriggerReleased, ((DeviceEvent)log[^1]).Code);
        Assert.Equal(9, ((DeviceEvent)log[^1]).Argument1);
        Assert.Equal(1u, ((EventsRequest)Assert.Single(scene.Device.Of(MessageId.EventsRequest)).Message).FirstNumber);
    });

    [Fact]
    public void What_the_device_no_longer_has_is_named() => Scene.RunUnconnected(async scene =>
    {
        for (int i = 0; i < 9; i++)
        {
            await scene.Device.RaiseAsync(EventCode.TriggerPressed);
        }

        scene.Device.Forget(6);
        await using DeviceClient client = await scene.ConnectAsync();
        List<DeviceLogEntry> log = await LogAsync(scene, client);
        Assert.Equal(new MissingEvents(1, 6), log[0]);
        Assert.Equal([7, 8, 9], Numbers(log));
    });

    [Fact]
    public void Gap_is_asked_for_and_filled_in_order() => Scene.Run(async scene =>
    {
        HashSet<uint> lost = [2, 3];
        scene.Device.LosesEvent = lost.Remove;
        for (int i = 0; i < 5; i++)
        {
            await scene.Device.RaiseAsync(EventCode.TriggerPressed);
        }

        Assert.Equal([1, 2, 3, 4, 5], Numbers(await LogAsync(scene, scene.Client)));
        Assert.Equal(2u, ((EventsRequest)Assert.Single(scene.Device.Of(MessageId.EventsRequest)).Message).FirstNumber);
    });

    [Fact]
    public void Gap_at_the_end_is_seen_in_the_next_status() => Scene.Run(async scene =>
    {
        await scene.Device.RaiseAsync(EventCode.TriggerPressed);
        scene.Device.LosesEvent = number => scene.Device.Of(MessageId.EventsRequest).Count == 0;
        await scene.Device.RaiseAsync(EventCode.TriggerReleased);
        TimeSpan raised = scene.Time.Elapsed;
        Assert.Equal([1, 2], Numbers(await LogAsync(scene, scene.Client)));
        Assert.InRange(scene.Device.Of(MessageId.EventsRequest)[0].At - raised, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300));
    });

    [Fact]
    public void Gap_is_asked_for_in_time_also_while_statuses_come_faster_than_patience_lasts() => Scene.Run(async scene =>
    {
        scene.Device.LosesEvent = _ => scene.Device.Of(MessageId.EventsRequest).Count == 0;
        await scene.Device.RaiseAsync(EventCode.TriggerPressed);
        TimeSpan raised = scene.Time.Elapsed;
        for (int i = 0; i < 20; i++)
        {
            await scene.Device.ReportNowAsync();
            await scene.PassAsync(TimeSpan.FromMilliseconds(Limits.RunningStatusMilliseconds));
        }

        Assert.Equal(TimeSpan.FromMilliseconds(100), Assert.Single(scene.Device.Of(MessageId.EventsRequest)).At - raised);
        Assert.Equal([1], Numbers(await LogAsync(scene, scene.Client)));
    });

    [Fact]
    public void Status_that_overtakes_its_event_causes_no_question() => Scene.Run(async scene =>
    {
        scene.Device.LatestEvent = 1;
        await scene.Device.ReportNowAsync();
        await scene.PassAsync(TimeSpan.FromMilliseconds(20));
        scene.Device.LatestEvent = 0;
        await scene.Device.RaiseAsync(EventCode.TriggerPressed);
        Assert.Equal([1], Numbers(await LogAsync(scene, scene.Client)));
        Assert.Empty(scene.Device.Of(MessageId.EventsRequest));
    });

    [Fact]
    public void Gap_that_the_device_cannot_fill_is_named_at_its_place() => Scene.Run(async scene =>
    {
        scene.Device.LosesEvent = number => number is 2 or 3;
        for (int i = 0; i < 4; i++)
        {
            await scene.Device.RaiseAsync(EventCode.TriggerPressed);
        }

        scene.Device.Forget(3);
        List<DeviceLogEntry> log = await LogAsync(scene, scene.Client);
        Assert.Equal([1, 4], Numbers(log));
        Assert.Equal(new MissingEvents(2, 3), log[1]);
    });

    [Fact]
    public void Questions_for_events_go_on_until_the_log_is_whole() => Scene.Run(async scene =>
    {
        int losses = 0;
        scene.Device.LosesEvent = number => number == 2 && ++losses <= 5;
        scene.Device.LosesAnswerTo = id => id == MessageId.EventsRequest && scene.Device.Of(MessageId.EventsRequest).Count <= 12;
        for (int i = 0; i < 3; i++)
        {
            await scene.Device.RaiseAsync(EventCode.TriggerPressed);
        }

        Assert.Equal([1, 2, 3], Numbers(await LogAsync(scene, scene.Client, TimeSpan.FromSeconds(20))));
    });

    [Fact]
    public void Event_numbers_that_begin_anew_end_the_link() => Scene.Run(async scene =>
    {
        for (int i = 0; i < 5; i++)
        {
            await scene.Device.RaiseAsync(EventCode.TriggerPressed);
        }

        await scene.SettleAsync();
        scene.Device.LatestEvent = 7;
        scene.Device.Answers[MessageId.EventsRequest] = _ => new EventsAvailable { OldestNumber = 1, LatestNumber = 2 };
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => scene.Client.Completion);
        Assert.Contains("restarted", thrown.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Two_readers_a_slow_one_and_a_late_one_all_get_everything() => Scene.Run(async scene =>
    {
        Task<List<DeviceLogEntry>> first = ReadToEndAsync(scene.Client);
        await using IAsyncEnumerator<DeviceLogEntry> slow = scene.Client.EventsAsync().GetAsyncEnumerator();
        ValueTask<bool> slowFirst = slow.MoveNextAsync();
        for (int i = 0; i < 1000; i++)
        {
            await scene.Device.RaiseAsync(EventCode.TriggerPressed, i);
            if (i % 50 == 0)
            {
                await scene.SettleAsync();
            }
        }

        await scene.PassAsync(TimeSpan.FromMilliseconds(300));
        Task<List<DeviceLogEntry>> late = ReadToEndAsync(scene.Client);
        await scene.Client.DisposeAsync();
        Assert.Equal(Enumerable.Range(1, 1000), Numbers(await first));
        Assert.Equal(await first, await late);
        Assert.Equal(await first, await ReadToEndAsync(scene.Client));
        int seen = 0;
        for (bool more = await slowFirst; more; more = await slow.MoveNextAsync())
        {
            Assert.Equal((uint)++seen, ((DeviceEvent)slow.Current).Number);
        }

        Assert.Equal(1000, seen);
    });

    [Fact]
    public void Log_is_whole_over_a_line_that_loses_one_event_in_five_and_spoils_one_frame_in_twenty() => Scene.Run(async scene =>
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        scene.Device.LosesEvent = _ => random.Next(5) == 0;
        scene.Device.Line = bytes =>
        {
            byte[] spoilt = [.. bytes];
            if (random.Next(20) == 0)
            {
                spoilt[random.Next(spoilt.Length)] ^= (byte)(1 << random.Next(8));
            }

            return spoilt;
        };
        for (int i = 0; i < 300; i++)
        {
            await scene.Device.RaiseAsync(EventCode.StateChanged, i);
            await scene.PassAsync(TimeSpan.FromMilliseconds(random.Next(40)));
        }

        List<DeviceLogEntry> log = await LogAsync(scene, scene.Client, TimeSpan.FromSeconds(60));
        Assert.Equal(Enumerable.Range(0, 300), log.Select(entry => ((DeviceEvent)entry).Argument1));
    });

    [Fact]
    public void Tracker_puts_any_order_right_and_names_every_hole_once()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int round = 0; round < 300; round++)
        {
            List<DeviceLogEntry> log = [];
            EventTracker tracker = new(log.Add);
            uint latest = (uint)random.Next(1, 60);
            uint oldest = (uint)random.Next(1, (int)latest + 1);
            uint[] received = [.. Enumerable.Range(1, (int)latest).Select(number => (uint)number).Where(_ => random.Next(2) == 0)];
            random.Shuffle(received);
            foreach (uint number in received)
            {
                tracker.Received(new EventReport { Number = number }, TimeSpan.Zero, TimeSpan.Zero);
            }

            tracker.Asking();
            Assert.True(tracker.Answered(new EventsAvailable { OldestNumber = oldest, LatestNumber = latest }, TimeSpan.Zero));
            for (uint number = oldest; number <= latest; number++)
            {
                tracker.Received(new EventReport { Number = number }, TimeSpan.Zero, TimeSpan.Zero);
            }

            List<uint> told = [];
            foreach (DeviceLogEntry entry in log)
            {
                if (entry is MissingEvents missing)
                {
                    for (uint number = missing.FirstNumber; number <= missing.LastNumber; number++)
                    {
                        Assert.True(number < oldest && !received.Contains(number));
                        told.Add(number);
                    }
                }
                else
                {
                    told.Add(((DeviceEvent)entry).Number);
                }
            }

            Assert.Equal(Enumerable.Range(1, (int)latest).Select(number => (uint)number), told);
            Assert.Equal(TimeSpan.MaxValue, tracker.AskAt);
        }
    }

    [Fact]
    public void Events_that_overtake_the_answer_to_a_question_are_no_restart_but_older_numbers_than_at_its_asking_are()
    {
        EventTracker tracker = new(_ => { });
        tracker.Received(new EventReport { Number = 1 }, TimeSpan.Zero, TimeSpan.Zero);
        tracker.Asking();
        tracker.Received(new EventReport { Number = 2 }, TimeSpan.Zero, TimeSpan.Zero);
        Assert.True(tracker.Answered(new EventsAvailable { OldestNumber = 1, LatestNumber = 1 }, TimeSpan.Zero));
        Assert.Equal(3u, tracker.Next);
        tracker.Asking();
        Assert.False(tracker.Answered(new EventsAvailable { OldestNumber = 1, LatestNumber = 1 }, TimeSpan.Zero));
    }

    private static IEnumerable<int> Numbers(IEnumerable<DeviceLogEntry> log) => log.OfType<DeviceEvent>().Select(entry => (int)entry.Number);

    private static async Task<List<DeviceLogEntry>> LogAsync(Scene scene, DeviceClient client, TimeSpan? settle = null)
    {
        await scene.PassAsync(settle ?? TimeSpan.FromSeconds(2));
        await client.DisposeAsync();
        return await ReadToEndAsync(client);
    }

    private static async Task<List<DeviceLogEntry>> ReadToEndAsync(DeviceClient client)
    {
        List<DeviceLogEntry> log = [];
        await foreach (DeviceLogEntry entry in client.EventsAsync())
        {
            log.Add(entry);
        }

        return log;
    }
}
