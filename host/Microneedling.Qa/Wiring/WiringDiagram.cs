// The wiring as a picture: a panel for each section, a row for each connection, drawn in the colour of its kind. What feeds is at
// the left, what is fed at the right, the net between. Reads on screen and on paper in any theme.

using System.Globalization;
using System.Net;
using System.Text;

namespace Microneedling.Qa.Wiring;

/// <summary>Draws a <see cref="WiringPlan"/>.</summary>
public static class WiringDiagram
{
    private const int Columns = 2;
    private const int PanelWidth = 520;
    private const int RowHeight = 22;
    private const int Gap = 20;
    private const int TitleHeight = 30;
    private const int TitleLineHeight = 16;
    private const int TitleLetters = 68;
    private const int PinWidth = 104;
    private const int LegendHeight = 56;

    private static readonly Dictionary<NetKind, string> Colors = new()
    {
        [NetKind.Power] = "#b3261e",
        [NetKind.Ground] = "#4d5f6c",
        [NetKind.Signal] = "#0b4f8a",
        [NetKind.Safety] = "#b25e00",
        [NetKind.Serial] = "#5d3a9b",
        [NetKind.Motor] = "#0a5c36",
    };

    /// <summary>The picture as SVG.</summary>
    /// <param name="plan">What is drawn.</param>
    /// <param name="title">Whose wiring it is.</param>
    public static string Draw(WiringPlan plan, string title)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var heights = new int[Columns];
        StringBuilder panels = new();
        foreach (var section in plan.Connections.GroupBy(one => one.Section))
        {
            var column = Array.IndexOf(heights, heights.Min());
            heights[column] += Panel(panels, section.Key, [.. section], Gap + (column * (PanelWidth + Gap)), LegendHeight + heights[column]) + Gap;
        }

        var width = Gap + (Columns * (PanelWidth + Gap));
        var height = LegendHeight + heights.Max();
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{Text(title)}\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Gap}\" y=\"24\" font-size=\"17\" font-weight=\"600\" fill=\"#1c2a33\">{Text(title)}</text>\n");
        var x = Gap;
        foreach (var (kind, color) in Colors)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x}\" x2=\"{x + 24}\" y1=\"42\" y2=\"42\" stroke=\"{color}\" stroke-width=\"{Thickness(kind)}\"/><text x=\"{x + 30}\" y=\"46\" fill=\"#1c2a33\">{kind.ToString().ToLowerInvariant()}</text>\n");
            x += 110;
        }

        return svg.Append(panels).Append("</svg>\n").ToString();
    }

    /// <summary>Draws a section; returns how high it is.</summary>
    private static int Panel(StringBuilder svg, string title, IReadOnlyList<Connection> rows, int left, int top)
    {
        var lines = Lines(title);
        var head = TitleHeight + ((lines.Count - 1) * TitleLineHeight);
        var height = head + (rows.Count * RowHeight) + 8;
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left}\" y=\"{top}\" width=\"{PanelWidth}\" height=\"{height}\" rx=\"8\" fill=\"#f4f7f9\" stroke=\"#c9d4da\"/>\n");
        for (var i = 0; i < lines.Count; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + 12}\" y=\"{top + 20 + (i * TitleLineHeight)}\" font-weight=\"600\" fill=\"#1c2a33\">{Text(lines[i])}</text>\n");
        }

        for (var i = 0; i < rows.Count; i++)
        {
            var middle = top + head + (i * RowHeight) + 9;
            var (row, color) = (rows[i], Colors[rows[i].Kind]);
            var (lineFrom, lineTo) = (left + 12 + PinWidth, left + PanelWidth - 12 - PinWidth);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{lineFrom}\" x2=\"{lineTo - 5}\" y1=\"{middle}\" y2=\"{middle}\" stroke=\"{color}\" stroke-width=\"{Thickness(row.Kind)}\"/><path d=\"M{lineTo} {middle}l-7 -4v8z\" fill=\"{color}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(lineFrom + lineTo) / 2}\" y=\"{middle - 4}\" text-anchor=\"middle\" font-size=\"10\" fill=\"{color}\">{Text(row.Net)}</text>");
            Pin(row.From, left + 12);
            Pin(row.To, lineTo);
            svg.Append('\n');

            void Pin(PartPin pin, int x) => svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{middle - 8}\" width=\"{PinWidth}\" height=\"17\" rx=\"3\" fill=\"#fff\" stroke=\"{color}\"/><text x=\"{x + (PinWidth / 2)}\" y=\"{middle + 4}\" text-anchor=\"middle\" fill=\"#1c2a33\">{Text(pin.ToString())}</text>");
        }

        return height;
    }

    private static List<string> Lines(string title)
    {
        List<string> lines = [""];
        foreach (var word in title.Split(' '))
        {
            if (lines[^1].Length + word.Length > TitleLetters)
            {
                lines.Add("");
            }

            lines[^1] = lines[^1].Length == 0 ? word : $"{lines[^1]} {word}";
        }

        return lines;
    }

    private static int Thickness(NetKind kind) => kind == NetKind.Safety ? 3 : 2;

    private static string Text(string words) => WebUtility.HtmlEncode(words);
}
