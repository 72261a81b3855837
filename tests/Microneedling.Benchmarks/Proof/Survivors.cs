// Faults that no test notices, each with the reason why: survivors.tsv, with the columns file, member, line of the source,
// what stands in place of a part of it, reason. A line that is edited needs its reason anew.

using System.Text.RegularExpressions;

namespace Microneedling.Benchmarks.Proof;

/// <summary>A fault put into a source file.</summary>
/// <param name="File">Name of the file.</param>
/// <param name="Member">The method, property or field in it.</param>
/// <param name="Line">The line of the source where it begins.</param>
/// <param name="Fault">What stands there instead of a part of it.</param>
/// <param name="IsNoticed">Whether a test has failed.</param>
internal sealed record Mutant(string File, string Member, string Line, string Fault, bool IsNoticed);

internal static partial class Survivors
{
    private static readonly HashSet<string> Explained =
    [
        .. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "survivors.tsv"))
            .Select(line => line.Split('\t'))
            .Where(columns => columns is [_, _, _, _, { Length: > 0 }])
            .Select(columns => string.Join('\t', columns[..4])),
    ];

    public static bool Explains(Mutant mutant) => Explained.Contains(Row(mutant));

    /// <summary>The member of a class that a line of its source is in.</summary>
    public static string MemberAt(string[] source, int index)
    {
        for (; index >= 0; index--)
        {
            if (Declaration().Match(source[index]) is { Success: true } declared)
            {
                return declared.Groups[1].Value;
            }
        }

        return "";
    }

    /// <summary>A line of a source; one that says nothing by itself, with what stands before it.</summary>
    public static string LineAt(string[] source, int index) => source[index].Trim() switch
    {
        "{" => LineAt(source, index - 1),
        "return;" => LineAt(source, index - 1) + " return;",
        var line => line,
    };

    /// <summary>Its row in the table, without the reason.</summary>
    public static string Row(Mutant mutant) => string.Join('\t', mutant.File, mutant.Member, mutant.Line, mutant.Fault);

    [GeneratedRegex(@"^\s*(?:public|private|protected|internal)\b[^=(]*?(\w+)\s*(?:[({=;]|$)")]
    private static partial Regex Declaration();
}
