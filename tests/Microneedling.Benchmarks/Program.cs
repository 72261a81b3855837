// Measures what the documents promise and quote.
//   all             everything, in full; writes RESULTS.md, results.json and the pictures
//   PART …          some parts, in full; their figures replace those that they had in these files
//   quick [PART …]  everything or some parts, reduced, into artifacts/quick; exit code 1 if a figure is nonsense
// Nothing else should run meanwhile.

using System.Diagnostics;
using System.Globalization;
using Microneedling.Benchmarks;
using Microneedling.Benchmarks.Clients;
using Microneedling.Benchmarks.Recording;
using Microneedling.Benchmarks.Tablet;

if (args is [PeersProcess.Argument, string count])
{
    await PeersProcess.RunAsync(int.Parse(count, CultureInfo.InvariantCulture));
    return 0;
}

if (args is [WatchersProcess.Argument, string address, string tablets])
{
    await WatchersProcess.RunAsync(new Uri(address), int.Parse(tablets, CultureInfo.InvariantCulture));
    return 0;
}

if (args is [PowerCutsPart.Argument, string record, string seed])
{
    await PowerCutsPart.TreatAsync(record, int.Parse(seed, CultureInfo.InvariantCulture));
    return 0;
}

const string All = "all";
const string Quick = "quick";
Size size = args.Contains(Quick) ? Size.Quick : Size.Full;
string[] named = [.. args.Except([Quick, All])];
string[] unknown = [.. named.Where(name => !Parts.All.Any(part => part.IsMeantBy(name)))];
if (args.Length == 0 || unknown.Length > 0)
{
    Console.Error.WriteLine($"{(args.Length == 0 ? "Say what to measure" : $"Unknown: {string.Join(' ', unknown)}")}. Give all, quick, or some of: {string.Join(' ', Parts.All.Select(part => part.Name))}.");
    return 2;
}

string repository = ResultFiles.Repository();
string folder = size == Size.Quick ? Path.Combine(repository, "artifacts", "quick") : repository;
if (size == Size.Quick && Directory.Exists(folder))
{
    Directory.Delete(folder, recursive: true);
}

ResultFiles files = new(folder);
using ClinicServer server = ClinicServer.Start();
Console.WriteLine($"{Machine.Describe()}, {Machine.Load()}");
List<Figure> figures = [];
foreach (Part part in Parts.All.Where(part => named.Length == 0 || named.Any(part.IsMeantBy)))
{
    Console.WriteLine();
    Console.WriteLine($"{part.Name} …");
    long began = Stopwatch.GetTimestamp();
    IReadOnlyList<Finding> findings = await part.RunAsync(size);
    Figure[] measured = [.. findings.OfType<Figure>()];
    FigureTable.Print(measured, Console.Out);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"({Stopwatch.GetElapsedTime(began).TotalSeconds:0} s)"));
    files.Replace(part, Parts.All, findings, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), Machine.Describe());
    figures.AddRange(measured);
}

Console.WriteLine();
Console.WriteLine($"{figures.Count(figure => figure.Pass == true)} limits met, {figures.Count(figure => figure.Pass == false)} missed; see {Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(folder, "RESULTS.md"))}");
string[] nonsense = [.. Nonsense.In(figures)];
foreach (string line in nonsense)
{
    Console.Error.WriteLine(line);
}

return size == Size.Quick && nonsense.Length > 0 ? 1 : 0;
