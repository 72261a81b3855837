using System.Globalization;

namespace Microneedling.Qa.Reports;

/// <summary>Numbers as reports show them.</summary>
internal static class Number
{
    /// <summary>Up to four figures behind the point, none that say nothing; null: nothing was measured.</summary>
    public static string? Of(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture);
}
