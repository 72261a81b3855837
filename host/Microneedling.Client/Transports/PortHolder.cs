// Which program has a serial port open: to tell people, not to choose for them.

using System.Globalization;

namespace Microneedling.Client.Transports;

/// <summary>Who has a serial port open.</summary>
internal static class PortHolder
{
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
    public static (string Name, int ProcessId)? Find(string path)
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
