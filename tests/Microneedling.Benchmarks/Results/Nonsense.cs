namespace Microneedling.Benchmarks.Results;

/// <summary>What cannot be, however noisy the machine and however small the run.</summary>
internal static class Nonsense
{
    /// <summary>A line for every figure that was not measured, is no number, is below nothing, or misses a limit that depends on neither machine nor size.</summary>
    public static IEnumerable<string> In(IEnumerable<Figure> figures) => figures.Select(Of).OfType<string>();

    private static string? Of(Figure figure) => figure switch
    {
        { Value: null } => $"{figure.Name}: {figure.How}",
        { Value: double value } when !double.IsFinite(value) => $"{figure.Name}: {value} is no figure",
        { Value: < 0, Unit: "ns" or "ms" or "cores" or "x" or "bytes" or "rows/s" or "MB/s" or "/s" or "" } => $"{figure.Name}: {figure.Measured} cannot be",
        { Pass: false, DependsOnRun: false } => $"{figure.Name}: {figure.Measured}, has to be {figure.Asked}",
        _ => null,
    };
}
