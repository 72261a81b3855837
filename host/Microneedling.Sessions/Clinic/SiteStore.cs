// What the site has laid down. Nothing here is ever updated: each change is a row with the next version.

using System.Globalization;
using System.Text;
using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions.Clinic;

/// <summary>
/// What the site has laid down: checklist, depth caps, presets. Versions are only added. A new record begins with the
/// built-in ones, version 1.
/// </summary>
public sealed class SiteStore(SessionStore store)
{
    /// <summary>Deepest depth that a source may name: beyond what any device reaches.</summary>
    private const int DeepestNamedMicrometers = 5000;

    /// <summary>The checklist in force.</summary>
    public Task<Checklist> ChecklistAsync(CancellationToken ct = default) =>
        store.ReadAsync(context => context.Checklists.OrderByDescending(row => row.Version).First().ToRecord(), ct);

    /// <summary>A checklist's version, or null.</summary>
    public Task<Checklist?> ChecklistAsync(int version, CancellationToken ct = default) =>
        store.ReadAsync(context => context.Checklists.SingleOrDefault(row => row.Version == version)?.ToRecord(), ct);

    /// <summary>Lays down the next version of the checklist.</summary>
    /// <exception cref="RecordRefusedException">
    /// It has no item or more than 100, two with one id, or one without a question (1 … 300 characters) or an id (1 … 40 of a–z, 0–9 and -).
    /// </exception>
    public Task<Checklist> SetChecklistAsync(Actor who, IReadOnlyList<ChecklistItem> items, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return store.ChangeAsync(
            who,
            change =>
            {
                Refuse.If(items.Count is 0 or > 100, "checklist.items", "A checklist has 1 … 100 questions.");
                Refuse.If(items.Any(item => !IsKey(item.Id, 40)), "checklist.id", "The id of a question has 1 … 40 of the characters a–z, 0–9 and -.");
                Refuse.If(items.DistinctBy(item => item.Id).Count() < items.Count, "checklist.idTwice", "Two questions have the same id. Give each its own.");
                var kept = items.Select(item =>
                {
                    Refuse.Undefined(item.Weight, "checklist.weight", "The weight of a question");
                    return item with
                    {
                        Question = Refuse.Line(item.Question, 1, 300, "checklist.question", "A question"),
                        Source = Refuse.Line(item.Source, 0, 300, "checklist.source", "The source of a question"),
                    };
                }).ToArray();
                var row = new ChecklistRow
                {
                    Version = change.Context.Checklists.Max(old => old.Version) + 1,
                    Items = ClinicMapping.ToJson(kept),
                    CreatedUtc = change.Now,
                    ById = who.PersonId,
                    ByName = who.Name,
                };
                change.Context.Add(row);
                change.Audit("checklist.set", $"checklist:{row.Version}", $"{kept.Length} questions, {kept.Count(item => item.Weight == ChecklistWeight.Blocks)} of them block");
                return row.ToRecord();
            },
            ct);
    }

    /// <summary>The caps in force.</summary>
    public Task<DepthCaps> CapsAsync(CancellationToken ct = default) =>
        store.ReadAsync(context => context.DepthCaps.OrderByDescending(row => row.Version).First().ToRecord(), ct);

    /// <summary>Lays down the next version of the caps; version, time and person of what is given are not read.</summary>
    /// <exception cref="RecordRefusedException">
    /// A cap is outside 0.10 … 2.50 mm (a zone's may be 0), off the grain of 0.05 mm, or a role's without an unlock (practitioner,
    /// engineer) above 1.50 mm; or a zone is not on the map.
    /// </exception>
    public Task<DepthCaps> SetCapsAsync(Actor who, DepthCaps caps, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(caps);
        return store.ChangeAsync(
            who,
            change =>
            {
                RefuseCap(caps.Practitioner, Limits.UnsupervisedDepthMicrometers);
                RefuseCap(caps.Engineer, Limits.UnsupervisedDepthMicrometers);
                RefuseCap(caps.Supervisor, Limits.AbsoluteDepthMicrometers);
                foreach (var (zone, cap) in caps.ByZone)
                {
                    RefuseUnknownZone(zone);
                    if (cap.Micrometers != 0)
                    {
                        RefuseCap(cap, Limits.AbsoluteDepthMicrometers);
                    }
                }

                var before = change.Context.DepthCaps.OrderByDescending(row => row.Version).First().ToRecord();
                var after = caps with { Version = before.Version + 1, CreatedAt = change.Now, By = who };
                var row = after.ToRow();
                change.Context.Add(row);
                change.Audit("caps.set", $"caps:{after.Version}", Difference(before, after));
                return row.ToRecord();
            },
            ct);
    }

    /// <summary>The latest version of every preset, by name; retired ones too.</summary>
    public Task<IReadOnlyList<Preset>> PresetsAsync(CancellationToken ct = default) => store.ReadAsync<IReadOnlyList<Preset>>(
        context => [.. context.Presets
            .Where(row => row.Version == context.Presets.Where(other => other.Key == row.Key).Max(other => other.Version))
            .AsEnumerable()
            .OrderBy(row => TextKey.Of(row.Name), StringComparer.Ordinal)
            .ThenBy(row => row.Key, StringComparer.Ordinal)
            .Select(ClinicMapping.ToRecord)],
        ct);

    /// <summary>All versions of a preset, newest first; none: there is no such preset.</summary>
    public Task<IReadOnlyList<Preset>> PresetVersionsAsync(string key, CancellationToken ct = default) => store.ReadAsync<IReadOnlyList<Preset>>(
        context => [.. context.Presets.Where(row => row.Key == key).OrderByDescending(row => row.Version).AsEnumerable().Select(ClinicMapping.ToRecord)],
        ct);

