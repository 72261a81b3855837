namespace Microneedling.SimulatedBoard.Mechanics;

/// <summary>
/// Rising edges of a pulse train in closed form: edge k comes at start + k · 1 s / frequency, rounded up to the
/// microsecond, the first at its start.
/// </summary>
/// <param name="StartMicroseconds">When the first edge comes.</param>
/// <param name="Hertz">Edges a second; 0: none.</param>
internal readonly record struct PulseTrain(long StartMicroseconds, int Hertz)
{
    private const long Second = 1_000_000;

    /// <summary>Edges up to and including <paramref name="now"/>.</summary>
    internal long EdgesUntil(long now) =>
        Hertz == 0 || now < StartMicroseconds ? 0 : ((now - StartMicroseconds) * Hertz / Second) + 1;

    /// <summary>When edge <paramref name="index"/>, counted from 0, comes.</summary>
    internal long TimeOf(long index) => StartMicroseconds + (((index * Second) + Hertz - 1) / Hertz);
}
