using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Tablet.Device;

/// <summary>What a device tells of itself when it is asked.</summary>
/// <param name="Settings">What is stored on it.</param>
/// <param name="Counters">Since it was made.</param>
/// <param name="SelfTest">Outcome of its last self test.</param>
public sealed record DeviceAnswers(DeviceSettings Settings, DeviceCounters Counters, SelfTestOutcome SelfTest);

/// <summary>
/// Asks the device for what its status does not tell, once for however many pages: when it has told an event, else every two
/// seconds, and never while it is armed or runs. A device of protocol 1.0 is not asked.
/// </summary>
public sealed class DeviceFacts(DeviceService device, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private DeviceClient? _asked;
    private DeviceAnswers? _answers;
    private long _askedAt;
    private uint _askedAtEvent;

    /// <summary>The latest answers of the present device; null: not connected, not asked yet, or it does not know them.</summary>
    public async Task<DeviceAnswers?> AnswersAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var client = device.Live;
            if (client != _asked)
            {
                (_asked, _answers) = (client, null);
            }

            if (client is null || !client.Identity.Capabilities.HasFlag(DeviceCapabilities.Service)
                || client.LatestStatus is not { State: not (DeviceState.Armed or DeviceState.Running) } status
                || (_answers is not null && status.LatestEventNumber == _askedAtEvent && time.GetElapsedTime(_askedAt) < Freshness))
            {
                return _answers;
            }

            (_askedAt, _askedAtEvent) = (time.GetTimestamp(), status.LatestEventNumber);
            return _answers = new DeviceAnswers(
                await client.ReadSettingsAsync(cancellationToken), await client.ReadCountersAsync(cancellationToken), await client.ReadSelfTestAsync(cancellationToken));
        }
        catch (DeviceException)
        {
            // The link says what is the matter.
            return _answers;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>What was answered counts no more: something was changed.</summary>
    public void Forget() => _askedAt = 0;

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();
}
