// System.IO.Ports on the virtual board. Bytes, timing and overflow are in Chip/Uarts.cs. Events and BaseStream are not
// offered (the firmware polls): asking for them says so instead of staying silent.

using System.Text;
using Microneedling.SimulatedBoard;
using Microneedling.SimulatedBoard.Chip;

namespace System.IO.Ports;

/// <summary>Flow control.</summary>
public enum Handshake
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Software.</summary>
    XOnXOff = 1,

    /// <summary>Hardware.</summary>
    RequestToSend = 2,

    /// <summary>Both.</summary>
    RequestToSendXOnXOff = 3,
}

/// <summary>Parity bit.</summary>
public enum Parity
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Odd.</summary>
    Odd = 1,

    /// <summary>Even.</summary>
    Even = 2,
}

/// <summary>Stop bits.</summary>
public enum StopBits
{
    /// <summary>One.</summary>
    One = 1,

    /// <summary>Two.</summary>
    Two = 2,

    /// <summary>One and a half.</summary>
    OnePointFive = 3,
}

/// <summary>Electrical mode.</summary>
public enum SerialMode
{
    /// <summary>Two wires, one each way.</summary>
    Normal = 0,

    /// <summary>One pair for both ways.</summary>
    RS485 = 1,
}

/// <summary>Why a receive event came.</summary>
public enum SerialData
{
    /// <summary>Bytes arrived.</summary>
    Chars = 1,

    /// <summary>The watched byte arrived.</summary>
    WatchChar = 2,
}

/// <summary>Arguments of a receive event.</summary>
public class SerialDataReceivedEventArgs : EventArgs
{
    internal SerialDataReceivedEventArgs(SerialData eventType) => EventType = eventType;

    /// <summary>Why it came.</summary>
    public SerialData EventType { get; }
}

/// <summary>Handles a receive event.</summary>
public delegate void SerialDataReceivedEventHandler(object sender, SerialDataReceivedEventArgs e);

/// <summary>A serial port. Surface as in nanoFramework.System.IO.Ports 1.1.139. 8 data bits, no parity, one stop bit only.</summary>
public sealed class SerialPort : IDisposable
{
    private const string NoEvents = "The simulated board has no serial events. Read BytesToRead instead.";
    private readonly UartSettings settings;

    /// <summary>Describes a port; <see cref="Open"/> takes it.</summary>
    public SerialPort(string portName, int baudRate = 9600, Parity parity = Parity.None, int dataBits = 8, StopBits stopBits = StopBits.One)
    {
        settings = new UartSettings(portName, baudRate);
        Parity = parity;
        DataBits = dataBits;
        StopBits = stopBits;
    }

    /// <summary>Not offered by the simulated board.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public event SerialDataReceivedEventHandler DataReceived
    {
        add => throw new NotSupportedException(NoEvents);
        remove => throw new NotSupportedException(NoEvents);
    }

    /// <summary>Name, such as COM2.</summary>
    public string PortName => settings.PortName;

    /// <summary>Bits per second; set before Open.</summary>
    public int BaudRate
    {
        get => settings.BaudRate;
        set => Closed(settings).BaudRate = value;
    }

    /// <summary>Flow control; only none works here.</summary>
    public Handshake Handshake { get; set; }

    /// <summary>Data bits; only 8 works here.</summary>
    public int DataBits { get; set; }

    /// <summary>Parity; only none works here.</summary>
    public Parity Parity { get; set; }

    /// <summary>Electrical mode; only normal works here.</summary>
    public SerialMode Mode { get; set; }

    /// <summary>Stop bits; only one works here.</summary>
    public StopBits StopBits { get; set; }

    /// <summary>Only for events, so without effect here.</summary>
    public char WatchChar { get; set; }

    /// <summary>Only for events, so without effect here.</summary>
    public int ReceivedBytesThreshold { get; set; } = 1;

    /// <summary>Whether levels are inverted; only false works here.</summary>
    public bool InvertSignalLevels { get; set; }

    /// <summary>What ends a line.</summary>
    public string NewLine { get; set; } = "\r\n";

    /// <summary>Milliseconds that a read waits for its whole count; infinite by default.</summary>
    public int ReadTimeout { get; set; } = Threading.Timeout.Infinite;

    /// <summary>Milliseconds that a write waits; infinite by default and never reached here.</summary>
    public int WriteTimeout { get; set; } = Threading.Timeout.Infinite;

