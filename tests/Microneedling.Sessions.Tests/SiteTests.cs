// Checklist, depth caps and presets: what is built in, and that versions are only added.

using System.Globalization;
using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Clinic.BuiltIn;

namespace Microneedling.Sessions.Tests;

public class SiteTests : IDisposable
{
    private readonly Record record;
    private readonly SetClock clock = new(Make.Start);

    public SiteTests()
        : this(new Record())
    {
    }

    private protected SiteTests(Record record) => this.record = record;

    public void Dispose()
    {
        record.Dispose();
        GC.SuppressFinalize(this);
    }

    [RecordFact]
    public async Task A_new_record_begins_with_the_built_in_versions_and_seeds_them_once()
    {
        await (await OpenAsync()).DisposeAsync();
        clock.Now = Make.Start.AddDays(1);
        await using var store = await OpenAsync();

        var checklist = await store.Site.ChecklistAsync();
        var caps = await store.Site.CapsAsync();
        var presets = await store.Site.PresetsAsync();

        Assert.Equal((1, 1), (checklist.Version, caps.Version));
        Assert.Equal(BuiltInChecklist.Items, checklist.Items);
        Assert.Equal(28, presets.Count);
        Assert.All(presets, preset => Assert.Equal((1, Make.Start, Seed.BuiltIn), (preset.Version, preset.CreatedAt, preset.By)));
        Assert.Equal((Make.Start, Seed.BuiltIn), (checklist.CreatedAt, checklist.By));
        Assert.Equal((Make.Start, Seed.BuiltIn), (caps.CreatedAt, caps.By));
    }

    [RecordFact]
    public async Task What_is_built_in_could_have_been_laid_down_by_hand()
    {
        await using var store = await OpenAsync();

        Assert.Equal(BuiltInChecklist.Items, (await store.Site.SetChecklistAsync(Make.Owner, BuiltInChecklist.Items)).Items);
        Assert.Equal(2, (await store.Site.SetCapsAsync(Make.Owner, await store.Site.CapsAsync())).Version);
        foreach (var preset in await store.Site.PresetsAsync())
        {
            Assert.Equal(2, (await store.Site.SetPresetAsync(Make.Owner, preset)).Version);
        }
    }

    [RecordFact]
    public async Task Built_in_caps_block_the_eyelids_and_cover_every_zone()
    {
        await using var store = await OpenAsync();
        var caps = await store.Site.CapsAsync();

        Assert.Equal(Zones.All.Select(zone => zone.Id).Order(), caps.ByZone.Keys.Order());
        Assert.Equal(["eyelid-left", "eyelid-right"], caps.ByZone.Where(zone => zone.Value.Micrometers == 0).Select(zone => zone.Key).Order());
        Assert.Equal((1000, 2500, 1500), (caps.Of(Role.Practitioner).Micrometers, caps.Of(Role.Supervisor).Micrometers, caps.Of(Role.Engineer).Micrometers));
        (string Zone, int Micrometers)[] expected =
        [
            ("forehead", 750), ("glabella", 1050), ("temple-left", 950), ("periorbital-left", 500), ("nose", 500), ("cheek-left", 2000), ("perioral", 750), ("chin", 2000),
            ("submandibular", 1050), ("neck", 1150), ("scalp", 1200), ("decollete", 500), ("abdomen", 2500), ("hand-left", 500), ("thigh-left", 2000),
        ];
        Assert.All(expected, cap => Assert.Equal(cap.Micrometers, caps.ByZone[cap.Zone].Micrometers));
        Assert.All(caps.ByZone.Where(zone => zone.Key.EndsWith("-left", StringComparison.Ordinal)), zone => Assert.Equal(zone.Value, caps.ByZone[zone.Key.Replace("-left", "-right", StringComparison.Ordinal)]));
    }

    [RecordFact]
    public async Task Built_in_presets_never_set_more_than_their_source_or_a_zones_cap_and_never_on_an_eyelid()
    {
        await using var store = await OpenAsync();
        var caps = await store.Site.CapsAsync();

        foreach (var preset in await store.Site.PresetsAsync())
        {
            Assert.Equal(Math.Max(Limits.MinimumDepthMicrometers, preset.DepthFrom.Micrometers), preset.Depth.Micrometers);
            Assert.All(preset.ZoneIds, zone => Assert.True(preset.Depth <= caps.ByZone[zone], $"{preset.Key} sets {preset.Depth} on {zone}."));
            Assert.NotEmpty(preset.Source);
            Assert.False(preset.IsRetired);
            Assert.Null(preset.Rate);
            Assert.Null(preset.BurstStrokes);
        }
    }

