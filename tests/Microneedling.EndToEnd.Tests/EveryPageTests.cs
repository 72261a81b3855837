// Every page of the app, in both themes, all sizes and both languages: readable by axe-core's rules, on the screen,
// with STOP in its place, and without a complaint of the browser. Pictures of each are kept.

using System.Text.RegularExpressions;
using Microneedling.Protocol;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Tests;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Playwright;

namespace Microneedling.EndToEnd.Tests;

/// <summary>A tablet with a client, a course, a finished session and a follow-up.</summary>
public sealed class FurnishedTablet : IAsyncLifetime
{
    private static readonly Actor Owner = SignedInPerson.Owner.Actor;

    public RunningTablet Tablet { get; private set; } = null!;

    /// <summary>A path of every page, by the page's route.</summary>
    public IReadOnlyDictionary<string, string> Paths { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (Chromium.WhyNot is not null)
        {
            return;
        }

        Tablet = await RunningTablet.StartAsync();
        var clients = Tablet.Sessions.Clients;
        var client = await clients.AddAsync(Owner);
        var list = await Tablet.Sessions.Site.ChecklistAsync();
        var check = await clients.CheckAsync(Owner, client.Key, list.Version, [], "");
        await clients.ConsentAsync(Owner, client.Key, "Has read and agrees.");
        var course = await clients.BeginCourseAsync(Owner, client.Key, "Acne scars, cheeks", 3, 30);
        await using (var page = await WatchingPage.OpenAsync(Tablet))
        {
            await page.HomeAsync();
            await Tablet.Desk.BeginAsync(
                Tablet.Device, SignedInPerson.Owner, new SessionStart(Owner, client.Key, check.Id, course.Id, RunningTablet.TestCartridge), CancellationToken.None);
            await page.RunAsync(Tablet);
            Tablet.Bench.ReleaseTrigger();
            await page.SeesAsync(view => view.Status is { ReadyAtDepth: true });
            await page.SucceedsAsync("/api/disarm", new { page = page.Id });
            await page.SeesAsync(view => view.Session is { Passes: [{ Ending: "Disarmed" }] });
            await page.SucceedsAsync("/api/session/finish", new { page = page.Id, carriedThrough = true });
        }

        var session = (await Tablet.Sessions.ListAsync()).Single();
        await clients.FollowUpAsync(Owner, session.Id, 24, FollowUpGrade.Mild, FollowUpGrade.None, 1, "Slight redness.");
        await Tablet.Sessions.Corrections.AddAsync(Owner, session.Id, Sessions.Proof.CorrectedField.CartridgeLot, "LOT-2", "The label was misread.");
        string preset = (await Tablet.Sessions.Site.PresetsAsync())[0].Key;
        Paths = new Dictionary<string, string>
        {
            [""] = "/",
            ["clients"] = "/clients",
            ["clients/{key}"] = $"/clients/{client.Key}",
            ["clients/{key}/details"] = $"/clients/{client.Key}/details",
            ["clients/{key}/check"] = $"/clients/{client.Key}/check",
            ["clients/{key}/check/{id:long}"] = $"/clients/{client.Key}/check/{check.Id}",
            ["clients/{key}/consent"] = $"/clients/{client.Key}/consent",
            ["clients/{key}/course"] = $"/clients/{client.Key}/course",
            ["clients/{key}/erase"] = $"/clients/{client.Key}/erase",
            ["prepare"] = "/prepare",
            ["prepare/{key}"] = $"/prepare/{client.Key}",
            ["sessions"] = "/sessions",
            ["sessions/import"] = "/sessions/import",
            ["sessions/{id:long}"] = $"/sessions/{session.Id}",
            ["sessions/{id:long}/print"] = $"/sessions/{session.Id}/print",
            ["sessions/{id:long}/follow-up"] = $"/sessions/{session.Id}/follow-up",
            ["sessions/{id:long}/correction"] = $"/sessions/{session.Id}/correction",
            ["device"] = "/device",
            ["device/connection"] = "/device/connection",
            ["device/calibrate"] = "/device/calibrate",
            ["device/simulator"] = "/device/simulator",
            ["settings"] = "/settings",
            ["settings/people"] = "/settings/people",
            ["settings/checklist"] = "/settings/checklist",
            ["settings/checklist/{version:int}"] = "/settings/checklist/1",
            ["settings/presets"] = "/settings/presets",
            ["settings/presets/{key}"] = $"/settings/presets/{preset}",
            ["settings/caps"] = "/settings/caps",
            ["settings/audit"] = "/settings/audit",
            ["settings/privacy"] = "/settings/privacy",
            ["settings/database"] = "/settings/database",
            ["settings/clinic"] = "/settings/clinic",
            ["settings/network"] = "/settings/network",
            ["trust"] = "/trust",
            ["refused"] = "/refused",
            ["offline"] = "/offline",
        };
    }

    public Task DisposeAsync() => Tablet?.DisposeAsync().AsTask() ?? Task.CompletedTask;
}

