// The index flag and its sensor in closed form. Its edges of stroke n are places on the cam's way; how many of them lie
// behind an angle gives both the level and the count, so the two cannot disagree.
//
//   angle   ... 400 n - lead ───────── 400 n ───────── 400 n + trail + 1 ...        (each edge with its jitter)
//   level       rises           top dead centre        falls

namespace Microneedling.SimulatedBoard.Mechanics;

/// <summary>What the index sensor shows at an angle of the cam.</summary>
internal sealed class IndexFlag(Imperfections imperfections)
{
    private const int MostJitter = 2;

    /// <summary>The sensor sees a second flag, at the bottom of the stroke.</summary>
    internal bool Doubled { get; set; }

    /// <summary>Whether the sensor shows a flag.</summary>
    internal bool Shows(long angle) => Rises(angle) > Falls(angle);

    /// <summary>Whether the flag of top dead centre is in the sensor.</summary>
    internal bool AtTop(long angle) =>
        PassedOnce(angle, -imperfections.FlagLead, ChanceStream.FlagRise) > PassedOnce(angle, imperfections.FlagTrail + 1, ChanceStream.FlagFall);

    /// <summary>Rising edges up to an angle, from an origin of its own.</summary>
    internal long Rises(long angle) => Passed(angle, -imperfections.FlagLead, ChanceStream.FlagRise);

    /// <summary>Falling edges up to an angle, from the same origin.</summary>
    internal long Falls(long angle) => Passed(angle, imperfections.FlagTrail + 1, ChanceStream.FlagFall);

    private long Passed(long angle, int place, ChanceStream edge) =>
        PassedOnce(angle, place, edge) + (Doubled ? PassedOnce(angle - CamGeometry.Bottom, place, edge) : 0);

    private long PassedOnce(long angle, int place, ChanceStream edge)
    {
        long stroke = CamGeometry.StrokeOf(angle - place + MostJitter);
        long at = (stroke * CamGeometry.MicrostepsPerStroke) + place + imperfections.FlagJitter(edge, stroke);
        return at <= angle ? stroke : stroke - 1;
    }
}
