// Records of the clinic to rows and back: the only place where its types meet columns. Lists are kept as JSON.

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microneedling.Client;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Sessions.Schema;

internal static class ClinicMapping
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string ToJson<T>(T value) => JsonSerializer.Serialize(value, Json);

    public static T FromJson<T>(string json) => JsonSerializer.Deserialize<T>(json, Json) ?? throw new InvalidOperationException("A list in the record is null.");

    public static Person ToRecord(this PersonRow row) => new(row.Id, row.Name, row.Role, row.IsActive, row.WrongPins, row.LockedUntilUtc);

    public static Clinic.Client ToRecord(this ClientRow row) =>
        new(row.Key, row.Label, row.Name, row.BirthYear, row.SkinType, row.Thickness, row.Notes, row.CreatedUtc, row.ErasedUtc);

    public static Checklist ToRecord(this ChecklistRow row) =>
        new(row.Version, FromJson<ChecklistItem[]>(row.Items), row.CreatedUtc, new Actor(row.ById, row.ByName));

    public static SuitabilityCheck ToRecord(this SuitabilityCheckRow row) => new(
        row.Id,
        row.ClientKey,
        row.AtUtc,
        new Actor(row.ById, row.ByName),
        row.ChecklistVersion,
        FromJson<string[]>(row.AnsweredYes),
        row.IsSuitable,
        row.Notes,
        row is { OverrideUtc: { } at, OverrideByName: { } name, OverrideReason: { } reason } ? new SuitabilityOverride(new Actor(row.OverrideById, name), at, reason) : null);

    public static Consent ToRecord(this ConsentRow row) =>
        new(row.Id, row.ClientKey, row.AtUtc, new Actor(row.ById, row.ByName), row.Wording, row.WithdrawnUtc);

    public static Course ToRecord(this CourseRow row, IReadOnlyList<SessionSummary> sessions) =>
        new(row.Id, row.ClientKey, row.Indication, row.PlannedSessions, row.IntervalDays, row.CreatedUtc, row.IsClosed, sessions);

    public static FollowUp ToRecord(this FollowUpRow row) =>
        new(row.Id, row.SessionId, row.HoursAfter, row.Redness, row.Swelling, row.Pain, row.Notes, row.AtUtc, new Actor(row.ById, row.ByName));

    public static AuditEntry ToRecord(this AuditRow row) => new(row.Id, row.AtUtc, new Actor(row.ById, row.ByName), row.Action, row.Subject, row.Details);

    public static DepthCaps ToRecord(this DepthCapsRow row) => new(
        row.Version,
        Depth.FromMicrometers(row.PractitionerMicrometers),
        Depth.FromMicrometers(row.SupervisorMicrometers),
        Depth.FromMicrometers(row.EngineerMicrometers),
        FromJson<Dictionary<string, int>>(row.MicrometersByZone).ToDictionary(zone => zone.Key, zone => Depth.FromMicrometers(zone.Value), StringComparer.Ordinal),
        row.CreatedUtc,
        new Actor(row.ById, row.ByName));

    public static DepthCapsRow ToRow(this DepthCaps caps) => new()
    {
        Version = caps.Version,
        PractitionerMicrometers = caps.Practitioner.Micrometers,
        SupervisorMicrometers = caps.Supervisor.Micrometers,
        EngineerMicrometers = caps.Engineer.Micrometers,
        MicrometersByZone = ToJson(caps.ByZone.ToDictionary(zone => zone.Key, zone => zone.Value.Micrometers)),
        CreatedUtc = caps.CreatedAt,
        ById = caps.By.PersonId,
        ByName = caps.By.Name,
    };

    public static Preset ToRecord(this PresetRow row) => new(
        row.Key,
        row.Version,
        row.Name,
        FromJson<string[]>(row.ZoneIds),
        row.Indication,
        Depth.FromMicrometers(row.DepthFromMicrometers),
        Depth.FromMicrometers(row.DepthToMicrometers),
        Depth.FromMicrometers(row.DepthMicrometers),
        row.RateMillihertz is { } rate ? StrokeRate.FromMillihertz(rate) : null,
        row.BurstStrokes,
        row.Source,
        row.Grade,
        row.OnLabel,
        row.Notes,
        row.IsRetired,
        row.CreatedUtc,
        new Actor(row.ById, row.ByName));

    public static PresetRow ToRow(this Preset preset) => new()
    {
        Key = preset.Key,
        Version = preset.Version,
        Name = preset.Name,
        ZoneIds = ToJson(preset.ZoneIds),
        Indication = preset.Indication,
        DepthFromMicrometers = preset.DepthFrom.Micrometers,
        DepthToMicrometers = preset.DepthTo.Micrometers,
        DepthMicrometers = preset.Depth.Micrometers,
        RateMillihertz = preset.Rate?.Millihertz,
        BurstStrokes = preset.BurstStrokes,
        Source = preset.Source,
        Grade = preset.Grade,
        OnLabel = preset.OnLabel,
        Notes = preset.Notes,
        IsRetired = preset.IsRetired,
        CreatedUtc = preset.CreatedAt,
        ById = preset.By.PersonId,
        ByName = preset.By.Name,
    };
}
