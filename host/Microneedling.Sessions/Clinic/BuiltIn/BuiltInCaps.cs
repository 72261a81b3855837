// Version 1 of the depth caps. All of them are this project's assumption: no regulator or study lays down caps by role
// and area. They follow, where there is one, the deepest depth that a source names for the area; else the skin's
// thickness (epidermis and dermis, women, PMC9205051), rounded down to the grain.

using Microneedling.Client;

namespace Microneedling.Sessions.Clinic.BuiltIn;

internal static class BuiltInCaps
{
    /// <summary>South African therapists go to 1 mm, doctors to 3; SkinPen was not evaluated above 1.5 (DEN160029).</summary>
    public const int PractitionerMicrometers = 1000;

    /// <summary>All that the device reaches; above 1.50 mm only with an unlock.</summary>
    public const int SupervisorMicrometers = 2500;

    /// <summary>On a test block.</summary>
    public const int EngineerMicrometers = 1500;

    /// <summary>Micrometres by zone. 0 blocks.</summary>
    private static readonly Dictionary<string, int> MicrometersByZone = new(StringComparer.Ordinal)
    {
        ["eyelid-left"] = 0, // the skin is 0.75 mm thin, the eye behind it
        ["eyelid-right"] = 0,
        ["forehead"] = 750, // seller's guide, thick skin
        ["periorbital-left"] = 500, // seller's guide, thick skin
        ["periorbital-right"] = 500,
        ["nose"] = 500, // seller's guide, thick skin; the consumer guide's 0.75 is not followed
        ["cheek-left"] = 2000, // seller's guide, thick skin
        ["cheek-right"] = 2000,
        ["perioral"] = 750, // seller's guide, thick skin
        ["chin"] = 2000, // seller's guide, thick skin
        ["temple-left"] = 950, // skin 0.98 mm
        ["temple-right"] = 950,
        ["glabella"] = 1050, // skin 1.09 mm
        ["submandibular"] = 1050, // skin 1.09 mm
        ["neck"] = 1150, // skin 1.16 mm
        ["hand-left"] = 500, // no source: half of the thinnest skin measured that may be treated, the temple's
        ["hand-right"] = 500,
        ["decollete"] = 500, // no source: as the hands
        ["scalp"] = 1200, // the deeper depth of the trial on hair loss, PubMed 32897622
        ["abdomen"] = 2500, // K200044
        ["thigh-left"] = 2000, // seller, stretch marks
        ["thigh-right"] = 2000,
    };

    /// <summary>Version 1, made at this moment.</summary>
    public static DepthCaps At(DateTimeOffset now, Actor by) => new(
        1,
        Depth.FromMicrometers(PractitionerMicrometers),
        Depth.FromMicrometers(SupervisorMicrometers),
        Depth.FromMicrometers(EngineerMicrometers),
        MicrometersByZone.ToDictionary(zone => zone.Key, zone => Depth.FromMicrometers(zone.Value), StringComparer.Ordinal),
        now,
        by);
}
