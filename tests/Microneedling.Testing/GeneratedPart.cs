using System.Runtime.CompilerServices;

namespace Microneedling.Testing;

/// <summary>
/// A part of a document that is made from the code: it stands between <c>&lt;!-- name: begin --&gt;</c> and
/// <c>&lt;!-- name: end --&gt;</c>. MICRONEEDLING_UPDATE_PICTURES=1 writes it anew.
/// </summary>
public static class GeneratedPart
{
    private const string UpdateVariable = "MICRONEEDLING_UPDATE_PICTURES";

    /// <summary>Compares the part with what the code says now, or writes it anew; null when it is right, else what to do.</summary>
    /// <param name="document">The document's path from the root of the repository.</param>
    /// <param name="name">Name of the part.</param>
    /// <param name="text">What should stand there, in lines.</param>
    /// <param name="here">Filled in by the compiler.</param>
    public static string? WhatIsWrong(string document, string name, string text, [CallerFilePath] string here = "")
    {
        string path = PathOf(document);
        string whole = File.ReadAllText(path).ReplaceLineEndings("\n");
        string begin = $"<!-- {name}: begin -->\n";
        string end = $"<!-- {name}: end -->\n";
        int from = whole.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        int to = whole.IndexOf(end, StringComparison.Ordinal);
        if (from < begin.Length || to < from)
        {
            return $"{document} has no place for '{name}': it needs the lines '{begin.Trim()}' and '{end.Trim()}'.";
        }

        string wanted = $"{whole[..from]}\n{text.ReplaceLineEndings("\n").Trim('\n')}\n\n{whole[to..]}";
        if (wanted == whole)
        {
            return null;
        }

        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(path, wanted);
            return null;
        }

        return $"'{name}' in {document} is not what the code says. Write it anew: {UpdateVariable}=1 dotnet test, with the project of {Path.GetFileName(here)}.";
    }

    /// <summary>A file by its path from the root of the repository.</summary>
    public static string PathOf(string document) => Path.GetFullPath(Path.Combine(ThisFolder(), "..", "..", document));

    private static string ThisFolder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
