// How often a page hears from the program.

using System.Diagnostics;
using Microneedling.Tablet.Device;
using Microsoft.Extensions.Hosting;

namespace Microneedling.Tablet.Tests;

public sealed class LiveFeedTests : IDisposable
{
    private static readonly LiveView Nothing = new(new LinkView(false, false, ""), null, null, null, null, null, [], null, [], new ControlView(null, null, null, null), [], null);

    private readonly Lifetime _lifetime = new();
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(30));

    [Fact]
    public async Task A_page_hears_of_the_program_though_nothing_changes()
    {
        var feed = new LiveFeed(TimeProvider.System, _lifetime);

        Assert.Equal(3, await feed.FollowAsync(() => Nothing, _deadline.Token).Take(3).CountAsync());
    }

    [Fact]
    public async Task However_often_something_changes_a_page_hears_at_most_a_burst_and_then_22_times_a_second()
    {
        var feed = new LiveFeed(TimeProvider.System, _lifetime);
        var clock = Stopwatch.StartNew();

        await foreach (var _ in feed.FollowAsync(() => { feed.Changed(); return Nothing; }, _deadline.Token).Take(1 + LiveFeed.Burst + 10))
        {
            feed.Changed();
        }

        Assert.True(clock.Elapsed >= TimeSpan.FromMilliseconds(10 * 44), $"{10 + LiveFeed.Burst} changes told within {clock.Elapsed.TotalMilliseconds:0} ms.");
    }

    [Fact]
    public async Task Changes_that_follow_each_other_closely_are_told_each_at_once()
    {
        var time = new StandingTime();
        var feed = new LiveFeed(time, _lifetime);
        await using var snapshots = feed.FollowAsync(() => Nothing, _deadline.Token).GetAsyncEnumerator(_deadline.Token);
        Assert.True(await snapshots.MoveNextAsync());

        for (int change = 0; change < LiveFeed.Burst; change++)
        {
            var next = snapshots.MoveNextAsync();
            feed.Changed();
            Assert.True(await next.AsTask().WaitAsync(_deadline.Token));
        }

        var late = snapshots.MoveNextAsync().AsTask();
        feed.Changed();
        await time.Asked.Task.WaitAsync(_deadline.Token);
        Assert.False(late.IsCompleted);
        await _deadline.CancelAsync();
        Assert.False(await late);
    }

    [Fact]
    public async Task The_stream_ends_with_the_program()
    {
        var feed = new LiveFeed(TimeProvider.System, _lifetime);

        await foreach (var _ in feed.FollowAsync(() => Nothing, _deadline.Token))
        {
            _lifetime.StopApplication();
        }

        Assert.False(_deadline.IsCancellationRequested);
    }

    public void Dispose()
    {
        _lifetime.Dispose();
        _deadline.Dispose();
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }

    /// <summary>A clock that stands: what waits for it, waits for good. Tells when something waits for less than the usual 500 ms.</summary>
    private sealed class StandingTime : TimeProvider
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime < TimeSpan.FromMilliseconds(500))
            {
                Asked.TrySetResult();
            }

            return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
