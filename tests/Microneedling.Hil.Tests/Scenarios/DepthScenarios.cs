using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Qa.Instruments;
using Xunit.Abstractions;

namespace Microneedling.Hil.Tests;

[Collection(Suite.Name)]
public sealed class DepthScenarios(QaRun run, ITestOutputHelper output)
{
    private const int LeastStrokes = 20;

    /// <summary>DEPTH-12.</summary>
    private const double MostErrorMicrometers = 100;

    [Scenario("Depth from 0.10 mm to the deepest, 2.50 mm at most, and back, in free air: every stroke within 100 µm of what was accepted")]
    [Trait("Requirement", "DEPTH-12")]
    [Trait("Requirement", "DEPTH-5")]
    [Trait("Requirement", "DEPTH-6")]
    public void Depth_is_accurate_both_ways() => run.Run(output, stand => DepthsAsync(stand, 100));

    [Scenario("Depth against skin of 1.8 N/mm with 12 needles", Need.Simulation)]
    [Trait("Requirement", "DEPTH-12")]
    public void Depth_is_accurate_under_load() => run.Run(output, stand =>
    {
        stand.Simulated.Bench.SkinStiffnessNewtonsPerMillimeter = 1.8;
        return DepthsAsync(stand, 250);
    });

    /// <summary>From the shallowest to the deepest that this device's zero lets it reach, and back.</summary>
    private static async Task DepthsAsync(TestStand stand, int step)
    {
        List<(double Depth, double Error)> errors = [];
        double deepestBeyond = double.NegativeInfinity;
        double mostRounded = 0;
        await stand.HomedAsync();
        int deepest = stand.Device.Identity.Limits.AbsoluteDepth.Micrometers;
        int[] up = [.. Steps(Limits.MinimumDepthMicrometers, deepest, step), deepest];
        int[] depths = [.. up, .. up.Reverse()];
        foreach (int[] part in depths.Chunk(20)) // A press lasts 120 s at most.
        {
            await stand.RunningAsync(TestStand.Request(part[0], 60, capMicrometers: deepest));
            foreach (int depth in part)
            {
                var accepted = await stand.Device.ConfigureAsync(TestStand.Request(depth, 60, capMicrometers: deepest));
                await stand.SettledAsync(accepted.Depth, DeviceState.Running);
                await stand.DelayAsync(0.05); // The stroke that was under way.
                await stand.Bench.ClearAsync();
                await stand.DelayAsync((LeastStrokes + 2) / 60.0);
                var strokes = (await stand.Bench.StrokesAsync()).Skip(1).ToList();
                errors.AddRange(strokes.Select(stroke => ((double)accepted.Depth.Micrometers, stroke.DeepestTipMicrometers - accepted.Depth.Micrometers)));
                deepestBeyond = Math.Max(deepestBeyond, strokes.Max(stroke => stroke.DeepestTipMicrometers) - depth);
                mostRounded = Math.Max(mostRounded, depth - accepted.Depth.Micrometers);
            }

            await stand.Bench.SwitchAsync(BenchSwitch.Trigger, false);
            await stand.Device.DisarmAsync();
            await stand.ReachAsync(DeviceState.Parked);
        }

        stand.Plot("Error of each stroke", "accepted depth, µm", "error, µm", errors.Where((_, i) => i % 4 == 0), -MostErrorMicrometers, MostErrorMicrometers);
        double[] all = [.. errors.Select(error => error.Error)];
        stand.Judge("strokes measured", all.Length, "", depths.Length * (LeastStrokes - 3));
        stand.Judge("largest error", all.Max(Math.Abs), "µm", most: MostErrorMicrometers);
        stand.Judge("mean error", all.Average(), "µm", -MostErrorMicrometers / 2, MostErrorMicrometers / 2);
        stand.Judge("σ of the error", all.Sigma(), "µm", most: MostErrorMicrometers / 4);
        stand.Judge("deeper than asked for", deepestBeyond, "µm", most: MostErrorMicrometers);
        stand.Judge("rounded towards shallower by at most", mostRounded, "µm", 0, 4);
    }

    [Scenario("Deeper than the limits is refused by host and firmware; the deepest depth is reached and not passed")]
    [Trait("Requirement", "DEPTH-1")]
    [Trait("Requirement", "DEPTH-2")]
    [Trait("Requirement", "DEPTH-3")]
    [Trait("Requirement", "DEPTH-4")]
    public void Too_deep_is_refused_by_host_and_firmware() => run.Run(output, TooDeepAsync);

    internal static async Task TooDeepAsync(TestStand stand)
    {
        await stand.HomedAsync();
        stand.Judge("host: 2.55 mm is refused", await stand.RefusalOfAsync(stand.Device.ConfigureAsync(TestStand.Request(2550, 60))) is RejectionReason.DepthAboveAbsolute);
        stand.Judge("host: below 0.10 mm is refused", await stand.RefusalOfAsync(stand.Device.ConfigureAsync(TestStand.Request(50, 60))) is RejectionReason.DepthTooShallow);
        stand.Judge("host: 1.60 mm without a supervisor is refused", await stand.RefusalOfAsync(stand.Device.ConfigureAsync(TestStand.Request(1600, 60) with { SupervisorUnlock = false })) is RejectionReason.SupervisorRequired);
        await stand.DisconnectAsync();
        await using (RawLine raw = new(await stand.OpenAsync(), stand.Time))
        {
            await raw.GreetAsync();
            stand.Judge("firmware: 2.55 mm is refused", await raw.RefusalAsync(Proposal(2550, 2550, 1)) is RejectionReason.DepthAboveAbsolute);
            stand.Judge("firmware: deeper than its cap is refused", await raw.RefusalAsync(Proposal(1200, 1000, 0)) is RejectionReason.DepthAboveCap);
            stand.Judge("firmware: a cap of 1.60 mm without a supervisor is refused", await raw.RefusalAsync(Proposal(1000, 1600, 0)) is RejectionReason.SupervisorRequired);
            stand.Judge("firmware: below 0.10 mm is refused", await raw.RefusalAsync(Proposal(50, 1000, 0)) is RejectionReason.DepthTooShallow);
        }

        await stand.Bench.ClearAsync();
        await stand.ConnectAsync();
        int deepest = stand.Device.Identity.Limits.AbsoluteDepth.Micrometers;
        await stand.RunningAsync(TestStand.Request(deepest, 60));
        await stand.DelayAsync(0.5);
        stand.Judge("deepest depth of this device", deepest, "µm", 2000, Limits.AbsoluteDepthMicrometers);
        stand.Judge("deepest tip there", (await stand.Bench.ExtremesAsync()).DeepestTipMicrometers, "µm", deepest - MostErrorMicrometers, deepest + MostErrorMicrometers);
    }

    internal static ConfigureTreatment Proposal(int depth, int cap, byte unlock, uint rate = 60_000) => new()
    {
        DepthMicrometers = (ushort)depth,
        DepthCapMicrometers = (ushort)cap,
        RateMillihertz = rate,
        SupervisorUnlock = unlock,
    };

    private static IEnumerable<int> Steps(int from, int to, int step)
    {
        for (int depth = from; depth < to; depth += step)
        {
            yield return depth;
        }
    }
}
