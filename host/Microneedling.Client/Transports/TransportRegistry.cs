using Microneedling.Client.Discovery;
using Microneedling.Client.Transports;

namespace Microneedling.Client;

/// <summary>Opens a transport by its address, <c>scheme:rest</c>. Knows only the schemes that a program has added.</summary>
public sealed class TransportRegistry
{
    private readonly SortedDictionary<string, Func<string, CancellationToken, Task<ITransport>>> openers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Schemes that can be opened, in alphabetical order, without the colon.</summary>
    public IReadOnlyCollection<string> Schemes => openers.Keys;

    /// <summary>
    /// A registry that knows the ways to real devices: <c>serial:/dev/ttyUSB0</c> (on Windows <c>serial:COM5</c>) at
    /// 115 200 baud, <c>tcp://host:port</c>, and <c>device:12345</c>, which is device 12345 at whatever port it is on.
    /// </summary>
    public static TransportRegistry CreateStandard()
    {
        TransportRegistry registry = new TransportRegistry()
            .Add("serial", static async (address, _) => SerialTransport.Open(address))
            .Add("tcp", static (address, cancellationToken) => TcpTransport.OpenAsync(address, TimeProvider.System, cancellationToken));
        return registry.Add(DeviceAddress.Scheme, new DeviceFinder(registry).OpenAsync);
    }

    /// <summary>Adds a scheme.</summary>
    /// <param name="scheme">Such as <c>sim</c>: without the colon, in any case.</param>
    /// <param name="open">Given the whole address.</param>
    /// <returns>This registry, to add the next.</returns>
    /// <exception cref="ArgumentException">The scheme is there already, or is empty or contains a colon.</exception>
    public TransportRegistry Add(string scheme, Func<string, CancellationToken, Task<ITransport>> open)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(scheme);
        ArgumentNullException.ThrowIfNull(open);
        if (scheme.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{scheme}' is to be given without the colon.", nameof(scheme));
        }

        openers.Add(scheme, open);
        return this;
    }

    /// <summary>Opens an address.</summary>
    /// <exception cref="LinkException">Nothing is known of such addresses, or opening failed.</exception>
    public Task<ITransport> OpenAsync(string address, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        int colon = address.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && openers.TryGetValue(address[..colon], out Func<string, CancellationToken, Task<ITransport>>? open))
        {
            return open(address, cancellationToken);
        }

        string known = openers.Count == 0 ? "none is known here" : "known are " + string.Join(", ", openers.Keys.Select(scheme => scheme + ":"));
        return Task.FromException<ITransport>(new LinkException(
            $"'{address}' is not the address of a device: it should begin with how to reach it, and {known}.", isTransient: false));
    }
}
