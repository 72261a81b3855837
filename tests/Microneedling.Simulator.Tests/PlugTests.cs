// Devices in real time behind real sockets and serial ports.

using System.Net.Sockets;
using Microneedling.Client;
using Microneedling.Simulator.Plugs;

namespace Microneedling.Simulator.Tests;

public sealed class PlugTests : IDisposable
{
    private const int Reconnections = 20;

    private readonly Said said = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("microneedling-simulator-");

    private string Port => Path.Combine(folder.FullName, "port0");

    [Fact]
    public async Task A_host_on_tcp_is_answered_by_the_device_with_the_seed_as_its_serial_number()
    {
        await using DeviceRack rack = await StartAsync(new SimulatorOptions { TcpPort = 0, Seed = 4_711 });
        Assert.Equal(4_711u, (await Hosts.GreetAsync(AddressOf(rack))).SerialNumber);
    }

    [Fact]
    public async Task A_cartridge_is_seated_at_the_start()
    {
        await using DeviceRack rack = await StartAsync(new SimulatorOptions { TcpPort = 0 });
        Assert.True(rack.Devices[0].Bench.CartridgeSeated);
    }

    [Fact]
    public async Task A_second_host_is_closed_at_once_and_the_first_goes_on()
    {
        await using DeviceRack rack = await StartAsync(new SimulatorOptions { TcpPort = 0 });
        await using ITransport first = await Hosts.OpenAsync(AddressOf(rack));
        await said.NextAsync("connected");

        using Socket second = await Hosts.ConnectAsync(rack.EndPoints[0]);
        await Hosts.ReadToEndAsync(second);
        string refusal = await said.NextAsync("refused");
        Assert.Contains($"{second.LocalEndPoint}", refusal, StringComparison.Ordinal);
        Assert.Contains("has the line", refusal, StringComparison.Ordinal);
        await Hosts.GreetAsync(first);
    }

    [Fact]
    public async Task A_host_that_leaves_frees_the_line_for_one_that_comes_at_once()
    {
        await using DeviceRack rack = await StartAsync(new SimulatorOptions { TcpPort = 0 });
        for (int time = 0; time < Reconnections; time++)
        {
            await Hosts.GreetAsync(AddressOf(rack));
        }

        Assert.DoesNotContain(said.Rest(), static line => line.Contains("refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_vanishes_by_a_reset_frees_the_line()
    {
        await using DeviceRack rack = await StartAsync(new SimulatorOptions { TcpPort = 0 });
        using (Socket rude = await Hosts.ConnectAsync(rack.EndPoints[0]))
        {
            await rude.SendAsync(Hosts.Hello(1));
            rude.Close(0);
        }

        await said.NextAsync("disconnected");
        await Hosts.GreetAsync(AddressOf(rack));
    }

    [Fact]
    public async Task A_connected_host_is_gone_when_the_simulator_ends()
    {
        DeviceRack rack = await StartAsync(new SimulatorOptions { TcpPort = 0 });
        using Socket host = await Hosts.ConnectAsync(rack.EndPoints[0]);
        await said.NextAsync("connected");
        Task ended = Hosts.ReadToEndAsync(host);
        await rack.DisposeAsync();
        await ended;
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_before_anything_starts_and_the_others_are_let_go()
    {
        using TcpPlug other = TcpPlug.Listen(System.Net.IPAddress.Loopback, 0);
        int taken = other.EndPoint.Port;
        SimulatorException refused = await Assert.ThrowsAsync<SimulatorException>(
            () => DeviceRack.StartAsync(new SimulatorOptions { TcpPort = taken - 1, Count = 2 }, said.Say));
        Assert.Contains($"Port {taken} on 127.0.0.1 is taken", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--tcp", refused.Message, StringComparison.Ordinal);

        using TcpPlug again = TcpPlug.Listen(System.Net.IPAddress.Loopback, taken - 1);
    }

    [Fact]
    public async Task Sixty_four_devices_start_and_each_answers_as_itself()
    {
        await using DeviceRack rack = await StartAsync(new SimulatorOptions { TcpPort = 0, Count = 64, Seed = 100 });
        uint[] serialNumbers = await Task.WhenAll(rack.Devices.Select(async device => (await Hosts.GreetAsync(rack.AddressesOf(device).Single())).SerialNumber));
        Assert.Equal(Enumerable.Range(100, 64).Select(static number => (uint)number), serialNumbers);
    }

    [UnixFact]
    public async Task A_host_on_the_serial_port_is_answered_and_the_link_goes_with_the_simulator()
    {
        await using (DeviceRack rack = await StartAsync(new SimulatorOptions { PtyPath = Port, Seed = 12 }))
        {
            Assert.Empty(rack.EndPoints);
            Assert.Equal($"serial:{Port}", AddressOf(rack));
            Assert.Equal(12u, (await Hosts.GreetAsync(AddressOf(rack))).SerialNumber);
            await said.NextAsync("connected");
            await said.NextAsync("disconnected");
            Assert.Equal(12u, (await Hosts.GreetAsync(AddressOf(rack))).SerialNumber);
        }

        Assert.Empty(folder.GetFileSystemInfos());
    }

    [UnixFact]
    public async Task The_serial_port_and_tcp_are_two_plugs_of_one_cable()
    {
        await using DeviceRack rack = await StartAsync(new SimulatorOptions { TcpPort = 0, PtyPath = Port });
        string[] addresses = [.. rack.AddressesOf(rack.Devices[0])];
        await using (ITransport onSerialPort = await Hosts.OpenAsync(addresses[1]))
        {
            await Hosts.GreetAsync(addresses[0]);
            await said.NextAsync("disconnected");

            await Hosts.GreetAsync(onSerialPort);
            using Socket onTcp = await Hosts.ConnectAsync(rack.EndPoints[0]);
            await Hosts.ReadToEndAsync(onTcp);
            Assert.Contains($"serial:{Port} has the line", await said.NextAsync("refused"), StringComparison.Ordinal);
        }

        await said.NextAsync("disconnected");
        await using ITransport back = await Hosts.OpenAsync(addresses[0]);
        await Hosts.GreetAsync(back);
        await using ITransport late = await Hosts.OpenAsync(addresses[1]);
        await late.WriteAsync(Hosts.Hello(1), CancellationToken.None);
        Assert.Contains($"serial:{Port} refused", await said.NextAsync("refused"), StringComparison.Ordinal);
        await Hosts.GreetAsync(back);
    }

    [UnixFact]
    public async Task A_path_that_something_else_has_is_told_and_left_alone()
    {
        await File.WriteAllTextAsync(Port, "precious");
        SimulatorException refused = await Assert.ThrowsAsync<SimulatorException>(
            () => DeviceRack.StartAsync(new SimulatorOptions { PtyPath = Port }, said.Say));
        Assert.Contains(Port, refused.Message, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(Port));
    }

    [Fact]
    public async Task A_trace_that_cannot_be_written_is_told()
    {
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "file"), "");
        SimulatorException refused = await Assert.ThrowsAsync<SimulatorException>(() => DeviceRack.StartAsync(
            new SimulatorOptions { TcpPort = 0, TracePath = Path.Combine(folder.FullName, "file", "run.vcd") }, said.Say));
        Assert.StartsWith("--trace: ", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static string AddressOf(DeviceRack rack) => rack.AddressesOf(rack.Devices[0]).First();

    private Task<DeviceRack> StartAsync(SimulatorOptions options) => DeviceRack.StartAsync(options, said.Say);
}
