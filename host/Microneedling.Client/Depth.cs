using System.Globalization;

namespace Microneedling.Client;

/// <summary>How far the needle tips come out of the nosecone at the bottom of a stroke. Whole micrometres.</summary>
public readonly record struct Depth : IComparable<Depth>
{
    private Depth(int micrometers) => Micrometers = micrometers;

    /// <summary>Micrometres.</summary>
    public int Micrometers { get; }

    /// <summary>Millimetres, for people to read.</summary>
    public double Millimeters => Micrometers / 1000.0;

    /// <summary>From micrometres.</summary>
    public static Depth FromMicrometers(int micrometers) => new(micrometers);

    /// <summary>From millimetres, to the nearest micrometre.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite or not within ±1 000 mm.</exception>
    public static Depth FromMillimeters(double millimeters) =>
        double.IsFinite(millimeters) && Math.Abs(millimeters) <= 1000
            ? new((int)Math.Round(millimeters * 1000, MidpointRounding.AwayFromZero))
            : throw new ArgumentOutOfRangeException(nameof(millimeters), millimeters, "A depth in millimetres is needed, such as 0.5.");

    /// <inheritdoc/>
    public int CompareTo(Depth other) => Micrometers.CompareTo(other.Micrometers);

    /// <summary>Shallower.</summary>
    public static bool operator <(Depth left, Depth right) => left.Micrometers < right.Micrometers;

    /// <summary>Deeper.</summary>
    public static bool operator >(Depth left, Depth right) => left.Micrometers > right.Micrometers;

    /// <summary>Not deeper.</summary>
    public static bool operator <=(Depth left, Depth right) => left.Micrometers <= right.Micrometers;

    /// <summary>Not shallower.</summary>
    public static bool operator >=(Depth left, Depth right) => left.Micrometers >= right.Micrometers;

    /// <summary>Millimetres with two decimals and the unit, such as <c>0.50 mm</c>.</summary>
    public override string ToString() => Millimeters.ToString("0.00;-0.00;0.00", CultureInfo.InvariantCulture) + " mm";
}
