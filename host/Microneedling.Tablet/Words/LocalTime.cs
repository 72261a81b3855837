using System.Globalization;

namespace Microneedling.Tablet.Words;

/// <summary>Times as the clock on this computer's wall shows them.</summary>
public static class LocalTime
{
    /// <summary>Day and time to the second.</summary>
    public static string Of(TimeProvider time, DateTimeOffset at) => At(time, at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Hours and minutes alone, the minute that is reached once the moment has passed.</summary>
    public static string ClockAfter(TimeProvider time, DateTimeOffset at) =>
        At(time, at + TimeSpan.FromSeconds(59)).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static DateTimeOffset At(TimeProvider time, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(time);
        return TimeZoneInfo.ConvertTime(at, time.LocalTimeZone);
    }
}
