using System.Net;
using System.Net.Sockets;
using Microneedling.Simulator;

namespace Microneedling.Benchmarks.Clients;

/// <summary>A device's end of a line.</summary>
internal interface IPeerLine : IDisposable
{
    /// <summary>Where a client finds the other end.</summary>
    string Address { get; }

    /// <summary>Waits for bytes; 0: the line has ended.</summary>
    int Read(byte[] buffer);

    /// <summary>Sends bytes.</summary>
    void Write(ReadOnlySpan<byte> bytes);
}

/// <summary>A pseudo-terminal.</summary>
internal sealed class PtyLine : IPeerLine
{
    private readonly PseudoTerminal terminal = PseudoTerminal.Open();

    public string Address => "serial:" + terminal.SlavePath;

    public int Read(byte[] buffer) => terminal.Read(buffer);

    public void Write(ReadOnlySpan<byte> bytes) => terminal.Write(bytes);

    public void Dispose() => terminal.Dispose();
}

/// <summary>A TCP connection on loopback, for one client.</summary>
internal sealed class TcpLine : IPeerLine
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private Socket? connection;

    public TcpLine()
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
    }

    public string Address => $"tcp://{listener.LocalEndPoint}";

    public int Read(byte[] buffer)
    {
        try
        {
            if (connection is null)
            {
                connection = listener.Accept();
                connection.NoDelay = true;
            }

            return connection.Receive(buffer);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes) => connection?.Send(bytes);

    public void Dispose()
    {
        listener.Dispose();
        connection?.Dispose();
    }
}
