// The site's rules on their pages: each change is the next version, an earlier one stays as it is.

using Microneedling.Client;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Tests;

public sealed class SitePageTests(SharedTablet shared) : IClassFixture<SharedTablet>
{
    private static readonly (string Name, string Value)[] GoodPreset =
    [
        ("name", "Cheek, ours"), ("zones", "cheek-left"), ("zones", "cheek-right"), ("indication", "Texture"), ("depthFrom", "0.33"), ("depthTo", "0,75"), ("depth", "0.50"),
        ("rate", "60"), ("mode", "Stamp"), ("burstStrokes", "5"), ("source", "Our own series"), ("grade", "Trial"), ("onLabel", "False"), ("notes", ""),
    ];

    private SiteStore Site => shared.Record.Site;

    [Fact]
    public async Task The_checklist_is_rearranged_on_the_page_and_saved_as_the_next_version()
    {
        var before = await Site.ChecklistAsync();
        using var browser = new FormBrowser(shared.Tablet);

        var page = await browser.OpenAsync("/settings/checklist");
        page = await browser.SubmitAsync(page, "Row", ("change", "down-0"));
        page = await browser.SubmitAsync(page, "Row", ("change", "remove-2"));
        page = await browser.SubmitAsync(page, "Row", ("change", "add"));
        int last = before.Items.Count - 1;
        Assert.Equal(before.Version, (await Site.ChecklistAsync()).Version);
        var refused = await browser.SubmitAsync(page, null, ($"source-{last}", "Our doctor"));
        page = await browser.SubmitAsync(refused, null, ($"question-{last}", "¿Está usted <resfriada>?"), ($"weight-{last}", "Remark"));

        Assert.Equal("Fill this in.", refused.ErrorOf($"question-{last}"));
        Assert.Equal("Our doctor", refused.ValueOf($"source-{last}"));
        var after = await Site.ChecklistAsync();
        Assert.Equal(before.Version + 1, after.Version);
        Assert.Contains($"Version {after.Version} is in force.", page.Words, StringComparison.Ordinal);
        Assert.Equal([before.Items[1], before.Items[0], .. before.Items.Skip(3)], after.Items.SkipLast(1));
        Assert.Equal(new ChecklistItem(after.Items[^1].Id, "¿Está usted <resfriada>?", ChecklistWeight.Remark, "Our doctor"), after.Items[^1]);
        Assert.Matches("^[a-z0-9-]+$", after.Items[^1].Id);
        var earlier = await browser.OpenAsync($"/settings/checklist/{before.Version}");
        Assert.Contains(before.Items[2].Question, earlier.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("<resfriada>", (await browser.OpenAsync($"/settings/checklist/{after.Version}")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checklist_page_that_is_older_than_the_rule_is_refused_with_what_was_typed()
    {
        using var browser = new FormBrowser(shared.Tablet);
        var stale = await browser.OpenAsync("/settings/checklist");
        await Site.SetChecklistAsync(new Actor(null, "Another"), (await Site.ChecklistAsync()).Items);
        int version = (await Site.ChecklistAsync()).Version;

        var shown = await browser.SubmitAsync(stale, null, ("source-0", "Typed"));

        Assert.Contains($"Somebody has laid down version {version} meanwhile.", Assert.Single(shown.Errors), StringComparison.Ordinal);
        Assert.Equal("Typed", shown.ValueOf("source-0"));
        Assert.Equal(version, (await Site.ChecklistAsync()).Version);
    }

    [Fact]
    public async Task An_empty_checklist_is_refused()
    {
        int version = (await Site.ChecklistAsync()).Version;
        using var browser = new FormBrowser(shared.Tablet);

        var shown = await browser.SubmitAsync("/settings/checklist", null, ("rows", "0"));

        Assert.Contains("A checklist needs at least one question. Add one.", shown.Errors);
        Assert.Equal(version, (await Site.ChecklistAsync()).Version);
    }

    [Theory]
    [InlineData("practitioner", "1.50", null)]
    [InlineData("practitioner", "0,10", null)]
    [InlineData("practitioner", "1.55", "Enter millimetres from 0.10 to 1.50, in steps of 0.05.")]
    [InlineData("practitioner", "0.05", "Enter millimetres from 0.10 to 1.50, in steps of 0.05.")]
    [InlineData("practitioner", "0.52", "Enter millimetres from 0.10 to 1.50, in steps of 0.05.")]
    [InlineData("practitioner", "", "Enter millimetres from 0.10 to 1.50, in steps of 0.05.")]
    [InlineData("supervisor", "2.50", null)]
    [InlineData("supervisor", "2.55", "Enter millimetres from 0.10 to 2.50, in steps of 0.05.")]
    [InlineData("engineer", "1e0", "Enter millimetres from 0.10 to 1.50, in steps of 0.05.")]
    [InlineData("zone-chin", "", null)]
    [InlineData("zone-chin", "0", null)]
    [InlineData("zone-chin", "0.00", null)]
    [InlineData("zone-chin", "2.50", null)]
    [InlineData("zone-chin", "-0.50", "Enter millimetres from 0.10 to 2.50, in steps of 0.05.")]
    public async Task A_depth_cap_has_its_edges(string field, string typed, string? error)
    {
        var before = await Site.CapsAsync();
        using var browser = new FormBrowser(shared.Tablet);

        var shown = await browser.SubmitAsync("/settings/caps", null, (field, typed));

        Assert.Equal(error, shown.ErrorOf(field));
        var after = await Site.CapsAsync();
        Assert.Equal(before.Version + (error is null ? 1 : 0), after.Version);
        if (error is not null)
        {
            Assert.Equal(typed, shown.ValueOf(field));
            return;
        }

        Depth? expected = typed.Length == 0 ? null : Depth.FromMillimeters(double.Parse(typed.Replace(',', '.'), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(expected, field switch
        {
            "practitioner" => after.Practitioner,
            "supervisor" => after.Supervisor,
            _ => after.ByZone.TryGetValue("chin", out var cap) ? cap : null,
        });
        Assert.Equal(before.ByZone.Where(cap => cap.Key != "chin").OrderBy(cap => cap.Key), after.ByZone.Where(cap => cap.Key != "chin").OrderBy(cap => cap.Key));
    }

    [Fact]
    public async Task A_preset_is_made_then_changed_into_its_next_version_and_retired()
    {
        using var browser = new FormBrowser(shared.Tablet);

        var made = await browser.SubmitAsync("/settings/presets/new", null, GoodPreset);
        string key = made.Address["/settings/presets/".Length..];
        var changed = await browser.SubmitAsync(made, null, ("depth", "0.60"), ("mode", "Unchanged"), ("rate", ""));
        var retired = await browser.SubmitAsync(changed, "Retire");
        var offered = await browser.OpenAsync("/settings/presets?zone=cheek-left");

        Assert.Contains("Version 1 stays as it is", made.Words, StringComparison.Ordinal);
        Assert.Contains("Version 2 was kept.", changed.Words, StringComparison.Ordinal);
        Assert.Contains("Retired: it is not offered any more.", retired.Words, StringComparison.Ordinal);
        var versions = await Site.PresetVersionsAsync(key);
        Assert.Equal([3, 2, 1], versions.Select(version => version.Version));
        var first = versions[2];
        Assert.Equal(["cheek-left", "cheek-right"], first.ZoneIds.Order());
        Assert.Equal((330, 750, 500, 60_000, 5), (first.DepthFrom.Micrometers, first.DepthTo.Micrometers, first.Depth.Micrometers, first.Rate!.Value.Millihertz, first.BurstStrokes!.Value));
        Assert.Equal((600, null, null), (versions[1].Depth.Micrometers, versions[1].Rate, versions[1].BurstStrokes));
        Assert.True(versions[0].IsRetired);
        Assert.Equal(versions[1].Depth, versions[0].Depth);
        Assert.Contains("Retired: 1", offered.Words, StringComparison.Ordinal);
        Assert.False((await Site.PresetVersionsAsync(key))[1].IsRetired);

        await browser.SubmitAsync($"/settings/presets/{key}", "Retire");
        Assert.False((await Site.PresetVersionsAsync(key))[0].IsRetired);
    }

    [Theory]
    [InlineData("name", "", "Fill this in.")]
    [InlineData("zones", "", "Choose at least one zone.")]
    [InlineData("zones", "no-such-zone", "Choose at least one zone.")]
    [InlineData("depthFrom", "0", "Enter millimetres from 0.01 to 5.00, in steps of 0.01.")]
    [InlineData("depthTo", "0.30", "Must not be less than the shallowest of the source.")]
    [InlineData("depth", "0.80", "The depth must not be deeper than the source names.")]
    [InlineData("depth", "0.52", "Enter millimetres from 0.10 to 2.50, in steps of 0.05.")]
    [InlineData("rate", "101", "Enter strokes per second from 10 to 100, to a tenth.")]
    [InlineData("rate", "60.05", "Enter strokes per second from 10 to 100, to a tenth.")]
    [InlineData("burstStrokes", "", "Enter a whole number from 1 to 500.")]
    [InlineData("burstStrokes", "501", "Enter a whole number from 1 to 500.")]
    [InlineData("source", "", "Fill this in.")]
    [InlineData("grade", "Best", "Choose one.")]
    public async Task A_preset_that_will_not_do_is_refused_at_its_field(string field, string typed, string error)
    {
        int before = (await Site.PresetsAsync()).Count;
        using var browser = new FormBrowser(shared.Tablet);

        var shown = await browser.SubmitAsync("/settings/presets/new", null, [.. GoodPreset.Where(entry => entry.Name != field), (field, typed)]);

        Assert.Equal(error, shown.ErrorOf(field));
        Assert.Equal("Our own series", field == "source" ? "Our own series" : shown.ValueOf("source"));
        Assert.Equal(before, (await Site.PresetsAsync()).Count);
    }

    [Fact]
    public async Task The_pages_are_there_in_spanish()
    {
        using var browser = new FormBrowser(shared.Tablet, "es");
        foreach (var (address, words) in ((string, string)[])[
            ("/clients", "Nuevo cliente"), ("/prepare", "¿A quién trata?"), ("/prepare/test-block", "Empezar la sesión"),
            ("/settings/checklist", "Qué significa un sí"), ("/settings/caps", "Límites de profundidad"), ("/settings/presets", "Guía del vendedor"), ("/settings/presets/new", "Crear el preajuste")])
        {
            Assert.Contains(words, (await browser.OpenAsync(address)).Words, StringComparison.Ordinal);
        }
    }
}
