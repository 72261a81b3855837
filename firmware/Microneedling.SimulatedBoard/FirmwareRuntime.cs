namespace Microneedling.SimulatedBoard;

/// <summary>What the device's runtime offers the firmware beside its libraries: sleeping and random numbers.</summary>
public static class FirmwareRuntime
{
    /// <summary>Grain of every sleep on an ESP32, microseconds.</summary>
    public const int SleepGrainMicroseconds = 10_000;

    /// <summary>Whether the calling thread is one that a board runs its firmware on, or what the board calls from there.</summary>
    public static bool IsFirmwareThread => FirmwareRun.IsFirmwareThread;

    /// <summary>
    /// Sleeps on the board's time: wakes at the first 10 ms boundary (counted from power-on) at or after the time asked
    /// for, or at a later one when another thread holds the interpreter. 0 only yields; -1 sleeps for good.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below -1.</exception>
    public static void Sleep(int milliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, Timeout.Infinite);
        using BoardCall call = FirmwareRun.Call(ApiCosts.Sleep);
        if (milliseconds == Timeout.Infinite)
        {
            call.AdvanceTo(long.MaxValue);
        }
        else if (milliseconds > 0)
        {
            long poweredOnAt = call.Board.PoweredOnAt;
            long until = call.Board.Clock.Now - poweredOnAt + (milliseconds * 1_000L) + call.Board.Interpreter.SliceDelay();
            long boundary = (until + SleepGrainMicroseconds - 1) / SleepGrainMicroseconds * SleepGrainMicroseconds;
            call.AdvanceTo(poweredOnAt + boundary);
        }
        else
        {
            call.AdvanceTo(call.Board.Clock.Now + call.Board.Interpreter.SliceDelay());
        }
    }

    /// <summary>A number of 0 … 2 147 483 646 from the board's seed; other at each power-on.</summary>
    public static int NextRandom()
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.Random);
        return call.Board.ChipRandom.Next();
    }
}
