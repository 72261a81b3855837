// A session for other programs. Integers with the unit in the name; times in UTC, device times in milliseconds since the
// device's start; nothing that is only words, beside the words of events. A change of the shape raises FormatVersion.

using Microneedling.Client;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Report;

/// <summary>A whole session, as export.json holds it.</summary>
public sealed record SessionExport(
    string Format,
    int FormatVersion,
    string Remark,
    ExportedSession Session,
    IReadOnlyList<ExportedPass> Passes,
    IReadOnlyList<ExportedParameters> Parameters,
    IReadOnlyList<ExportedEvent> Events,
    IReadOnlyList<ExportedFollowUp> FollowUps,
    IReadOnlyList<ExportedStatus> Telemetry)
{
    /// <summary>Version of the shape.</summary>
    public const int CurrentFormatVersion = 1;

    private const string PrototypeRemark = "Recorded by a prototype platform, not by a cleared medical device.";

    /// <summary>From what was recorded.</summary>
    public static SessionExport Of(SessionDetail session, IReadOnlyList<FollowUp> followUps)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new SessionExport(
            "microneedling-session",
            CurrentFormatVersion,
            PrototypeRemark,
            ExportedSession.Of(session.Summary),
            [.. session.Passes.Select(pass => ExportedPass.Of(pass, session.Summary.Cartridge?.Needles))],
            [.. session.Parameters.Select(ExportedParameters.Of)],
            [.. session.Events.Select(ExportedEvent.Of)],
            [.. followUps.Select(ExportedFollowUp.Of)],
            [.. session.Telemetry.Select(ExportedStatus.Of)]);
    }

    /// <summary>The telemetry, one row for each status.</summary>
    public static string TelemetryCsv(SessionDetail session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var csv = new CsvText().Row(
            "receivedAtUtc", "deviceTimeMilliseconds", "state", "stateName", "fault", "inputBits", "flagBits", "stagePositionMicrometers",
            "activeDepthMicrometers", "drivenRateMillihertz", "measuredRateMillihertz", "strokeCount");
        foreach (var status in session.Telemetry.Select(ExportedStatus.Of))
        {
            csv.Row(
                status.ReceivedAtUtc, status.DeviceTimeMilliseconds, status.State, status.StateName, status.Fault, status.InputBits, status.FlagBits,
                status.StagePositionMicrometers, status.ActiveDepthMicrometers, status.DrivenRateMillihertz, status.MeasuredRateMillihertz, status.StrokeCount);
        }

        return csv.ToString();
    }

    /// <summary>The events, one row each; missing ones too.</summary>
    public static string EventsCsv(SessionDetail session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var csv = new CsvText().Row(
            "recordedAtUtc", "kind", "number", "lastMissingNumber", "deviceTimeMilliseconds", "code", "codeName", "argument1", "argument2", "words");
        foreach (var entry in session.Events.Select(ExportedEvent.Of))
        {
            csv.Row(
                entry.RecordedAtUtc, entry.Kind, entry.Number, entry.LastMissingNumber, entry.DeviceTimeMilliseconds, entry.Code, entry.CodeName,
                entry.Argument1, entry.Argument2, entry.Words);
        }

        return csv.ToString();
    }
}

/// <summary>The session itself.</summary>
public sealed record ExportedSession(
    long Id, DateTimeOffset StartedAtUtc, DateTimeOffset? EndedAtUtc, string Outcome, bool EventsComplete, uint DeviceSerialNumber, string FirmwareVersion,
    long Strokes, int DeepestActiveDepthMicrometers, int FastestActiveRateMillihertz, string? By, string? ClientKey, string? ClientLabel,
    long? SuitabilityCheckId, long? CourseId, Cartridge? Cartridge)
{
    internal static ExportedSession Of(SessionSummary session) => new(
        session.Id, session.StartedAt, session.EndedAt, session.Outcome.ToString(), session.EventsComplete, session.DeviceSerialNumber, session.FirmwareVersion,
        session.Strokes, session.DeepestActiveDepth.Micrometers, session.FastestActiveRate.Millihertz, session.By?.Name, session.ClientKey, session.ClientLabel,
        session.SuitabilityCheckId, session.CourseId, session.Cartridge);
}

