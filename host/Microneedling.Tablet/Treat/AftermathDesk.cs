// Asks each device that connects what happened in sessions whose host ended in the middle of them, and has them closed by
// that. Decides when to ask; what the answers mean is decided by Aftermath.

using Microneedling.Client;
using Microneedling.Sessions;

namespace Microneedling.Tablet.Treat;

/// <summary>Closes what was left open, by the device's own events.</summary>
public sealed class AftermathDesk(SessionStore store, ILogger<AftermathDesk> logger)
{
    private readonly DeviceMemory _memory = new();
    private volatile DeviceAccount? _told;
    private volatile Task _asking = Task.CompletedTask;

    /// <summary>A device is connected. Never throws; <see cref="SettleAsync"/> waits for it.</summary>
    public void Connected(DeviceClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        _asking = AskAsync(client, _asking);
    }

    /// <summary>Ends when the device has been asked, and tries once more what could not be written then.</summary>
    public async Task SettleAsync()
    {
        await _asking;
        if (_told is { } account)
        {
            await TryCloseAsync(account);
        }
    }

    private async Task AskAsync(DeviceClient client, Task before)
    {
        await before;
        try
        {
            await _memory.NoteAsync(client);
            if (!await store.Aftermath.AwaitsAsync(client.Identity.SerialNumber))
            {
                return;
            }

            _told = await _memory.TellAsync(client);
            await TryCloseAsync(_told);
        }
        catch (Exception problem) when (problem is DeviceException or SessionStoreException or ObjectDisposedException)
        {
            logger.LogWarning("The device was not asked about earlier sessions: {Problem} It is asked when it connects again.", problem.Message);
        }
    }

    private async Task TryCloseAsync(DeviceAccount account)
    {
        try
        {
            foreach (long session in await store.Aftermath.CloseAsync(account))
            {
                logger.LogWarning("Session {Session}, left open when this program ended, was closed by what the device tells.", session);
            }

            _told = null;
        }
        catch (Exception problem) when (problem is SessionStoreException or ObjectDisposedException)
        {
            logger.LogError("A session left open could not be closed: {Problem}", problem.Message);
        }
    }
}
