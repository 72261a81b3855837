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
    private bool ended;

    /// <summary>Adds an entry.</summary>
    public void Publish(DeviceLogEntry entry)
    {
        lock (gate)
        {
            kept.Enqueue(entry);
            if (kept.Count > capacity)
            {
                kept.Dequeue();
                dropped++;
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

    private static uint? FirstNumberOf(DeviceLogEntry entry) => entry switch
    {
        DeviceEvent happened => happened.Number,
        MissingEvents missing => missing.FirstNumber,
        _ => null,
    };

    private (DeviceLogEntry[] Batch, bool IsLast) Take(ref long next, ref uint lastNumber)
    {
        lock (gate)
        {
            List<DeviceLogEntry> batch = [.. kept.Skip((int)Math.Clamp(next - dropped, 0, kept.Count))];
            uint expected = lastNumber + 1;
            if (next < dropped && batch.Count > 0 && FirstNumberOf(batch[0]) is uint first && first > expected)
            {
                batch.Insert(0, new MissingEvents(expected, first - 1));
            }

            next = dropped + kept.Count;
            lastNumber = batch.Aggregate(lastNumber, (before, entry) => LastNumberOf(entry, before));
            return ([.. batch], ended);
        }
    }

    private void WakeReaders() => readers.ForEach(reader => reader.Writer.TryWrite(true));
}
