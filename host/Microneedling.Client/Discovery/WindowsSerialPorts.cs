using System.Globalization;
using System.Runtime.Versioning;
using System.Security;
using System.Text.RegularExpressions;
using Microsoft.Win32;

namespace Microneedling.Client.Discovery;

/// <summary>What of the Windows registry is needed: keys below HKEY_LOCAL_MACHINE. A key that is not there is empty.</summary>
internal interface IRegistryView
{
    /// <summary>Names of the keys in a key.</summary>
    IReadOnlyCollection<string> KeysIn(string key);

    /// <summary>Values in a key, as text, by their names in any case.</summary>
    IReadOnlyDictionary<string, string> ValuesIn(string key);
}

/// <summary>
/// Reads the serial ports out of the Windows registry.
/// <code>
///   HARDWARE\DEVICEMAP\SERIALCOMM                      the ports there are now:  \Device\Silabser0 = COM5
///   SYSTEM\CurrentControlSet\Enum\USB\VID_10C4&amp;PID_EA60\0001            every USB device there ever was, Service = silabser
///                                          …\0001\Device Parameters      PortName = COM5
///   SYSTEM\CurrentControlSet\Services\silabser\Enum                      those there are now:  0 = USB\VID_10C4&amp;PID_EA60\0001
/// </code>
/// FTDI's driver keeps its ports in Enum\FTDIBUS\VID_0403+PID_6001+A50285BIA\0000 instead. COM numbers are used again,
/// so several devices may claim a port; one that is not certainly the only one is not named.
/// </summary>
internal static partial class WindowsSerialPorts
{
    private const string Control = @"SYSTEM\CurrentControlSet\";

    private static readonly string[] Buses = ["USB", "FTDIBUS"];

    /// <summary>Lists the ports, in order.</summary>
    public static IReadOnlyList<SerialPortInfo> List(IRegistryView registry)
    {
        ILookup<string, Claim> claims = Claims(registry).ToLookup(claim => claim.PortName, StringComparer.OrdinalIgnoreCase);
        return SerialPorts.InOrder(registry.ValuesIn(@"HARDWARE\DEVICEMAP\SERIALCOMM").Values
            .Select(SerialPorts.Clean)
            .OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(name => TheOnly([.. claims[name]]) is Claim claim ? SerialPortInfo.At(name, claim.Usb, claim.DriverName) : SerialPortInfo.At(name)));
    }

    private static Claim? TheOnly(Claim[] claims)
    {
        Claim[] present = [.. claims.Where(claim => claim.IsPresent)];
        return present.Length == 1 ? present[0] : present.Length == 0 && claims.Length == 1 ? claims[0] : null;
    }

    private static IEnumerable<Claim> Claims(IRegistryView registry)
    {
        foreach (string bus in Buses)
        {
            foreach (string hardware in registry.KeysIn($@"{Control}Enum\{bus}"))
            {
                if (HardwarePattern().Match(hardware) is not { Success: true } match)
                {
                    continue;
                }

                foreach (string instance in registry.KeysIn($@"{Control}Enum\{bus}\{hardware}"))
                {
                    string device = $@"{bus}\{hardware}\{instance}";
                    if (registry.ValuesIn($@"{Control}Enum\{device}\Device Parameters").TryGetValue("PortName", out string? portName))
                    {
                        yield return Describe(registry, device, portName, match, instance);
                    }
                }
            }
        }
    }

    private static Claim Describe(IRegistryView registry, string device, string portName, Match hardware, string instance)
    {
        IReadOnlyDictionary<string, string> values = registry.ValuesIn($@"{Control}Enum\{device}");
        string? driver = values.GetValueOrDefault("Service");
        bool isPresent = driver is not null && registry.ValuesIn($@"{Control}Services\{driver}\Enum").Values.Contains(device, StringComparer.OrdinalIgnoreCase);
        UsbIdentity usb = new(
            Number(hardware.Groups["vendor"]),
            Number(hardware.Groups["product"]),
            LocalizedText(values.GetValueOrDefault("Mfg")),
            LocalizedText(values.GetValueOrDefault("DeviceDesc")),
            SerialNumber(hardware, instance));
        return new Claim(portName, usb, driver, isPresent);
    }

    /// <summary>
    /// The serial number that the USB chip has. Windows makes up an instance with an ampersand for a chip without one, and for
    /// a part of a composite device. FTDI's driver has it in the hardware's name, followed by the letter of the channel.
    /// </summary>
    private static string? SerialNumber(Match hardware, string instance)
    {
        string serial = hardware.Groups["ftdi"] is { Success: true, Length: > 1 } ftdi ? ftdi.Value[..^1] : instance;
        return serial.Contains('&', StringComparison.Ordinal) || hardware.Groups["part"].Success ? null : SerialPorts.Clean(serial);
    }

    /// <summary>The text in <c>@oem12.inf,%mfg%;Silicon Laboratories Inc.</c>, or all of it when it refers to no file.</summary>
    private static string? LocalizedText(string? text) =>
        SerialPorts.Clean(text is ['@', ..] ? text[(text.LastIndexOf(';') + 1)..].TrimStart('@') : text);

    private static ushort Number(Group digits) => ushort.Parse(digits.ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^VID_(?<vendor>[0-9A-F]{4})[&+]PID_(?<product>[0-9A-F]{4})(&REV_[0-9A-F]{4})?(?<part>&MI_[0-9A-F]{2})?(\+(?<ftdi>.*))?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HardwarePattern();

    /// <summary>A device that is or was at a port.</summary>
    private sealed record Claim(string PortName, UsbIdentity Usb, string? DriverName, bool IsPresent);
}

/// <summary>The registry of this computer. What may not be read is empty.</summary>
[SupportedOSPlatform("windows")]
internal sealed class LocalMachineRegistry : IRegistryView
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> KeysIn(string key) => Read<string[]>(key, open => open.GetSubKeyNames()) ?? [];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> ValuesIn(string key) =>
        Read(key, open => open.GetValueNames().ToDictionary(name => name, name => open.GetValue(name)?.ToString() ?? "", StringComparer.OrdinalIgnoreCase))
        ?? [];

    private static T? Read<T>(string key, Func<RegistryKey, T> read)
        where T : class
    {
        try
        {
            using RegistryKey? open = Registry.LocalMachine.OpenSubKey(key);
            return open is null ? null : read(open);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SecurityException)
        {
            return null;
        }
    }
}
