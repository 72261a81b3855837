using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Pages;

/// <summary>The presets, all or those of a zone.</summary>
[Needs(Rights.ManageSite)]
public sealed class PresetsModel(SessionStore store, Texts texts, TimeProvider time) : FormPage(texts, time)
{
    /// <summary>The zone that is listed, or null: all.</summary>
    public Zone? Zone { get; private set; }

    /// <summary>The presets that are offered, best grade first.</summary>
    public IReadOnlyList<Preset> Offered { get; private set; } = [];

    /// <summary>Those no longer offered.</summary>
    public IReadOnlyList<Preset> Retired { get; private set; } = [];

    /// <summary>The words of a zone.</summary>
    public string ZoneWords(string id) => T.Find("zones." + id) ?? id;

    /// <summary>What the source names, and what is set.</summary>
    public static string Depths(Texts texts, Preset preset) => preset.DepthFrom == preset.DepthTo
        ? texts["site.preset-depth-one", FormEntries.Typed(preset.DepthFrom), FormEntries.Typed(preset.Depth)]
        : texts["site.preset-depths", FormEntries.Typed(preset.DepthFrom), FormEntries.Typed(preset.DepthTo), FormEntries.Typed(preset.Depth)];

    /// <summary>Lists them.</summary>
    public async Task OnGetAsync(string? zone, CancellationToken cancellationToken)
    {
        Zone = zone is null ? null : Zones.Find(zone);
        Form.Begin("zone", Zone?.Id ?? "");
        var presets = (await store.Site.PresetsAsync(cancellationToken))
            .Where(preset => Zone is null || preset.ZoneIds.Contains(Zone.Id))
            .OrderBy(preset => preset.Grade).ThenBy(preset => preset.Name, StringComparer.CurrentCulture)
            .ToLookup(preset => preset.IsRetired);
        (Offered, Retired) = ([.. presets[false]], [.. presets[true]]);
    }
}
