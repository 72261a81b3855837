// What the needle motor can give and what the cam asks of it. 6 mm/rad at the steepest place, a return spring of 3 N, 6 g
// that are thrown to and fro, and the skin: a firm one at 2.5 mm asks 37 mN·m at 100 strokes/s, where 50 mN·m is the edge
// (domain.md; spring and curve are assumed).

namespace Microneedling.SimulatedBoard.Mechanics;

/// <summary>Torques of the needle motor, millinewton metres, over its speed in microsteps a second.</summary>
internal static class NeedleTorque
{
    /// <summary>Above this no torque is left: 1 500 rpm is at the edge, 10 % more is beyond it.</summary>
    internal const int PullOutHertz = 44_000;

    private const double SpringNewtons = 3;
    private const double MovingKilograms = 0.006;
    private const double SteepestMillimetersPerRadian = 6;
    private const int Places = 24;

    private static readonly (int Hertz, double Torque)[] Curve = [(0, 120), (8_000, 115), (24_000, 80), (40_000, 50), (PullOutHertz, 40)];
    private static readonly (double Sine, double Cosine)[] Circle = MakeCircle();

    /// <summary>The most that the motor gives.</summary>
    internal static double Available(int hertz)
    {
        if (hertz > PullOutHertz)
        {
            return 0;
        }

        int above = 1;
        while (Curve[above].Hertz < hertz)
        {
            above++;
        }

        (int from, double torque) = Curve[above - 1];
        (int to, double torqueThere) = Curve[above];
        return torque + ((torqueThere - torque) * (hertz - from) / (to - from));
    }

    /// <summary>The most that a stroke asks, its bottom being at <paramref name="reachMicrometers"/>.</summary>
    internal static double Load(int hertz, double reachMicrometers, Skin skin)
    {
        double strokesPerSecond = (double)hertz / CamGeometry.MicrostepsPerStroke;
        double angular = 2 * Math.PI * strokesPerSecond;
        double throwing = MovingKilograms * CamGeometry.HalfTravelMicrometers * 1e-6 * angular * angular;
        double most = 0;
        foreach ((double sine, double cosine) in Circle)
        {
            double tipMillimeters = (reachMicrometers - (CamGeometry.HalfTravelMicrometers * (1 + cosine))) / 1_000;
            double force = SpringNewtons + skin.Newtons(tipMillimeters) + (throwing * cosine);
            most = Math.Max(most, SteepestMillimetersPerRadian * sine * force);
        }

        return most;
    }

    // The way down only: on the way up spring and skin push.
    private static (double Sine, double Cosine)[] MakeCircle()
    {
        (double, double)[] circle = new (double, double)[Places - 1];
        for (int i = 1; i < Places; i++)
        {
            circle[i - 1] = Math.SinCos(Math.PI * i / Places);
        }

        return circle;
    }
}
