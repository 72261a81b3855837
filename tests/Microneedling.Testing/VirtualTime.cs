// Runs an asynchronous test body together with a board, on one thread and in the board's time, so that the host's client,
// its time-outs and the firmware behave the same at every run.
//
//   continuations that can run? ──yes──► run them, one by one
//        │ no
//   timers due now? ──yes──► fire the earliest
//        │ no
//   let the board run until it sends bytes, a watched condition holds, or the next timer is due
//
// What leaves this thread comes back at no particular board time: Task.Run, ConfigureAwait(false) and
// ChannelReader.ReadAllAsync (use WaitToReadAsync and TryRead). A continuation that comes from elsewhere fails the run.

using System.Collections.Concurrent;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;

namespace Microneedling.Testing;

/// <summary>The board's time as a <see cref="TimeProvider"/>, and the pump that runs a test body in it.</summary>
public sealed class VirtualTime : TimeProvider
{
    private const long LongestRun = 100_000;

    private static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromMinutes(10);

    private readonly VirtualBoard board;
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> posted = new();
    private readonly PriorityQueue<(VirtualTimer Timer, int Version), (long Due, long Order)> timers = new();
    private readonly List<(Func<bool> Condition, TaskCompletionSource Met)> watched = [];
    private readonly Thread pumpThread = Thread.CurrentThread;
    private string? strayPost;
    private long order;

    private VirtualTime(VirtualBoard board) => this.board = board;

    /// <summary>The board's time since its clock began, in microseconds.</summary>
    public long NowMicroseconds => board.NowMicroseconds;

    /// <inheritdoc/>
    public override long TimestampFrequency => 1_000_000;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Runs a test body with a device in virtual time. Takes the device's power away at the end.</summary>
    /// <inheritdoc cref="Run(VirtualBoard, Func{VirtualTime, Task}, TimeSpan?)"/>
    public static void Run(BoardOptions options, Func<VirtualTime, SimulatedDevice, Task> body, TimeSpan? deadline = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        SimulatedDevice device = SimulatedDevice.Start(TraceFiles.Apply(options, Console.WriteLine));
        using VirtualBoard board = device.Board;
        Run(board, time => body(time, device), deadline);
    }

    /// <summary>Runs a test body to its end, driving the board whenever nothing else can run.</summary>
    /// <param name="board">A board in virtual time.</param>
    /// <param name="body">The test; everything that it awaits continues on this thread.</param>
    /// <param name="deadline">Longest that the body may take of the board's time, 10 minutes by default.</param>
    /// <exception cref="TimeoutException">It took longer.</exception>
    /// <exception cref="InvalidOperationException">The firmware threw, or something continued on another thread.</exception>
    public static void Run(VirtualBoard board, Func<VirtualTime, Task> body, TimeSpan? deadline = null)
    {
        ArgumentNullException.ThrowIfNull(board);
        ArgumentNullException.ThrowIfNull(body);
        VirtualTime time = new(board);
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Pump(time));
        try
        {
            time.PumpUntilDone(body(time), deadline ?? DefaultDeadline);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => board.NowMicroseconds;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Epoch.AddMicroseconds(board.NowMicroseconds);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        VirtualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits this long of the board's time.</summary>
    public Task Delay(TimeSpan delay, CancellationToken cancellationToken = default) => Task.Delay(delay, this, cancellationToken);

    /// <summary>Waits until a condition on the bench or the board holds, to the millisecond of the board's time.</summary>
    /// <exception cref="TimeoutException">It did not hold in time.</exception>
    public async Task Until(Func<bool> condition, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(condition);
        if (condition())
        {
            return;
        }

        (Func<bool>, TaskCompletionSource Met) watch = (condition, new TaskCompletionSource());
        watched.Add(watch);
        try
        {
            await watch.Met.Task.WaitAsync(timeout, this);
        }
        finally
        {
            watched.Remove(watch);
        }
    }

    private void PumpUntilDone(Task body, TimeSpan deadline)
    {
        long end = board.NowMicroseconds + (long)deadline.TotalMicroseconds;
        while (!body.IsCompleted)
        {
            if (posted.TryDequeue(out (SendOrPostCallback Callback, object? State) one))
            {
                one.Callback(one.State);
            }
            else if (!FireOneTimer() && !CompleteWatched())
            {
                LetBoardRun(end);
            }

            if (strayPost is not null)
            {
                throw new InvalidOperationException(
                    $"A continuation came from another thread, so this run is not repeatable. It came from:{Environment.NewLine}{strayPost}");
            }
        }

        body.GetAwaiter().GetResult();
    }

    private void LetBoardRun(long end)
    {
        long now = board.NowMicroseconds;
        if (now >= end)
        {
            throw new TimeoutException(
                $"The test body has not ended at {now / 1e6:0.000} s of the board's time (seed {board.Seed}, firmware {board.FirmwareState}).");
        }

        long until = Math.Min(end, now + LongestRun);
        if (timers.TryPeek(out _, out (long Due, long Order) next))
        {
            until = Math.Min(until, next.Due);
        }

        board.RunUntil(() => !posted.IsEmpty || watched.Exists(static one => one.Condition()), until - now);
        if (board.LatestFirmwareThrow is { } exception)
        {
            throw new InvalidOperationException($"The firmware threw (seed {board.Seed}): {exception.Message}", exception);
        }
    }

    private bool FireOneTimer()
    {
        while (timers.TryPeek(out (VirtualTimer Timer, int Version) first, out (long Due, long Order) key))
        {
            if (!first.Timer.IsCurrent(first.Version))
            {
                timers.Dequeue();
            }
            else if (key.Due > board.NowMicroseconds)
            {
                return false;
            }
            else
            {
                timers.Dequeue();
                first.Timer.Fire(key.Due);
                return true;
            }
        }

        return false;
    }

    private bool CompleteWatched()
    {
        int index = watched.FindIndex(static one => one.Condition());
        if (index < 0)
        {
            return false;
        }

        (_, TaskCompletionSource met) = watched[index];
        watched.RemoveAt(index);
        met.TrySetResult();
        return true;
    }

    private void Schedule(VirtualTimer timer, int version, long due) => timers.Enqueue((timer, version), (due, order++));

    private sealed class Pump(VirtualTime time) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            if (Thread.CurrentThread != time.pumpThread && !FirmwareRuntime.IsFirmwareThread)
            {
                time.strayPost ??= Environment.StackTrace;
            }

            time.posted.Enqueue((d, state));
        }

        public override void Send(SendOrPostCallback d, object? state) => d(state);

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private readonly ExecutionContext? context = ExecutionContext.Capture();
        private int version;
        private long period = -1;

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            int current = Interlocked.Increment(ref version);
            period = newPeriod <= TimeSpan.Zero ? -1 : Ceiling(newPeriod);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                time.Schedule(this, current, time.NowMicroseconds + Ceiling(dueTime));
            }

            return true;
        }

        public void Dispose() => Interlocked.Increment(ref version);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal bool IsCurrent(int scheduled) => scheduled == version;

        internal void Fire(long due)
        {
            if (period > 0)
            {
                time.Schedule(this, version, due + period);
            }

            if (context is null)
            {
                callback(state);
            }
            else
            {
                ExecutionContext.Run(context, static self => ((VirtualTimer)self!).Invoke(), this);
            }
        }

        private static long Ceiling(TimeSpan span) => (span.Ticks + TimeSpan.TicksPerMicrosecond - 1) / TimeSpan.TicksPerMicrosecond;

        private void Invoke() => callback(state);
    }
}
