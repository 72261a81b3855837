namespace Microneedling.SimulatedBoard;

/// <summary>How the interpreter and the chip's drivers behave beyond what they always do (10 ms sleep grain, integer hertz, ...).</summary>
public sealed record PlatformBehaviour
{
    /// <summary>A quiet system: nothing but the firmware runs.</summary>
    public static PlatformBehaviour Nominal { get; } = new();

    /// <summary>Everything that platform.md warns of: other threads' slices at every waking, pauses of the collector, a counter that misses edges.</summary>
    public static PlatformBehaviour Worst { get; } = new()
    {
        MostSliceDelayMicroseconds = 20_000,
        MostPauseMicroseconds = 100_000,
        MeanPauseSpacingMicroseconds = 5_000_000,
        LostEdgesPerMillion = 1_000,
    };

    /// <summary>Another thread may hold the interpreter when a sleep is over: up to so long, microseconds.</summary>
    public int MostSliceDelayMicroseconds { get; init; }

    /// <summary>Stop-the-world pauses come at random and last up to so long, microseconds, half of them mostly far less; 0: none.</summary>
    public int MostPauseMicroseconds { get; init; }

    /// <summary>How far apart such pauses are on average, microseconds.</summary>
    public int MeanPauseSpacingMicroseconds { get; init; } = 5_000_000;

    /// <summary>So many of a million edges at the pulse counter are not counted.</summary>
    public int LostEdgesPerMillion { get; init; }
}
