// The fields of an export, table by table: what the canonical form of a session covers (Proof/Canonical.cs), with the unit in
// the name, and the seals of free text. hardware-docs/session-export.md and schemas/session-export.schema.json say the same to
// others; tests compare them with this.

using System.Text.RegularExpressions;
using Microneedling.Protocol;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Exchange;

/// <summary>Where an export comes from: numbers that only that record gives.</summary>
internal sealed class Origin
{
    public string RecordKey { get; set; } = "";

    public long LinkNumber { get; set; }

    public DateTimeOffset LinkedUtc { get; set; }

    public long SessionNumber { get; set; }

    public long? SuitabilityCheckNumber { get; set; }

    public long? CourseNumber { get; set; }
}

internal static partial class SessionColumns
{
    private const long Most32 = uint.MaxValue;

    public static readonly Column<Origin>[] Origin =
    [
        Text<Origin>("recordKey", row => row.RecordKey, (row, value) => row.RecordKey = value!, form: Key26()),
        Number<Origin>("linkNumber", row => row.LinkNumber, (row, value) => row.LinkNumber = value!.Value, 1),
        Time<Origin>("linkedAtUtc", row => row.LinkedUtc, (row, value) => row.LinkedUtc = value!.Value),
        Number<Origin>("sessionNumber", row => row.SessionNumber, (row, value) => row.SessionNumber = value!.Value, 1),
        Number<Origin>("suitabilityCheckNumber", row => row.SuitabilityCheckNumber, (row, value) => row.SuitabilityCheckNumber = value, 1, mayBeNull: true),
        Number<Origin>("courseNumber", row => row.CourseNumber, (row, value) => row.CourseNumber = value, 1, mayBeNull: true),
    ];

    public static readonly Column<Session>[] Session =
    [
        Text<Session>("key", row => row.Key, (row, value) => row.Key = value, form: Key26()),
        Time<Session>("startedAtUtc", row => row.StartedUtc, (row, value) => row.StartedUtc = value!.Value),
        Time<Session>("endedAtUtc", row => row.EndedUtc, (row, value) => row.EndedUtc = value),
        Time<Session>("lastRecordedAtUtc", row => row.LastRecordedUtc, (row, value) => row.LastRecordedUtc = value!.Value),
        Number<Session>("deviceSerialNumber", row => row.DeviceSerialNumber, (row, value) => row.DeviceSerialNumber = value!.Value, 0, Most32),
        Number<Session>("deviceBootId", row => row.DeviceBootId, (row, value) => row.DeviceBootId = value!.Value, 0, Most32),
        Text<Session>("firmwareVersion", row => row.FirmwareVersion, (row, value) => row.FirmwareVersion = value!),
        Text<Session>("protocolVersion", row => row.ProtocolVersion, (row, value) => row.ProtocolVersion = value!),
        Number<Session>("outcome", row => (long)row.Outcome, (row, value) => row.Outcome = (SessionOutcome)value!.Value, (long)SessionOutcome.Completed, (long)SessionOutcome.Interrupted),
        Number<Session>("strokes", row => row.Strokes, (row, value) => row.Strokes = value!.Value, 0),
        Int<Session>("deepestActiveDepthMicrometers", row => row.DeepestActiveDepthMicrometers, (row, value) => row.DeepestActiveDepthMicrometers = value!.Value),
        Int<Session>("fastestActiveRateMillihertz", row => row.FastestActiveRateMillihertz, (row, value) => row.FastestActiveRateMillihertz = value!.Value),
        new FlagColumn<Session>("eventsComplete", row => row.EventsComplete, (row, value) => row.EventsComplete = value),
        Text<Session>("byName", row => row.PersonName, (row, value) => row.PersonName = value, mayBeNull: true),
        Text<Session>("clientKey", row => row.ClientKey, (row, value) => row.ClientKey = value, mayBeNull: true, form: Key16()),
        Text<Session>("cartridgeType", row => row.CartridgeType, (row, value) => row.CartridgeType = value, mayBeNull: true),
        Int<Session>("cartridgeNeedles", row => row.CartridgeNeedles, (row, value) => row.CartridgeNeedles = value, mayBeNull: true),
        Text<Session>("cartridgeLot", row => row.CartridgeLot, (row, value) => row.CartridgeLot = value, mayBeNull: true),
        new DayColumn<Session>("cartridgeExpires", row => row.CartridgeExpires, (row, value) => row.CartridgeExpires = value),
    ];

