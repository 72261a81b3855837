using Microneedling.Client;

namespace Microneedling.Sessions.Clinic;

/// <summary>The cartridge of a session, as its label says.</summary>
/// <param name="Type">Type or model, 1 … 60 characters.</param>
/// <param name="Needles">Needles, 1 … 100.</param>
/// <param name="Lot">Lot number, 1 … 60 characters.</param>
/// <param name="Expires">Last day of use.</param>
public sealed record Cartridge(string Type, int Needles, string Lot, DateOnly Expires);

/// <summary>What a session is begun with.</summary>
/// <param name="By">Who treats.</param>
/// <param name="ClientKey">Whom; null: on a test block.</param>
/// <param name="SuitabilityCheckId">The check that allows it; null on a test block.</param>
/// <param name="CourseId">The course it belongs to, or null.</param>
/// <param name="Cartridge">The cartridge.</param>
public sealed record SessionStart(Actor By, string? ClientKey, long? SuitabilityCheckId, long? CourseId, Cartridge Cartridge);

/// <summary>How a pass ended.</summary>
public enum PassEnding
{
    /// <summary>It goes on.</summary>
    Running = 0,

    /// <summary>Disarmed by the practitioner, by idleness or by the session's limit.</summary>
    Disarmed = 1,

    /// <summary>By STOP.</summary>
    Stopped = 2,

    /// <summary>By a fault.</summary>
    Fault = 3,

    /// <summary>By the loss of the link.</summary>
    LinkLost = 4,

    /// <summary>The host ended without closing it.</summary>
    Interrupted = 5,
}

/// <summary>One pass over a zone: from arming to rest.</summary>
/// <param name="Number">1, 2, … within the session.</param>
/// <param name="ZoneId">Zone of the map.</param>
/// <param name="AreaSquareMillimeters">Area of the zone that punctures are counted over.</param>
/// <param name="PresetKey">Preset that the values came from, or null.</param>
/// <param name="PresetVersion">Its version, or null.</param>
/// <param name="By">Who armed.</param>
/// <param name="UnlockedBy">The supervisor who unlocked a deeper cap, or null.</param>
/// <param name="UnlockReason">Why, or null.</param>
/// <param name="StartedAt">When it was armed, UTC.</param>
/// <param name="EndedAt">When it was at rest, UTC; null: it goes on.</param>
/// <param name="Ending">How it ended.</param>
/// <param name="Strokes">Strokes while needles were out: counted from the status at the press of the trigger to that at its pause.</param>
/// <param name="StrokingTime">How long needles stroked, by the device's time.</param>
/// <param name="DeepestActiveDepth">Deepest depth that the device held to.</param>
/// <param name="FastestActiveRate">Fastest rate that the device held to.</param>
public sealed record Pass(
    int Number, string ZoneId, int AreaSquareMillimeters, string? PresetKey, int? PresetVersion, Actor By, Actor? UnlockedBy, string? UnlockReason,
    DateTimeOffset StartedAt, DateTimeOffset? EndedAt, PassEnding Ending, long Strokes, TimeSpan StrokingTime, Depth DeepestActiveDepth, StrokeRate FastestActiveRate);

/// <summary>Which sessions; what is null does not narrow.</summary>
/// <param name="ClientKey">Of this client.</param>
/// <param name="PersonId">Treated by this person.</param>
/// <param name="DeviceSerialNumber">With this device.</param>
/// <param name="Lot">With a cartridge of this lot, exactly.</param>
/// <param name="Outcome">That ended so.</param>
/// <param name="From">Begun at or after, UTC.</param>
/// <param name="Before">Begun before, UTC.</param>
public sealed record SessionFilter(
    string? ClientKey = null, long? PersonId = null, uint? DeviceSerialNumber = null, string? Lot = null,
    SessionOutcome? Outcome = null, DateTimeOffset? From = null, DateTimeOffset? Before = null);

/// <summary>A page of sessions, newest first.</summary>
/// <param name="Sessions">Up to 50.</param>
/// <param name="Total">How many there are in all, counted up to 10 001.</param>
public sealed record SessionPage(IReadOnlyList<SessionSummary> Sessions, long Total)
{
    /// <summary>Whether there are more than are counted.</summary>
    public bool IsMore => Total > SessionStore.MostCounted;
}

/// <summary>What the sessions of one outcome come to.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Sessions">How many.</param>
/// <param name="Strokes">Their strokes.</param>
public sealed record SessionTotal(SessionOutcome Outcome, long Sessions, long Strokes);
