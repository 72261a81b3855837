using System.Collections.Concurrent;
using System.Globalization;

namespace Microneedling.Client.Tests;

/// <summary>
/// Runs asynchronous code on one thread in virtual time: whenever nothing is left to do, the clock jumps to the next
/// timer. Fails when anything leaves the thread, and when nothing can ever happen again.
/// </summary>
internal sealed class Pump : SynchronizationContext
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> queue = new();
    private readonly int thread = Environment.CurrentManagedThreadId;
    private readonly ManualTime time = new();
    private volatile string? stray;

    private Pump()
    {
    }

    /// <summary>Runs <paramref name="body"/> to its end.</summary>
    public static void Run(Func<ManualTime, Task> body)
    {
        SynchronizationContext? before = Current;
        Pump pump = new();
        SetSynchronizationContext(pump);
        try
        {
            pump.RunToEnd(body(pump.time));
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != thread)
        {
            stray = "A continuation came from another thread:" + Environment.NewLine + Environment.StackTrace;
        }

        queue.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing here may block.");

    private void RunToEnd(Task task)
    {
        while (!task.IsCompleted)
        {
            if (queue.TryDequeue(out (SendOrPostCallback Callback, object? State) work))
            {
                work.Callback(work.State);
            }
            else if (!time.JumpToNextTimer() || time.Elapsed > Longest)
            {
                Assert.Fail($"Stuck at {time.Elapsed.ToString("c", CultureInfo.InvariantCulture)}: {stray ?? "no timer is set that could end this, or none does"}");
            }
        }

        task.GetAwaiter().GetResult();
        Assert.Null(stray);
    }
}

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class ManualTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<ManualTimer> timers = [];
    private long order;

    public TimeSpan Elapsed { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override DateTimeOffset GetUtcNow() => Start + Elapsed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves to the earliest timer and fires it; false when none is set.</summary>
    public bool JumpToNextTimer()
    {
        ManualTimer? next = timers.MinBy(timer => (timer.DueAt, timer.Order));
        if (next is null)
        {
            return false;
        }

        Elapsed = next.DueAt > Elapsed ? next.DueAt : Elapsed;
        timers.Remove(next);
        next.Fire();
        return true;
    }

    private sealed class ManualTimer(ManualTime clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period;

        public TimeSpan DueAt { get; private set; }

        public long Order { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            this.period = period;
            clock.timers.Remove(this);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                DueAt = clock.Elapsed + dueTime;
                Order = clock.order++;
                clock.timers.Add(this);
            }

            return true;
        }

        public void Fire()
        {
            if (period > TimeSpan.Zero)
            {
                Change(period, period);
            }

            callback(state);
        }

        public void Dispose() => clock.timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
