// A serial port of Linux or macOS. Written here because System.IO.Ports there neither notices an unplugged adapter nor
// closes without hanging. Opened without waiting, exclusively, as a plain wire: 115 200 baud, 8N1, no flow control. All
// waiting is a poll for the port and for one byte in a pipe, which End writes and nobody ever reads.

using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microneedling.Client.Transports.Native;
using Microsoft.Win32.SafeHandles;

namespace Microneedling.Client.Transports;

/// <summary>A serial port, or a pseudo-terminal, through the C library.</summary>
internal sealed class TermiosLine : ILine
{
    private readonly SafeFileHandle port;
    private readonly AnonymousPipeServerStream wake = new(PipeDirection.Out, HandleInheritability.None);
    private readonly SafePipeHandle woken;

    private TermiosLine(SafeFileHandle port)
    {
        this.port = port;
        woken = wake.ClientSafePipeHandle;
    }

    /// <summary>Opens a port. What had come in before is discarded.</summary>
    /// <param name="path">Such as <c>/dev/ttyUSB0</c>, or a link to it.</param>
    /// <exception cref="LinkException">It cannot be used; the message says why and what to do.</exception>
    public static TermiosLine Open(string path)
    {
        SafeFileHandle port = Posix.Open(path, Posix.TerminalFlags);
        try
        {
            Check(port.IsInvalid, path);
            Span<byte> termios = stackalloc byte[Posix.TermiosSize];
            Check(Posix.GetAttributes(port, termios) < 0, path);

            // Exclusively, in two ways: other programs of this kind respect the lock, all others the terminal's own
            // flag, which root alone passes. But a pseudo-terminal outlives a host that dies, and its flag with it.
            Check(Posix.Flock(port, Posix.LockExclusiveNow) < 0, path);
            Check(!IsPseudoTerminal(path) && Posix.Ioctl(port, Posix.Exclude) < 0, path);
            Check(!Termios.TryMakeWire(termios) || Posix.SetAttributes(port, Posix.SetNow, termios) < 0, path);
            Check(Posix.Flush(port, Posix.InputQueue) < 0, path);
            return new TermiosLine(port);
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }

    public int Read(Span<byte> buffer)
    {
        while (true)
        {
            (short found, bool isWoken) = Posix.Wait(port, Posix.PollIn, woken, Timeout.Infinite);
            if (isWoken)
            {
                return 0;
            }

            if (found == 0)
            {
                continue;
            }

            nint count = Posix.Read(port, buffer, (nuint)buffer.Length);
            if (count >= 0)
            {
                return (int)count;
            }

            // A port that hangs up without data to read may say "later" for ever.
            if (!MayRetry(Marshal.GetLastPInvokeError()) || (found & Posix.PollIn) == 0)
            {
                return 0;
            }
        }
    }

    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            nint count = Posix.Write(port, bytes, (nuint)bytes.Length);
            if (count >= 0)
            {
                return (int)count;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == Posix.TryAgain)
            {
                return 0;
            }

            if (error != Posix.Interrupted)
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(error));
            }
        }
    }

    public bool WaitForRoom()
    {
        while (true)
        {
            (short found, bool isWoken) = Posix.Wait(port, Posix.PollOut, woken, Timeout.Infinite);
            if (isWoken || found != 0)
            {
                return !isWoken;
            }
        }
    }

    public void DiscardOutput() => Posix.Flush(port, Posix.OutputQueue);

    public void End() => wake.WriteByte(0);

    public void Dispose()
    {
        if (!port.IsClosed)
        {
            Posix.Ioctl(port, Posix.Include);
        }

        port.Dispose();
        woken.Dispose();
        wake.Dispose();
    }

    private static bool MayRetry(int error) => error == Posix.TryAgain || error == Posix.Interrupted;

    private static bool IsPseudoTerminal(string path) =>
        PortHolder.Resolve(path).StartsWith(OperatingSystem.IsMacOS() ? "/dev/ttys" : "/dev/pts/", StringComparison.Ordinal);

    private static void Check(bool isFailed, string path)
    {
        if (isFailed)
        {
            int error = Marshal.GetLastPInvokeError();
            throw SerialWords.CannotOpen(path, error == Posix.TryAgain ? Posix.Busy : error);
        }
    }
}
