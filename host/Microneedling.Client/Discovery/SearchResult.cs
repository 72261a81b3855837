namespace Microneedling.Client.Discovery;

/// <summary>What came of asking at one address.</summary>
/// <param name="Address">What was opened.</param>
/// <param name="Usb">The USB device there; null when there is none or it cannot be told.</param>
public abstract record PortFinding(string Address, UsbIdentity? Usb);

/// <summary>A device that answered.</summary>
/// <param name="Address">What opens the way to it, now.</param>
/// <param name="Identity">Who it is.</param>
/// <param name="Usb">The USB device there; null when there is none or it cannot be told.</param>
public sealed record FoundDevice(string Address, DeviceIdentity Identity, UsbIdentity? Usb) : PortFinding(Address, Usb);

/// <summary>An address where no device can be used.</summary>
/// <param name="Address">What was opened.</param>
/// <param name="Problem">Why not.</param>
/// <param name="Message">Why not, in words, and what to do.</param>
/// <param name="Usb">The USB device there; null when there is none or it cannot be told.</param>
public sealed record PortWithoutDevice(string Address, PortProblem Problem, string Message, UsbIdentity? Usb) : PortFinding(Address, Usb);

/// <summary>Why no device can be used at an address.</summary>
public enum PortProblem
{
    /// <summary>It could not be opened, or closed by itself: in use by another program, no permission, unplugged. The message says which.</summary>
    NotUsable,

    /// <summary>Opening or closing it did not end in time.</summary>
    Stuck,

    /// <summary>Nothing was heard.</summary>
    Silent,

    /// <summary>Something was heard, but no answer of a device.</summary>
    Unintelligible,

    /// <summary>A host's greeting was heard: the port leads back to a host.</summary>
    Echo,

    /// <summary>A device is there and refused the greeting: another version, as a rule. The message says which side to update.</summary>
    Refused,
}

/// <summary>Serial number that several devices bear, or one that answers in several places: none of them is taken for it.</summary>
/// <param name="SerialNumber">The number.</param>
/// <param name="Devices">Where it answered, 2 or more.</param>
public sealed record SharedSerialNumber(uint SerialNumber, IReadOnlyList<FoundDevice> Devices)
{
    /// <summary>What is the matter, and what to do.</summary>
    public string Message => DiscoveryWords.Shared(this);
}

/// <summary>What a search found.</summary>
/// <param name="Findings">One for each address that was asked, in the order of the ports.</param>
/// <param name="NotAsked">Ports that were left alone because nothing says that a device is there.</param>
public sealed record SearchResult(IReadOnlyList<PortFinding> Findings, IReadOnlyList<SerialPortInfo> NotAsked)
{
    /// <summary>The devices that answered, in the order of the ports.</summary>
    public IReadOnlyList<FoundDevice> Devices => [.. Findings.OfType<FoundDevice>()];

    /// <summary>The addresses without a device to use, in the order of the ports.</summary>
    public IReadOnlyList<PortWithoutDevice> Others => [.. Findings.OfType<PortWithoutDevice>()];

    /// <summary>Serial numbers that are not one device's alone. Devices without a number are not among them.</summary>
    public IReadOnlyList<SharedSerialNumber> SharedSerialNumbers => [.. Devices
        .Where(device => device.Identity.SerialNumber != 0)
        .GroupBy(device => device.Identity.SerialNumber)
        .Where(group => group.Count() > 1)
        .Select(group => new SharedSerialNumber(group.Key, [.. group]))];

    /// <summary>The one device of this serial number.</summary>
    /// <exception cref="LinkException">It was not found, or several were; the message says what was found instead.</exception>
    public FoundDevice The(uint serialNumber)
    {
        FoundDevice[] devices = [.. Devices.Where(device => device.Identity.SerialNumber == serialNumber)];
        return devices switch
        {
            [FoundDevice device] => device,
            [] => throw new LinkException(DiscoveryWords.Missing(serialNumber, this), isTransient: true),
            _ => throw new LinkException(DiscoveryWords.Shared(new SharedSerialNumber(serialNumber, devices)), isTransient: false),
        };
    }
}
