// What a device's ring of events tells of a session whose host ended in it. Pure: no database, no device.
//
//   recorded ……………● last row      ring: … k │ k+1  k+2 … rest │ what is not this session's any more
//                    (state, strokes)          └── added ──────┘
//
// A device that was armed or moving goes on until it comes to rest by itself, at the latest when it misses the host: all of
// that is the session's. Whatever comes later than the host can have left unrecorded is not, nor is what follows behind
// a gap, where only the clock tells whose it is. Strokes are counted on only if the device has not moved again since.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Sessions;

/// <summary>What the record knew of the device when its host ended.</summary>
/// <param name="EventNumber">Of the latest event recorded since the device's start; 0: none was.</param>
/// <param name="BeganUptimeMilliseconds">Device time of the first status of the session since the device's start.</param>
/// <param name="UptimeMilliseconds">Device time of the latest row that has one.</param>
/// <param name="Status">The latest status.</param>
/// <param name="EventsSinceStatus">Events recorded that are later than the latest status.</param>
/// <param name="EventsOfPass">Events recorded since the pass that went on was begun; none when none went on.</param>
internal sealed record LastKnown(
    uint EventNumber, uint BeganUptimeMilliseconds, uint UptimeMilliseconds, TelemetryPoint Status,
    IReadOnlyList<DeviceEvent> EventsSinceStatus, IReadOnlyList<DeviceEvent> EventsOfPass);

