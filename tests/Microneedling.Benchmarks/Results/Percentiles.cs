namespace Microneedling.Benchmarks.Results;

/// <summary>Percentiles of what was measured: always a value that occurred, never one in between.</summary>
internal static class Percentiles
{
    /// <summary>The smallest value that a part of all values, 0 … 1, does not exceed; not a number when there are none.</summary>
    public static double At(this IReadOnlyCollection<double> values, double part)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
