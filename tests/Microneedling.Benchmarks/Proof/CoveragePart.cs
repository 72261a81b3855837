using System.Xml.Linq;

namespace Microneedling.Benchmarks.Proof;

/// <summary>What the tests of firmware and protocol go through of both; quick: without campaigns and fuzzing.</summary>
internal static class CoveragePart
{
    private static readonly string[] Projects = ["Microneedling.Protocol.Tests", "Microneedling.Firmware.Tests"];

    private static readonly (string Name, string Folder)[] Subjects =
    [
        ("firmware", Path.Combine("firmware", "Microneedling.Firmware")), ("protocol", Path.Combine("shared", "Microneedling.Protocol")),
    ];

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        string repository = ResultFiles.Repository();
        DirectoryInfo reports = Directory.CreateTempSubdirectory("microneedling-");
        try
        {
            string settings = Path.Combine(repository, "tests", "Microneedling.Benchmarks", "Proof", "coverage.runsettings");
            string[] filter = size.Of<string[]>(["--filter", Tests.WithoutCampaigns], []);
            foreach (string project in Projects)
            {
                await Dotnet.RunAsync(repository, ["test", Path.Combine("tests", project), "--settings", settings, "--results-directory", reports.FullName, .. filter]);
            }

            Covered[] covered = [.. Directory.EnumerateFiles(reports.FullName, "*.cobertura.xml", SearchOption.AllDirectories).SelectMany(Read)];
            return Subjects.SelectMany(subject => Figures(subject.Name, covered, Path.Combine(repository, subject.Folder), size));
        }
        finally
        {
            reports.Delete(recursive: true);
        }
    }

    private static IEnumerable<Finding> Figures(string name, Covered[] covered, string folder, Size size)
    {
        // A line counts as gone through when one of the reports says so, of its branches as many as the best report says.
        Covered[] lines =
        [
            .. covered
                .Where(line => line.File.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                .GroupBy(line => (line.File, line.Line))
                .Select(same => same.First() with { IsHit = same.Any(line => line.IsHit), Branches = same.Max(line => line.Branches), BranchesHit = same.Max(line => line.BranchesHit) }),
        ];
        string by = size.Of("by the tests of protocol and firmware without campaigns and fuzzing", "by the tests of protocol and firmware");
        return
        [
            Promises.Of($"coverage.{name}_lines_percent", Percent(lines.Count(line => line.IsHit), lines.Length), $"of {lines.Length} lines, {by}"),
            Figure.Told($"coverage.{name}_branches_percent", Percent(lines.Sum(line => line.BranchesHit), lines.Sum(line => line.Branches)), "%", $"of {lines.Sum(line => line.Branches)} branches"),
        ];
    }

    private static double Percent(int part, int whole) => 100.0 * part / whole;

    private static IEnumerable<Covered> Read(string report)
    {
        XElement root = XElement.Load(report);
        string[] sources = [.. root.Descendants("source").Select(source => source.Value)];
        return root.Descendants("class").SelectMany(type =>
        {
            string name = type.Attribute("filename")!.Value;
            string file = sources.Select(source => Path.GetFullPath(Path.Combine(source, name))).FirstOrDefault(File.Exists) ?? name;
            return type.Element("lines")!.Elements("line").Select(line => Of(file, line));
        });
    }

    private static Covered Of(string file, XElement line)
    {
        // condition-coverage="50% (1/2)"
        int[] branches = line.Attribute("condition-coverage")?.Value is { } text
            ? [.. text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split('/').Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))]
            : [0, 0];
        return new Covered(file, (int)line.Attribute("number")!, (int)line.Attribute("hits")! > 0, branches[1], branches[0]);
    }

    private sealed record Covered(string File, int Line, bool IsHit, int Branches, int BranchesHit);
}
