namespace Microneedling.Hil.Tests;

internal static class Statistics
{
    /// <summary>The value below which so much of them lies, 0 … 1.</summary>
    public static double At(this IReadOnlyCollection<double> values, double part) =>
        values.Count == 0 ? double.NaN : values.Order().ElementAt(Math.Clamp((int)Math.Ceiling(part * values.Count) - 1, 0, values.Count - 1));

    public static double Sigma(this IReadOnlyCollection<double> values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Count - 1));
    }
}
