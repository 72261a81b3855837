namespace Microneedling.Client.Link;

/// <summary>
/// Makes the device's 32-bit milliseconds, which begin anew after 49.7 days, into a time that goes on, and notices when the
/// device itself has begun anew.
/// <code>
///   the number falls  ├── by nearly all of its range: it has wrapped, the time goes on
///                     ├── by up to a second, and up to half of it: the report was overtaken, on the line or in the device
///                     └── by anything between: the device has restarted
/// </code>
/// </summary>
internal sealed class DeviceUptime
{
    private const long Range = 1L << 32;

    /// <summary>More than passes between two reports of a device that is heard.</summary>
    private const uint LongestPauseMilliseconds = 60_000;

    /// <summary>More than one report is overtaken by another.</summary>
    private const uint LongestOvertakingMilliseconds = 1_000;

    private long latest;
    private bool isKnown;

    /// <summary>The device is still in the same start as at this time: what it tells next is later, by 49.7 days at most.</summary>
    public void GoOnFrom(TimeSpan deviceTime) => latest = (long)deviceTime.TotalMilliseconds;

    /// <summary>The latest time told.</summary>
    public TimeSpan Latest => TimeSpan.FromMilliseconds(latest);

    /// <summary>Takes the time of a report that was just sent. False when the device has restarted since the one before.</summary>
    public bool TryTake(uint milliseconds, out TimeSpan deviceTime)
    {
        uint back = unchecked((uint)latest - milliseconds);
        if (isKnown && back <= Math.Min(LongestOvertakingMilliseconds, latest / 2))
        {
            deviceTime = TimeSpan.FromMilliseconds(latest - back);
            return true;
        }

        uint passed = unchecked(milliseconds - (uint)latest);
        if (isKnown && milliseconds < (uint)latest && passed > LongestPauseMilliseconds)
        {
            deviceTime = default;
            return false;
        }

        isKnown = true;
        latest += passed;
        deviceTime = Latest;
        return true;
    }

    /// <summary>The time of something in the past, up to 49 days before the latest report, or a moment after it.</summary>
    public TimeSpan Of(uint milliseconds)
    {
        uint passed = unchecked(milliseconds - (uint)latest);
        return TimeSpan.FromMilliseconds(latest + (passed <= LongestPauseMilliseconds ? passed : passed - Range));
    }
}
