// A serial port through System.IO.Ports: for Windows. Reads have a time-out, because nothing else ends them reliably;
// writes only ever offer what fits, for the same reason.

using System.IO.Ports;

namespace Microneedling.Client.Transports;

/// <summary>A serial port of any system that System.IO.Ports knows.</summary>
internal sealed class SystemIoPortsLine : ILine
{
    private const int BaudRate = 115_200;
    private const int LongestWaitMilliseconds = 50;
    private const int WriteTimeoutMilliseconds = 500;
    private const int RoomPollMilliseconds = 2;

    private readonly SerialPort port;
    private readonly ManualResetEventSlim ending = new();
    private byte[] chunk = [];

    private SystemIoPortsLine(SerialPort port) => this.port = port;

    /// <summary>Opens a port, DTR and RTS low: on many boards they reset the processor.</summary>
    /// <param name="name">Such as <c>COM5</c>.</param>
    /// <exception cref="LinkException">It cannot be used; the message says why and what to do.</exception>
    public static SystemIoPortsLine Open(string name)
    {
        SerialPort port = new(name, BaudRate, Parity.None, 8, StopBits.One)
        {
            Handshake = Handshake.None,
            DtrEnable = false,
            RtsEnable = false,
            ReadTimeout = LongestWaitMilliseconds,
            WriteTimeout = WriteTimeoutMilliseconds,
        };
        try
        {
            port.Open();
            port.DiscardInBuffer();
            return new SystemIoPortsLine(port);
        }
        catch (UnauthorizedAccessException cause)
        {
            port.Dispose();
            throw new LinkException($"The serial port '{name}' is in use by another program, or you may not use it. Close it there, then connect again.", isTransient: true, cause);
        }
        catch (Exception cause) when (cause is IOException or ArgumentException or InvalidOperationException)
        {
            port.Dispose();
            string[] ports = SerialPort.GetPortNames();
            string found = ports.Length == 0 ? "No serial port was found on this machine." : $"Found: {string.Join(", ", ports)}.";
            throw new LinkException($"There is no serial port '{name}'. Plug the device in and switch it on. {found}", isTransient: true, cause);
        }
    }

    public int Read(Span<byte> buffer)
    {
        byte[] bytes = new byte[buffer.Length];
        while (!ending.IsSet)
        {
            try
            {
                int count = port.Read(bytes, 0, bytes.Length);
                bytes.AsSpan(0, count).CopyTo(buffer);
                return count;
            }
            catch (TimeoutException)
            {
                // Outside Windows an unplugged port is only silent.
                if (!OperatingSystem.IsWindows() && !File.Exists(port.PortName))
                {
                    return 0;
                }
            }
        }

        return 0;
    }

    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        int room = Math.Min(bytes.Length, port.WriteBufferSize - port.BytesToWrite);
        if (room <= 0)
        {
            return 0;
        }

        if (chunk.Length < room)
        {
            chunk = new byte[room];
        }

        bytes[..room].CopyTo(chunk);
        port.Write(chunk, 0, room);
        return room;
    }

    public bool WaitForRoom()
    {
        while (!ending.IsSet)
        {
            if (port.BytesToWrite < port.WriteBufferSize)
            {
                return true;
            }

            ending.Wait(RoomPollMilliseconds);
        }

        return false;
    }

    public void DiscardOutput() => port.DiscardOutBuffer();

    public void End() => ending.Set();

    public void Dispose()
    {
        port.Dispose();
        ending.Dispose();
    }
}
