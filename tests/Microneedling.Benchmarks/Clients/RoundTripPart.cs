using System.Diagnostics;
using Microneedling.Client;

namespace Microneedling.Benchmarks.Clients;

/// <summary>How long a client waits for a status that it asks for, over a pseudo-terminal, when the device takes no time at all.</summary>
internal static class RoundTripPart
{
    private const int WarmUps = 2_000;

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        using InstantPeer peer = new();
        await using DeviceClient client = await DeviceClient.ConnectAsync(await TransportRegistry.CreateStandard().OpenAsync(peer.Address));
        for (int i = 0; i < WarmUps; i++)
        {
            await client.GetStatusAsync();
        }

        double[] milliseconds = new double[size.Of(2_000, 20_000)];
        for (int i = 0; i < milliseconds.Length; i++)
        {
            long before = Stopwatch.GetTimestamp();
            await client.GetStatusAsync();
            milliseconds[i] = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
        }

        return
        [
            Promises.Of("link.rtt_pty.p99_ms", milliseconds.At(0.99), $"a status asked for and answered over a pseudo-terminal by a peer that takes no time, {milliseconds.Length} times"),
            Figure.Told("link.rtt_pty.p50_ms", milliseconds.At(0.5), "ms", Figure.Same),
            Figure.Told("link.rtt_pty.max_ms", milliseconds.At(1), "ms", Figure.Same),
        ];
    }
}
