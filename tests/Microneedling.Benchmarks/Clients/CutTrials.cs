using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;

namespace Microneedling.Benchmarks.Clients;

/// <summary>
/// The line falls silent at any moment and comes back at any later one: how long the host says what is no longer true, and how
/// long it takes to know the device again.
/// </summary>
internal static class CutTrials
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    public static IEnumerable<Finding> Measure(int count)
    {
        List<double> told = [];
        List<double> lost = [];
        List<double> recovered = [];
        VirtualTime.Run(
            new BoardOptions { Seed = 1 },
            async (time, device) =>
            {
                Random random = new(1);
                await using DeviceConnection connection = new(_ => Task.FromResult<ITransport>(device.Connect()), time: time);
                await connection.WhenOnlineAsync(Soon);
                for (int trial = 0; trial < count; trial++)
                {
                    await time.Delay(TimeSpan.FromMicroseconds(random.Next(6_000_000, 8_000_000)));
                    long cut = time.NowMicroseconds;
                    device.Board.Serial.Cut = true;
                    await time.Until(() => connection.Link.State != LinkState.Online, Soon);
                    told.Add((time.NowMicroseconds - cut) / 1e3);
                    await time.Until(() => connection.Link.State == LinkState.Lost, Soon);
                    lost.Add((time.NowMicroseconds - cut) / 1e3);
                    await time.Delay(TimeSpan.FromMicroseconds(random.Next(5_000_000)));
                    device.Board.Serial.Cut = false;
                    long back = time.NowMicroseconds;
                    DeviceClient client = await connection.WhenOnlineAsync(Soon);
                    await client.WaitForAsync(status => status.Is(StatusFlags.LinkAlive), Soon);
                    recovered.Add((time.NowMicroseconds - back) / 1e3);
                }
            },
            TimeSpan.FromHours(10));
        string how = $"{count} cuts of a silent kind at random moments, virtual time, seed 1";
        return
        [
            .. Three("link.cut.told", told, $"from the cut until the host no longer says that the link is good; {how}"),
            .. Three("link.cut.lost", lost, "from the cut until the host says that the link is lost"),
            .. Three("link.cut.recovery", recovered, "from the line's return until the host has the device's state and events again"),
        ];
    }

    private static Finding[] Three(string name, List<double> milliseconds, string how) =>
    [
        Figure.Told(name + ".p50_ms", milliseconds.At(0.5), "ms", how),
        Figure.Told(name + ".p99_ms", milliseconds.At(0.99), "ms", Figure.Same),
        Figure.Told(name + ".max_ms", milliseconds.At(1), "ms", Figure.Same),
    ];
}
