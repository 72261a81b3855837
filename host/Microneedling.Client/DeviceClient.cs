using Microneedling.Protocol;

namespace Microneedling.Client;

/// <summary>The driver of one device.</summary>
public sealed class DeviceClient : IAsyncDisposable
{
    private DeviceClient() { }

    /// <summary>Who the device is.</summary>
    public DeviceIdentity Identity => throw new NotImplementedException();

    /// <summary>The status received last, or null before the first.</summary>
    public DeviceStatus? LatestStatus => throw new NotImplementedException();

    /// <summary>Ends when the link is closed, by either side; faults with <see cref="LinkException"/> when it broke.</summary>
    public Task Completion => throw new NotImplementedException();

    /// <summary>Greets the device and begins the heartbeat.</summary>
    /// <param name="transport">Owned by the client from now on.</param>
    /// <param name="time">Clock for time-outs and heartbeat.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    public static Task<DeviceClient> ConnectAsync(ITransport transport, TimeProvider? time = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Starts homing; returns when accepted. Follow <see cref="WaitForAsync"/> for its end.</summary>
    public Task HomeAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Proposes a treatment and returns what the device will hold to.</summary>
    public Task<AcceptedTreatment> ConfigureAsync(TreatmentRequest request, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Makes the device ready for the trigger with exactly these values.</summary>
    public Task ArmAsync(AcceptedTreatment treatment, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Always refused by the device: only the trigger starts the needles.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Retracts and parks.</summary>
    public Task DisarmAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Sends the STOP byte at once, past every queue, then asks until the device confirms.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Acknowledges the fault that the person has seen.</summary>
    public Task ClearFaultAsync(FaultCode fault, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Asks for a fresh status.</summary>
    public Task<DeviceStatus> GetStatusAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Waits until a status fulfils the condition.</summary>
    /// <exception cref="FaultedException">The device latched a fault meanwhile and the condition does not hold.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public Task<DeviceStatus> WaitForAsync(Func<DeviceStatus, bool> condition, TimeSpan timeout, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Statuses as they come; a slow reader misses some.</summary>
    public IAsyncEnumerable<DeviceStatus> TelemetryAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Every event from the connection on, in order, gaps filled or named. Never dropped for a slow reader.</summary>
    public IAsyncEnumerable<DeviceLogEntry> EventsAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
