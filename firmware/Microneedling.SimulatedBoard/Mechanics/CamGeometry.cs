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

    internal const double HalfTravelMicrometers = 1_500;

    private static readonly double[] Lifts = MakeLifts();

    /// <summary>How far the tips are above the bottom of the stroke, micrometres.</summary>
    internal static double LiftMicrometers(long angle) => Lifts[(int)Modulo(angle, MicrostepsPerStroke)];

    /// <summary>Lowest lift anywhere in the angles <paramref name="from"/> … <paramref name="to"/>, both included and within one stroke, micrometres.</summary>
    internal static double LowestLiftMicrometers(long from, long to) =>
        Passes(from - 1, to, Bottom) > 0 ? 0 : Math.Min(LiftMicrometers(from), LiftMicrometers(to));

    /// <summary>First place of a stroke whose lift is below <paramref name="liftMicrometers"/>, a positive value.</summary>
    internal static int FirstPlaceBelow(double liftMicrometers)
    {
        double cosine = Math.Min(1, (liftMicrometers / HalfTravelMicrometers) - 1);
        int place = (int)(Math.Acos(cosine) * MicrostepsPerStroke / (2 * Math.PI));
        while (Lifts[place] >= liftMicrometers)
        {
            place++;
        }

        return place;
    }

    /// <summary>How often a turn from (excluded) to (included) reaches <paramref name="place"/> within a stroke.</summary>
    internal static long Passes(long from, long to, int place) => StrokeOf(to - place) - StrokeOf(from - place);

    /// <summary>Which stroke an angle belongs to: it begins at a top dead centre.</summary>
    internal static long StrokeOf(long angle) => (angle / MicrostepsPerStroke) - (angle % MicrostepsPerStroke < 0 ? 1 : 0);

    internal static long Modulo(long value, int divisor)
    {
        long rest = value % divisor;
        return rest < 0 ? rest + divisor : rest;
    }

    private static double[] MakeLifts()
    {
        double[] lifts = new double[MicrostepsPerStroke];
        for (int place = 0; place < lifts.Length; place++)
        {
            lifts[place] = HalfTravelMicrometers * (1 + Math.Cos(2 * Math.PI * place / MicrostepsPerStroke));
        }

        return lifts;
    }
}
