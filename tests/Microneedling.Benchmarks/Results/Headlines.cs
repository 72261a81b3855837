// The few figures that the README shows, written there by the command that measures them.

using System.Text;

namespace Microneedling.Benchmarks.Results;

internal static class Headlines
{
    private const string Begin = "<!-- written by the benchmarks -->";
    private const string End = "<!-- to here -->";

    private static readonly (string Words, string[] Names)[] Rows =
    [
        ("STOP byte to the last step pulse, longest of 10 000: quiet platform; worst platform", ["stop.byte.max_ms.nominal", "stop.byte.max_ms.worst"]),
        ("depth of each stroke against what was accepted, p99, on devices with play, noise and drift; rate of each stroke, p99", ["depth.error.p99_um.dynamic", "rate.error.p99_percent.dynamic"]),
        ("strokes in random campaigns with faults of every kind; violations of what must always hold", ["campaign.strokes", "campaign.violations"]),
        ("STOP tapped in the browser to the byte on the line, p99", ["tablet.stop.p99_ms"]),
        ("recording program killed at random moments; acknowledged rows lost", ["record.powercuts.tried", "record.powercuts.lost"]),
    ];

    /// <summary>The README with these figures in place of those that it had; a row that was never measured is left out.</summary>
    public static string In(string readme, IReadOnlyCollection<Figure> figures)
    {
        int begin = readme.IndexOf(Begin, StringComparison.Ordinal);
        int end = readme.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            return readme;
        }

        StringBuilder table = new(Begin + "\n| | measured | limit |\n| --- | ---: | ---: |\n");
        foreach ((string words, string[] names) in Rows.Where(row => row.Names.All(name => figures.Any(figure => figure.Name == name))))
        {
            Figure[] row = [.. names.Select(name => figures.Single(figure => figure.Name == name))];
            table.Append("| ").Append(words).Append(" | ").AppendJoin("; ", row.Select(figure => figure.Measured)).Append(" | ").AppendJoin("; ", row.Select(figure => figure.Asked)).Append(" |\n");
        }

        return readme[..begin] + table + readme[end..];
    }
}
