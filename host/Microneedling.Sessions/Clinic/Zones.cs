// The zones of the map: one table. Areas are this project's assumption, to be corrected for the client on the page;
// thicknesses are epidermis and dermis by ultrasound, PMC9205051.

namespace Microneedling.Sessions.Clinic;

/// <summary>Which drawing shows a zone.</summary>
public enum MapView
{
    /// <summary>The face from the front, with the neck.</summary>
    Face = 1,

    /// <summary>The body from the front, with the scalp.</summary>
    Body = 2,
}

/// <summary>A zone of the map.</summary>
/// <param name="Id">Its name in the record, such as <c>cheek-left</c>; its words are the text <c>zones.ID</c>. Left is the client's left.</param>
/// <param name="View">Which drawing shows it.</param>
/// <param name="AreaSquareMillimeters">Area to begin with.</param>
/// <param name="FemaleThicknessMicrometers">Skin thickness measured on women, or null: no source found.</param>
/// <param name="MaleThicknessMicrometers">The same on men.</param>
public sealed record Zone(string Id, MapView View, int AreaSquareMillimeters, int? FemaleThicknessMicrometers = null, int? MaleThicknessMicrometers = null);

/// <summary>All zones.</summary>
public static class Zones
{
    /// <summary>The table, in the order in which a keyboard goes through them.</summary>
    public static readonly IReadOnlyList<Zone> All =
    [
        new("forehead", MapView.Face, 6000, 1060, 1390),
        new("glabella", MapView.Face, 500, 1090, 1350),
        new("temple-right", MapView.Face, 1200, 980, 1250),
        new("temple-left", MapView.Face, 1200, 980, 1250),
        new("periorbital-right", MapView.Face, 700),
        new("periorbital-left", MapView.Face, 700),
        new("eyelid-right", MapView.Face, 400, 750, 850),
        new("eyelid-left", MapView.Face, 400, 750, 850),
        new("nose", MapView.Face, 1800, 1120, 1230),
        new("cheek-right", MapView.Face, 4500, 1070, 1330),
        new("cheek-left", MapView.Face, 4500, 1070, 1330),
        new("perioral", MapView.Face, 1500),
        new("chin", MapView.Face, 1500),
        new("submandibular", MapView.Face, 4000, 1090, 1230),
        new("neck", MapView.Face, 9000, 1160, 1170),
        new("scalp", MapView.Body, 20000),
        new("decollete", MapView.Body, 20000),
        new("abdomen", MapView.Body, 30000),
        new("hand-right", MapView.Body, 8000),
        new("hand-left", MapView.Body, 8000),
        new("thigh-right", MapView.Body, 30000),
        new("thigh-left", MapView.Body, 30000),
    ];

    /// <summary>Smallest area that can be given for a zone.</summary>
    public const int SmallestAreaSquareMillimeters = 100;

    /// <summary>Largest area that can be given for a zone.</summary>
    public const int LargestAreaSquareMillimeters = 200_000;

    /// <summary>The zone of that name, or null.</summary>
    public static Zone? Find(string id) => All.FirstOrDefault(zone => zone.Id == id);
}