    /// <summary>
    /// Adds a preset (empty key), or the next version of one. Version, time and person of what is given are not read.
    /// </summary>
    /// <exception cref="RecordRefusedException">Something of it will not do; the message says what.</exception>
    public Task<Preset> SetPresetAsync(Actor who, Preset preset, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(preset);
        return store.ChangeAsync(
            who,
            change =>
            {
                var kept = Checked(preset) with { CreatedAt = change.Now, By = who };
                if (string.IsNullOrEmpty(kept.Key))
                {
                    kept = kept with { Key = NewKey(change, kept.Name), Version = 1 };
                }
                else
                {
                    var latest = change.Context.Presets.Where(row => row.Key == kept.Key).Max(row => (int?)row.Version);
                    Refuse.If(latest is null, "preset.unknown", "There is no such preset. Choose one from the list, or add a new one.");
                    kept = kept with { Version = latest.Value + 1 };
                }

                var row = kept.ToRow();
                change.Context.Add(row);
                change.Audit(
                    "preset.set",
                    $"preset:{kept.Key}",
                    $"version {kept.Version}, {kept.Depth} of {kept.DepthFrom} … {kept.DepthTo}{(kept.IsRetired ? ", retired" : "")}");
                return row.ToRecord();
            },
            ct);
    }

    private static Preset Checked(Preset preset)
    {
        var kept = preset with
        {
            Name = Refuse.Line(preset.Name, 1, 80, "preset.name", "The name"),
            Indication = Refuse.Line(preset.Indication, 0, 120, "preset.indication", "The indication"),
            Source = Refuse.Line(preset.Source, 1, 300, "preset.source", "The source"),
            Notes = Refuse.Lines(preset.Notes, 0, 1000, "preset.notes", "The notes"),
        };
        Refuse.Undefined(kept.Grade, "preset.grade", "The grade");
        Refuse.If(kept.ZoneIds is not { Count: > 0 }, "preset.zones", "Choose at least one zone.");
        foreach (var zone in kept.ZoneIds)
        {
            RefuseUnknownZone(zone);
        }

        var (from, to, depth) = (kept.DepthFrom.Micrometers, kept.DepthTo.Micrometers, kept.Depth.Micrometers);
        Refuse.If(from <= 0 || from > to || to > DeepestNamedMicrometers, "preset.range", "The depths of the source must be above 0 and up to 5.00 mm, the shallower one first.");
        Refuse.If(
            depth < Limits.MinimumDepthMicrometers || depth > Limits.AbsoluteDepthMicrometers || depth % Limits.DepthStepMicrometers != 0,
            "preset.depth",
            "The depth must be 0.10 … 2.50 mm in steps of 0.05 mm.");
        Refuse.If(depth > to, "preset.depthBeyondSource", "The depth must not be deeper than the source names.");
        Refuse.If(
            kept.Rate is { Millihertz: < Limits.MinimumRateMillihertz or > Limits.MaximumRateMillihertz },
            "preset.rate",
            "The rate must be 10 … 100 strokes a second.");
        Refuse.If(kept.BurstStrokes is < 0 or > Limits.MaximumBurstStrokes, "preset.burstStrokes", "The strokes of a press must be 0 … 500.");
        return kept with { ZoneIds = [.. kept.ZoneIds.Distinct(StringComparer.Ordinal)] };
    }

    private static void RefuseCap(Depth cap, int deepestMicrometers)
    {
        Refuse.If(
            cap.Micrometers < Limits.MinimumDepthMicrometers || cap.Micrometers > Limits.AbsoluteDepthMicrometers || cap.Micrometers % Limits.DepthStepMicrometers != 0,
            "caps.depth",
            "A cap must be 0.10 … 2.50 mm in steps of 0.05 mm.");
        Refuse.If(cap.Micrometers > deepestMicrometers, "caps.needsUnlock", "Above 1.50 mm a supervisor must unlock: a practitioner's or an engineer's cap ends there.");
    }

    private static void RefuseUnknownZone(string zone) => Refuse.If(Zones.Find(zone) is null, "zone.unknown", $"The map has no zone {zone}.");

    private static bool IsKey(string? key, int most) => key?.Length is > 0 and var length && length <= most && key.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>A key of the name's letters and digits that no preset has.</summary>
    private static string NewKey(Change change, string name)
    {
        StringBuilder letters = new();
        foreach (var c in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
            {
                letters.Append(c);
            }
            else if (letters.Length > 0 && letters[^1] != '-')
            {
                letters.Append('-');
            }
        }

        var stem = letters.ToString().Trim('-') is { Length: > 0 } word ? word : "preset";
        var key = stem;
        for (var i = 2; change.Context.Presets.Any(row => row.Key == key); i++)
        {
            key = string.Create(CultureInfo.InvariantCulture, $"{stem}-{i}");
        }

        return key;
    }

    private static string Difference(DepthCaps before, DepthCaps after)
    {
        List<string> changes = [];
        void Compare(string name, Depth? old, Depth? now)
        {
            if (old != now)
            {
                changes.Add($"{name} {old?.ToString() ?? "none"} → {now?.ToString() ?? "none"}");
            }
        }

        Compare("practitioner", before.Practitioner, after.Practitioner);
        Compare("supervisor", before.Supervisor, after.Supervisor);
        Compare("engineer", before.Engineer, after.Engineer);
        foreach (var zone in before.ByZone.Keys.Union(after.ByZone.Keys).Order(StringComparer.Ordinal))
        {
            Compare(zone, Cap(before, zone), Cap(after, zone));
        }

        return string.Join("; ", changes);

        static Depth? Cap(DepthCaps caps, string zone) => caps.ByZone.TryGetValue(zone, out var cap) ? cap : null;
    }
}
