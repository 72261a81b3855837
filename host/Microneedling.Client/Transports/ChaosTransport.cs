using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Microneedling.Client;

/// <summary>
/// A bad line, made of a good one: loses, damages, doubles, delays and reorders what passes, as its plan says. The same
/// seed does the same to the same writes at the same times. A STOP byte is damaged and stalled as everything is, but waits
/// behind nothing. For any thread; time is the given clock's alone, in steps of a millisecond.
/// </summary>
/// <remarks>
/// As long as a write is not delayed it is the inner transport's own: it takes as long and fails as that does. A delayed
/// one is taken at once, and its failure comes out of a later write.
/// </remarks>
public sealed class ChaosTransport : ITransport
{
    private const int LongestReading = 1024;

    private readonly ITransport inner;
    private readonly TimeProvider time;
    private readonly long startedAt;
    private readonly Lock gate = new();
    private readonly ChaosLine toDevice;
    private readonly ChaosLine toHost;
    private readonly ITimer timer;
    private readonly CancellationTokenSource closing = new();
    private readonly SemaphoreSlim turn = new(1);
    private readonly Channel<byte[]> arrived = Channel.CreateUnbounded<byte[]>();
    private ReadOnlyMemory<byte> unread;
    private ChaosPlan plan;
    private Task? listening;
    private bool hasEnded;
    private Exception? ending;
    private LinkException? lateFailure;

    /// <summary>Makes a bad line.</summary>
    /// <param name="inner">The good one; owned from now on.</param>
    /// <param name="plan">What to do to it at first.</param>
    /// <param name="seed">Decides everything that is left to chance.</param>
    /// <param name="time">Clock for delays.</param>
    public ChaosTransport(ITransport inner, ChaosPlan plan, int seed, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(plan);
        this.inner = inner;
        this.plan = plan;
        this.time = time ?? TimeProvider.System;
        startedAt = this.time.GetTimestamp();
        toDevice = new ChaosLine(seed) { Chaos = plan.ToDevice };
        toHost = new ChaosLine(~seed) { Chaos = plan.ToHost };
        timer = this.time.CreateTimer(static self => _ = ((ChaosTransport)self!).MoveAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>That of the inner transport.</summary>
    public string Name => inner.Name;

    /// <summary>What is done to the line; may be changed at any time.</summary>
    public ChaosPlan Plan
    {
        get
        {
            lock (gate)
            {
                return plan;
            }
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            lock (gate)
            {
                (plan, toDevice.Chaos, toHost.Chaos) = (value, value.ToDevice, value.ToHost);
            }
        }
    }

    /// <summary>What has been done to what the host wrote.</summary>
    public ChaosCounts ToDeviceCounts
    {
        get
        {
            lock (gate)
            {
                return toDevice.Counts;
            }
        }
    }

    /// <summary>What has been done to what the device sent.</summary>
    public ChaosCounts ToHostCounts
    {
        get
        {
            lock (gate)
            {
                return toHost.Counts;
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(startedAt);

    /// <summary>Cuts the line now, both ways: what has not come out never does.</summary>
    public void Cut()
    {
        lock (gate)
        {
            toDevice.Cut();
            toHost.Cut();
            Arrange();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        listening ??= ListenAsync();
        while (unread.IsEmpty)
        {
            if (!await arrived.Reader.WaitToReadAsync(cancellationToken))
            {
                return 0;
            }

            if (arrived.Reader.TryRead(out byte[]? bytes))
            {
                unread = bytes;
            }
        }

        int count = Math.Min(unread.Length, buffer.Length);
        unread[..count].CopyTo(buffer);
        unread = unread[count..];
        return count;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await CarryAsync(() => toDevice.Take(bytes.Span, Now), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask WriteUrgentAsync(byte value, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await CarryAsync(() => toDevice.TakeUrgent(value, Now), cancellationToken);
    }

    /// <summary>Closes the line and the inner transport. What waits is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        Cut();
        closing.Cancel();
        await timer.DisposeAsync();
        await inner.DisposeAsync();
        await (listening ?? Task.CompletedTask);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever the inner transport throws comes out of the reading, in its turn.")]
    private async Task ListenAsync()
    {
        byte[] buffer = new byte[LongestReading];
        try
        {
            for (int count; (count = await inner.ReadAsync(buffer, closing.Token)) > 0;)
            {
                lock (gate)
                {
                    toHost.Take(buffer.AsSpan(0, count), Now);
                    Arrange();
                }
            }
        }
        catch (Exception exception)
        {
            ending = exception;
        }

        lock (gate)
        {
            hasEnded = true;
            Arrange();
        }
    }

    /// <summary>Time has passed: moves what is due by now, both ways.</summary>
    private async Task MoveAsync()
    {
        try
        {
            await CarryAsync(() => { }, closing.Token);
        }
        catch (LinkException exception)
        {
            lateFailure = exception;
        }
        catch (OperationCanceledException)
        {
            // Disposed of meanwhile.
        }
    }

    /// <summary>Takes something in and hands over to the inner transport what is due by now, in order, the urgent at once.</summary>
    private async Task CarryAsync(Action take, CancellationToken cancellationToken)
    {
        List<byte[]> urgent;
        List<byte[]> inTurn;
        Task myTurn;
        lock (gate)
        {
            take();
            (urgent, inTurn) = toDevice.Emit(Now);
            Arrange();
            if (toDevice.IsCut || lateFailure is not null)
            {
                throw new LinkException("The line is cut.", isTransient: true, lateFailure);
            }

            myTurn = inTurn.Count == 0 ? Task.CompletedTask : turn.WaitAsync(cancellationToken);
        }

        foreach (byte value in urgent.SelectMany(bytes => bytes))
        {
            await inner.WriteUrgentAsync(value, cancellationToken);
        }

        await myTurn;
        try
        {
            foreach (byte[] bytes in inTurn)
            {
                await inner.WriteAsync(bytes, cancellationToken);
            }
        }
        finally
        {
            _ = inTurn.Count == 0 ? 0 : turn.Release();
        }
    }

    /// <summary>Hands over what has arrived by now, and sets the timer for what has not.</summary>
    private void Arrange()
    {
        TimeSpan now = Now;
        (_, List<byte[]> came) = toHost.Emit(now);
        came.ForEach(bytes => arrived.Writer.TryWrite(bytes));
        if (toHost.IsCut || (hasEnded && toHost.IsEmpty))
        {
            arrived.Writer.TryComplete(closing.IsCancellationRequested ? null : ending);
        }

        TimeSpan due = toDevice.NextDue < toHost.NextDue ? toDevice.NextDue : toHost.NextDue;
        TimeSpan wait = due == TimeSpan.MaxValue
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling((due - now).TotalMilliseconds)));
        timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
