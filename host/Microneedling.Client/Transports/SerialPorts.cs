// What serial ports this machine has, and who has one open: to tell people, not to choose for them.

using System.Globalization;

namespace Microneedling.Client.Transports;

/// <summary>Serial ports of Linux and macOS.</summary>
internal static class SerialPorts
{
    private static readonly (string Directory, string Pattern)[] Places =
    [
        // These names contain the adapter's own serial number, and stay with it.
        ("/dev/serial/by-id", "*"),
        ("/dev", "ttyUSB*"),
        ("/dev", "ttyACM*"),
        ("/dev", "ttyAMA*"),
        ("/dev", "cu.usb*"),
    ];

    /// <summary>Paths of the ports found, the lasting names first.</summary>
    public static IReadOnlyList<string> Find() =>
    [
        .. Places.Where(place => Directory.Exists(place.Directory))
            .SelectMany(place => Directory.EnumerateFileSystemEntries(place.Directory, place.Pattern).Order(StringComparer.Ordinal)),
    ];

    /// <summary>The path without links, as far as it can be followed.</summary>
    public static string Resolve(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (IOException)
        {
            return path;
        }
        catch (UnauthorizedAccessException)
        {
            return path;
        }
    }

    /// <summary>The name and number of a process that has the port open, or null: only Linux tells, and only of this user's processes.</summary>
    public static (string Name, int ProcessId)? FindHolder(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        string device = Resolve(path);
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int processId) && HasOpen(process, device))
            {
                return (NameOf(process), processId);
            }
        }

        return null;
    }

    private static bool HasOpen(string process, string device)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd")).Any(file => new FileInfo(file).LinkTarget == device);
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "comm")).TrimEnd();
        }
        catch (IOException)
        {
            return "a program";
        }
    }
}
