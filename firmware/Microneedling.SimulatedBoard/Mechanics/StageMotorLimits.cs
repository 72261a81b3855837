namespace Microneedling.SimulatedBoard.Mechanics;

/// <summary>What the depth stage's motor and driver follow: a small linear stepper (assumed) and the slowest driver (domain.md). A pulse beyond it is a lost step.</summary>
internal static class StageMotorLimits
{
    /// <summary>Speed that the motor takes up from rest, or at once from any slower one.</summary>
    internal const int PullInMicrometersPerSecond = 1_200;

    /// <summary>Above that: by how much one step may be faster than the step before.</summary>
    internal const int RiseMicrometersPerSecond = 600;

    /// <summary>Never faster than this.</summary>
    internal const int FastestMicrometersPerSecond = 3_150;

    /// <summary>A gap longer than this between two pulses is a rest.</summary>
    internal const int RestMicroseconds = 20_000;

    /// <summary>Rest that the motor needs before it turns the other way.</summary>
    internal const int ReversalRestMicroseconds = 5_000;

    /// <summary>The load that the motor moves, newtons (Haydon Kerk 21000).</summary>
    internal const double MostNewtons = 45;

    /// <summary>How long the driver takes to act after it has been enabled, by the firmware or by a gate.</summary>
    internal const int WakeMicroseconds = 1_700;

    /// <summary>How long before a step the direction must stand: 650 ns, in whole microseconds.</summary>
    internal const int DirectionSetupMicroseconds = 1;

    /// <summary>Shortest high and low of a step pulse: 1.9 µs, in whole microseconds.</summary>
    internal const int ShortestPulseMicroseconds = 2;
}
