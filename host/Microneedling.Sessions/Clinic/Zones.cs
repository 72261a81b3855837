using System.Collections.Frozen;

namespace Microneedling.Sessions.Clinic;

/// <summary>The zones of the map, by the ids that the record keeps. Left and right are the client's.</summary>
public static class Zones
{
    /// <summary>Every id.</summary>
    public static FrozenSet<string> All { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "forehead",
        "glabella",
        "temple-left",
        "temple-right",
        "periorbital-left",
        "periorbital-right",
        "eyelid-left",
        "eyelid-right",
        "nose",
        "cheek-left",
        "cheek-right",
        "perioral",
        "chin",
        "submandibular",
        "neck",
        "scalp",
        "decollete",
        "abdomen",
        "hand-left",
        "hand-right",
        "thigh-left",
        "thigh-right");
}
