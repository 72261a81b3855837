namespace Microneedling.Benchmarks.Results;

internal static class FigureTable
{
    /// <summary>All figures in columns.</summary>
    public static void Print(IReadOnlyCollection<Figure> figures, TextWriter output)
    {
        int name = figures.Max(figure => figure.Name.Length);
        int measured = figures.Max(figure => figure.Measured.Length);
        int asked = figures.Max(figure => figure.Asked.Length);
        foreach (Figure figure in figures)
        {
            string verdict = figure.Pass switch { true => "met", false => "MISSED", null when figure.Limit is null => "", null => "MISSED" };
            output.WriteLine($"{figure.Name.PadRight(name)}  {figure.Measured.PadLeft(measured)}  {figure.Asked.PadLeft(asked)}  {verdict}".TrimEnd());
        }
    }
}
