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
    public async Task However_often_something_changes_a_page_hears_at_most_20_times_a_second()
    {
        var feed = new LiveFeed(TimeProvider.System, _lifetime);
        var clock = Stopwatch.StartNew();

        await foreach (var _ in feed.FollowAsync(() => { feed.Changed(); return Nothing; }, _deadline.Token).Take(11))
        {
            feed.Changed();
        }

        Assert.True(clock.Elapsed >= TimeSpan.FromMilliseconds(10 * 44), $"11 snapshots within {clock.Elapsed.TotalMilliseconds:0} ms.");
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
}
