// One preset: a form that makes its next version, with every version there was. A session names the version that it used.

using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>What a preset does with the mode.</summary>
public enum PresetMode
{
    /// <summary>It stays as it is.</summary>
    Unchanged = 0,

    /// <summary>Glide: strokes as long as the trigger is held.</summary>
    Glide = 1,

    /// <summary>Stamp: so many strokes a press.</summary>
    Stamp = 2,
}

/// <summary>One preset, or a new one.</summary>
[Needs(Rights.ManageSite)]
public sealed class PresetModel(SessionStore store, Texts texts, TimeProvider time) : FormPage(texts, time)
{
    /// <summary>Stands in the address for a preset that is not there yet.</summary>
    public const string NewKey = "new";

    /// <summary>Most characters of the name.</summary>
    public const int LongestName = 80;

    /// <summary>Most characters of the indication.</summary>
    public const int LongestIndication = 120;

    /// <summary>Most characters of the source.</summary>
    public const int LongestSource = 300;

    /// <summary>Most characters of the notes.</summary>
    public const int LongestNotes = 1000;

    private const int SourceGrainMicrometers = 10;
    private const int DeepestOfSourceMicrometers = 5000;

    /// <summary>Every version, newest first; none: a new preset.</summary>
    public IReadOnlyList<Preset> Versions { get; private set; } = [];

    /// <summary>The version in force, or null.</summary>
    public Preset? Latest => Versions.Count > 0 ? Versions[0] : null;

    /// <summary>The words of a zone.</summary>
    public string ZoneWords(string id) => T.Find("zones." + id) ?? id;

    /// <summary>Shows the preset.</summary>
    public async Task<IActionResult> OnGetAsync(string key, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(key, cancellationToken))
        {
            return NotFound();
        }

        Form.Begin("version", FormEntries.Typed(Latest?.Version));
        if (Latest is { } preset)
        {
            Form.Begin("name", preset.Name);
            Form.Begin("zones", [.. preset.ZoneIds]);
            Form.Begin("indication", preset.Indication);
            Form.Begin("depthFrom", FormEntries.Typed(preset.DepthFrom));
            Form.Begin("depthTo", FormEntries.Typed(preset.DepthTo));
            Form.Begin("depth", FormEntries.Typed(preset.Depth));
            Form.Begin("rate", FormEntries.Typed(preset.Rate));
            Form.Begin("mode", (preset.BurstStrokes switch { null => PresetMode.Unchanged, 0 => PresetMode.Glide, _ => PresetMode.Stamp }).ToString());
            Form.Begin("burstStrokes", preset.BurstStrokes is > 0 ? FormEntries.Typed(preset.BurstStrokes) : "");
            Form.Begin("source", preset.Source);
            Form.Begin("grade", preset.Grade.ToString());
            Form.Begin("onLabel", preset.OnLabel ? bool.TrueString : bool.FalseString);
            Form.Begin("notes", preset.Notes);
        }
        else
        {
            Form.Begin("mode", nameof(PresetMode.Unchanged));
            Form.Begin("onLabel", bool.FalseString);
            Form.Begin("grade", nameof(EvidenceGrade.Assumption));
        }

        return Page();
    }

    /// <summary>Lays down the next version.</summary>
    public async Task<IActionResult> OnPostAsync(string key, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(key, cancellationToken))
        {
            return NotFound();
        }

        RefuseWhenNewer();
        string name = Form.Text("name", 1, LongestName);
        string[] zones = [.. Zones.All.Select(zone => zone.Id).Where(id => Form.All("zones").Contains(id))];
        if (zones.Length == 0)
        {
            Form.Refuse("zones", T["site.preset-zone-needed"]);
        }

        string indication = Form.Text("indication", 0, LongestIndication);
        var from = Form.Millimeters("depthFrom", SourceGrainMicrometers, DeepestOfSourceMicrometers, SourceGrainMicrometers);
        var to = Form.Millimeters("depthTo", SourceGrainMicrometers, DeepestOfSourceMicrometers, SourceGrainMicrometers);
        var depth = Form.Millimeters("depth", Limits.MinimumDepthMicrometers, Limits.AbsoluteDepthMicrometers, Limits.DepthStepMicrometers);
        if (from > to)
        {
            Form.Refuse("depthTo", T["site.preset-depths-turned"]);
        }

        var rate = Form.StrokesPerSecond("rate", Limits.MinimumRateMillihertz, Limits.MaximumRateMillihertz, optional: true);
        int? burst = Form.Choice<PresetMode>("mode") switch
        {
            PresetMode.Glide => 0,
            PresetMode.Stamp => Form.Whole("burstStrokes", 1, Limits.MaximumBurstStrokes),
            _ => null,
        };
        string source = Form.Text("source", 1, LongestSource);
        var grade = Form.Choice<EvidenceGrade>("grade");
        string notes = Form.Text("notes", 0, LongestNotes);
        Preset? next = null;
        bool kept = await TryAsync(async () => next = await store.Site.SetPresetAsync(
            Person.Actor,
            new Preset(
                Latest?.Key ?? "", 0, name, zones, indication, from!.Value, to!.Value, depth!.Value, rate, burst, source, grade!.Value,
                Form["onLabel"] == bool.TrueString, notes, Latest?.IsRetired ?? false, default, Person.Actor),
            cancellationToken));
        return kept ? Done($"/settings/presets/{next!.Key}", T["site.preset-kept", next.Version]) : Page();
    }

    /// <summary>Takes a preset out of what is offered, or back into it: the next version, with the same values.</summary>
    public async Task<IActionResult> OnPostRetireAsync(string key, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(key, cancellationToken) || Latest is not { } latest)
        {
            return NotFound();
        }

        RefuseWhenNewer();
        bool changed = await TryAsync(() => store.Site.SetPresetAsync(Person.Actor, latest with { IsRetired = !latest.IsRetired }, cancellationToken));
        return changed
            ? Done($"/settings/presets/{key}", T[latest.IsRetired ? "site.preset-back" : "site.preset-retired-now"])
            : await OnGetAsync(key, cancellationToken);
    }

    private async Task<bool> LoadAsync(string key, CancellationToken cancellationToken)
    {
        Versions = key == NewKey ? [] : await store.Site.PresetVersionsAsync(key, cancellationToken);
        return key == NewKey || Versions.Count > 0;
    }

    private void RefuseWhenNewer()
    {
        if (Latest is { } latest && Form["version"] != FormEntries.Typed(latest.Version))
        {
            Form.Refuse(null, T["site.newer", latest.Version]);
        }
    }
}