public sealed class EveryPageTests(FurnishedTablet furnished) : IClassFixture<FurnishedTablet>
{
    /// <summary>Shown by the browser itself when the program does not answer: it says that STOP cannot be sent.</summary>
    private const string WithoutProgram = "/offline";

    /// <summary>What stands out of the screen, when the page is wider than it.</summary>
    private const string TooWide =
        """
        (() => {
          const width = document.documentElement.clientWidth;
          return document.documentElement.scrollWidth <= width ? "" : [...document.querySelectorAll("body *")]
            .filter(element => element.getBoundingClientRect().right > width + 1)
            .map(element => `${element.localName}.${element.className} to ${Math.round(element.getBoundingClientRect().right)}`).slice(0, 5).join(", ");
        })()
        """;

    /// <summary>Pages that exist only once people are set up; their own tests look at them.</summary>
    private static readonly string[] OnlyWithPeople = ["signin", "settings/people/{id:long}"];

    [BrowserFact]
    public void Every_page_of_the_app_is_looked_at()
    {
        var routes = furnished.Tablet.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/'))
            .Where(route => route != "Index")
            .Distinct();

        Assert.Equal(routes.Except(OnlyWithPeople).Order(StringComparer.Ordinal), furnished.Paths.Keys.Order(StringComparer.Ordinal));
    }

    [BrowserTheory]
    [InlineData(1280, 800, "light", "en")]
    [InlineData(1280, 800, "dark", "en")]
    [InlineData(1024, 768, "light", "es")]
    [InlineData(1024, 768, "dark", "en")]
    [InlineData(390, 844, "light", "en")]
    public async Task Every_page_can_be_read_is_on_the_screen_and_has_STOP_in_its_place(int width, int height, string theme, string language)
    {
        await using var treat = await TreatPage.OpenAsync(furnished.Tablet, width, height);
        var page = treat.Page;
        await ChooseAsync(page, theme, language);
        var problems = new List<string>();
        LocatorBoundingBoxResult? stopPlace = null;
        foreach (var (route, path) in furnished.Paths)
        {
            int complaints = treat.Complaints.Count;
            var answer = await TreatPage.GoAsync(page, new Uri(furnished.Tablet.Address, path).ToString());
            await page.EvaluateAsync("document.fonts.ready");
            string name = $"page-{(route.Length == 0 ? "treat" : Regex.Replace(route, "[^a-z-]+", "-").Trim('-'))}-{width}-{theme}-{language}";
            await Pictures.TakeAsync(page, name);

            void Check(bool good, string problem)
            {
                if (!good)
                {
                    problems.Add($"{path}: {problem}");
                }
            }

            bool isRefusal = route == "refused";
            Check(answer!.Ok != isRefusal, $"answered {answer.Status}");
            if (isRefusal)
            {
                // The browser complains of the refusal itself.
                treat.Complaints.RemoveRange(complaints, treat.Complaints.Count - complaints);
            }

            Check(await page.EvaluateAsync<string>("document.documentElement.lang") == language, "is in another language");
            string wide = await page.EvaluateAsync<string>(TooWide);
            Check(wide.Length == 0, $"is wider than the screen: {wide}");
            if (path != WithoutProgram)
            {
                var stop = await page.Locator("#stop").BoundingBoxAsync();
                stopPlace ??= stop;
                Check(stop is not null && stop.X == stopPlace!.X && stop.Y == stopPlace.Y && stop.Width == stopPlace.Width, "has STOP elsewhere");
            }

            problems.AddRange((await Accessibility.ViolationsAsync(page)).Select(violation => $"{path}: {violation}"));
        }

        problems.AddRange(treat.Complaints.Select(complaint => $"browser: {complaint}"));
        Assert.True(problems.Count == 0, $"{problems.Count} problems:\n{string.Join('\n', problems.Distinct().Take(60))}");
    }

    [BrowserFact]
    public async Task STOP_is_confirmed_by_the_device_from_every_page()
    {
        await using var treat = await TreatPage.OpenAsync(furnished.Tablet);
        foreach (string path in furnished.Paths.Values.Where(path => path != WithoutProgram))
        {
            await TreatPage.GoAsync(treat.Page, new Uri(furnished.Tablet.Address, path).ToString());
            await Assertions.Expect(treat.Page.Locator("#stop-status")).ToHaveTextAsync("");
            await treat.Page.Locator("#stop").ClickAsync();
            await Assertions.Expect(treat.Page.Locator("#stop-status")).ToHaveTextAsync(new Regex("^(Needles parked|Stopped)"));
        }
    }

    private static Task ChooseAsync(IPage page, string theme, string language)
    {
        string address = new Uri(page.Url).GetLeftPart(UriPartial.Authority);
        return page.Context.AddCookiesAsync(
        [
            new Cookie { Name = "theme", Value = theme, Url = address },
            new Cookie { Name = "language", Value = language, Url = address },
        ]);
    }
}
