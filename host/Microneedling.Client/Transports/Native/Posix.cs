// The C library of Linux and macOS, as far as terminals need it: declarations, and one wait. Nothing is decided here.
// What differs between the two systems is in PosixConstants.

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Microneedling.Client.Transports.Native;

/// <summary>Calls of the C library. Those that fail leave the cause in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
internal static partial class Posix
{
    private const string LibC = "libc";

    [LibraryImport(LibC, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport(LibC, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeHandle file, Span<byte> buffer, nuint count);

    [LibraryImport(LibC, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeHandle file, ReadOnlySpan<byte> buffer, nuint count);

    [LibraryImport(LibC, EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(SafeHandle file, int operation);

    /// <summary>Only for requests without an argument: those with one are passed differently on some processors.</summary>
    [LibraryImport(LibC, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Ioctl(SafeHandle file, nuint request);

    [LibraryImport(LibC, EntryPoint = "tcgetattr", SetLastError = true)]
    public static partial int GetAttributes(SafeHandle terminal, Span<byte> termios);

    [LibraryImport(LibC, EntryPoint = "tcsetattr", SetLastError = true)]
    public static partial int SetAttributes(SafeHandle terminal, int when, ReadOnlySpan<byte> termios);

    [LibraryImport(LibC, EntryPoint = "cfmakeraw")]
    public static partial void MakeRaw(Span<byte> termios);

    [LibraryImport(LibC, EntryPoint = "cfsetspeed", SetLastError = true)]
    public static partial int SetSpeed(Span<byte> termios, nuint speed);

    [LibraryImport(LibC, EntryPoint = "tcflush", SetLastError = true)]
    public static partial int Flush(SafeHandle terminal, int queue);

    /// <summary>statx: Linux alone, where its layout is the same on every processor.</summary>
    [LibraryImport(LibC, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GetStatus(int directory, string path, int flags, uint wanted, Span<byte> status);

    [LibraryImport(LibC, EntryPoint = "posix_openpt", SetLastError = true)]
    public static partial SafeFileHandle OpenPseudoTerminal(int flags);

    [LibraryImport(LibC, EntryPoint = "grantpt", SetLastError = true)]
    public static partial int Grant(SafeHandle master);

    [LibraryImport(LibC, EntryPoint = "unlockpt", SetLastError = true)]
    public static partial int Unlock(SafeHandle master);

    /// <summary>Returns the error itself, or 0.</summary>
    [LibraryImport(LibC, EntryPoint = "ptsname_r")]
    public static partial int GetSlaveName(SafeHandle master, Span<byte> name, nuint length);

    /// <summary>Waits until something is to be done with <paramref name="file"/>, or <paramref name="wake"/> can be read or is closed at its other end.</summary>
    /// <param name="file">What is waited for.</param>
    /// <param name="events"><see cref="PollIn"/> or <see cref="PollOut"/>, or 0 to hear of a hang-up alone.</param>
    /// <param name="wake">The reading end of a pipe.</param>
    /// <param name="timeoutMilliseconds">−1: without end.</param>
    /// <returns>What is so: of the file, and whether to wake. Nothing at all after the time or an interruption.</returns>
    public static (short File, bool Wake) Wait(SafeHandle file, short events, SafeHandle wake, int timeoutMilliseconds)
    {
        bool holdsFile = false;
        bool holdsWake = false;
        try
        {
            file.DangerousAddRef(ref holdsFile);
            wake.DangerousAddRef(ref holdsWake);
            Span<PollEntry> entries =
            [
                new PollEntry { File = (int)wake.DangerousGetHandle(), Wanted = PollIn },
                new PollEntry { File = (int)file.DangerousGetHandle(), Wanted = events },
            ];
            return Poll(entries, (nuint)entries.Length, timeoutMilliseconds) > 0
                ? (entries[1].Found, entries[0].Found != 0)
                : ((short)0, false);
        }
        finally
        {
            if (holdsWake)
            {
                wake.DangerousRelease();
            }

            if (holdsFile)
            {
                file.DangerousRelease();
            }
        }
    }

    [LibraryImport(LibC, EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(Span<PollEntry> entries, nuint count, int timeoutMilliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int File;
        public short Wanted;
        public short Found;
    }
}
