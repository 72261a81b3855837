// All verbs of `microneedling`, and what happens to a command line that cannot be followed. The verbs of devices are in
// Devices, those of records in RecordCommands and SessionShow, those of the QA suite in QaVerbs; `simulate` is the simulator's own
// program, with bench controllers beside its devices.

using System.CommandLine;
using Microneedling.Cli.Devices;
using Microneedling.Qa.Instruments;
using Microneedling.Simulator;

namespace Microneedling.Cli;

internal static class CommandLine
{
    /// <summary>For scripts.</summary>
    internal static readonly Option<bool> Json = new("--json") { Description = "Prints JSON and nothing else on standard output: one object, or of what goes on one a line", Recursive = true };

    private const string Simulate = "simulate";

    /// <summary>Follows a command line.</summary>
    /// <returns>Of <see cref="ExitCode"/>.</returns>
    internal static async Task<int> RunAsync(string[] arguments, Surroundings surroundings)
    {
        if (arguments is [Simulate, .. var rest])
        {
            return await SimulatorProgram.RunAsync(rest, device => new ScpiController(new SimulatedBench(device)));
        }

        var parsed = RootOf(surroundings).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await surroundings.Errors.WriteLineAsync(error.Message);
            }

            await surroundings.Errors.WriteLineAsync($"'{HelpOf(parsed)}' says what can be given.");
            return ExitCode.Failed;
        }

        return await parsed.InvokeAsync(
            new InvocationConfiguration { Output = surroundings.Output, Error = surroundings.Errors, ProcessTerminationTimeout = null },
            surroundings.Interrupted);
    }

    private static RootCommand RootOf(Surroundings surroundings)
    {
        RootCommand root = new($"Devices and records of an open microneedling platform. A prototype, not a cleared medical device.\n\n{ExitCode.Table}");
        root.Options.Add(Json);
        IEnumerable<Command> commands =
        [
            .. new LookVerbs(surroundings).Commands,
            .. new MotionVerbs(surroundings).Commands,
            .. new TreatVerbs(surroundings).Commands,
            .. new ServiceVerbs(surroundings).Commands,
            new SettingsVerbs(surroundings).Command,
            new FaultVerbs(surroundings).Command,
            new Command(Simulate, "Runs simulated devices behind TCP and serial ports, with a console for hands and faults; 'simulate --help' has its options"),
            new Doctor.DoctorVerb(surroundings).Command,
            new QaVerbs(surroundings).Command,
            .. new RecordCommands(surroundings).Commands,
        ];
        foreach (var command in commands)
        {
            root.Subcommands.Add(command);
        }

        return root;
    }

    private static string HelpOf(ParseResult parsed)
    {
        List<string> names = [];
        for (Symbol? symbol = parsed.CommandResult.Command; symbol is Command and not RootCommand; symbol = symbol.Parents.FirstOrDefault())
        {
            names.Insert(0, symbol.Name);
        }

        return string.Join(' ', ["microneedling", .. names, "--help"]);
    }
}

/// <summary>The command cannot be followed; the message says why and what to give instead.</summary>
internal sealed class CommandException(string message) : Exception(message);
