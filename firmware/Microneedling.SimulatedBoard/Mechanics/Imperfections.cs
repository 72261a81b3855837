// How one device differs from the drawing. Static values are drawn once from the seed; what changes with time is a function
// of the seed and of which stroke, which closing, which second it is, never of how often somebody has looked.
//
//                     Static                        Dynamic adds
//   tips              zero offset ±200 µm           drift ±3 µm over minutes, ±3 µm a stroke (sigma 1 µm)
//   stage             backlash 2 … 8 µm, mostly near 5
//   home, limit       hysteresis 3 … 8 µm           home closes ±3 µm elsewhere each time (sigma 1 µm), bounce up to 3 ms
//   index flag        width ±5 %                    edges ±2 microsteps
//   other contacts                                  bounce up to 5 ms
//
// What can make a stroke too deep sums to 9 µm (home, drift, stroke), less the backlash; the rest makes it too shallow.

namespace Microneedling.SimulatedBoard.Mechanics;

/// <summary>What a random value is for: values of one stream know nothing of those of another.</summary>
internal enum ChanceStream
{
    ZeroOffset,
    Backlash,
    HomeHysteresis,
    LimitHysteresis,
    FlagWidth,
    Drift,
    Stroke,
    HomeClosing,
    FlagRise,
    FlagFall,
    HomeBounce,
    LimitBounce,
    TriggerBounce,
    CartridgeBounce,
    EmergencyStopBounce,
}

/// <summary>Where this device is off, and by how much.</summary>
internal sealed class Imperfections
{
    internal const int LongestSwitchBounceMicroseconds = 3_000;
    internal const int LongestContactBounceMicroseconds = 5_000;

    private const double MostNoiseSigmas = 3;
    private const double MostDriftMicrometers = 3;
    private const int MostFlagWidthError = 5;
    private const int MostEdgeJitter = 2;

    private readonly int seed;
    private readonly bool dynamic;
    private readonly double slowDrift;
    private readonly double fastDrift;
    private readonly double slowPeriodSeconds;
    private readonly double fastPeriodSeconds;
    private readonly double slowPhase;
    private readonly double fastPhase;

    internal Imperfections(ImperfectionLevel level, int seed)
    {
        this.seed = seed;
        dynamic = level == ImperfectionLevel.Dynamic;
        if (level == ImperfectionLevel.Ideal)
        {
            return;
        }

        ZeroOffsetMicrometers = Between(ChanceStream.ZeroOffset, 0, -200, 200);
        BacklashNanometers = Enumerable.Range(0, 4).Sum(draw => Between(ChanceStream.Backlash, draw, 2_000, 8_000)) / 4;
        HomeHysteresisNanometers = Between(ChanceStream.HomeHysteresis, 0, 3_000, 8_000);
        LimitHysteresisNanometers = Between(ChanceStream.LimitHysteresis, 0, 3_000, 8_000);
        int width = Between(ChanceStream.FlagWidth, 0, -MostFlagWidthError, MostFlagWidthError);
        FlagLead += width / 2;
        FlagTrail += width - (width / 2);

        slowDrift = MostDriftMicrometers * (0.25 + (0.25 * Part(ChanceStream.Drift, 0)));
        fastDrift = MostDriftMicrometers * (0.25 + (0.25 * Part(ChanceStream.Drift, 1)));
        slowPeriodSeconds = 420 + (360 * Part(ChanceStream.Drift, 2));
        fastPeriodSeconds = 150 + (90 * Part(ChanceStream.Drift, 3));
        slowPhase = 2 * Math.PI * Part(ChanceStream.Drift, 4);
        fastPhase = 2 * Math.PI * Part(ChanceStream.Drift, 5);
    }

    /// <summary>A device without any.</summary>
    internal static Imperfections None { get; } = new(ImperfectionLevel.Ideal, 0);

    /// <summary>The tips at the bottom of a stroke are so much farther out than the stage's position says.</summary>
    internal int ZeroOffsetMicrometers { get; }

    /// <summary>Lost motion of the screw when the stage reverses.</summary>
    internal int BacklashNanometers { get; }

    internal int HomeHysteresisNanometers { get; }

    internal int LimitHysteresisNanometers { get; }

    /// <summary>The index flag enters its sensor so many microsteps before top dead centre.</summary>
    internal int FlagLead { get; } = CamGeometry.FlagHalfWidth;

    /// <summary>The last microstep after top dead centre at which the index flag is in its sensor.</summary>
    internal int FlagTrail { get; } = CamGeometry.FlagHalfWidth;

    internal bool Drifts => dynamic;

    /// <summary>How much farther out heat has moved the tips, micrometres.</summary>
    internal double DriftMicrometers(long now)
    {
        double seconds = now / 1_000_000.0;
        return dynamic
            ? (slowDrift * Math.Sin((2 * Math.PI * seconds / slowPeriodSeconds) + slowPhase))
                + (fastDrift * Math.Sin((2 * Math.PI * seconds / fastPeriodSeconds) + fastPhase))
            : 0;
    }

    /// <summary>How much farther out the tips are in one stroke, micrometres.</summary>
    internal double StrokeNoiseMicrometers(long stroke) => dynamic ? Noise(ChanceStream.Stroke, stroke) : 0;

    /// <summary>How far from its place the home switch closes at one closing.</summary>
    internal int HomeClosingNanometers(long closing) => dynamic ? (int)(1_000 * Noise(ChanceStream.HomeClosing, closing)) : 0;

    /// <summary>How many microsteps late one edge of the index flag comes.</summary>
    internal int FlagJitter(ChanceStream edge, long stroke) => dynamic ? Between(edge, stroke, -MostEdgeJitter, MostEdgeJitter) : 0;

    /// <summary>How long a contact bounces at one change, microseconds; 0: it does not.</summary>
    internal long BounceMicroseconds(ChanceStream contact, long change, int longest) =>
        dynamic ? Between(contact, change, longest / 10, longest) : 0;

    /// <summary>0 … 1, 1 excluded.</summary>
    private double Part(ChanceStream stream, long index) => (Bits(stream, index) >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number, both ends included.</summary>
    private int Between(ChanceStream stream, long index, int least, int most) =>
        least + (int)(Part(stream, index) * (most - least + 1));

    // Sum of four even values: sigma 1 after scaling, ends at 3.46 sigma before it is clipped.
    private double Noise(ChanceStream stream, long index)
    {
        ulong bits = Bits(stream, index);
        long sum = (long)(bits & 0xFFFF) + (long)((bits >> 16) & 0xFFFF) + (long)((bits >> 32) & 0xFFFF) + (long)(bits >> 48);
        return Math.Clamp((sum - (2 * 65_535L)) * (1.7320508 / 65_535), -MostNoiseSigmas, MostNoiseSigmas);
    }

    // SplitMix64 of seed, stream and index.
    private ulong Bits(ChanceStream stream, long index)
    {
        ulong bits = Mixed(((ulong)(uint)seed << 8) + (ulong)stream) + ((ulong)index * 0x9E3779B97F4A7C15);
        return Mixed(bits);
    }

    private static ulong Mixed(ulong bits)
    {
        bits += 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
