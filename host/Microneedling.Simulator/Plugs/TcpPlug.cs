// A TCP port as the end of a device's cable. One host at a time: a second connection is closed at once. There is no queue
// of our own in either direction: what a host's socket does not take is lost, as at a serial port that nobody reads.

using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Microneedling.Simulator.Plugs;

/// <summary>Listens from the beginning; lets hosts in when it is served.</summary>
internal sealed class TcpPlug : IDisposable
{
    private const int BytesAtOnce = 4_096;

    // The system counts a kilobyte and more for each piece that the host has not acknowledged, however short: of a buffer of
    // 4 096 bytes, ten milliseconds of the line are all that is left. This much holds 4 096 bytes in pieces of any length.
    private const int SendBufferBytes = 16_384;

    private const int SecondsUntilGone = 10;
    private const int MillisecondsBetweenLooks = 5;
    private const int MostLooks = 100;
    private const int MillisecondsAfterFailure = 100;

    // Linux only, and without a name in .NET: how long unacknowledged bytes keep a connection, milliseconds.
    private const int TcpUserTimeout = 18;

    private readonly Socket listener;

    private TcpPlug(Socket listener) => this.listener = listener;

    /// <summary>The address and port that is listened on.</summary>
    internal IPEndPoint EndPoint => (IPEndPoint)listener.LocalEndPoint!;

    /// <summary>How a client names it: <c>tcp://127.0.0.1:7777</c>.</summary>
    internal string Address => $"tcp://{EndPoint}";

    /// <summary>Begins to listen.</summary>
    /// <inheritdoc cref="ListenerAt"/>
    internal static TcpPlug Listen(IPAddress address, int port) => new(ListenerAt(address, port, "--tcp"));

    /// <summary>A socket that listens.</summary>
    /// <param name="address">Where.</param>
    /// <param name="port">0 for any free one.</param>
    /// <param name="option">By which option the port was chosen.</param>
    /// <exception cref="SimulatorException">The port is taken, or the address is not this machine's.</exception>
    internal static Socket ListenerAt(IPAddress address, int port, string option)
    {
        Socket listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(address, port));
            listener.Listen();
            return listener;
        }
        catch (SocketException exception)
        {
            listener.Dispose();
            throw new SimulatorException(exception.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"Port {port} on {address} is taken by another program. Choose another with {option}, or {option} 0 for any free one.",
                SocketError.AccessDenied => $"Port {port} needs more rights than this program has. Choose one from 1024 on with {option}.",
                SocketError.AddressNotAvailable => $"{address} is not an address of this machine. Choose one that is with --bind.",
                _ => string.Create(CultureInfo.InvariantCulture, $"Port {port} on {address} cannot be listened on: {exception.Message}"),
            });
        }
    }

    /// <summary>Lets hosts in, one at a time, until cancelled; then the last one is gone too.</summary>
    /// <param name="cable">The device's cable.</param>
    /// <param name="say">Gets one line whenever a host comes, goes or is refused.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task ServeAsync(DeviceCable cable, Action<string> say, CancellationToken cancellationToken)
    {
        Task serving = Task.CompletedTask;
        Socket? served = null;
        try
        {
            while (true)
            {
                Socket socket = await AcceptAsync(say, cancellationToken);
                string host = $"{socket.RemoteEndPoint}";
                await WaitForLeaverAsync(served, serving);
                if (cable.TryPlugIn(host, bytes => Send(socket, bytes)) is not { } plugged)
                {
                    say($"host {host} refused: {cable.Host ?? "another"} has the line");
                    socket.Dispose();
                    continue;
                }

                say($"host {host} connected");
                served = socket;
                serving = ServeAsync(socket, plugged, say, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            await serving;
        }
    }

    public void Dispose() => listener.Dispose();

    private async Task<Socket> AcceptAsync(Action<string> say, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                Socket socket = await listener.AcceptAsync(cancellationToken);
                Prepare(socket);
                return socket;
            }
            catch (SocketException exception)
            {
                // Gone before it was let in, or the system is short of something.
                say($"a host could not be let in: {exception.Message}");
                await Task.Delay(MillisecondsAfterFailure, cancellationToken);
            }
        }
    }

    private static async Task ServeAsync(Socket socket, DeviceCable.Plugged plugged, Action<string> say, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BytesAtOnce];
        try
        {
            while (await socket.ReceiveAsync(buffer, cancellationToken) is > 0 and int count)
            {
                plugged.Write(buffer.AsSpan(0, count));
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The host has vanished, or the simulator ends.
        }
        finally
        {
            plugged.Dispose();
            say($"host {plugged.Host} disconnected");
            socket.Dispose();
        }
    }

    private static void Prepare(Socket socket)
    {
        socket.Blocking = false;
        socket.SendBufferSize = SendBufferBytes;
        NoticeLoss(socket);
    }

    /// <summary>Sends at once, and ends a connection whose other end is silent.</summary>
    internal static void NoticeLoss(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, SecondsUntilGone / 2);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, SecondsUntilGone / 2);
        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpUserTimeout, BitConverter.GetBytes(SecondsUntilGone * 1_000));
        }
    }

    private static int Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        try
        {
            int sent = socket.Send(bytes, SocketFlags.None, out SocketError error);
            return error == SocketError.Success ? sent : 0;
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    // A host that left a moment ago may not have been noticed yet: its socket is readable, and stays so.
    private static async Task WaitForLeaverAsync(Socket? served, Task serving)
    {
        try
        {
            for (int look = 0; look < MostLooks && !serving.IsCompleted && served!.Poll(0, SelectMode.SelectRead); look++)
            {
                await Task.WhenAny(serving, Task.Delay(MillisecondsBetweenLooks));
            }
        }
        catch (ObjectDisposedException)
        {
            await serving;
        }
    }
}
