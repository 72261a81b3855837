using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Microneedling.Benchmarks.Tablet;

/// <summary>What the program and the page hold on to, all that nobody needs any more thrown away first.</summary>
/// <param name="HeapMegabytes">The program's managed heap.</param>
/// <param name="PrivateMegabytes">The program's own memory, as the system counts it.</param>
/// <param name="PageHeapMegabytes">The page's script heap.</param>
/// <param name="Nodes">The page's document nodes, those not in the document too.</param>
/// <param name="Listeners">The page's event listeners.</param>
internal sealed record MemoryLook(double HeapMegabytes, double PrivateMegabytes, double PageHeapMegabytes, double Nodes, double Listeners)
{
    private const double Megabyte = 1e6;

    /// <summary>Looks.</summary>
    public static async Task<MemoryLook> TakeAsync(ICDPSession session)
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        double heap = GC.GetTotalMemory(forceFullCollection: true) / Megabyte;
        await session.SendAsync("HeapProfiler.collectGarbage");
        JsonElement usage = (await session.SendAsync("Runtime.getHeapUsage"))!.Value;
        JsonElement document = (await session.SendAsync("Memory.getDOMCounters"))!.Value;
        return new MemoryLook(
            heap, PrivateBytes() / Megabyte, usage.GetProperty("usedSize").GetDouble() / Megabyte, document.GetProperty("nodes").GetDouble(), document.GetProperty("jsEventListeners").GetDouble());
    }

    /// <summary>What the process holds beside files; 0 where the system does not tell it so.</summary>
    private static double PrivateBytes() => File.Exists("/proc/self/status")
        ? 1024 * double.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("RssAnon:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
        : 0;
}
