using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Microneedling.Tablet.Device;

/// <summary>
/// Decides when a watching page is sent a snapshot: at once when something changed, up to <see cref="Burst"/> in a row and
/// in the long run 22 times a second, a little more often than the device reports; and every 500 ms at the latest, so that
/// a page can tell silence from calm. A slow page skips snapshots and never delays anything else.
/// </summary>
public sealed class LiveFeed(TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Snapshots that may follow each other at once.</summary>
    public const int Burst = 4;

    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(45);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);

    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Tells every watching page that there is something new.</summary>
    public void Changed() => Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();

    /// <summary>Snapshots for one page, until it goes or the program ends.</summary>
    public async IAsyncEnumerable<SseItem<LiveView>> FollowAsync(Func<LiveView> view, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var allowance = new Allowance(time);
        while (!ending.IsCancellationRequested)
        {
            var next = Volatile.Read(ref _changed).Task;
            yield return new SseItem<LiveView>(view(), "live");
            try
            {
                await next.WaitAsync(Longest, time, ending.Token);
                await Task.Delay(allowance.Take(), time, ending.Token);
            }
            catch (TimeoutException)
            {
            }
            catch (OperationCanceledException)
            {
                yield break;
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Spaces one page's snapshots; an unused place is kept, up to a burst.</summary>
    private sealed class Allowance(TimeProvider time)
    {
        private long _fullAt = time.GetTimestamp();

        /// <summary>Takes a place: how long until it.</summary>
        public TimeSpan Take()
        {
            long now = time.GetTimestamp();
            long spacing = (long)(Spacing.TotalSeconds * time.TimestampFrequency);
            _fullAt = Math.Max(_fullAt, now) + spacing;
            var wait = time.GetElapsedTime(now, _fullAt - (Burst * spacing));
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }
}
