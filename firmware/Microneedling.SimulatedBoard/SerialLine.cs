// The serial line between the board and a host: when each byte arrives, and what the line does to it. A byte takes ten bit
// times either way. Towards the host the adapter hands over what it has once per USB frame of 1 ms.

using System.Diagnostics.CodeAnalysis;
using Microneedling.SimulatedBoard.Chip;

namespace Microneedling.SimulatedBoard;

/// <summary>What a bad line does to each byte, as probabilities of 0 … 1.</summary>
/// <param name="Flip">One bit of the byte is inverted.</param>
/// <param name="Drop">The byte is lost.</param>
/// <param name="Insert">A random byte comes before it.</param>
public sealed record LineNoise(double Flip = 0, double Drop = 0, double Insert = 0);

/// <summary>The line and the adapter at the host's end. It starts with nobody attached and nothing wrong with it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The host's end belongs to the host.")]
public sealed class SerialLine : ITimedPart
{
    /// <summary>Bits per second at the host's end. A device at another rate is not understood, nor does it understand.</summary>
    public const int HostBaudRate = 115_200;

    private const long UsbFrameMicroseconds = 1_000;

    private readonly BoardClock clock;
    private readonly Queue<(long AtNanoseconds, byte Value)> toDevice = new();
    private readonly Queue<(long AtNanoseconds, byte Value, int BaudRate, bool Wired)> toHost = new();
    private readonly Random chanceToDevice;
    private readonly Random chanceToHost;
    private readonly List<byte> heard = [];
    private readonly byte[] passing = new byte[2];
    private SerialHostEnd? attached;
    private Uarts.Receiver? device;
    private long toHostDue = long.MaxValue;
    private long hostSentUntilNanoseconds;
    private long deviceSentUntilNanoseconds;
    private LineNoise noise = new();
    private bool cut;

    internal SerialLine(BoardClock clock, int seed)
    {
        this.clock = clock;
        chanceToDevice = new Random(seed ^ 0x70DE);
        chanceToHost = new Random(seed ^ 0x7080);
    }

    /// <summary>True: nothing passes, either way.</summary>
    public bool Cut
    {
        get => cut;
        set
        {
            lock (clock.Gate)
            {
                Settle();
                cut = value;
            }
        }
    }

