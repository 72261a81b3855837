using System.Net;
using System.Net.Sockets;

namespace Microneedling.Client.Transports;

/// <summary>Opens <c>tcp://host:port</c>: a simulator, or a serial server.</summary>
internal static class TcpTransport
{
    private const string Example = "tcp://localhost:7777";

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(3);

    /// <summary>Connects, within 3 s.</summary>
    /// <param name="address">The host by name, IPv4 or, in brackets, IPv6.</param>
    /// <param name="time">Clock for the time-out.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="LinkException">Nobody is to be reached there; the message says why and what to do.</exception>
    public static async Task<ITransport> OpenAsync(string address, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0 || uri.Port <= 0 || uri.PathAndQuery is not ("/" or ""))
        {
            throw new LinkException($"'{address}' is not the address of a device: it should be like {Example} or tcp://[::1]:7777.", isTransient: false);
        }

        Socket socket = TcpLine.CreateSocket();
        using CancellationTokenSource patience = new(ConnectPatience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(uri.DnsSafeHost, uri.Port), either.Token);
            return new LineTransport(address, new TcpLine(socket), $"'{address}' has closed the connection. Check that the simulator or serial server still runs, then connect again.");
        }
        catch (SocketException cause)
        {
            socket.Dispose();
            throw new LinkException(Why(cause.SocketErrorCode, uri), isTransient: true, cause);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new LinkException(Why(SocketError.TimedOut, uri), isTransient: true);
        }
    }

    private static string Why(SocketError error, Uri uri) => error switch
    {
        SocketError.ConnectionRefused =>
            $"Nothing listens at port {uri.Port} of '{uri.DnsSafeHost}'. Is the simulator or serial server running, and is the port right?",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
            $"No machine named '{uri.DnsSafeHost}' is known. Check the spelling and the network.",
        SocketError.TimedOut =>
            $"'{uri.DnsSafeHost}' did not answer at port {uri.Port} within {ConnectPatience.TotalSeconds:0} s. Is it switched on and in this network, and does a firewall let port {uri.Port} through?",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.AddressFamilyNotSupported =>
            $"There is no way to '{uri.DnsSafeHost}' from here. Check the network.",
        _ => $"The connection to '{uri.DnsSafeHost}', port {uri.Port}, failed: {new SocketException((int)error).Message}. Check the network, then try again.",
    };
}
