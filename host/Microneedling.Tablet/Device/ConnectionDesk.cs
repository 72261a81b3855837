// Finding devices, and changing which one the running program is connected to: only at rest, without a session.

using Microneedling.Client;
using Microneedling.Client.Discovery;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Treat;

namespace Microneedling.Tablet.Device;

/// <summary>Finds and changes the connection.</summary>
public sealed class ConnectionDesk(ConnectionChoice choice, DeviceService device, TreatmentDesk desk, SessionStore store)
{
    /// <summary>
    /// Asks at the serial ports who is there. The present connection is left alone: its own address is not asked, and a port
    /// that it holds cannot be opened by another and says so.
    /// </summary>
    /// <param name="allPorts">Also at ports where nothing says that a device is there.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public Task<SearchResult> SearchAsync(bool allPorts, CancellationToken cancellationToken)
    {
        string present = choice.Address;
        var finder = new DeviceFinder(TransportRegistry.CreateStandard(), () => [.. SerialPorts.List().Where(port => port.Address != present)]);
        return finder.FindAsync(allPorts, cancellationToken: cancellationToken);
    }

    /// <summary>Connects to another device, now and at the next start.</summary>
    /// <exception cref="DeskRefusedException">It is no address, a session is open, the device moves or is in service; nothing changed.</exception>
    public async Task UseAsync(SignedInPerson person, string? address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        string wanted = address?.Trim() ?? "";
        if (!ConnectionChoice.IsAddress(wanted))
        {
            throw new DeskRefusedException("addressUnknown");
        }

        await desk.WithoutSessionAsync(
            device,
            async () =>
            {
                if (device.LatestStatus?.State == DeviceState.Service)
                {
                    throw new DeskRefusedException("deviceInService");
                }

                string before = choice.Address;
                choice.Choose(wanted);
                await device.ConnectAnewAsync();
                await store.Audit.AddAsync(person.Actor, "device.chosen", "device", $"{wanted}, was {before}", CancellationToken.None);
            },
            cancellationToken);
    }
}
