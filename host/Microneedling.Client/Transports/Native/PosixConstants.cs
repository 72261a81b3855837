// Numbers of the C library that differ between Linux (x64, arm64; glibc and musl alike) and macOS.

namespace Microneedling.Client.Transports.Native;

internal static partial class Posix
{
    public const short PollIn = 0x01;
    public const short PollOut = 0x04;
    public const short PollHangUp = 0x10;

    public const int ReadWrite = 0x0002;
    public const int LockExclusiveNow = 0x2 | 0x4;
    public const int SetNow = 0;

    /// <summary>Room for the largest <c>termios</c> (Linux 60 bytes, macOS 72), treated as a whole but for its control flags.</summary>
    public const int TermiosSize = 256;

    public const int NotPermitted = 1;
    public const int NoSuchFile = 2;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int NoSuchDevice = 6;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int NotThatDevice = 19;
    public const int IsADirectory = 21;
    public const int NotATerminal = 25;

    public const int StatusSize = 256;
    public const int StatusGroupOffset = 24;
    public const uint StatusOfGroup = 0x10;
    public const int CurrentDirectory = -100;

    public static readonly int TryAgain = OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>Does not become this process's terminal, is not inherited, does not wait.</summary>
    public static readonly int TerminalFlags = ReadWrite | (OperatingSystem.IsMacOS()
        ? 0x0002_0000 | 0x0100_0000 | 0x0004
        : 0x0000_0100 | 0x0008_0000 | 0x0800);

    /// <summary>TIOCEXCL, TIOCNXCL: nobody but root may open the terminal any more; anybody may again.</summary>
    public static readonly nuint Exclude = OperatingSystem.IsMacOS() ? 0x2000_740Du : 0x540Cu;
    public static readonly nuint Include = OperatingSystem.IsMacOS() ? 0x2000_740Eu : 0x540Du;

    public static readonly int InputQueue = OperatingSystem.IsMacOS() ? 1 : 0;
    public static readonly int OutputQueue = OperatingSystem.IsMacOS() ? 2 : 1;
}
