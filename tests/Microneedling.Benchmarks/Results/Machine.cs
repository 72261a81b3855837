using System.Runtime.InteropServices;

namespace Microneedling.Benchmarks.Results;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    /// <summary>Processor, cores, system and runtime.</summary>
    public static string Describe() =>
        $"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    /// <summary>How busy it is besides.</summary>
    public static string Load() => ReadOrNull("/proc/loadavg") is string load ? $"load {load.Split(' ')[0]} (a quiet machine: about 1 while measuring)" : "load unknown";

    private static string Processor() => ReadOrNull("/proc/cpuinfo")?
        .Split('\n')
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?
        .Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string? ReadOrNull(string path) => File.Exists(path) ? File.ReadAllText(path) : null;
}