    /// <summary>What the line does to each byte.</summary>
    public LineNoise Noise
    {
        get => noise;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            lock (clock.Gate)
            {
                Settle();
                noise = value;
            }
        }
    }

    /// <summary>Whether a host is attached.</summary>
    public bool IsAttached
    {
        get
        {
            lock (clock.Gate)
            {
                return attached is not null;
            }
        }
    }

    /// <summary>How often the device's hardware buffer overflowed and lost all that was in it.</summary>
    public long Overflows { get; internal set; }

    /// <summary>Bytes that found the device's ring full and were dropped without its knowing.</summary>
    public long BytesDropped { get; internal set; }

    long ITimedPart.NextDue => toHostDue;

    /// <summary>Attaches a host. What the device sends with nobody attached is lost.</summary>
    /// <param name="received">
    /// Gets the device's bytes in the board's time order, while the board is held: take them and return.
    /// </param>
    /// <exception cref="InvalidOperationException">Another host is attached.</exception>
    public SerialHostEnd Attach(Action<ReadOnlyMemory<byte>> received)
    {
        ArgumentNullException.ThrowIfNull(received);
        lock (clock.Gate)
        {
            clock.CatchUp();
            if (attached is not null)
            {
                throw new InvalidOperationException("Another host is attached to this board's serial line.");
            }

            return attached = new SerialHostEnd(this, received);
        }
    }

    void ITimedPart.FireDue(long now)
    {
        heard.Clear();
        while (toHost.TryPeek(out (long AtNanoseconds, byte Value, int BaudRate, bool Wired) next) && next.AtNanoseconds <= now * 1_000)
        {
            toHost.Dequeue();
            if (next.Wired && !cut && attached is not null)
            {
                int passed = Pass(next.Value, next.BaudRate, chanceToHost);
                for (int i = 0; i < passed; i++)
                {
                    heard.Add(passing[i]);
                }
            }
        }

        FindToHostDue();
        if (heard.Count > 0)
        {
            attached?.Received(heard.ToArray());
        }
    }

    internal void Detach(SerialHostEnd end)
    {
        lock (clock.Gate)
        {
            if (attached == end)
            {
                attached = null;
            }
        }
    }

    internal void SendFromHost(SerialHostEnd end, ReadOnlySpan<byte> bytes)
    {
        lock (clock.Gate)
        {
            clock.CatchUp();
            ObjectDisposedException.ThrowIf(attached != end, end);
            foreach (byte value in bytes)
            {
                hostSentUntilNanoseconds = Math.Max(hostSentUntilNanoseconds, clock.Now * 1_000) + ByteNanoseconds(HostBaudRate);
                toDevice.Enqueue((hostSentUntilNanoseconds, value));
            }
        }
    }

    internal int WaitingFromHost(SerialHostEnd end)
    {
        lock (clock.Gate)
        {
            clock.CatchUp();
            return attached == end ? (int)Math.Max(0, (hostSentUntilNanoseconds - (clock.Now * 1_000)) / ByteNanoseconds(HostBaudRate)) : 0;
        }
    }

    internal int DiscardFromHost(SerialHostEnd end)
    {
        int count = WaitingFromHost(end);
        lock (clock.Gate)
        {
            count = Math.Min(count, toDevice.Count);
            (long AtNanoseconds, byte Value)[] begun = [.. toDevice.SkipLast(count)];
            toDevice.Clear();
            foreach ((long AtNanoseconds, byte Value) one in begun)
            {
                toDevice.Enqueue(one);
            }

            hostSentUntilNanoseconds -= count * ByteNanoseconds(HostBaudRate);
        }

        return count;
    }

    internal long DeviceBufferHasRoomAt(int capacity, int baudRate) =>
        Ceiling(deviceSentUntilNanoseconds - ((capacity - 1) * ByteNanoseconds(baudRate)));

    internal void SendFromDevice(byte value, int baudRate, bool wired)
    {
        deviceSentUntilNanoseconds = Math.Max(deviceSentUntilNanoseconds, clock.Now * 1_000) + ByteNanoseconds(baudRate);
        toHost.Enqueue((deviceSentUntilNanoseconds, value, baudRate, wired));
        if (toHost.Count == 1)
        {
            FindToHostDue();
        }
    }

    /// <summary>The device listens; what has arrived before is gone.</summary>
    internal void ConnectDevice(Uarts.Receiver receiver)
    {
        MoveArrived();
        device = receiver;
    }

    internal void DisconnectDevice(Uarts.Receiver receiver)
    {
        MoveArrived();
        if (device == receiver)
        {
            device = null;
        }
    }

    /// <summary>Brings what has arrived by now into the device's buffer.</summary>
    internal void MoveArrived()
    {
        while (toDevice.TryPeek(out (long AtNanoseconds, byte Value) next) && next.AtNanoseconds <= clock.Now * 1_000)
        {
            toDevice.Dequeue();
            if (!cut && device is { } receiver)
            {
                int passed = Pass(next.Value, receiver.BaudRate, chanceToDevice);
                for (int i = 0; i < passed; i++)
                {
                    receiver.Keep(passing[i], next.AtNanoseconds);
                }
            }
        }

        device?.CatchUp(clock.Now * 1_000);
    }

    /// <summary>The device lost its power: what it had not sent yet is never sent.</summary>
    internal void CutDeviceOff()
    {
        (long AtNanoseconds, byte Value, int BaudRate, bool Wired)[] sent = [.. toHost.Where(one => one.AtNanoseconds <= clock.Now * 1_000)];
        toHost.Clear();
        foreach ((long AtNanoseconds, byte Value, int BaudRate, bool Wired) one in sent)
        {
            toHost.Enqueue(one);
        }

        FindToHostDue();
        deviceSentUntilNanoseconds = clock.Now * 1_000;
        MoveArrived();
        device = null;
    }

    private static long ByteNanoseconds(int baudRate) => 10_000_000_000L / baudRate;

    private static long Ceiling(long nanoseconds) => (nanoseconds + 999) / 1_000;

    // What happened on the line so far happened under the conditions so far.
    private void Settle()
    {
        clock.CatchUp();
        MoveArrived();
        ((ITimedPart)this).FireDue(clock.Now);
    }

    private void FindToHostDue() => toHostDue = toHost.TryPeek(out (long AtNanoseconds, byte, int, bool) first)
        ? (Ceiling(first.AtNanoseconds) + UsbFrameMicroseconds - 1) / UsbFrameMicroseconds * UsbFrameMicroseconds
        : long.MaxValue;

    // How many bytes come out at the other end, and in "passing" which.
    private int Pass(byte value, int baudRate, Random chance)
    {
        if (baudRate != HostBaudRate)
        {
            passing[0] = (byte)chance.Next(256);
            return 1;
        }

        int passed = 0;
        if (noise.Insert > 0 && chance.NextDouble() < noise.Insert)
        {
            passing[passed++] = (byte)chance.Next(256);
        }

        if (noise.Drop > 0 && chance.NextDouble() < noise.Drop)
        {
            return passed;
        }

        passing[passed++] = noise.Flip > 0 && chance.NextDouble() < noise.Flip ? (byte)(value ^ (1 << chance.Next(8))) : value;
        return passed;
    }
}

/// <summary>A host attached to the line. Dispose detaches it.</summary>
public sealed class SerialHostEnd : IDisposable
{
    private readonly SerialLine line;

    internal SerialHostEnd(SerialLine line, Action<ReadOnlyMemory<byte>> received)
    {
        this.line = line;
        Received = received;
    }

    internal Action<ReadOnlyMemory<byte>> Received { get; }

    /// <summary>Sends bytes to the device, behind those sent before. Any thread; never waits.</summary>
    /// <exception cref="ObjectDisposedException">Detached.</exception>
    public void Write(ReadOnlySpan<byte> bytes) => line.SendFromHost(this, bytes);

    /// <summary>Bytes written that have not begun to pass: those that the adapter still holds.</summary>
    public int BytesWaiting => line.WaitingFromHost(this);

    /// <summary>Takes back the bytes that have not begun to pass, as flushing a serial port does; returns how many.</summary>
    public int Discard() => line.DiscardFromHost(this);

    /// <summary>Detaches; what the device sends from now on is lost.</summary>
    public void Dispose() => line.Detach(this);
}
