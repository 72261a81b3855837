using Microneedling.Client;

namespace Microneedling.Tablet.Words;

/// <summary>Every entry of a device's log in words; a restart has some too.</summary>
public static class EventText
{
    /// <summary>An entry in words.</summary>
    public static string Of(DeviceLogEntry entry, Texts texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return entry is DeviceRestarted ? texts["device.restarted"] : DeviceWords.Of(entry);
    }
}