    public static readonly Column<PassRow>[] Passes =
    [
        Int<PassRow>("number", row => row.Number, (row, value) => row.Number = value!.Value, least: 1),
        Text<PassRow>("zoneId", row => row.ZoneId, (row, value) => row.ZoneId = value!),
        Int<PassRow>("areaSquareMillimeters", row => row.AreaSquareMillimeters, (row, value) => row.AreaSquareMillimeters = value!.Value),
        Text<PassRow>("presetKey", row => row.PresetKey, (row, value) => row.PresetKey = value, mayBeNull: true),
        Int<PassRow>("presetVersion", row => row.PresetVersion, (row, value) => row.PresetVersion = value, mayBeNull: true),
        Text<PassRow>("byName", row => row.ByName, (row, value) => row.ByName = value!),
        Text<PassRow>("unlockedByName", row => row.UnlockedByName, (row, value) => row.UnlockedByName = value, mayBeNull: true),
        Text<PassRow>("unlockReason", row => row.UnlockReason, (row, value) => row.UnlockReason = value, mayBeNull: true),
        Text<PassRow>("unlockReasonSeal", row => row.UnlockReasonSeal, (row, value) => row.UnlockReasonSeal = value, mayBeNull: true, form: Seal()),
        Time<PassRow>("startedAtUtc", row => row.StartedUtc, (row, value) => row.StartedUtc = value!.Value),
        Time<PassRow>("endedAtUtc", row => row.EndedUtc, (row, value) => row.EndedUtc = value, mayBeNull: true),
        Number<PassRow>("ending", row => (long)row.Ending, (row, value) => row.Ending = (PassEnding)value!.Value, (long)PassEnding.Disarmed, (long)PassEnding.Interrupted),
        Number<PassRow>("strokes", row => row.Strokes, (row, value) => row.Strokes = value!.Value, 0),
        Number<PassRow>("strokingMilliseconds", row => row.StrokingMilliseconds, (row, value) => row.StrokingMilliseconds = value!.Value, 0, Most32),
        Int<PassRow>("deepestActiveDepthMicrometers", row => row.DeepestActiveDepthMicrometers, (row, value) => row.DeepestActiveDepthMicrometers = value!.Value),
        Int<PassRow>("fastestActiveRateMillihertz", row => row.FastestActiveRateMillihertz, (row, value) => row.FastestActiveRateMillihertz = value!.Value),
    ];

    public static readonly Column<SessionParameters>[] Parameters =
    [
        Sequence<SessionParameters>(),
        Time<SessionParameters>("recordedAtUtc", row => row.RecordedUtc, (row, value) => row.RecordedUtc = value!.Value),
        Number<SessionParameters>("deviceUptimeMilliseconds", row => row.DeviceUptimeMilliseconds, (row, value) => row.DeviceUptimeMilliseconds = value, 0, Most32, mayBeNull: true),
        Int<SessionParameters>("askedDepthMicrometers", row => row.AskedDepthMicrometers, (row, value) => row.AskedDepthMicrometers = value!.Value),
        Int<SessionParameters>("askedDepthCapMicrometers", row => row.AskedDepthCapMicrometers, (row, value) => row.AskedDepthCapMicrometers = value!.Value),
        Int<SessionParameters>("askedRateMillihertz", row => row.AskedRateMillihertz, (row, value) => row.AskedRateMillihertz = value!.Value),
        Int<SessionParameters>("askedBurstStrokes", row => row.AskedBurstStrokes, (row, value) => row.AskedBurstStrokes = value, mayBeNull: true),
        new FlagColumn<SessionParameters>("supervisorUnlock", row => row.SupervisorUnlock, (row, value) => row.SupervisorUnlock = value),
        Int<SessionParameters>("activeDepthMicrometers", row => row.ActiveDepthMicrometers, (row, value) => row.ActiveDepthMicrometers = value!.Value),
        Int<SessionParameters>("activeDepthCapMicrometers", row => row.ActiveDepthCapMicrometers, (row, value) => row.ActiveDepthCapMicrometers = value!.Value),
        Int<SessionParameters>("activeRateMillihertz", row => row.ActiveRateMillihertz, (row, value) => row.ActiveRateMillihertz = value!.Value),
        Int<SessionParameters>("activeBurstStrokes", row => row.ActiveBurstStrokes, (row, value) => row.ActiveBurstStrokes = value, mayBeNull: true),
        Number<SessionParameters>("token", row => row.Token, (row, value) => row.Token = value!.Value, 0, Most32),
    ];

