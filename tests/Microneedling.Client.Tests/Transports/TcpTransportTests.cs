using System.Net;
using System.Net.Sockets;
using Microneedling.Client.Transports;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests.Transports;

/// <summary>TCP, on this machine's own network.</summary>
public sealed class TcpTransportTests(ITestOutputHelper output) : TransportContract(output)
{
    [Fact]
    public async Task A_host_is_reached_by_name_IPv4_and_IPv6()
    {
        await EchoAsync(new TcpPeer(IPAddress.Loopback, "localhost"));
        await EchoAsync(new TcpPeer(IPAddress.Loopback, "127.0.0.1"));
        if (Socket.OSSupportsIPv6)
        {
            await EchoAsync(new TcpPeer(IPAddress.IPv6Loopback, "[::1]"));
        }
    }

    [Fact]
    public async Task What_the_peer_sent_before_it_closed_is_still_read()
    {
        using Peer peer = CreatePeer();
        await using ITransport transport = await peer.OpenAsync();
        peer.Write([1, 2, 3]);
        peer.HangUp();
        Assert.Equal([1, 2, 3], await ReadAsync(transport, 3));
        Assert.Equal(0, await WithinPatience(transport.ReadAsync(new byte[1], default)));
    }

    [Fact]
    public async Task Where_nothing_listens_the_message_asks_for_the_simulator()
    {
        TcpPeer peer = new();
        string address = peer.Address;
        peer.Dispose();
        LinkException refused = await RefusedAsync(address);
        Assert.True(refused.IsTransient);
        Assert.Contains("Nothing listens", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Is the simulator or serial server running", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_host_is_named()
    {
        // Reserved for names that never exist.
        LinkException refused = await RefusedAsync("tcp://no-such-device.invalid:7777");
        Assert.Contains("'no-such-device.invalid'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp:")]
    [InlineData("tcp://")]
    [InlineData("tcp://localhost")]
    [InlineData("tcp://localhost:0")]
    [InlineData("tcp://localhost:70000")]
    [InlineData("tcp://::1:7777")]
    [InlineData("tcp://localhost:7777/device")]
    [InlineData("tcp:localhost:7777")]
    public async Task An_address_that_is_none_is_answered_with_an_example(string address)
    {
        LinkException refused = await RefusedAsync(address);
        Assert.False(refused.IsTransient);
        Assert.Contains("tcp://localhost:7777", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connecting_can_be_cancelled()
    {
        using CancellationTokenSource cancellation = new();
        await cancellation.CancelAsync();
        using TcpPeer peer = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TransportRegistry.CreateStandard().OpenAsync(peer.Address, cancellation.Token));
    }

    [UnixFact]
    public async Task A_host_that_never_answers_is_given_up_after_three_seconds()
    {
        // Once its queue is full, a listener leaves those who call without an answer.
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start(backlog: 0);
        IPEndPoint endpoint = (IPEndPoint)listener.LocalEndpoint;
        List<Socket> queue = [.. Enumerable.Range(0, 8).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp))];
        List<Task> calls = [.. queue.Select(socket => socket.ConnectAsync(endpoint))];
        await WithinPatience(Task.WhenAny(calls));

        ManualTime time = new();
        Task<ITransport> opening = TcpTransport.OpenAsync($"tcp://127.0.0.1:{endpoint.Port}", time, default);
        Assert.True(time.JumpToNextTimer());
        LinkException refused = await Assert.ThrowsAsync<LinkException>(() => WithinPatience(opening));
        Assert.Equal(TimeSpan.FromSeconds(3), time.Elapsed);
        Assert.Contains("did not answer", refused.Message, StringComparison.Ordinal);
        queue.ForEach(socket => socket.Dispose());
        await Task.WhenAll(calls).ContinueWith(ended => _ = ended.Exception, TaskScheduler.Default);
    }

    private protected override Peer CreatePeer() => new TcpPeer();

    protected override int LongestBeforeUrgent => 500_000;

    private static async Task EchoAsync(TcpPeer peer)
    {
        using (peer)
        {
            await using ITransport transport = await peer.OpenAsync();
            await transport.WriteAsync(new byte[] { 0x55 }, default);
            peer.Write(peer.Read(1));
            Assert.Equal([0x55], await ReadAsync(transport, 1));
        }
    }

    private static Task<LinkException> RefusedAsync(string address) =>
        Assert.ThrowsAsync<LinkException>(() => TransportRegistry.CreateStandard().OpenAsync(address));
}
