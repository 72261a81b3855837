// One treatment, pressed through the page as a practitioner does it, and told three times independently: by what the
// page showed, by what the record holds, and by the physics of the board. The three accounts must agree.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.SimulatedBoard;
using Microneedling.Tablet.Tests;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace Microneedling.EndToEnd.Tests;

public sealed class TreatmentTests(ITestOutputHelper output)
{
    /// <summary>One half step of the depth stage, and the micrometre that a report is rounded to.</summary>
    private const double StageStepMicrometers = 3.175 + 1;

    private const double SetRatePerSecond = 60;
    private const int CheekSquareCentimeters = 45;
    private const int Needles = 12;

    [BrowserFact]
    public async Task A_treatment_pressed_through_the_page_is_told_alike_by_page_record_and_physics()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        var page = treat.Page;
        await treat.SeesTitleAsync("Not homed");
        Assert.Matches(@"^Device \d+$", await page.Locator("#identity").InnerTextAsync());
        Assert.True(await page.Locator("#simulated").IsVisibleAsync());
        await StepsAreAsync(page, "now", "missing", "missing", "missing", "missing");

        await treat.HomeAsync();
        await Assertions.Expect(page.Locator("#state-next")).ToHaveTextAsync("Begin a session: choose the client and the cartridge.");
        await page.Locator("#next-link").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Practice on a test block" }).ClickAsync();
        await page.Locator("[name=type]").FillAsync("T-12");
        await page.Locator("[name=needles]").FillAsync(Needles.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await page.Locator("[name=lot]").FillAsync("LOT-1");
        await page.Locator("[name=expires]").FillAsync("2099-12-31");
        await treat.TapAsync("Begin the session");
        await treat.SeesTitleAsync("Needles parked");
        await StepsAreAsync(page, "done", "done", "now", "missing", "missing");

        await treat.ChooseZoneAsync("cheek-left");
        await treat.SetDepthAsync(800);
        Assert.Equal(SetRatePerSecond, await treat.NumberAsync("#rate-value"));
        Assert.Equal("–", await page.Locator("#active-depth").TextContentAsync());
        await Assertions.Expect(page.Locator(".of-depth .not-active")).ToBeVisibleAsync();
        await StepsAreAsync(page, "done", "done", "done", "now", "missing");
        await Pictures.TakeForDocumentsAsync(page, "tablet-zone");
        await treat.ConfirmAsync();
        double firstActive = await treat.NumberAsync("#read-depth");
        Assert.Equal(firstActive, await treat.NumberAsync("#active-depth"));
        Assert.Equal("Cheek, left", await page.Locator("#read-zone").InnerTextAsync());
        await Assertions.Expect(page.Locator(".of-depth .not-active")).ToBeHiddenAsync();
        await StepsAreAsync(page, "done", "done", "done", "done", "now");
        await Pictures.TakeForDocumentsAsync(page, "tablet-armed");

        await treat.ArmAsync();
        tablet.Bench.ResetDeepestTip();
        Assert.False(tablet.Bench.NeedlesOut);
        await StepsAreAsync(page, "done", "done", "done", "done", "done");
        await treat.TapAsync("Press trigger");
        await treat.SeesTitleAsync("Running");
        await treat.NumberAtLeastAsync("#measured-rate", SetRatePerSecond - 1);
        await treat.NumberAtLeastAsync("#strokes", 200);
        double firstDeepest = tablet.Bench.DeepestTipMicrometers;

        await treat.SetDepthAsync(1000);
        Assert.Equal(firstActive, await treat.NumberAsync("#active-depth"));
        await treat.TapAsync("Apply new values");
        double secondActive = await treat.NumberAtLeastAsync("#active-depth", 0.99);
        double stage = await treat.NumberAtLeastAsync("#stage", 0.99);
        double strokesAtDepth = await treat.NumberAsync("#strokes");
        await treat.NumberAtLeastAsync("#strokes", strokesAtDepth + 300);
        double shownRate = await treat.NumberAsync("#measured-rate");
        double physicalRate = RateOf(tablet.Bench);
        await Pictures.TakeForDocumentsAsync(page, "treat");

        await treat.TapAsync("Release trigger");
        await treat.SeesTitleAsync("Armed");
        await treat.TapAsync("Done with this zone");
        await treat.SeesTitleAsync("Values confirmed");
        double physicalDepth = tablet.Bench.DeepestTipMicrometers;
        long physicalStrokes = tablet.Bench.Strokes.Count(stroke => stroke.DeepestTipMicrometers > 0);
        string shownDensity = await page.Locator(".zone[data-zone=cheek-left] .number").TextContentAsync() ?? "";
        await Assertions.Expect(page.Locator("#step-zone .step-words")).ToHaveTextAsync("Cheek, left");

        await treat.TapAsync("Finish session");
        await Assertions.Expect(page.Locator("#finish-words")).ToContainTextAsync("zones treated: 1");
        await treat.TapAsync("Completed as planned");
        await Assertions.Expect(page.Locator("#finished")).ToBeVisibleAsync();
        await StepsAreAsync(page, "now", "missing", "missing", "missing", "missing");

        var summary = Assert.Single(await tablet.Sessions.ListAsync());
        Assert.Equal($"/sessions/{summary.Id}", await page.Locator("#finished").GetAttributeAsync("href"));
        var record = (await tablet.Sessions.FindAsync(summary.Id))!;
        var pass = Assert.Single(record.Passes);
        double recordedRate = record.Telemetry
            .Where(point => point.State == DeviceState.Running && point.StagePosition.Millimeters > 0.99 && point.DrivenRate.StrokesPerSecond == SetRatePerSecond)
            .Average(point => point.MeasuredRate.StrokesPerSecond);
        double recordedStage = record.Telemetry.Max(point => point.StagePosition.Millimeters);
        long punctures = physicalStrokes * Needles;

        output.WriteLine($"depth, mm       page {firstActive:0.000} then {secondActive:0.000} (stage {stage:0.000}) · record {summary.DeepestActiveDepth.Millimeters:0.000} (stage {recordedStage:0.000}) · physics {firstDeepest / 1000:0.0000} then {physicalDepth / 1000:0.0000}");
        output.WriteLine($"strokes         record {pass.Strokes} · physics {physicalStrokes} · punctures/cm² page {shownDensity}");
        output.WriteLine($"rate, strokes/s page {shownRate} · record {recordedRate:0.00} · physics {physicalRate:0.00}");

        IsNotDeeperAndWithinAStep(800, firstActive * 1000, firstDeepest);
        IsNotDeeperAndWithinAStep(1000, secondActive * 1000, physicalDepth);
        Assert.Equal(secondActive, stage);
        Assert.Equal(secondActive, summary.DeepestActiveDepth.Millimeters);
        Assert.Equal(stage, recordedStage);
        Assert.Equal([Depth.FromMicrometers(800), Depth.FromMicrometers(1000)], record.Parameters.Select(change => change.Asked.Depth));
        Assert.Equal([firstActive, secondActive], record.Parameters.Select(change => change.Active.Depth.Millimeters));

        Assert.Equal(physicalStrokes, pass.Strokes);
        Assert.Equal(((double)punctures / CheekSquareCentimeters).ToString("0", System.Globalization.CultureInfo.InvariantCulture), shownDensity.Replace("\u2009", "", StringComparison.Ordinal));
        Assert.Equal(("cheek-left", CheekSquareCentimeters * 100, PassEnding.Disarmed), (pass.ZoneId, pass.AreaSquareMillimeters, pass.Ending));

        Assert.InRange(physicalRate, SetRatePerSecond * 0.98, SetRatePerSecond * 1.02);
        Assert.InRange(shownRate, physicalRate * 0.98, physicalRate * 1.02);
        Assert.InRange(recordedRate, physicalRate * 0.98, physicalRate * 1.02);

        Assert.Equal(SessionOutcome.Completed, summary.Outcome);
        Assert.True(summary.EventsComplete);
        Assert.False(tablet.Bench.NeedlesOut);
        Assert.True(tablet.Bench.StageMicrometers < -900);
        Assert.Empty(treat.Complaints);
    }

