using Microneedling.Client;
using Microneedling.Client.Discovery;
using Microneedling.Client.Inspection;
using Microneedling.Simulator;

namespace Microneedling.Tablet.Device;

/// <summary>
/// Opens the way to the device that the command line names; runs the simulated one in this process, a cartridge seated.
/// </summary>
public sealed class DeviceSource : IAsyncDisposable
{
    private readonly TransportRegistry _transports = TransportRegistry.CreateStandard();
    private readonly string? _tracePath;
    private readonly ILogger<DeviceSource> _logger;

    /// <summary>Switches the simulated device on, if that is the one.</summary>
    public DeviceSource(TabletOptions options, Surroundings surroundings, ILogger<DeviceSource> logger)
    {
        (Name, _tracePath, _logger) = (options.Device, options.TracePath, logger);
        if (options.IsSimulated)
        {
            var simulated = surroundings.StartSimulated();
            simulated.Bench.SeatCartridge();
            _transports.Add("sim", (_, _) => Task.FromResult(surroundings.Connect(simulated)));
            Simulated = simulated;
        }
    }

    /// <summary>The device's address.</summary>
    public string Name { get; }

    /// <summary>The only device that will do, when the address names it.</summary>
    public uint? ExpectedSerialNumber => DeviceAddress.ExpectedAt(Name);

    /// <summary>The simulated device, or null when the device is real.</summary>
    public SimulatedDevice? Simulated { get; }

    /// <summary>Opens a transport.</summary>
    /// <exception cref="LinkException">There is no way to the device.</exception>
    public async Task<ITransport> OpenAsync(CancellationToken cancellationToken)
    {
        var transport = await _transports.OpenAsync(Name, cancellationToken);
        try
        {
            return _tracePath is null ? transport : TracingTransport.ToFile(transport, _tracePath, problem => _logger.LogWarning("{Problem}", problem));
        }
        catch
        {
            // Kept open it would be in the way of the next attempt.
            await transport.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Simulated is not null)
        {
            await Simulated.DisposeAsync();
        }
    }
}