    [RecordFact]
    public async Task Only_cleared_uses_are_on_label_and_what_has_no_source_says_so()
    {
        await using var store = await OpenAsync();
        var presets = await store.Site.PresetsAsync();

        Assert.Equal(["Abdominal scars", "Facial acne scars", "Facial wrinkles", "Neck wrinkles"], presets.Where(preset => preset.OnLabel).Select(preset => preset.Indication).Distinct().Order());
        Assert.All(presets.Where(preset => preset.OnLabel), preset => Assert.Contains("age of 22", preset.Notes, StringComparison.Ordinal));
        Assert.Equal(["decollete-assumption", "hands-assumption", "neck-assumption"], presets.Where(preset => preset.Grade == EvidenceGrade.Assumption).Select(preset => preset.Key).Order());
        Assert.DoesNotContain(presets, preset => preset.Indication.Contains("pores", StringComparison.OrdinalIgnoreCase) || preset.Indication.Contains("fine lines", StringComparison.OrdinalIgnoreCase));
        var cheek = presets.Single(preset => preset.Key == "cheek-sellers-guide-thin");
        Assert.Equal((500, 1000, 500, EvidenceGrade.SellersGuide, false), (cheek.DepthFrom.Micrometers, cheek.DepthTo.Micrometers, cheek.Depth.Micrometers, cheek.Grade, cheek.OnLabel));
    }

    [RecordFact]
    public async Task A_checklist_is_followed_never_changed()
    {
        await using var store = await OpenAsync();
        clock.Now = Make.Start.AddDays(1);
        ChecklistItem[] items = [new("b", " ¿Otra? ", ChecklistWeight.Remark, ""), new("a-1", new string('q', 300), ChecklistWeight.Blocks, new string('s', 300))];

        var set = await store.Site.SetChecklistAsync(Make.Owner, items);

        Assert.Equal((2, clock.Now, Make.Owner), (set.Version, set.CreatedAt, set.By));
        Assert.Equal([items[0] with { Question = "¿Otra?" }, items[1]], (await store.Site.ChecklistAsync()).Items);
        Assert.Equal(BuiltInChecklist.Items, (await store.Site.ChecklistAsync(1))!.Items);
        Assert.Equal(2, (await store.Site.ChecklistAsync(2))!.Version);
        Assert.Null(await store.Site.ChecklistAsync(3));
        Assert.Null(await store.Site.ChecklistAsync(0));
    }

    [RecordFact]
    public async Task A_checklist_that_will_not_do_is_refused()
    {
        await using var store = await OpenAsync();
        var good = new ChecklistItem("good", "Good?", ChecklistWeight.Blocks, "");
        (string Code, ChecklistItem[] Items)[] bad =
        [
            ("checklist.items", []),
            ("checklist.items", [.. Enumerable.Range(0, 101).Select(i => good with { Id = $"i{i}" })]),
            ("checklist.idTwice", [good, good with { Question = "Other?" }]),
            ("checklist.id", [good with { Id = "" }]),
            ("checklist.id", [good with { Id = "Good" }]),
            ("checklist.id", [good with { Id = new string('i', 41) }]),
            ("checklist.question", [good with { Question = "  " }]),
            ("checklist.question", [good with { Question = new string('q', 301) }]),
            ("checklist.source", [good with { Source = new string('s', 301) }]),
            ("checklist.weight", [good with { Weight = 0 }]),
        ];
        foreach (var (code, items) in bad)
        {
            await Refusal.Is(code, () => store.Site.SetChecklistAsync(Make.Owner, items));
        }

        Assert.Equal(1, (await store.Site.ChecklistAsync()).Version);
    }

