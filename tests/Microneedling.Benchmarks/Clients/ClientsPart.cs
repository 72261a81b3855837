using System.Diagnostics;
using System.Globalization;
using Microneedling.Client;

namespace Microneedling.Benchmarks.Clients;

/// <summary>What 64 clients cost that read 20 statuses a second each, and every event, over pseudo-terminals.</summary>
internal static class ClientsPart
{
    private const int Clients = 64;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastEventsPatience = TimeSpan.FromSeconds(5);

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        using Process peers = PeersProcess.Start(Clients);
        List<Reader> readers = [];
        try
        {
            TransportRegistry registry = TransportRegistry.CreateStandard();
            foreach (string address in await ReadLinesAsync(peers))
            {
                readers.Add(new Reader(await DeviceClient.ConnectAsync(await registry.OpenAsync(address))));
            }

            await Task.Delay(WarmUp);
            long statusesBefore = readers.Sum(reader => reader.Statuses);
            TimeSpan processorBefore = Environment.CpuUsage.TotalTime;
            long startedAt = Stopwatch.GetTimestamp();
            await Task.Delay(TimeSpan.FromSeconds(size.Of(5, 30)));
            TimeSpan elapsed = Stopwatch.GetElapsedTime(startedAt);
            TimeSpan processor = Environment.CpuUsage.TotalTime - processorBefore;
            long statuses = readers.Sum(reader => reader.Statuses) - statusesBefore;

            await peers.StandardInput.WriteLineAsync();
            int[] raised = [.. (await ReadLinesAsync(peers)).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
            for (long waited = Stopwatch.GetTimestamp(); Lost(readers, raised) > 0 && Stopwatch.GetElapsedTime(waited) < LastEventsPatience;)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }

            return
            [
                Promises.Of("scale.devices64.cores", processor / elapsed, $"{Clients} clients in one host, 20 statuses a second each and every event, over pseudo-terminals, {elapsed.TotalSeconds:0} s"),
                Figure.Told("scale.devices64.statuses_per_s", statuses / elapsed.TotalSeconds / Clients, "/s", "received by each"),
                Promises.Of("scale.devices64.events_lost", Lost(readers, raised), $"of {raised.Sum()} raised"),
            ];
        }
        finally
        {
            foreach (Reader reader in readers)
            {
                await reader.Client.DisposeAsync();
            }

            peers.StandardInput.Close();
            await peers.WaitForExitAsync();
        }
    }

    private static int Lost(List<Reader> readers, int[] raised) => readers.Select((reader, i) => Math.Max(0, raised[i] - reader.Events)).Sum();

    private static async Task<string[]> ReadLinesAsync(Process peers)
    {
        string[] lines = new string[Clients];
        for (int i = 0; i < Clients; i++)
        {
            lines[i] = await peers.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The peers' process has ended.");
        }

        return lines;
    }

    /// <summary>One client and what it has received.</summary>
    private sealed class Reader
    {
        private long statuses;
        private int events;

        public Reader(DeviceClient client)
        {
            Client = client;
            _ = CountStatusesAsync();
            _ = CountEventsAsync();
        }

        public DeviceClient Client { get; }

        public long Statuses => Interlocked.Read(ref statuses);

        public int Events => Volatile.Read(ref events);

        private async Task CountStatusesAsync()
        {
            await foreach (DeviceStatus _ in Client.TelemetryAsync())
            {
                Interlocked.Increment(ref statuses);
            }
        }

        private async Task CountEventsAsync()
        {
            await foreach (DeviceLogEntry entry in Client.EventsAsync())
            {
                if (entry is DeviceEvent)
                {
                    Interlocked.Increment(ref events);
                }
            }
        }
    }
}
