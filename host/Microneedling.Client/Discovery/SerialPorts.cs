using System.Globalization;

namespace Microneedling.Client.Discovery;

/// <summary>
/// Lists the serial ports of this computer: Linux with USB identity, Windows with USB identity, macOS by name only. Opens
/// none. What the Windows part does with the registry's contents is tested on copies of such contents; its reading of a
/// real registry, and macOS, have not been run.
/// </summary>
public static class SerialPorts
{
    /// <summary>Every serial port with hardware behind it, as it is now: COM9 before COM10. Empty when none can be listed.</summary>
    public static IReadOnlyList<SerialPortInfo> List() =>
        OperatingSystem.IsWindows() ? WindowsSerialPorts.List(new LocalMachineRegistry())
        : OperatingSystem.IsMacOS() ? ListMac("/dev")
        : LinuxSerialPorts.List("/sys");

    /// <summary>The call-out ports of macOS; Bluetooth and the debug console among them, which are not likely.</summary>
    internal static IReadOnlyList<SerialPortInfo> ListMac(string devices)
    {
        try
        {
            return InOrder(Directory.EnumerateFileSystemEntries(devices, "cu.*").Select(path => SerialPortInfo.At("/dev/" + Path.GetFileName(path))));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>By name, and within a name by number.</summary>
    internal static IReadOnlyList<SerialPortInfo> InOrder(IEnumerable<SerialPortInfo> ports) => [.. ports
        .OrderBy(port => port.Path.TrimEnd(Digits), StringComparer.Ordinal)
        .ThenBy(port => Number(port.Path))
        .ThenBy(port => port.Path, StringComparer.Ordinal)];

    /// <summary>Text that came from a device: without control characters, which would reach a terminal. Null when nothing is left.</summary>
    internal static string? Clean(string? text)
    {
        string clean = new string([.. (text ?? "").Where(character => !char.IsControl(character))]).Trim();
        return clean.Length == 0 ? null : clean;
    }

    private static readonly char[] Digits = [.. "0123456789"];

    private static decimal Number(string path)
    {
        string number = path[path.TrimEnd(Digits).Length..];
        return decimal.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out decimal value) ? value : -1;
    }
}
