// From a new client to a session that has begun, in a browser, with pictures in both sizes and both themes.

using Microneedling.Tablet.Tests;
using Microsoft.Playwright;

namespace Microneedling.EndToEnd.Tests;

public sealed class ClientTests
{
    private const double SmallestTargetPixels = 48;

    [BrowserTheory]
    [InlineData(1280, 800, "light")]
    [InlineData(1024, 768, "dark")]
    [InlineData(1280, 800, "dark")]
    [InlineData(1024, 768, "light")]
    public async Task A_new_client_is_checked_consents_gets_a_course_and_a_session_begins(int width, int height, string theme)
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet, width, height);
        var page = treat.Page;
        await page.Context.AddCookiesAsync([new Cookie { Name = "theme", Value = theme, Url = tablet.Address.ToString() }]);
        async Task LooksAsync(string name)
        {
            await FitsAsync(page, name);
            await Pictures.TakeAsync(page, $"clients-{width}-{theme}-{name}");
        }

        await TreatPage.GoAsync(page, new Uri(tablet.Address, "/clients").ToString());
        await LooksAsync("none");
        await treat.TapAsync("New client");
        await page.GetByText("Not checked yet").WaitForAsync();
        await LooksAsync("client-new");
        string client = new Uri(page.Url).AbsolutePath;

        await page.GetByRole(AriaRole.Link, new() { Name = "Change" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Ana Example");
        await page.GetByLabel("Year of birth").FillAsync("19x7");
        await page.GetByText("III", new() { Exact = true }).ClickAsync();
        await treat.TapAsync("Keep");
        await page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Enter a whole number" }).WaitForAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.activeElement.classList.contains('form-errors')"), "The summary of errors has no focus.");
        await LooksAsync("details-error");
        await page.GetByLabel("Year of birth").FillAsync("1987");
        await treat.TapAsync("Keep");
        await page.GetByText("The details were kept.").WaitForAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Check", Exact = true }).ClickAsync();
        await treat.TapAsync("Keep the answers");
        await page.GetByText("Not answered yet").First.WaitForAsync();
        await LooksAsync("check-unanswered");
        foreach (var no in await page.GetByText("No", new() { Exact = true }).AllAsync())
        {
            await no.ClickAsync();
        }

        await page.GetByText("Yes", new() { Exact = true }).First.ClickAsync();
        await LooksAsync("check-answered");
        await treat.TapAsync("Keep the answers");
        await page.GetByText("Not suitable", new() { Exact = true }).WaitForAsync();
        await LooksAsync("check-unsuitable");
        await page.GetByLabel("Reason").FillAsync("Healed three years ago; cleared by Dr. Example.");
        await treat.TapAsync("Override");
        await page.GetByText("The override was kept.").WaitForAsync();
        await LooksAsync("check-overridden");
        await page.GetByRole(AriaRole.Link, new() { Name = "Prepare a session" }).ClickAsync();
        await LooksAsync("prepare-missing");

        await page.GetByRole(AriaRole.Link, new() { Name = "Note consent" }).ClickAsync();
        await LooksAsync("consent");
        await treat.TapAsync("The client has consented");
        await page.GetByText("The consent was noted.").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New course" }).ClickAsync();
        await page.GetByLabel("What for").FillAsync("Acne scars, cheeks");
        await page.GetByLabel("Sessions planned").FillAsync("4");
        await page.GetByLabel("Days between sessions").FillAsync("30");
        await LooksAsync("course");
        await treat.TapAsync("Begin the course");
        await page.GetByText("Session 1 of 4").ClickAsync();

        await page.GetByLabel("Type").FillAsync("Example 12");
        await page.GetByLabel("Needles").FillAsync("12");
        await page.GetByLabel("Lot").FillAsync("L-2026-11");
        await page.GetByLabel("Use by").FillAsync("2020-01-31");
        await treat.TapAsync("Begin the session");
        await page.GetByText("expired on 2020-01-31").First.WaitForAsync();
        Assert.Equal("L-2026-11", await page.GetByLabel("Lot").InputValueAsync());
        await LooksAsync("prepare-expired");
        await page.GetByLabel("Use by").FillAsync("2099-12-31");
        await LooksAsync("prepare-ready");
        await treat.TapAsync("Begin the session");
        await Assertions.Expect(page).ToHaveURLAsync(tablet.Address.ToString());

        await TreatPage.GoAsync(page, new Uri(tablet.Address, client).ToString());
        await page.GetByText("0 of 4 sessions done").WaitForAsync();
        await LooksAsync("client-full");
        await TreatPage.GoAsync(page, new Uri(tablet.Address, "/clients").ToString());
        await LooksAsync("list");
        await TreatPage.GoAsync(page, new Uri(tablet.Address, "/prepare").ToString());
        await page.GetByText("A session is open already").WaitForAsync();
        await LooksAsync("prepare-open");
        await TreatPage.GoAsync(page, new Uri(tablet.Address, "/sessions/1/follow-up").ToString());
        await LooksAsync("follow-up");
        Assert.Empty(treat.Complaints);
    }

    [BrowserTheory]
    [InlineData(1280, 800, "light")]
    [InlineData(1024, 768, "dark")]
    [InlineData(390, 844, "light")]
    public async Task The_sites_rules_fit_the_screen(int width, int height, string theme)
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet, width, height);
        var page = treat.Page;
        await page.Context.AddCookiesAsync([new Cookie { Name = "theme", Value = theme, Url = tablet.Address.ToString() }]);
        string key = (await tablet.Sessions.Site.PresetsAsync())[0].Key;
        foreach (string path in (string[])["settings/checklist", "settings/checklist/1", "settings/presets", $"settings/presets/{key}", "settings/presets/new", "settings/caps", "clients", "prepare/test-block"])
        {
            await TreatPage.GoAsync(page, new Uri(tablet.Address, path).ToString());
            await FitsAsync(page, path);
            await Pictures.TakeAsync(page, $"site-{width}-{theme}-{path.Replace('/', '-')}");
        }

        Assert.Empty(treat.Complaints);
    }

    /// <summary>No sideways scrolling, and every target large enough for a finger.</summary>
    private static async Task FitsAsync(IPage page, string name)
    {
        await TreatPage.HasLoadedAsync(page);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name}: the page scrolls sideways.");
        string small = await page.EvaluateAsync<string>(
            """
            smallest => [...document.querySelectorAll("main :is(a, button, input, select, textarea, summary)")]
              .filter(element => element.type !== "hidden" && element.checkVisibility())
              .map(element => [element, (element.closest("label") ?? element).getBoundingClientRect()])
              .filter(([, box]) => box.width < smallest || box.height < smallest)
              .map(([element, box]) => `${element.tagName} '${element.innerText || element.name}' is ${box.width} × ${box.height}`)
              .join("; ")
            """,
            SmallestTargetPixels);
        Assert.True(small.Length == 0, $"{name}: {small}");
    }
}
