// A scatter of points with limits, as SVG that reads on screen and on paper in any theme: its colours are its own.

using System.Globalization;
using System.Net;
using System.Text;

namespace Microneedling.Qa.Reports;

/// <summary>Draws <see cref="PlotData"/>.</summary>
public static class PlotSvg
{
    private const double Width = 640;
    private const double Height = 240;
    private const double Left = 64;
    private const double Right = 12;
    private const double Top = 26;
    private const double Foot = 40;

    private static readonly int[] Grains = [1, 2, 5, 10];

    /// <summary>The plot as an SVG element.</summary>
    public static string Draw(PlotData plot)
    {
        ArgumentNullException.ThrowIfNull(plot);
        var (leastX, mostX) = Range(plot.X);
        var (leastY, mostY) = Range([.. plot.Y, .. plot.Limits]);
        double X(double value) => Left + ((Width - Left - Right) * (value - leastX) / (mostX - leastX));
        double Y(double value) => Height - Foot - ((Height - Foot - Top) * (value - leastY) / (mostY - leastY));
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Text(plot.Title)}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/><text x=\"{Left}\" y=\"16\" font-weight=\"600\" fill=\"#1c2a33\">{Text(plot.Title)}</text>");
        foreach (var tick in Ticks(leastY, mostY))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):0.#}\" y2=\"{Y(tick):0.#}\" stroke=\"#dfe6ea\"/><text x=\"{Left - 6}\" y=\"{Y(tick) + 4:0.#}\" text-anchor=\"end\" fill=\"#4d5f6c\">{Number.Of(tick)}</text>");
        }

        foreach (var tick in Ticks(leastX, mostX))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(tick):0.#}\" y=\"{Height - Foot + 16}\" text-anchor=\"middle\" fill=\"#4d5f6c\">{Number.Of(tick)}</text>");
        }

        foreach (var limit in plot.Limits)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(limit):0.#}\" y2=\"{Y(limit):0.#}\" stroke=\"#b3261e\" stroke-dasharray=\"6 4\"/>");
        }

        for (var i = 0; i < plot.X.Count; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(plot.X[i]):0.#}\" cy=\"{Y(plot.Y[i]):0.#}\" r=\"2.5\" fill=\"#0b4f8a\" fill-opacity=\"0.55\"/>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 6}\" text-anchor=\"middle\" fill=\"#1c2a33\">{Text(plot.XLabel)}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text transform=\"translate(14 {(Top + Height - Foot) / 2}) rotate(-90)\" text-anchor=\"middle\" fill=\"#1c2a33\">{Text(plot.YLabel)}</text>");
        return svg.Append("</svg>").ToString();
    }

    private static (double Least, double Most) Range(IReadOnlyList<double> values)
    {
        var (least, most) = values.Count == 0 ? (0, 1) : (values.Min(), values.Max());
        var room = most > least ? (most - least) * 0.06 : 1;
        return (least - room, most + room);
    }

    private static IEnumerable<double> Ticks(double least, double most)
    {
        var raw = (most - least) / 6;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = Grains.First(one => one * power >= raw) * power;
        for (var index = Math.Ceiling(least / step); index * step <= most; index++)
        {
            yield return Math.Round(index * step, 9) + 0.0; // Never a negative zero.
        }
    }

    private static string Text(string words) => WebUtility.HtmlEncode(words);
}
