// Setting up, signing in and out, and STOP without a sign-in, pressed through the pages; and how these pages look.

using Microneedling.Protocol;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Tests;
using Microneedling.Tablet.Tests.SigningIn;
using Microsoft.Playwright;

namespace Microneedling.EndToEnd.Tests;

public sealed class SigningInTests
{
    private const int SmallestTargetPixels = 48;
    private const string Pin = StaffedTablet.Pin;

    [BrowserFact]
    public async Task The_first_supervisor_is_set_up_signs_out_and_signs_in_again_by_the_keypad()
    {
        await using var tablet = await StaffedTablet.ReadyAsync();
        await using var browser = await TreatPage.OpenAsync(tablet);
        var page = browser.Page;
        await TreatPage.GoAsync(page, $"{tablet.Address}settings");
        await page.GetByRole(AriaRole.Link, new() { Name = "Set up the first supervisor" }).ClickAsync();
        await page.GetByLabel("Name, as the others know it").FillAsync("Sofia Rivera");
        await page.GetByLabel("PIN", new() { Exact = true }).FillAsync(Pin);
        await page.GetByLabel("The same PIN again").FillAsync("246811");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await SeesAsync(page, "The two PINs differ.");
        await page.GetByLabel("PIN", new() { Exact = true }).FillAsync(Pin);
        await page.GetByLabel("The same PIN again").FillAsync(Pin);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();

        await SeesAsync(page, "Who is here?");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sofia Rivera" }).ClickAsync();
        await TypeAsync(page, "111111");
        await SeesAsync(page, "This PIN is not right.");
        await TypeAsync(page, Pin);
        await SeesAsync(page, "What the roles may do");
        Assert.EndsWith("/settings/people", page.Url, StringComparison.Ordinal);
        Assert.Equal("Sofia Rivera", await page.Locator(".person-name").InnerTextAsync());

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await SeesAsync(page, "Who is here?");
        await TreatPage.GoAsync(page, $"{tablet.Address}settings/audit");
        Assert.Contains("/signin?return=", page.Url, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { Name = "Sofia Rivera" }).ClickAsync();
        await page.Locator("#pin").WaitForAsync();
        await TreatPage.HasLoadedAsync(page);
        await page.Keyboard.TypeAsync(Pin);
        await page.Keyboard.PressAsync("Enter");
        await SeesAsync(page, "Wrong PIN");
        Assert.EndsWith("/settings/audit", page.Url, StringComparison.Ordinal);
        Assert.All(browser.Complaints, complaint => Assert.Matches("the server responded with a status of 401 ", complaint));
    }

