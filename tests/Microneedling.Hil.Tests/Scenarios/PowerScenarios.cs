using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Qa.Instruments;
using Xunit.Abstractions;

namespace Microneedling.Hil.Tests;

[Collection(Suite.Name)]
public sealed class PowerScenarios(QaRun run, ITestOutputHelper output)
{
    [Scenario("Power taken away while running, 20 times: nothing moves when it comes back, and homing finds its place")]
    [Trait("Requirement", "ARM-1")]
    public void Power_cut_while_running() => run.Run(output, async stand =>
    {
        int notAtRest = 0;
        await stand.HomedAsync();
        for (int i = 0; i < 20; i++)
        {
            await stand.RunningAsync(TestStand.Request(800, 60));
            await stand.DelayAsync(0.1 + (i * 0.0041));
            await stand.Bench.SwitchAsync(BenchSwitch.Power, false);
            await stand.DelayAsync(0.5);
            await stand.Bench.ClearAsync();
            await stand.Bench.SwitchAsync(BenchSwitch.Power, true); // With the trigger still held.
            await stand.DisconnectAsync();
            await stand.DelayAsync(1);
            await stand.ConnectAsync();
            await stand.ReachAsync(DeviceState.Unhomed);
            await stand.DelayAsync(1);
            notAtRest += (await stand.Bench.ReadAsync()).Strokes == 0 ? 0 : 1;
            await stand.Bench.SwitchAsync(BenchSwitch.Trigger, false);
            await stand.HomedAsync();
        }

        stand.Judge("starts at which the needles moved before homing", notAtRest, "of 20", most: 0);
    });

    [Scenario("The mains fail while running at depth: the reservoir retracts the needles", Need.Simulation)]
    [Trait("Requirement", "POWER-1")]
    [Trait("Requirement", "POWER-2")]
    public void Mains_failure() => run.Run(output, async stand =>
    {
        await stand.HomedAsync();
        await stand.RunningAsync(TestStand.Request(stand.Device.Identity.Limits.AbsoluteDepth.Micrometers, 100));
        await stand.Bench.ClearAsync();
        long cut = (await stand.Bench.ReadAsync()).AtMicroseconds;
        stand.Simulated.Bench.CutMains();
        await stand.QuietAsync();
        var extremes = await stand.Bench.ExtremesAsync();
        stand.Judge("tips behind the nosecone after", ((extremes.LastOutMicroseconds ?? cut) - cut) / 1e3, "ms", most: Limits.StopRetractMilliseconds);
        stand.Simulated.Bench.RestoreMains();
        await stand.Bench.SwitchAsync(BenchSwitch.Trigger, false);
        await stand.AcknowledgeAsync(FaultCode.SupplyLow);
    });

    [Scenario("Settings survive 100 power cycles, each after being written", Need.Bench)]
    [Trait("Requirement", "SET-1")]
    public void Settings_survive() => run.Run(output, async stand =>
    {
        int lost = 0;
        await stand.ConnectAsync();
        await stand.ReachAsync(DeviceState.Unhomed);
        var before = await stand.Device.ReadSettingsAsync();
        for (int i = 0; i < 100; i++)
        {
            var zero = Depth.FromMicrometers(before.ZeroOffset.Micrometers + (i % 2));
            await stand.Device.WriteSettingsAsync(before.SerialNumber, zero);
            await StoredAsync(stand);
            await stand.DisconnectAsync();
            await stand.Bench.SwitchAsync(BenchSwitch.Power, false);
            await stand.DelayAsync(0.2);
            await stand.Bench.SwitchAsync(BenchSwitch.Power, true);
            await stand.ConnectAsync();
            await stand.ReachAsync(DeviceState.Unhomed);
            var read = await stand.Device.ReadSettingsAsync();
            lost += read.ZeroOffset == zero && read.SerialNumber == before.SerialNumber && read.GoodCopies == 2 ? 0 : 1;
        }

        await stand.Device.WriteSettingsAsync(before.SerialNumber, before.ZeroOffset);
        await StoredAsync(stand);
        stand.Judge("settings lost or with a bad copy", lost, "of 100", most: 0);
        stand.Judge("zero offset as it was found", (await stand.Device.ReadSettingsAsync()).ZeroOffset.Micrometers, "µm", before.ZeroOffset.Micrometers, before.ZeroOffset.Micrometers);
    });

    private static async Task StoredAsync(TestStand stand)
    {
        for (int i = 0; i < 40 && (await stand.Device.ReadSettingsAsync()).IsPending; i++)
        {
            await stand.DelayAsync(0.05);
        }
    }
}
