// The serial ports of this computer, and whether this user may use them.

using Microneedling.Client.Discovery;

namespace Microneedling.Cli.Doctor;

internal static class ComputerChecks
{
    private const string About = "ports";
    private const string Permissions = "permissions";
    private const string Group = "dialout";

    internal static IEnumerable<Finding> Look(IReadOnlyList<SerialPortInfo> ports)
    {
        yield return ports.Count(port => port.IsLikely) switch
        {
            0 when ports.Count == 0 => Finding.Warn(About, "No serial port. Plug the device in and switch it on; a device over the network needs none."),
            0 => Finding.Warn(About, $"{ports.Count} serial ports, and none looks like a device's: {Listed(ports)}. 'ports --all' asks at all of them."),
            var likely => Finding.Ok(About, $"{likely} of {ports.Count} look like a device's: {Listed(ports.Where(port => port.IsLikely))}"),
        };
        if (OperatingSystem.IsLinux())
        {
            yield return LookAtGroup();
        }
    }

    // Whether a port can be opened is seen when the devices are asked; this explains it before one is plugged in.
    private static Finding LookAtGroup()
    {
        if (Environment.IsPrivilegedProcess)
        {
            return Finding.Ok(Permissions, "This user may use every serial port.");
        }

        try
        {
            var group = File.ReadLines("/etc/group").Select(line => line.Split(':')).FirstOrDefault(fields => fields is [Group, _, _, ..]);
            var mine = File.ReadLines("/proc/self/status").Where(line => line.StartsWith("Groups:", StringComparison.Ordinal) || line.StartsWith("Gid:", StringComparison.Ordinal))
                .SelectMany(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Skip(1));
            return group is null ? Finding.Ok(Permissions, $"This system has no group {Group}; ports are given out in another way.")
                : mine.Contains(group[2]) ? Finding.Ok(Permissions, $"This user is in the group {Group}.")
                : Finding.Warn(Permissions, $"This user is not in the group {Group}, which serial ports belong to: sudo usermod -aG {Group} {Environment.UserName}, then sign out and in again.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Finding.Warn(Permissions, $"Not known: {problem.Message}");
        }
    }

    private static string Listed(IEnumerable<SerialPortInfo> ports) => string.Join(", ", ports.Select(port => port.Path));
}
