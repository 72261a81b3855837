// What the interpreter does to the firmware beside running it: other threads' slices make sleeps end late, and pauses
// (the collector, another thread that does not yield) take time away at once. The hardware knows nothing of either.

using System.Runtime.CompilerServices;

namespace Microneedling.SimulatedBoard;

/// <summary>Time that the firmware loses. Everything is called with the board held.</summary>
internal sealed class Interpreter
{
    private readonly PlatformBehaviour platform;
    private readonly Random slices;
    private readonly Random pauses;
    private long asked;
    private long chanceAt;

    internal Interpreter(PlatformBehaviour platform, int seed, long now)
    {
        this.platform = platform;
        slices = new Random(seed ^ 0x511CE);
        pauses = new Random(seed ^ 0x9A05E);
        chanceAt = NextChance(now);
        NextPause = chanceAt;
    }

    /// <summary>A call that begins from now on is preceded by a pause.</summary>
    internal long NextPause { get; private set; }

    /// <summary>Pauses that the firmware has gone through.</summary>
    internal int PausesTaken { get; private set; }

    /// <summary>The longest of them, microseconds.</summary>
    internal long LongestPause { get; private set; }

    /// <summary>The firmware loses so much at its next call, beside what it loses anyway.</summary>
    internal void AskForPause(long microseconds)
    {
        asked += microseconds;
        NextPause = long.MinValue;
    }

    /// <summary>How long the firmware's call that begins now has to wait before it is made.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal long TakePause(long now) => now < NextPause ? 0 : TakeDuePause(now);

    /// <summary>How much later than asked for a sleep is over.</summary>
    internal long SliceDelay() =>
        platform.MostSliceDelayMicroseconds > 0 ? slices.NextInt64(platform.MostSliceDelayMicroseconds + 1L) : 0;

    /// <summary>A pause that was asked for of a firmware that is gone is not for the next one.</summary>
    internal void LosePower()
    {
        asked = 0;
        NextPause = chanceAt;
    }

    private long TakeDuePause(long now)
    {
        long pause = asked;
        asked = 0;
        if (chanceAt <= now)
        {
            pause += LengthOfAPause();
            chanceAt = NextChance(now + pause);
        }

        NextPause = chanceAt;
        PausesTaken++;
        LongestPause = Math.Max(LongestPause, pause);
        return pause;
    }

    // Half of them anything up to the longest, half mostly short: a short one in the wrong place does what no long one does.
    private long LengthOfAPause()
    {
        double part = pauses.NextDouble();
        return pauses.Next(2) == 0
            ? (long)(part * (platform.MostPauseMicroseconds + 1L))
            : (long)Math.Pow(platform.MostPauseMicroseconds, part);
    }

    private long NextChance(long now) => platform.MostPauseMicroseconds > 0
        ? now + (long)(-Math.Log(1 - pauses.NextDouble()) * platform.MeanPauseSpacingMicroseconds)
        : long.MaxValue;
}
