// Device records to rows and back; the only place where types meet columns.

using Microneedling.Client;

namespace Microneedling.Sessions.Schema;

internal static class RowMapping
{
    public static SessionParameters ToRow(this ParameterChange change) => new()
    {
        RecordedUtc = change.At,
        DeviceUptimeMilliseconds = change.DeviceTime is { } time ? Milliseconds(time) : null,
        AskedDepthMicrometers = change.Asked.Depth.Micrometers,
        AskedDepthCapMicrometers = change.Asked.DepthCap.Micrometers,
        AskedRateMillihertz = change.Asked.Rate.Millihertz,
        SupervisorUnlock = change.Asked.SupervisorUnlock,
        ActiveDepthMicrometers = change.Active.Depth.Micrometers,
        ActiveDepthCapMicrometers = change.Active.DepthCap.Micrometers,
        ActiveRateMillihertz = change.Active.Rate.Millihertz,
        Token = change.Active.Token,
    };

    public static ParameterChange ToRecord(this SessionParameters row) => new(
        row.RecordedUtc,
        row.DeviceUptimeMilliseconds is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
        new TreatmentRequest(
            Depth.FromMicrometers(row.AskedDepthMicrometers),
            Depth.FromMicrometers(row.AskedDepthCapMicrometers),
            StrokeRate.FromMillihertz(row.AskedRateMillihertz),
            row.SupervisorUnlock),
        new AcceptedTreatment(
            Depth.FromMicrometers(row.ActiveDepthMicrometers),
            Depth.FromMicrometers(row.ActiveDepthCapMicrometers),
            StrokeRate.FromMillihertz(row.ActiveRateMillihertz),
            (uint)row.Token));

    public static SessionEvent ToRow(this DeviceLogEntry entry, DateTimeOffset at) => entry switch
    {
        DeviceEvent e => new()
        {
            RecordedUtc = at,
            Number = e.Number,
            DeviceUptimeMilliseconds = Milliseconds(e.DeviceTime),
            Code = e.Code,
            Argument1 = e.Argument1,
            Argument2 = e.Argument2,
        },
        MissingEvents gap => new() { RecordedUtc = at, Number = gap.FirstNumber, LastMissingNumber = gap.LastNumber },
        _ => throw new ArgumentException($"A log entry of type {entry.GetType().Name} has no column.", nameof(entry)),
    };

    public static DeviceLogEntryAt ToRecord(this SessionEvent row) => new(
        row.RecordedUtc,
        row.LastMissingNumber is { } last
            ? new MissingEvents((uint)row.Number, (uint)last)
            : new DeviceEvent(
                (uint)row.Number,
                TimeSpan.FromMilliseconds(row.DeviceUptimeMilliseconds ?? 0),
                row.Code ?? default,
                row.Argument1 ?? 0,
                row.Argument2 ?? 0));

    public static TelemetrySample ToRow(this DeviceStatus status) => new()
    {
        ReceivedUtc = status.ReceivedAt,
        DeviceUptimeMilliseconds = Milliseconds(status.DeviceTime),
        State = status.State,
        Fault = status.Fault,
        Inputs = status.Inputs,
        Flags = status.Flags,
        StagePositionMicrometers = status.StagePosition.Micrometers,
        ActiveDepthMicrometers = status.ActiveDepth.Micrometers,
        DrivenRateMillihertz = status.DrivenRate.Millihertz,
        MeasuredRateMillihertz = status.MeasuredRate.Millihertz,
        StrokeCount = status.StrokeCount,
    };

    public static TelemetryPoint ToRecord(this TelemetrySample row) => new(
        row.ReceivedUtc,
        TimeSpan.FromMilliseconds(row.DeviceUptimeMilliseconds),
        row.State,
        row.Fault,
        row.Inputs,
        row.Flags,
        Depth.FromMicrometers(row.StagePositionMicrometers),
        Depth.FromMicrometers(row.ActiveDepthMicrometers),
        StrokeRate.FromMillihertz(row.DrivenRateMillihertz),
        StrokeRate.FromMillihertz(row.MeasuredRateMillihertz),
        (uint)row.StrokeCount);

    public static SessionSummary ToRecord(this Session row) => new(
        row.Id,
        row.StartedUtc,
        row.EndedUtc,
        (uint)row.DeviceSerialNumber,
        row.FirmwareVersion,
        row.Outcome,
        row.Strokes,
        Depth.FromMicrometers(row.DeepestActiveDepthMicrometers),
        StrokeRate.FromMillihertz(row.FastestActiveRateMillihertz),
        row.EventsComplete);

    private static long Milliseconds(TimeSpan deviceTime) => deviceTime.Ticks / TimeSpan.TicksPerMillisecond;
}
