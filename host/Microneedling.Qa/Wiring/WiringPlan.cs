// hardware-docs/wiring/*.wiring: what is connected to what, one connection a line. hardware-docs/wiring/README.md explains it.

using System.Text;
using System.Text.RegularExpressions;

namespace Microneedling.Qa.Wiring;

/// <summary>What a net is for.</summary>
public enum NetKind
{
    /// <summary>Supply of something.</summary>
    Power,

    /// <summary>Return.</summary>
    Ground,

    /// <summary>What is told or asked.</summary>
    Signal,

    /// <summary>What keeps the needles in or the motors off.</summary>
    Safety,

    /// <summary>The line to the host.</summary>
    Serial,

    /// <summary>Windings.</summary>
    Motor,
}

/// <summary>A pin of a part, such as U1.GPIO5.</summary>
public readonly record struct PartPin(string Part, string Pin)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Part}.{Pin}";
}

/// <summary>One connection.</summary>
/// <param name="Section">The title that it stands below.</param>
/// <param name="From">What drives or feeds.</param>
/// <param name="To">What is driven or fed.</param>
/// <param name="Net">Name of the net.</param>
/// <param name="Kind">What it is for.</param>
public sealed record Connection(string Section, PartPin From, PartPin To, string Net, NetKind Kind);

/// <summary>The wiring of one board.</summary>
public sealed partial class WiringPlan
{
    private readonly ILookup<string, Connection> from;

    private WiringPlan(IReadOnlyList<Connection> connections)
    {
        Connections = connections;
        from = connections.Where(one => one.Kind is NetKind.Signal or NetKind.Safety).ToLookup(one => one.From.Part);
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<Connection> Connections { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">A line will not do, a pin is on two nets, or a net is of two kinds; the message says which.</exception>
    public static WiringPlan Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<Connection> connections = [];
        var section = "";
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] == '[' && line[^1] == ']')
            {
                section = line[1..^1];
            }
            else if (Line().Match(line) is { Success: true } match && Enum.TryParse<NetKind>(match.Groups["kind"].Value, ignoreCase: true, out var kind))
            {
                connections.Add(new Connection(section, Pin(match, "from"), Pin(match, "to"), match.Groups["net"].Value, kind));
            }
            else
            {
                throw new FormatException($"Line {number}: '{line}' is not 'FROM.PIN -> TO.PIN : NET : KIND' with a kind of {string.Join(", ", Enum.GetNames<NetKind>()).ToLowerInvariant()}.");
            }
        }

        WiringPlan plan = new(connections);
        return plan.Twice() is { } problem ? throw new FormatException(problem) : plan;
    }

    /// <summary>Every net with all its pins.</summary>
    public IEnumerable<(string Net, NetKind Kind, IReadOnlyList<PartPin> Pins)> Nets() => Connections.GroupBy(one => one.Net)
        .OrderBy(net => net.First().Kind).ThenBy(net => net.Key, StringComparer.Ordinal)
        .Select(net => (net.Key, net.First().Kind, (IReadOnlyList<PartPin>)[.. net.SelectMany(one => new[] { one.From, one.To }).Distinct()]));

    /// <summary>The netlist as a table in Markdown.</summary>
    public string Netlist()
    {
        StringBuilder table = new("| net | kind | pins |\n| --- | --- | --- |\n");
        foreach (var (net, kind, pins) in Nets())
        {
            table.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {net} | {kind.ToString().ToLowerInvariant()} | {string.Join(", ", pins)} |\n");
        }

        return table.ToString();
    }

    /// <summary>
    /// Whether what happens at a pin reaches another, through whatever parts lie between, but not through the microcontroller: a
    /// gate that its firmware can pass is none.
    /// </summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="end">Where it is to arrive.</param>
    /// <param name="controller">The microcontroller's part.</param>
    /// <param name="without">A part that is taken out; null: none.</param>
    public bool Reaches(PartPin start, PartPin end, string controller, string? without = null)
    {
        HashSet<string> seen = [controller];
        if (without is not null)
        {
            seen.Add(without);
        }

        Queue<Connection> ahead = new(Connections.Where(one => one.Kind is NetKind.Signal or NetKind.Safety && (one.From == start || one.To == start)));
        var net = ahead.Count > 0 ? ahead.Peek().Net : "";
        ahead = new(Connections.Where(one => one.Net == net));
        while (ahead.TryDequeue(out var next))
        {
            if (next.To == end)
            {
                return true;
            }

            if (seen.Add(next.To.Part))
            {
                foreach (var further in from[next.To.Part])
                {
                    ahead.Enqueue(further);
                }
            }
        }

        return false;
    }

    private string? Twice()
    {
        var onTwo = Connections.SelectMany(one => new[] { (Pin: one.From, one.Net), (Pin: one.To, one.Net) }).Distinct().GroupBy(one => one.Pin).FirstOrDefault(pin => pin.Count() > 1);
        var ofTwo = Connections.GroupBy(one => one.Net).FirstOrDefault(net => net.Select(one => one.Kind).Distinct().Count() > 1);
        return onTwo is not null ? $"{onTwo.Key} is on two nets: {string.Join(", ", onTwo.Select(one => one.Net))}."
            : ofTwo is not null ? $"{ofTwo.Key} is of two kinds: {string.Join(", ", ofTwo.Select(one => one.Kind).Distinct())}."
            : null;
    }

    private static PartPin Pin(Match match, string name)
    {
        var parts = match.Groups[name].Value.Split('.', 2);
        return new PartPin(parts[0], parts[1]);
    }

    [GeneratedRegex(@"^(?<from>[A-Z0-9]+\.[A-Z0-9]+) -> (?<to>[A-Z0-9]+\.[A-Z0-9]+) : (?<net>[A-Z0-9_]+) : (?<kind>[a-z]+)$")]
    private static partial Regex Line();
}
