using System.Collections.Concurrent;
using System.Diagnostics;
using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Benchmarks.Tablet;

/// <summary>When statuses came to the driver, and what state they told.</summary>
internal sealed class Arrivals : IAsyncDisposable
{
    private readonly ConcurrentQueue<DeviceStatus> statuses = [];
    private readonly CancellationTokenSource ending = new();
    private readonly Task following;

    private Arrivals(DeviceClient client) => following = FollowAsync(client);

    /// <summary>Notes every status from now on.</summary>
    public static Arrivals Begin(DeviceClient client) => new(client);

    /// <summary>By device time in milliseconds: when the status arrived, in milliseconds of <see cref="Stopwatch"/>.</summary>
    public IReadOnlyDictionary<long, double> Seen()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        double clock = BrowserTab.Milliseconds(Stopwatch.GetTimestamp());
        Dictionary<long, double> seen = [];
        foreach (DeviceStatus status in statuses)
        {
            seen.TryAdd((long)status.DeviceTime.TotalMilliseconds, clock - (now - status.ReceivedAt).TotalMilliseconds);
        }

        return seen;
    }

    /// <summary>The states told, in order, with the device time of the first status of each.</summary>
    public IReadOnlyList<(long DeviceMilliseconds, DeviceState State)> States() => Changes(statuses.Select(status => ((long)status.DeviceTime.TotalMilliseconds, status.State)));

    /// <summary>Of what was told again and again, the changes.</summary>
    public static IReadOnlyList<(long DeviceMilliseconds, DeviceState State)> Changes(IEnumerable<(long DeviceMilliseconds, DeviceState State)> told)
    {
        List<(long, DeviceState State)> changes = [];
        foreach ((long at, DeviceState state) in told)
        {
            if (changes.Count == 0 || changes[^1].State != state)
            {
                changes.Add((at, state));
            }
        }

        return changes;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await following;
        ending.Dispose();
    }

    private async Task FollowAsync(DeviceClient client)
    {
        try
        {
            await foreach (DeviceStatus status in client.TelemetryAsync(ending.Token))
            {
                statuses.Enqueue(status);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }
}
