using System.Net;
using System.Net.Sockets;
using Microneedling.Client.Transports;
using Microneedling.Simulator;

namespace Microneedling.Client.Tests.Transports;

/// <summary>The other end of a real line, in this process.</summary>
internal abstract class Peer : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Where a host reaches it.</summary>
    public abstract string Address { get; }

    /// <summary>A host opens the line.</summary>
    public async Task<ITransport> OpenAsync()
    {
        ITransport transport = await TransportRegistry.CreateStandard().OpenAsync(Address);
        await AcceptAsync();
        return transport;
    }

    /// <summary>Sends what fits now.</summary>
    public abstract int TryWrite(ReadOnlySpan<byte> bytes);

    /// <summary>Waits for bytes; 0 at the end.</summary>
    public abstract int Read(Span<byte> buffer);

    /// <summary>Ends the line, as pulling the plug does.</summary>
    public abstract void HangUp();

    public void Write(ReadOnlySpan<byte> bytes) => Assert.Equal(bytes.Length, TryWrite(bytes));

    public byte[] Read(int count)
    {
        byte[] bytes = new byte[count];
        for (int read = 0, got; read < count; read += got)
        {
            got = Read(bytes.AsSpan(read));
            Assert.True(got > 0, $"Only {read} of {count} bytes came.");
        }

        return bytes;
    }

    public virtual void Dispose() => HangUp();

    /// <summary>The peer sees the host come.</summary>
    protected virtual Task AcceptAsync() => Task.CompletedTask;
}

/// <summary>A pseudo-terminal: a serial port.</summary>
internal sealed class SerialPeer(string? linkPath = null) : Peer
{
    public PseudoTerminal Terminal { get; } = PseudoTerminal.Open(linkPath);

    public override string Address => "serial:" + (Terminal.LinkPath ?? Terminal.SlavePath);

    public override int TryWrite(ReadOnlySpan<byte> bytes) => Terminal.Write(bytes);

    public override int Read(Span<byte> buffer)
    {
        using CancellationTokenSource patience = new(Patience);
        return Terminal.Read(buffer, patience.Token);
    }

    public override void HangUp() => Terminal.Dispose();
}

/// <summary>A listening socket that takes one host after another.</summary>
internal sealed class TcpPeer : Peer
{
    private readonly TcpListener listener;
    private readonly string host;
    private Socket? socket;

    public TcpPeer(IPAddress? at = null, string? host = null)
    {
        listener = new TcpListener(at ?? IPAddress.Loopback, 0);
        listener.Start();
        this.host = host ?? "127.0.0.1";
    }

    public override string Address => $"tcp://{host}:{((IPEndPoint)listener.LocalEndpoint).Port}";

    public override int TryWrite(ReadOnlySpan<byte> bytes)
    {
        int count = socket!.Send(bytes, SocketFlags.None, out SocketError error);
        return error == SocketError.WouldBlock ? 0 : count;
    }

    public override int Read(Span<byte> buffer)
    {
        Assert.True(socket!.Poll(Patience, SelectMode.SelectRead), "Nothing came.");
        return socket.Receive(buffer);
    }

    public override void HangUp() => socket?.Dispose();

    public override void Dispose()
    {
        base.Dispose();
        listener.Dispose();
    }

    /// <summary>The device's end as a transport, for a whole device.</summary>
    public ITransport AsTransport() => new LineTransport("peer:", new TcpLine(socket!), "gone");

    protected override async Task AcceptAsync()
    {
        socket?.Dispose();
        socket = await listener.AcceptSocketAsync();
        socket.Blocking = false;
    }
}
