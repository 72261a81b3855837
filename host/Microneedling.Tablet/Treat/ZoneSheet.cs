// What the Treat page knows of a zone when it is loaded: how thick the skin is, how deep one may go and why, and what the
// sources recommend, with everything that speaks against it. web/src/zone-sheet.ts mirrors it.

namespace Microneedling.Tablet.Treat;

/// <summary>One zone for one person and client.</summary>
/// <param name="Id">The zone.</param>
/// <param name="Name">Its words.</param>
/// <param name="View"><c>Face</c> or <c>Body</c>.</param>
/// <param name="AreaSquareMillimeters">Area to begin with.</param>
/// <param name="ThicknessWords">Skin thickness with its source, or that none was found.</param>
/// <param name="DepthCapMicrometers">Deepest depth that this person may set here; 0: blocked.</param>
/// <param name="CapReason">Why no deeper, in words: by role, by zone, by the device, or why it is blocked.</param>
/// <param name="Presets">What the sources recommend, best grade first.</param>
public sealed record ZoneSheet(
    string Id, string Name, string View, int AreaSquareMillimeters, string ThicknessWords, int DepthCapMicrometers, string CapReason, IReadOnlyList<PresetSheet> Presets);

/// <summary>One preset, ready to be shown.</summary>
/// <param name="Key">The preset.</param>
/// <param name="Version">Its version.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Indication">What for, or empty.</param>
/// <param name="DepthFromMicrometers">Shallowest depth of the source.</param>
/// <param name="DepthToMicrometers">Deepest depth of the source.</param>
/// <param name="DepthMicrometers">Depth that is set when it is chosen: never above the cap.</param>
/// <param name="RateMillihertz">Rate that is set, or null.</param>
/// <param name="BurstStrokes">Strokes of a press, 0: glide, or null.</param>
/// <param name="Source">The source in words.</param>
/// <param name="Grade">Name of the grade, such as <c>SellersGuide</c>.</param>
/// <param name="GradeWords">The grade in words.</param>
/// <param name="OnLabel">Whether a cleared use covers it.</param>
/// <param name="Notes">Endpoint, passes, course; or empty.</param>
/// <param name="Conflicts">What speaks against it: other sources, the skin's thickness, the cap.</param>
public sealed record PresetSheet(
    string Key, int Version, string Name, string Indication, int DepthFromMicrometers, int DepthToMicrometers, int DepthMicrometers,
    int? RateMillihertz, int? BurstStrokes, string Source, string Grade, string GradeWords, bool OnLabel, string Notes, IReadOnlyList<string> Conflicts);
