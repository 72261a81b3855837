using System.Diagnostics;
using System.Globalization;

namespace Microneedling.Benchmarks.Clients;

/// <summary>
/// Many peers in a process of their own, so that the clients' processor time is theirs alone. It prints the peers' addresses;
/// then each peer reports 20 times a second and raises an event about once a second. At the first line that it is given it
/// raises no more, and prints how many each has raised; it ends with its input.
/// </summary>
internal static class PeersProcess
{
    /// <summary>The argument that makes this program such a process, before the number of peers.</summary>
    public const string Argument = "peers";

    private const int ReportMilliseconds = 50;
    private const int MeanReportsPerEvent = 20;

    /// <summary>Starts the process.</summary>
    public static Process Start(int peers)
    {
        return OwnProcess.Start(Argument, peers.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Is the process.</summary>
    public static async Task RunAsync(int count)
    {
        InstantPeer[] peers = [.. Enumerable.Range(0, count).Select(_ => new InstantPeer(new PtyLine()))];
        foreach (InstantPeer peer in peers)
        {
            Console.WriteLine(peer.Address);
        }

        using CancellationTokenSource ending = new();
        bool raisesEvents = true;
        Task reporting = ReportAsync(peers, () => Volatile.Read(ref raisesEvents), ending.Token);
        await Console.In.ReadLineAsync();
        Volatile.Write(ref raisesEvents, false);
        foreach (InstantPeer peer in peers)
        {
            Console.WriteLine(peer.LatestEvent);
        }

        await Console.In.ReadToEndAsync();
        await ending.CancelAsync();
        await reporting;
    }

    private static async Task ReportAsync(InstantPeer[] peers, Func<bool> raisesEvents, CancellationToken ending)
    {
        Random random = new(peers.Length);
        TimeSpan[] due = [.. peers.Select(_ => TimeSpan.FromMilliseconds(random.NextDouble() * ReportMilliseconds))];
        long startedAt = Stopwatch.GetTimestamp();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(ending))
            {
                TimeSpan now = Stopwatch.GetElapsedTime(startedAt);
                for (int i = 0; i < peers.Length; i++)
                {
                    if (!peers[i].IsGreeted || due[i] > now)
                    {
                        continue;
                    }

                    due[i] += TimeSpan.FromMilliseconds(ReportMilliseconds);
                    peers[i].Report();
                    if (random.Next(MeanReportsPerEvent) == 0 && raisesEvents())
                    {
                        peers[i].RaiseEvent();
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
