// The board's time as the program's clock, as fast as the program keeps up with it:
//
//   let the board run 10 ms, or to the next timer ──► fire the timers that are due ──► wait until the thread pool has done
//        ▲                                                                              what came of it
//        └────────────── wait until every page has heard what there is to hear ◄───────────┘
//
// So nothing in the program is ever late by its own clock because of the acceleration.

using System.Diagnostics;
using Microneedling.SimulatedBoard;

namespace Microneedling.Benchmarks.Tablet;

/// <summary>Time without waiting. Begins when made, ends when disposed of.</summary>
internal sealed class PacedTime : TimeProvider, IDisposable
{
    private const long LongestStepMicroseconds = 10_000;
    private static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly VirtualBoard board;
    private readonly Func<bool> isHeard;
    private readonly Thread thread;
    private readonly Lock gate = new();
    private readonly PriorityQueue<(PacedTimer Timer, int Version), long> timers = new();
    private readonly ManualResetEventSlim done = new();
    private readonly ManualResetEventSlim mayGo = new(initialState: true);
    private readonly ManualResetEventSlim stands = new();
    private long now;
    private long worked;
    private volatile bool ended;

    /// <summary>Begins.</summary>
    /// <param name="board">A board in virtual time, driven by nobody else.</param>
    /// <param name="isHeard">Whether the pages keep up; called on the thread of this clock.</param>
    public PacedTime(VirtualBoard board, Func<bool> isHeard)
    {
        (this.board, this.isHeard) = (board, isHeard);
        now = board.NowMicroseconds;
        thread = new Thread(Run) { IsBackground = true, Name = "paced time" };
        thread.Start();
    }

    /// <summary>Since the board's clock began.</summary>
    public TimeSpan Now => TimeSpan.FromMicroseconds(GetTimestamp());

    /// <summary>How often a page was not waited for any longer: 0, or what was measured counts nothing.</summary>
    public int Hitches { get; private set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => 1_000_000;

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref now);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Epoch.AddMicroseconds(GetTimestamp());

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        PacedTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Does something while time stands still.</summary>
    public async Task<T> WhileStoppedAsync<T>(Func<Task<T>> act)
    {
        stands.Reset();
        mayGo.Reset();
        await Task.Run(stands.Wait);
        try
        {
            return await act();
        }
        finally
        {
            mayGo.Set();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ended = true;
        thread.Join();
        done.Dispose();
        mayGo.Dispose();
        stands.Dispose();
    }

    private void Run()
    {
        while (!ended)
        {
            AwaitPages();
            if (!mayGo.IsSet)
            {
                stands.Set();
                mayGo.Wait();
            }

            long step = Math.Clamp(NextDue() - now, 1, LongestStepMicroseconds);
            board.RunFor(step);
            Interlocked.Add(ref now, step);
            FireTimers();
            AwaitProgram();
        }
    }

    private void AwaitPages()
    {
        long began = Stopwatch.GetTimestamp();
        for (SpinWait spin = default; !isHeard() && !ended; spin.SpinOnce())
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                Hitches++;
                return;
            }
        }
    }

    /// <summary>Returns when the thread pool has nothing left that it has not begun.</summary>
    private void AwaitProgram()
    {
        while (ThreadPool.PendingWorkItemCount > 0 || ThreadPool.CompletedWorkItemCount != worked)
        {
            worked = ThreadPool.CompletedWorkItemCount + 1;
            done.Reset();
            ThreadPool.UnsafeQueueUserWorkItem(static done => done.Set(), done, preferLocal: false);
            done.Wait();
        }
    }

    private long NextDue()
    {
        lock (gate)
        {
            return timers.TryPeek(out _, out long due) ? due : long.MaxValue;
        }
    }

    private void FireTimers()
    {
        while (true)
        {
            PacedTimer timer;
            lock (gate)
            {
                if (!timers.TryPeek(out (PacedTimer Timer, int Version) next, out long due) || due > now)
                {
                    return;
                }

                timers.Dequeue();
                timer = next.Timer;
                if (!timer.TakeTurn(next.Version, due))
                {
                    continue;
                }
            }

            ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Invoke(), timer, preferLocal: false);
        }
    }

    private sealed class PacedTimer(PacedTime time, TimerCallback callback, object? state) : ITimer
    {
        private readonly ExecutionContext? context = ExecutionContext.Capture();
        private int version;
        private long period;

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (time.gate)
            {
                version++;
                period = newPeriod > TimeSpan.Zero ? (long)Math.Ceiling(newPeriod.TotalMicroseconds) : 0;
                if (dueTime >= TimeSpan.Zero)
                {
                    time.timers.Enqueue((this, version), time.now + (long)Math.Ceiling(dueTime.TotalMicroseconds));
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        /// <summary>With the gate held: whether it is still to fire.</summary>
        public bool TakeTurn(int scheduled, long due)
        {
            if (scheduled != version)
            {
                return false;
            }

            if (period > 0)
            {
                time.timers.Enqueue((this, version), due + period);
            }

            return true;
        }

        public void Invoke()
        {
            if (context is null)
            {
                callback(state);
            }
            else
            {
                ExecutionContext.Run(context, static timer => ((PacedTimer)timer!).Call(), this);
            }
        }

        private void Call() => callback(state);
    }
}
