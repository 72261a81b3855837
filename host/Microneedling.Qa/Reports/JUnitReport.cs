using System.Globalization;
using System.Xml.Linq;

namespace Microneedling.Qa.Reports;

/// <summary>A run for build servers.</summary>
public static class JUnitReport
{
    /// <summary>As JUnit's XML.</summary>
    public static string Of(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        XElement suite = new(
            "testsuite",
            new XAttribute("name", "microneedling-qa"),
            new XAttribute("tests", report.Scenarios.Count),
            new XAttribute("failures", report.Scenarios.Count(scenario => scenario.Verdict == Verdict.Failed)),
            new XAttribute("skipped", report.Scenarios.Count(scenario => scenario.Verdict == Verdict.Skipped)),
            new XAttribute("timestamp", report.StartedAtUtc.UtcDateTime.ToString("s", CultureInfo.InvariantCulture)),
            report.Scenarios.Select(scenario => new XElement(
                "testcase",
                new XAttribute("classname", scenario.Id[..Math.Max(0, scenario.Id.LastIndexOf('.'))]),
                new XAttribute("name", scenario.Title),
                new XAttribute("time", scenario.DeviceSeconds.ToString("0.###", CultureInfo.InvariantCulture)),
                scenario.Verdict switch
                {
                    Verdict.Failed => new XElement("failure", new XAttribute("message", Clean(scenario.Reason ?? "")), Clean(string.Join('\n', scenario.Trace))),
                    Verdict.Skipped => new XElement("skipped", new XAttribute("message", Clean(scenario.Reason ?? ""))),
                    _ => null,
                },
                new XElement("system-out", Clean(string.Join('\n', scenario.Criteria.Select(criterion =>
                    $"{(criterion.IsMet ? "met   " : "MISSED")} {criterion.Name}: {Number.Of(criterion.Value) ?? "nothing"} {criterion.Unit}")))))));
        return new XDocument(suite).ToString() + "\n";
    }

    /// <summary>Without what XML cannot hold.</summary>
    private static string Clean(string text) => string.Concat(text.Where(System.Xml.XmlConvert.IsXmlChar));
}
