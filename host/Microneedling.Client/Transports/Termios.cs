// How a terminal becomes a wire. The C library does what it can; what it leaves open is in the flags, whose width and bits
// differ between Linux and macOS, and are the same on every processor:
//
//   | input | output | control | local | ...
//   0       1        2         3 flag widths

using System.Runtime.InteropServices;
using Microneedling.Client.Transports.Native;

namespace Microneedling.Client.Transports;

/// <summary>Settings of a terminal, as the C library keeps them.</summary>
internal static class Termios
{
    private const uint BaudRate = 115_200;

    /// <summary>What some C libraries (musl) call 115 200 baud on Linux, where others know the number.</summary>
    private const uint LinuxBaudRateCode = 0x1002;

    private static readonly Flags Of = OperatingSystem.IsMacOS()
        ? new Flags(Width: 8, EightBits: 0x300, TwoStopBits: 0x400, Receive: 0x800, Parity: 0x1000, HangUpAtClose: 0x4000, IgnoreModem: 0x8000, FlowControl: 0xF_0000)
        : new Flags(Width: 4, EightBits: 0x30, TwoStopBits: 0x40, Receive: 0x80, Parity: 0x100, HangUpAtClose: 0x400, IgnoreModem: 0x800, FlowControl: 0x8000_0000);

    /// <summary>
    /// Changes the settings: raw, 115 200 8N1, no flow control, modem lines ignored. Closing leaves DTR and RTS as they
    /// are: on many boards these two reset the processor.
    /// </summary>
    /// <returns>False when the C library refuses the speed.</returns>
    public static bool TryMakeWire(Span<byte> termios)
    {
        Posix.MakeRaw(termios);

        // "Raw" leaves some of the input's as they were, such as holding the other end back by XOFF.
        termios[..Of.Width].Clear();
        Span<byte> place = termios[(2 * Of.Width)..];
        uint flags = MemoryMarshal.Read<uint>(place);
        flags &= ~(Of.TwoStopBits | Of.Parity | Of.HangUpAtClose | Of.FlowControl);
        flags |= Of.EightBits | Of.Receive | Of.IgnoreModem;
        MemoryMarshal.Write(place, flags);
        return Posix.SetSpeed(termios, BaudRate) == 0 || (OperatingSystem.IsLinux() && Posix.SetSpeed(termios, LinuxBaudRateCode) == 0);
    }

    private sealed record Flags(
        int Width, uint EightBits, uint TwoStopBits, uint Receive, uint Parity, uint HangUpAtClose, uint IgnoreModem, uint FlowControl);
}
