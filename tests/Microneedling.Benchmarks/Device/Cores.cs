namespace Microneedling.Benchmarks.Device;

internal static class Cores
{
    /// <summary>One board on each core.</summary>
    public static ParallelOptions All { get; } = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };
}
