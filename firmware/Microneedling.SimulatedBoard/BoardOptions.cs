namespace Microneedling.SimulatedBoard;

/// <summary>How a virtual board begins.</summary>
public sealed record BoardOptions
{
    /// <summary>Decides everything that is left to chance. Same seed, same driving: same run.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The clock's first reading, microseconds.</summary>
    public long StartMicroseconds { get; init; }

    /// <summary>True: runs by itself at the wall clock's pace. False: runs when driven, as fast as it can.</summary>
    public bool RealTime { get; init; }

    /// <summary>Where the depth stage stands at first, micrometres, -1 300 … +2 700; null: -1 100 … +500 by the seed.</summary>
    public int? StageMicrometers { get; init; }

    /// <summary>Where the cam stands at first, microsteps from a top dead centre, 0 … 1 599; null: by the seed.</summary>
    public int? CamMicrosteps { get; init; }
}
