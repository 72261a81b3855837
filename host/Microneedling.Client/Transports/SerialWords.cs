// Why a serial port cannot be used, and what to do about it.

using System.Runtime.InteropServices;
using Microneedling.Client.Discovery;
using Microneedling.Client.Transports.Native;

namespace Microneedling.Client.Transports;

/// <summary>Failures of serial ports, in words.</summary>
internal static class SerialWords
{
    /// <summary>While it was in use.</summary>
    public static string Gone(string port) =>
        $"The serial port '{port}' has gone: the cable was pulled out, or the device lost its power. Plug it in and connect again.";

    /// <summary>Why a port of Linux or macOS did not open.</summary>
    /// <param name="path">As given.</param>
    /// <param name="error">The C library's.</param>
    public static LinkException CannotOpen(string path, int error) => error switch
    {
        Posix.NoSuchFile or Posix.NoSuchDevice or Posix.NotThatDevice => Missing(path),
        Posix.AccessDenied or Posix.NotPermitted => NotAllowed(path),
        Posix.Busy => Busy(path),
        Posix.NotATerminal or Posix.IsADirectory => new LinkException($"'{path}' is not a serial port. {Found()}", isTransient: false),
        Posix.InputOutput => new LinkException($"There is nothing behind the serial port '{path}': the system lists it, but no hardware answers. {Found()}", isTransient: true),
        _ => new LinkException($"The serial port '{path}' cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}. {Found()}", isTransient: true),
    };

    /// <summary>Somebody has it open.</summary>
    public static LinkException Busy(string path)
    {
        string holder = PortHolder.Find(path) is (string name, int processId)
            ? processId == Environment.ProcessId ? $"this program itself ({name}, process {processId})" : $"{name} (process {processId})"
            : "another program";
        return new LinkException($"The serial port '{path}' is in use by {holder}. Close it there, then connect again.", isTransient: true);
    }

    /// <summary>A name of another system's ports.</summary>
    public static LinkException NotAPath(string port) =>
        new($"'{port}' is not how a serial port is named here: it should be a path such as /dev/ttyUSB0, in an address such as serial:/dev/ttyUSB0. {Found()}", isTransient: false);

    private static LinkException Missing(string path) =>
        new($"There is no serial port '{path}'. Plug the device in and switch it on. {Found()}", isTransient: true);

    private static LinkException NotAllowed(string path)
    {
        FileGroup? group = FileGroup.Of(path);
        string remedy = group switch
        {
            { Id: 0 } => "It is the administrator's alone. Let a udev rule give it to the group dialout, and yourself join that group.",
            { MayUse: false } => $"Nor may its group, {group.Name}. Ask the administrator: sudo chmod g+rw {path}",
            not null => $"It belongs to the group {group.Name}: join it by 'sudo usermod -aG {group.Name} $USER', then sign out and in again.",
            null => "Ask the administrator for access to it.",
        };
        return new LinkException($"You may not use the serial port '{path}'. {remedy}", isTransient: false);
    }

    private static string Found()
    {
        string[] ports = [.. SerialPorts.List().Select(port => port.Path)];
        return ports.Length == 0 ? "No serial port was found on this machine." : $"Found: {string.Join(", ", ports)}.";
    }
}
