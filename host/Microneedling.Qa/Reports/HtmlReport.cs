// A run for people: one file, no script, prints as it reads. First whether all is well and what was judged by what, then what
// failed, then every scenario with its values, then the thread from each hazard to the tests.

using System.Globalization;
using System.Net;
using System.Text;
using Microneedling.Qa.Traceability;

namespace Microneedling.Qa.Reports;

/// <summary>A test and how it went the last time, for the matrix.</summary>
/// <param name="Name">Class and method, or more of it.</param>
/// <param name="Verdict">How it went; null: not known.</param>
public sealed record TestOutcome(string Name, Verdict? Verdict);

/// <summary>Writes a <see cref="RunReport"/> as HTML.</summary>
public static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light; font: 15px/1.45 system-ui, sans-serif; color: #1c2a33; background: #fff; }
        body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { margin: 0; } h2 { margin: 2rem 0 .5rem; border-bottom: 2px solid #dfe6ea; } h3 { margin: 1.5rem 0 .25rem; }
        table { border-collapse: collapse; width: 100%; margin: .5rem 0; } th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #dfe6ea; }
        td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .verdict { display: inline-block; padding: .1rem .6rem; border-radius: .5rem; font-weight: 600; border: 2px solid; }
        .Passed { color: #0a5c36; } .Failed { color: #b3261e; background: #fdecea; } .Skipped { color: #5b4a00; }
        .remark { border-left: 4px solid #5b4a00; padding: .4rem .8rem; background: #fff8e1; }
        .matrix { table-layout: fixed; font-size: .85em; } .matrix td { overflow-wrap: anywhere; } .matrix th:nth-child(1) { width: 24%; } .matrix th:nth-child(2) { width: 27%; } .matrix th:nth-child(3) { width: 13%; }
        pre { background: #f4f7f9; padding: .6rem; overflow-x: auto; font-size: 12px; white-space: pre-wrap; } svg { max-width: 100%; height: auto; }
        @media print { body { margin: 0; max-width: none; } h3, tr, svg { break-inside: avoid; } pre { font-size: 9px; } @page { size: A4; margin: 15mm; } }
        """;

    /// <summary>The whole page.</summary>
    /// <param name="report">The run.</param>
    /// <param name="requirements">The thread's beginning; null: without the matrix.</param>
    /// <param name="tests">For a requirement's id, the tests that name it.</param>
    public static string Of(RunReport report, RequirementList? requirements = null, Func<string, IReadOnlyList<TestOutcome>>? tests = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        StringBuilder html = new();
        var verdict = report.IsGood ? Verdict.Passed : Verdict.Failed;
        html.Append(CultureInfo.InvariantCulture, $"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>QA run {Text(report.RunId)}</title><style>\n{Style}\n</style></head><body>\n");
        html.Append(CultureInfo.InvariantCulture, $"<h1>QA run {Text(report.RunId)}</h1><p><span class=\"verdict {verdict}\">{verdict}</span> {Count(report, Verdict.Passed)} passed, {Count(report, Verdict.Failed)} failed, {Count(report, Verdict.Skipped)} skipped</p>\n");
        html.Append("<p class=\"remark\">A prototype platform, not a cleared medical device. Every value is the instrument's, never the firmware's own word.</p>\n");
        Facts(html, report);
        var failed = report.Scenarios.Where(scenario => scenario.Verdict == Verdict.Failed).ToList();
        if (failed.Count > 0)
        {
            html.Append("<h2>What failed</h2>\n<ul>");
            failed.ForEach(scenario => html.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#{Anchor(scenario)}\">{Text(scenario.Title)}</a>: {Text(scenario.Reason ?? "")}</li>"));
            html.Append("</ul>\n");
        }

        html.Append("<h2>Scenarios</h2>\n");
        foreach (var scenario in report.Scenarios)
        {
            Scenario(html, scenario);
        }

        if (requirements is not null && tests is not null)
        {
            Matrix(html, requirements, tests);
        }

        return html.Append("</body></html>\n").ToString();
    }

    private static void Facts(StringBuilder html, RunReport report)
    {
        html.Append("<table><tbody>");
        Row("Operator", report.Operator);
        Row("Began, ended (UTC)", string.Create(CultureInfo.InvariantCulture, $"{report.StartedAtUtc.UtcDateTime:yyyy-MM-dd HH:mm:ss}, {report.EndedAtUtc.UtcDateTime:yyyy-MM-dd HH:mm:ss}"));
        Row("Device", report.Device is { } device ? $"{device.SerialNumber} at {device.Address}, firmware {device.FirmwareVersion}, protocol {device.ProtocolVersion}" : "none answered");
        Row("Host", report.HostVersion);
        Row("Bench", report.Bench is { } bench
            ? string.Create(CultureInfo.InvariantCulture, $"{bench.Name}; calibrated {bench.CalibratedOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "never, or not told"}; tip readings ± {bench.TipUncertaintyMicrometers:0.##} µm")
            : "none");
        if (report.Simulation is { } simulation)
        {
            Row("Simulated device", string.Create(CultureInfo.InvariantCulture, $"seed {simulation.Seed}, imperfections {simulation.Imperfections}, platform {simulation.Platform}, chip {simulation.Chip}"));
        }

        html.Append("</tbody></table>\n");

        void Row(string name, string value) => html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Text(name)}</th><td>{Text(value)}</td></tr>");
    }

    private static void Scenario(StringBuilder html, ScenarioResult scenario)
    {
        html.Append(CultureInfo.InvariantCulture, $"<h3 id=\"{Anchor(scenario)}\">{Text(scenario.Title)} <span class=\"verdict {scenario.Verdict}\">{scenario.Verdict}</span></h3>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p>{Text(string.Join(", ", scenario.Requirements))}{(scenario.Verdict == Verdict.Skipped ? "" : string.Create(CultureInfo.InvariantCulture, $" · {scenario.DeviceSeconds:0.0} s of the device's time"))}{(scenario.Reason is { } reason ? $" · {Text(reason)}" : "")}</p>\n");
        if (scenario.Criteria.Count > 0)
        {
            html.Append("<table><thead><tr><th scope=\"col\">Criterion</th><th scope=\"col\">Measured</th><th scope=\"col\">Limit</th><th scope=\"col\">Verdict</th></tr></thead><tbody>");
            foreach (var criterion in scenario.Criteria)
            {
                html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(criterion.Name)}</td><td class=\"number\">{Text(Number.Of(criterion.Value) ?? "nothing")} {Text(criterion.Unit)}</td><td class=\"number\">{Text(Limit(criterion))}</td><td class=\"{(criterion.IsMet ? "Passed" : "Failed")}\">{(criterion.IsMet ? "met" : "MISSED")}</td></tr>");
            }

            html.Append("</tbody></table>\n");
        }

        foreach (var plot in scenario.Plots)
        {
            html.Append(PlotSvg.Draw(plot)).Append('\n');
        }

        if (scenario.Trace.Count > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<pre>{Text(string.Join('\n', scenario.Trace))}</pre>\n");
        }
    }

    private static void Matrix(StringBuilder html, RequirementList requirements, Func<string, IReadOnlyList<TestOutcome>> tests)
    {
        html.Append("<h2>From hazard to test</h2>\n<table class=\"matrix\"><thead><tr><th scope=\"col\">Hazard</th><th scope=\"col\">Control</th><th scope=\"col\">Requirement</th><th scope=\"col\">Tests, last result</th></tr></thead><tbody>\n");
        var byId = requirements.Requirements.ToDictionary(requirement => requirement.Id);
        foreach (var hazard in requirements.Hazards)
        {
            for (var i = 0; i < hazard.Controls.Count; i++)
            {
                var control = hazard.Controls[i];
                var requirement = byId.GetValueOrDefault(control.Requirement);
                html.Append("<tr>");
                if (i == 0)
                {
                    html.Append(CultureInfo.InvariantCulture, $"<td rowspan=\"{hazard.Controls.Count}\"><b>{Text(hazard.Id)}</b> {Text(hazard.Text)}<br>{Text(hazard.Harm)} ({Text(hazard.Severity)})</td>");
                }

                html.Append(CultureInfo.InvariantCulture, $"<td>{Text(control.Text)}</td><td>{Text(control.Requirement)}</td><td>");
                if (requirement?.Inspection is { } inspection)
                {
                    html.Append(CultureInfo.InvariantCulture, $"by inspection: {Text(inspection)}<br>");
                }

                html.Append(string.Join("<br>", tests(control.Requirement).Select(test => $"<span class=\"{test.Verdict}\">{Text(Readable(test.Name))}{(test.Verdict is { } verdict ? $" ({verdict})" : "")}</span>")));
                html.Append("</td></tr>\n");
            }
        }

        html.Append("</tbody></table>\n");
    }

    /// <summary>Class and sentence of a test, which is named by both and its assembly.</summary>
    private static string Readable(string test) => test.Split('.') is [.., var type, var method] ? $"{type}: {method.Replace('_', ' ')}" : test;

    private static string Limit(Criterion criterion) => (criterion.Least, criterion.Most) switch
    {
        (null, null) => "told",
        ({ } least, null) => $"≥ {Number.Of(least)}",
        (null, { } most) => $"≤ {Number.Of(most)}",
        ({ } least, { } most) when least == most => $"= {Number.Of(least)}",
        ({ } least, { } most) => $"{Number.Of(least)} … {Number.Of(most)}",
    };

    private static int Count(RunReport report, Verdict verdict) => report.Scenarios.Count(scenario => scenario.Verdict == verdict);

    private static string Anchor(ScenarioResult scenario) => string.Concat(scenario.Id.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));

    private static string Text(string words) => WebUtility.HtmlEncode(words);
}
