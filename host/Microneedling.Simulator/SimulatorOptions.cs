using System.Net;
using Microneedling.SimulatedBoard;

namespace Microneedling.Simulator;

/// <summary>What the command line decides.</summary>
internal sealed record SimulatorOptions
{
    /// <summary>Most devices in one process.</summary>
    internal const int MostDevices = 100;

    /// <summary>The first device's TCP port, the next ones count up; 0: any free ones; null: none.</summary>
    internal int? TcpPort { get; init; }

    /// <summary>The TCP port of the first device's bench controller, the next ones count up; 0: any free ones; null: none.</summary>
    internal int? BenchPort { get; init; }

    /// <summary>Where TCP is listened on.</summary>
    internal IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>The first device's pseudo-terminal, a symbolic link; null: none.</summary>
    internal string? PtyPath { get; init; }

    /// <summary>How many devices.</summary>
    internal int Count { get; init; } = 1;

    /// <summary>Serial number and seed of the first device; the next ones count up.</summary>
    internal int Seed { get; init; } = 1;

    internal ImperfectionLevel Imperfections { get; init; }

    internal PlatformBehaviour Platform { get; init; } = PlatformBehaviour.Nominal;

    internal BoardChip Chip { get; init; }

    /// <summary>Where the first device's run is written; null: nowhere.</summary>
    internal string? TracePath { get; init; }

    /// <summary>Whether the end of the standard input ends the simulator.</summary>
    internal bool ExitAtEof { get; init; }

    /// <summary>How the board of a device begins.</summary>
    /// <param name="index">0 for the first device.</param>
    internal BoardOptions BoardOf(int index) => new()
    {
        Seed = Seed + index,
        RealTime = true,
        Imperfections = Imperfections,
        Platform = Platform,
        Chip = Chip,
        TracePath = TracePath is { } path ? NumberedPath.Of(path, index, Count) : null,
    };
}
