// The board's time, and whose turn it is to run. Exactly one of two runs at any moment: the firmware's thread, or the
// one that drives the board.
//
//   virtual time   RunFor ──────► firmware runs until the clock reaches the target ──────► RunFor returns
//   real time      firmware runs up to 2 ms ahead of the wall clock, sleeps until that has caught up, runs on; whoever
//                  looks at the board while the firmware sleeps moves the clock to the wall clock first
//
// The clock moves in steps: never past the next thing that a part of the board has to do by itself (a watchdog that
// expires, bytes that reach the host), nor past a look of a watch, nor past an act of the bench:
//
//   a step ──► parts that are due act ──► watches that are due look ──► the driver's condition is asked
//              on whichever of the two threads moves the clock
//   an act of the bench ──► on the driver's thread, between two turns of the firmware
//
// While the firmware sleeps beyond the target, the driver moves the clock itself: no thread is woken for nothing.
//
// What every call of the firmware passes through is compiled aggressively: a test is over before the runtime would have
// noticed that it is worth it.

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Microneedling.SimulatedBoard;

/// <summary>A part of the board that acts at a time of its own.</summary>
internal interface ITimedPart
{
    /// <summary>When it acts next; <see cref="long.MaxValue"/> when nothing is due.</summary>
    long NextDue { get; }

    /// <summary>Acts; the clock stands at <see cref="NextDue"/>.</summary>
    void FireDue(long now);
}

/// <summary>Microseconds of the board. Everything here but the constructor is called with <see cref="Gate"/> held, unless it says otherwise.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The event's wait handle, all that there is to dispose of, is never made.")]
internal sealed class BoardClock(long startMicroseconds, bool realTime, TimeProvider wallClock)
{
    private const long RealTimeLead = 2_000;
    private const long RealTimeLagDropped = 200_000;
    private const long LooksMadeUpFor = 2_000_000;
    private const int MostMillisecondsAsleep = 10;
    private const long ConditionGrain = 1_000;
    private const long BusyConditionGrain = 100;
    private static readonly TimeSpan SilentFirmware = TimeSpan.FromSeconds(60);

    private readonly Appointments appointments = new();
    private readonly ManualResetEventSlim handedBack = new();
    private ITimedPart[] parts = [];
    private long wallStart = wallClock.GetTimestamp();
    private long wallOffset = startMicroseconds;
    private long limit = startMicroseconds;
    private long quietUntil = long.MinValue;
    private long asleepUntil = long.MinValue;
    private FirmwareRun? firmware;
    private bool firmwareTurn;
    private Func<bool>? condition;
    private bool conditionMet;
    private ExceptionDispatchInfo? driverFailure;
    private bool driven;

    /// <summary>Held by whoever touches the board.</summary>
    internal object Gate { get; } = new();

    /// <summary>What runs now is the driver's condition, watch, byte handler or <see cref="Hold"/>, on whichever thread.</summary>
    internal bool CallsDriver { get; private set; }

    /// <summary>The board's time.</summary>
    internal long Now { get; private set; } = startMicroseconds;

    /// <summary>Looks at the board whenever the clock moves, or null.</summary>
    internal TraceRecorder? Recorder { get; set; }

    internal void Add(ITimedPart part) => parts = [.. parts, part];

    /// <summary>Something is done to the board: what is due may have changed.</summary>
    internal void Disturb() => quietUntil = long.MinValue;

    /// <summary>Has an act done at a time from now on, by the thread that drives the board.</summary>
    internal void At(long due, Action act)
    {
        CheckVirtualTime();
        if (due < Now)
        {
            throw new ArgumentOutOfRangeException(nameof(due), due, $"The board is at {Now} µs already.");
        }

        Disturb();
        appointments.Add(act, due);
        limit = Math.Min(limit, due);
    }

    /// <summary>Has a look done again and again, first one spacing from now, by the thread that moves the clock.</summary>
    internal IDisposable Watch(long every, Action look)
    {
        CatchUp();
        Disturb();
        return new WatchEnd(this, appointments.Add(look, every, Now));
    }

    internal void BeginFirmware(FirmwareRun run)
    {
        CatchUp();
        firmware = run;
    }

