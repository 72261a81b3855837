// Measures what the specification promises of the link and of the tablet and prints it beside the targets. Without arguments
// all parts, else those named; "tablet" names all parts of the tablet, "quick" makes these small, "soak" makes the memory part
// eight hours of treatment. Nothing else should run meanwhile.

using System.Globalization;
using Microneedling.Benchmarks;
using Microneedling.Benchmarks.Clients;
using Microneedling.Benchmarks.Codec;
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

const string Quick = "quick";
const string Soak = "soak";
Sizes sizes = args.Contains(Quick) ? Sizes.Quick : Sizes.Usual;
sizes = args.Contains(Soak) ? sizes.WithWholeSoak() : sizes;
string[] named = [.. args.Except([Quick, Soak])];

(string Name, Func<Task<IEnumerable<Row>>> Measure)[] parts =
[
    ("codec", () => Task.FromResult(CodecPart.Measure())),
    ("roundtrip", RoundTripPart.MeasureAsync),
    ("clients", ClientsPart.MeasureAsync),
    ("record.ingest", IngestPart.MeasureAsync),
    ("record.devices", DevicesPart.MeasureAsync),
    ("record.forward", ForwardPart.MeasureAsync),
    ("record.open", OpenPart.MeasureAsync),
    ("record.million", MillionPart.MeasureAsync),
    .. TabletParts.All(sizes),
];

string[] unknown = [.. named.Where(name => !parts.Any(part => IsOf(part.Name, name)))];
if (unknown.Length > 0)
{
    Console.Error.WriteLine($"Unknown: {string.Join(' ', unknown)}. The parts are: {string.Join(' ', parts.Select(part => part.Name))}.");
    return 2;
}

bool IsAsked(string name) => named.Length == 0 || named.Any(asked => IsOf(name, asked));

static bool IsOf(string part, string nameOrGroup) => part == nameOrGroup || part.StartsWith(nameOrGroup + ".", StringComparison.Ordinal);

Console.WriteLine(Machine.Describe());
List<Row> rows = [];
foreach ((string name, Func<Task<IEnumerable<Row>>> measure) in parts.Where(part => IsAsked(part.Name)))
{
    Console.WriteLine();
    Console.WriteLine($"{name} …");
    Row[] measured = [.. await measure()];
    Row.Print(measured, Console.Out);
    rows.AddRange(measured);
}

Console.WriteLine();
Console.WriteLine($"{rows.Count(row => row.IsMet == true)} targets met, {rows.Count(row => row.IsMet == false)} missed");
return 0;
