using Microneedling.Qa.Reports;
using Microneedling.Qa.Traceability;

namespace Microneedling.Hil.Tests;

/// <summary>Where a run's report lies: report.html, report.json and junit.xml in a folder named after the run.</summary>
internal static class ReportFolder
{
    public static void Write(RunReport report)
    {
        string folder = Path.Combine(QaSettings.ReportFolder, report.RunId);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "report.json"), report.ToJson());
        File.WriteAllText(Path.Combine(folder, "junit.xml"), JUnitReport.Of(report));
        File.WriteAllText(Path.Combine(folder, "report.html"), HtmlReport.Of(report, Requirements(), TestsOf(report)));
        Console.WriteLine($"Report: {Path.Combine(folder, "report.html")}");
    }

    public static RequirementList Requirements() => RequirementList.Parse(File.ReadAllText(Path.Combine(QaSettings.Repository(), "hardware-docs", "requirements.yml")));

    /// <summary>The tests of a requirement; how they went is known of this run's scenarios, and of others when their results lie in artifacts/test-results.</summary>
    public static Func<string, IReadOnlyList<TestOutcome>> TestsOf(RunReport report)
    {
        var outcomes = TestResults.Read(Path.Combine(QaSettings.Repository(), "artifacts", "test-results"));
        foreach (var scenario in report.Scenarios)
        {
            outcomes[$"{typeof(ReportFolder).Namespace}.{scenario.Id}"] = scenario.Verdict;
        }

        var evidence = EvidenceList.All().ToLookup(one => one.Requirement, one => one.Test);
        return requirement => [.. evidence[requirement].Order(StringComparer.Ordinal).Select(test => new TestOutcome(test, outcomes.TryGetValue(test, out var verdict) ? verdict : null))];
    }
}
