using System.Globalization;

namespace Microneedling.Client.Discovery;

/// <summary>Addresses that name a device and not a port, such as <c>device:12345</c>. <see cref="DeviceFinder"/> opens them.</summary>
public static class DeviceAddress
{
    /// <summary>The scheme, without the colon.</summary>
    public const string Scheme = "device";

    /// <summary>The address of a device.</summary>
    /// <param name="serialNumber">Its serial number, 1 or more.</param>
    public static string Of(uint serialNumber)
    {
        ArgumentOutOfRangeException.ThrowIfZero(serialNumber);
        return string.Create(CultureInfo.InvariantCulture, $"{Scheme}:{serialNumber}");
    }

    /// <summary>The only device that will do at this address; null when any will.</summary>
    public static uint? ExpectedAt(string? address) => TryParse(address, out uint serialNumber) ? serialNumber : null;

    /// <summary>Reads the serial number, 1 or more, out of an address; false when it is no such address.</summary>
    public static bool TryParse(string? address, out uint serialNumber)
    {
        serialNumber = 0;
        return address is not null
            && address.StartsWith(Scheme + ":", StringComparison.OrdinalIgnoreCase)
            && uint.TryParse(address.AsSpan(Scheme.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out serialNumber)
            && serialNumber != 0;
    }
}
