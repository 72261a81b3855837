using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Microneedling.Tablet.Device;

/// <summary>
/// Decides when a watching page is sent a snapshot: when something changed, at most 20 times a second, and every 500 ms
/// at the latest, so that a page can tell silence from calm. A slow page skips snapshots and never delays anything else.
/// </summary>
public sealed class LiveFeed(TimeProvider time, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(45);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);

    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Tells every watching page that there is something new.</summary>
    public void Changed() => Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();

    /// <summary>Snapshots for one page, until it goes or the program ends.</summary>
    public async IAsyncEnumerable<SseItem<LiveView>> FollowAsync(Func<LiveView> view, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        while (!ending.IsCancellationRequested)
        {
            var next = Volatile.Read(ref _changed).Task;
            yield return new SseItem<LiveView>(view(), "live");
            try
            {
                await Task.Delay(Shortest, time, ending.Token);
                await next.WaitAsync(Longest - Shortest, time, ending.Token);
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
}
