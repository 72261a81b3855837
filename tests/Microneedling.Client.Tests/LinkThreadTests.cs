using System.Collections.Concurrent;
using System.Diagnostics;
using Microneedling.Client.Link;
using Microneedling.Client.Tests.Transports;
using Microneedling.Protocol;

namespace Microneedling.Client.Tests;

/// <summary>
/// The thread of a link, on the real clock: its heartbeat goes out whatever the thread pool and the caller's context are
/// busy with. Nothing else runs meanwhile, because here the thread pool is starved.
/// </summary>
[Collection(Alone.Name)]
public class LinkThreadTests
{
    private const int Beats = 15;

    /// <summary>Far more than anything here takes on a machine that is busy with other things.</summary>
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_is_posted_runs_in_order_on_the_one_thread_and_what_is_awaited_there_comes_back_to_it()
    {
        using LinkThread thread = new();
        ConcurrentQueue<(int Number, Thread On)> done = new();
        Task[] posts = [.. Enumerable.Range(0, 100).Select(i => thread.RunAsync(() =>
        {
            done.Enqueue((i, Thread.CurrentThread));
            return i;
        }))];
        await Task.WhenAll(posts);
        Assert.Equal(Enumerable.Range(0, 100), done.Select(one => one.Number));
        Thread own = Assert.Single(done.Select(one => one.On).Distinct());
        Assert.Same(own, await await thread.RunAsync(async () =>
        {
            await Task.Delay(1);
            await Task.Yield();
            return Thread.CurrentThread;
        }));
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => thread.RunAsync<int>(() => throw new InvalidTimeZoneException()));
    }

    [Fact]
    public async Task Timer_fires_once_not_too_early_on_the_thread_and_can_be_set_again_or_off()
    {
        using LinkThread thread = new();
        Thread own = await thread.RunAsync(() => Thread.CurrentThread);
        BlockingCollection<(TimeSpan At, Thread On)> fired = [];
        Stopwatch watch = Stopwatch.StartNew();
        ITimer timer = thread.CreateTimer(_ => fired.Add((watch.Elapsed, Thread.CurrentThread)), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        foreach (int milliseconds in new[] { 0, 1, 30, 100 })
        {
            watch.Restart();
            timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
            Assert.True(fired.TryTake(out (TimeSpan At, Thread On) one, Generous));
            Assert.True(one.At >= TimeSpan.FromMilliseconds(milliseconds));
            Assert.Same(own, one.On);
        }

        watch.Restart();
        timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        timer.Change(TimeSpan.FromMilliseconds(1_100), Timeout.InfiniteTimeSpan);
        Assert.True(fired.TryTake(out (TimeSpan At, Thread On) last, Generous));
        Assert.InRange(last.At, TimeSpan.FromMilliseconds(1_100), Generous);
        Assert.Empty(fired);
        Assert.Throws<NotSupportedException>(() => thread.CreateTimer(_ => { }, null, TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task Timer_with_a_period_is_refused()
    {
        using LinkThread thread = new();
        Assert.Throws<NotSupportedException>(() => thread.CreateTimer(_ => { }, null, TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        Assert.Equal(1, await thread.RunAsync(() => 1));
    }

    [Fact]
    public void One_that_always_posts_again_does_not_keep_the_timer_from_its_time()
    {
        using LinkThread thread = new();
        using ManualResetEventSlim fired = new();
        using ITimer timer = thread.CreateTimer(_ => fired.Set(), null, TimeSpan.FromMilliseconds(20), Timeout.InfiniteTimeSpan);
        _ = thread.RunAsync(async () =>
        {
            while (!fired.IsSet)
            {
                await Task.Yield();
            }
        });
        Assert.True(fired.Wait(Generous));
    }

    [Fact]
    public async Task Posting_to_a_thread_that_has_ended_and_ending_it_again_are_harmless()
    {
        LinkThread thread = new();
        SynchronizationContext context = await thread.RunAsync(() => SynchronizationContext.Current!);
        Thread own = await thread.RunAsync(() => Thread.CurrentThread);
        int ran = 0;
        Task<int> before = thread.RunAsync(() => ++ran);
        thread.Dispose();
        Assert.True(own.Join(Generous));
        Assert.Equal(1, await before);
        context.Post(_ => ran++, null);
        thread.Dispose();
        Assert.Equal(1, ran);
        Assert.Throws<NotSupportedException>(() => context.Send(_ => { }, null));
    }

    [Fact]
    public async Task Heartbeat_goes_on_while_the_thread_pool_is_starved()
    {
        using LinkThread devicesOwn = new();
        (DeviceClient client, BeatingTransport line) = await ConnectAsync(devicesOwn);
        await using (client)
        {
            // Not disposed of: the pool's threads wait on it for as long as they like.
            ManualResetEventSlim release = new();
            bool poolRan = false;
            bool starved = false;
            for (int i = 0; i < 500; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(_ => release.Wait(Generous), null);
            }

            ThreadPool.UnsafeQueueUserWorkItem(_ => poolRan = true, null);
            Task<TimeSpan> beats = line.CountBeatsAsync(Beats, () =>
            {
                starved = !poolRan;
                release.Set();
            });
            Assert.InRange(await beats, TimeSpan.Zero, Generous);
            Assert.True(starved);
            Assert.Equal(LinkState.Online, client.Link.State);
        }
    }

    [Fact]
    public async Task Program_that_hangs_for_two_seconds_lets_go_of_its_device()
    {
        using LinkThread devicesOwn = new();
        (DeviceClient client, _) = await ConnectAsync(devicesOwn);
        await using (client)
        {
            ManualResetEventSlim release = new();
            for (int i = 0; i < 500; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(_ => release.Wait(Generous), null);
            }

            bool letGo = ((IAsyncResult)client.Completion).AsyncWaitHandle.WaitOne(Generous);
            release.Set();
            Assert.True(letGo);
            LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => client.Completion);
            Assert.StartsWith("This program did not get on for 2 s", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Heartbeat_goes_on_while_the_callers_context_is_blocked()
    {
        using LinkThread devicesOwn = new();
        TaskCompletionSource<TimeSpan> beats = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread caller = new(() =>
        {
            StubbornContext context = new();
            SynchronizationContext.SetSynchronizationContext(context);
            Task<(DeviceClient Client, BeatingTransport Line)> connecting = ConnectAsync(devicesOwn);
            context.RunUntil(connecting);
            using ManualResetEventSlim counted = new();
            Task<TimeSpan> counting = connecting.Result.Line.CountBeatsAsync(Beats, counted.Set);
            bool inTime = counted.Wait(Generous);
            context.RunUntil(connecting.Result.Client.DisposeAsync().AsTask());
            beats.SetResult(inTime ? counting.Result : Timeout.InfiniteTimeSpan);
        });
        caller.Start();
        Assert.InRange(await beats.Task, TimeSpan.Zero, Generous);
    }

    [Fact]
    public async Task Heartbeat_goes_on_while_the_device_never_stops_talking()
    {
        using LinkThread devicesOwn = new();
        (DeviceClient client, BeatingTransport line) = await ConnectAsync(devicesOwn);
        line.Babbles = true;
        TimeSpan lasted = await line.CountBeatsAsync(5, () => { });
        Assert.InRange(lasted, TimeSpan.Zero, Generous);
        await client.DisposeAsync();
        Assert.Equal(LinkState.Lost, client.Link.State);
    }

    private static async Task<(DeviceClient Client, BeatingTransport Line)> ConnectAsync(LinkThread devicesOwn)
    {
        (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
        await devicesOwn.RunAsync(() => new FakeDevice(line, new ManualTime()));
        BeatingTransport transport = new(host);
        return (await DeviceClient.ConnectAsync(transport), transport);
    }

    /// <summary>A caller's context that runs only when it is told to, as that of a frozen window.</summary>
    private sealed class StubbornContext : SynchronizationContext
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> queue = [];

        public override void Post(SendOrPostCallback d, object? state) => queue.Add((d, state));

        public void RunUntil(Task task)
        {
            while (!task.IsCompleted)
            {
                if (queue.TryTake(out (SendOrPostCallback Callback, object? State) work, TimeSpan.FromMilliseconds(10)))
                {
                    work.Callback(work.State);
                }
            }
        }
    }

    /// <summary>Counts the heartbeats, on the thread that writes them.</summary>
    private sealed class BeatingTransport(ITransport inner) : ITransport
    {
        private readonly Stopwatch watch = Stopwatch.StartNew();
        private readonly TaskCompletionSource<TimeSpan> counted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TimeSpan from;
        private Action enough = () => { };
        private volatile int left;

        public string Name => "beating:";

        /// <summary>From now on there is always something to read.</summary>
        public volatile bool Babbles;

        /// <summary>Ends after so many more heartbeats, with the time that they took; <paramref name="atLast"/> is called at once then.</summary>
        public Task<TimeSpan> CountBeatsAsync(int beats, Action atLast)
        {
            (from, enough) = (watch.Elapsed, atLast);
            left = beats;
            return counted.Task;
        }

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (!Babbles)
            {
                return inner.ReadAsync(buffer, cancellationToken);
            }

            buffer.Span.Fill(0x55);
            return ValueTask.FromResult(buffer.Length);
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            if (bytes.Length > 1 && bytes.Span[1] == (byte)MessageId.Heartbeat && left > 0 && Interlocked.Decrement(ref left) == 0)
            {
                enough();
                counted.TrySetResult(watch.Elapsed - from);
            }

            return inner.WriteAsync(bytes, cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
