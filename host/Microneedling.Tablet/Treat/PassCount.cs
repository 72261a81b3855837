// Counts the strokes of a pass that were made with needles out, from the device's statuses alone. Pure.
//
//   armed ──press──▶ running ──release──▶ ramp down ──▶ armed          a press: from the last status before it
//      └ baseline        strokes go on at depth      └ end of the press    to the first one after it
//
// Strokes that only prove the cam's index, at arming and at parking, are made behind the nosecone and are not counted. Of a
// press that STOP or a fault cuts, the stroke that was cut is not counted either: whether needles were out is not told.

using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Tablet.Treat;

/// <summary>Strokes and time of stroking of one pass.</summary>
/// <param name="before">The status before arming.</param>
public sealed class PassCount(DeviceStatus before)
{
    private DeviceStatus _latest = before;
    private bool _pressed;

    /// <summary>Strokes with needles out.</summary>
    public long Strokes { get; private set; }

    /// <summary>How long needles stroked, by the device's time.</summary>
    public TimeSpan StrokingTime { get; private set; }

    /// <summary>Takes in the next status; one that is not newer changes nothing.</summary>
    public void See(DeviceStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (status.DeviceTime <= _latest.DeviceTime)
        {
            return;
        }

        bool strokes = status.State == DeviceState.Running
            || (_pressed && status.State == DeviceState.Armed && status.Is(StatusFlags.NeedlesMoving));
        if (strokes || _pressed)
        {
            Strokes += unchecked(status.StrokeCount - _latest.StrokeCount);
            StrokingTime += _pressed ? status.DeviceTime - _latest.DeviceTime : TimeSpan.Zero;
        }

        _pressed = strokes;
        _latest = status;
    }
}
