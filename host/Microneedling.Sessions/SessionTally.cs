// What a session comes to: strokes, deepest and fastest, and whether the record holds every event. Pure counting; knows
// no database. A device that restarted begins again at zero with everything it counts, and its status does not say so:
//
//   device time      ... 61 000  61 050 |   900  ...     back, though received later: restarted
//   stroke count     ...  4 000   4 003 |    12  ...     fell, and not because 32 bits ran over
//   latest event     ...     41      42 |     3  ...     fell
//
// A status that is merely late (device time back, and received earlier too) counts for nothing.

using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Sessions;

/// <summary>Totals from the first status on.</summary>
internal sealed class SessionTally(DeviceStatus first)
{
    private readonly uint lastNumberBefore = first.LatestEventNumber;
    private DeviceStatus latest = first;
    private bool noGap = true;
    private long nextEventNumber = first.LatestEventNumber + 1L;

    /// <summary>Strokes since the first status.</summary>
    public long Strokes { get; private set; }

    /// <summary>Deepest depth accepted, or active while armed or running.</summary>
    public Depth DeepestActiveDepth { get; private set; }

    /// <summary>Fastest rate accepted, or active while armed or running.</summary>
    public StrokeRate FastestActiveRate { get; private set; }

    /// <summary>True while the events counted follow one another without a gap.</summary>
    public bool EventsCompleteSoFar => noGap;

    /// <summary>True when moreover the latest event that a status has named is among them.</summary>
    public bool EventsCompleteToLatestStatus => noGap && nextEventNumber > latest.LatestEventNumber;

    public void Count(AcceptedTreatment treatment) => Count(treatment.Depth, treatment.Rate);

    public void Count(DeviceStatus status)
    {
        if (status.State is DeviceState.Armed or DeviceState.Running)
        {
            Count(status.ActiveDepth, status.ActiveRate);
        }

        var elapsedMilliseconds = unchecked((int)(UptimeMilliseconds(status) - UptimeMilliseconds(latest)));
        if (elapsedMilliseconds <= 0 && status.ReceivedAt <= latest.ReceivedAt)
        {
            return;
        }

        var strokes = unchecked(status.StrokeCount - latest.StrokeCount);
        var restarted = elapsedMilliseconds < 0
            || status.LatestEventNumber < latest.LatestEventNumber
            || (status.StrokeCount < latest.StrokeCount && strokes > MostStrokesIn(elapsedMilliseconds));
        Strokes += restarted ? status.StrokeCount : strokes;
        noGap &= !restarted;
        latest = status;
    }

    public void Count(DeviceLogEntry entry)
    {
        noGap &= entry is not DeviceRestarted;
        var (number, last) = entry switch
        {
            DeviceEvent e => (e.Number, e.Number),
            MissingEvents gap => (gap.FirstNumber, gap.LastNumber),
            _ => (0u, 0u),
        };
        if (last <= lastNumberBefore)
        {
            return;
        }

        noGap &= entry is DeviceEvent && number == nextEventNumber;
        nextEventNumber = last + 1L;
    }

    private void Count(Depth depth, StrokeRate rate)
    {
        DeepestActiveDepth = depth > DeepestActiveDepth ? depth : DeepestActiveDepth;
        FastestActiveRate = rate > FastestActiveRate ? rate : FastestActiveRate;
    }

    /// <summary>Twice what the fastest rate allows, and some: only to tell a counter that ran over from one that was reset.</summary>
    private static long MostStrokesIn(int milliseconds) => (milliseconds * (long)Limits.MaximumRateMillihertz / 500_000) + 100;

    private static uint UptimeMilliseconds(DeviceStatus status) => unchecked((uint)(status.DeviceTime.Ticks / TimeSpan.TicksPerMillisecond));
}
