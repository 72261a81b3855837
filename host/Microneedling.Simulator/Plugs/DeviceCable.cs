// One device has one cable, and one host at a time has its end, as at a real serial port. Plugs (TCP, pseudo-terminal)
// are ways to that end. What is decided here:
//
//   who has the line      whoever plugs in first, until it leaves
//   host ──► device       on the line at once. 4 096 bytes wait at most, as in an operating system's serial port; what
//                         comes beyond is dropped and counted. A STOP byte never waits behind more than one frame: what
//                         is before it would not outlive it, and is discarded.
//   device ──► host       handed over at once or dropped and counted: nothing is kept for a host that does not listen

using System.Diagnostics.CodeAnalysis;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;

namespace Microneedling.Simulator.Plugs;

/// <summary>A device's cable. All members may be used from any thread.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Whoever plugged in unplugs.")]
internal sealed class DeviceCable(SerialLine line)
{
    /// <summary>Bytes towards the device that wait at most.</summary>
    internal const int MostWaiting = 4_096;

    private readonly Lock plugging = new();
    private Plugged? plugged;
    private long droppedToDevice;
    private long droppedToHost;

    /// <summary>Hands bytes to a host, at once; returns how many it took. Called while the board is held.</summary>
    internal delegate int HandOver(ReadOnlySpan<byte> bytes);

    /// <summary>Who has the line, or null.</summary>
    internal string? Host => plugged?.Host;

    /// <summary>Bytes that hosts wrote faster than the line takes them, or before a STOP byte.</summary>
    internal long DroppedToDevice => Interlocked.Read(ref droppedToDevice);

    /// <summary>Bytes of the device that its host did not take.</summary>
    internal long DroppedToHost => Interlocked.Read(ref droppedToHost);

    /// <summary>The wire itself: what is wrong with it.</summary>
    internal SerialLine Line => line;

    /// <summary>Plugs a host in; null when another has the line.</summary>
    /// <param name="host">Who it is, in words.</param>
    /// <param name="handOver">Gets the device's bytes.</param>
    internal Plugged? TryPlugIn(string host, HandOver handOver)
    {
        lock (plugging)
        {
            return plugged is null ? plugged = new Plugged(this, host, handOver) : null;
        }
    }

    /// <summary>A host that has the line. Dispose leaves it to the next.</summary>
    internal sealed class Plugged : IDisposable
    {
        private readonly DeviceCable cable;
        private readonly SerialHostEnd end;

        internal Plugged(DeviceCable cable, string host, HandOver handOver)
        {
            this.cable = cable;
            Host = host;
            end = cable.Line.Attach(bytes => Interlocked.Add(ref cable.droppedToHost, bytes.Length - handOver(bytes.Span)));
        }

        internal string Host { get; }

        /// <summary>Puts bytes on the line. Never waits. One thread at a time.</summary>
        internal void Write(ReadOnlySpan<byte> bytes)
        {
            int stop = bytes.LastIndexOf(Framing.Stop);
            if (stop >= 0 && end.BytesWaiting + stop > Framing.MaximumFrameLength)
            {
                Interlocked.Add(ref cable.droppedToDevice, end.Discard() + stop);
                bytes = bytes[stop..];
            }

            int taken = Math.Clamp(MostWaiting - end.BytesWaiting, 0, bytes.Length);
            end.Write(bytes[..taken]);
            Interlocked.Add(ref cable.droppedToDevice, bytes.Length - taken);
        }

        public void Dispose()
        {
            lock (cable.plugging)
            {
                end.Dispose();
                if (cable.plugged == this)
                {
                    cable.plugged = null;
                }
            }
        }
    }
}
