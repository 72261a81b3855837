// The needle cam in closed form: four lobes, 400 microsteps each, lift 1 500 · (1 + cos) µm above the bottom of a stroke.
//
//   microsteps from top   0 (top dead centre, 3 000 µm)   200 (bottom, 0 µm)   400 = 0
//   index flag            350 … 399, 0 … 50

namespace Microneedling.SimulatedBoard.Mechanics;

/// <summary>Angles in microsteps, counted from a top dead centre.</summary>
internal static class CamGeometry
{
    internal const int MicrostepsPerRevolution = 1_600;

    internal const int MicrostepsPerStroke = 400;

    internal const int Bottom = 200;

    /// <summary>Half width of the index flag.</summary>
    internal const int FlagHalfWidth = 50;

    private const double HalfTravelMicrometers = 1_500;

    /// <summary>How far the tips are above the bottom of the stroke, micrometres.</summary>
    internal static double LiftMicrometers(long angle) =>
        HalfTravelMicrometers * (1 + Math.Cos(2 * Math.PI * Modulo(angle, MicrostepsPerStroke) / MicrostepsPerStroke));

    /// <summary>Lowest lift anywhere in the angles <paramref name="from"/> … <paramref name="to"/>, both included, micrometres.</summary>
    internal static double LowestLiftMicrometers(long from, long to) =>
        Passes(from - 1, to, Bottom) > 0 ? 0 : Math.Min(LiftMicrometers(from), LiftMicrometers(to));

    /// <summary>How often a turn from (excluded) to (included) reaches <paramref name="place"/> within a stroke.</summary>
    internal static long Passes(long from, long to, int place) =>
        FloorDivide(to - place, MicrostepsPerStroke) - FloorDivide(from - place, MicrostepsPerStroke);

    /// <summary>Whether the index flag is in its sensor.</summary>
    internal static bool FlagShows(long angle)
    {
        long place = Modulo(angle, MicrostepsPerStroke);
        return place <= FlagHalfWidth || place >= MicrostepsPerStroke - FlagHalfWidth;
    }

    internal static long Modulo(long value, int divisor) => value - (FloorDivide(value, divisor) * divisor);

    private static long FloorDivide(long value, int divisor) => (value / divisor) - (value % divisor < 0 ? 1 : 0);
}
