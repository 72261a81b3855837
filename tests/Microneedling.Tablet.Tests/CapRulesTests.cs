// How deep a person may go in a zone: the shallowest of device, role and zone; an unlock lifts role and zone, never a block.

using Microneedling.Client;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Tests;

public sealed class CapRulesTests
{
    private static readonly DepthCaps Caps = new(
        1,
        Depth.FromMicrometers(1000),
        Depth.FromMicrometers(2500),
        Depth.FromMicrometers(1250),
        new Dictionary<string, Depth>
        {
            ["forehead"] = Depth.FromMicrometers(750),
            ["cheek-left"] = Depth.FromMicrometers(2000),
            ["eyelid-left"] = Depth.FromMicrometers(0),
        },
        DateTimeOffset.UnixEpoch,
        new Actor(null, "Owner"));

    [Theory]
    [InlineData("cheek-left", Role.Practitioner, 1000, "caps.role")]
    [InlineData("cheek-left", Role.Engineer, 1250, "caps.role")]
    [InlineData("cheek-left", Role.Supervisor, 1500, "caps.unsupervised")]
    [InlineData("cheek-left", null, 1500, "caps.unsupervised")]
    [InlineData("forehead", Role.Practitioner, 750, "caps.zone")]
    [InlineData("forehead", Role.Supervisor, 750, "caps.zone")]
    [InlineData("neck", Role.Practitioner, 1000, "caps.role")]
    [InlineData("eyelid-left", Role.Supervisor, 0, "caps.blocked")]
    [Trait("Requirement", "UI-3")]
    public void The_shallowest_of_device_role_and_zone_holds(string zone, Role? role, int micrometers, string reason)
    {
        var cap = CapRules.Of(Zones.Find(zone)!, Caps, role);

        Assert.Equal((micrometers, reason), (cap.Depth.Micrometers, cap.Reason));
        Assert.NotEmpty(cap.Words(Texts.Of("es")));
    }

    [Fact]
    [Trait("Requirement", "UI-3")]
    public void An_unlock_goes_to_the_supervisors_cap_but_opens_no_blocked_zone()
    {
        Assert.Equal(2500, CapRules.Unlocked(Zones.Find("forehead")!, Caps).Depth.Micrometers);
        Assert.True(CapRules.Unlocked(Zones.Find("eyelid-left")!, Caps).IsBlocked);
        Assert.Equal(2000, CapRules.Unlocked(Zones.Find("neck")!, Caps with { Supervisor = Depth.FromMicrometers(2000) }).Depth.Micrometers);
    }

    [Fact]
    public async Task No_preset_sets_more_than_the_cap_and_every_preset_has_its_source()
    {
        await using var tablet = await RunningTablet.StartAsync();
        var sheets = new ZoneSheets(tablet.Sessions);
        foreach (var person in new[] { Role.Practitioner, Role.Supervisor, Role.Engineer }.Select(role => new Identity.SignedInPerson(new Actor(1, "P"), role)))
        {
            foreach (var sheet in await sheets.OfAsync(person, Texts.Of("en"), CancellationToken.None))
            {
                Assert.All(sheet.Presets, preset => Assert.InRange(preset.DepthMicrometers, 1, sheet.DepthCapMicrometers));
                Assert.All(sheet.Presets, preset => Assert.Equal(0, preset.DepthMicrometers % 50));
                Assert.All(sheet.Presets, preset => Assert.NotEmpty(preset.Source));
                Assert.Equal(sheet.Presets.OrderBy(preset => Enum.Parse<EvidenceGrade>(preset.Grade)).Select(preset => preset.Key), sheet.Presets.Select(preset => preset.Key));
            }
        }
    }

    [Fact]
    public async Task Sources_that_differ_and_presets_deeper_than_skin_or_cap_are_said()
    {
        await using var tablet = await RunningTablet.StartAsync();
        var sheets = await new ZoneSheets(tablet.Sessions).OfAsync(new Identity.SignedInPerson(new Actor(1, "P"), Role.Practitioner), Texts.Of("en"), CancellationToken.None);
        var cheek = sheets.Single(sheet => sheet.Id == "cheek-left");

        var conflicts = cheek.Presets.SelectMany(preset => preset.Conflicts).ToArray();
        Assert.Contains(conflicts, words => words.StartsWith("Another source differs", StringComparison.Ordinal));
        Assert.Contains(conflicts, words => words.StartsWith("Deeper than the skin is thick here (from 1.07 mm)", StringComparison.Ordinal));
        Assert.Contains(conflicts, words => words.StartsWith("The best-documented device was not evaluated", StringComparison.Ordinal));
        Assert.Empty(sheets.Single(sheet => sheet.Id == "eyelid-left").Presets);
    }
}
