using System.Globalization;

namespace Microneedling.Benchmarks.Results;

/// <summary>What a part has found out: a figure or a picture.</summary>
internal abstract record Finding;

/// <summary>A plot or histogram, written beside the results.</summary>
/// <param name="Name">Name of its file without ending, such as <c>stop-worst</c>.</param>
/// <param name="Title">What it shows, in one line.</param>
/// <param name="Svg">The drawing.</param>
internal sealed record Picture(string Name, string Title, string Svg) : Finding;

/// <summary>A result: what was measured, and the limit that it met or missed; none when it is only told.</summary>
/// <param name="Name">Its name for good, in lower case: <c>stop.byte.max_ms.nominal</c>.</param>
/// <param name="Value">Null: it was not measured, and <paramref name="How"/> says why.</param>
/// <param name="Unit">ms, µm, %, x (times), or nothing for a count.</param>
/// <param name="Limit">Null: only told.</param>
/// <param name="Relation">How the value has to be to the limit: &lt;=, &gt;= or =; null: only told.</param>
/// <param name="How">In one line: of what, how many, by what.</param>
internal sealed record Figure(string Name, double? Value, string Unit, double? Limit, string? Relation, string How) : Finding
{
    /// <summary>As <see cref="How"/>: of the same values, and measured as, the figure before.</summary>
    public const string Same = "the same";

    /// <summary>Whether noise of the machine, or the size of the run, decides about it too: then a quick run does not judge it.</summary>
    public bool DependsOnRun { get; init; }

    /// <summary>Whether it met its limit; null when it has none.</summary>
    public bool? Pass => Relation switch
    {
        null => null,
        "<=" => Value <= Limit,
        ">=" => Value >= Limit,
        _ => Value == Limit,
    };

    /// <summary>The value with its unit.</summary>
    public string Measured => Value is { } value ? Number(value, Unit) : "not measured";

    /// <summary>The limit with its sign and unit; empty when there is none.</summary>
    public string Asked => Limit is { } limit ? $"{Sign} {Number(limit, Unit)}" : "";

    private string Sign => Relation switch { "<=" => "≤", ">=" => "≥", _ => "=" };

    /// <summary>Without a limit.</summary>
    public static Figure Told(string name, double value, string unit, string how) => new(name, value, unit, null, null, how);

    private static string Number(double value, string unit)
    {
        double rounded = Math.Abs(value) >= 100 ? Math.Round(value) : Math.Round(value, 3);
        return string.Create(CultureInfo.InvariantCulture, $"{rounded:#,0.###} {(unit == "x" ? "times" : unit)}").TrimEnd();
    }
}
