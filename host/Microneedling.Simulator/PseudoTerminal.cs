// A serial port without hardware: the device's end of a pseudo-terminal. Whoever opens SlavePath, with whatever program,
// finds a serial port there; hosts come and go while the device stays.
//
//   device ──Write──▶ master ─┄─ slave ──▶ host (serial:/dev/pts/7, or serial:LinkPath)
//          ◀──Read───
//
// As on a wire, bytes that nobody is there to hear are lost, and the device never waits for a host.

using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using Microneedling.Client.Transports.Native;
using Microsoft.Win32.SafeHandles;

namespace Microneedling.Simulator;

/// <summary>A pseudo-terminal, seen from the device's end. One reader, one writer, on any threads; disposing ends both. For Linux and macOS.</summary>
public sealed class PseudoTerminal : IDisposable
{
    /// <summary>How soon a host that comes is heard: while there is none, the system cannot say when there will be.</summary>
    private const int AbsenceMilliseconds = 20;

    private readonly SafeFileHandle master;
    private readonly AnonymousPipeServerStream wake = new(PipeDirection.Out, HandleInheritability.None);
    private readonly Lock gate = new();
    private long droppedBytes;
    private volatile bool isDisposed;

    private PseudoTerminal(SafeFileHandle master, string slavePath, string? linkPath)
    {
        this.master = master;
        SlavePath = slavePath;
        LinkPath = linkPath;
    }

    /// <summary>Nobody has the terminal open any more, or yet. Comes from within <see cref="Read"/>.</summary>
    public event Action? HostLeft;

    /// <summary>What a host opens, such as <c>/dev/pts/7</c>.</summary>
    public string SlavePath { get; }

    /// <summary>The symbolic link to <see cref="SlavePath"/>, or null: a name that stays the same from run to run.</summary>
    public string? LinkPath { get; }

    /// <summary>Bytes that were written while nobody had the terminal open, or faster than a host read them.</summary>
    public long DroppedBytes => Interlocked.Read(ref droppedBytes);

    /// <summary>Opens a new pseudo-terminal in raw mode: every byte passes as it is.</summary>
    /// <param name="linkPath">Where to put a symbolic link to it. A link that is there already is replaced, anything else is not.</param>
    /// <exception cref="PlatformNotSupportedException">Windows has no pseudo-terminals that programs open as serial ports.</exception>
    /// <exception cref="IOException">The system has none left, or the link cannot be made; the message says what to do.</exception>
    public static PseudoTerminal Open(string? linkPath = null)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException(
                "Windows has no pseudo-terminals that programs open as serial ports. Reach the simulated device by tcp: instead.");
        }

        SafeFileHandle master = Posix.OpenPseudoTerminal(Posix.TerminalFlags);
        try
        {
            Span<byte> name = stackalloc byte[256];
            Check(master.IsInvalid || Posix.Grant(master) < 0 || Posix.Unlock(master) < 0);
            Check(Posix.GetSlaveName(master, name, (nuint)name.Length) != 0);
            string slavePath = Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]);
            MakeRaw(slavePath);
            if (linkPath is not null)
            {
                Link(linkPath, slavePath);
            }

            return new PseudoTerminal(master, slavePath, linkPath);
        }
        catch
        {
            master.Dispose();
            throw;
        }
    }

    /// <summary>Waits for bytes from a host, and for a host.</summary>
    /// <param name="buffer">Not empty.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>How many were read; 0 once disposed.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public int Read(Span<byte> buffer, CancellationToken cancellationToken = default)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static terminal => ((PseudoTerminal)terminal!).Wake(), this);
        bool isAlone = false;
        while (!isDisposed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                // Without a host the master reports the hang-up without end: then only the clock and the wake-up are waited for.
                (short found, bool isWoken) = isAlone
                    ? Posix.Wait(wake.ClientSafePipeHandle, 0, wake.ClientSafePipeHandle, AbsenceMilliseconds)
                    : Posix.Wait(master, Posix.PollIn, wake.ClientSafePipeHandle, Timeout.Infinite);
                if (isWoken)
                {
                    Posix.Read(wake.ClientSafePipeHandle, buffer[..1], 1);
                    continue;
                }

                nint count = isAlone || found != 0 ? Posix.Read(master, buffer, (nuint)buffer.Length) : 0;
                if (count > 0)
                {
                    return (int)count;
                }

                bool wasAlone = isAlone;
                isAlone = count < 0 && Marshal.GetLastPInvokeError() == Posix.InputOutput;
                if (isAlone && !wasAlone)
                {
                    HostLeft?.Invoke();
                }
            }
            catch (ObjectDisposedException)
            {
                break;
            }
        }

        return 0;
    }

    /// <summary>Sends bytes to the host, without ever waiting: what nobody hears, or does not fit, is dropped and counted.</summary>
    /// <returns>How many the terminal took.</returns>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        int sent = 0;
        try
        {
            while (sent < bytes.Length && !isDisposed && IsHostPresent())
            {
                nint count = Posix.Write(master, bytes[sent..], (nuint)(bytes.Length - sent));
                if (count > 0)
                {
                    sent += (int)count;
                }
                else if (Marshal.GetLastPInvokeError() != Posix.Interrupted)
                {
                    break;
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // Nobody hears it any more.
        }

        Interlocked.Add(ref droppedBytes, bytes.Length - sent);
        return sent;
    }

    /// <summary>Hangs up, as pulling the plug does: the host sees its port vanish. Removes the link.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isDisposed)
            {
                return;
            }

            isDisposed = true;
            wake.WriteByte(0);
            wake.ClientSafePipeHandle.Dispose();
            wake.Dispose();
        }

        if (LinkPath is not null && new FileInfo(LinkPath).LinkTarget == SlavePath)
        {
            File.Delete(LinkPath);
        }

        master.Dispose();
    }

    private static void MakeRaw(string slavePath)
    {
        using SafeFileHandle slave = Posix.Open(slavePath, Posix.TerminalFlags);
        Span<byte> termios = stackalloc byte[Posix.TermiosSize];
        Check(slave.IsInvalid || Posix.GetAttributes(slave, termios) < 0);
        Posix.MakeRaw(termios);
        Check(Posix.SetAttributes(slave, Posix.SetNow, termios) < 0);
    }

    private static void Link(string linkPath, string slavePath)
    {
        FileInfo link = new(linkPath);
        if (link.LinkTarget is not null)
        {
            link.Delete();
        }
        else if (link.Exists || Directory.Exists(linkPath))
        {
            throw new IOException($"'{linkPath}' is there already and is no link. Name another place for the link to the simulated port.");
        }

        File.CreateSymbolicLink(linkPath, slavePath);
    }

    private static void Check(bool isFailed)
    {
        if (isFailed)
        {
            throw new IOException($"No pseudo-terminal can be opened: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}. Reach the simulated device by tcp: instead.");
        }
    }

    private bool IsHostPresent() => (Posix.Wait(master, 0, wake.ClientSafePipeHandle, 0).File & Posix.PollHangUp) == 0;

    private void Wake()
    {
        lock (gate)
        {
            if (!isDisposed)
            {
                wake.WriteByte(0);
            }
        }
    }
}
