// One treatment, pressed through the page as a practitioner does it, and told three times independently: by what the
// page showed, by what the record holds, and by the physics of the board. The three accounts must agree.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
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

    [BrowserFact]
    public async Task A_treatment_pressed_through_the_page_is_told_alike_by_page_record_and_physics()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        var page = treat.Page;
        await treat.SeesTitleAsync("Not homed");
        Assert.Matches(@"^Device \d+ · firmware \d+\.\d+\.\d+ · protocol \d+\.\d+$", await page.Locator("#identity").InnerTextAsync());
        Assert.True(await page.Locator("#simulated").IsVisibleAsync());

        await treat.HomeAsync();
        await treat.SetDepthAsync(800);
        Assert.Equal(SetRatePerSecond, await treat.NumberAsync("#set-rate"));
        Assert.Equal("–", await page.Locator("#active-depth").InnerTextAsync());
        await treat.ConfirmAsync();
        double firstActive = await treat.NumberAsync("#active-depth");

        // Arming and parking each turn the cam once, behind the nosecone, to prove its index: all three accounts count it.
        long strokesBefore = tablet.Bench.BottomsPassed;
        await treat.ArmAsync();
        tablet.Bench.ResetDeepestTip();
        Assert.False(tablet.Bench.NeedlesOut);
        await treat.TapAsync("Press and hold trigger");
        await treat.SeesTitleAsync("Running");
        await treat.NumberAtLeastAsync("#measured-rate", SetRatePerSecond - 1);
        await treat.NumberAtLeastAsync("#strokes", 200);
        double firstDeepest = tablet.Bench.DeepestTipMicrometers;

        await treat.SetDepthAsync(1000);
        Assert.Equal(firstActive, await treat.NumberAsync("#active-depth"));
        await treat.TapAsync("Apply");
        double secondActive = await treat.NumberAtLeastAsync("#active-depth", 0.99);
        double stage = await treat.NumberAtLeastAsync("#stage", 0.99);
        double strokesAtDepth = await treat.NumberAsync("#strokes");
        await treat.NumberAtLeastAsync("#strokes", strokesAtDepth + 300);
        double shownRate = await treat.NumberAsync("#measured-rate");
        double physicalRate = RateOf(tablet.Bench);
        await Pictures.TakeForDocumentsAsync(page, "treat");

        await page.GetByText("STOP", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#stop-status")).ToHaveTextAsync("Needles parked");
        await Assertions.Expect(page.Locator("#finished")).ToBeVisibleAsync();
        double shownStrokes = await treat.NumberAsync("#strokes");
        double physicalStrokes = tablet.Bench.BottomsPassed - strokesBefore;
        double physicalDepth = tablet.Bench.DeepestTipMicrometers;

        await page.Locator("#finished").ClickAsync();
        await page.Locator("#timeline[data-points]").WaitForAsync();
        Assert.True(await page.Locator("#depth-plot canvas").IsVisibleAsync());
        Assert.Equal("Stopped", await page.Locator(".session-head .outcome").InnerTextAsync());
        Assert.Equal(shownStrokes, await treat.NumberAsync("#session-strokes"));
        await Pictures.TakeAsync(page, "session");

        var summary = Assert.Single(await tablet.Sessions.ListAsync());
        var record = (await tablet.Sessions.FindAsync(summary.Id))!;
        double recordedRate = record.Telemetry
            .Where(point => point.State == DeviceState.Running && point.StagePosition.Millimeters > 0.99 && point.DrivenRate.StrokesPerSecond == SetRatePerSecond)
            .Average(point => point.MeasuredRate.StrokesPerSecond);
        double recordedStage = record.Telemetry.Max(point => point.StagePosition.Millimeters);

        output.WriteLine($"depth, mm       page {firstActive:0.000} then {secondActive:0.000} (stage {stage:0.000}) · record {summary.DeepestActiveDepth.Millimeters:0.000} (stage {recordedStage:0.000}) · physics {firstDeepest / 1000:0.0000} then {physicalDepth / 1000:0.0000}");
        output.WriteLine($"strokes         page {shownStrokes} · record {summary.Strokes} · physics {physicalStrokes}");
        output.WriteLine($"rate, strokes/s page {shownRate} · record {recordedRate:0.00} · physics {physicalRate:0.00}");

        IsNotDeeperAndWithinAStep(800, firstActive * 1000, firstDeepest);
        IsNotDeeperAndWithinAStep(1000, secondActive * 1000, physicalDepth);
        Assert.Equal(secondActive, stage);
        Assert.Equal(secondActive, summary.DeepestActiveDepth.Millimeters);
        Assert.Equal(stage, recordedStage);
        Assert.Equal([Depth.FromMicrometers(800), Depth.FromMicrometers(1000)], record.Parameters.Select(change => change.Asked.Depth));
        Assert.Equal([firstActive, secondActive], record.Parameters.Select(change => change.Active.Depth.Millimeters));

        Assert.Equal(physicalStrokes, shownStrokes);
        Assert.Equal(physicalStrokes, summary.Strokes);

        Assert.InRange(physicalRate, SetRatePerSecond * 0.98, SetRatePerSecond * 1.02);
        Assert.InRange(shownRate, physicalRate * 0.98, physicalRate * 1.02);
        Assert.InRange(recordedRate, physicalRate * 0.98, physicalRate * 1.02);

        Assert.Equal(SessionOutcome.Stopped, summary.Outcome);
        Assert.True(summary.EventsComplete);
        Assert.False(tablet.Bench.NeedlesOut);
        Assert.True(tablet.Bench.StageMicrometers < -900);
        Assert.Empty(treat.Complaints);
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
