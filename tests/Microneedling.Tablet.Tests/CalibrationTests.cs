// The calibration of the zero, judged by where the needle tips of the simulated device really are.

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Tablet.Api;
using Microneedling.Tablet.Device;
using Xunit.Abstractions;

namespace Microneedling.Tablet.Tests;

public sealed class CalibrationTests(ITestOutputHelper output)
{
    /// <summary>One half step of the depth stage, and the micrometre that a report is rounded to.</summary>
    private const double StageStepMicrometers = 3.175 + 1;

    [Theory]
    [InlineData(120)]
    [InlineData(-200)]
    public async Task A_wrong_zero_is_found_stored_and_checked_and_then_the_tips_go_as_deep_as_set(int wrongMicrometers)
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await ReadyAsync(tablet, wrongMicrometers);
        Assert.Equal(wrongMicrometers, await StoredZeroAsync(tablet), 1.0);

        await StepAsync(page, "begin", new { page = page.Id });
        await JogToGaugeAsync(tablet, page);
        int gauge = Gauge(tablet);
        var preview = await StepAsync(page, "measure", new { page = page.Id, measuredMicrometers = gauge });
        Assert.Equal(("Preview", wrongMicrometers), (preview.Step, preview.ZeroBeforeMicrometers));
        Assert.InRange(preview.ZeroAfterMicrometers!.Value, -StageStepMicrometers, StageStepMicrometers);
        Assert.Equal(wrongMicrometers, await StoredZeroAsync(tablet), 1.0);

        var stored = await StepAsync(page, "store", new { page = page.Id });
        Assert.Equal("Stored", stored.Step);
        Assert.InRange(stored.StoredMicrometers!.Value, -StageStepMicrometers, StageStepMicrometers);

        Assert.Equal("Checking", (await StepAsync(page, "home-and-check", new { page = page.Id })).Step);
        await JogToGaugeAsync(tablet, page);
        var done = await StepAsync(page, "verify", new { page = page.Id, measuredMicrometers = Gauge(tablet) });
        Assert.Equal(("Done", true), (done.Step, done.IsGood));
        Assert.InRange(Math.Abs(done.DifferenceMicrometers!.Value), 0, StageStepMicrometers);

        await page.SeesAsync(view => view.Status?.State == nameof(DeviceState.Parked));
        tablet.Bench.SeatCartridge();
        await page.SeesAsync(view => view.Status?.CartridgeSeated == true);
        tablet.Bench.ResetDeepestTip();
        await page.ArmAsync(tablet, depthMicrometers: 800);
        tablet.Bench.PressTrigger();
        await page.SeesAsync(view => view is { Session.Strokes: >= 20 });
        double deepest = tablet.Bench.DeepestTipMicrometers;
        output.WriteLine($"zero {wrongMicrometers} µm off, gauge {gauge} µm, stored {stored.StoredMicrometers} µm, off {done.DifferenceMicrometers} µm afterwards; set 800 µm, tips came to {deepest:0.0} µm");
        Assert.InRange(deepest, 800 - (2 * StageStepMicrometers), 800 + StageStepMicrometers);