/// <summary>What the ring tells.</summary>
/// <param name="Entries">What to add, in order: events of the session's time, and the gap if there is one.</param>
/// <param name="Cause">What brought the device to rest; null: nothing had to, or it is not told.</param>
/// <param name="EndUptimeMilliseconds">Device time of the last event that is the session's, or null: none is added.</param>
/// <param name="IsComplete">No event of the session's time is missing behind the last one recorded.</param>
/// <param name="StrokesKnown">The status' stroke count is that of the session's end.</param>
/// <param name="PassStrokes">Strokes of the pass that went on since its last status; 0 unless strokes are known.</param>
/// <param name="PassStroking">How long needles stroked in them.</param>
internal sealed record RingReading(
    IReadOnlyList<DeviceLogEntry> Entries, EndingCause? Cause, uint? EndUptimeMilliseconds, bool IsComplete, bool StrokesKnown, long PassStrokes, TimeSpan PassStroking)
{
    /// <summary>What a host that lived may have left unrecorded: what it had not committed, and what the device takes to miss it.</summary>
    private const int UnrecordedMilliseconds = 1000;

    /// <summary>Reads a device's account against what the record knew.</summary>
    public static RingReading Of(LastKnown known, DeviceAccount account)
    {
        List<DeviceLogEntry> mine = [];
        EndingCause cause = new();
        Stroking stroking = new(known.Status);
        var (isMoving, hasGap, isOver, movedAgain) = (IsMoving(known.Status.State), false, false, false);
        uint? endedAt = null;
        void Follow(DeviceEvent happened)
        {
            stroking.See(happened);
            isMoving = StateAfter(happened) is { } state ? IsMoving(state) : isMoving;
        }

        foreach (var recorded in known.EventsSinceStatus)
        {
            Follow(recorded);
        }

        var seen = NumberSeen(known, account);
        foreach (var entry in account.Log)
        {
            if (entry is MissingEvents missing && missing.LastNumber > seen)
            {
                hasGap = true;
                if (!isOver)
                {
                    mine.Add(missing with { FirstNumber = Math.Max(missing.FirstNumber, seen + 1) });
                }
            }
            else if (entry is DeviceEvent happened && happened.Number > seen)
            {
                isOver |= IsOthers(happened, known) || ((!isMoving || hasGap) && Since(happened, known.UptimeMilliseconds) > UnrecordedMilliseconds);
                if (isOver)
                {
                    movedAgain |= happened.Code == EventCode.SessionBegun || (StateAfter(happened) is { } state && (IsMoving(state) || state == DeviceState.Service));
                    continue;
                }

                mine.Add(happened);
                cause.See(happened);
                Follow(happened);
                endedAt = Uptime(happened.DeviceTime);
            }
        }

        foreach (var recorded in known.EventsOfPass)
        {
            cause.See(recorded);
        }

        var sessionIsSame = account.Status.SessionNumber != 0 && account.Status.SessionNumber == known.Status.SessionNumber;
        if (hasGap && isMoving && sessionIsSame && account.Status.Fault == FaultCode.LinkLost)
        {
            // The ring has lost what happened, but the device still says why it stands still.
            cause.See(FaultCode.LinkLost);
        }

        var strokesKnown = !hasGap && !isMoving && !movedAgain && IsAtRest(account.Status);
        return new RingReading(
            mine,
            cause.IsTold ? cause : null,
            endedAt,
            !hasGap && !isMoving,
            strokesKnown,
            strokesKnown ? stroking.StrokesUpTo(account.Status.StrokeCount) : 0,
            strokesKnown ? stroking.Time : TimeSpan.Zero);
    }

    /// <summary>Whole milliseconds of a device's time, as the device counts them: 32 bits that run over.</summary>
    public static uint Uptime(TimeSpan deviceTime) => unchecked((uint)(deviceTime.Ticks / TimeSpan.TicksPerMillisecond));

    /// <summary>How much later a device's time is than another; negative: earlier.</summary>
    public static int Since(uint uptimeMilliseconds, uint earlier) => unchecked((int)(uptimeMilliseconds - earlier));

    private static int Since(DeviceEvent happened, uint earlier) => Since(Uptime(happened.DeviceTime), earlier);

    /// <summary>The number behind which events are new; where none was recorded, what is from before the session is not.</summary>
    private static uint NumberSeen(LastKnown known, DeviceAccount account) => known.EventNumber > 0
        ? known.EventNumber
        : account.Log.OfType<DeviceEvent>().Where(happened => Since(happened, known.BeganUptimeMilliseconds) <= 0).Select(happened => happened.Number).DefaultIfEmpty().Max();

    /// <summary>Whether another program has begun a session of its own.</summary>
    private static bool IsOthers(DeviceEvent happened, LastKnown known) =>
        happened.Code == EventCode.SessionBegun && (uint)happened.Argument1 != known.Status.SessionNumber;

    private static DeviceState? StateAfter(DeviceEvent happened) => happened.Code == EventCode.StateChanged ? (DeviceState)happened.Argument1 : null;

    private static bool IsMoving(DeviceState state) => state is DeviceState.Homing or DeviceState.Armed or DeviceState.Running or DeviceState.Retracting;

    private static bool IsAtRest(DeviceStatus status) => !IsMoving(status.State) && !status.Is((byte)(StatusFlags.Parking | StatusFlags.NeedlesMoving));

    /// <summary>
    /// Counts the strokes with needles out behind the last status. The last stroke that the device counts is none of them: parking
    /// makes it behind the nosecone, to prove the index, or to make whole the one that was cut.
    /// </summary>
    private sealed class Stroking(TelemetryPoint last)
    {
        private uint? from = last.State == DeviceState.Running ? last.StrokeCount : null;
        private uint? runningSince = last.State == DeviceState.Running ? Uptime(last.DeviceTime) : null;
        private uint atPress = last.StrokeCount;

        public TimeSpan Time { get; private set; }

        public void See(DeviceEvent happened)
        {
            if (happened.Code == EventCode.TriggerPressed)
            {
                atPress = (uint)happened.Argument1;
            }
            else if (StateAfter(happened) is { } state)
            {
                if (runningSince is { } since)
                {
                    Time += TimeSpan.FromMilliseconds(Math.Max(0, Since(happened, since)));
                }

                runningSince = state == DeviceState.Running ? Uptime(happened.DeviceTime) : null;
                from ??= state == DeviceState.Running ? atPress : null;
            }
        }

        public long StrokesUpTo(uint count) => from is { } begin ? Math.Max(0, unchecked(count - begin) - 1L) : 0;
    }
}
