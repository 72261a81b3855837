using Microneedling.Client.Discovery;
using Microneedling.Protocol;

namespace Microneedling.Client.Tests.Discovery;

/// <summary>Opening the way to a device by its serial number, wherever it is plugged in.</summary>
public class DeviceAddressTests
{
    [Theory]
    [InlineData("device:1", 1)]
    [InlineData("DEVICE:12345", 12345)]
    [InlineData("device:4294967295", uint.MaxValue)]
    public void Address_names_a_serial_number(string address, uint serialNumber)
    {
        Assert.True(DeviceAddress.TryParse(address, out uint parsed));
        Assert.Equal(serialNumber, parsed);
        Assert.Equal(address.ToLowerInvariant(), DeviceAddress.Of(parsed));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("device")]
    [InlineData("device:")]
    [InlineData("device:0")]
    [InlineData("device:-1")]
    [InlineData("device: 1")]
    [InlineData("device:+1")]
    [InlineData("device:0x10")]
    [InlineData("device:4294967296")]
    [InlineData("device:12345/1")]
    [InlineData("devices:1")]
    [InlineData("serial:/dev/ttyUSB0")]
    public void What_names_no_serial_number_is_no_such_address(string? address)
    {
        Assert.False(DeviceAddress.TryParse(address, out uint parsed));
        Assert.Equal(0u, parsed);
    }

