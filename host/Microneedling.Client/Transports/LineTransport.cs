// Makes a transport of a line that knows only blocking calls. Threads of its own do the waiting, so that neither a busy
// thread pool nor a busy caller delays a byte:
//
//   reading thread: line.Read ──▶ Inbox ──▶ ReadAsync
//   WriteAsync ──▶ line, at once, on the caller's thread; only what finds no room waits for
//   writing thread: line.WaitForRoom, line.TryWrite
//   WriteUrgentAsync ──▶ line, at once, ahead of all that waits
//
// The line is closed as soon as it is gone or this is disposed, by the last thread that leaves it.

using System.Diagnostics.CodeAnalysis;

namespace Microneedling.Client.Transports;

/// <summary>A transport over a line. For any thread; one read at a time.</summary>
internal sealed class LineTransport : ITransport
{
    /// <summary>Longest wait for the system to close the line: some drain what was sent first.</summary>
    private static readonly TimeSpan ClosingPatience = TimeSpan.FromSeconds(2);

    private readonly ILine line;
    private readonly string goneWords;
    private readonly Inbox inbox = new();
    private readonly object gate = new();
    private readonly LinkedList<Pending<ReadOnlyMemory<byte>>> waiting = new();

    /// <summary>Whoever waits for it goes on, on the thread that ends with it: closing needs no other thread either.</summary>
    private readonly TaskCompletionSource closed = new();
    private int threads;
    private bool hasWriter;
    private LinkException? ending;

    /// <param name="name">The address.</param>
    /// <param name="line">Owned from now on.</param>
    /// <param name="goneWords">What to tell a writer when the line is gone.</param>
    public LineTransport(string name, ILine line, string goneWords)
    {
        Name = name;
        this.line = line;
        this.goneWords = goneWords;
        lock (gate)
        {
            StartThread(ReadUntilTheEnd);
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => inbox.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => Send(bytes, isUrgent: false, cancellationToken);

    /// <inheritdoc/>
    public ValueTask WriteUrgentAsync(byte value, CancellationToken cancellationToken) => Send(new[] { value }, isUrgent: true, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        End(new LinkException($"This program has closed {Name}.", isTransient: false));
        await closed.Task.WaitAsync(ClosingPatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a line throws, it is gone, and the ending carries it.")]
    private ValueTask Send(ReadOnlyMemory<byte> bytes, bool isUrgent, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Pending<ReadOnlyMemory<byte>> rest;
        try
        {
            lock (gate)
            {
                if (ending is not null)
                {
                    return ValueTask.FromException(Repeat(ending));
                }

                if (isUrgent)
                {
                    line.DiscardOutput();
                }

                int sent = isUrgent || waiting.Count == 0 ? line.TryWrite(bytes.Span) : 0;
                if (sent == bytes.Length)
                {
                    return ValueTask.CompletedTask;
                }

                rest = new Pending<ReadOnlyMemory<byte>>(bytes[sent..]);
                _ = isUrgent ? waiting.AddFirst(rest) : waiting.AddLast(rest);
                if (!hasWriter)
                {
                    hasWriter = true;
                    StartThread(WriteUntilTheEnd);
                }

                Monitor.PulseAll(gate);
            }
        }
        catch (Exception cause)
        {
            return ValueTask.FromException(Repeat(End(Gone(cause))));
        }

        rest.WithdrawWhenCancelled(Withdraw, cancellationToken);
        return new ValueTask(rest.Task);
    }

    private void ReadUntilTheEnd()
    {
        byte[] buffer = new byte[4096];
        for (int count; (count = line.Read(buffer)) > 0 && inbox.Offer(buffer.AsSpan(0, count));)
        {
        }
    }

    private void WriteUntilTheEnd()
    {
        while (WaitForWork() && line.WaitForRoom())
        {
            Pending<ReadOnlyMemory<byte>>? done = null;
            lock (gate)
            {
                // What waited may have been withdrawn meanwhile, or overtaken.
                if (ending is null && waiting.First?.Value is Pending<ReadOnlyMemory<byte>> first)
                {
                    first.Memory = first.Memory[line.TryWrite(first.Memory.Span)..];
                    if (first.Memory.IsEmpty)
                    {
                        waiting.RemoveFirst();
                        done = first;
                    }
                }
            }

            done?.TrySetResult(0);
        }
    }

    private bool WaitForWork()
    {
        lock (gate)
        {
            while (waiting.Count == 0 && ending is null)
            {
                Monitor.Wait(gate);
            }

            return ending is null;
        }
    }

    private bool Withdraw(Pending<ReadOnlyMemory<byte>> write)
    {
        lock (gate)
        {
            return waiting.Remove(write);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a line throws, it is gone, and the ending carries it.")]
    private void StartThread(Action work)
    {
        threads++;
        Thread thread = new(() =>
        {
            Exception? cause = null;
            try
            {
                work();
            }
            catch (Exception exception)
            {
                cause = exception;
            }

            End(Gone(cause));
            Leave();
        })
        {
            IsBackground = true,
            Name = Name,
            Priority = ThreadPriority.AboveNormal,
        };
        thread.Start();
    }

    private void Leave()
    {
        lock (gate)
        {
            if (--threads > 0)
            {
                return;
            }
        }

        line.Dispose();
        closed.SetResult();
    }

    /// <summary>Ends everything, the first time. Returns why it ended.</summary>
    private LinkException End(LinkException why)
    {
        List<Pending<ReadOnlyMemory<byte>>> abandoned;
        lock (gate)
        {
            if (ending is not null)
            {
                return ending;
            }

            ending = why;
            abandoned = [.. waiting];
            waiting.Clear();
            Monitor.PulseAll(gate);
            line.End();
        }

        inbox.Complete();
        foreach (Pending<ReadOnlyMemory<byte>> write in abandoned)
        {
            write.TrySetException(Repeat(why));
        }

        return why;
    }

    private LinkException Gone(Exception? cause) => new(goneWords, isTransient: true, cause);

    /// <summary>Everyone gets an exception of his own.</summary>
    private static LinkException Repeat(LinkException why) => new(why.Message, why.IsTransient, why.InnerException);
}
