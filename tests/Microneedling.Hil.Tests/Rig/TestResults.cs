using System.Xml.Linq;
using Microneedling.Qa.Reports;

namespace Microneedling.Hil.Tests;

/// <summary>How tests went the last time, from the .trx files of `dotnet test`.</summary>
internal static class TestResults
{
    /// <summary>By class and method; of a theory the worst of its cases.</summary>
    public static Dictionary<string, Verdict> Read(string folder)
    {
        Dictionary<string, Verdict> verdicts = new(StringComparer.Ordinal);
        if (!Directory.Exists(folder))
        {
            return verdicts;
        }

        foreach (string file in Directory.EnumerateFiles(folder, "*.trx", SearchOption.AllDirectories).OrderBy(File.GetLastWriteTimeUtc))
        {
            var root = XDocument.Load(file).Root!;
            var name = root.Name.Namespace;
            foreach (var result in root.Descendants(name + "UnitTestResult").GroupBy(one => MethodOf((string)one.Attribute("testName")!)))
            {
                verdicts[result.Key] = result.Select(one => VerdictOf((string?)one.Attribute("outcome"))).MaxBy(verdict => verdict == Verdict.Failed ? 2 : verdict == Verdict.Skipped ? 1 : 0);
            }
        }

        return verdicts;
    }

    private static string MethodOf(string testName) => testName.Split('(', 2)[0];

    private static Verdict VerdictOf(string? outcome) => outcome switch
    {
        "Passed" => Verdict.Passed,
        "NotExecuted" => Verdict.Skipped,
        _ => Verdict.Failed,
    };
}
