// The tables of the clinic, one class a table, one property a column; those of a session's recording are in Rows.cs.
//
//   Clients 1 ──< SuitabilityChecks >── 1 Checklists        Sessions 1 ──< Passes, FollowUps
//           1 ──< Consents                                  Sessions >── 0..1 People, Clients, SuitabilityChecks, Courses
//           1 ──< Courses                                   Presets, DepthCaps, RetentionRules, AuditEntries stand alone
//
// Who did something is kept as number and name at that time, without a foreign key: the name must outlive every change.
// Columns that end in Key hold text as it is compared: see TextKey.

using Microneedling.Sessions.Clinic;

namespace Microneedling.Sessions.Schema;

/// <summary>Somebody who may sign in.</summary>
internal sealed class PersonRow
{
    public long Id { get; set; }

    public string Name { get; set; } = "";

    public string NameKey { get; set; } = "";

    public Role Role { get; set; }

    public bool IsActive { get; set; }

    public int PinVersion { get; set; }

    public int PinIterations { get; set; }

    public byte[] PinSalt { get; set; } = [];

    public byte[] PinHash { get; set; } = [];

    public int WrongPins { get; set; }

    public DateTimeOffset? LockedUntilUtc { get; set; }
}

/// <summary>A client.</summary>
internal sealed class ClientRow
{
    public string Key { get; set; } = "";

    /// <summary>Counts the clients as they were added; the number of the first label. Never given twice.</summary>
    public long Number { get; set; }

    public string Label { get; set; } = "";

    public string LabelKey { get; set; } = "";

    public string? Name { get; set; }

    public string? NameKey { get; set; }

    public int? BirthYear { get; set; }

    public SkinType SkinType { get; set; }

    public ThicknessReference Thickness { get; set; }

    public string Notes { get; set; } = "";

    public DateTimeOffset CreatedUtc { get; set; }

    /// <summary>Since when nothing that identifies the client is kept; null: it is.</summary>
    public DateTimeOffset? ErasedUtc { get; set; }
}

/// <summary>A version of the checklist; its items as JSON.</summary>
internal sealed class ChecklistRow
{
    public int Version { get; set; }

    public string Items { get; set; } = "";

    public DateTimeOffset CreatedUtc { get; set; }

    public long? ById { get; set; }

    public string ByName { get; set; } = "";
}

/// <summary>A filled-in checklist, and its override; the ids answered with yes as JSON.</summary>
internal sealed class SuitabilityCheckRow
{
    public long Id { get; set; }

    public string ClientKey { get; set; } = "";

    public DateTimeOffset AtUtc { get; set; }

    public long? ById { get; set; }

    public string ByName { get; set; } = "";

    public int ChecklistVersion { get; set; }

    public string AnsweredYes { get; set; } = "";

    public bool IsSuitable { get; set; }

    public string Notes { get; set; } = "";

    public DateTimeOffset? OverrideUtc { get; set; }

    public long? OverrideById { get; set; }

    public string? OverrideByName { get; set; }

    public string? OverrideReason { get; set; }
}

/// <summary>A consent.</summary>
internal sealed class ConsentRow
{
    public long Id { get; set; }

    public string ClientKey { get; set; } = "";

    public DateTimeOffset AtUtc { get; set; }

    public long? ById { get; set; }

    public string ByName { get; set; } = "";

    public string Wording { get; set; } = "";

    public DateTimeOffset? WithdrawnUtc { get; set; }
}

/// <summary>A plan of several sessions.</summary>
internal sealed class CourseRow
{
    public long Id { get; set; }

    public string ClientKey { get; set; } = "";

    public string Indication { get; set; } = "";

    public int PlannedSessions { get; set; }

    public int IntervalDays { get; set; }

    public DateTimeOffset CreatedUtc { get; set; }

    public bool IsClosed { get; set; }

