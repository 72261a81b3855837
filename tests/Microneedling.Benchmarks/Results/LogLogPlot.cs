// How a cost grows: points on two logarithmic axes, and the line of growth in proportion through the last of them. SVG with its
// own colours on white.

using System.Globalization;
using System.Net;
using System.Text;

namespace Microneedling.Benchmarks.Results;

internal static class LogLogPlot
{
    private const int Width = 560;
    private const int Height = 300;
    private const int Left = 64;
    private const int Right = 20;
    private const int Top = 34;
    private const int Foot = 44;

    /// <summary>Draws it. All values are above 0.</summary>
    public static Picture Of(string name, string title, string xLabel, string yLabel, IReadOnlyList<(double X, double Y)> points)
    {
        (double X, double Y) last = points[^1];
        double leastX = Math.Log10(points.Min(point => point.X));
        double mostX = Math.Log10(points.Max(point => point.X));
        double leastY = Math.Floor(Math.Log10(points.Min(point => point.Y)));
        double mostY = Math.Ceiling(Math.Log10(points.Max(point => point.Y)));
        double X(double value) => Left + ((Width - Left - Right) * (Math.Log10(value) - leastX) / (mostX - leastX));
        double Y(double value) => Height - Foot - ((Height - Foot - Top) * (Math.Log10(value) - leastY) / (mostY - leastY));
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Text(title)}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/><text x=\"{Left}\" y=\"20\" font-weight=\"600\" fill=\"#1c2a33\">{Text(title)}</text>");
        for (double power = leastY; power <= mostY; power++)
        {
            double tick = Math.Pow(10, power);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):0.#}\" y2=\"{Y(tick):0.#}\" stroke=\"#dfe6ea\"/><text x=\"{Left - 6}\" y=\"{Y(tick) + 4:0.#}\" text-anchor=\"end\" fill=\"#4d5f6c\">{tick:0.####}</text>");
        }

        double inProportion = Math.Max(last.Y * points[0].X / last.X, Math.Pow(10, leastY));
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(last.X * inProportion / last.Y):0.#}\" y1=\"{Y(inProportion):0.#}\" x2=\"{X(last.X):0.#}\" y2=\"{Y(last.Y):0.#}\" stroke=\"#4d5f6c\" stroke-dasharray=\"5 4\"/>");
        foreach ((double x, double y) in points)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(x):0.#}\" cy=\"{Y(y):0.#}\" r=\"4\" fill=\"#0b4f8a\"/><text x=\"{X(x):0.#}\" y=\"{Height - Foot + 16}\" text-anchor=\"middle\" fill=\"#4d5f6c\">{x:0.##}</text>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\" fill=\"#1c2a33\">{Text(xLabel)}; dashed: in proportion</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text transform=\"translate(16 {(Top + Height - Foot) / 2}) rotate(-90)\" text-anchor=\"middle\" fill=\"#1c2a33\">{Text(yLabel)}</text>");
        return new Picture(name, title, svg.Append("</svg>").ToString());
    }

    private static string Text(string words) => WebUtility.HtmlEncode(words);
}
