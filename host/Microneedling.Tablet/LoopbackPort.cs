using System.Net;
using System.Net.Sockets;

namespace Microneedling.Tablet;

/// <summary>Decides which port on 127.0.0.1 the page is served from. Other addresses are never listened on.</summary>
public static class LoopbackPort
{
    private const int Preferred = 5080;
    private const int Attempts = 20;

    /// <summary>The port to use, and a remark when it is not the preferred one.</summary>
    /// <param name="asked">The only port to use, 0 for any free one, or null for 5080 or the next free one.</param>
    /// <exception cref="TabletOptionException">No such port is free.</exception>
    public static (int Port, string? Remark) Choose(int? asked)
    {
        if (asked is { } only)
        {
            return only == 0 || IsFree(only)
                ? (only, null)
                : throw new TabletOptionException($"Port {only} is taken by another program. Choose another with --port.");
        }

        for (int port = Preferred; port < Preferred + Attempts; port++)
        {
            if (IsFree(port))
            {
                return (port, port == Preferred ? null : $"Port {Preferred} is taken by another program; using {port}.");
            }
        }

        throw new TabletOptionException($"Ports {Preferred} to {Preferred + Attempts - 1} are all taken. Choose another with --port.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
