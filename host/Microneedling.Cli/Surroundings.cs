using Microneedling.Client.Discovery;
using Microneedling.Simulator;

namespace Microneedling.Cli;

/// <summary>What a command line runs in: a process, or a test.</summary>
/// <param name="Input">Answers of a person.</param>
/// <param name="Output">Results.</param>
/// <param name="Errors">Words for a person, and what is wrong.</param>
internal sealed record Surroundings(TextReader Input, TextWriter Output, TextWriter Errors)
{
    /// <summary>Cancelled by Ctrl-C.</summary>
    internal CancellationToken Interrupted { get; init; }

    /// <summary>Whether <see cref="Output"/> is a terminal.</summary>
    internal bool IsTerminal { get; init; }

    /// <summary>Whether <see cref="Errors"/> is a terminal.</summary>
    internal bool ErrorsAreTerminal { get; init; }

    /// <summary>Environment variables.</summary>
    internal Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The serial ports to search.</summary>
    internal Func<IReadOnlyList<SerialPortInfo>> Ports { get; init; } = SerialPorts.List;

    /// <summary>Told of the device that <c>sim:</c> has started.</summary>
    internal Action<SimulatedDevice>? Simulated { get; init; }
}
