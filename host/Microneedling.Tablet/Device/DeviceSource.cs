using Microneedling.Client;
using Microneedling.Simulator;

namespace Microneedling.Tablet.Device;

/// <summary>Opens the way to the device that the command line names; runs the simulated one in this process.</summary>
public sealed class DeviceSource(TabletOptions options) : IAsyncDisposable
{
    /// <summary>The device's address.</summary>
    public string Name => options.Device;

    /// <summary>The simulated device, or null when the device is real.</summary>
    public SimulatedDevice? Simulated { get; } = options.IsSimulated ? new SimulatedDevice() : null;

    /// <summary>Opens a transport.</summary>
    /// <exception cref="LinkException">There is no way to the device.</exception>
    public Task<ITransport> OpenAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Simulated is not null)
        {
            await Simulated.DisposeAsync();
        }
    }
}
