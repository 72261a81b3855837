using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Treat;

/// <summary>
/// Decides when a pass has ended and how, from the device's own events and statuses. Pure: no clock, no device.
/// </summary>
/// <remarks>
/// A pass ends with the first status that shows the device at rest after it was armed, once every event up to that
/// status has been seen. What ended it is the gravest cause told since arming: fault or lost link, then STOP, then a
/// disarming by the practitioner, by idleness or by the session's limit. At rest without any cause told, it counts as stopped.
/// </remarks>
public sealed class PassVerdict(DeviceStatus begin)
{
    private uint _latestEventSeen = begin.LatestEventNumber;
    private uint? _armedAtEvent;
    private DeviceStatus? _latest;
    private readonly EndingCause _cause = new();

    /// <summary>The status that ended the pass, or null while it goes on.</summary>
    public DeviceStatus? End { get; private set; }

    /// <summary>How it ended. Meaningful once <see cref="End"/> is set.</summary>
    public PassEnding Ending => _cause.Ending;

    /// <summary>Whether the device has told a cause of the ending.</summary>
    public bool IsTold => _cause.IsTold;

    /// <summary>Whether an entry of the device's log belongs to this pass.</summary>
    public bool Concerns(DeviceLogEntry entry) => NumberOf(entry) > begin.LatestEventNumber;

    /// <summary>Takes in the next entry of the device's log.</summary>
    public void See(DeviceLogEntry entry)
    {
        if (!Concerns(entry))
        {
            return;
        }

        _latestEventSeen = Math.Max(_latestEventSeen, NumberOf(entry));
        if (entry is DeviceEvent happened)
        {
            if (happened is { Code: EventCode.StateChanged, Argument1: (int)DeviceState.Armed })
            {
                _armedAtEvent ??= happened.Number;
            }

            _cause.See(happened);
        }

        Conclude();
    }

    /// <summary>Takes in the next status.</summary>
    public void See(DeviceStatus status)
    {
        _latest = status;
        if (status.State is DeviceState.Armed or DeviceState.Running)
        {
            _armedAtEvent ??= status.LatestEventNumber;
        }

        if (status.LatestEventNumber > begin.LatestEventNumber)
        {
            _cause.See(status.Fault);
        }

        Conclude();
    }

    /// <summary>Whether a device neither moves nor can be set in motion by its trigger.</summary>
    internal static bool IsAtRest(DeviceStatus status) =>
        status.State is not (DeviceState.Armed or DeviceState.Running or DeviceState.Retracting or DeviceState.Homing)
        && !status.Is(StatusFlags.Parking);

    private static uint NumberOf(DeviceLogEntry entry) => entry switch
    {
        DeviceEvent happened => happened.Number,
        MissingEvents missing => missing.LastNumber,
        _ => 0,
    };

    /// <summary>The event after which rest means the end: arming, or with a fault latched the beginning; never, while arming is still to come.</summary>
    private uint LeftAtEvent(DeviceStatus status) =>
        _armedAtEvent ?? (status.Fault == FaultCode.None ? uint.MaxValue : begin.LatestEventNumber);

    private void Conclude()
    {
        if (End is null && _latest is { } status && IsAtRest(status)
            && status.LatestEventNumber > LeftAtEvent(status) && _latestEventSeen >= status.LatestEventNumber)
        {
            End = status;
        }
    }
}
