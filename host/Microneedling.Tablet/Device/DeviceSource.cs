using Microneedling.Client;
using Microneedling.Client.Discovery;
using Microneedling.Client.Inspection;
using Microneedling.Simulator;

namespace Microneedling.Tablet.Device;

/// <summary>
/// Opens the way to the device that was chosen; runs the simulated one in this process, a cartridge seated, from when it is
/// first chosen.
/// </summary>
public sealed class DeviceSource : IAsyncDisposable
{
    private readonly TransportRegistry _transports = TransportRegistry.CreateStandard();
    private readonly ConnectionChoice _choice;
    private readonly string? _tracePath;
    private readonly ILogger<DeviceSource> _logger;
    private readonly Lazy<SimulatedDevice> _simulated;

    /// <summary>Created by the host.</summary>
    public DeviceSource(ConnectionChoice choice, TabletOptions options, Surroundings surroundings, ILogger<DeviceSource> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_choice, _tracePath, _logger) = (choice, options.TracePath, logger);
        _simulated = new Lazy<SimulatedDevice>(() => StartSimulated(surroundings));
        _transports.Add("sim", (_, _) => Task.FromResult(surroundings.Connect(_simulated.Value)));
    }

    /// <summary>The device's address.</summary>
    public string Name => _choice.Address;

    /// <summary>The only device that will do, when the address names it.</summary>
    public uint? ExpectedSerialNumber => DeviceAddress.ExpectedAt(Name);

    /// <summary>The simulated device, or null when the device is real.</summary>
    public SimulatedDevice? Simulated => _choice.IsSimulated ? _simulated.Value : null;

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
        if (_simulated.IsValueCreated)
        {
            await _simulated.Value.DisposeAsync();
        }
    }

    private static SimulatedDevice StartSimulated(Surroundings surroundings)
    {
        var simulated = surroundings.StartSimulated();
        simulated.Bench.SeatCartridge();
        return simulated;
    }
}
