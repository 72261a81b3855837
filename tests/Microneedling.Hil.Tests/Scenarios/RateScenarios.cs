using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Qa.Instruments;
using Xunit.Abstractions;

namespace Microneedling.Hil.Tests;

[Collection(Suite.Name)]
public sealed class RateScenarios(QaRun run, ITestOutputHelper output)
{
    private const double SecondsAtEach = 2;

    [Scenario("Stroke rate from 10 to 100 /s in free air: within 2 % of what was accepted")]
    [Trait("Requirement", "RATE-4")]
    [Trait("Requirement", "RATE-3")]
    public void Rate_is_accurate() => run.Run(output, RatesAsync);

    [Scenario("Stroke rate against skin of 1.8 N/mm with 12 needles at 1.50 mm", Need.Simulation)]
    [Trait("Requirement", "RATE-4")]
    public void Rate_is_accurate_under_load() => run.Run(output, stand =>
    {
        stand.Simulated.Bench.SkinStiffnessNewtonsPerMillimeter = 1.8;
        return RatesAsync(stand);
    });

    private static async Task RatesAsync(TestStand stand)
    {
        List<(double Rate, double Percent)> errors = [];
        await stand.HomedAsync();
        await stand.RunningAsync(TestStand.Request(1500, 10));
        for (int rate = 10; rate <= 100; rate += 5)
        {
            var accepted = await stand.Device.ConfigureAsync(TestStand.Request(1500, rate));
            await stand.Device.WaitForAsync(status => status.DrivenRate == accepted.Rate, TimeSpan.FromSeconds(5));
            await stand.DelayAsync(0.3);
            await stand.Bench.ClearAsync();
            await stand.DelayAsync(SecondsAtEach);
            var strokes = await stand.Bench.StrokesAsync();
            double measured = (strokes.Count - 1) * 1e6 / (strokes[^1].EndedAtMicroseconds - strokes[0].EndedAtMicroseconds);
            errors.Add((rate, 100 * (measured - accepted.Rate.StrokesPerSecond) / accepted.Rate.StrokesPerSecond));
        }

        stand.Plot("Error of the stroke rate", "accepted rate, /s", "error, %", errors, -2, 2);
        stand.Judge("largest error", errors.Max(error => Math.Abs(error.Percent)), "%", most: Limits.RateTolerancePercent);
    }

    [Scenario("The rate rises along its ramp: no stroke is shorter than at full speed, and 100 /s is reached in about a second")]
    [Trait("Requirement", "RATE-3")]
    public void Rate_rises_along_a_ramp() => run.Run(output, async stand =>
    {
        await stand.HomedAsync();
        await stand.ArmedAsync(TestStand.Request(500, 100));
        await stand.Bench.ClearAsync();
        long pressed = await stand.Bench.SwitchAsync(BenchSwitch.Trigger, true);
        await stand.DelayAsync(2);
        var strokes = await stand.Bench.StrokesAsync();
        (double Seconds, double Rate)[] rates =
            [.. strokes.Zip(strokes.Skip(1), (one, next) => ((next.EndedAtMicroseconds - pressed) / 1e6, 1e6 / (next.EndedAtMicroseconds - one.EndedAtMicroseconds)))];

        stand.Plot("Stroke rate after the trigger", "since the press, s", "strokes, /s", rates);
        stand.Judge("fastest stroke", rates.Max(rate => rate.Rate), "/s", most: 102);
        stand.Judge("time to 95 /s", rates.First(rate => rate.Rate >= 95).Seconds, "s", 0.5, 1.5);
    });

    [Scenario("Too fast and too slow is refused, by host and firmware")]
    [Trait("Requirement", "RATE-1")]
    [Trait("Requirement", "RATE-2")]
    public void Too_fast_is_refused() => run.Run(output, async stand =>
    {
        await stand.HomedAsync();
        stand.Judge("host: 101 /s is refused", await stand.RefusalOfAsync(stand.Device.ConfigureAsync(TestStand.Request(500, 101))) is RejectionReason.RateTooHigh);
        stand.Judge("host: 9 /s is refused", await stand.RefusalOfAsync(stand.Device.ConfigureAsync(TestStand.Request(500, 9))) is RejectionReason.RateTooLow);
        await stand.DisconnectAsync();
        await using RawLine raw = new(await stand.OpenAsync(), stand.Time);
        await raw.GreetAsync();
        stand.Judge("firmware: 100.001 /s is refused", await raw.RefusalAsync(DepthScenarios.Proposal(500, 1000, 0, 100_001)) is RejectionReason.RateTooHigh);
        stand.Judge("firmware: 9.999 /s is refused", await raw.RefusalAsync(DepthScenarios.Proposal(500, 1000, 0, 9_999)) is RejectionReason.RateTooLow);
    });

    [Scenario("A burst makes exactly its strokes, and the needles end behind the nosecone")]
    [Trait("Requirement", "ARM-6")]
    [Trait("Requirement", "ARM-4")]
    public void Bursts_are_counted() => run.Run(output, async stand =>
    {
        int wrong = 0;
        await stand.HomedAsync();
        foreach (int strokes in new[] { 1, 2, 3, 5, 12, 50, 200, 500 })
        {
            await stand.ArmedAsync(TestStand.Request(600, 80, strokes));
            await stand.Bench.ClearAsync();
            await stand.Bench.SwitchAsync(BenchSwitch.Trigger, true);
            await stand.ReachAsync(DeviceState.Running);
            await stand.ReachAsync(DeviceState.Armed);
            await stand.Bench.SwitchAsync(BenchSwitch.Trigger, false);
            await stand.QuietAsync();
            long made = (await stand.Bench.ReadAsync()).Strokes;
            wrong += made == strokes ? 0 : 1;
            stand.Note($"burst of {strokes}: {made} strokes");
            await stand.Device.DisarmAsync();
            await stand.ReachAsync(DeviceState.Parked);
        }

        stand.Judge("bursts with another number of strokes", wrong, "", most: 0);
    });
}
