// What passes between a host and the line, in the board's virtual time.

using System.Net;
using System.Net.Sockets;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator.Plugs;

namespace Microneedling.Simulator.Tests;

public sealed class CableTests : IDisposable
{
    private const long SelfTestMicroseconds = 1_000_000;

    private readonly VirtualBoard board;
    private readonly DeviceCable cable;

    public CableTests()
    {
        board = SimulatedDevice.Start(new BoardOptions()).Board;
        cable = new DeviceCable(board.Serial);
    }

    [Fact]
    public void One_host_at_a_time_has_the_line_and_leaves_it_to_the_next()
    {
        using (DeviceCable.Plugged first = cable.TryPlugIn("first", TakeAll)!)
        {
            Assert.Null(cable.TryPlugIn("second", TakeAll));
            Assert.Equal("first", cable.Host);
        }

        Assert.Null(cable.Host);
        using DeviceCable.Plugged? next = cable.TryPlugIn("next", TakeAll);
        Assert.Equal("next", cable.Host);
    }

    [Fact]
    public void What_a_host_writes_faster_than_the_line_is_dropped_beyond_4096_bytes_and_counted()
    {
        using DeviceCable.Plugged host = cable.TryPlugIn("host", TakeAll)!;
        host.Write(new byte[4_000]);
        host.Write(new byte[1_000]);

        Assert.InRange(cable.DroppedToDevice, 900, 904);
        board.RunFor(100_000);
        long before = cable.DroppedToDevice;
        host.Write(new byte[1_000]);
        Assert.Equal(before, cable.DroppedToDevice);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stop_byte_behind_a_flood_stops_homing_within_two_ticks(bool inOneWrite)
    {
        using DeviceCable.Plugged host = cable.TryPlugIn("host", TakeAll)!;
        BeginHoming(host);

        byte[] flood = [.. Enumerable.Repeat((byte)'A', 3_000)];
        if (inOneWrite)
        {
            host.Write([.. flood, Framing.Stop]);
        }
        else
        {
            host.Write(flood);
            host.Write([Framing.Stop]);
        }

        Assert.True(board.RunUntil(() => !board.Bench.DepthDriverEnabled, 50_000), "The stage moves 50 ms after the STOP byte.");
        Assert.InRange(cable.DroppedToDevice, 2_900, 3_000);
    }

    [Fact]
    public void A_stop_byte_behind_one_frame_takes_its_place_and_the_frame_arrives()
    {
        byte[] heard = [];
        using DeviceCable.Plugged host = cable.TryPlugIn("host", bytes =>
        {
            heard = [.. heard, .. bytes];
            return bytes.Length;
        })!;
        board.RunFor(SelfTestMicroseconds);
        host.Write([.. Hosts.Hello(1), Framing.Stop]);
        board.RunFor(200_000);

        FrameDecoder decoder = new();
        Assert.Contains(heard, value => decoder.Push(value) == DecodeResult.Frame && decoder.Id == MessageId.HelloReply);
        Assert.Equal(0, cable.DroppedToDevice);
    }

    [Fact]
    public void What_a_host_does_not_take_is_dropped_and_counted()
    {
        long offered = 0;
        using DeviceCable.Plugged host = cable.TryPlugIn("host", bytes =>
        {
            offered += bytes.Length;
            return Math.Min(bytes.Length, 1);
        })!;
        board.RunFor(SelfTestMicroseconds);
        host.Write(Hosts.Hello(1));
        board.RunFor(200_000);

        Assert.True(offered > 0);
        Assert.InRange(cable.DroppedToHost, 1, offered - 1);
    }

    [Fact]
    public Task A_tcp_host_that_reads_nothing_loses_bytes_and_holds_up_nobody() => WithGreetedTcpHostAsync(receiveBuffer: 4_096, host =>
    {
        // Statuses by themselves: 5 a second, far more than two sockets hold.
        board.RunFor(600_000_000);

        Assert.True(cable.DroppedToHost > 0, "Nothing was dropped though nobody read.");
        return Task.CompletedTask;
    });

    [Fact]
    public Task A_tcp_host_that_pauses_loses_nothing_as_long_as_4096_bytes_wait() => WithGreetedTcpHostAsync(receiveBuffer: null, async host =>
    {
        board.RunFor(15_000_000);

        Assert.Equal(0, cable.DroppedToHost);
        await Hosts.ReadBytesAsync(host, 4_096);
    });

    public void Dispose() => board.Dispose();

    private async Task WithGreetedTcpHostAsync(int? receiveBuffer, Func<Socket, Task> act)
    {
        Said said = new();
        using CancellationTokenSource ending = new();
        using TcpPlug plug = TcpPlug.Listen(IPAddress.Loopback, 0);
        Task serving = plug.ServeAsync(cable, said.Say, ending.Token);
        using (Socket host = await Hosts.ConnectAsync(plug.EndPoint, receiveBuffer))
        {
            await said.NextAsync("connected");
            board.RunFor(SelfTestMicroseconds);
            await host.SendAsync(Hosts.Hello(1));
            Task answered = Hosts.ReadBytesAsync(host, 1);
            while (!answered.IsCompleted)
            {
                board.RunFor(1_000);
                await Task.Yield();
            }

            await answered;
            await act(host);
        }

        await said.NextAsync("disconnected");
        await ending.CancelAsync();
        await serving;
    }

    private static int TakeAll(ReadOnlySpan<byte> bytes) => bytes.Length;

    private void BeginHoming(DeviceCable.Plugged host)
    {
        FrameEncoder encoder = new();
        byte[] frame = new byte[Framing.MaximumFrameLength];
        board.RunFor(SelfTestMicroseconds);
        host.Write(Hosts.Hello(1));
        board.RunFor(100_000);
        host.Write(frame.AsSpan(0, encoder.Encode(new Heartbeat(), 2, 0, frame)));
        host.Write(frame.AsSpan(0, encoder.Encode(new EmptyMessage(MessageId.Home), 3, 0, frame)));
        Assert.True(board.RunUntil(() => board.Bench.DepthDriverEnabled, 500_000), "Homing has not begun.");
        Assert.Equal(0, cable.DroppedToDevice);
    }
}