    public static readonly Column<SessionEvent>[] Events =
    [
        Sequence<SessionEvent>(),
        Time<SessionEvent>("recordedAtUtc", row => row.RecordedUtc, (row, value) => row.RecordedUtc = value!.Value),
        Number<SessionEvent>("number", row => row.Number, (row, value) => row.Number = value!.Value, 0, Most32),
        Number<SessionEvent>("lastMissingNumber", row => row.LastMissingNumber, (row, value) => row.LastMissingNumber = value, 0, Most32, mayBeNull: true),
        Number<SessionEvent>("deviceUptimeMilliseconds", row => row.DeviceUptimeMilliseconds, (row, value) => row.DeviceUptimeMilliseconds = value, 0, Most32, mayBeNull: true),
        Number<SessionEvent>("code", row => (long?)row.Code, (row, value) => row.Code = (EventCode?)value, 0, ushort.MaxValue, mayBeNull: true),
        Int<SessionEvent>("argument1", row => row.Argument1, (row, value) => row.Argument1 = value, mayBeNull: true),
        Int<SessionEvent>("argument2", row => row.Argument2, (row, value) => row.Argument2 = value, mayBeNull: true),
        Number<SessionEvent>("restartedBootId", row => row.RestartedBootId, (row, value) => row.RestartedBootId = value, 0, Most32, mayBeNull: true),
    ];

    public static readonly Column<TelemetrySample>[] Telemetry =
    [
        Sequence<TelemetrySample>(),
        Time<TelemetrySample>("receivedAtUtc", row => row.ReceivedUtc, (row, value) => row.ReceivedUtc = value!.Value),
        Number<TelemetrySample>("deviceUptimeMilliseconds", row => row.DeviceUptimeMilliseconds, (row, value) => row.DeviceUptimeMilliseconds = value!.Value, 0, Most32),
        Number<TelemetrySample>("state", row => (long)row.State, (row, value) => row.State = (DeviceState)value!.Value, 0, byte.MaxValue),
        Number<TelemetrySample>("fault", row => (long)row.Fault, (row, value) => row.Fault = (FaultCode)value!.Value, 0, ushort.MaxValue),
        Number<TelemetrySample>("inputBits", row => row.Inputs, (row, value) => row.Inputs = (ushort)value!.Value, 0, ushort.MaxValue),
        Number<TelemetrySample>("flagBits", row => row.Flags, (row, value) => row.Flags = (byte)value!.Value, 0, byte.MaxValue),
        Int<TelemetrySample>("stagePositionMicrometers", row => row.StagePositionMicrometers, (row, value) => row.StagePositionMicrometers = value!.Value),
        Int<TelemetrySample>("activeDepthMicrometers", row => row.ActiveDepthMicrometers, (row, value) => row.ActiveDepthMicrometers = value!.Value),
        Int<TelemetrySample>("activeDepthCapMicrometers", row => row.ActiveDepthCapMicrometers, (row, value) => row.ActiveDepthCapMicrometers = value, mayBeNull: true),
        Int<TelemetrySample>("activeRateMillihertz", row => row.ActiveRateMillihertz, (row, value) => row.ActiveRateMillihertz = value, mayBeNull: true),
        Int<TelemetrySample>("activeBurstStrokes", row => row.ActiveBurstStrokes, (row, value) => row.ActiveBurstStrokes = value, mayBeNull: true),
        Int<TelemetrySample>("drivenRateMillihertz", row => row.DrivenRateMillihertz, (row, value) => row.DrivenRateMillihertz = value!.Value),
        Int<TelemetrySample>("measuredRateMillihertz", row => row.MeasuredRateMillihertz, (row, value) => row.MeasuredRateMillihertz = value!.Value),
        Number<TelemetrySample>("strokeCount", row => row.StrokeCount, (row, value) => row.StrokeCount = value!.Value, 0, Most32),
        Number<TelemetrySample>("alarm", row => (long?)row.Alarm, (row, value) => row.Alarm = (AlarmPriority?)value, 0, byte.MaxValue, mayBeNull: true),
        Number<TelemetrySample>("sessionNumber", row => row.SessionNumber, (row, value) => row.SessionNumber = value, 0, Most32, mayBeNull: true),
    ];