/// <summary>One pass.</summary>
public sealed record ExportedPass(
    int Number, string ZoneId, int AreaSquareMillimeters, string? PresetKey, int? PresetVersion, string By, string? UnlockedBy, string? UnlockReason,
    DateTimeOffset StartedAtUtc, DateTimeOffset? EndedAtUtc, string Ending, long Strokes, long? Punctures, long StrokingMilliseconds,
    int DeepestActiveDepthMicrometers, int FastestActiveRateMillihertz)
{
    internal static ExportedPass Of(Pass pass, int? needles) => new(
        pass.Number, pass.ZoneId, pass.AreaSquareMillimeters, pass.PresetKey, pass.PresetVersion, pass.By.Name, pass.UnlockedBy?.Name, pass.UnlockReason,
        pass.StartedAt, pass.EndedAt, pass.Ending.ToString(), pass.Strokes, pass.Strokes * needles, (long)pass.StrokingTime.TotalMilliseconds,
        pass.DeepestActiveDepth.Micrometers, pass.FastestActiveRate.Millihertz);
}

/// <summary>A treatment that the device accepted: set, and active.</summary>
public sealed record ExportedParameters(
    DateTimeOffset RecordedAtUtc, long? DeviceTimeMilliseconds, int SetDepthMicrometers, int SetDepthCapMicrometers, int SetRateMillihertz, int SetBurstStrokes,
    bool SupervisorUnlock, int ActiveDepthMicrometers, int ActiveDepthCapMicrometers, int ActiveRateMillihertz, int ActiveBurstStrokes)
{
    internal static ExportedParameters Of(ParameterChange change) => new(
        change.At, (long?)change.DeviceTime?.TotalMilliseconds, change.Asked.Depth.Micrometers, change.Asked.DepthCap.Micrometers, change.Asked.Rate.Millihertz,
        change.Asked.BurstStrokes, change.Asked.SupervisorUnlock, change.Active.Depth.Micrometers, change.Active.DepthCap.Micrometers,
        change.Active.Rate.Millihertz, change.Active.BurstStrokes);
}

/// <summary>An entry of the device's log: <c>event</c>, <c>missing</c> or <c>restarted</c>.</summary>
public sealed record ExportedEvent(
    DateTimeOffset RecordedAtUtc, string Kind, uint? Number, uint? LastMissingNumber, long? DeviceTimeMilliseconds, int? Code, string? CodeName,
    int? Argument1, int? Argument2, string Words)
{
    internal static ExportedEvent Of(DeviceLogEntryAt line) => line.Entry switch
    {
        DeviceEvent happened => new(
            line.At, "event", happened.Number, null, (long)happened.DeviceTime.TotalMilliseconds, (int)happened.Code, happened.Code.ToString(),
            happened.Argument1, happened.Argument2, DeviceWords.Of(happened)),
        MissingEvents missing => new(line.At, "missing", missing.FirstNumber, missing.LastNumber, null, null, null, null, null, DeviceWords.Of(missing)),
        _ => new(line.At, "restarted", null, null, null, null, null, null, null, Texts.Of(Texts.Languages[0]).Of(line.Entry)),
    };
}

/// <summary>What was seen afterwards.</summary>
public sealed record ExportedFollowUp(DateTimeOffset At, string By, int HoursAfter, string Redness, string Swelling, int PainOfTen, string Notes)
{
    internal static ExportedFollowUp Of(FollowUp seen) => new(seen.At, seen.By.Name, seen.HoursAfter, seen.Redness.ToString(), seen.Swelling.ToString(), seen.Pain, seen.Notes);
}

/// <summary>One status of the device.</summary>
public sealed record ExportedStatus(
    DateTimeOffset ReceivedAtUtc, long DeviceTimeMilliseconds, int State, string StateName, int Fault, int InputBits, int FlagBits,
    int StagePositionMicrometers, int ActiveDepthMicrometers, int DrivenRateMillihertz, int MeasuredRateMillihertz, uint StrokeCount)
{
    internal static ExportedStatus Of(TelemetryPoint point) => new(
        point.ReceivedAt, (long)point.DeviceTime.TotalMilliseconds, (int)point.State, point.State.ToString(), (int)point.Fault, point.Inputs, point.Flags,
        point.StagePosition.Micrometers, point.ActiveDepth.Micrometers, point.DrivenRate.Millihertz, point.MeasuredRate.Millihertz, point.StrokeCount);
}
