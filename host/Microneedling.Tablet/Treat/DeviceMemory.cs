using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;

namespace Microneedling.Tablet.Treat;

/// <summary>
/// What the connected device still knows of its present start. A link that follows another goes on where that one ended, so
/// what was told before is kept, as long as the device has not started anew. Not for several callers at once.
/// </summary>
public sealed class DeviceMemory
{
    /// <summary>How long a device may take to come to rest.</summary>
    private static readonly TimeSpan RestWithin = TimeSpan.FromSeconds(5);

    private readonly List<DeviceLogEntry> _log = [];
    private DeviceIdentity? _device;

    /// <summary>Takes over what the device has told up to its latest status.</summary>
    /// <exception cref="ObjectDisposedException">The client was closed.</exception>
    public async Task NoteAsync(DeviceClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (_device?.SerialNumber != client.Identity.SerialNumber || _device.BootId != client.Identity.BootId)
        {
            _log.Clear();
            _device = client.Identity;
        }

        await NoteAsync(client, client.LatestStatus?.LatestEventNumber ?? 0);
    }

    /// <summary>Everything that it knows, and its status at rest; while it moves, when it does not come to rest within 5 s.</summary>
    /// <exception cref="DeviceException">The link was lost meanwhile.</exception>
    public async Task<DeviceAccount> TellAsync(DeviceClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        await NoteAsync(client);
        var status = await AtRestAsync(client);
        await NoteAsync(client, status.LatestEventNumber);
        return new DeviceAccount(client.Identity.SerialNumber, client.Identity.BootId, [.. _log], status);
    }

    private async Task NoteAsync(DeviceClient client, uint latest)
    {
        if (NumberOf(_log.LastOrDefault()) >= latest)
        {
            return;
        }

        await foreach (var entry in client.EventsAsync())
        {
            uint number = NumberOf(entry);
            if (number > NumberOf(_log.LastOrDefault()))
            {
                _log.Add(entry);
            }

            if (number >= latest)
            {
                return;
            }
        }
    }

    private static async Task<DeviceStatus> AtRestAsync(DeviceClient client)
    {
        try
        {
            return await client.WaitForAsync(status => PassVerdict.IsAtRest(status) && !status.Is(StatusFlags.NeedlesMoving), RestWithin);
        }
        catch (Exception problem) when (problem is TimeoutException or FaultedException)
        {
            return await client.GetStatusAsync();
        }
    }

    private static uint NumberOf(DeviceLogEntry? entry) => entry switch
    {
        DeviceEvent happened => happened.Number,
        MissingEvents missing => missing.LastNumber,
        _ => 0,
    };
}
