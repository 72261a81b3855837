// Histograms one below the other, each over its own range: how often which value occurred, on a logarithmic axis, so that one
// stop in ten thousand is seen. SVG with its own colours on white.

using System.Globalization;
using System.Net;
using System.Text;

namespace Microneedling.Benchmarks.Results;

internal static class Histogram
{
    private const int Bins = 80;
    private const int Width = 760;
    private const int Left = 14;
    private const int Right = 14;
    private const int Head = 34;
    private const int RowHeight = 92;
    private const int Foot = 20;
    private const int BarsHeight = 46;
    private const int BarsTop = 22;

    /// <summary>Draws them.</summary>
    /// <param name="name">Of the picture's file.</param>
    /// <param name="title">What all show.</param>
    /// <param name="unit">Of the values.</param>
    /// <param name="rows">Each with its own words.</param>
    public static Picture Of(string name, string title, string unit, IReadOnlyList<(string Words, IReadOnlyList<double> Values)> rows)
    {
        StringBuilder svg = new();
        int height = Head + (rows.Count * RowHeight) + Foot;
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"{Text(title)}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{height}\" fill=\"#fff\"/><text x=\"{Left}\" y=\"20\" font-weight=\"600\" fill=\"#1c2a33\">{Text(title)}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right}\" y=\"{height - 8}\" text-anchor=\"end\" fill=\"#4d5f6c\">height of a bar: logarithm of how many</text>");
        for (int row = 0; row < rows.Count; row++)
        {
            Draw(svg, Head + (row * RowHeight), rows[row].Words, unit, rows[row].Values);
        }

        return new Picture(name, title, svg.Append("</svg>").ToString());
    }

    private static void Draw(StringBuilder svg, int top, string words, string unit, IReadOnlyList<double> values)
    {
        double least = values.Min();
        double most = values.Max() > least ? values.Max() : least + 1;
        int[] counts = new int[Bins];
        foreach (double value in values)
        {
            counts[Math.Min(Bins - 1, (int)(Bins * (value - least) / (most - least)))]++;
        }

        double scale = BarsHeight / Math.Log10(10.0 * counts.Max());
        double bar = (Width - Left - Right) / (double)Bins;
        int ground = top + BarsTop + BarsHeight;
        int decimals = Math.Clamp(2 - (int)Math.Floor(Math.Log10(most - least)), 0, 6);
        string Number(double value) => (Math.Round(value, decimals) + 0.0).ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{top + 14}\" fill=\"#1c2a33\">{Text(words)}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right}\" y=\"{top + 14}\" text-anchor=\"end\" fill=\"#4d5f6c\">{values.Count} values, p50 {Number(values.At(0.5))}, p99 {Number(values.At(0.99))}, max {Number(values.Max())} {unit}</text>");
        for (int i = 0; i < Bins; i++)
        {
            double tall = counts[i] == 0 ? 0 : Math.Log10(10.0 * counts[i]) * scale;
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left + (i * bar):0.0}\" y=\"{ground - tall:0.0}\" width=\"{bar - 1:0.0}\" height=\"{tall:0.0}\" fill=\"#0b4f8a\"/>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{ground}\" y2=\"{ground}\" stroke=\"#4d5f6c\"/>");
        foreach (double part in new[] { 0, 0.25, 0.5, 0.75, 1 })
        {
            string anchor = part == 0 ? "start" : part == 1 ? "end" : "middle";
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left + (part * (Width - Left - Right)):0.0}\" y=\"{ground + 14}\" text-anchor=\"{anchor}\" fill=\"#4d5f6c\">{Number(least + (part * (most - least)))}</text>");
        }
    }

    private static string Text(string words) => WebUtility.HtmlEncode(words);
}
