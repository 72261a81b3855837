using System.Text.Json;

namespace Microneedling.Benchmarks.Proof;

/// <summary>
/// Small faults put into the safety code and the protocol, one at a time: how many of them the tests notice. By
/// dotnet-stryker, with the tests that take seconds. Quick: into one small file, to see that it works.
/// </summary>
internal static class MutationPart
{
    /// <summary>Names of the subject, its project, its tests, and the files that faults are put into.</summary>
    private static readonly (string Name, string Project, string Tests, string Files, string FilesInQuick)[] Subjects =
    [
        ("protocol", "Microneedling.Protocol", "Microneedling.Protocol.Tests", "**/*.cs", "**/Framing.cs"),
        ("firmware_safety", "Microneedling.Firmware.Hosted", "Microneedling.Firmware.Tests", "**/Safety/*.cs", ""),
    ];

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        string repository = ResultFiles.Repository();
        await Dotnet.RunAsync(repository, "tool", "restore");
        DirectoryInfo output = Directory.CreateTempSubdirectory("microneedling-");
        try
        {
            List<Finding> findings = [];
            List<Mutant> all = [];
            foreach (var subject in Subjects)
            {
                string files = size.Of(subject.FilesInQuick, subject.Files);
                if (files.Length > 0)
                {
                    Mutant[] mutants = await MutateAsync(Path.Combine(repository, "tests", subject.Tests), subject.Project, files, Path.Combine(output.FullName, subject.Name));
                    findings.Add(Figure.Told($"mutation.{subject.Name}_percent", Score(mutants), "%", $"{mutants.Length} faults in {subject.Project}, {files}"));
                    all.AddRange(mutants);
                }
            }

            Mutant[] survivors = [.. all.Where(mutant => !mutant.IsNoticed)];
            Mutant[] unexplained = [.. survivors.Where(mutant => !Survivors.Explains(mutant))];
            foreach (Mutant mutant in unexplained)
            {
                Console.WriteLine($"  not noticed: {Survivors.Row(mutant)}");
            }

            findings.Insert(0, Promises.Of("mutation.safety_percent", Score(all), $"of {all.Count} faults put into the safety code and the protocol, those that a test notices; {survivors.Length} not"));
            findings.Insert(1, Promises.Of("mutation.survivors_unexplained", unexplained.Length, $"of the {survivors.Length} that no test notices, those without a reason in Proof/survivors.tsv why they change nothing that anybody could see"));
            return findings;
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }

    private static double Score(IReadOnlyCollection<Mutant> mutants) => 100.0 * mutants.Count(mutant => mutant.IsNoticed) / mutants.Count;

    private static async Task<Mutant[]> MutateAsync(string tests, string project, string files, string output)
    {
        Directory.CreateDirectory(output);
        string config = Path.Combine(output, "stryker.json");
        await File.WriteAllTextAsync(config, $$"""
            {
              "stryker-config": {
                "project": "{{project}}.csproj",
                "mutate": ["{{files}}"],
                "reporters": ["json"],
                "test-case-filter": "{{Tests.WithoutCampaigns}}",
                "concurrency": {{Environment.ProcessorCount}},
                "additional-timeout": 20000,
                "thresholds": { "high": 100, "low": 85, "break": 0 }
              }
            }
            """);
        await Dotnet.RunAsync(tests, "stryker", "--config-file", config, "--output", output);
        using JsonDocument report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(output, "reports", "mutation-report.json")));
        return
        [
            .. from file in report.RootElement.GetProperty("files").EnumerateObject()
               from mutant in file.Value.GetProperty("mutants").EnumerateArray()
               let lines = file.Value.GetProperty("source").GetString()!.Split('\n')
               let index = mutant.GetProperty("location").GetProperty("start").GetProperty("line").GetInt32() - 1
               let status = mutant.GetProperty("status").GetString()
               where status is "Killed" or "Timeout" or "Survived" or "NoCoverage"
               select new Mutant(
                   Path.GetFileName(file.Name),
                   Survivors.MemberAt(lines, index),
                   Survivors.LineAt(lines, index),
                   mutant.GetProperty("replacement").GetString()!.Split('\n')[0].Trim(),
                   status is "Killed" or "Timeout"),
        ];
    }
}
