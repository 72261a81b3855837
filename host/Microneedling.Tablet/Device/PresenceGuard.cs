using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Tablet.Device;

/// <summary>
/// The dead-man: while the device is homing, armed or running and nobody is at the page that controls it, the device is
/// stopped, and again until it has stopped.
/// </summary>
public sealed class PresenceGuard(DeviceService device, PagePresence presence, TimeProvider time, ILogger<PresenceGuard> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>States that go on only while somebody is at the page.</summary>
    public static bool NeedsPresence(DeviceState state) => state is DeviceState.Homing or DeviceState.Armed or DeviceState.Running;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (device.LatestStatus is not { } status || !NeedsPresence(status.State) || presence.ControllerIsPresent)
            {
                continue;
            }

            try
            {
                await device.StopDeviceAsync("notice-pageGone", stoppingToken);
            }
            catch (DeviceException problem)
            {
                // The device's own link watchdog stops it when it hears nothing from here.
                logger.LogWarning("The page is gone and the device has not confirmed the stop: {Problem}", problem.Message);
            }
        }
    }
}
