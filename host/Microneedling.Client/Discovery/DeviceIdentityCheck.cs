using Microneedling.Client.Discovery;

namespace Microneedling.Client;

/// <summary>
/// Another device answered than the one that was meant. The link is well and nothing was commanded; trying again does not
/// help, a person has to choose.
/// </summary>
/// <param name="expectedSerialNumber">Serial number of the device that was meant.</param>
/// <param name="foundSerialNumber">Serial number of the one that answered; 0 when it has none.</param>
/// <param name="address">Where it answered.</param>
public sealed class WrongDeviceException(uint expectedSerialNumber, uint foundSerialNumber, string address)
    : DeviceException(DiscoveryWords.WrongDevice(expectedSerialNumber, foundSerialNumber, address))
{
    /// <summary>Serial number of the device that was meant.</summary>
    public uint ExpectedSerialNumber { get; } = expectedSerialNumber;

    /// <summary>Serial number of the device that answered; 0 when it has none.</summary>
    public uint FoundSerialNumber { get; } = foundSerialNumber;
}

/// <summary>
/// Refuses a device that is not the one that was meant. To be asked after every connecting, also by number: between search
/// and connecting a cable may be moved.
/// </summary>
public static class DeviceIdentityCheck
{
    /// <summary>The refusal, or null when it is the device that was meant.</summary>
    /// <param name="expectedSerialNumber">Serial number of the device that is meant, 1 or more.</param>
    /// <param name="found">Who answered.</param>
    /// <param name="address">Where it answered.</param>
    public static WrongDeviceException? Refuse(uint expectedSerialNumber, DeviceIdentity found, string address)
    {
        ArgumentOutOfRangeException.ThrowIfZero(expectedSerialNumber);
        ArgumentNullException.ThrowIfNull(found);
        return found.SerialNumber == expectedSerialNumber ? null : new WrongDeviceException(expectedSerialNumber, found.SerialNumber, address);
    }
}
