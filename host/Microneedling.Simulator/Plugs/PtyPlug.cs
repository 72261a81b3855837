// A serial port at a path as the end of a device's cable. A host may open the port without using it, so the port takes the
// line with the first byte that comes, and leaves it when the host closes the port. While another host has the line, what
// comes is lost, as on a cable that is not plugged in.

namespace Microneedling.Simulator.Plugs;

/// <summary>Makes the port at once; lets hosts in when it is served.</summary>
internal sealed class PtyPlug : IDisposable
{
    private const int BytesAtOnce = 4_096;

    private readonly PseudoTerminal terminal;
    private Thread? reader;
    private DeviceCable.Plugged? plugged;
    private bool refused;

    private PtyPlug(PseudoTerminal terminal) => this.terminal = terminal;

    /// <summary>How a client names it: <c>serial:/home/somebody/microneedling0</c>.</summary>
    internal string Address => $"serial:{terminal.LinkPath}";

    /// <summary>Makes the port.</summary>
    /// <param name="path">Full path of the symbolic link.</param>
    /// <exception cref="SimulatorException">There can be none; the message says what to do.</exception>
    internal static PtyPlug Open(string path)
    {
        try
        {
            return new PtyPlug(PseudoTerminal.Open(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            throw new SimulatorException($"--pty: {exception.Message}");
        }
    }

    /// <summary>Lets hosts in, one after another, until disposed.</summary>
    /// <param name="cable">The device's cable.</param>
    /// <param name="say">Gets one line whenever a host comes, goes or is refused.</param>
    internal void Serve(DeviceCable cable, Action<string> say)
    {
        terminal.HostLeft += () => Leave(say);
        reader = new Thread(() => Read(cable, say)) { IsBackground = true, Name = "pty" };
        reader.Start();
    }

    /// <summary>Takes the port and its link away; a host sees it vanish.</summary>
    public void Dispose()
    {
        terminal.Dispose();
        reader?.Join();
    }

    private void Read(DeviceCable cable, Action<string> say)
    {
        byte[] buffer = new byte[BytesAtOnce];
        while (terminal.Read(buffer) is > 0 and int count)
        {
            if (plugged is null)
            {
                Enter(cable, say);
            }

            plugged?.Write(buffer.AsSpan(0, count));
        }

        Leave(say);
    }

    private void Enter(DeviceCable cable, Action<string> say)
    {
        plugged = cable.TryPlugIn(Address, bytes => terminal.Write(bytes));
        if (plugged is not null)
        {
            say($"host {Address} connected");
        }
        else if (!refused)
        {
            say($"host {Address} refused: {cable.Host ?? "another"} has the line");
        }

        refused = plugged is null;
    }

    private void Leave(Action<string> say)
    {
        refused = false;
        if (plugged is { } left)
        {
            plugged = null;
            left.Dispose();
            say($"host {Address} disconnected");
        }
    }
}
