using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Microneedling.Client;

/// <summary>
/// Keeps the latest entries of the device's log and lets any number of readers go through it, each at its own pace, from
/// the oldest kept. No reader loses an entry in silence: what fell off the end before it was read is named as missing.
/// For any thread.
/// </summary>
internal sealed class EventJournal(int capacity = EventJournal.DefaultCapacity)
{
    /// <summary>Hours of treating; the device itself keeps 128.</summary>
    public const int DefaultCapacity = 16_384;

    private readonly Lock gate = new();
    private readonly Queue<DeviceLogEntry> kept = [];
    private readonly List<Channel<bool>> readers = [];
    private long dropped;
    private uint lastDropped;
    private DroppedRestart? droppedRestart;
    private bool ended;

    /// <summary>Adds an entry.</summary>
    public void Publish(DeviceLogEntry entry)
    {
        lock (gate)
        {
            kept.Enqueue(entry);
            if (kept.Count > capacity)
            {
                Drop(kept.Dequeue());
            }

            WakeReaders();
        }
    }

    /// <summary>Nothing follows.</summary>
    public void End()
    {
        lock (gate)
        {
            ended = true;
            WakeReaders();
        }
    }

    /// <summary>Reads from the oldest entry kept to the end.</summary>
    public async IAsyncEnumerable<DeviceLogEntry> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Channel<bool> wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        long next = 0;
        uint lastNumber = 0;
        lock (gate)
        {
            readers.Add(wakes);
        }

        try
        {
            while (true)
            {
                (DeviceLogEntry[] batch, bool isLast) = Take(ref next, ref lastNumber);
                foreach (DeviceLogEntry entry in batch)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return entry;
                }

                if (batch.Length == 0)
                {
                    if (isLast)
                    {
                        yield break;
                    }

                    await wakes.Reader.WaitToReadAsync(cancellationToken);
                    wakes.Reader.TryRead(out _);
                }
            }
        }
        finally
        {
            lock (gate)
            {
                readers.Remove(wakes);
            }
        }
    }

    private static uint LastNumberOf(DeviceLogEntry entry, uint before) => entry switch
    {
        DeviceEvent happened => happened.Number,
        MissingEvents missing => missing.LastNumber,
        DeviceRestarted => 0,
        _ => before,
    };

    private (DeviceLogEntry[] Batch, bool IsLast) Take(ref long next, ref uint lastNumber)
    {
        lock (gate)
        {
            List<DeviceLogEntry> batch = next < dropped ? MissedFrom(next, lastNumber + 1) : [];
            batch.AddRange(kept.Skip((int)Math.Max(0, next - dropped)));
            next = dropped + kept.Count;
            lastNumber = batch.Aggregate(lastNumber, (before, entry) => LastNumberOf(entry, before));
            return ([.. batch], ended);
        }
    }

    private void Drop(DeviceLogEntry entry)
    {
        if (entry is DeviceRestarted restart)
        {
            droppedRestart = new DroppedRestart(restart, dropped, lastDropped);
        }

        lastDropped = LastNumberOf(entry, lastDropped);
        dropped++;
    }

    /// <summary>What stands for the dropped entries from this position on, of which the reader expects this number.</summary>
    private List<DeviceLogEntry> MissedFrom(long position, uint expected)
    {
        List<DeviceLogEntry> missed = [];
        if (droppedRestart is not null && droppedRestart.Position >= position)
        {
            AddMissing(expected, droppedRestart.LastNumberBefore);
            missed.Add(droppedRestart.Entry);
            expected = 1;
        }

        AddMissing(expected, lastDropped);
        return missed;

        void AddMissing(uint first, uint last)
        {
            if (first <= last)
            {
                missed.Add(new MissingEvents(first, last));
            }
        }
    }

    private void WakeReaders() => readers.ForEach(reader => reader.Writer.TryWrite(true));

    /// <summary>The latest restart among the dropped entries: where it stood, and after which number.</summary>
    private sealed record DroppedRestart(DeviceRestarted Entry, long Position, uint LastNumberBefore);
}