    public static readonly Column<Proven<FollowUpRow>>[] FollowUps =
    [
        Hash<FollowUpRow>(),
        Time<Proven<FollowUpRow>>("writtenAtUtc", proven => proven.Row.AtUtc, (proven, value) => proven.Row.AtUtc = value!.Value),
        Text<Proven<FollowUpRow>>("byName", proven => proven.Row.ByName, (proven, value) => proven.Row.ByName = value!),
        Int<Proven<FollowUpRow>>("hoursAfter", proven => proven.Row.HoursAfter, (proven, value) => proven.Row.HoursAfter = value!.Value, least: 0),
        Number<Proven<FollowUpRow>>("redness", proven => (long)proven.Row.Redness, (proven, value) => proven.Row.Redness = (FollowUpGrade)value!.Value, 0, (long)FollowUpGrade.Marked),
        Number<Proven<FollowUpRow>>("swelling", proven => (long)proven.Row.Swelling, (proven, value) => proven.Row.Swelling = (FollowUpGrade)value!.Value, 0, (long)FollowUpGrade.Marked),
        Number<Proven<FollowUpRow>>("painOfTen", proven => proven.Row.Pain, (proven, value) => proven.Row.Pain = (int)value!.Value, 0, 10),
        Text<Proven<FollowUpRow>>("notes", proven => Kept(proven.Row.NotesSeal, proven.Row.Notes), (proven, value) => proven.Row.Notes = value ?? "", mayBeNull: true),
        Text<Proven<FollowUpRow>>("notesSeal", proven => proven.Row.NotesSeal, (proven, value) => proven.Row.NotesSeal = value, form: Seal()),
    ];

    public static readonly Column<Proven<CorrectionRow>>[] Corrections =
    [
        Hash<CorrectionRow>(),
        Time<Proven<CorrectionRow>>("writtenAtUtc", proven => proven.Row.AtUtc, (proven, value) => proven.Row.AtUtc = value!.Value),
        Text<Proven<CorrectionRow>>("byName", proven => proven.Row.ByName, (proven, value) => proven.Row.ByName = value!),
        Number<Proven<CorrectionRow>>("field", proven => (long)proven.Row.Field, (proven, value) => proven.Row.Field = (CorrectedField)value!.Value, 0, (long)CorrectedField.Zone),
        Text<Proven<CorrectionRow>>("newValue", proven => Kept(proven.Row.NewValueSeal, proven.Row.NewValue), (proven, value) => proven.Row.NewValue = value ?? "", mayBeNull: true),
        Text<Proven<CorrectionRow>>("newValueSeal", proven => proven.Row.NewValueSeal, (proven, value) => proven.Row.NewValueSeal = value, mayBeNull: true, form: Seal()),
        Text<Proven<CorrectionRow>>("reason", proven => Kept(proven.Row.ReasonSeal, proven.Row.Reason), (proven, value) => proven.Row.Reason = value ?? "", mayBeNull: true),
        Text<Proven<CorrectionRow>>("reasonSeal", proven => proven.Row.ReasonSeal, (proven, value) => proven.Row.ReasonSeal = value, form: Seal()),
    ];

    /// <summary>26 characters that name a session or a record.</summary>
    [GeneratedRegex("^[a-z2-7]{26}\\z")]
    private static partial Regex Key26();

    /// <summary>16 characters that name a client.</summary>
    [GeneratedRegex("^[a-z2-7]{16}\\z")]
    private static partial Regex Key16();

    /// <summary>See <see cref="SealedText"/>; without salt where the text is left out.</summary>
    [GeneratedRegex("^([0-9a-f]{32})?\\.[0-9a-f]{64}\\z")]
    private static partial Regex Seal();

    /// <summary>A text that was kept; null where only its seal is.</summary>
    private static string? Kept(string? seal, string text) => SealedText.IsErased(seal) ? null : text;

    private static NumberColumn<TRow> Sequence<TRow>()
        where TRow : SessionRow => Number<TRow>("sequence", row => row.Sequence, (row, value) => row.Sequence = value!.Value, 1);

    private static HashColumn<Proven<TRow>> Hash<TRow>()
        where TRow : class, new() => new("contentHash", proven => proven.ContentHash, (proven, value) => proven.ContentHash = value);

    private static NumberColumn<TRow> Number<TRow>(string name, Func<TRow, long?> get, Action<TRow, long?> set, long least, long most = long.MaxValue, bool mayBeNull = false) =>
        new(name, get, set, least, most, mayBeNull);

    private static NumberColumn<TRow> Int<TRow>(string name, Func<TRow, int?> get, Action<TRow, int?> set, bool mayBeNull = false, int least = int.MinValue) =>
        new(name, row => get(row), (row, value) => set(row, (int?)value), least, int.MaxValue, mayBeNull);

    private static TextColumn<TRow> Text<TRow>(string name, Func<TRow, string?> get, Action<TRow, string?> set, bool mayBeNull = false, Regex? form = null) =>
        new(name, get, set, mayBeNull, form);

    private static TimeColumn<TRow> Time<TRow>(string name, Func<TRow, DateTimeOffset?> get, Action<TRow, DateTimeOffset?> set, bool mayBeNull = false) =>
        new(name, get, set, mayBeNull);
}
