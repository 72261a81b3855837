namespace Microneedling.Client.Link;

/// <summary>
/// Makes the device's 32-bit milliseconds, which begin anew after 49.7 days, into a time that goes on, and notices when the
/// device itself has begun anew.
/// </summary>
internal sealed class DeviceUptime
{
    /// <summary>A device clock that goes back by more than this has begun anew; less is a report that was overtaken.</summary>
    private const int RestartMilliseconds = 1000;

    private long? latest;

    /// <summary>Takes the time of a report that was just sent. False when the device has restarted since the one before.</summary>
    public bool TryTake(uint milliseconds, out TimeSpan deviceTime)
    {
        long time = Extend(milliseconds);
        deviceTime = TimeSpan.FromMilliseconds(time);
        if (latest is long before && time - before < -RestartMilliseconds)
        {
            return false;
        }

        latest = latest is long known && known > time ? known : time;
        return true;
    }

    /// <summary>The time of something in the past, up to 24 days before the latest report.</summary>
    public TimeSpan Of(uint milliseconds) => TimeSpan.FromMilliseconds(Extend(milliseconds));

    private long Extend(uint milliseconds) => latest is long known ? known + unchecked((int)(milliseconds - (uint)known)) : milliseconds;
}
