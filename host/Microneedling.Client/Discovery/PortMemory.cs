using System.Collections.Concurrent;

namespace Microneedling.Client.Discovery;

/// <summary>
/// Where each device was last: a hint where to look first, never a proof that it is there. For any thread.
/// </summary>
public interface IPortMemory
{
    /// <summary>Address of the port where the device was last, or null.</summary>
    string? WhereWas(uint serialNumber);

    /// <summary>The device has just answered at this address.</summary>
    void Remember(uint serialNumber, string address);
}

/// <summary>Remembers as long as the program runs.</summary>
public sealed class PortMemory : IPortMemory
{
    private readonly ConcurrentDictionary<uint, string> addresses = new();

    /// <inheritdoc/>
    public string? WhereWas(uint serialNumber) => addresses.GetValueOrDefault(serialNumber);

    /// <inheritdoc/>
    public void Remember(uint serialNumber, string address) => addresses[serialNumber] = address;
}
