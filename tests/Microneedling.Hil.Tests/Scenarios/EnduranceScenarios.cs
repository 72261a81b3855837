using Microneedling.Protocol;
using Microneedling.Qa.Instruments;
using Xunit.Abstractions;

namespace Microneedling.Hil.Tests;

[Collection(Suite.Name)]
public sealed class EnduranceScenarios(QaRun run, ITestOutputHelper output)
{
    private const int MinutesPerSession = 20;

    [Scenario("One hour of stroking at 100 /s in presses of 100 s: every stroke counted, depth steady to the end")]
    [Trait("Requirement", "RATE-4")]
    [Trait("Requirement", "DEPTH-12")]
    public void One_hour() => run.Run(output, async stand =>
    {
        List<(double Minute, double Depth)> depths = [];
        long made = 0;
        await stand.HomedAsync();
        uint countBefore = (await stand.Device.GetStatusAsync()).StrokeCount;
        await stand.Bench.ClearAsync();
        for (int press = 0; press < 36; press++)
        {
            if (press % (MinutesPerSession * 60 / 100) == 0 && press > 0)
            {
                await stand.HomedAsync(); // Another client: the device allows 30 min of stroking in a session.
            }

            await stand.ArmedAsync(TestStand.Request(1000, 100));
            await stand.Bench.SwitchAsync(BenchSwitch.Trigger, true);
            await stand.DelayAsync(100);
            depths.Add((press * 100 / 60.0, (await stand.Bench.StrokesAsync()).TakeLast(500).Average(stroke => stroke.DeepestTipMicrometers)));
            await stand.Bench.SwitchAsync(BenchSwitch.Trigger, false);
            await stand.QuietAsync();
            await stand.Device.DisarmAsync();
            await stand.ReachAsync(DeviceState.Parked);
        }

        made = (await stand.Bench.ReadAsync()).Strokes;
        var status = await stand.Device.GetStatusAsync();
        stand.Plot("Mean depth over an hour at 1.00 mm", "minutes", "depth, µm", depths);
        stand.Judge("strokes made", made, "", least: 340_000);
        stand.Judge("strokes that the device did not count, or counted twice", Math.Abs(made - (status.StrokeCount - countBefore)), "", most: made / 1000);
        stand.Judge("drift of the depth", depths.Max(one => one.Depth) - depths.Min(one => one.Depth), "µm", most: 50);
        stand.Judge("faults", (int)status.Fault, "", most: 0);
    });
}
