// Between a thread that reads a line and whoever awaits its bytes. Bytes are handed over on the reading thread itself, so
// that no other thread has to be free for them to arrive: a waiter with a context of its own is posted to at once.
//
//   reading thread ──Offer──▶ [ up to Capacity bytes ] ──ReadAsync──▶ one reader
//                  waits while it is full

namespace Microneedling.Client.Transports;

/// <summary>Hands bytes from a thread to a task: in order, bounded, until complete. One thread offers, one reads at a time.</summary>
internal sealed class Inbox
{
    /// <summary>Six seconds of a serial line.</summary>
    public const int Capacity = 65_536;

    private readonly object gate = new();
    private readonly byte[] ring = new byte[Capacity];
    private int start;
    private int count;
    private bool isComplete;
    private Pending<Memory<byte>>? reader;

    /// <summary>Puts bytes in, waiting for room.</summary>
    /// <returns>False when complete: nobody will read them.</returns>
    public bool Offer(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int taken;
            (Pending<Memory<byte>>? Reader, int Count) served;
            lock (gate)
            {
                while (count == Capacity && !isComplete)
                {
                    Monitor.Wait(gate);
                }

                if (isComplete)
                {
                    return false;
                }

                int end = (start + count) % Capacity;
                taken = Math.Min(bytes.Length, Math.Min(Capacity - count, Capacity - end));
                bytes[..taken].CopyTo(ring.AsSpan(end));
                count += taken;
                served = Serve();
            }

            served.Reader?.TrySetResult(served.Count);
            bytes = bytes[taken..];
        }

        return true;
    }

    /// <summary>No more will come: readers get what is there, then 0.</summary>
    public void Complete()
    {
        (Pending<Memory<byte>>? Reader, int Count) served;
        lock (gate)
        {
            isComplete = true;
            Monitor.PulseAll(gate);
            served = Serve();
        }

        served.Reader?.TrySetResult(served.Count);
    }

    /// <summary>Waits for bytes. Returns how many; 0 when complete. Cancelling loses nothing.</summary>
    /// <exception cref="InvalidOperationException">Another read is under way.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(buffer.Length);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        Pending<Memory<byte>> waiting = new(buffer);
        lock (gate)
        {
            if (reader is not null)
            {
                throw new InvalidOperationException("One read at a time.");
            }

            if (count > 0 || isComplete)
            {
                return ValueTask.FromResult(Take(buffer.Span));
            }

            reader = waiting;
        }

        waiting.WithdrawWhenCancelled(Withdraw, cancellationToken);
        return new ValueTask<int>(waiting.Task);
    }

    private (Pending<Memory<byte>>? Reader, int Count) Serve()
    {
        if (reader is not Pending<Memory<byte>> waiting)
        {
            return default;
        }

        reader = null;
        return (waiting, Take(waiting.Memory.Span));
    }

    private int Take(Span<byte> destination)
    {
        int taken = Math.Min(destination.Length, Math.Min(count, Capacity - start));
        ring.AsSpan(start, taken).CopyTo(destination);
        start = (start + taken) % Capacity;
        count -= taken;
        Monitor.PulseAll(gate);
        return taken;
    }

    private bool Withdraw(Pending<Memory<byte>> waiting)
    {
        lock (gate)
        {
            bool isThere = reader == waiting;
            reader = isThere ? null : reader;
            return isThere;
        }
    }
}
