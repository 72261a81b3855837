using Microneedling.Client.Discovery;

namespace Microneedling.Client.Tests.Discovery;

/// <summary>What is read out of a Windows registry, on keys as drivers write them. The registry itself is not there.</summary>
public class WindowsSerialPortsTests
{
    private readonly FakeRegistry registry = new();

    [Fact]
    public void Bridge_is_listed_with_its_USB_identity_and_driver()
    {
        registry.AddPort(@"\Device\Silabser0", "COM5");
        registry.AddDevice(@"USB\VID_10C4&PID_EA60\0001", "COM5", "silabser", mfg: "@oem12.inf,%mfg%;Silicon Laboratories Inc.", description: "@oem12.inf,%desc%;Silicon Labs CP210x USB to UART Bridge");
        SerialPortInfo port = Assert.Single(WindowsSerialPorts.List(registry));
        Assert.Equal(
            new SerialPortInfo(
                "serial:COM5",
                "COM5",
                new UsbIdentity(0x10C4, 0xEA60, "Silicon Laboratories Inc.", "Silicon Labs CP210x USB to UART Bridge", "0001"),
                "silabser"),
            port);
        Assert.True(port.IsLikely);
    }

    [Theory]
    [InlineData(@"USB\VID_1A86&PID_7523\5&2F1B7A6&0&3", 0x1A86, 0x7523, null)]
    [InlineData(@"USB\VID_303A&PID_1001&MI_00\7&1B2C3D4&0&0000", 0x303A, 0x1001, null)]
    [InlineData(@"USB\VID_303A&PID_1001&MI_00\SERIAL", 0x303A, 0x1001, null)]
    [InlineData(@"USB\vid_303a&pid_4001\F412FA000001", 0x303A, 0x4001, "F412FA000001")]
    [InlineData(@"FTDIBUS\VID_0403+PID_6001+A50285BIA\0000", 0x0403, 0x6001, "A50285BI")]
    [InlineData(@"FTDIBUS\VID_0403+PID_6010+6&2A7AB5F&0&2&1\0000", 0x0403, 0x6010, null)]
    public void Hardware_names_give_the_numbers_and_a_serial_number_only_if_the_chip_has_one(string device, int vendor, int product, string? serial)
    {
        registry.AddPort(@"\Device\VCP0", "COM7");
        registry.AddDevice(device, "COM7", "driver");
        Assert.Equal(new UsbIdentity((ushort)vendor, (ushort)product, SerialNumber: serial), Assert.Single(WindowsSerialPorts.List(registry)).Usb);
    }

    [Fact]
    public void Devices_that_were_at_the_port_earlier_are_not_taken_for_the_one_that_is()
    {
        registry.AddPort(@"\Device\Silabser0", "COM5");
        registry.AddDevice(@"USB\VID_067B&PID_2303\6&1&0&1", "COM5", "Ser2pl", isPresent: false);
        registry.AddDevice(@"USB\VID_10C4&PID_EA60\0002", "com5", "silabser");
        registry.AddDevice(@"USB\VID_10C4&PID_EA60\0003", "COM5", "silabser", isPresent: false);
        Assert.Equal("0002", Assert.Single(WindowsSerialPorts.List(registry)).Usb?.SerialNumber);
    }

    [Fact]
    public void Port_that_several_devices_claim_is_listed_without_identity()
    {
        registry.AddPort(@"\Device\Silabser0", "COM5");
        registry.AddDevice(@"USB\VID_10C4&PID_EA60\0002", "COM5", "silabser", isPresent: false);
        registry.AddDevice(@"USB\VID_10C4&PID_EA60\0003", "COM5", "silabser", isPresent: false);
        Assert.Equal(new SerialPortInfo("serial:COM5", "COM5"), Assert.Single(WindowsSerialPorts.List(registry)));
    }

    [Fact]
    public void Port_of_the_computer_and_one_that_is_gone()
    {
        registry.AddPort(@"\Device\Serial0", "COM10");
        registry.AddPort(@"\Device\BthModem0", "COM9\0");
        registry.AddDevice(@"USB\VID_10C4&PID_EA60\0001", "COM5", "silabser", isPresent: false);
        registry.AddDevice(@"USB\ROOT_HUB30\4&1&0&0", "COM10", "USBHUB3");
        Assert.Equal([new("serial:COM9", "COM9"), new SerialPortInfo("serial:COM10", "COM10")], WindowsSerialPorts.List(registry));
    }

    [Fact]
    public void Empty_registry_has_no_ports() => Assert.Empty(WindowsSerialPorts.List(registry));

    private sealed class FakeRegistry : IRegistryView
    {
        private const string Enum = @"SYSTEM\CurrentControlSet\Enum\";
        private readonly Dictionary<string, Dictionary<string, string>> keys = new(StringComparer.OrdinalIgnoreCase);

        public void AddPort(string driver, string portName) => Set(@"HARDWARE\DEVICEMAP\SERIALCOMM", driver, portName);

        public void AddDevice(string device, string portName, string service, bool isPresent = true, string? mfg = null, string? description = null)
        {
            Set($@"{Enum}{device}\Device Parameters", "PortName", portName);
            Set(Enum + device, "Service", service);
            if (mfg is not null && description is not null)
            {
                Set(Enum + device, "Mfg", mfg);
                Set(Enum + device, "DeviceDesc", description);
            }

            Set($@"SYSTEM\CurrentControlSet\Services\{service}\Enum", "Count", "1");
            if (isPresent)
            {
                Set($@"SYSTEM\CurrentControlSet\Services\{service}\Enum", "0", device.ToUpperInvariant());
            }
        }

        public IReadOnlyCollection<string> KeysIn(string key) => [.. keys.Keys
            .Where(candidate => candidate.StartsWith(key + '\\', StringComparison.OrdinalIgnoreCase))
            .Select(candidate => candidate[(key.Length + 1)..].Split('\\')[0])
            .Distinct(StringComparer.OrdinalIgnoreCase)];

        public IReadOnlyDictionary<string, string> ValuesIn(string key) => keys.GetValueOrDefault(key) ?? [];

        private void Set(string key, string name, string value)
        {
            if (!keys.TryGetValue(key, out Dictionary<string, string>? values))
            {
                keys[key] = values = new(StringComparer.OrdinalIgnoreCase);
            }

            values[name] = value;
        }
    }
}
