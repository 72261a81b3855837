// Listens on the good side of a bad line, next to the device: what really reached it and what it really said. Nothing here
// is known to the client, so the truth does not depend on what is being tested.

using System.Globalization;
using Microneedling.Protocol;

namespace Microneedling.Client.Tests.Campaigns;

/// <summary>The device's side of the line, over every connection.</summary>
internal sealed class DeviceTap(TimeProvider time)
{
    private const long ByteNanoseconds = 86_806;
    private const int FramesKept = 80;

    private readonly Queue<string> latest = new();
    private readonly Dictionary<uint, EventReport> events = [];

    // A frame may begin under one connection and end under the next.
    private readonly FrameDecoder toDevice = new();
    private readonly FrameDecoder toHost = new();
    private long arrivedNanoseconds;

    /// <summary>Events as the device told them, by number.</summary>
    public IReadOnlyDictionary<uint, EventReport> Events => events;

    /// <summary>The highest number told in an event or a status.</summary>
    public uint LatestEventNumber { get; private set; }

    /// <summary>When the first STOP byte or whole stop command since <see cref="ForgetStops"/> had reached the device, microseconds of the clock.</summary>
    public long? StoppedAtMicroseconds { get; private set; }

    /// <summary>When the last whole heartbeat or greeting had reached the device.</summary>
    public long HeartbeatAtMicroseconds { get; private set; }

    /// <summary>STOP bytes that reached the device, those made by damage too.</summary>
    public long StopBytes { get; private set; }

    /// <summary>Frames that reached the device whole, by kind.</summary>
    public Dictionary<MessageId, long> FramesToDevice { get; } = [];

    /// <summary>The latest frames, for whoever wants to know what went wrong.</summary>
    public string LatestFrames => string.Join(Environment.NewLine, latest);

    /// <summary>From now on a stop counts anew.</summary>
    public void ForgetStops() => StoppedAtMicroseconds = null;

    /// <summary>The device has lost its power: its events begin anew.</summary>
    public void Restarted()
    {
        events.Clear();
        LatestEventNumber = 0;
    }

    /// <summary>Writes a line among the latest frames.</summary>
    public void Note(string what)
    {
        latest.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{NowMicroseconds / 1e6:0.0000} {what}"));
        if (latest.Count > FramesKept)
        {
            latest.Dequeue();
        }
    }

    /// <summary>Puts the tap between the device and what is in front of it.</summary>
    public ITransport On(ITransport device) => new Tapped(this, device);

    private long NowMicroseconds => (long)time.GetElapsedTime(0).TotalMicroseconds;

    private void ToDevice(ReadOnlySpan<byte> bytes)
    {
        FrameDecoder decoder = toDevice;
        foreach (byte value in bytes)
        {
            arrivedNanoseconds = Math.Max(arrivedNanoseconds, NowMicroseconds * 1_000) + ByteNanoseconds;
            long arrived = (arrivedNanoseconds / 1_000) + 1;
            switch (decoder.Push(value))
            {
                case DecodeResult.Stop:
                    StopBytes++;
                    StoppedAtMicroseconds ??= arrived;
                    Note("        STOP");
                    break;
                case DecodeResult.Frame:
                    FramesToDevice[decoder.Id] = FramesToDevice.GetValueOrDefault(decoder.Id) + 1;
                    if (decoder.Id == MessageId.Stop)
                    {
                        StoppedAtMicroseconds ??= arrived;
                    }
                    else if (decoder.Id is MessageId.Heartbeat or MessageId.HelloRequest)
                    {
                        HeartbeatAtMicroseconds = arrived;
                    }

                    if (decoder.Id is not (MessageId.Heartbeat or MessageId.TimeRequest))
                    {
                        Note($"      → {decoder.Id} {decoder.Sequence}{DetailOf(decoder)}");
                    }

                    break;
                default:
                    break;
            }
        }
    }

    // How many of the bytes end with a frame.
    private int ToHost(ReadOnlySpan<byte> bytes)
    {
        FrameDecoder decoder = toHost;
        int whole = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (decoder.Push(bytes[i]) != DecodeResult.Frame)
            {
                continue;
            }

            whole = i + 1;
            EventReport report = new();
            StatusReport status = new();
            if (decoder.Id == MessageId.Event && decoder.TryRead(report))
            {
                events.TryAdd(report.Number, report);
                LatestEventNumber = Math.Max(LatestEventNumber, report.Number);
                Note($"        ← {report.Number} {(EventCode)report.Code} {report.Argument1} {report.Argument2}");
            }
            else if (decoder.Id == MessageId.Status && decoder.TryRead(status))
            {
                LatestEventNumber = Math.Max(LatestEventNumber, status.LatestEventNumber);
            }
            else if (decoder.Id is not MessageId.TimeReport)
            {
                Note($"        ← {decoder.Id} to {decoder.ReplyTo}{Refusal(decoder)}");
            }
        }

        return whole;
    }

    private static string DetailOf(FrameDecoder decoder)
    {
        EventsRequest events = new();
        if (decoder.Id == MessageId.EventsRequest && decoder.TryRead(events))
        {
            return $" (from {events.FirstNumber})";
        }

        SettleCommand settle = new();
        return decoder.Id == MessageId.SettleCommand && decoder.TryRead(settle) ? $" ({(MessageId)settle.CommandId} {settle.CommandSequence})" : "";
    }

    private static string Refusal(FrameDecoder decoder)
    {
        Rejected rejected = new();
        return decoder.Id == MessageId.Rejected && decoder.TryRead(rejected) ? $" ({(RejectionReason)rejected.Reason})" : "";
    }

    private sealed class Tapped(DeviceTap tap, ITransport device) : ITransport
    {
        private readonly byte[] gathered = new byte[4 * Framing.MaximumFrameLength];
        private int gatheredCount;

        public string Name => device.Name;

        // Whole frames, as an adapter that waits for a pause: what a bad line does to a write, it does to a frame then.
        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            while (true)
            {
                int count = await device.ReadAsync(gathered.AsMemory(gatheredCount), cancellationToken);
                int whole = tap.ToHost(gathered.AsSpan(gatheredCount, count));
                int ready = count == 0 ? gatheredCount : whole == 0 ? 0 : gatheredCount + whole;
                gatheredCount += count;
                if (ready > 0 || count == 0)
                {
                    gathered.AsMemory(0, ready).CopyTo(buffer);
                    gathered.AsSpan(ready, gatheredCount - ready).CopyTo(gathered);
                    gatheredCount -= ready;
                    return ready;
                }
            }
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            await device.WriteAsync(bytes, cancellationToken);
            tap.ToDevice(bytes.Span);
        }

        public async ValueTask WriteUrgentAsync(byte value, CancellationToken cancellationToken)
        {
            await device.WriteUrgentAsync(value, cancellationToken);
            tap.ToDevice([value]);
        }

        public ValueTask DisposeAsync() => device.DisposeAsync();
    }
}
