// Two pages and one device: one controls, the other watches and may ask.

using Microneedling.Tablet.Tests;
using Microsoft.Playwright;

namespace Microneedling.EndToEnd.Tests;

public sealed class ControlTests
{
    [BrowserFact]
    [Trait("Requirement", "UI-4")]
    public async Task A_page_that_watches_can_only_ask_and_gets_control_when_it_is_handed_over()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var first = await TreatPage.OpenAsync(tablet);
        await first.ReadyAsync(tablet);
        await using var second = await TreatPage.OpenBesideAsync(tablet);

        await Assertions.Expect(second.Page.Locator("#state-next")).ToContainTextAsync("controls the device. This page watches.");
        await Assertions.Expect(second.Page.Locator("#zone-name")).ToHaveTextAsync("Cheek, left");
        Assert.True(await second.Page.Locator("#zone-select").IsDisabledAsync());
        Assert.True(await second.Button("0.05 mm deeper").IsDisabledAsync());
        Assert.True(await second.Button("Hold to arm").IsDisabledAsync());
        Assert.True(await second.Button("Finish session").IsDisabledAsync());
        await Pictures.TakeAsync(second.Page, "treat-watching");

        await second.TapAsync("Take control");
        await Assertions.Expect(first.Page.Locator("#state-next")).ToContainTextAsync("asks to control the device.");
        await Pictures.TakeAsync(first.Page, "treat-asked");
        await first.TapAsync("Keep control");
        await Assertions.Expect(second.Button("Take control")).ToBeEnabledAsync();

        await second.TapAsync("Take control");
        await first.TapAsync("Hand over");
        await Assertions.Expect(second.Button("Hold to arm")).ToBeEnabledAsync();
        await Assertions.Expect(first.Button("Hold to arm")).ToBeDisabledAsync();
        await second.ArmAsync();
        await first.SeesTitleAsync("Armed");
        Assert.True(await first.Button("Apply new values").IsHiddenAsync() || await first.Page.Locator("#confirm").IsDisabledAsync());
        await first.TapAsync("Done with this zone");
        await second.SeesTitleAsync("Values confirmed");
    }

    [BrowserFact]
    public async Task Control_of_a_page_that_was_closed_is_free()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var second = await TreatPage.OpenBesideAsync(tablet);
        await using (var first = await TreatPage.OpenAsync(tablet))
        {
            await first.ReadyAsync(tablet);
            await Assertions.Expect(second.Page.Locator("#state-next")).ToContainTextAsync("This page watches.");
        }

        await Assertions.Expect(second.Button("Hold to arm")).ToBeEnabledAsync();
        await second.ArmAsync();
    }
}
