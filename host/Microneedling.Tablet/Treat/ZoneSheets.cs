// temporary
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Treat;

/// <summary>Temporary.</summary>
public sealed class ZoneSheets
{
    /// <summary>Temporary.</summary>
    public Task<IReadOnlyList<ZoneSheet>> OfAsync(SignedInPerson person, Texts texts, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ZoneSheet>>([.. Zones.All.Select(zone => new ZoneSheet(
            zone.Id, texts[$"zones.{zone.Id}"], zone.View.ToString(), zone.AreaSquareMillimeters,
            zone.FemaleThicknessMicrometers is { } female ? $"Epidermis and dermis {female / 1000.0:0.00} mm (women), {zone.MaleThicknessMicrometers / 1000.0:0.00} mm (men), by ultrasound: PMC9205051" : "Skin thickness: no source found",
            zone.Id.StartsWith("eyelid", StringComparison.Ordinal) ? 0 : 1000,
            zone.Id.StartsWith("eyelid", StringComparison.Ordinal) ? "Eyelids are blocked: the skin is thinner than the shallowest stroke is sure" : $"Up to 1.00 mm for a practitioner ({person.Actor.Name}, {cancellationToken.IsCancellationRequested})",
            [
                new PresetSheet("cheek-sellers-guide-thin", 1, "Cheek, thin skin", "", 500, 1000, 500, 60_000, 0, "drpen.net needle depth guide", "SellersGuide", "Seller's guide", false, "", ["Consumer guide: 0.50 to 1.00 mm"]),
                new PresetSheet("acne-scars", 2, "Acne scars (device trials)", "Acne scars", 0, 1500, 1000, 60_000, 0, "J Clin Aesthet Dermatol, Aug 2018", "Trial", "Trial", true, "4 sessions, 30 days apart", ["Its depth of 1.50 mm is above your cap: 1.00 mm is set", "Deeper than the skin of this zone (1.07 mm)"]),
                new PresetSheet("cheek-sellers-guide-thick", 1, "Cheek, thick skin", "", 1000, 2000, 1000, null, 3, "drpen.net needle depth guide", "SellersGuide", "Seller's guide", false, "", ["Above your cap: 1.00 mm is set"]),
            ]))]);
}