    /// <summary>Bytes kept until they are read, 256 by default, 129 at least; set before Open. What finds it full is dropped silently.</summary>
    public int ReadBufferSize
    {
        get => settings.ReadBufferSize;
        set => Closed(settings).ReadBufferSize = value;
    }

    /// <summary>Without effect here: writes wait for the hardware's 128 bytes.</summary>
    public int WriteBufferSize { get; set; } = 256;

    /// <summary>Whether it is open.</summary>
    public bool IsOpen => settings.IsOpen;

    /// <summary>Bytes that can be read without waiting.</summary>
    public int BytesToRead
    {
        get
        {
            using BoardCall call = FirmwareRun.Call(ApiCosts.SerialBytesToRead);
            return call.Board.Uarts.BytesToRead(settings);
        }
    }

    /// <summary>Not offered by the simulated board.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public Stream BaseStream => throw new NotSupportedException("The simulated board has no serial stream. Use Read and Write.");

    /// <summary>The chip's ports.</summary>
    public static string[] GetPortNames() => ["COM1", "COM2", "COM3"];

    /// <summary>Takes the port.</summary>
    /// <exception cref="InvalidOperationException">It is open, belongs to the debugger, has no pins or an unknown setting.</exception>
    public void Open()
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.SerialOpen);
        if (DataBits != 8 || Parity != Parity.None || StopBits != StopBits.One || Handshake != Handshake.None
            || Mode != SerialMode.Normal || InvertSignalLevels)
        {
            throw new InvalidOperationException("The simulated board's serial ports do 8N1 without handshake only.");
        }

        call.Board.Uarts.Open(settings);
    }

    /// <summary>Gives the port back; what was received is gone.</summary>
    public void Close()
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.SerialOpen);
        call.Board.Uarts.Close(settings);
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    /// <summary>Reads exactly <paramref name="count"/> bytes, waiting for them.</summary>
    /// <exception cref="TimeoutException">They did not come in time.</exception>
    /// <exception cref="InvalidOperationException">They are not there and the time-out is infinite: the device would hang.</exception>
    public int Read(byte[] buffer, int offset, int count)
    {
        CheckRange(buffer, offset, count);
        using BoardCall call = FirmwareRun.Call(ApiCosts.SerialRead + (count * ApiCosts.SerialByte));
        call.Board.Uarts.WaitForBytes(settings, count, ReadTimeout, call);
        call.Board.Uarts.Take(settings, buffer.AsSpan(offset, count));
        return count;
    }

    /// <summary>Reads one byte, waiting for it.</summary>
    /// <inheritdoc cref="Read"/>
    public int ReadByte()
    {
        byte[] one = new byte[1];
        Read(one, 0, 1);
        return one[0];
    }

    /// <summary>Reads what is there, as UTF-8.</summary>
    public string ReadExisting()
    {
        byte[] bytes = new byte[BytesToRead];
        Read(bytes, 0, bytes.Length);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Reads up to <see cref="NewLine"/>, which is left out, waiting for it.</summary>
    /// <inheritdoc cref="Read"/>
    public string ReadLine()
    {
        StringBuilder line = new();
        while (true)
        {
            line.Append((char)ReadByte());
            string text = line.ToString();
            if (text.EndsWith(NewLine, StringComparison.Ordinal))
            {
                return text[..^NewLine.Length];
            }
        }
    }

    /// <summary>Sends bytes; returns when the last is in the hardware's 128 bytes.</summary>
    public void Write(byte[] buffer, int offset, int count)
    {
        CheckRange(buffer, offset, count);
        using BoardCall call = FirmwareRun.Call(ApiCosts.SerialWrite + (count * ApiCosts.SerialByte));
        call.Board.Uarts.Send(settings, buffer.AsSpan(offset, count), call);
    }

    /// <summary>Sends one byte.</summary>
    public void WriteByte(byte value) => Write([value], 0, 1);

    /// <summary>Sends text as UTF-8.</summary>
    public void Write(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Write(bytes, 0, bytes.Length);
    }

    /// <summary>Sends text and <see cref="NewLine"/>.</summary>
    public void WriteLine(string text) => Write(text + NewLine);

    private static UartSettings Closed(UartSettings settings) => settings.IsOpen
        ? throw new InvalidOperationException($"Set this before {settings.PortName} is opened.")
        : settings;

    private static void CheckRange(byte[] buffer, int offset, int count)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (offset < 0 || count < 0 || offset + count > buffer.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "The range is not within the buffer.");
        }
    }
}
