using Microneedling.Protocol;
using Microneedling.Qa.Instruments;
using Xunit.Abstractions;

namespace Microneedling.Hil.Tests;

[Collection(Suite.Name)]
public sealed class HomingScenarios(QaRun run, ITestOutputHelper output)
{
    private const int Times = 30;

    /// <summary>Domain's target for the repeatability of a depth is ±25 µm; homing may use half of it.</summary>
    private const double MostSigmaMicrometers = 6;

    private const double MostRangeMicrometers = 25;

    [Scenario("Homing finds the same place 30 times: what a stroke reaches after it")]
    [Trait("Requirement", "HOME-1")]
    [Trait("Requirement", "DEPTH-10")]
    public void Homing_repeats() => run.Run(output, stand => RepeatsAsync(stand, Times));

    internal static async Task RepeatsAsync(TestStand stand, int times)
    {
        List<double> reached = [];
        for (int i = 0; i < times; i++)
        {
            await stand.HomedAsync();
            await stand.ArmedAsync(TestStand.Request(500, 60, burstStrokes: 20));
            await stand.Bench.ClearAsync();
            await stand.Bench.SwitchAsync(BenchSwitch.Trigger, true);
            await stand.ReachAsync(DeviceState.Running);
            await stand.ReachAsync(DeviceState.Armed);
            await stand.Bench.SwitchAsync(BenchSwitch.Trigger, false);
            reached.Add((await stand.Bench.StrokesAsync()).Select(stroke => stroke.DeepestTipMicrometers).Average());
            await stand.Device.DisarmAsync();
            await stand.ReachAsync(DeviceState.Parked);
            await stand.DisconnectAsync();
            await stand.Bench.SwitchAsync(BenchSwitch.Power, false);
            await stand.DelayAsync(0.5);
            await stand.Bench.SwitchAsync(BenchSwitch.Power, true);
        }

        stand.Plot("Mean depth of 20 strokes at 0.50 mm after each homing", "homing", "depth, µm", reached.Select((depth, i) => ((double)(i + 1), depth)));
        stand.Judge("homings", reached.Count, "", times);
        stand.Judge("σ", reached.Sigma(), "µm", most: MostSigmaMicrometers);
        stand.Judge("range", reached.Max() - reached.Min(), "µm", most: MostRangeMicrometers);
    }

    [Scenario("With a home switch that never closes homing ends in fault 201, with both motors let go", Need.Simulation)]
    [Trait("Requirement", "HOME-1")]
    public void Homing_without_its_switch() => run.Run(output, async stand =>
    {
        stand.Simulated.Bench.SetFault(SimulatedBoard.BenchFault.HomeSwitchStuckOpen, true);
        await stand.ConnectAsync();
        await stand.ReachAsync(DeviceState.Unhomed);
        await stand.Device.HomeAsync();
        var status = await FaultedAsync(stand);

        stand.Judge("fault", (int)status.Fault, "", (int)FaultCode.HomeSwitchNotFound, (int)FaultCode.HomeSwitchNotFound);
        stand.Judge("depth stage let go", !stand.Simulated.Bench.DepthDriverEnabled);
        stand.Judge("needle drive let go", !stand.Simulated.Bench.NeedleDriverEnabled);
    });

    internal static async Task<Client.DeviceStatus> FaultedAsync(TestStand stand)
    {
        for (int i = 0; i < 400; i++)
        {
            var status = await stand.Device.GetStatusAsync();
            if (status.Fault != FaultCode.None)
            {
                return status;
            }

            await stand.DelayAsync(0.05);
        }

        throw new TimeoutException("No fault came.");
    }
}
