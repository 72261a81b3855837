// Records of a session to rows and back: the only place where its types meet columns. The clinic's are in ClinicMapping.

using Microneedling.Client;
using Microneedling.Sessions.Clinic;

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
        AskedBurstStrokes = change.Asked.BurstStrokes,
        ActiveBurstStrokes = change.Active.BurstStrokes,
    };

    public static ParameterChange ToRecord(this SessionParameters row) => new(
        row.RecordedUtc,
        row.DeviceUptimeMilliseconds is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
        new TreatmentRequest(
            Depth.FromMicrometers(row.AskedDepthMicrometers),
            Depth.FromMicrometers(row.AskedDepthCapMicrometers),
            StrokeRate.FromMillihertz(row.AskedRateMillihertz),
            row.SupervisorUnlock,
            row.AskedBurstStrokes ?? 0),
        new AcceptedTreatment(
            Depth.FromMicrometers(row.ActiveDepthMicrometers),
            Depth.FromMicrometers(row.ActiveDepthCapMicrometers),
            StrokeRate.FromMillihertz(row.ActiveRateMillihertz),
            (uint)row.Token,
            row.ActiveBurstStrokes ?? 0));

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
        DeviceRestarted restart => new() { RecordedUtc = at, RestartedBootId = restart.BootId },
        _ => throw new ArgumentException($"A log entry of type {entry.GetType().Name} has no column.", nameof(entry)),
    };

    public static DeviceLogEntryAt ToRecord(this SessionEvent row) => new(
        row.RecordedUtc,
        row switch
        {
            { RestartedBootId: { } bootId } => new DeviceRestarted((uint)bootId),
            { LastMissingNumber: { } last } => new MissingEvents((uint)row.Number, (uint)last),
            _ => new DeviceEvent(
                (uint)row.Number,
                TimeSpan.FromMilliseconds(row.DeviceUptimeMilliseconds ?? 0),
                row.Code ?? default,
                row.Argument1 ?? 0,
                row.Argument2 ?? 0),
        });

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
        ActiveDepthCapMicrometers = status.ActiveDepthCap.Micrometers,
        ActiveRateMillihertz = status.ActiveRate.Millihertz,
        ActiveBurstStrokes = status.ActiveBurstStrokes,
        Alarm = status.Alarm,
        SessionNumber = status.SessionNumber,
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
        (uint)row.StrokeCount,
        row.ActiveDepthCapMicrometers is { } cap ? Depth.FromMicrometers(cap) : null,
        row.ActiveRateMillihertz is { } rate ? StrokeRate.FromMillihertz(rate) : null,
        row.ActiveBurstStrokes,
        row.Alarm,
        (uint?)row.SessionNumber);

    /// <param name="row">The session.</param>
    /// <param name="clientLabel">Label of its client now, or null.</param>
    public static SessionSummary ToRecord(this Session row, string? clientLabel) => new(
        row.Id,
        row.StartedUtc,
        row.EndedUtc,
        (uint)row.DeviceSerialNumber,
        row.FirmwareVersion,
        row.Outcome,
        row.Strokes,
        Depth.FromMicrometers(row.DeepestActiveDepthMicrometers),
        StrokeRate.FromMillihertz(row.FastestActiveRateMillihertz),
        row.EventsComplete && row.Outcome != SessionOutcome.AwaitingDevice,
        row.PersonName is { } name ? new Actor(row.PersonId, name) : null,
        row.ClientKey,
        clientLabel,
        row.SuitabilityCheckId,
        row.CourseId,
        row is { CartridgeType: { } type, CartridgeNeedles: { } needles, CartridgeLot: { } lot, CartridgeExpires: { } expires }
            ? new Cartridge(type, needles, lot, expires)
            : null);

    public static PassRow ToRow(this Pass pass, long sessionId) => new()
    {
        SessionId = sessionId,
        Number = pass.Number,
        ZoneId = pass.ZoneId,
        AreaSquareMillimeters = pass.AreaSquareMillimeters,
        PresetKey = pass.PresetKey,
        PresetVersion = pass.PresetVersion,
        ById = pass.By.PersonId,
        ByName = pass.By.Name,
        UnlockedById = pass.UnlockedBy?.PersonId,
        UnlockedByName = pass.UnlockedBy?.Name,
        UnlockReason = pass.UnlockReason,
        StartedUtc = pass.StartedAt,
        EndedUtc = pass.EndedAt,
        Ending = pass.Ending,
        Strokes = pass.Strokes,
        StrokingMilliseconds = Milliseconds(pass.StrokingTime),
        DeepestActiveDepthMicrometers = pass.DeepestActiveDepth.Micrometers,
        FastestActiveRateMillihertz = pass.FastestActiveRate.Millihertz,
    };

    public static Pass ToRecord(this PassRow row) => new(
        row.Number,
        row.ZoneId,
        row.AreaSquareMillimeters,
        row.PresetKey,
        row.PresetVersion,
        new Actor(row.ById, row.ByName),
        row.UnlockedByName is { } unlocker ? new Actor(row.UnlockedById, unlocker) : null,
        row.UnlockReason,
        row.StartedUtc,
        row.EndedUtc,
        row.Ending,
        row.Strokes,
        TimeSpan.FromMilliseconds(row.StrokingMilliseconds),
        Depth.FromMicrometers(row.DeepestActiveDepthMicrometers),
        StrokeRate.FromMillihertz(row.FastestActiveRateMillihertz));

    private static long Milliseconds(TimeSpan deviceTime) => deviceTime.Ticks / TimeSpan.TicksPerMillisecond;
}
