using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Microneedling.Tablet.Lan;

/// <summary>What this computer is called on its local network.</summary>
/// <param name="Hosts">Its names: its own, and the one by which it answers to multicast DNS.</param>
/// <param name="Addresses">Its addresses: IPv4 first; none that is only good for loopback or one link.</param>
public sealed record LanNames(IReadOnlyList<string> Hosts, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>As they are now.</summary>
    public static LanNames OfThisComputer()
    {
        string host = Dns.GetHostName().ToLowerInvariant();
        var addresses = NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network is { OperationalStatus: OperationalStatus.Up, NetworkInterfaceType: not NetworkInterfaceType.Loopback })
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(IsForOthers)
            .Distinct()
            .OrderBy(address => address.AddressFamily)
            .ThenBy(address => address.ToString(), StringComparer.Ordinal);
        return new LanNames([.. new[] { host, $"{host.Split('.')[0]}.local" }.Distinct()], [.. addresses]);
    }

    /// <summary>Names and addresses as they stand in a URL; the ones that work best first.</summary>
    public IEnumerable<string> InUrls => [.. Addresses.Select(InUrl), .. Hosts.Reverse()];

    /// <inheritdoc/>
    public bool Equals(LanNames? other) => other is not null && Hosts.SequenceEqual(other.Hosts) && Addresses.SequenceEqual(other.Addresses);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Hosts.Count, Addresses.Count);

    private static bool IsForOthers(IPAddress address) =>
        !IPAddress.IsLoopback(address)
        && (address.AddressFamily == AddressFamily.InterNetwork
            ? address.GetAddressBytes() is not [169, 254, ..]
            : address is { IsIPv6LinkLocal: false, IsIPv6Multicast: false, IsIPv6SiteLocal: false });

    private static string InUrl(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
