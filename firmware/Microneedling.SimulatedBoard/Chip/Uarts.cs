// The chip's serial ports as the nanoFramework driver for the ESP32 has them: a receive buffer that loses everything when
// it overflows, 128 bytes of hardware buffer for sending, COM1 in the debugger's hands.

using Microneedling.SimulatedBoard;
using nanoFramework.Hardware.Esp32;

namespace Microneedling.SimulatedBoard.Chip;

/// <summary>What a SerialPort object was told.</summary>
internal sealed class UartSettings(string portName, int baudRate)
{
    internal string PortName { get; } = portName;

    internal int BaudRate { get; set; } = baudRate;

    internal int ReadBufferSize { get; set; } = 256;

    internal bool IsOpen { get; set; }
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

    private readonly Dictionary<string, Receiver> open = [];

    internal void Open(UartSettings settings)
    {
        if (settings.PortName == "COM1")
        {
            throw new InvalidOperationException("COM1 belongs to the debugger on an ESP32. Use COM2 on other pins.");
        }

        if (!Ports.TryGetValue(settings.PortName, out (DeviceFunction Transmit, DeviceFunction Receive) functions))
        {
            throw new ArgumentException($"The ESP32-S3 has no port {settings.PortName}.", nameof(settings));
        }

        if (open.ContainsKey(settings.PortName))
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

        Receiver receiver = new(settings.ReadBufferSize, settings.BaudRate, pins.SignalOf(transmit) == Signal.SerialTransmit);
        open[settings.PortName] = receiver;
        settings.IsOpen = true;
        if (pins.SignalOf(receive) == Signal.SerialReceive)
        {
            line.ConnectDevice(receiver);
        }
    }

    internal void Close(UartSettings settings)
    {
        if (settings.IsOpen && open.Remove(settings.PortName, out Receiver? receiver))
        {
            line.DisconnectDevice(receiver);
        }

        settings.IsOpen = false;
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

    internal void LosePower()
    {
        open.Clear();
        line.CutDeviceOff();
    }

    private Receiver Opened(UartSettings settings)
    {
        if (!settings.IsOpen || !open.TryGetValue(settings.PortName, out Receiver? receiver))
        {
            throw new InvalidOperationException($"{settings.PortName} is not open.");
        }

        line.MoveArrived();
        return receiver;
    }

    /// <summary>The receive buffer.</summary>
    internal sealed class Receiver(int capacity, int baudRate, bool transmitWired)
    {
        private readonly Queue<byte> bytes = new();

        internal int BaudRate { get; } = baudRate;

        internal bool TransmitWired { get; } = transmitWired;

        internal int Count => bytes.Count;

        /// <summary>Keeps a byte; false when that overflowed and everything is gone.</summary>
        internal bool TryKeep(byte value)
        {
            if (bytes.Count == capacity)
            {
                bytes.Clear();
                return false;
            }

            bytes.Enqueue(value);
            return true;
        }

        internal void Take(Span<byte> target)
        {
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = bytes.Dequeue();
            }
        }
    }
}
