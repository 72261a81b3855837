using Microneedling.Client.Discovery;

namespace Microneedling.Client.Tests.Discovery;

/// <summary>Which ports are asked unless all are wanted.</summary>
public class LikelyPortsTests
{
    [Theory]
    [InlineData(0x303A, 0x1001, true)]
    [InlineData(0x303A, 0x4001, true)]
    [InlineData(0x10C4, 0xEA60, true)]
    [InlineData(0x10C4, 0x8293, false)]
    [InlineData(0x1A86, 0x55D4, true)]
    [InlineData(0x0403, 0x6001, true)]
    [InlineData(0x067B, 0x2303, true)]
    [InlineData(0x2341, 0x0043, false)]
    public void Chips_of_ESP32_boards_are_likely(int vendor, int product, bool isLikely) =>
        Assert.Equal(isLikely, SerialPortInfo.At("/dev/ttyUSB0", new UsbIdentity((ushort)vendor, (ushort)product)).IsLikely);

    [Theory]
    [InlineData("/dev/cu.usbserial-0001", true)]
    [InlineData("/dev/cu.usbmodem14201", true)]
    [InlineData("/dev/cu.SLAB_USBtoUART", true)]
    [InlineData("/dev/cu.wchusbserial1420", true)]
    [InlineData("/dev/cu.Bluetooth-Incoming-Port", false)]
    [InlineData("/dev/ttyUSB0", false)]
    [InlineData("COM5", false)]
    public void Ports_without_USB_identity_are_likely_only_by_the_names_that_macOS_gives(string path, bool isLikely) =>
        Assert.Equal(isLikely, SerialPortInfo.At(path).IsLikely);

    [Fact]
    public void On_macOS_the_call_out_ports_are_listed()
    {
        DirectoryInfo devices = Directory.CreateTempSubdirectory("dev-");
        try
        {
            foreach (string name in (string[])["cu.usbserial-2", "tty.usbserial-2", "cu.Bluetooth-Incoming-Port", "null"])
            {
                File.WriteAllText(Path.Combine(devices.FullName, name), "");
            }

            Assert.Equal(
                [new("serial:/dev/cu.Bluetooth-Incoming-Port", "/dev/cu.Bluetooth-Incoming-Port"), new SerialPortInfo("serial:/dev/cu.usbserial-2", "/dev/cu.usbserial-2")],
                SerialPorts.ListMac(devices.FullName));
        }
        finally
        {
            devices.Delete(recursive: true);
        }

        Assert.Empty(SerialPorts.ListMac(devices.FullName));
    }
}