    [RecordFact]
    public async Task Caps_are_taken_to_their_edges_and_followed_never_changed()
    {
        await using var store = await OpenAsync();
        var edges = Caps(1500, 2500, 100, ("nose", 2500), ("chin", 100), ("neck", 0));

        var set = await store.Site.SetCapsAsync(Make.Owner, edges);

        Assert.Equal((2, Make.Owner), (set.Version, set.By));
        var read = await store.Site.CapsAsync();
        Assert.Equal((1500, 2500, 100), (read.Practitioner.Micrometers, read.Supervisor.Micrometers, read.Engineer.Micrometers));
        Assert.Equal(edges.ByZone.OrderBy(zone => zone.Key), read.ByZone.OrderBy(zone => zone.Key));
        using var connection = record.OpenAsAnotherProgram();
        Assert.Equal(1000, Convert.ToInt32(connection.Scalar("SELECT PractitionerMicrometers FROM DepthCaps WHERE Version = 1"), CultureInfo.InvariantCulture));
    }

    [RecordFact]
    public async Task Caps_beyond_their_edges_are_refused()
    {
        await using var store = await OpenAsync();
        (string Code, DepthCaps Caps)[] bad =
        [
            ("caps.needsUnlock", Caps(1550, 2500, 1500)),
            ("caps.needsUnlock", Caps(1500, 2500, 1550)),
            ("caps.depth", Caps(50, 2500, 1500)),
            ("caps.depth", Caps(0, 2500, 1500)),
            ("caps.depth", Caps(1000, 2550, 1500)),
            ("caps.depth", Caps(1010, 2500, 1500)),
            ("caps.depth", Caps(1000, 2500, -100)),
            ("caps.depth", Caps(1000, 2500, 1500, ("nose", 2550))),
            ("caps.depth", Caps(1000, 2500, 1500, ("nose", 75))),
            ("caps.depth", Caps(1000, 2500, 1500, ("nose", -50))),
            ("zone.unknown", Caps(1000, 2500, 1500, ("Nose", 500))),
        ];
        foreach (var (code, caps) in bad)
        {
            await Refusal.Is(code, () => store.Site.SetCapsAsync(Make.Owner, caps));
        }

        Assert.Equal(1, (await store.Site.CapsAsync()).Version);
    }

    [RecordFact]
    public async Task A_preset_is_followed_never_changed()
    {
        await using var store = await OpenAsync();
        var added = await store.Site.SetPresetAsync(Make.Owner, Preset());
        clock.Now = Make.Start.AddDays(1);
        var second = await store.Site.SetPresetAsync(Make.Owner, added with
        {
            Version = 17,
            Name = "Otra",
            Depth = Depth.FromMicrometers(100),
            DepthFrom = Depth.FromMicrometers(1),
            Rate = StrokeRate.FromMillihertz(10_000),
            BurstStrokes = 0,
            CreatedAt = default,
            By = Seed.BuiltIn,
        });
        var retired = await store.Site.SetPresetAsync(Make.Owner, second with { IsRetired = true });

        Assert.Equal(("my-cheek-1", 1, Make.Start), (added.Key, added.Version, added.CreatedAt));
        Assert.Equal((2, "Otra", clock.Now, Make.Owner), (second.Version, second.Name, second.CreatedAt, second.By));
        var versions = await store.Site.PresetVersionsAsync("my-cheek-1");
        Assert.Equal([3, 2, 1], versions.Select(preset => preset.Version));
        AssertSame(added, versions[2]);
        AssertSame(second, versions[1]);
        AssertSame(retired, Assert.Single(await store.Site.PresetsAsync(), preset => preset.Key == added.Key));
        Assert.Empty(await store.Site.PresetVersionsAsync("nothing"));
    }

