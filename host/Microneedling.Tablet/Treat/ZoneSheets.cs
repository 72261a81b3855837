// Fills the sheets of the zones: caps by role and zone, thickness with its source, presets with what speaks against them.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Treat;

/// <summary>The sheets of all zones.</summary>
public sealed class ZoneSheets(SessionStore store)
{
    /// <summary>Two sources whose deepest depths differ by so much are in conflict.</summary>
    private const int ConflictMicrometers = 250;

    private const int DepthGrainMicrometers = 50;

    /// <summary>The sheets for a person, in the order of the map.</summary>
    /// <exception cref="SessionStoreException">The record cannot be read.</exception>
    public async Task<IReadOnlyList<ZoneSheet>> OfAsync(SignedInPerson person, Texts texts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        var caps = await store.Site.CapsAsync(cancellationToken);
        var presets = await store.Site.PresetsAsync(cancellationToken);
        return [.. Zones.All.Select(zone => SheetOf(zone, CapRules.Of(zone, caps, person.Role), presets, texts))];
    }

    /// <summary>One zone's sheet.</summary>
    public static ZoneSheet SheetOf(Zone zone, Cap cap, IReadOnlyList<Preset> presets, Texts texts)
    {
        ArgumentNullException.ThrowIfNull(zone);
        ArgumentNullException.ThrowIfNull(cap);
        ArgumentNullException.ThrowIfNull(texts);
        Preset[] here = cap.IsBlocked ? [] : [.. presets.Where(preset => !preset.IsRetired && preset.ZoneIds.Contains(zone.Id)).OrderBy(preset => preset.Grade)];
        return new ZoneSheet(
            zone.Id,
            texts[$"zones.{zone.Id}"],
            zone.View.ToString(),
            zone.AreaSquareMillimeters,
            ThicknessWords(zone, texts),
            cap.Depth.Micrometers,
            cap.Words(texts),
            [.. here.Select(preset => SheetOf(preset, zone, cap, here, texts))]);
    }

    private static PresetSheet SheetOf(Preset preset, Zone zone, Cap cap, IEnumerable<Preset> here, Texts texts) => new(
        preset.Key,
        preset.Version,
        preset.Name,
        preset.Indication,
        preset.DepthFrom.Micrometers,
        preset.DepthTo.Micrometers,
        Math.Min(preset.Depth.Micrometers, cap.Depth.Micrometers) / DepthGrainMicrometers * DepthGrainMicrometers,
        preset.Rate?.Millihertz,
        preset.BurstStrokes,
        preset.Source,
        preset.Grade.ToString(),
        texts[$"caps.grade-{preset.Grade}"],
        preset.OnLabel,
        preset.Notes,
        [.. ConflictsOf(preset, zone, cap, here, texts)]);

    private static IEnumerable<string> ConflictsOf(Preset preset, Zone zone, Cap cap, IEnumerable<Preset> here, Texts texts)
    {
        foreach (var other in here.Where(other => other.Key != preset.Key && other.Indication == preset.Indication
            && Math.Abs(other.DepthTo.Micrometers - preset.DepthTo.Micrometers) >= ConflictMicrometers))
        {
            yield return texts["caps.conflict-source", other.Name, Millimeters(other.DepthFrom.Micrometers), Millimeters(other.DepthTo.Micrometers)];
        }

        if (zone.FemaleThicknessMicrometers is { } thickness && preset.DepthTo.Micrometers > thickness)
        {
            yield return texts["caps.conflict-thickness", Millimeters(thickness)];
        }

        if (preset.DepthTo.Micrometers > Limits.UnsupervisedDepthMicrometers)
        {
            yield return texts["caps.conflict-notEvaluated", Millimeters(Limits.UnsupervisedDepthMicrometers)];
        }

        if (preset.DepthFrom > cap.Depth)
        {
            yield return texts["caps.conflict-cap", Millimeters(cap.Depth.Micrometers)];
        }
    }

    private static string ThicknessWords(Zone zone, Texts texts) =>
        zone is { FemaleThicknessMicrometers: { } female, MaleThicknessMicrometers: { } male }
            ? texts["caps.thickness", Millimeters(female), Millimeters(male)]
            : texts["caps.thickness-unknown"];

    private static string Millimeters(int micrometers) => NumberWords.Set(Depth.FromMicrometers(micrometers));
}
