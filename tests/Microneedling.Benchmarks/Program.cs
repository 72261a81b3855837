// Measures what the specification promises of the link and prints it beside the targets. Without arguments all parts, else
// those named; nothing else should run meanwhile.

using System.Globalization;
using Microneedling.Benchmarks;
using Microneedling.Benchmarks.Clients;
using Microneedling.Benchmarks.Codec;

if (args is [PeersProcess.Argument, string count])
{
    await PeersProcess.RunAsync(int.Parse(count, CultureInfo.InvariantCulture));
    return 0;
}

(string Name, Func<Task<IEnumerable<Row>>> Measure)[] parts =
[
    ("codec", () => Task.FromResult(CodecPart.Measure())),
    ("roundtrip", RoundTripPart.MeasureAsync),
    ("clients", ClientsPart.MeasureAsync),
];

string[] unknown = [.. args.Except(parts.Select(part => part.Name))];
if (unknown.Length > 0)
{
    Console.Error.WriteLine($"Unknown: {string.Join(' ', unknown)}. The parts are: {string.Join(' ', parts.Select(part => part.Name))}.");
    return 2;
}

List<Row> rows = [];
foreach ((string name, Func<Task<IEnumerable<Row>>> measure) in parts.Where(part => args.Length == 0 || args.Contains(part.Name)))
{
    Console.WriteLine($"Measuring: {name} …");
    rows.AddRange(await measure());
}

Console.WriteLine();
Console.WriteLine(Machine.Describe());
Row.Print(rows, Console.Out);
return 0;
