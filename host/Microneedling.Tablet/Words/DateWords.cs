using System.Globalization;
using Microneedling.Sessions;

namespace Microneedling.Tablet.Words;

/// <summary>Times for people: where this tablet is, in the order that sorts.</summary>
public static class DateWords
{
    /// <summary>Date and time of day, such as <c>2026-11-22 18:00:05</c>.</summary>
    public static string Of(DateTimeOffset at, TimeProvider time) => Local(at, time).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The date alone.</summary>
    public static string Day(DateTimeOffset at, TimeProvider time) => Local(at, time).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The time of day alone.</summary>
    public static string TimeOfDay(DateTimeOffset at, TimeProvider time) => Local(at, time).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The moment at which a day begins where this tablet is.</summary>
    public static DateTimeOffset BeginOf(DateOnly day, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, time.LocalTimeZone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    /// <summary>How long a session lasted, such as <c>12:05</c>, or a dash.</summary>
    public static string Length(SessionSummary session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.EndedAt is { } ended ? Length(ended - session.StartedAt) : "–";
    }

    /// <summary>Minutes and seconds, with hours when there are any.</summary>
    public static string Length(TimeSpan length) => length.ToString(length < TimeSpan.FromHours(1) ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture);

    private static DateTimeOffset Local(DateTimeOffset at, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return TimeZoneInfo.ConvertTime(at, time.LocalTimeZone);
    }
}
