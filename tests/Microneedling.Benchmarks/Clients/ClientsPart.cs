using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microneedling.Client;

namespace Microneedling.Benchmarks.Clients;

/// <summary>What 1 to 256 clients in one program cost that read 20 statuses a second each, and every event, over pseudo-terminals.</summary>
internal static class ClientsPart
{
    private const int ConnectingAtOnce = 16;
    private const double StatusesPerSecond = 20;
    private const double Megabyte = 1 << 20;

    private static readonly int[] Counts = [1, 8, 64, 256];
    private static readonly TimeSpan LastEventsPatience = TimeSpan.FromSeconds(5);

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        List<Finding> findings = [];
        List<(int Devices, double Cores, double Megabytes)> costs = [];
        foreach (int count in Counts)
        {
            Cost cost = await MeasureAsync(count, TimeSpan.FromSeconds(size.Of(1, 5)), TimeSpan.FromSeconds(size.Of(4, 30)));
            costs.Add((count, cost.Cores, cost.Megabytes));
            string name = $"scale.devices{count}";
            string how = $"{count} clients in one program, {StatusesPerSecond} statuses a second each and every event, over pseudo-terminals, {cost.Seconds:0} s, the peers in another process on the same cores";
            findings.Add(Promises.JudgedOrTold($"{name}.cores", cost.Cores, "cores", how));
            findings.Add(Figure.Told($"{name}.memory_mb", cost.Megabytes, "MB", Figure.Same));
            findings.Add(Figure.Told($"{name}.managed_mb", cost.ManagedMegabytes, "MB", "of it, what the program's objects take after a collection"));
            findings.Add(Figure.Told($"{name}.statuses_per_s", cost.StatusesPerSecond, "/s", "received by each client"));
            findings.Add(Figure.Told($"{name}.age_p50_ms", cost.AgesMilliseconds.At(0.5), "ms", $"age of a status when the program has it, of {cost.AgesMilliseconds.Count}"));
            findings.Add(Figure.Told($"{name}.age_p99_ms", cost.AgesMilliseconds.At(0.99), "ms", Figure.Same));
            findings.Add(Promises.JudgedOrTold($"{name}.events_lost", cost.EventsLost, "", $"of {cost.EventsRaised} raised"));
        }

        double exponent = Slope([.. costs.Where(cost => cost.Devices > 1).Select(cost => (Math.Log(cost.Devices), Math.Log(cost.Cores)))]);
        findings.Add(Figure.Told("scale.millicores_per_device", 1_000 * Slope([.. costs.Select(cost => ((double)cost.Devices, cost.Cores))]), "millicores", "slope of processor time over devices, a straight line from 1 to 256"));
        findings.Add(Figure.Told("scale.cores_exponent", exponent, "", "slope of processor time over devices, both as logarithms, from 8 to 256: 1 is in proportion"));
        findings.Add(Figure.Told("scale.memory_kb_per_device", 1_024 * Slope([.. costs.Select(cost => ((double)cost.Devices, cost.Megabytes))]), "KB", "slope of the memory that the program holds (resident) over devices"));
        findings.Add(LogLogPlot.Of("cores", "Cores that the program takes, over devices at 20 statuses a second", "devices", "cores", [.. costs.Select(cost => ((double)cost.Devices, cost.Cores))]));
        return findings;
    }

    private static async Task<Cost> MeasureAsync(int count, TimeSpan warmUp, TimeSpan span)
    {
        using Process peers = PeersProcess.Start(count);
        ConcurrentBag<Reader> readers = [];
        Task<Reader>[] connecting = [];
        try
        {
            TransportRegistry registry = TransportRegistry.CreateStandard();
            string[] addresses = await ReadLinesAsync(peers, count);
            connecting = new Task<Reader>[count];
            using SemaphoreSlim turns = new(ConnectingAtOnce);
            for (int i = 0; i < count; i++)
            {
                connecting[i] = ConnectAsync(registry, addresses[i], turns);
            }

            // In the order of the peers, whose events are told in it.
            Reader[] all = await Task.WhenAll(connecting);
            foreach (Reader reader in all)
            {
                readers.Add(reader);
            }

            await Task.Delay(warmUp);
            foreach (Reader reader in all)
            {
                reader.Forget();
            }

            TimeSpan processorBefore = Environment.CpuUsage.TotalTime;
            long startedAt = Stopwatch.GetTimestamp();
            await Task.Delay(span);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(startedAt);
            TimeSpan processor = Environment.CpuUsage.TotalTime - processorBefore;
            double[] ages = [.. all.SelectMany(reader => reader.Ages())];

            await peers.StandardInput.WriteLineAsync();
            int[] raised = [.. (await ReadLinesAsync(peers, count)).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
            for (long waited = Stopwatch.GetTimestamp(); Lost(all, raised) > 0 && Stopwatch.GetElapsedTime(waited) < LastEventsPatience;)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }

            using Process own = Process.GetCurrentProcess();
            double resident = own.WorkingSet64 / Megabyte;
            return new Cost(
                processor / elapsed, resident, GC.GetTotalMemory(forceFullCollection: true) / Megabyte, ages.Length / elapsed.TotalSeconds / count, ages, Lost(all, raised), raised.Sum(), elapsed.TotalSeconds);
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

    private static async Task<Reader> ConnectAsync(TransportRegistry registry, string address, SemaphoreSlim turns)
    {
        await turns.WaitAsync();
        try
        {
            return new Reader(await DeviceClient.ConnectAsync(await registry.OpenAsync(address)));
        }
        finally
        {
            turns.Release();
        }
    }

    private static int Lost(Reader[] readers, int[] raised) => readers.Select((reader, i) => Math.Max(0, raised[i] - reader.Events)).Sum();

    /// <summary>Of a straight line through points, by least squares.</summary>
    private static double Slope((double X, double Y)[] points)
    {
        double x = points.Average(point => point.X);
        double y = points.Average(point => point.Y);
        return points.Sum(point => (point.X - x) * (point.Y - y)) / points.Sum(point => (point.X - x) * (point.X - x));
    }

    private static async Task<string[]> ReadLinesAsync(Process peers, int count)
    {
        string[] lines = new string[count];
        for (int i = 0; i < count; i++)
        {
            lines[i] = await peers.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The peers' process has ended.");
        }

        return lines;
    }

    private sealed record Cost(
        double Cores, double Megabytes, double ManagedMegabytes, double StatusesPerSecond, IReadOnlyCollection<double> AgesMilliseconds, int EventsLost, int EventsRaised, double Seconds);

    /// <summary>One client and what it has received.</summary>
    private sealed class Reader
    {
        private readonly Lock gate = new();
        private readonly List<double> ages = [];
        private int events;

        public Reader(DeviceClient client)
        {
            Client = client;
            _ = ReadStatusesAsync();
            _ = CountEventsAsync();
        }

        public DeviceClient Client { get; }

        public int Events => Volatile.Read(ref events);

        /// <summary>Of the statuses received since <see cref="Forget"/>, milliseconds.</summary>
        public double[] Ages()
        {
            lock (gate)
            {
                return [.. ages];
            }
        }

        public void Forget()
        {
            lock (gate)
            {
                ages.Clear();
            }
        }

        private async Task ReadStatusesAsync()
        {
            await foreach (DeviceStatus status in Client.TelemetryAsync())
            {
                double age = InstantPeer.MicrosecondsSince(status.Token) / 1e3;
                lock (gate)
                {
                    ages.Add(age);
                }
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
