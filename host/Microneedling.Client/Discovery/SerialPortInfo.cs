namespace Microneedling.Client.Discovery;

/// <summary>A serial port of this computer. Says what the operating system knows; nothing was sent to it.</summary>
/// <param name="Address">What opens it, such as <c>serial:/dev/ttyUSB0</c> or <c>serial:COM5</c>.</param>
/// <param name="Path">What the operating system calls it, such as <c>/dev/ttyUSB0</c> or <c>COM5</c>. Changes when cables are moved.</param>
/// <param name="Usb">The USB device that it belongs to; null when there is none or it cannot be told.</param>
/// <param name="DriverName">The operating system's driver, such as <c>cp210x</c>; null when it cannot be told.</param>
public sealed record SerialPortInfo(string Address, string Path, UsbIdentity? Usb = null, string? DriverName = null)
{
    /// <summary>Whether a device may well be there, by <see cref="UsbBridges"/>.</summary>
    public bool IsLikely => UsbBridges.IsLikely(this);

    internal static SerialPortInfo At(string path, UsbIdentity? usb = null, string? driverName = null) => new("serial:" + path, path, usb, driverName);
}

/// <summary>What a USB device says of itself. The texts are its maker's, without control characters.</summary>
/// <param name="VendorId">Number of the maker of its USB chip, as a rule.</param>
/// <param name="ProductId">The maker's number for it.</param>
/// <param name="Manufacturer">Maker, or null.</param>
/// <param name="Product">Product, or null.</param>
/// <param name="SerialNumber">Serial number of the USB chip, often the same in thousands of them; never that of a device. Or null.</param>
public sealed record UsbIdentity(ushort VendorId, ushort ProductId, string? Manufacturer = null, string? Product = null, string? SerialNumber = null)
{
    /// <summary>Such as <c>Silicon Labs CP2102 USB to UART Bridge Controller (10C4:EA60, 0001)</c>.</summary>
    public override string ToString()
    {
        string numbers = $"{VendorId:X4}:{ProductId:X4}" + (SerialNumber is null ? "" : $", {SerialNumber}");
        string names = string.Join(' ', new[] { Manufacturer, Product }.OfType<string>());
        return names.Length == 0 ? numbers : $"{names} ({numbers})";
    }
}
