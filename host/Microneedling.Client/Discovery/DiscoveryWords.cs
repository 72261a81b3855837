namespace Microneedling.Client.Discovery;

/// <summary>What was found, and what was not, in words: what is the matter, and what to do.</summary>
internal static class DiscoveryWords
{
    /// <summary>A problem of a port that was opened, or did not open in time.</summary>
    public static string Of(PortProblem problem) => problem switch
    {
        PortProblem.NotUsable => "The port closed while it was asked. Check the cable, then search again.",
        PortProblem.Stuck => "Opening or closing the port does not end. Unplug it and plug it in again.",
        PortProblem.Silent => "Nothing answers. The device there is switched off, or it is another instrument.",
        PortProblem.Unintelligible => "Something talks there, but not as this device does: another instrument, or a device that is just starting. If it was switched on a moment ago, search again.",
        PortProblem.Echo => "A program's own greeting comes back. The port is looped to itself, or connected to a computer instead of a device.",
        _ => "The device there refused the greeting. Update the older side.",
    };

    public static string NoAddress(string address) =>
        $"'{address}' does not name a device: its serial number follows the colon, such as {DeviceAddress.Of(12345)}.";

    public static string CannotOpen(Exception why) => why is DeviceException ? why.Message : $"The port could not be opened: {why.Message}";

    public static string WrongDevice(uint expected, uint found, string address) =>
        $"{Device(expected, isFirst: true)} was expected at {address}, but {Device(found)} is connected there. It has not been told to do anything. "
        + $"Connect {Device(expected)}, or choose {Device(found)} if that is the one to be used.";

    public static string Shared(SharedSerialNumber shared) =>
        $"Device {shared.SerialNumber} answers at {string.Join(" and at ", shared.Devices.Select(device => device.Address))}. "
        + "If they are two devices, unplug one and give it another serial number; if it is one with two cables, unplug one of them.";

    public static string Missing(uint serialNumber, SearchResult result)
    {
        PortWithoutDevice[] mute = [.. result.Others.Where(port => port.Problem is PortProblem.NotUsable or PortProblem.Stuck or PortProblem.Refused)];
        List<string> sentences = [mute.Length == 0 ? $"Device {serialNumber} is not connected." : $"Device {serialNumber} was not found."];
        sentences.Add(result.Devices.Count == 0
            ? "No other device was found."
            : $"Found: {string.Join(", ", result.Devices.Select(device => $"{Device(device.Identity.SerialNumber)} at {device.Address}"))}.");
        sentences.AddRange(mute.Select(port => $"Not readable: {port.Address} ({port.Message.TrimEnd('.')})."));
        if (result.NotAsked.Count > 0)
        {
            sentences.Add($"Not asked: {string.Join(", ", result.NotAsked.Select(port => port.Address))}; if the device is at one of them, connect by that address.");
        }

        if (result.Devices.Count == 0 && mute.Length == 0)
        {
            sentences.Add("Check that it is switched on and that the cable is in.");
        }

        return string.Join(' ', sentences);
    }

    private static string Device(uint serialNumber, bool isFirst = false) =>
        serialNumber == 0 ? $"{(isFirst ? "A" : "a")} device without a serial number" : $"{(isFirst ? "Device" : "device")} {serialNumber}";
}
