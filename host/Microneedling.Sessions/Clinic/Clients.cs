using Microneedling.Sessions;

namespace Microneedling.Sessions.Clinic;

/// <summary>Skin type after Fitzpatrick.</summary>
public enum SkinType
{
    /// <summary>Not noted.</summary>
    NotNoted = 0,

    /// <summary>Type I.</summary>
    I = 1,

    /// <summary>Type II.</summary>
    II = 2,

    /// <summary>Type III.</summary>
    III = 3,

    /// <summary>Type IV.</summary>
    IV = 4,

    /// <summary>Type V.</summary>
    V = 5,

    /// <summary>Type VI.</summary>
    VI = 6,
}

/// <summary>Which column of the published skin thicknesses is shown for a client.</summary>
public enum ThicknessReference
{
    /// <summary>Not noted: both are shown.</summary>
    NotNoted = 0,

    /// <summary>The column measured on women.</summary>
    Female = 1,

    /// <summary>The column measured on men.</summary>
    Male = 2,
}

/// <summary>A client. Known by a label; the name may stay empty.</summary>
/// <param name="Key">16 random characters, a–z and 2–7: the only thing of a client that a URL or the audit trail may hold.</param>
/// <param name="Label">Pseudonymous and unique, such as <c>Client 0007</c>; 1 … 60 characters.</param>
/// <param name="Name">Name, or null: none was noted. Up to 120 characters.</param>
/// <param name="BirthYear">Year of birth, 1900 … this year, or null.</param>
/// <param name="SkinType">Skin type.</param>
/// <param name="Thickness">Which published thicknesses are shown.</param>
/// <param name="Notes">Up to 4 000 characters.</param>
/// <param name="CreatedAt">When, UTC.</param>
/// <param name="ErasedAt">Since when nothing that identifies is kept, UTC; null: it is.</param>
public sealed record Client(
    string Key, string Label, string? Name, int? BirthYear, SkinType SkinType, ThicknessReference Thickness, string Notes, DateTimeOffset CreatedAt, DateTimeOffset? ErasedAt = null);

/// <summary>What answering an item with yes means.</summary>
public enum ChecklistWeight
{
    /// <summary>Is noted, and shown while treating.</summary>
    Remark = 1,

    /// <summary>The client is not suitable unless a supervisor overrides.</summary>
    Blocks = 2,
}

/// <summary>One question of the site's checklist; yes is the answer that speaks against treating.</summary>
/// <param name="Id">Stays the same over the versions, such as <c>herpes</c>.</param>
/// <param name="Question">The question, in the site's language.</param>
/// <param name="Weight">What yes means.</param>
/// <param name="Source">Where the question comes from, or empty.</param>
public sealed record ChecklistItem(string Id, string Question, ChecklistWeight Weight, string Source);

/// <summary>The site's checklist in one of its versions; never changed, only followed by the next.</summary>
public sealed record Checklist(int Version, IReadOnlyList<ChecklistItem> Items, DateTimeOffset CreatedAt, Actor By);

/// <summary>A supervisor's override of a check.</summary>
public sealed record SuitabilityOverride(Actor By, DateTimeOffset At, string Reason);

/// <summary>One filled-in checklist.</summary>
/// <param name="Id">Number in this record.</param>
/// <param name="ClientKey">Whose.</param>
/// <param name="At">When, UTC. It holds for 24 hours.</param>
/// <param name="By">Who asked.</param>
/// <param name="ChecklistVersion">Version of the checklist.</param>
/// <param name="AnsweredYes">Ids of the items answered with yes; all others with no.</param>
/// <param name="IsSuitable">Whether no blocking item was answered with yes.</param>
/// <param name="Notes">Up to 1 000 characters.</param>
/// <param name="Override">A supervisor's override, or null.</param>
public sealed record SuitabilityCheck(
    long Id, string ClientKey, DateTimeOffset At, Actor By, int ChecklistVersion, IReadOnlyList<string> AnsweredYes, bool IsSuitable, string Notes, SuitabilityOverride? Override)
{
    /// <summary>How long a check holds.</summary>
    public static readonly TimeSpan HoldsFor = TimeSpan.FromHours(24);

    /// <summary>Whether treating may begin on it.</summary>
    public bool Allows(DateTimeOffset now) => (IsSuitable || Override is not null) && now - At < HoldsFor;
}

/// <summary>A consent that was given, and perhaps withdrawn.</summary>
public sealed record Consent(long Id, string ClientKey, DateTimeOffset At, Actor By, string Wording, DateTimeOffset? WithdrawnAt);

/// <summary>A plan of several sessions.</summary>
/// <param name="Id">Number in this record.</param>
/// <param name="ClientKey">Whose.</param>
/// <param name="Indication">What for; 1 … 120 characters.</param>
/// <param name="PlannedSessions">1 … 50.</param>
/// <param name="IntervalDays">Days between sessions, 1 … 365.</param>
/// <param name="CreatedAt">When, UTC.</param>
/// <param name="IsClosed">Nothing more is planned.</param>
/// <param name="Sessions">Its sessions so far, oldest first.</param>
public sealed record Course(
    long Id, string ClientKey, string Indication, int PlannedSessions, int IntervalDays, DateTimeOffset CreatedAt, bool IsClosed, IReadOnlyList<SessionSummary> Sessions);

/// <summary>How something looked at a follow-up.</summary>
public enum FollowUpGrade
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Mild.</summary>
    Mild = 1,

    /// <summary>Moderate.</summary>
    Moderate = 2,

    /// <summary>Marked.</summary>
    Marked = 3,
}

/// <summary>What was seen or told some time after a session.</summary>
/// <param name="Id">Number in this record.</param>
/// <param name="SessionId">After which session.</param>
/// <param name="HoursAfter">How long after, in hours: 0 … 8 760.</param>
/// <param name="Redness">Redness.</param>
/// <param name="Swelling">Swelling.</param>
/// <param name="Pain">0 … 10.</param>
/// <param name="Notes">Up to 4 000 characters.</param>
/// <param name="At">When it was written down, UTC.</param>
/// <param name="By">By whom.</param>
public sealed record FollowUp(
    long Id, long SessionId, int HoursAfter, FollowUpGrade Redness, FollowUpGrade Swelling, int Pain, string Notes, DateTimeOffset At, Actor By);
