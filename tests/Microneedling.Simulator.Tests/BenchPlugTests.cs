// A bench controller behind a real socket; the controller itself is a parrot.

using System.Net;
using System.Net.Sockets;
using System.Text;
using Microneedling.Simulator.Plugs;

namespace Microneedling.Simulator.Tests;

public sealed class BenchPlugTests
{
    private readonly Said said = new();
    private readonly List<Parrot> parrots = [];

    [Fact]
    public async Task Lines_are_answered_by_lines_however_they_are_cut()
    {
        await using DeviceRack rack = await StartAsync();
        using Host host = await Host.ConnectAsync(rack);
        await host.SendAsync("on");
        await host.SendAsync("e\r\ntwo\nthr");
        await host.SendAsync("ee\n");

        Assert.Equal("one! two! three!", $"{await host.ReadAsync()} {await host.ReadAsync()} {await host.ReadAsync()}");
    }

    [Fact]
    public async Task A_host_that_leaves_is_told_to_the_controller_and_the_next_one_that_waited_is_served()
    {
        await using DeviceRack rack = await StartAsync();
        using Host second = await LeaveAsync();
        Assert.Equal("hello!", await second.ReadAsync());
        Assert.Equal(1, parrots[0].HostsLost);

        async Task<Host> LeaveAsync()
        {
            using Host first = await Host.ConnectAsync(rack);
            await first.SendAsync("first\n");
            Assert.Equal("first!", await first.ReadAsync());
            Host waiting = await Host.ConnectAsync(rack);
            await waiting.SendAsync("hello\n");
            return waiting;
        }
    }

    [Fact]
    public async Task A_host_that_vanishes_by_a_reset_is_lost_too()
    {
        await using DeviceRack rack = await StartAsync();
        using (Host host = await Host.ConnectAsync(rack))
        {
            await host.SendAsync("here\n");
            Assert.Equal("here!", await host.ReadAsync());
            host.Socket.LingerState = new LingerOption(true, 0);
        }

        await said.NextAsync("bench: host 127.0.0.1");
        await said.NextAsync("disconnected");
        Assert.Equal(1, parrots[0].HostsLost);
    }

    [Fact]
    public async Task A_line_without_an_end_is_hung_up_on()
    {
        await using DeviceRack rack = await StartAsync();
        using Host host = await Host.ConnectAsync(rack);
        await host.SendAsync(new string('x', 9_000));
        await said.NextAsync("a line of more than 8192 characters");
        await said.NextAsync("disconnected");
        Assert.Equal(1, parrots[0].HostsLost);
    }

    [Fact]
    public async Task Each_device_has_a_controller_of_its_own()
    {
        await using DeviceRack rack = await StartAsync(count: 2);
        Assert.NotEqual(rack.BenchAddressOf(rack.Devices[0]), rack.BenchAddressOf(rack.Devices[1]));
        Assert.Equal([1, 2], parrots.Select(parrot => parrot.Device.Board.Seed));
        using Host host = await Host.ConnectAsync(rack, device: 1);
        await host.SendAsync("you\n");
        Assert.Equal("you!", await host.ReadAsync());
        Assert.Equal(0, parrots[0].Lines);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_with_the_option_that_chose_it()
    {
        await using DeviceRack rack = await StartAsync();
        int port = IPEndPoint.Parse(rack.BenchAddressOf(rack.Devices[0])!["tcp://".Length..]).Port;
        SimulatorException taken = await Assert.ThrowsAsync<SimulatorException>(() => DeviceRack.StartAsync(new SimulatorOptions { TcpPort = 0, BenchPort = port }, said.Say, device => new Parrot(device)));
        Assert.Contains("Choose another with --bench, or --bench 0", taken.Message, StringComparison.Ordinal);
    }

    private Task<DeviceRack> StartAsync(int count = 1) => DeviceRack.StartAsync(new SimulatorOptions { TcpPort = 0, BenchPort = 0, Count = count }, said.Say, device =>
    {
        parrots.Add(new Parrot(device));
        return parrots[^1];
    });

    private sealed class Parrot(SimulatedDevice device) : IBenchController
    {
        internal SimulatedDevice Device => device;

        internal int HostsLost { get; private set; }

        internal int Lines { get; private set; }

        public Task<string> AnswerAsync(string command, CancellationToken ct = default)
        {
            Lines++;
            return Task.FromResult(command + "!");
        }

        public void LoseHost() => HostsLost++;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Host(Socket socket) : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

        private readonly StreamReader reader = new(new NetworkStream(socket), Encoding.ASCII);

        internal Socket Socket => socket;

        internal static async Task<Host> ConnectAsync(DeviceRack rack, int device = 0)
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPEndPoint.Parse(rack.BenchAddressOf(rack.Devices[device])!["tcp://".Length..]));
            return new Host(socket);
        }

        public void Dispose()
        {
            reader.Dispose();
            socket.Dispose();
        }

        internal async Task SendAsync(string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text));

        internal async Task<string?> ReadAsync()
        {
            using CancellationTokenSource patience = new(Patience);
            return await reader.ReadLineAsync(patience.Token);
        }
    }
}
