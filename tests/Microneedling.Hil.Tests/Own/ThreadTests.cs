// The thread from hazard to control to requirement to test holds in this repository, and the check finds every way to break it.

using System.Text.RegularExpressions;
using Microneedling.Qa.Traceability;

namespace Microneedling.Hil.Tests;

public sealed partial class ThreadTests
{
    [Fact]
    public void Every_hazard_is_controlled_and_every_safety_requirement_is_tested()
    {
        string[] missing = [.. Directory.EnumerateDirectories(Path.Combine(QaSettings.Repository(), "tests"), "*.Tests").Select(Path.GetFileName).Except(EvidenceList.Assemblies().Select(Path.GetFileNameWithoutExtension)).Cast<string>()];
        Assert.True(missing.Length == 0, $"Build the whole solution first; not built in this configuration: {string.Join(", ", missing)}");

        var breaks = ThreadCheck.Breaks(ReportFolder.Requirements(), EvidenceList.All());
        Assert.True(breaks.Count == 0, string.Join(Environment.NewLine, breaks));
    }

    [Fact]
    public void Inspections_name_documents_that_are_there()
    {
        foreach (var requirement in ReportFolder.Requirements().Requirements.Where(one => one.Inspection is not null))
        {
            string[] documents = [.. DocumentPattern().Matches(requirement.Inspection!).Select(match => match.Value)];
            Assert.True(documents.Length > 0, $"{requirement.Id} names no document for its inspection.");
            Assert.All(documents, document => Assert.True(File.Exists(Path.Combine(QaSettings.Repository(), "hardware-docs", document)), $"{requirement.Id} is inspected as {document} says, which is not there."));
        }
    }

    [Theory]
    [InlineData("DEPTH-1 is a matter of safety and no test names it", "DEPTH-1", "")]
    [InlineData("names RATE-9, which is no requirement", "RATE-9", "Some.Test")]
    public void What_breaks_the_thread_in_tests_is_found(string words, string requirement, string test)
    {
        Evidence[] evidence = test.Length == 0 ? [] : [new("DEPTH-1", "Some.Test"), new(requirement, test)];
        Assert.Contains(ThreadCheck.Breaks(Sound(), evidence), problem => problem.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("requirement: DEPTH-1", "requirement: DEPTH-2", "is controlled by DEPTH-2, which is no requirement")]
    [InlineData("requirement: DEPTH-1", "requirement: DEPTH-2", "DEPTH-1 is a matter of safety and controls no hazard")]
    [InlineData("severity: serious", "severity: terrible", "H-01 lacks causes, harm, severity or what remains")]
    [InlineData("causes: [a wrong value]", "causes: []", "H-01 lacks causes")]
    [InlineData("source: design 1", "source: ''", "DEPTH-1 lacks its text or its source")]
    [InlineData("    controls:\n      - text: The host refuses it.\n        requirement: DEPTH-1\n", "    controls: []\n", "H-01 has no control")]
    public void What_breaks_the_thread_in_the_list_is_found(string part, string instead, string words)
    {
        Assert.Contains(part, Yaml, StringComparison.Ordinal);
        var problems = ThreadCheck.Breaks(RequirementList.Parse(Yaml.Replace(part, instead, StringComparison.Ordinal)), [new("DEPTH-1", "Some.Test")]);
        Assert.Contains(problems, problem => problem.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void A_sound_thread_has_no_breaks() => Assert.Empty(ThreadCheck.Breaks(Sound(), [new("DEPTH-1", "Some.Test")]));

    [Theory]
    [InlineData("requirements: 5")]
    [InlineData("requirements:\n  - id: A-1\n    colour: red")]
    public void A_list_of_another_shape_is_refused_with_its_line(string yaml) =>
        Assert.StartsWith("Line ", Assert.Throws<FormatException>(() => RequirementList.Parse(yaml)).Message, StringComparison.Ordinal);

    [GeneratedRegex("[a-z0-9-]+\\.md")]
    private static partial Regex DocumentPattern();

    private const string Yaml = "requirements:\n  - id: DEPTH-1\n    text: The host refuses more than 2 500 µm.\n    safety: true\n    source: design 1\nhazards:\n  - id: H-01\n    hazard: Too deep\n    harm: Injury\n    severity: serious\n    causes: [a wrong value]\n    controls:\n      - text: The host refuses it.\n        requirement: DEPTH-1\n    residual: Little.\n";

    private static RequirementList Sound() => RequirementList.Parse(Yaml);
}
