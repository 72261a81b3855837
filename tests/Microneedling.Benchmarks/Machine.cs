using System.Globalization;
using System.Runtime.InteropServices;

namespace Microneedling.Benchmarks;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    /// <summary>Processor, cores, system and runtime, and how busy the machine was besides.</summary>
    public static string Describe() =>
        $"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}{Load()}";

    private static string Processor() => ReadOrNull("/proc/cpuinfo")?
        .Split('\n')
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?
        .Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string Load() => ReadOrNull("/proc/loadavg") is string load
        ? string.Create(CultureInfo.InvariantCulture, $", load {load.Split(' ')[0]} (a quiet machine: about 1 while measuring)")
        : "";

    private static string? ReadOrNull(string path) => File.Exists(path) ? File.ReadAllText(path) : null;
}
