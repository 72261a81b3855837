// Runs of the QA suite: carrying one out, and comparing two. The suite is tests/Microneedling.Hil.Tests of the repository; it
// judges by an instrument and leaves the device parked and without power, whatever happens to the run.

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microneedling.Qa.Reports;

namespace Microneedling.Cli;

internal sealed class QaVerbs(Surroundings surroundings)
{
    private const string Suite = "tests/Microneedling.Hil.Tests";

    private static readonly Option<string?> Device = new("--device") { Description = "Address of the device, such as serial:/dev/ttyUSB0 (default: the simulated one)" };
    private static readonly Option<string?> Bench = new("--bench") { Description = "Address of the bench controller; without one, what needs an instrument is skipped on hardware" };
    private static readonly Option<string?> Operator = new("--operator") { Description = "Who runs it, for the report" };
    private static readonly Option<string?> Report = new("--report") { Description = "Folder that gets the report (default: artifacts/qa of the repository)" };
    private static readonly Option<int> Seed = new("--seed") { Description = "Seed of the simulated device", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> Imperfections = new("--imperfections") { Description = "Of the simulated device: Ideal, Static or Dynamic", DefaultValueFactory = _ => "Dynamic" };
    private static readonly Option<string?> Only = new("--only") { Description = "Only scenarios whose class or method contains this" };
    private static readonly Option<string?> Repository = new("--repository") { Description = "The repository's folder (default: this one or one above it)" };
    private static readonly Argument<string> Before = new("before") { Description = "report.json of the earlier run" };
    private static readonly Argument<string> After = new("after") { Description = "report.json of the later run" };

    internal Command Command
    {
        get
        {
            Imperfections.AcceptOnlyFromAmong("Ideal", "Static", "Dynamic");
            Command run = new("run", "Carries the suite out on a device and writes its report") { Device, Bench, Operator, Report, Seed, Imperfections, Only, Repository };
            run.SetAction((parsed, ct) => AnsweredAsync(parsed, voice => RunAsync(parsed, voice, ct)));
            Command compare = new("compare", "Tells how two runs differ, what is worse first") { Before, After };
            compare.SetAction((parsed, ct) => AnsweredAsync(parsed, voice => CompareAsync(parsed, voice, ct)));
            return new Command("qa", "The QA suite: a run, and two runs compared") { run, compare };
        }
    }

    private async Task<int> AnsweredAsync(ParseResult parsed, Func<Voice, Task<int>> action)
    {
        Voice voice = new(surroundings, parsed.GetValue(CommandLine.Json));
        try
        {
            return await action(voice);
        }
        catch (Exception problem) when (problem is CommandException or FormatException or IOException or UnauthorizedAccessException)
        {
            voice.Remark(problem.Message);
            return ExitCode.Failed;
        }
    }

    private static async Task<int> RunAsync(ParseResult parsed, Voice voice, CancellationToken ct)
    {
        var repository = Find(parsed.GetValue(Repository));
        var folder = Path.GetFullPath(parsed.GetValue(Report) ?? Path.Combine(repository, "artifacts", "qa"));
        Directory.CreateDirectory(folder);
        HashSet<string> before = [.. Directory.EnumerateDirectories(folder)];
        ProcessStartInfo test = new("dotnet", ["test", Path.Combine(repository, Suite), "--filter", $"FullyQualifiedName~Scenarios{(parsed.GetValue(Only) is { } only ? $"&FullyQualifiedName~{only}" : "")}"])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["MICRONEEDLING_PORT"] = parsed.GetValue(Device) ?? "",
                ["MICRONEEDLING_BENCH"] = parsed.GetValue(Bench) ?? "",
                ["MICRONEEDLING_OPERATOR"] = parsed.GetValue(Operator) ?? "",
                ["MICRONEEDLING_QA_REPORT"] = folder,
                ["MICRONEEDLING_QA_SEED"] = parsed.GetValue(Seed).ToString(CultureInfo.InvariantCulture),
                ["MICRONEEDLING_QA_IMPERFECTIONS"] = parsed.GetRequiredValue(Imperfections),
            },
        };
        var exitCode = await voice.WorkAsync("QA suite", async told =>
        {
            using var process = Process.Start(test)!;
            using var ending = ct.Register(() => process.Kill(entireProcessTree: true));
            while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
            {
                if (line.TrimStart().StartsWith("Failed ", StringComparison.Ordinal) || line.Contains("error", StringComparison.Ordinal))
                {
                    voice.Remark(line.Trim());
                }
                else if (line.Contains("Test run for", StringComparison.Ordinal))
                {
                    told(0, null, "scenarios begin");
                }
            }

            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        });
        if (ct.IsCancellationRequested)
        {
            voice.Remark("Broken off. A device that has lost its host parks by itself; the bench controller takes its power away.");
            return ExitCode.Interrupted;
        }

