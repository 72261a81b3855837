// Which of the two serial transports: System.IO.Ports on Windows (or where the build asks for it by UseSystemIoPorts), the
// C library on Linux and macOS.

namespace Microneedling.Client.Transports;

/// <summary>Opens <c>serial:/dev/ttyUSB0</c>, or on Windows <c>serial:COM5</c>: 115 200 baud, 8N1, no flow control, exclusively.</summary>
internal static class SerialTransport
{
    /// <exception cref="LinkException">The port cannot be used; the message says why and what to do.</exception>
    public static ITransport Open(string address)
    {
        string port = address[(address.IndexOf(':', StringComparison.Ordinal) + 1)..];
        if (!OperatingSystem.IsWindows() && !port.StartsWith('/'))
        {
            throw SerialWords.NotAPath(port);
        }

#if SYSTEM_IO_PORTS
        return new LineTransport(address, SystemIoPortsLine.Open(port), SerialWords.Gone(port));
#else
        return OperatingSystem.IsWindows()
            ? throw new LinkException("This program was built without serial ports for Windows. Build it with -p:UseSystemIoPorts=true.", isTransient: false)
            : new LineTransport(address, TermiosLine.Open(port), SerialWords.Gone(port));
#endif
    }
}
