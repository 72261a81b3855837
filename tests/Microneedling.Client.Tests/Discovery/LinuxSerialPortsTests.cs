using Microneedling.Client.Discovery;

namespace Microneedling.Client.Tests.Discovery;

/// <summary>What is read out of sysfs, on copies of what Linux shows for boards that there are.</summary>
public sealed class LinuxSerialPortsTests : IDisposable
{
    private static readonly (string, string)[] Cp2102 =
        [("idVendor", "10c4"), ("idProduct", "ea60"), ("manufacturer", "Silicon Labs"), ("product", "CP2102 USB to UART Bridge Controller"), ("serial", "0001")];

    private readonly FakeSysfs sysfs = new();

    public void Dispose() => sysfs.Dispose();

    [Fact]
    public void Bridge_is_listed_with_its_USB_identity_and_driver()
    {
        sysfs.AddUsbSerial(sysfs.AddUsb("1-2", Cp2102), "ttyUSB0", "cp210x");
        SerialPortInfo port = Assert.Single(sysfs.List());
        Assert.Equal(
            new SerialPortInfo(
                "serial:/dev/ttyUSB0",
                "/dev/ttyUSB0",
                new UsbIdentity(0x10C4, 0xEA60, "Silicon Labs", "CP2102 USB to UART Bridge Controller", "0001"),
                "cp210x"),
            port);
        Assert.True(port.IsLikely);
    }

    [Fact]
    public void Bridge_without_texts_is_listed_by_its_numbers()
    {
        sysfs.AddUsbSerial(sysfs.AddUsb("1-3", ("idVendor", "1a86"), ("idProduct", "7523"), ("product", "USB Serial")), "ttyUSB1", "ch341-uart");
        SerialPortInfo port = Assert.Single(sysfs.List());
        Assert.Equal(new UsbIdentity(0x1A86, 0x7523, null, "USB Serial"), port.Usb);
        Assert.Equal("USB Serial (1A86:7523)", port.Usb!.ToString());
        Assert.True(port.IsLikely);
    }

    [Fact]
    public void Both_channels_of_one_bridge_behind_a_hub_are_listed()
    {
        string ftdi = sysfs.AddUsb("1-1/1-1.4", ("idVendor", "0403"), ("idProduct", "6010"), ("serial", "FT4X"));
        sysfs.AddUsb("1-1", ("idVendor", "05e3"), ("idProduct", "0610"));
        sysfs.AddPort("ttyUSB2", $"{ftdi}/1-1.4:1.0/ttyUSB2", "bus/usb-serial", "bus/usb-serial/drivers/ftdi_sio");
        sysfs.AddPort("ttyUSB3", $"{ftdi}/1-1.4:1.1/ttyUSB3", "bus/usb-serial", "bus/usb-serial/drivers/ftdi_sio");
        Assert.All(sysfs.List(), port => Assert.Equal(new UsbIdentity(0x0403, 0x6010, SerialNumber: "FT4X"), port.Usb));
        Assert.Equal(["/dev/ttyUSB2", "/dev/ttyUSB3"], sysfs.List().Select(port => port.Path));
    }

    [Fact]
    public void USB_of_the_ESP32_itself_is_listed_though_its_terminal_is_on_the_interface()
    {
        string usb = sysfs.AddUsb("1-5", ("idVendor", "303a"), ("idProduct", "1001"), ("manufacturer", "Espressif"), ("product", "USB JTAG/serial debug unit"), ("serial", "F4:12:FA:00:00:01"));
        sysfs.AddPort("ttyACM0", $"{usb}/1-5:1.0", "bus/usb", "bus/usb/drivers/cdc_acm");
        SerialPortInfo port = Assert.Single(sysfs.List());
        Assert.Equal((0x303A, 0x1001, "F4:12:FA:00:00:01", "cdc_acm"), (port.Usb!.VendorId, port.Usb.ProductId, port.Usb.SerialNumber, port.DriverName));
        Assert.True(port.IsLikely);
    }

    [Fact]
    public void Bluetooth_port_does_not_take_the_radio_of_this_computer_for_its_device()
    {
        string radio = sysfs.AddUsb("1-7", ("idVendor", "0403"), ("idProduct", "6001"));
        sysfs.AddPort("rfcomm0", $"{radio}/1-7:1.0/bluetooth/hci0/hci0:256", "class/bluetooth", null);
        SerialPortInfo port = Assert.Single(sysfs.List());
        Assert.Equal(new SerialPortInfo("serial:/dev/rfcomm0", "/dev/rfcomm0"), port);
        Assert.False(port.IsLikely);
    }

    [Fact]
    public void UART_of_the_computer_is_listed_with_the_driver_behind_the_kernels_own_steps()
    {
        string uart = "devices/pnp0/00:01";
        sysfs.Link($"{uart}/driver", "bus/pnp/drivers/serial");
        sysfs.Link($"{uart}/subsystem", "bus/pnp");
        sysfs.Link($"{uart}/00:01:0/subsystem", "bus/serial-base");
        string terminal = sysfs.AddPort("ttyS0", $"{uart}/00:01:0/00:01:0.0", "bus/serial-base", "bus/serial-base/drivers/port");
        sysfs.Write($"{terminal}/type", "4\n");
        SerialPortInfo port = Assert.Single(sysfs.List());
        Assert.Equal(new SerialPortInfo("serial:/dev/ttyS0", "/dev/ttyS0", null, "serial"), port);
        Assert.False(port.IsLikely);
    }

