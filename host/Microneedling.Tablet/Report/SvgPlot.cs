// Plots for paper, drawn here as SVG so that no script is needed. Decides geometry; colours are the style sheet's.
//
//   ┌ marks: one band for each pass, numbered ┐
//   │ y axis │ lines, gaps stay gaps          │      downwards: depth grows towards the foot, as needles go
//   └────────┴ x axis: minutes and seconds ───┘

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Microneedling.Tablet.Report;

/// <summary>A value axis: from, to, and a tick at every multiple.</summary>
public sealed record PlotAxis(double Least, double Most, double Every);

/// <summary>A line: its class in the style sheet, and its values; null is a gap.</summary>
public sealed record PlotLine(string Class, IReadOnlyList<double?> Values);

/// <summary>A span of time to mark.</summary>
public sealed record PlotMark(string Label, double FromSeconds, double ToSeconds);

/// <summary>Draws lines over time.</summary>
public static class SvgPlot
{
    private const double Width = 720;
    private const double Left = 44;
    private const double Right = 18;
    private const double Top = 16;
    private const double Foot = 20;

    /// <summary>Times between two values that count as a gap.</summary>
    private const double GapSeconds = 2;

    private static readonly double[] TimeGrains = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

    /// <summary>The plot as an SVG element.</summary>
    /// <param name="label">What it shows, for those who cannot see it.</param>
    /// <param name="seconds">Times of the values; never falling.</param>
    /// <param name="axis">The value axis.</param>
    /// <param name="isDownwards">Whether values grow downwards.</param>
    /// <param name="lines">What is drawn, as many values each as there are times.</param>
    /// <param name="marks">Spans behind the lines.</param>
    /// <param name="height">Height, in units of which 720 are the width.</param>
    public static string Draw(string label, IReadOnlyList<double> seconds, PlotAxis axis, bool isDownwards, IReadOnlyList<PlotLine> lines, IReadOnlyList<PlotMark> marks, double height = 190)
    {
        ArgumentNullException.ThrowIfNull(seconds);
        ArgumentNullException.ThrowIfNull(axis);
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(marks);
        double last = Math.Max(1, seconds.Count == 0 ? 1 : seconds[^1]);
        double bottom = height - Foot;
        double X(double second) => Left + ((Width - Left - Right) * second / last);
        double Y(double value)
        {
            double part = (Math.Clamp(value, axis.Least, axis.Most) - axis.Least) / (axis.Most - axis.Least);
            return isDownwards ? Top + (part * (bottom - Top)) : bottom - (part * (bottom - Top));
        }

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"plot-svg\" role=\"img\" viewBox=\"0 0 {Width} {height}\" aria-label=\"{HtmlEncoder.Default.Encode(label)}\">");
        foreach (var mark in marks)
        {
            double from = X(mark.FromSeconds);
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"plot-mark\" x=\"{from:0.##}\" y=\"{Top}\" width=\"{Math.Max(1, X(mark.ToSeconds) - from):0.##}\" height=\"{bottom - Top:0.##}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"plot-label\" x=\"{from + 2:0.##}\" y=\"{Top - 4}\">{HtmlEncoder.Default.Encode(mark.Label)}</text>");
        }

        for (double value = Math.Ceiling(axis.Least / axis.Every) * axis.Every; value <= axis.Most + 1e-9; value += axis.Every)
        {
            double y = Y(value);
            string kind = Math.Abs(value) < 1e-9 && isDownwards ? "plot-datum" : "plot-grid";
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"{kind}\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.##}\" y2=\"{y:0.##}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"plot-tick\" text-anchor=\"end\" x=\"{Left - 5}\" y=\"{y + 4:0.##}\">{Number(value)}</text>");
        }

        double grain = TimeGrains.FirstOrDefault(one => last / one <= 12, TimeGrains[^1]);
        for (double second = 0; second <= last; second += grain)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"plot-tick\" text-anchor=\"middle\" x=\"{X(second):0.##}\" y=\"{height - 5}\">{TimeSpan.FromSeconds(second):m\\:ss}</text>");
        }

        foreach (var line in lines)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"plot-line {line.Class}\" fill=\"none\" d=\"{PathOf(seconds, line.Values, X, Y)}\"/>");
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>
    /// The line, with at most four points to a column of paper: first, least, most, last. So a peak is never lost, and an
    /// hour of values draws as fast as a minute.
    /// </summary>
    private static string PathOf(IReadOnlyList<double> seconds, IReadOnlyList<double?> values, Func<double, double> x, Func<double, double> y)
    {
        var path = new StringBuilder();
        int index = 0;
        bool isOpen = false;
        double before = double.NegativeInfinity;
        while (index < values.Count)
        {
            if (values[index] is null || seconds[index] - before > GapSeconds)
            {
                isOpen = false;
            }

            if (values[index] is null)
            {
                index++;
                continue;
            }

            int begin = index;
            int column = (int)x(seconds[index]);
            int least = index;
            int most = index;
            while (index < values.Count && values[index] is { } value && (int)x(seconds[index]) == column && (index == begin || seconds[index] - seconds[index - 1] <= GapSeconds))
            {
                least = value < values[least] ? index : least;
                most = value > values[most] ? index : most;
                index++;
            }

            foreach (int point in new SortedSet<int> { begin, least, most, index - 1 })
            {
                path.Append(CultureInfo.InvariantCulture, $"{(isOpen ? 'L' : 'M')}{x(seconds[point]):0.#} {y(values[point]!.Value):0.#}");
                isOpen = true;
            }

            before = seconds[index - 1];
        }

        return path.ToString();
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture).Replace('-', '−');
}