        var made = Directory.EnumerateDirectories(folder).FirstOrDefault(one => !before.Contains(one) && File.Exists(Path.Combine(one, "report.json")))
            ?? throw new CommandException($"The suite has written no report (dotnet test ended with {exitCode}). Run 'dotnet test {Suite}' in the repository to see why.");
        var report = RunReport.FromJson(await File.ReadAllTextAsync(Path.Combine(made, "report.json"), ct));
        var page = Path.Combine(made, "report.html");
        voice.Tell(
            new { IsGood = report.IsGood, report.RunId, Report = page, Passed = Count(report, Verdict.Passed), Failed = Count(report, Verdict.Failed), Skipped = Count(report, Verdict.Skipped) },
            [
                .. report.Scenarios.Where(scenario => scenario.Verdict == Verdict.Failed).Select(scenario => $"FAILED   {scenario.Title}: {scenario.Reason}"),
                .. report.Scenarios.Where(scenario => scenario.Verdict == Verdict.Skipped).Select(scenario => $"skipped  {scenario.Title}: {scenario.Reason}"),
                Voice.Line($"{Count(report, Verdict.Passed)} passed, {Count(report, Verdict.Failed)} failed, {Count(report, Verdict.Skipped)} skipped"),
                page,
            ]);
        return report.IsGood && exitCode == 0 ? ExitCode.Done : ExitCode.NotInOrder;
    }

    private static async Task<int> CompareAsync(ParseResult parsed, Voice voice, CancellationToken ct)
    {
        var (before, after) = (await ReadAsync(parsed.GetRequiredValue(Before), ct), await ReadAsync(parsed.GetRequiredValue(After), ct));
        var differences = RunComparison.Of(before, after);
        voice.Tell(
            new { Before = before.RunId, After = after.RunId, Differences = differences },
            [
                Voice.Line($"{before.RunId} → {after.RunId}: {differences.Count} differences"),
                .. differences.Select(one => $"{one.Kind,-7} {one.Scenario}{(one.Name.Length == 0 ? "" : $", {one.Name}")}: {one.Before ?? "–"} → {one.After ?? "–"} {one.Unit}".TrimEnd()),
            ]);
        return differences.Any(one => one.Kind is DifferenceKind.Broken or DifferenceKind.Gone) ? ExitCode.NotInOrder : ExitCode.Done;
    }

    private static async Task<RunReport> ReadAsync(string path, CancellationToken ct)
    {
        try
        {
            return RunReport.FromJson(await File.ReadAllTextAsync(path, ct));
        }
        catch (FormatException e)
        {
            throw new CommandException($"{path}: {e.Message}");
        }
    }

    private static string Find(string? given)
    {
        for (var folder = new DirectoryInfo(given ?? Environment.CurrentDirectory); folder is not null; folder = given is null ? folder.Parent : null)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, Suite)))
            {
                return folder.FullName;
            }
        }

        throw new CommandException($"The suite is part of the repository and {given ?? "this folder"} is not in one. Give --repository, a folder with {Suite}.");
    }

    private static int Count(RunReport report, Verdict verdict) => report.Scenarios.Count(scenario => scenario.Verdict == verdict);
}
