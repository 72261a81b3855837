using Microneedling.Client;

namespace Microneedling.Sessions.Clinic;

/// <summary>How good the source of a preset is, best first.</summary>
public enum EvidenceGrade
{
    /// <summary>What a regulator cleared a device for.</summary>
    Clearance = 1,

    /// <summary>A review of many studies.</summary>
    Review = 2,

    /// <summary>A trial.</summary>
    Trial = 3,

    /// <summary>What a seller recommends.</summary>
    SellersGuide = 4,

    /// <summary>What a consumer site recommends.</summary>
    ConsumerGuide = 5,

    /// <summary>No source: an assumption of this project or of the site.</summary>
    Assumption = 6,
}

/// <summary>Values to start from for zones, with their source. Evidence to show, not advice.</summary>
/// <param name="Key">Stays the same over the versions, such as <c>cheek-sellers-guide-thin</c>.</param>
/// <param name="Version">1, 2, …; a version is never changed, only followed by the next.</param>
/// <param name="Name">What it is called.</param>
/// <param name="ZoneIds">Zones of the map that it is for.</param>
/// <param name="Indication">What it is for, or empty.</param>
/// <param name="DepthFrom">Shallowest depth that the source names.</param>
/// <param name="DepthTo">Deepest depth that the source names.</param>
/// <param name="Depth">What is set when it is chosen: on the grain of 0.05 mm.</param>
/// <param name="Rate">Rate that is set, or null: it stays as it is.</param>
/// <param name="BurstStrokes">Strokes of a press that are set; 0: glide; null: it stays as it is.</param>
/// <param name="Source">Where the depths come from, in words.</param>
/// <param name="Grade">How good that is.</param>
/// <param name="OnLabel">Whether a cleared use of such devices covers it.</param>
/// <param name="Notes">Endpoint, passes, course; or empty.</param>
/// <param name="IsRetired">No longer offered.</param>
/// <param name="CreatedAt">When this version was made, UTC.</param>
/// <param name="By">By whom.</param>
public sealed record Preset(
    string Key, int Version, string Name, IReadOnlyList<string> ZoneIds, string Indication,
    Depth DepthFrom, Depth DepthTo, Depth Depth, StrokeRate? Rate, int? BurstStrokes,
    string Source, EvidenceGrade Grade, bool OnLabel, string Notes, bool IsRetired, DateTimeOffset CreatedAt, Actor By);

/// <summary>How deep each role may go, and how deep a zone; deeper needs a supervisor's unlock.</summary>
/// <param name="Version">1, 2, …; a version is never changed, only followed by the next.</param>
/// <param name="Practitioner">Deepest depth of a practitioner.</param>
/// <param name="Supervisor">Deepest depth of a supervisor, and of a supervisor's unlock.</param>
/// <param name="Engineer">Deepest depth of an engineer, on a test block.</param>
/// <param name="ByZone">Deepest depth by zone without an unlock; a zone that is not named has no cap of its own; 0 blocks the zone.</param>
/// <param name="CreatedAt">When, UTC.</param>
/// <param name="By">By whom.</param>
public sealed record DepthCaps(
    int Version, Depth Practitioner, Depth Supervisor, Depth Engineer, IReadOnlyDictionary<string, Depth> ByZone, DateTimeOffset CreatedAt, Actor By)
{
    /// <summary>The cap of a role.</summary>
    public Depth Of(Role role) => role switch
    {
        Role.Supervisor => Supervisor,
        Role.Engineer => Engineer,
        _ => Practitioner,
    };
}