    [Fact]
    public void Address_without_a_number_is_refused_in_words_and_nothing_is_asked() => Run(async (time, ports) =>
    {
        ports.PlugDevice(0, 1);
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => ports.Finder.OpenAsync("device:left"));
        Assert.False(thrown.IsTransient);
        Assert.Equal("'device:left' does not name a device: its serial number follows the colon, such as device:12345.", thrown.Message);
        Assert.Empty(ports.Asked);
    });

    [Fact]
    public void Device_is_opened_wherever_it_is_on_a_line_where_nothing_has_been_said() => Run(async (time, ports) =>
    {
        ports.PlugDevice(0, 7);
        ports.PlugDevice(1, 12345);
        await using ITransport line = await ports.Finder.OpenAsync("device:12345");
        Assert.Equal(FakePorts.Usb(1), line.Name);
        Assert.Equal([FakePorts.Usb(1)], ports.Open);
        Assert.Empty(ports.Devices[^1].Frames);
        Assert.Equal(3, ports.Devices.Count);

        await using DeviceClient client = await DeviceClient.ConnectAsync(line, time);
        Assert.Null(DeviceIdentityCheck.Refuse(12345, client.Identity, line.Name));
    });

    [Fact]
    public void Registry_opens_it_like_any_other_address() => Run(async (time, ports) =>
    {
        ports.PlugDevice(0, 12345);
        TransportRegistry transports = new TransportRegistry().Add(DeviceAddress.Scheme, ports.Finder.OpenAsync);
        await using ITransport line = await transports.OpenAsync("device:12345");
        Assert.Equal(FakePorts.Usb(0), line.Name);
    });

    [Fact]
    public void Port_where_it_was_last_is_asked_first_and_the_others_are_left_alone() => Run(async (time, ports) =>
    {
        ports.PlugDevice(0, 7);
        ports.PlugDevice(1, 12345);
        ports.PlugDevice(2, 9);
        await ports.Finder.FindAsync();
        ports.Asked.Clear();
        await using ITransport line = await ports.Finder.OpenAsync("device:12345");
        Assert.Equal([FakePorts.Usb(1), FakePorts.Usb(1)], ports.Asked);
    });

    [Fact]
    public void Device_that_moved_to_another_port_is_found_there_and_remembered_there() => Run(async (time, ports) =>
    {
        ports.PlugDevice(0, 12345);
        await (await ports.Finder.OpenAsync("device:12345")).DisposeAsync();
        Assert.Equal(FakePorts.Usb(0), ports.Memory.WhereWas(12345));
        ports.PlugDevice(0, 7);
        ports.PlugDevice(1, 12345);
        ports.Asked.Clear();
        await using ITransport line = await ports.Finder.OpenAsync("device:12345");
        Assert.Equal(FakePorts.Usb(1), line.Name);
        Assert.Equal([FakePorts.Usb(0), FakePorts.Usb(1), FakePorts.Usb(1)], ports.Asked);
        Assert.Equal(FakePorts.Usb(1), ports.Memory.WhereWas(12345));
        Assert.Equal(FakePorts.Usb(0), ports.Memory.WhereWas(7));
    });

    [Fact]
    public void Port_that_is_gone_is_not_asked_for_the_sake_of_memory() => Run(async (time, ports) =>
    {
        ports.PlugDevice(0, 12345);
        await ports.Finder.FindAsync();
        ports.Unplug(0);
        ports.PlugDevice(1, 12345);
        ports.Asked.Clear();
        await using ITransport line = await ports.Finder.OpenAsync("device:12345");
        Assert.Equal([FakePorts.Usb(1), FakePorts.Usb(1)], ports.Asked);
    });

    [Fact]
    public void Unlikely_port_is_asked_when_the_device_was_there_before() => Run(async (time, ports) =>
    {
        ports.Plug("/dev/ttyS0", _ => Task.FromResult(ports.Device(12345)), null);
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => ports.Finder.OpenAsync("device:12345"));
        Assert.Contains("Not asked: serial:/dev/ttyS0;", thrown.Message, StringComparison.Ordinal);
        await ports.Finder.FindAsync(allPorts: true);
        await using ITransport line = await ports.Finder.OpenAsync("device:12345");
        Assert.Equal("serial:/dev/ttyS0", line.Name);
    });

    [Fact]
    public void Network_addresses_are_not_remembered() => Run(async (time, ports) =>
    {
        ports.Serve("tcp://10.0.0.5:7000", () => ports.Device(12345));
        Assert.Single((await ports.Finder.FindAsync(addresses: ["tcp://10.0.0.5:7000"])).Devices);
        Assert.Null(ports.Memory.WhereWas(12345));
        ports.Asked.Clear();
        await Assert.ThrowsAsync<LinkException>(() => ports.Finder.OpenAsync("device:12345"));
        Assert.Empty(ports.Asked);
    });

    [Fact]
    public void Absent_device_is_reported_with_what_was_found_instead() => Run(async (time, ports) =>
    {
        ports.PlugDevice(0, 7);
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => ports.Finder.OpenAsync("device:12345"));
        Assert.Equal("Device 12345 is not connected. Found: device 7 at serial:/dev/ttyUSB0.", thrown.Message);
        Assert.True(thrown.IsTransient);
        Assert.Empty(ports.Open);
    });

    [Fact]
    public void Without_any_device_a_person_is_told_what_to_check() => Run(async (time, ports) =>
    {
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => ports.Finder.OpenAsync("device:12345"));
        Assert.Equal("Device 12345 is not connected. No other device was found. Check that it is switched on and that the cable is in.", thrown.Message);
    });

    [Fact]
    public void Device_behind_a_port_that_could_not_be_asked_is_not_called_absent() => Run(async (time, ports) =>
    {
        ports.PlugDevice(0, 12345);
        ports.PlugDevice(1, 9, device => device.Hello.ProtocolMajor = 0);
        await using ITransport user = await ports.OpenAsync(FakePorts.Usb(0), CancellationToken.None);
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => ports.Finder.OpenAsync("device:12345"));
        Assert.StartsWith("Device 12345 was not found. No other device was found.", thrown.Message, StringComparison.Ordinal);
        Assert.Contains($"{FakePorts.Usb(0)} ({FakePorts.Usb(0)} is in use by another program. Close it there)", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Update the firmware", thrown.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Number_that_two_devices_bear_opens_neither() => Run(async (time, ports) =>
    {
        ports.PlugDevice(0, 12345);
        ports.PlugDevice(1, 12345);
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => ports.Finder.OpenAsync("device:12345"));
        Assert.False(thrown.IsTransient);
        Assert.StartsWith("Device 12345 answers at serial:/dev/ttyUSB0 and at serial:/dev/ttyUSB1.", thrown.Message, StringComparison.Ordinal);
        Assert.Null(ports.Memory.WhereWas(12345));
        Assert.Empty(ports.Open);
    });

    [Fact]
    public void Opening_can_be_cancelled() => Run(async (time, ports) =>
    {
        ports.Plug(0, () => FakePorts.Talker(_ => []));
        using CancellationTokenSource cancelling = new(TimeSpan.FromSeconds(1), time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ports.Finder.OpenAsync("device:12345", cancelling.Token));
        Assert.Equal(TimeSpan.FromSeconds(1), time.Elapsed);
        Assert.Empty(ports.Open);
    });

    [Theory]
    [InlineData(7, "Device 12345 was expected at serial:COM5, but device 7 is connected there.", "Connect device 12345, or choose device 7")]
    [InlineData(0, "Device 12345 was expected at serial:COM5, but a device without a serial number is connected there.", "Connect device 12345, or choose a device without")]
    public void Wrong_device_is_refused_naming_both_and_what_to_do(uint found, string what, string advice)
    {
        WrongDeviceException? refusal = DeviceIdentityCheck.Refuse(12345, Identity(found), "serial:COM5");
        Assert.Equal((12345u, found), (refusal!.ExpectedSerialNumber, refusal.FoundSerialNumber));
        Assert.StartsWith(what, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(advice, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Device_that_was_meant_is_not_refused() => Assert.Null(DeviceIdentityCheck.Refuse(12345, Identity(12345), "serial:COM5"));

    [Fact]
    public void Zero_is_no_device_to_be_expected() => Assert.Throws<ArgumentOutOfRangeException>(() => DeviceIdentityCheck.Refuse(0, Identity(0), "serial:COM5"));

    private static void Run(Func<ManualTime, FakePorts, Task> body) => Pump.Run(time => body(time, new FakePorts(time)));

    private static DeviceIdentity Identity(uint serialNumber) => Link.Records.From(new HelloReply { SerialNumber = serialNumber });
}