    /// <summary>The firmware has ended, or is woken so that it ends because its power is gone.</summary>
    internal void EndFirmware(FirmwareRun run)
    {
        if (firmware == run)
        {
            firmware = null;
            firmwareTurn = false;
            handedBack.Set();
        }

        Disturb();
        run.Turn.Set();
        Monitor.PulseAll(Gate);
    }

    /// <summary>First thing of a firmware's thread: it begins when the board is driven. Takes the gate itself.</summary>
    internal void AwaitFirstTurn(FirmwareRun run)
    {
        lock (Gate)
        {
            if (!realTime)
            {
                AwaitTurn(run);
            }

            run.ThrowIfPowerLost();
        }
    }

    /// <summary>
    /// The firmware lets time pass and does nothing else, as a loop that waits does: while nothing is due, the clock just
    /// moves on.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Pass(FirmwareRun run, long microseconds)
    {
        long target = Now + microseconds;
        if (target <= quietUntil && !run.PowerLost)
        {
            Now = target;
            return;
        }

        AdvanceTo(run, target + run.Board.Interpreter.TakePause(Now));
        quietUntil = realTime ? long.MinValue : NextEvent(run);
    }

    /// <summary>The firmware lets time pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void AdvanceTo(FirmwareRun run, long target)
    {
        run.ThrowIfPowerLost();
        while (Now < target)
        {
            if (realTime)
            {
                DropLag();
            }

            long allowed = realTime ? Wall() + RealTimeLead : limit;
            if (allowed > Now)
            {
                Step(Math.Min(target, allowed));
                continue;
            }

            if (realTime)
            {
                AwaitWallClock(target);
            }
            else
            {
                run.WaitsUntil = target;
                firmwareTurn = false;
                AwaitTurn(run);
            }

            run.ThrowIfPowerLost();
        }
    }

    /// <summary>Virtual time: lets the board run up to <paramref name="target"/> or until the condition holds; true when it does. Takes the gate itself.</summary>
    internal bool Drive(long target, Func<bool>? until)
    {
        CheckVirtualTime();
        if (Monitor.IsEntered(Gate))
        {
            throw new InvalidOperationException("The board cannot be driven by what the board calls.");
        }

        lock (Gate)
        {
            if (driven)
            {
                throw new InvalidOperationException("The board is being driven already: by another thread, or by what called this.");
            }

            if (until is not null && until())
            {
                return true;
            }

            condition = until;
            conditionMet = false;
            driven = true;
            try
            {
                do
                {
                    limit = Math.Min(target, appointments.NextAct);
                    RunToLimit();
                    DoActs();
                }
                while (!conditionMet && Now < target);
            }
            finally
            {
                condition = null;
                driven = false;
            }

            ExceptionDispatchInfo? failure = driverFailure;
            driverFailure = null;
            failure?.Throw();
            return conditionMet;
        }
    }

    /// <summary>Real time: a board whose firmware sleeps, or that has none, is brought to the wall clock when somebody looks.</summary>
    internal void CatchUp()
    {
        if (!realTime || CallsDriver)
        {
            return;
        }

        long wall = firmware is null ? Wall() : Math.Min(asleepUntil, Wall());
        if (firmware is null)
        {
            appointments.LeaveOutBefore(wall - LooksMadeUpFor);
        }

        while (Now < wall)
        {
            Step(wall);
        }
    }

    /// <summary>The clock stands still while this is done.</summary>
    internal T Hold<T>(Func<T> act)
    {
        bool before = CallsDriver;
        CallsDriver = true;
        try
        {
            return act();
        }
        finally
        {
            CallsDriver = before;
        }
    }

    private long NextEvent(FirmwareRun run)
    {
        long next = Math.Min(limit, Math.Min(run.Board.Interpreter.NextPause, appointments.NextLook - 1));
        foreach (ITimedPart part in parts)
        {
            next = Math.Min(next, part.NextDue - 1);
        }

        if (condition is not null)
        {
            next = Math.Min(next, Now + BusyConditionGrain);
        }

        return Recorder is null ? next : Math.Min(next, Recorder.NextSample);
    }

    private void RunToLimit()
    {
        Disturb();
        if (firmware is { } run && run.WaitsUntil <= limit)
        {
            LetRun(run);
        }

        while (!conditionMet && Now < limit)
        {
            Step(limit);
        }
    }

