// What the operator can do to one device, as a table: words, arguments, help, deed. A deed answers what it has done; what
// cannot be done is an OperatorException, which says what can.

using System.Globalization;
using Microneedling.SimulatedBoard;

namespace Microneedling.Simulator.Operating;

/// <summary>A command cannot be followed; the message says why and what can be said.</summary>
internal sealed class OperatorException(string message) : Exception(message);

/// <summary>One row: its words, what may follow them, what it does.</summary>
internal sealed record BenchCommand(string Words, string Arguments, string Help, Func<OperatedDevice, string[], string> Do)
{
    /// <summary>As it is written: <c>fault NAME [on|off]</c>.</summary>
    internal string Usage => Arguments.Length == 0 ? Words : $"{Words} {Arguments}";
}

/// <summary>All commands for one device.</summary>
internal static class BenchCommands
{
    /// <summary>In the order of the help.</summary>
    internal static IReadOnlyList<BenchCommand> All { get; } =
    [
        Hand("trigger", "presses the trigger and holds it", "trigger pressed", static bench => bench.PressTrigger()),
        Hand("release", "releases the trigger", "trigger released", static bench => bench.ReleaseTrigger()),
        Hand("estop", "presses the emergency stop, which stays down", "emergency stop pressed", static bench => bench.PressEmergencyStop()),
        Hand("estop release", "releases the emergency stop", "emergency stop released", static bench => bench.ReleaseEmergencyStop()),
        Hand("seat", "puts a cartridge on", "cartridge seated", static bench => bench.SeatCartridge()),
        Hand("pull", "takes the cartridge off", "cartridge pulled", static bench => bench.RemoveCartridge()),
        new("fault", "NAME [on|off]", "breaks something on the bench, or mends it", Fault),
        new("faults", "", "lists what can break, and what is broken", static (device, _) => Faults(device.Bench)),
        new("power off", "", "takes the power away, as pulling the plug does", static (device, _) => Power(device, on: false)),
        new("power on", "", "gives power: the firmware starts anew", static (device, _) => Power(device, on: true)),
        Hand("mains off", "cuts the motors' supply; a reservoir lasts for 0.75 s of full load", "mains off", static bench => bench.CutMains()),
        Hand("mains on", "gives the motors' supply back", "mains on", static bench => bench.RestoreMains()),
        Hand("supply low", "lets the supply sag: it says so and still drives the motors", "supply low", static bench => bench.SetSupplyGood(false)),
        Hand("supply good", "makes the supply good again", "supply good", static bench => bench.SetSupplyGood(true)),
        Wire("cut", "cuts the serial cable, and whoever is connected stays so", "cable cut", static line => line.Cut = true),
        Wire("uncut", "mends the serial cable", "cable whole", static line => line.Cut = false),
        new("noise", "P", "damages each byte on the cable with probability P, 0 … 1; 0 ends it", Noise),
        new("status", "", "tells the physical truth, and who is connected", static (device, _) => DeviceStatus.Of(device)),
    ];

    /// <summary>The row whose words a command begins with, the longest one; null when there is none.</summary>
    /// <param name="words">The command, split at its blanks.</param>
    /// <param name="arguments">What follows the row's words.</param>
    internal static BenchCommand? Find(string[] words, out string[] arguments)
    {
        for (int length = Math.Min(2, words.Length); length > 0; length--)
        {
            string name = string.Join(' ', words[..length]);
            if (All.FirstOrDefault(row => row.Words.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found)
            {
                arguments = words[length..];
                return arguments.Length == 0 || found.Arguments.Length > 0 ? found : throw Misunderstood(words[0]);
            }
        }

        arguments = [];
        return All.Any(row => FirstWordOf(row).Equals(words[0], StringComparison.OrdinalIgnoreCase)) ? throw Misunderstood(words[0]) : null;
    }

    private static string FirstWordOf(BenchCommand row) => row.Words.Split(' ')[0];

    private static OperatorException Misunderstood(string word) => new("Say " + string.Join(", or ", All
        .Where(row => FirstWordOf(row).Equals(word, StringComparison.OrdinalIgnoreCase))
        .Select(static row => row.Usage)) + ".");

    private static BenchCommand Hand(string words, string help, string answer, Action<Bench> act) => new(words, "", help, (device, _) =>
    {
        act(device.Bench);
        return answer;
    });

    private static BenchCommand Wire(string words, string help, string answer, Action<SerialLine> act) => new(words, "", help, (device, _) =>
    {
        act(device.Cable.Line);
        return answer;
    });

    private static string Fault(OperatedDevice device, string[] arguments)
    {
        bool? present = arguments switch
        {
            [_] or [_, "on"] => true,
            [_, "off"] => false,
            _ => throw Misunderstood("fault"),
        };
        BenchFault fault = FaultWords.Find(arguments[0]) ?? throw new OperatorException(
            $"There is no fault {arguments[0]}. Known are {string.Join(", ", FaultWords.All.Select(static one => one.Name))}.");
        device.Bench.SetFault(fault, present.Value);
        return $"{FaultWords.NameOf(fault)} {(present.Value ? "on" : "off")}";
    }

    private static string Faults(Bench bench) => string.Join('\n', FaultWords.All.Select(one =>
        $"{(bench.HasFault(one.Fault) ? "on " : "off")} {one.Name,-26} {one.Words}"));

    private static string Power(OperatedDevice device, bool on)
    {
        bool isOn = device.Simulated.Board.FirmwareState != FirmwareState.Off;
        if (isOn == on)
        {
            return on ? "power is on already" : "power is off already";
        }

        (on ? device.Simulated.PowerOn : (Action)device.Simulated.PowerOff)();
        return on ? "power on" : "power off";
    }

    private static string Noise(OperatedDevice device, string[] arguments)
    {
        if (arguments is not [var text] ||
            !double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double probability) || probability is not (>= 0 and <= 1))
        {
            throw new OperatorException("noise needs a probability from 0 to 1, such as noise 0.01.");
        }

        device.Cable.Line.Noise = new LineNoise(Flip: probability);
        return probability == 0 ? "noise off" : string.Create(CultureInfo.InvariantCulture, $"noise {probability}");
    }
}
