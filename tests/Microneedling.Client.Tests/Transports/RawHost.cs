using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microneedling.Client.Transports.Native;
using Microsoft.Win32.SafeHandles;

namespace Microneedling.Client.Tests.Transports;

/// <summary>A program that has opened a terminal and does nothing about it: what the system itself does shows.</summary>
internal sealed class RawHost : IDisposable
{
    private const int PatienceMilliseconds = 10_000;

    private readonly AnonymousPipeServerStream neverWritten = new(PipeDirection.Out, HandleInheritability.None);
    private readonly SafeFileHandle terminal;

    public RawHost(string path)
    {
        terminal = Posix.Open(path, Posix.TerminalFlags);
        Assert.False(terminal.IsInvalid, Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
    }

    public SafeHandle Handle => terminal;

    /// <summary>Reads that many bytes, or fewer if the terminal hangs up.</summary>
    public byte[] Read(int count)
    {
        byte[] bytes = new byte[count];
        int read = 0;
        while (read < count)
        {
            short found = Posix.Wait(terminal, Posix.PollIn, neverWritten.ClientSafePipeHandle, PatienceMilliseconds).File;
            Assert.True(found != 0, $"Only {read} of {count} bytes came.");
            nint got = Posix.Read(terminal, bytes.AsSpan(read), (nuint)(count - read));
            if (got <= 0)
            {
                break;
            }

            read += (int)got;
        }

        return bytes[..read];
    }

    public void Write(ReadOnlySpan<byte> bytes) => Assert.Equal(bytes.Length, (int)Posix.Write(terminal, bytes, (nuint)bytes.Length));

    /// <summary>Whether bytes wait to be read, or the line has hung up.</summary>
    public bool HasSomething() => Posix.Wait(terminal, Posix.PollIn, neverWritten.ClientSafePipeHandle, 0).File != 0;

    public void Dispose()
    {
        terminal.Dispose();
        neverWritten.ClientSafePipeHandle.Dispose();
        neverWritten.Dispose();
    }
}
