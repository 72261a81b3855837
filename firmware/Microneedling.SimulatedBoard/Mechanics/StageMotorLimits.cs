namespace Microneedling.SimulatedBoard.Mechanics;

/// <summary>What the depth stage's motor follows. A pulse beyond it is a lost step.</summary>
/// <param name="PullInMicrometersPerSecond">Speed that it takes up from rest, or at once from any slower one.</param>
/// <param name="RiseMicrometersPerSecond">Above that: by how much one step may be faster than the step before.</param>
/// <param name="FastestMicrometersPerSecond">Never faster than this.</param>
/// <param name="ReversalRestMicroseconds">Rest that it needs before it turns the other way.</param>
internal sealed record StageMotorLimits(
    int PullInMicrometersPerSecond,
    int RiseMicrometersPerSecond,
    int FastestMicrometersPerSecond,
    int ReversalRestMicroseconds)
{
    /// <summary>A gap longer than this between two pulses is a rest.</summary>
    internal const int RestMicroseconds = 20_000;

    /// <summary>The load that the motor moves, newtons (Haydon Kerk 21000, domain.md).</summary>
    internal const double MostNewtons = 45;

    /// <summary>A small linear stepper (assumed).</summary>
    internal static StageMotorLimits Strict { get; } = new(1_200, 600, 3_150, 5_000);

    /// <summary>Any motion whose steps are at least 1 000 µs apart.</summary>
    internal static StageMotorLimits Lenient { get; } = new(3_175, 0, 3_175, 0);

    /// <summary>What boards have.</summary>
    internal static StageMotorLimits BoardDefault => Lenient;
}