    [BrowserFact]
    public async Task The_keypad_works_without_script_and_five_wrong_PINs_lock_with_words()
    {
        await using var tablet = await StaffedTablet.ReadyAsync();
        await StaffedTablet.AddAsync(tablet, "Sofia Rivera", Role.Supervisor);
        await using var browser = await TreatPage.OpenAsync(tablet, script: false);
        var page = browser.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Sofia Rivera" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "9", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the last digit" }).ClickAsync();
        await TypeAsync(page, Pin);
        await Assertions.Expect(page.Locator(".person-name")).ToHaveTextAsync("Sofia Rivera");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Sofia Rivera" }).ClickAsync();
        for (int attempt = 1; attempt <= 5; attempt++)
        {
            await page.Locator("#pin").FillAsync("000000");
            await page.Keyboard.PressAsync("Enter");
        }

        await SeesAsync(page, "No PIN is taken before");
    }

    [BrowserFact]
    public async Task STOP_on_the_sign_in_page_stops_the_needles_although_nobody_is_signed_in_there()
    {
        await using var tablet = await StaffedTablet.ReadyAsync();
        var person = await StaffedTablet.AddAsync(tablet, "Sofia Rivera", Role.Supervisor);
        using var visitor = new Visitor(tablet.Address);
        await visitor.SignInAsync(person, Pin);
        await using var practitioner = await WatchingPage.OpenAsync(tablet, visitor.SignInCookie);
        await using var browser = await TreatPage.OpenAsync(tablet, installed: true);
        await SeesAsync(browser.Page, "Who is here?");
        await browser.Page.EvaluateAsync("navigator.serviceWorker.ready.then(() => true)");

        foreach (string how in new[] { "tap", "Escape" })
        {
            await practitioner.RunAsync(tablet);
            if (how == "tap")
            {
                await browser.Page.GetByText("STOP", new() { Exact = true }).ClickAsync();
            }
            else
            {
                await browser.Page.Keyboard.PressAsync(how);
            }

            await practitioner.SeesAsync(DeviceState.Parked);
            await Assertions.Expect(browser.Page.Locator("#stop-status")).ToHaveTextAsync("Stopped");
            Assert.True(practitioner.IsPresent);
            Assert.False(tablet.Bench.NeedlesOut);
            tablet.Bench.ReleaseTrigger();
        }

        Assert.Empty(browser.Complaints);
    }

    [BrowserFact]
    public async Task When_the_sign_in_ends_the_page_goes_to_where_one_signs_in_and_comes_back()
    {
        await using var tablet = await StaffedTablet.ReadyAsync();
        var person = await StaffedTablet.AddAsync(tablet, "Sofia Rivera", Role.Supervisor);
        await using var browser = await TreatPage.OpenAsync(tablet);
        var page = browser.Page;
        await TreatPage.GoAsync(page, $"{tablet.Address}settings/database");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sofia Rivera" }).ClickAsync();
        await TypeAsync(page, Pin);
        await SeesAsync(page, "Free on this disk");
        await Assertions.Expect(page.Locator("#link")).ToHaveTextAsync("Live");

        tablet.Service<Tablet.Identity.SignIns>().EndAllOf(person.Id, exceptId: null);
        await SeesAsync(page, "Who is here?");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sofia Rivera" }).ClickAsync();
        await TypeAsync(page, Pin);
        await SeesAsync(page, "Free on this disk");
    }

    [BrowserFact]
    public async Task When_the_program_does_not_answer_the_installed_app_says_that_STOP_cannot_be_sent()
    {
        await using var tablet = await StaffedTablet.ReadyAsync();
        await using var browser = await TreatPage.OpenAsync(tablet, installed: true);
        var page = browser.Page;
        await TreatPage.GoAsync(page, $"{tablet.Address}settings");
        await page.EvaluateAsync("navigator.serviceWorker.ready.then(() => true)");
        string[] kept = await page.EvaluateAsync<string[]>("caches.keys().then(async names => (await Promise.all(names.map(async name => (await (await caches.open(name)).keys()).map(request => new URL(request.url).pathname)))).flat())");
        Assert.Contains("/offline", kept);
        Assert.DoesNotContain(kept, path => path.StartsWith("/api", StringComparison.Ordinal) || path == "/settings");

        await tablet.EndAsync();
        await TreatPage.GoAsync(page, $"{tablet.Address}clients");
        await SeesAsync(page, "STOP cannot be sent from here.");
        await Pictures.TakeAsync(page, "offline");
        Assert.Equal(0, await page.Locator("#stop").CountAsync());
    }

    [BrowserTheory]
    [InlineData(1280, 800, "light")]
    [InlineData(1280, 800, "dark")]
    [InlineData(1024, 768, "light")]
    [InlineData(1024, 768, "dark")]
    public async Task Every_page_of_sign_in_and_settings_fits_and_has_targets_that_a_finger_hits(int width, int height, string theme)
    {
        string folder = Directory.CreateTempSubdirectory("microneedling-pictures-").FullName;
        string database = Path.Combine(folder, "microneedling.db");
        await using (var store = await Sessions.SessionStore.OpenAsync(database))
        {
            var owner = Tablet.Identity.SignedInPerson.Owner.Actor;
            await store.People.AddAsync(owner, "Sofia Rivera", Role.Supervisor, Pin);
            await store.People.AddAsync(owner, "Pablo Iglesias", Role.Practitioner, Pin);
            var gone = await store.People.AddAsync(owner, "Greta Holm", Role.Practitioner, Pin);
            await store.People.ChangeAsync(owner, gone.Id, gone.Name, gone.Role, isActive: false);
            await store.People.AddAsync(owner, "Edda Lindqvist-Zimmermann", Role.Engineer, Pin);
            await store.Clients.AddAsync(owner);
        }

        await using (var tablet = await RunningTablet.StartAsync("--database", database, "--lan", "--lan-port", "0"))
        await using (var browser = await TreatPage.OpenAsync(tablet, width, height))
        {
            var page = browser.Page;
            await page.Context.AddCookiesAsync([new Cookie { Name = "theme", Value = theme, Url = tablet.Address.ToString() }]);
            await TreatPage.AgainAsync(page);
            await LooksAsync(page, $"signin-names-{width}-{theme}", width);
            await page.GetByRole(AriaRole.Link, new() { Name = "Pablo Iglesias" }).ClickAsync();
            await TypeAsync(page, "999999");
            await SeesAsync(page, "This PIN is not right.");
            await LooksAsync(page, $"signin-pin-{width}-{theme}", width);
            await TypeAsync(page, Pin);
            await TreatPage.GoAsync(page, $"{tablet.Address}settings/people");
            await LooksAsync(page, $"refused-{width}-{theme}", width);
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = "Sofia Rivera" }).ClickAsync();
            await TypeAsync(page, Pin);
            foreach (string path in new[] { "", "settings", "settings/people", "settings/people/2", "settings/audit", "settings/database", "settings/network", "trust", "offline" })
            {
                await TreatPage.GoAsync(page, tablet.Address + path);
                await LooksAsync(page, $"{(path.Length == 0 ? "treat-signed-in" : path.Replace('/', '-'))}-{width}-{theme}", width);
            }

            // A page that a role may not open, and a page that asks, after signing out, whether somebody is still signed in.
            Assert.All(browser.Complaints, complaint => Assert.Matches("the server responded with a status of 40[13] ", complaint));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task TypeAsync(IPage page, string pin)
    {
        foreach (char digit in pin)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = digit.ToString(), Exact = true }).ClickAsync();
        }

        await page.Locator(".keypad .enter").ClickAsync();
    }

    private static Task SeesAsync(IPage page, string words) => Assertions.Expect(page.Locator("main")).ToContainTextAsync(words);

    private static async Task LooksAsync(IPage page, string name, int width)
    {
        if (await page.Locator("#link:visible").CountAsync() > 0)
        {
            await Assertions.Expect(page.Locator("#link")).ToHaveTextAsync("Live");
        }

        await Pictures.TakeAsync(page, name);
        var violations = await Accessibility.ViolationsAsync(page);
        Assert.True(violations.Count == 0, $"{name}:\n{string.Join('\n', violations)}");
        int wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.True(wide <= width, $"{name}: the page is {wide} wide.");
        foreach (var target in await page.Locator("button:visible, a:visible, select:visible, input:visible:not([type=checkbox])").AllAsync())
        {
            var box = (await target.BoundingBoxAsync())!;
            Assert.True(box.Height >= SmallestTargetPixels && box.Width >= SmallestTargetPixels, $"{name}: '{await target.InnerTextAsync()}' is {box.Width} × {box.Height}.");
        }
    }
}
