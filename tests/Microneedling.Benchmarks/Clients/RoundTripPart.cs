using System.Diagnostics;
using Microneedling.Client;

namespace Microneedling.Benchmarks.Clients;

/// <summary>How long a client waits for a status that it asks for, when the device takes no time at all.</summary>
internal static class RoundTripPart
{
    private const int WarmUps = 2_000;

    private static readonly (string Name, string Words, Func<IPeerLine> Open)[] Lines =
    [
        ("pty", "a pseudo-terminal", () => new PtyLine()),
        ("tcp", "TCP on loopback", () => new TcpLine()),
    ];

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        List<Finding> findings = [];
        foreach ((string name, string words, Func<IPeerLine> open) in Lines)
        {
            double[] milliseconds = await MeasureAsync(open(), size.Of(2_000, 20_000));
            findings.Add(Promises.JudgedOrTold($"link.rtt_{name}.p99_ms", milliseconds.At(0.99), "ms", $"a status asked for and answered over {words} by a peer that takes no time, {milliseconds.Length} times"));
            findings.Add(Figure.Told($"link.rtt_{name}.p50_ms", milliseconds.At(0.5), "ms", Figure.Same));
            findings.Add(Figure.Told($"link.rtt_{name}.max_ms", milliseconds.At(1), "ms", Figure.Same));
        }

        return findings;
    }

    private static async Task<double[]> MeasureAsync(IPeerLine line, int times)
    {
        using InstantPeer peer = new(line);
        await using DeviceClient client = await DeviceClient.ConnectAsync(await TransportRegistry.CreateStandard().OpenAsync(peer.Address));
        for (int i = 0; i < WarmUps; i++)
        {
            await client.GetStatusAsync();
        }

        double[] milliseconds = new double[times];
        for (int i = 0; i < milliseconds.Length; i++)
        {
            long before = Stopwatch.GetTimestamp();
            await client.GetStatusAsync();
            milliseconds[i] = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
        }

        return milliseconds;
    }
}