    [Fact]
    public void Ports_without_hardware_are_left_out()
    {
        const string Platform = "devices/platform/serial8250";
        string typed = sysfs.AddPort("ttyS1", $"{Platform}/serial8250:0/serial8250:0.1", "bus/serial-base", "bus/serial-base/drivers/port");
        sysfs.Write($"{typed}/type", "0\n");
        string secretive = sysfs.AddPort("ttyS2", Platform, "bus/platform", "bus/platform/drivers/serial8250");
        Directory.CreateDirectory(sysfs.At($"{secretive}/type"));
        sysfs.Link("class/tty/tty1", "devices/virtual/tty/tty1");
        Assert.Empty(sysfs.List());
    }

    [Fact]
    public void UART_that_the_platform_driver_has_found_is_listed()
    {
        string terminal = sysfs.AddPort("ttyS0", "devices/platform/serial8250", "bus/platform", "bus/platform/drivers/serial8250");
        sysfs.Write($"{terminal}/type", "4\n");
        Assert.Equal("serial8250", Assert.Single(sysfs.List()).DriverName);
    }

    [Fact]
    public void Device_that_vanishes_while_it_is_listed_hides_no_other()
    {
        string usb = sysfs.AddUsb("1-2", Cp2102);
        sysfs.AddUsbSerial(usb, "ttyUSB0", "cp210x");
        sysfs.AddUsbSerial(usb, "ttyUSB1", "cp210x");
        sysfs.AddUsbSerial(usb, "ttyUSB2", "cp210x");

        // The first is gone wholly, of the second only the terminal is left.
        File.Delete(sysfs.At("class/tty/ttyUSB0"));
        File.CreateSymbolicLink(sysfs.At("class/tty/ttyUSB0"), "../../devices/gone/tty/ttyUSB0");
        string terminal = $"{usb}/1-2:1.0/ttyUSB1/tty/ttyUSB1";
        File.Delete(sysfs.At($"{terminal}/device"));
        File.CreateSymbolicLink(sysfs.At($"{terminal}/device"), "../../../gone");
        Assert.Equal(["/dev/ttyUSB2"], sysfs.List().Select(port => port.Path));
    }

    [Theory]
    [InlineData("idVendor", "unreadable")]
    [InlineData("idProduct", "unreadable")]
    [InlineData("idProduct", "missing")]
    [InlineData("idVendor", "not a number")]
    public void Port_whose_numbers_cannot_be_read_is_listed_without_identity(string attribute, string how)
    {
        string usb = sysfs.AddUsb("1-2", Cp2102);
        sysfs.AddUsbSerial(usb, "ttyUSB0", "cp210x");
        Spoil($"{usb}/{attribute}", how);
        SerialPortInfo port = Assert.Single(sysfs.List());
        Assert.Null(port.Usb);
        Assert.Equal("cp210x", port.DriverName);
    }

    [Fact]
    public void Texts_that_cannot_be_read_are_left_out()
    {
        string usb = sysfs.AddUsb("1-2", Cp2102);
        sysfs.AddUsbSerial(usb, "ttyUSB0", "cp210x");
        Spoil($"{usb}/manufacturer", "unreadable");
        Spoil($"{usb}/serial", "missing");
        sysfs.Write($"{usb}/product", " \n");
        Assert.Equal(new UsbIdentity(0x10C4, 0xEA60), Assert.Single(sysfs.List()).Usb);
    }

    [Fact]
    public void Texts_that_are_no_text_are_made_harmless()
    {
        string usb = sysfs.AddUsb("1-2", Cp2102);
        sysfs.AddUsbSerial(usb, "ttyUSB0", "cp210x");
        sysfs.Write($"{usb}/manufacturer", [0x57, 0xC3, 0xFF, 0x57, 0x0A]);
        sysfs.Write($"{usb}/product", "\u001B[2JGone\u0007 \u009B5m€\n");
        UsbIdentity? read = Assert.Single(sysfs.List()).Usb;
        Assert.Equal("W\uFFFD\uFFFDW", read!.Manufacturer);
        Assert.Equal("[2JGone 5m€", read.Product);
    }

    [Fact]
    public void Ports_are_in_the_order_of_their_numbers()
    {
        string usb = sysfs.AddUsb("1-2", Cp2102);
        foreach (string name in (string[])["ttyUSB10", "ttyUSB9", "ttyACM3", "ttyUSB0"])
        {
            sysfs.AddUsbSerial(usb, name, "cp210x");
        }

        Assert.Equal(["/dev/ttyACM3", "/dev/ttyUSB0", "/dev/ttyUSB9", "/dev/ttyUSB10"], sysfs.List().Select(port => port.Path));
    }

    [Fact]
    public void Computer_without_sysfs_has_no_ports() => Assert.Empty(LinuxSerialPorts.List(sysfs.At("nowhere")));

    [Fact]
    public void Hardware_ports_of_the_computer_that_runs_this_are_listed()
    {
        const string Terminals = "/sys/class/tty";
        IEnumerable<string> expected = !Directory.Exists(Terminals) ? [] : Directory.GetFileSystemEntries(Terminals)
            .Where(entry => entry.Contains("/ttyUSB", StringComparison.Ordinal) || entry.Contains("/ttyACM", StringComparison.Ordinal)
                || (File.Exists($"{entry}/type") && File.ReadAllText($"{entry}/type") != "0\n"))
            .Select(entry => "serial:/dev/" + Path.GetFileName(entry));
        string[] listed = [.. LinuxSerialPorts.List("/sys").Select(port => port.Address)];
        Assert.Empty(expected.Except(listed));
        Assert.DoesNotContain("serial:/dev/tty1", listed);
    }

    // A directory in place of a file is refused also to root, for whom permissions do not count.
    private void Spoil(string path, string how)
    {
        File.Delete(sysfs.At(path));
        if (how == "unreadable")
        {
            Directory.CreateDirectory(sysfs.At(path));
        }
        else if (how != "missing")
        {
            sysfs.Write(path, how);
        }
    }
}