        var audit = await tablet.Sessions.Audit.ListAsync();
        Assert.Contains(audit, entry => entry.Action == "device.calibrated" && entry.Details.Contains($"was {wrongMicrometers} um", StringComparison.Ordinal));
        Assert.Contains(audit, entry => entry.Action == "device.calibrationChecked" && entry.Details.StartsWith("good", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_measurement_that_differs_is_called_not_good()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await ReadyAsync(tablet);
        await GoToAsync(tablet, page, "Checking");

        var done = await StepAsync(page, "verify", new { page = page.Id, measuredMicrometers = Gauge(tablet) + 30 });

        Assert.Equal(("Done", false), (done.Step, done.IsGood));
        Assert.Contains(await tablet.Sessions.Audit.ListAsync(), entry => entry.Action == "device.calibrationChecked" && entry.Details.StartsWith("not good", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Service_is_refused_in_words_until_every_check_holds()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);

        await IsRefusedAsync(page, "begin", new { page = page.Id }, "Home the device and leave it parked.");
        await page.HomeAsync();
        await IsRefusedAsync(page, "begin", new { page = page.Id }, "Remove the cartridge: service is never done with needles.");
        tablet.Bench.RemoveCartridge();
        await page.SeesAsync(view => view.Status is { CartridgeSeated: false });
        await tablet.BeginPracticeAsync();
        await IsRefusedAsync(page, "begin", new { page = page.Id }, "A session is open. Finish it first.");
        await page.SucceedsAsync("/api/session/finish", new { page = page.Id, carriedThrough = false });
        tablet.Bench.SetSupplyGood(false);
        await page.SeesAsync(view => view.Status is { SupplyGood: false });
        await IsRefusedAsync(page, "begin", new { page = page.Id }, "The supply is low. Check the power adapter.");
        tablet.Bench.SetSupplyGood(true);
        await page.SeesAsync(view => view.Status is { SupplyGood: true, Fault: > 0 });
        await IsRefusedAsync(page, "begin", new { page = page.Id }, "A fault is latched. Acknowledge it first.");
        Assert.NotEqual(DeviceState.Service, tablet.Device.LatestStatus!.State);
    }

    [Fact]
    public async Task Every_wrong_order_is_refused_in_words_and_changes_nothing()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await ReadyAsync(tablet);
        await using var other = await WatchingPage.OpenAsync(tablet);
        var mine = new { page = page.Id };
        var measured = new { page = page.Id, measuredMicrometers = Gauge(tablet) };

        await IsRefusedAsync(page, "jog", new { page = page.Id, micrometers = 100 }, "Enter service first.");
        await IsRefusedAsync(page, "measure", measured, "Enter service first.");
        await IsRefusedAsync(page, "store", mine, "Enter service first.");
        await IsRefusedAsync(other, "begin", new { page = other.Id }, "Another page controls the device. Ask it for control, or press STOP.");

        await StepAsync(page, "begin", mine);
        await IsRefusedAsync(page, "begin", mine, "A calibration goes on already.");
        await IsRefusedAsync(page, "store", mine, "Measure first.");
        await IsRefusedAsync(page, "home-and-check", mine, "Store the new zero first.");
        await IsRefusedAsync(page, "verify", measured, "Home the device first, then measure again.");
        await IsRefusedAsync(other, "jog", new { page = other.Id, micrometers = 100 }, "The calibration belongs to another page.");
        await IsRefusedAsync(other, "abort", new { page = other.Id }, "The calibration belongs to another page.");
        await IsRefusedAsync(page, "jog", new { page = page.Id, micrometers = 501 }, "A jog is 0.50 mm at most, either way.");
        int position = tablet.Device.LatestStatus!.StagePosition.Micrometers;
        await IsRefusedAsync(page, "measure", new { page = page.Id, measuredMicrometers = position + 301 }, "The zero offset would be 0.301 mm, beyond its bound of ±0.300 mm. Measure again, then have the mechanism checked.");

        await StepAsync(page, "measure", measured);
        await IsRefusedAsync(page, "jog", new { page = page.Id, micrometers = 100 }, "The stage is moved before measuring: choose Measure again first.");
        Assert.Equal("Jogging", (await StepAsync(page, "again", mine)).Step);
        Assert.Equal(0, await StoredZeroAsync(tablet), 1.0);
        Assert.DoesNotContain(await tablet.Sessions.Audit.ListAsync(), entry => entry.Action.StartsWith("device.calibrat", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Jogging")]
    [InlineData("Preview")]
    [InlineData("Stored")]
    [InlineData("Checking")]
    public async Task Aborting_at_any_step_leaves_service_and_parks(string step)
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await ReadyAsync(tablet);
        await GoToAsync(tablet, page, step);

        var ended = await StepAsync(page, "abort", new { page = page.Id });

        Assert.Equal(("Checks", "Service was left. Nothing more was stored."), (ended.Step, ended.EndedWords));
        await page.SeesAsync(DeviceState.Parked);
    }

    [Fact]
    public async Task Leaving_the_page_leaves_service()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var watcher = await WatchingPage.OpenAsync(tablet);
        await using (var page = await ReadyAsync(tablet))
        {
            await GoToAsync(tablet, page, "Jogging");
            await watcher.SeesAsync(DeviceState.Service);
        }

        await watcher.SeesAsync(DeviceState.Parked);
        var ended = await tablet.Http.GetFromJsonAsync<CalibrationView>("/api/calibration");
        Assert.Equal("Checks", ended!.Step);
        Assert.Contains("page was left or hidden", ended.EndedWords, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_and_a_cartridge_put_on_end_it()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await ReadyAsync(tablet);
        await GoToAsync(tablet, page, "Jogging");
        await page.SucceedsAsync("/api/stop", new { });
        await page.SeesAsync(DeviceState.Parked);
        await EndsAsync(tablet, page);

        await GoToAsync(tablet, page, "Jogging");
        tablet.Bench.SeatCartridge();
        await page.SeesAsync(DeviceState.Faulted);
        await EndsAsync(tablet, page);
    }

    private static async Task EndsAsync(RunningTablet tablet, WatchingPage page)
    {
        CalibrationView? now = null;
        await page.SeesAsync(_ =>
        {
            now = tablet.Http.GetFromJsonAsync<CalibrationView>("/api/calibration").GetAwaiter().GetResult();
            return now!.Step == "Checks";
        });
        Assert.Contains("left service by itself", now!.EndedWords, StringComparison.Ordinal);
    }

    /// <summary>A homed device without a cartridge, whose stored zero is off by so much.</summary>
    private static async Task<WatchingPage> ReadyAsync(RunningTablet tablet, int wrongMicrometers = 0)
    {
        var page = await WatchingPage.OpenAsync(tablet);
        tablet.Bench.RemoveCartridge();
        await page.SeesAsync(view => view.Status is { CartridgeSeated: false });
        if (wrongMicrometers != 0)
        {
            var client = tablet.Device.Require();
            await client.WriteSettingsAsync(client.Identity.SerialNumber, Depth.FromMicrometers(wrongMicrometers));
            await foreach (var _ in client.TelemetryAsync())
            {
                if (!(await client.ReadSettingsAsync()).IsPending)
                {
                    break;
                }
            }
        }

        await page.HomeAsync();
        return page;
    }

    /// <summary>Goes on to a step; in each of them the device is in service, and the page sees it.</summary>
    private static async Task GoToAsync(RunningTablet tablet, WatchingPage page, string step)
    {
        object mine = new { page = page.Id };
        (string Step, Func<Task> Go)[] way =
        [
            ("Jogging", () => StepAsync(page, "begin", mine)),
            ("Jogging", () => StepAsync(page, "jog", new { page = page.Id, micrometers = 500 })),
            ("Preview", () => StepAsync(page, "measure", new { page = page.Id, measuredMicrometers = Gauge(tablet) })),
            ("Stored", () => StepAsync(page, "store", mine)),
            ("Checking", () => StepAsync(page, "home-and-check", mine)),
        ];
        foreach (var (_, go) in way.Take(Array.FindLastIndex(way, one => one.Step == step) + 1))
        {
            await go();
        }

        await page.SeesAsync(DeviceState.Service);
    }

    private static async Task JogToGaugeAsync(RunningTablet tablet, WatchingPage page)
    {
        while (tablet.Bench.StageMicrometers < 500)
        {
            await StepAsync(page, "jog", new { page = page.Id, micrometers = 500 });
        }
    }

    /// <summary>What a gauge at the nosecone says.</summary>
    private static int Gauge(RunningTablet tablet) => (int)Math.Round(tablet.Bench.StageMicrometers + tablet.Bench.ZeroOffsetMicrometers);

    private static async Task<int> StoredZeroAsync(RunningTablet tablet) => (await tablet.Device.Require().ReadSettingsAsync()).ZeroOffset.Micrometers;

    private static async Task<CalibrationView> StepAsync(WatchingPage page, string step, object body)
    {
        var response = await page.SucceedsAsync($"/api/calibration/{step}", body);
        return (await response.Content.ReadFromJsonAsync<CalibrationView>(JsonSerializerOptions.Web))!;
    }

    private static async Task IsRefusedAsync(WatchingPage page, string step, object body, string words)
    {
        using var response = await page.PostAsync($"/api/calibration/{step}", body);
        await Refusal.IsAsync(response, HttpStatusCode.Conflict, words);
    }
}
