using System.Xml.Linq;
using Microneedling.Qa.Reports;

namespace Microneedling.Hil.Tests;

public sealed class ReportTests
{
    private static readonly DateTimeOffset Began = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    [Fact]
    public void A_report_is_read_back_as_it_was_written()
    {
        string json = Made().ToJson();

        Assert.Equal(json, RunReport.FromJson(json).ToJson());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"format\":\"microneedling-session\"}")]
    public void Another_file_is_refused_in_words(string json) =>
        Assert.StartsWith("It is not the report of a run of the suite", Assert.Throws<FormatException>(() => RunReport.FromJson(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(5.0, null, 5.0, true)]
    [InlineData(5.1, null, 5.0, false)]
    [InlineData(4.9, 5.0, null, false)]
    [InlineData(5.0, 5.0, 5.0, true)]
    [InlineData(null, null, null, false)]
    public void A_limit_belongs_to_what_will_do_and_nothing_never_does(double? value, double? least, double? most, bool isMet) =>
        Assert.Equal(isMet, new Criterion("", value, "", least, most).IsMet);

    [Fact]
    public void The_page_says_what_was_judged_by_what_and_escapes_words()
    {
        string html = HtmlReport.Of(Made()).Replace("&#177;", "±", StringComparison.Ordinal).Replace("&#181;", "µ", StringComparison.Ordinal);

        Assert.Contains("1 passed, 1 failed, 1 skipped", html, StringComparison.Ordinal);
        Assert.Contains("1042 at &lt;1042&gt;, firmware 0.3.0", html, StringComparison.Ordinal);
        Assert.Contains("tip readings ± 2.5 µm", html, StringComparison.Ordinal);
        Assert.Contains("MISSED", html, StringComparison.Ordinal);
        Assert.Contains("00:00:01.000  STOP &amp; retract", html, StringComparison.Ordinal);
        Assert.Contains("not a cleared medical device", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<svg", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_in_which_nothing_was_judged_is_not_good() =>
        Assert.False((Made() with { Scenarios = [Made().Scenarios[2]] }).IsGood);

    [Fact]
    public void JUnit_counts_and_keeps_the_reason()
    {
        var suite = XDocument.Parse(JUnitReport.Of(Made())).Root!;

        Assert.Equal(("3", "1", "1"), ((string?)suite.Attribute("tests"), (string?)suite.Attribute("failures"), (string?)suite.Attribute("skipped")));
        Assert.Contains("Missed: largest error", (string?)suite.Descendants("failure").Single().Attribute("message"), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_runs_are_compared_and_what_is_worse_comes_first()
    {
        var before = Made();
        var after = before with
        {
            Scenarios =
            [
                before.Scenarios[0] with { Verdict = Verdict.Failed, Criteria = [before.Scenarios[0].Criteria[0] with { Value = 120 }] },
                before.Scenarios[1] with { Verdict = Verdict.Passed, Criteria = [before.Scenarios[1].Criteria[0] with { Value = 1.5 }] },
            ],
        };

        var differences = RunComparison.Of(before, after);

        Assert.Equal(
            [
                (DifferenceKind.Broken, "Depth.Both", ""), (DifferenceKind.Broken, "Depth.Both", "largest error"), (DifferenceKind.Mended, "Rate.Free", ""), (DifferenceKind.Mended, "Rate.Free", "largest error"), (DifferenceKind.Moved, "Stop.Byte", ""),
            ],
            differences.Select(one => (one.Kind, one.Scenario, one.Name)));
        Assert.Empty(RunComparison.Of(before, before));
    }

    private static RunReport Made() => new(
        "20260314-092653", Began, Began.AddMinutes(3), "QA <one>", new JudgedDevice(1042, "0.3.0", "1.2", "<1042>"), "0.5.0",
        new JudgingBench("jig 1", new DateOnly(2026, 1, 2), 2.5), null,
        [
            new("Depth.Both", "Depth both ways", ["DEPTH-12"], Verdict.Passed, null, [new("largest error", 42.5, "µm", null, 100)], [new PlotData("Errors", "µm", "µm", [1, 2], [3, 4], [-100, 100])], [], 12.5),
            new("Rate.Free", "Rate in free air", ["RATE-4"], Verdict.Failed, "Missed: largest error", [new("largest error", 2.5, "%", null, 2)], [], ["00:00:01.000  STOP & retract"], 60),
            new("Stop.Byte", "STOP byte", ["STOP-1"], Verdict.Skipped, "No instrument", [], [], [], 0),
        ]);
}
