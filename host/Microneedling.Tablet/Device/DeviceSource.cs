using Microneedling.Client;
using Microneedling.Simulator;

namespace Microneedling.Tablet.Device;

/// <summary>
/// Opens the way to the device that the command line names; runs the simulated one in this process, a cartridge seated.
/// </summary>
public sealed class DeviceSource : IAsyncDisposable
{
    private readonly TransportRegistry _transports = new();

    /// <summary>Switches the simulated device on, if that is the one.</summary>
    public DeviceSource(TabletOptions options)
    {
        Name = options.Device;
        if (options.IsSimulated)
        {
            var simulated = SimulatedDevice.StartInRealTime();
            simulated.Bench.SeatCartridge();
            _transports.Add("sim", (_, _) => Task.FromResult(simulated.Connect()));
            Simulated = simulated;
        }
    }

    /// <summary>The device's address.</summary>
    public string Name { get; }

    /// <summary>The simulated device, or null when the device is real.</summary>
    public SimulatedDevice? Simulated { get; }

    /// <summary>Opens a transport.</summary>
    /// <exception cref="LinkException">There is no way to the device.</exception>
    public Task<ITransport> OpenAsync(CancellationToken cancellationToken) => _transports.OpenAsync(Name, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Simulated is not null)
        {
            await Simulated.DisposeAsync();
        }
    }
}
