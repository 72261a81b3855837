using System.Diagnostics;
using Microneedling.Client;

namespace Microneedling.Benchmarks.Clients;

/// <summary>How long a client waits for a status that it asks for, over a pseudo-terminal, when the device takes no time at all.</summary>
internal static class RoundTripPart
{
    private const int WarmUps = 2_000;
    private const int RoundTrips = 20_000;
    private const double P99TargetMicroseconds = 1_000;

    public static async Task<IEnumerable<Row>> MeasureAsync()
    {
        using InstantPeer peer = new();
        await using DeviceClient client = await DeviceClient.ConnectAsync(await TransportRegistry.CreateStandard().OpenAsync(peer.Address));
        for (int i = 0; i < WarmUps; i++)
        {
            await client.GetStatusAsync();
        }

        double[] microseconds = new double[RoundTrips];
        for (int i = 0; i < RoundTrips; i++)
        {
            long before = Stopwatch.GetTimestamp();
            await client.GetStatusAsync();
            microseconds[i] = Stopwatch.GetElapsedTime(before).TotalMicroseconds;
        }

        Array.Sort(microseconds);
        return
        [
            Row.Told("status asked for and answered over a pseudo-terminal, p50", microseconds[RoundTrips / 2], "µs"),
            Row.Below("  p99", microseconds[RoundTrips * 99 / 100], P99TargetMicroseconds, "µs"),
            Row.Told($"  longest of {RoundTrips}", microseconds[^1], "µs"),
        ];
    }
}