    /// <summary>Names the course in every record that it is forwarded to.</summary>
    public string? Key { get; set; }
}

/// <summary>What was seen after a session.</summary>
internal sealed class FollowUpRow
{
    public long Id { get; set; }

    public long SessionId { get; set; }

    public int HoursAfter { get; set; }

    public FollowUpGrade Redness { get; set; }

    public FollowUpGrade Swelling { get; set; }

    public int Pain { get; set; }

    public string Notes { get; set; } = "";

    /// <summary>See <see cref="Proof.SealedText"/>.</summary>
    public string? NotesSeal { get; set; }

    public DateTimeOffset AtUtc { get; set; }

    public long? ById { get; set; }

    public string ByName { get; set; } = "";
}

/// <summary>A version of a preset; its zones as JSON.</summary>
internal sealed class PresetRow
{
    public string Key { get; set; } = "";

    public int Version { get; set; }

    public string Name { get; set; } = "";

    public string ZoneIds { get; set; } = "";

    public string Indication { get; set; } = "";

    public int DepthFromMicrometers { get; set; }

    public int DepthToMicrometers { get; set; }

    public int DepthMicrometers { get; set; }

    public int? RateMillihertz { get; set; }

    public int? BurstStrokes { get; set; }

    public string Source { get; set; } = "";

    public EvidenceGrade Grade { get; set; }

    public bool OnLabel { get; set; }

    public string Notes { get; set; } = "";

    public bool IsRetired { get; set; }

    public DateTimeOffset CreatedUtc { get; set; }

    public long? ById { get; set; }

    public string ByName { get; set; } = "";
}

/// <summary>A version of the depth caps; those of the zones as JSON, in micrometres.</summary>
internal sealed class DepthCapsRow
{
    public int Version { get; set; }

    public int PractitionerMicrometers { get; set; }

    public int SupervisorMicrometers { get; set; }

    public int EngineerMicrometers { get; set; }

    public string MicrometersByZone { get; set; } = "";

    public DateTimeOffset CreatedUtc { get; set; }

    public long? ById { get; set; }

    public string ByName { get; set; } = "";
}

/// <summary>A version of how long what identifies clients is kept.</summary>
internal sealed class RetentionRuleRow
{
    public int Version { get; set; }

    /// <summary>Null: without end.</summary>
    public int? Years { get; set; }

    public DateTimeOffset CreatedUtc { get; set; }

    public long? ById { get; set; }

    public string ByName { get; set; } = "";
}

/// <summary>A line of the audit trail.</summary>
internal sealed class AuditRow
{
    public long Id { get; set; }

    public DateTimeOffset AtUtc { get; set; }

    public long? ById { get; set; }

    public string ByName { get; set; } = "";

    public string Action { get; set; } = "";

    public string Subject { get; set; } = "";

    public string Details { get; set; } = "";
}

/// <summary>A pass over a zone. Belongs to nothing but its session: what a pass names can never keep it from being written.</summary>
internal sealed class PassRow
{
    public long SessionId { get; set; }

    public int Number { get; set; }

    public string ZoneId { get; set; } = "";

    public int AreaSquareMillimeters { get; set; }

    public string? PresetKey { get; set; }

    public int? PresetVersion { get; set; }

    public long? ById { get; set; }

    public string ByName { get; set; } = "";

    public long? UnlockedById { get; set; }

    public string? UnlockedByName { get; set; }

    public string? UnlockReason { get; set; }

    /// <summary>See <see cref="Proof.SealedText"/>.</summary>
    public string? UnlockReasonSeal { get; set; }

    public DateTimeOffset StartedUtc { get; set; }

    public DateTimeOffset? EndedUtc { get; set; }

    public PassEnding Ending { get; set; }

    public long Strokes { get; set; }

    public long StrokingMilliseconds { get; set; }

    public int DeepestActiveDepthMicrometers { get; set; }

    public int FastestActiveRateMillihertz { get; set; }
}
