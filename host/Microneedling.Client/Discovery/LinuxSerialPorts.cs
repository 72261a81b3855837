using System.Globalization;

namespace Microneedling.Client.Discovery;

/// <summary>
/// Reads the serial ports out of Linux' sysfs. A device may vanish at any moment while it is read: what cannot be read is
/// not there.
/// <code>
///   class/tty/ttyUSB0 ──▶ devices/…/1-2/1-2:1.0/ttyUSB0/tty/ttyUSB0
///                                    │       │     └── device: the port; subsystem usb-serial, driver cp210x
///                                    │       └── interface
///                                    └── USB device: idVendor, idProduct, manufacturer, product, serial
/// </code>
/// </summary>
internal static class LinuxSerialPorts
{
    /// <summary>Lists the ports, in order.</summary>
    /// <param name="sysfs"><c>/sys</c>, or a copy of it.</param>
    public static IReadOnlyList<SerialPortInfo> List(string sysfs)
    {
        try
        {
            return SerialPorts.InOrder(Directory.GetFileSystemEntries(Path.Combine(sysfs, "class", "tty")).Select(Describe).OfType<SerialPortInfo>());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static SerialPortInfo? Describe(string entry)
    {
        // Links in sysfs are relative to where they really are, so each is followed before the next is looked for.
        string terminal = TargetOf(entry) ?? entry;
        if (TargetOf(Path.Combine(terminal, "device")) is not string device || !Directory.Exists(device))
        {
            return null; // A console or a pseudo-terminal has no device; that of a vanished one leads nowhere.
        }

        string? driver = DriverOf(device);
        return IsPlaceholder(terminal, driver) ? null : SerialPortInfo.At("/dev/" + Path.GetFileName(entry), UsbOf(device), driver);
    }

    /// <summary>
    /// Whether it is one of the ttyS… that Linux keeps ready without a UART: their type is 0. Older kernels show the type to
    /// root only; there the driver serial8250 by itself, without a bus that has found the UART, tells.
    /// </summary>
    private static bool IsPlaceholder(string terminal, string? driver) =>
        TextOf(terminal, "type") is string type ? type == "0" : driver == "serial8250";

    /// <summary>
    /// The driver's name. Newer kernels put two steps of their own, of the subsystem serial-base, between a port and the
    /// device that it belongs to.
    /// </summary>
    private static string? DriverOf(string device)
    {
        string? owner = device;
        while (owner is not null && NameOfLink(owner, "subsystem") == "serial-base")
        {
            owner = Path.GetDirectoryName(owner);
        }

        return owner is null ? null : NameOfLink(owner, "driver");
    }

    /// <summary>
    /// The USB device that the port belongs to. Only for ports that USB drivers make: a Bluetooth port is below a USB
    /// device too, but that is this computer's radio.
    /// </summary>
    private static UsbIdentity? UsbOf(string device)
    {
        if (NameOfLink(device, "subsystem") is not ("usb" or "usb-serial"))
        {
            return null;
        }

        string? usb = device;
        while (usb is not null && !File.Exists(Path.Combine(usb, "idVendor")))
        {
            usb = Path.GetDirectoryName(usb);
        }

        return usb is not null && NumberOf(usb, "idVendor") is ushort vendor && NumberOf(usb, "idProduct") is ushort product
            ? new UsbIdentity(vendor, product, TextOf(usb, "manufacturer"), TextOf(usb, "product"), TextOf(usb, "serial"))
            : null;
    }

    private static ushort? NumberOf(string directory, string attribute) =>
        ushort.TryParse(TextOf(directory, attribute), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort number) ? number : null;

    private static string? TextOf(string directory, string attribute)
    {
        try
        {
            return SerialPorts.Clean(File.ReadAllText(Path.Combine(directory, attribute)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? NameOfLink(string directory, string link) => TargetOf(Path.Combine(directory, link)) is string target ? Path.GetFileName(target) : null;

    private static string? TargetOf(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
