using System.Globalization;

namespace Microneedling.Client;

/// <summary>How often the needles stroke. Whole millihertz (strokes per 1 000 s).</summary>
public readonly record struct StrokeRate : IComparable<StrokeRate>
{
    private StrokeRate(int millihertz) => Millihertz = millihertz;

    /// <summary>Millihertz.</summary>
    public int Millihertz { get; }

    /// <summary>Strokes per second, for people to read.</summary>
    public double StrokesPerSecond => Millihertz / 1000.0;

    /// <summary>From millihertz.</summary>
    public static StrokeRate FromMillihertz(int millihertz) => new(millihertz);

    /// <summary>From strokes per second, to the nearest millihertz.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite or not within ±1 000.</exception>
    public static StrokeRate FromStrokesPerSecond(double strokesPerSecond) =>
        double.IsFinite(strokesPerSecond) && Math.Abs(strokesPerSecond) <= 1000
            ? new((int)Math.Round(strokesPerSecond * 1000, MidpointRounding.AwayFromZero))
            : throw new ArgumentOutOfRangeException(nameof(strokesPerSecond), strokesPerSecond, "A rate in strokes per second is needed, such as 60.");

    /// <inheritdoc/>
    public int CompareTo(StrokeRate other) => Millihertz.CompareTo(other.Millihertz);

    /// <summary>Slower.</summary>
    public static bool operator <(StrokeRate left, StrokeRate right) => left.Millihertz < right.Millihertz;

    /// <summary>Faster.</summary>
    public static bool operator >(StrokeRate left, StrokeRate right) => left.Millihertz > right.Millihertz;

    /// <summary>Not faster.</summary>
    public static bool operator <=(StrokeRate left, StrokeRate right) => left.Millihertz <= right.Millihertz;

    /// <summary>Not slower.</summary>
    public static bool operator >=(StrokeRate left, StrokeRate right) => left.Millihertz >= right.Millihertz;

    /// <summary>Strokes per second with one decimal and the unit, such as <c>60.0 /s</c>.</summary>
    public override string ToString() => StrokesPerSecond.ToString("0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " /s";
}