    [BrowserFact]
    public async Task Stamping_strokes_as_often_at_a_press_as_is_set()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.BeginAsync(tablet);
        await treat.HomeAsync();
        await treat.ChooseZoneAsync("chin");
        await treat.TapAsync("Stamp");
        await treat.TapAsync("One stroke of a press more");
        Assert.Equal("Stamp × 4", await treat.Page.Locator("#mode-value").InnerTextAsync());
        await treat.ConfirmAsync();
        Assert.Equal("Stamp × 4", await treat.Page.Locator("#read-mode").InnerTextAsync());
        await treat.ArmAsync();

        await treat.TapAsync("Press trigger");
        await treat.NumberAtLeastAsync("#strokes", 4);
        await treat.TapAsync("Release trigger");
        await treat.TapAsync("Done with this zone");
        await treat.SeesTitleAsync("Values confirmed");

        Assert.Equal(4, tablet.Bench.Strokes.Count(stroke => stroke.DeepestTipMicrometers > 0));
        Assert.Equal("4", tablet.View.Session!.Passes.Single().Strokes.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task StepsAreAsync(IPage page, params string[] statuses)
    {
        string[] names = ["client", "cartridge", "zone", "values", "armed"];
        foreach (var (name, status) in names.Zip(statuses))
        {
            await Assertions.Expect(page.Locator($"#step-{name} .step-status")).ToHaveTextAsync(status);
        }
    }

    private static void IsNotDeeperAndWithinAStep(double setMicrometers, double activeMicrometers, double physicalMicrometers)
    {
        Assert.InRange(activeMicrometers, setMicrometers - StageStepMicrometers, setMicrometers);
        Assert.InRange(physicalMicrometers, setMicrometers - StageStepMicrometers, setMicrometers);
        Assert.InRange(physicalMicrometers, activeMicrometers - StageStepMicrometers, activeMicrometers + StageStepMicrometers);
    }

    /// <summary>Rate of the latest 100 strokes, by when the cam really passed its top.</summary>
    private static double RateOf(Bench bench)
    {
        var strokes = bench.Strokes.TakeLast(101).ToArray();
        return 100 * 1e6 / (strokes[^1].EndedAtMicroseconds - strokes[0].EndedAtMicroseconds);
    }
}