    [RecordFact]
    public async Task Presets_of_one_name_get_keys_of_their_own_and_are_listed_by_name()
    {
        await using var store = await OpenAsync();
        var keys = new List<string>();
        foreach (var name in new[] { "My cheek (1)", "my CHEEK 1", "ñ", "ñ" })
        {
            keys.Add((await store.Site.SetPresetAsync(Make.Owner, Preset() with { Name = name })).Key);
        }

        Assert.Equal(["my-cheek-1", "my-cheek-1-2", "preset", "preset-2"], keys);
        var names = (await store.Site.PresetsAsync()).Select(preset => preset.Name.ToUpperInvariant()).ToArray();
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [RecordFact]
    public async Task A_preset_that_will_not_do_is_refused()
    {
        await using var store = await OpenAsync();
        var before = (await store.Site.PresetsAsync()).Count;
        (string Code, Preset Preset)[] bad =
        [
            ("preset.unknown", Preset() with { Key = "nothing" }),
            ("preset.name", Preset() with { Name = " " }),
            ("preset.name", Preset() with { Name = new string('n', 81) }),
            ("preset.zones", Preset() with { ZoneIds = [] }),
            ("zone.unknown", Preset() with { ZoneIds = ["nose", "ear"] }),
            ("preset.range", Preset() with { DepthFrom = Depth.FromMicrometers(1001) }),
            ("preset.range", Preset() with { DepthFrom = Depth.FromMicrometers(0) }),
            ("preset.range", Preset() with { DepthTo = Depth.FromMicrometers(5001) }),
            ("preset.depth", Preset() with { Depth = Depth.FromMicrometers(50) }),
            ("preset.depth", Preset() with { Depth = Depth.FromMicrometers(2550), DepthTo = Depth.FromMicrometers(3000) }),
            ("preset.depth", Preset() with { Depth = Depth.FromMicrometers(510) }),
            ("preset.depthBeyondSource", Preset() with { Depth = Depth.FromMicrometers(1050) }),
            ("preset.rate", Preset() with { Rate = StrokeRate.FromMillihertz(9_999) }),
            ("preset.rate", Preset() with { Rate = StrokeRate.FromMillihertz(100_001) }),
            ("preset.burstStrokes", Preset() with { BurstStrokes = -1 }),
            ("preset.burstStrokes", Preset() with { BurstStrokes = 501 }),
            ("preset.source", Preset() with { Source = "" }),
            ("preset.grade", Preset() with { Grade = 0 }),
            ("preset.indication", Preset() with { Indication = new string('i', 121) }),
            ("preset.notes", Preset() with { Notes = new string('n', 1001) }),
        ];
        foreach (var (code, preset) in bad)
        {
            await Refusal.Is(code, () => store.Site.SetPresetAsync(Make.Owner, preset));
        }

        Assert.Equal(before, (await store.Site.PresetsAsync()).Count);
    }

    [RecordFact]
    public async Task Two_programs_that_lay_down_rules_at_once_lose_none()
    {
        await using var store = await OpenAsync();
        await using var beside = await OpenAsync();
        var caps = Caps(1000, 2500, 1500);
        var preset = await store.Site.SetPresetAsync(Make.Owner, Preset());

        var capVersions = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? store : beside).Site.SetCapsAsync(Make.Owner, caps)));
        var presetVersions = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? store : beside).Site.SetPresetAsync(Make.Owner, preset)));

        Assert.Equal(Enumerable.Range(2, 10), capVersions.Select(c => c.Version).Order());
        Assert.Equal(Enumerable.Range(2, 10), presetVersions.Select(p => p.Version).Order());
    }

    private Task<SessionStore> OpenAsync() => SessionStore.OpenAsync(record.Path, clock);

    private static DepthCaps Caps(int practitioner, int supervisor, int engineer, params (string Zone, int Micrometers)[] zones) => new(
        99,
        Depth.FromMicrometers(practitioner),
        Depth.FromMicrometers(supervisor),
        Depth.FromMicrometers(engineer),
        zones.ToDictionary(zone => zone.Zone, zone => Depth.FromMicrometers(zone.Micrometers)),
        default,
        Seed.BuiltIn);

    private static Preset Preset() => new(
        "",
        99,
        "My cheek (1)",
        ["cheek-left", "cheek-right"],
        "Acne scars",
        Depth.FromMicrometers(500),
        Depth.FromMicrometers(1000),
        Depth.FromMicrometers(1000),
        StrokeRate.FromMillihertz(100_000),
        500,
        "Somebody",
        EvidenceGrade.Assumption,
        false,
        "Two\nlines",
        false,
        default,
        Seed.BuiltIn);

    private static void AssertSame(Preset expected, Preset actual)
    {
        Assert.Equal(expected.ZoneIds, actual.ZoneIds);
        Assert.Equal(expected with { ZoneIds = actual.ZoneIds }, actual);
    }
}
