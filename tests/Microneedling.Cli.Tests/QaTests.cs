using Microneedling.Qa.Reports;

namespace Microneedling.Cli.Tests;

public sealed class QaTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("microneedling-qa-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Two_runs_are_compared_and_a_broken_criterion_ends_with_1()
    {
        var (before, after) = (Write("before.json", 12), Write("after.json", 120));

        using var worse = await Typed.RunAsync(1, "qa compare", arguments: [before, after]);
        Assert.Contains("Broken  Depth.Both, largest error: 12 → 120 µm", worse.Output.Text, StringComparison.Ordinal);
        using var same = await Typed.RunAsync(0, "qa compare --json", arguments: [before, before]);
        Assert.Equal(0, same.Json.GetProperty("differences").GetArrayLength());
    }

    [Fact]
    public async Task What_is_no_report_and_where_no_suite_is_are_told_in_words()
    {
        string other = Path.Combine(folder.FullName, "other.json");
        await File.WriteAllTextAsync(other, "{}");

        using var none = await Typed.RunAsync(2, "qa compare", arguments: [other, other]);
        Assert.Contains("It is not the report of a run of the suite", none.Errors.Text, StringComparison.Ordinal);
        using var nowhere = await Typed.RunAsync(2, "qa run --repository", arguments: [folder.FullName]);
        Assert.Contains("is not in one. Give --repository", nowhere.Errors.Text, StringComparison.Ordinal);
        using var senseless = await Typed.RunAsync(2, "qa run --imperfections Awful");
        Assert.Contains("Awful", senseless.Errors.Text, StringComparison.Ordinal);
    }

    private string Write(string name, double error)
    {
        string path = Path.Combine(folder.FullName, name);
        Criterion criterion = new("largest error", error, "µm", null, 100);
        File.WriteAllText(path, new RunReport(
            name, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, "nobody", null, "0.6.0", null, null,
            [new ScenarioResult("Depth.Both", "Depth both ways", ["DEPTH-12"], criterion.IsMet ? Verdict.Passed : Verdict.Failed, null, [criterion], [], [], 1)]).ToJson());
        return path;
    }
}
