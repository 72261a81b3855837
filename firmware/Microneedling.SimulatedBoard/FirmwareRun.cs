// One power-on of the firmware: its thread, and the way its calls find their board. Decides how a firmware whose power
// was taken away ends: every further call throws. Whose turn it is to run, and what time it is, is BoardClock's.

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Microneedling.SimulatedBoard;

/// <summary>Thrown into the firmware at every call after its power was taken away, so that its thread ends.</summary>
internal sealed class PowerLostException() : Exception("The board has no power.");

/// <summary>The firmware between one power-on and the next power-off.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The event's wait handle, all that there is to dispose of, is never made.")]
internal sealed class FirmwareRun
{
    private const int ThrowsBeforeParking = 1_000;

    [ThreadStatic]
    private static FirmwareRun? current;

    private readonly Thread thread;
    private readonly TaskCompletionSource harmless = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int throws;

    static FirmwareRun() => AppDomain.CurrentDomain.FirstChanceException += static (_, thrown) =>
    {
        if (current is { } run && !run.Board.Clock.CallsDriver && thrown.Exception is not PowerLostException)
        {
            run.LatestThrown = thrown.Exception;
        }
    };

    internal FirmwareRun(VirtualBoard board, Action main)
    {
        Board = board;
        PoweredOnAt = board.Clock.Now;
        thread = new Thread(() => Run(main)) { IsBackground = true, Name = "firmware" };
    }

    internal static bool IsFirmwareThread => current is not null;

    internal VirtualBoard Board { get; }

    internal long PoweredOnAt { get; }

    /// <summary>Set when it is its turn, and when its power is gone.</summary>
    internal ManualResetEventSlim Turn { get; } = new();

    /// <summary>Virtual time: what it waits for; before that it needs no turn.</summary>
    internal long WaitsUntil { get; set; } = long.MinValue;

    internal bool PowerLost { get; private set; }

    internal FirmwareState State { get; private set; } = FirmwareState.Running;

    internal Exception? Exception { get; private set; }

    internal Exception? LatestThrown { get; private set; }

    internal bool IsCurrentThread => Thread.CurrentThread == thread;

    /// <summary>Begins a call of the firmware's thread: takes the board, spends the time.</summary>
    /// <exception cref="InvalidOperationException">The thread is not one that a board started.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static BoardCall Call(int microseconds) => new(Current(), microseconds);

    /// <summary>A call that only looks at the microsecond timer; returns what it shows.</summary>
    /// <exception cref="InvalidOperationException">The thread is not one that a board started.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static long ReadTimer(int microseconds)
    {
        FirmwareRun run = Current();
        BoardClock clock = run.Board.Clock;
        lock (clock.Gate)
        {
            clock.Pass(run, microseconds);
            return run.Board.UptimeMicroseconds;
        }
    }

    internal void Start() => thread.Start();

    /// <summary>Takes the power away. The board is held by the caller.</summary>
    internal void LosePower()
    {
        PowerLost = true;
        State = FirmwareState.Off;
    }

    /// <summary>Waits until the thread has ended, or sits where it does no harm.</summary>
    internal void Join() => harmless.Task.Wait(TimeSpan.FromSeconds(5));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void ThrowIfPowerLost()
    {
        if (!PowerLost)
        {
            return;
        }

        // Firmware that swallows everything in a loop can only be parked: .NET cannot end a thread from outside.
        if (++throws > ThrowsBeforeParking)
        {
            Monitor.Exit(Board.Clock.Gate);
            harmless.TrySetResult();
            Thread.Sleep(Timeout.Infinite);
        }

        throw new PowerLostException();
    }

    private static FirmwareRun Current() => current ?? throw new InvalidOperationException(
        "No virtual board runs on this thread. Device calls work only in the firmware that VirtualBoard.PowerOn started, on its own thread.");

    private void Run(Action main)
    {
        current = this;
        FirmwareState end = FirmwareState.Returned;
        Exception? failure = null;
        try
        {
            Board.Clock.AwaitFirstTurn(this);
            main();
        }
        catch (PowerLostException)
        {
        }
#pragma warning disable CA1031 // Whatever the firmware throws is a result, kept for whoever looks.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            end = FirmwareState.Failed;
            failure = exception;
        }

        lock (Board.Clock.Gate)
        {
            if (!PowerLost)
            {
                State = end;
                Exception = failure;
            }

            Board.Clock.EndFirmware(this);
        }

        harmless.TrySetResult();
    }
}

/// <summary>A call of the firmware while it holds the board. Dispose lets the board go.</summary>
internal readonly ref struct BoardCall
{
    private readonly FirmwareRun run;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal BoardCall(FirmwareRun run, int microseconds)
    {
        this.run = run;
        VirtualBoard board = run.Board;
        Monitor.Enter(board.Clock.Gate);
        try
        {
            long now = board.Clock.Now;
            board.Clock.Disturb();
            board.Clock.AdvanceTo(run, now + board.Interpreter.TakePause(now) + microseconds);
        }
        catch
        {
            Monitor.Exit(board.Clock.Gate);
            throw;
        }
    }

    internal VirtualBoard Board => run.Board;

    /// <summary>Lets the board's time pass up to <paramref name="target"/>.</summary>
    internal void AdvanceTo(long target) => run.Board.Clock.AdvanceTo(run, target);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Dispose() => Monitor.Exit(run.Board.Clock.Gate);
}
