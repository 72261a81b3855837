using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microneedling.Protocol;

namespace Microneedling.Firmware.Tests.FaultTable;

/// <summary>The document shows the very table that the tests make true. MICRONEEDLING_UPDATE_PICTURES=1 writes it anew.</summary>
public sealed class FaultTableDocumentTests
{
    private const string Begin = "<!-- faults: begin -->\n";
    private const string End = "<!-- faults: end -->\n";

    private static string PathOf([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "hardware-docs", "simulated-bench.md");

    [Fact]
    public void The_document_shows_the_table_that_is_tested()
    {
        string document = File.ReadAllText(PathOf()).ReplaceLineEndings("\n");
        int from = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int to = document.IndexOf(End, StringComparison.Ordinal);
        Assert.True(from > Begin.Length && to >= from, "simulated-bench.md has no place for the table.");
        string wanted = document[..from] + Table() + document[to..];
        if (Environment.GetEnvironmentVariable("MICRONEEDLING_UPDATE_PICTURES") == "1")
        {
            File.WriteAllText(PathOf(), wanted);
        }

        Assert.True(wanted == document || Environment.GetEnvironmentVariable("MICRONEEDLING_UPDATE_PICTURES") == "1", "The table in simulated-bench.md is not the tested one. Write it anew with MICRONEEDLING_UPDATE_PICTURES=1.");
    }

    private static string Table()
    {
        var table = new StringBuilder();
        foreach (var rows in FaultRows.All.GroupBy(row => row.In))
        {
            table.Append(CultureInfo.InvariantCulture, $"\n### {rows.Key}\n| what happens | the device is | fault | within | in the end | tips stay in from |\n| --- | --- | --- | --- | --- | --- |\n");
            foreach (var row in rows)
            {
                string fault = row.Fault == FaultCode.None ? "–" : $"{(int)row.Fault} {row.Fault}";
                string tips = row.TipsInMilliseconds == 0 ? "not asked" : $"{row.TipsInMilliseconds} ms";
                table.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {row.State} | {fault} | {row.WithinMilliseconds} ms | {InWords(row.Ends)} | {tips} |\n");
            }
        }

        return table.Append('\n').ToString();
    }

    private static string InWords(Ending ending) => ending switch
    {
        Ending.GoesOn => "goes on",
        Ending.Parked => "parked, drivers off",
        _ => "drivers off, stage where it came to",
    };
}
