using System.Collections.Concurrent;

namespace Microneedling.Client.Link;

/// <summary>
/// A thread of its own for one link: what is posted to it and what its timer calls runs there, so that the heartbeat goes
/// out whatever the thread pool and the caller's context are busy with. One timer is all that a link needs.
/// </summary>
internal sealed class LinkThread : TimeProvider, IDisposable
{
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> posted = new();
    private readonly AutoResetEvent signal = new(initialState: false);
    private readonly Context context;
    private OneTimer? timer;
    private volatile bool ended;

    public LinkThread()
    {
        context = new Context(this);
        Thread thread = new(Run) { IsBackground = true, Name = "Microneedling link", Priority = ThreadPriority.AboveNormal };
        thread.Start();
    }

    /// <summary>Runs a function on this thread; what it awaits continues here.</summary>
    public Task<T> RunAsync<T>(Func<T> function)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        context.Post(
            _ =>
            {
                try
                {
                    done.SetResult(function());
                }
#pragma warning disable CA1031 // It is the caller's.
                catch (Exception problem)
#pragma warning restore CA1031
                {
                    done.SetException(problem);
                }
            },
            null);
        return done.Task;
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        OneTimer made = new(this, callback, state);
        if (period != Timeout.InfiniteTimeSpan || Interlocked.CompareExchange(ref timer, made, null) is not null)
        {
            throw new NotSupportedException("A link thread has one timer, without a period.");
        }

        made.Change(dueTime, period);
        return made;
    }

    /// <summary>The thread ends once it has done what was posted before.</summary>
    public void Dispose()
    {
        ended = true;
        signal.Set();
    }

    private void Run()
    {
        SynchronizationContext.SetSynchronizationContext(context);
        while (true)
        {
            bool last = ended;
            while (posted.TryDequeue(out (SendOrPostCallback Callback, object? State) work))
            {
                work.Callback(work.State);
            }

            if (last)
            {
                signal.Dispose();
                return;
            }

            TimeSpan? wait = timer?.FireIfDue();
            signal.WaitOne(wait is null ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Ceiling(wait.Value.TotalMilliseconds)));
        }
    }

    private void Post(SendOrPostCallback callback, object? state)
    {
        posted.Enqueue((callback, state));
        Wake();
    }

    private void Wake()
    {
        try
        {
            signal.Set();
        }
        catch (ObjectDisposedException) when (ended)
        {
            // A late continuation of a link that has been closed: nobody waits for it.
        }
    }

    private sealed class Context(LinkThread thread) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => thread.Post(d, state);

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing waits for a link thread.");

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class OneTimer(LinkThread thread, TimerCallback callback, object? state) : ITimer
    {
        private readonly Lock gate = new();
        private long? dueAt;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (gate)
            {
                dueAt = dueTime == Timeout.InfiniteTimeSpan ? null : thread.GetTimestamp() + (long)(dueTime.TotalSeconds * thread.TimestampFrequency);
            }

            thread.Wake();
            return true;
        }

        /// <summary>Calls back when it is time, and returns how long until the next time; null: nothing is set.</summary>
        public TimeSpan? FireIfDue()
        {
            if (Until() is TimeSpan wait && wait <= TimeSpan.Zero)
            {
                lock (gate)
                {
                    dueAt = null;
                }

                callback(state);
            }

            return Until() is TimeSpan left ? left > TimeSpan.Zero ? left : TimeSpan.Zero : null;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private TimeSpan? Until()
        {
            lock (gate)
            {
                return dueAt is long at ? TimeSpan.FromSeconds((at - thread.GetTimestamp()) / (double)thread.TimestampFrequency) : null;
            }
        }
    }
}
