using System.Globalization;
using Microneedling.Client;

namespace Microneedling.Tablet.Words;

/// <summary>
/// Numbers for people. What a person set is shown to its grain (0.80 mm), what the device holds to or reports to the
/// micrometre (0.797 mm), so that neither can be taken for the other.
/// </summary>
public static class NumberWords
{
    /// <summary>A depth that the device reports.</summary>
    public static string Of(Depth reported) => reported.Millimeters.ToString("0.000", CultureInfo.InvariantCulture) + " mm";

    /// <summary>A depth that a person sets, or a limit of it: millimetres to the grain, without the unit.</summary>
    public static string Set(Depth depth) => depth.Millimeters.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A device time, seconds since its start, or a dash.</summary>
    public static string Seconds(TimeSpan? deviceTime) =>
        deviceTime is { } time ? time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + " s" : "–";
}
