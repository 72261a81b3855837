using System.Globalization;

namespace Microneedling.Benchmarks;

/// <summary>A result: what was measured, and the target that it met or missed; none when it is only told.</summary>
internal sealed record Row(string What, string Measured, string Target = "", bool? IsMet = null)
{
    /// <summary>A figure that has to stay below its target.</summary>
    public static Row Below(string what, double measured, double target, string unit) =>
        new(what, Number(measured, unit), $"< {Number(target, unit)}", measured < target);

    /// <summary>A figure that has to reach its target.</summary>
    public static Row AtLeast(string what, double measured, double target, string unit) =>
        new(what, Number(measured, unit), $"≥ {Number(target, unit)}", measured >= target);

    /// <summary>A figure that may reach its target, not more.</summary>
    public static Row AtMost(string what, double measured, double target, string unit) =>
        new(what, Number(measured, unit), $"≤ {Number(target, unit)}", measured <= target);

    /// <summary>A figure that has to be exactly so.</summary>
    public static Row Exactly(string what, double measured, double target, string unit) =>
        new(what, Number(measured, unit), Number(target, unit), measured == target);

    /// <summary>A figure without a target.</summary>
    public static Row Told(string what, double measured, string unit) => new(what, Number(measured, unit));

    /// <summary>All rows as a table.</summary>
    public static void Print(IReadOnlyList<Row> rows, TextWriter output)
    {
        if (rows.Count == 0)
        {
            return;
        }

        int what = rows.Max(row => row.What.Length);
        int measured = rows.Max(row => row.Measured.Length);
        int target = rows.Max(row => row.Target.Length);
        foreach (Row row in rows)
        {
            string verdict = row.IsMet switch { true => "pass", false => "MISS", null => "" };
            output.WriteLine($"{row.What.PadRight(what)}  {row.Measured.PadLeft(measured)}  {row.Target.PadLeft(target)}  {verdict}".TrimEnd());
        }
    }

    private static string Number(double value, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{value:#,0.##} {unit}").TrimEnd();
}
