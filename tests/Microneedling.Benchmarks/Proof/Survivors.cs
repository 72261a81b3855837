// Faults that no test notices, each with the reason why: survivors.tsv, with the columns file, line of the source, what
// stands in place of a part of it, reason. A line that is edited needs its reason anew.

namespace Microneedling.Benchmarks.Proof;

/// <summary>A fault put into a source file.</summary>
/// <param name="File">Name of the file.</param>
/// <param name="Line">The line of the source where it begins.</param>
/// <param name="Fault">What stands there instead of a part of it.</param>
/// <param name="IsNoticed">Whether a test has failed.</param>
internal sealed record Mutant(string File, string Line, string Fault, bool IsNoticed);

internal static class Survivors
{
    private static readonly HashSet<string> Explained =
    [
        .. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "survivors.tsv"))
            .Select(line => line.Split('\t'))
            .Where(columns => columns is [_, _, _, { Length: > 0 }])
            .Select(columns => string.Join('\t', columns[..3])),
    ];

    public static bool Explains(Mutant mutant) => Explained.Contains(Row(mutant));

    /// <summary>A line of a source; of a block that stands there, the line that begins it.</summary>
    public static string LineAt(string[] source, int index) => source[index].Trim() == "{" ? source[index - 1].Trim() : source[index].Trim();

    /// <summary>Its row in the table, without the reason.</summary>
    public static string Row(Mutant mutant) => string.Join('\t', mutant.File, mutant.Line, mutant.Fault);
}
