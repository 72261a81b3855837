namespace Microneedling.Client.Discovery;

/// <summary>
/// Decides which serial ports are likely to lead to an ESP32: those of the USB chips that its boards carry. Others are left
/// alone unless asked for, because a greeting is noise to another instrument.
/// </summary>
/// <remarks>
/// Sources: Espressif's own number is in its esp-usb-pids list and in esptool; the bridges are those that ESP-IDF's "Establish
/// Serial Connection" names for Espressif's boards (CP210x, FTDI) and those of common third-party boards (CH340 family,
/// PL2303), with the numbers of the Linux drivers cp210x, ch341, cdc-acm, ftdi_sio and pl2303. Silicon Labs' number is
/// shared by many instruments, so only the identifier of a CP2102, CP2102N or CP2104 as delivered counts.
/// </remarks>
public static class UsbBridges
{
    private static readonly (ushort Vendor, ushort? Product)[] Known =
    [
        (0x303A, null), // Espressif: USB of the ESP32-S2, S3, C3, C6 themselves
        (0x10C4, 0xEA60), // Silicon Labs CP2102, CP2102N, CP2104
        (0x1A86, null), // WCH CH340, CH341, CH343, CH9102
        (0x0403, null), // FTDI FT232, FT2232 and others
        (0x067B, null), // Prolific PL2303
    ];

    // macOS gives no USB numbers here, but its drivers name the ports after themselves.
    private static readonly string[] MacNames =
        ["/dev/cu.usbserial", "/dev/cu.usbmodem", "/dev/cu.SLAB_USBtoUART", "/dev/cu.wchusbserial", "/dev/cu.PL2303"];

    /// <summary>Whether a USB chip of such boards is behind the port.</summary>
    public static bool IsLikely(SerialPortInfo port)
    {
        ArgumentNullException.ThrowIfNull(port);
        return port.Usb is UsbIdentity usb
            ? Array.Exists(Known, known => known.Vendor == usb.VendorId && (known.Product is null || known.Product == usb.ProductId))
            : Array.Exists(MacNames, name => port.Path.StartsWith(name, StringComparison.Ordinal));
    }
}
