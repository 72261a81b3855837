// The chip's serial ports as the nanoFramework driver for the ESP32 has them:
//
//   line ──► hardware FIFO, 128 bytes ──► ring of ReadBufferSize bytes ──► BytesToRead, Read
//
// The FIFO is emptied at once, but not while flash is being erased: what overflows it then is lost together with all that
// is in it. What finds the ring full is dropped without a word. For sending there are 128 bytes of hardware buffer. COM1 is
// in the debugger's hands.

using nanoFramework.Hardware.Esp32;

namespace Microneedling.SimulatedBoard.Chip;

/// <summary>What a SerialPort object was told.</summary>
internal sealed class UartSettings(string portName, int baudRate)
{
    internal string PortName { get; } = portName;

    internal int BaudRate { get; set; } = baudRate;

    internal int ReadBufferSize { get; set; } = 256;

    /// <summary>What it receives by while it is open.</summary>
    internal Uarts.Receiver? Receiver { get; set; }

    internal bool IsOpen => Receiver is not null;
}

/// <summary>All serial ports.</summary>
internal sealed class Uarts(BoardClock clock, PinBank pins, SerialLine line)
{
    private const int HardwareBuffer = 128;

    private static readonly Dictionary<string, (DeviceFunction Transmit, DeviceFunction Receive)> Ports = new()
    {
        ["COM2"] = (DeviceFunction.COM2_TX, DeviceFunction.COM2_RX),
        ["COM3"] = (DeviceFunction.COM3_TX, DeviceFunction.COM3_RX),
    };

    private readonly List<UartSettings> open = [];

    internal void Open(UartSettings settings)
    {
        if (settings.PortName == "COM1")
        {
            throw new InvalidOperationException("COM1 belongs to the debugger on an ESP32. Use COM2 on other pins.");
        }

        if (!Ports.TryGetValue(settings.PortName, out (DeviceFunction Transmit, DeviceFunction Receive) functions))
        {
            throw new ArgumentException($"The chip has no port {settings.PortName}.", nameof(settings));
        }

        if (open.Exists(other => other.PortName == settings.PortName))
        {
            throw new InvalidOperationException($"{settings.PortName} is open already.");
        }

        int transmit = pins.PinOf(functions.Transmit);
        int receive = pins.PinOf(functions.Receive);
        if (transmit < 0 || receive < 0)
        {
            throw new InvalidOperationException(
                $"{settings.PortName} has no pins. Call Configuration.SetPinFunction for {functions.Transmit} and {functions.Receive} first.");
        }

        if (!pins.CanDrive(transmit))
        {
            throw new ArgumentException($"Pin {transmit} is an input only; {settings.PortName} cannot send on it.", nameof(settings));
        }

        settings.Receiver = new Receiver(
            line, settings.ReadBufferSize, settings.BaudRate, pins.SignalOf(transmit) == Signal.SerialTransmit);
        open.Add(settings);
        if (pins.SignalOf(receive) == Signal.SerialReceive)
        {
            line.ConnectDevice(settings.Receiver);
        }
    }

    internal void Close(UartSettings settings)
    {
        if (settings.Receiver is { } receiver)
        {
            line.DisconnectDevice(receiver);
            settings.Receiver = null;
            open.Remove(settings);
        }
    }

    internal int BytesToRead(UartSettings settings) => Opened(settings).Count;

    internal void WaitForBytes(UartSettings settings, int count, int timeoutMilliseconds, BoardCall call)
    {
        if (Opened(settings).Count >= count)
        {
            return;
        }

        if (timeoutMilliseconds == Timeout.Infinite)
        {
            throw new InvalidOperationException(
                $"{settings.PortName}: {count} bytes asked for, {Opened(settings).Count} there, no time-out: the device may hang here. Read at most BytesToRead.");
        }

        long deadline = clock.Now + (timeoutMilliseconds * 1_000L);
        while (Opened(settings).Count < count)
        {
            if (clock.Now >= deadline)
            {
                throw new TimeoutException($"{settings.PortName}: {count} bytes did not come within {timeoutMilliseconds} ms.");
            }

            call.AdvanceTo(Math.Min(deadline, clock.Now + 1_000));
        }
    }

    internal void Take(UartSettings settings, Span<byte> target) => Opened(settings).Take(target);

    internal void Send(UartSettings settings, ReadOnlySpan<byte> bytes, BoardCall call)
    {
        bool wired = Opened(settings).TransmitWired;
        foreach (byte value in bytes)
        {
            call.AdvanceTo(line.DeviceBufferHasRoomAt(HardwareBuffer, settings.BaudRate));
            line.SendFromDevice(value, settings.BaudRate, wired);
        }
    }

    /// <summary>Nobody empties the hardware FIFOs from now until then: flash is being erased.</summary>
    internal void LeaveUndrained(long untilMicroseconds)
    {
        line.MoveArrived();
        foreach (UartSettings settings in open)
        {
            settings.Receiver!.LeaveUndrained(untilMicroseconds * 1_000);
        }
    }

    internal void LosePower()
    {
        foreach (UartSettings settings in open)
        {
            settings.Receiver = null;
        }

        open.Clear();
        line.CutDeviceOff();
    }

    private Receiver Opened(UartSettings settings)
    {
        Receiver receiver = settings.Receiver ?? throw new InvalidOperationException($"{settings.PortName} is not open.");
        line.MoveArrived();
        return receiver;
    }

    /// <summary>One port's hardware FIFO and ring. The ring is larger than the FIFO, whatever the firmware asks for.</summary>
    internal sealed class Receiver(SerialLine line, int ringSize, int baudRate, bool transmitWired)
    {
        private readonly byte[] ring = new byte[Math.Max(ringSize, HardwareBuffer + 1)];
        private readonly byte[] fifo = new byte[HardwareBuffer];
        private int first;
        private int inFifo;
        private bool fifoOverflowed;
        private long undrainedUntilNanoseconds;

        internal int BaudRate { get; } = baudRate;

        internal bool TransmitWired { get; } = transmitWired;

        /// <summary>Bytes in the ring.</summary>
        internal int Count { get; private set; }

        /// <summary>A byte has arrived.</summary>
        internal void Keep(byte value, long atNanoseconds)
        {
            if (atNanoseconds >= undrainedUntilNanoseconds)
            {
                Drain();
                Push(value);
            }
            else if (inFifo == HardwareBuffer)
            {
                fifoOverflowed = true;
            }
            else
            {
                fifo[inFifo++] = value;
            }
        }

        /// <summary>Everything that has arrived until now was kept.</summary>
        internal void CatchUp(long nowNanoseconds)
        {
            if (nowNanoseconds >= undrainedUntilNanoseconds)
            {
                Drain();
            }
        }

        internal void LeaveUndrained(long untilNanoseconds) => undrainedUntilNanoseconds = untilNanoseconds;

        internal void Take(Span<byte> target)
        {
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = ring[first];
                first = first + 1 == ring.Length ? 0 : first + 1;
            }

            Count -= target.Length;
        }

        private void Drain()
        {
            if (inFifo == 0)
            {
                return;
            }

            if (fifoOverflowed)
            {
                line.Overflows++;
            }
            else
            {
                for (int i = 0; i < inFifo; i++)
                {
                    Push(fifo[i]);
                }
            }

            fifoOverflowed = false;
            inFifo = 0;
        }

        private void Push(byte value)
        {
            if (Count == ring.Length)
            {
                line.BytesDropped++;
                return;
            }

            int at = first + Count;
            ring[at >= ring.Length ? at - ring.Length : at] = value;
            Count++;
        }
    }
}
