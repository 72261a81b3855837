using System.Net.Sockets;

namespace Microneedling.Client.Transports;

/// <summary>A connected socket as a line.</summary>
internal sealed class TcpLine : ILine
{
    /// <summary>Some systems do not wake a waiting thread when the socket is shut down.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    /// <summary>Small, so that a STOP byte cannot wait behind much; the system rounds it up.</summary>
    private const int SendBufferBytes = 4096;

    private const int KeepAliveIdleSeconds = 5;
    private const int KeepAliveIntervalSeconds = 1;
    private const int KeepAliveProbes = 3;

    private readonly Socket socket;
    private volatile bool isEnding;

    /// <param name="socket">Connected; owned from now on.</param>
    public TcpLine(Socket socket)
    {
        this.socket = socket;
        socket.Blocking = false;
        socket.SendBufferSize = SendBufferBytes;
    }

    /// <summary>A socket with everything set but its peer.</summary>
    public static Socket CreateSocket()
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveIdleSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
        return socket;
    }

    public int Read(Span<byte> buffer)
    {
        while (!isEnding)
        {
            if (socket.Poll(LongestWait, SelectMode.SelectRead))
            {
                int count = socket.Receive(buffer, SocketFlags.None, out SocketError error);
                if (error != SocketError.WouldBlock)
                {
                    return error == SocketError.Success ? count : throw new SocketException((int)error);
                }
            }
        }

        return 0;
    }

    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        int count = socket.Send(bytes, SocketFlags.None, out SocketError error);
        return error switch
        {
            SocketError.Success => count,
            SocketError.WouldBlock => 0,
            _ => throw new SocketException((int)error),
        };
    }

    public bool WaitForRoom()
    {
        while (!isEnding)
        {
            if (socket.Poll(LongestWait, SelectMode.SelectWrite))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Nothing: what the system has of a stream, it sends.</summary>
    public void DiscardOutput()
    {
    }

    public void End()
    {
        isEnding = true;
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // It is gone already.
        }
    }

    public void Dispose() => socket.Dispose();
}