    // Without the gate: an act may take the power away, which waits for the firmware's thread.
    private void DoActs()
    {
        bool acted = false;
        while (!conditionMet && appointments.TakeAct(Now) is { } act)
        {
            acted = true;
            Monitor.Exit(Gate);
            try
            {
                act();
            }
            finally
            {
                Monitor.Enter(Gate);
            }
        }

        conditionMet |= acted && condition is not null && condition();
    }

    private void LetRun(FirmwareRun run)
    {
        firmwareTurn = true;
        while (firmwareTurn)
        {
            handedBack.Reset();
            bool inTime;
            Monitor.Exit(Gate);
            try
            {
                run.Turn.Set();
                inTime = handedBack.Wait(SilentFirmware);
            }
            finally
            {
                Monitor.Enter(Gate);
            }

            if (!inTime && firmwareTurn)
            {
                throw new InvalidOperationException(
                    $"The firmware has not called the board for {SilentFirmware.TotalSeconds:0} s: it loops without letting time pass.");
            }
        }
    }

    // One waking for a whole sleep, and one for each thing that is due before: 64 boards are no load then.
    private void AwaitWallClock(long target)
    {
        long next = target;
        foreach (ITimedPart part in parts)
        {
            next = Math.Min(next, part.NextDue);
        }

        long wake = Math.Max(Now, next - RealTimeLead);
        asleepUntil = target;
        Monitor.Wait(Gate, (int)Math.Clamp((wake - Wall()) / 1_000, 1, MostMillisecondsAsleep));
        asleepUntil = long.MinValue;
    }

    private void AwaitTurn(FirmwareRun run)
    {
        while (!firmwareTurn && !run.PowerLost)
        {
            run.Turn.Reset();
            Monitor.Exit(Gate);
            try
            {
                handedBack.Set();
                run.Turn.Wait();
            }
            finally
            {
                Monitor.Enter(Gate);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(long until)
    {
        long next = Math.Min(until, appointments.NextLook);
        bool due = appointments.NextLook <= until;
        foreach (ITimedPart part in parts)
        {
            long partDue = part.NextDue;
            due |= partDue <= next;
            next = Math.Min(next, partDue);
        }

        if (condition is not null)
        {
            next = Math.Min(next, Now + ConditionGrain);
        }

        Recorder?.SampleBefore(next);
        if (!due && condition is null)
        {
            Now = next;
            return;
        }

        Now = Math.Max(Now, next);
        CallDriver();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CallDriver()
    {
        CallsDriver = true;
        try
        {
            foreach (ITimedPart part in parts)
            {
                if (part.NextDue <= Now)
                {
                    part.FireDue(Now);
                    Recorder?.Sample(Now);
                }
            }

            if (appointments.NextLook <= Now)
            {
                appointments.Look(Now);
            }

            if (condition is not null && condition())
            {
                conditionMet = true;
                limit = Now;
            }
        }
#pragma warning disable CA1031 // What the driver's own condition, watch or byte handler throws belongs to the driver, not to the firmware.
        catch (Exception exception) when (!realTime)
#pragma warning restore CA1031
        {
            driverFailure ??= ExceptionDispatchInfo.Capture(exception);
            conditionMet = true;
            limit = Now;
        }
        finally
        {
            CallsDriver = false;
        }
    }

    private void CheckVirtualTime()
    {
        if (realTime)
        {
            throw new InvalidOperationException("This board runs in real time by itself; only a board in virtual time is driven.");
        }
    }

    private long Wall() => wallOffset + (long)wallClock.GetElapsedTime(wallStart).TotalMicroseconds;

    // A process that was suspended does not make up for it: the firmware would see its loop run late.
    private void DropLag()
    {
        if (Wall() - Now > RealTimeLagDropped)
        {
            wallStart = wallClock.GetTimestamp();
            wallOffset = Now;
        }
    }

    private sealed class WatchEnd(BoardClock clock, Appointments.Watch watch) : IDisposable
    {
        public void Dispose()
        {
            lock (clock.Gate)
            {
                clock.appointments.Remove(watch);
            }
        }
    }
}
