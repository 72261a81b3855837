// The operator's lines: which device a command is for, and the few commands that are for none.
//
//   trigger          the device chosen last, at first device 1
//   3: trigger       device 3
//   all: trigger     every device
//   # ...            nothing: scripts may explain themselves
//
// Every answer begins with its device, every refusal with "error:".

using System.Globalization;

namespace Microneedling.Simulator.Operating;

/// <summary>Follows the operator's commands, one line at a time.</summary>
internal sealed class OperatorConsole(IReadOnlyList<OperatedDevice> devices, Action<string> say, Action quit)
{
    private static readonly (string Usage, string Help)[] Own =
    [
        ("device N", "chooses the device that commands go to"),
        ("N: COMMAND", "one command to device N"),
        ("all: COMMAND", "one command to every device"),
        ("help", "this"),
        ("quit", "ends the simulator"),
    ];

    private OperatedDevice chosen = devices[0];

    /// <summary>Follows one line and says what has come of it.</summary>
    internal void Follow(string line)
    {
        try
        {
            string[] words = Split(line);
            if (words.Length > 0 && !words[0].StartsWith('#'))
            {
                Follow(Addressed(ref words), words);
            }
        }
        catch (OperatorException exception)
        {
            say($"error: {exception.Message}");
        }
    }

    private static string[] Split(string line) =>
        line.Replace(":", ": ", StringComparison.Ordinal).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private IReadOnlyList<OperatedDevice> Addressed(ref string[] words)
    {
        if (!words[0].EndsWith(':'))
        {
            return [chosen];
        }

        string name = words[0][..^1];
        words = words[1..];
        if (words.Length == 0)
        {
            throw new OperatorException($"Say what device {name} is to do, as in 1: trigger.");
        }

        return name.Equals("all", StringComparison.OrdinalIgnoreCase) ? devices : [Device(name)];
    }

    private void Follow(IReadOnlyList<OperatedDevice> addressed, string[] words)
    {
        switch (words)
        {
            case ["help"]:
                Help();
                break;
            case ["quit"]:
                quit();
                break;
            case ["device", var number]:
                chosen = Device(number);
                say($"device {chosen.Number}: commands go here");
                break;
            default:
                BenchCommand command = BenchCommands.Find(words, out string[] arguments) ?? throw new OperatorException(
                    $"There is no command {words[0]}. There are {string.Join(", ", BenchCommands.All.Select(static row => row.Words))}, device N, help, quit.");
                foreach (OperatedDevice device in addressed)
                {
                    Answer(device, command.Do(device, arguments));
                }

                break;
        }
    }

    private void Answer(OperatedDevice device, string answer)
    {
        foreach (string line in answer.Split('\n'))
        {
            say($"device {device.Number}: {line}");
        }
    }

    private OperatedDevice Device(string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int wanted) && wanted >= 1 && wanted <= devices.Count
            ? devices[wanted - 1]
            : throw new OperatorException(devices.Count == 1
                ? $"There is no device {number}, only device 1."
                : $"There is no device {number}. There are 1 to {devices.Count}, and all.");

    private void Help()
    {
        foreach ((string usage, string help) in BenchCommands.All.Select(static row => (row.Usage, row.Help)).Concat(Own))
        {
            say($"{usage,-22} {help}");
        }
    }
}
