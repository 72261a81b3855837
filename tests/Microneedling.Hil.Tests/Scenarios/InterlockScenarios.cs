using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Qa.Instruments;
using Microneedling.SimulatedBoard;
using Xunit.Abstractions;

namespace Microneedling.Hil.Tests;

[Collection(Suite.Name)]
public sealed class InterlockScenarios(QaRun run, ITestOutputHelper output)
{
    [Scenario("Only the trigger starts the needles: not a token of other values, not a held trigger, not the start command")]
    [Trait("Requirement", "ARM-2")]
    [Trait("Requirement", "ARM-3")]
    public void Starting_needs_token_and_trigger() => run.Run(output, async stand =>
    {
        await stand.HomedAsync();
        await stand.Bench.ClearAsync();
        var outdated = await stand.Device.ConfigureAsync(TestStand.Request(500, 60));
        var treatment = await stand.Device.ConfigureAsync(TestStand.Request(800, 60));
        stand.Judge("a token of other values is refused", await stand.RefusalOfAsync(stand.Device.ArmAsync(outdated)) is RejectionReason.StaleToken);
        await stand.Bench.SwitchAsync(BenchSwitch.Trigger, true);
        await stand.DelayAsync(0.2);
        stand.Judge("arming with the trigger held is refused", await stand.RefusalOfAsync(stand.Device.ArmAsync(treatment)) is RejectionReason.TriggerHeld);
        await stand.Bench.SwitchAsync(BenchSwitch.Trigger, false);
        await stand.DelayAsync(0.2);
        await stand.Device.ArmAsync(treatment);
        await stand.SettledAsync(treatment.Depth, DeviceState.Armed);
        stand.Judge("the start command is refused", await stand.RefusalOfAsync(stand.Device.StartAsync()) is RejectionReason.TriggerRequired);
        await stand.DelayAsync(1);
        stand.Judge("tips so far, with the cam creeping once over its index", (await stand.Bench.ExtremesAsync()).DeepestTipMicrometers, "µm", most: 0);
        await stand.Bench.SwitchAsync(BenchSwitch.Trigger, true);
        await stand.ReachAsync(DeviceState.Running);
        await stand.DelayAsync(0.5);
        stand.Judge("strokes with the trigger", (await stand.Bench.ReadAsync()).Strokes, "", least: 5);
    });

    [Scenario("No cartridge, no arming; taken off while running, the needles stop")]
    [Trait("Requirement", "CART-2")]
    public void Cartridge_interlock() => run.Run(output, async stand =>
    {
        await stand.HomedAsync();
        await stand.Bench.SwitchAsync(BenchSwitch.Cartridge, false);
        await stand.DelayAsync(0.7);
        var treatment = await stand.Device.ConfigureAsync(TestStand.Request(800, 60));
        stand.Judge("arming without one is refused", await stand.RefusalOfAsync(stand.Device.ArmAsync(treatment)) is RejectionReason.CartridgeMissing);
        await stand.HomedAsync();
        await stand.RunningAsync(TestStand.Request(800, 60));
        await stand.Bench.ClearAsync();
        long off = await stand.Bench.SwitchAsync(BenchSwitch.Cartridge, false);
        await stand.QuietAsync();
        var last = (await stand.Bench.StrokesAsync()).LastOrDefault(stroke => stroke.DeepestTipMicrometers > 0);
        stand.Judge("to the last stroke after it was taken off", Math.Max(0, (last.EndedAtMicroseconds - off) / 1e3), "ms", most: 150);
        await stand.Bench.SwitchAsync(BenchSwitch.Trigger, false);
        await stand.Bench.SwitchAsync(BenchSwitch.Cartridge, true);
        await stand.AcknowledgeAsync(FaultCode.CartridgeRemoved);
    });

    [Scenario("A cartridge that was used is refused for the next client until it has been off")]
    [Trait("Requirement", "CART-1")]
    public void Used_cartridge() => run.Run(output, async stand =>
    {
        await stand.HomedAsync();
        await stand.RunningAsync(TestStand.Request(500, 60));
        await stand.Bench.SwitchAsync(BenchSwitch.Trigger, false);
        await stand.QuietAsync();
        await stand.Device.DisarmAsync();
        await stand.ReachAsync(DeviceState.Parked);
        await stand.Device.BeginSessionAsync(7_000_001);
        var treatment = await stand.Device.ConfigureAsync(TestStand.Request(500, 60));
        stand.Judge("the used one is refused", await stand.RefusalOfAsync(stand.Device.ArmAsync(treatment)) is RejectionReason.CartridgeUsed);
        await stand.Bench.SwitchAsync(BenchSwitch.Power, false);
        await stand.DelayAsync(1);
        await stand.Bench.SwitchAsync(BenchSwitch.Power, true);
        await stand.DisconnectAsync();
        await stand.ConnectAsync();
        await stand.ReachAsync(DeviceState.Unhomed);
        await stand.Device.BeginSessionAsync(7_000_002);
        await stand.Device.HomeAsync();
        await stand.ReachAsync(DeviceState.Parked);
        treatment = await stand.Device.ConfigureAsync(TestStand.Request(500, 60));
        stand.Judge("also after a power cycle", await stand.RefusalOfAsync(stand.Device.ArmAsync(treatment)) is RejectionReason.CartridgeUsed);
        await stand.Bench.SwitchAsync(BenchSwitch.Cartridge, false);
        await stand.DelayAsync(0.7);
        await stand.Bench.SwitchAsync(BenchSwitch.Cartridge, true);
        await stand.DelayAsync(0.3);
        stand.Judge("another one is accepted", await stand.RefusalOfAsync(stand.Device.ArmAsync(treatment)) is null);
    });

    [Scenario("Emergency stop pressed: nothing can be homed or armed until it is released, acknowledged and homed anew")]
    [Trait("Requirement", "ESTOP-2")]
    public void Emergency_stop_interlock() => run.Run(output, async stand =>
    {
        await stand.HomedAsync();
        await stand.Bench.SwitchAsync(BenchSwitch.EmergencyStop, true);
        await stand.ReachAsync(DeviceState.EmergencyStopped);
        stand.Judge("homing is refused", await stand.RefusalOfAsync(stand.Device.HomeAsync()) is not null);
        stand.Judge("acknowledging while pressed is refused", await stand.RefusalOfAsync(stand.Device.ClearFaultAsync(FaultCode.EmergencyStop)) is RejectionReason.EmergencyStopPressed or RejectionReason.FaultStillPresent or RejectionReason.StillRetracting);
        await stand.Bench.SwitchAsync(BenchSwitch.EmergencyStop, false);
        await stand.DelayAsync(0.3);
        stand.Judge("released alone it stays stopped", (await stand.Device.GetStatusAsync()).State == DeviceState.EmergencyStopped);
        await stand.AcknowledgeAsync(FaultCode.EmergencyStop);
        stand.Judge("acknowledged it must be homed", (await stand.ReachAsync(DeviceState.Unhomed)).State == DeviceState.Unhomed);
    });

    [Scenario("Limit switch: with its wire broken the stage does not extend, whatever is asked for", Need.Simulation)]
    [Trait("Requirement", "DEPTH-7")]
    [Trait("Requirement", "DEPTH-8")]
    public void Limit_switch_gates_extending() => run.Run(output, async stand =>
    {
        await stand.HomedAsync();
        await stand.ArmedAsync(TestStand.Request(500, 60));
        double before = stand.Simulated.Bench.StageMicrometers;
        stand.Simulated.Bench.SetFault(BenchFault.LimitSwitchWireBroken, true);
        await stand.RefusalOfAsync(stand.Device.ConfigureAsync(TestStand.Request(1500, 60)));
        var status = await HomingScenarios.FaultedAsync(stand);
        stand.Judge("fault", (int)status.Fault, "", (int)FaultCode.LimitSwitchOpen, (int)FaultCode.LimitSwitchOpen);
        stand.Judge("stage beyond where it stood", stand.Simulated.Bench.StageMicrometers - before, "µm", most: 4);
        stand.Simulated.Bench.SetFault(BenchFault.LimitSwitchWireBroken, false);
    });

    [Scenario("A stalled needle motor is noticed within three strokes and 150 ms", Need.Simulation)]
    [Trait("Requirement", "RATE-6")]
    public void Stall_is_noticed() => run.Run(output, async stand =>
    {
        await stand.HomedAsync();
        await stand.RunningAsync(TestStand.Request(800, 60));
        long jammed = (await stand.Bench.ReadAsync()).AtMicroseconds;
        stand.Simulated.Bench.SetFault(BenchFault.NeedleMotorJammed, true);
        var status = await HomingScenarios.FaultedAsync(stand);
        stand.Judge("fault", (int)status.Fault, "", (int)FaultCode.NeedleStalled, (int)FaultCode.NeedleStalled);
        stand.Judge("from the jam to the last pulse", ((stand.Simulated.Bench.LastNeedlePulseMicroseconds ?? jammed) - jammed) / 1e3, "ms", most: (3 * 1000 / 60.0) + 150 + 40);
        stand.Simulated.Bench.SetFault(BenchFault.NeedleMotorJammed, false);
    });

    [Scenario("A driver that reports a fault of its own while running stops everything", Need.Simulation)]
    [Trait("Requirement", "EVT-1")]
    public void Driver_faults() => run.Run(output, async stand =>
    {
        foreach (var (broken, expected) in new[] { (BenchFault.NeedleDriverFault, FaultCode.NeedleDriverFault), (BenchFault.DepthDriverFault, FaultCode.DepthDriverFault) })
        {
            await stand.HomedAsync();
            await stand.RunningAsync(TestStand.Request(800, 60));
            await stand.Bench.ClearAsync();
            long at = (await stand.Bench.ReadAsync()).AtMicroseconds;
            stand.Simulated.Bench.SetFault(broken, true);
            var status = await HomingScenarios.FaultedAsync(stand);
            stand.Judge($"{broken}: fault", (int)status.Fault, "", (int)expected, (int)expected);
            stand.Judge($"{broken}: to the last turn of the needle drive", Math.Max(0, ((await stand.Bench.ExtremesAsync()).LastMotionMicroseconds - at ?? 0) / 1e3), "ms", most: 100);
            await stand.Bench.SwitchAsync(BenchSwitch.Trigger, false);
            stand.Simulated.Bench.SetFault(broken, false);
            await stand.DisconnectAsync();
            await stand.Bench.SwitchAsync(BenchSwitch.Power, false);
            await stand.DelayAsync(0.5);
            await stand.Bench.SwitchAsync(BenchSwitch.Power, true);
        }
    });

    [Scenario("Watchdog: its line stuck while running, the board lets both drivers go within 0.25 s and the fault is told", Need.Simulation)]
    [Trait("Requirement", "WDOG-1")]
    [Trait("Requirement", "WDOG-3")]
    public void External_watchdog() => run.Run(output, async stand =>
    {
        await stand.HomedAsync();
        await stand.RunningAsync(TestStand.Request(800, 60));
        await stand.Bench.ClearAsync();
        long stuck = (await stand.Bench.ReadAsync()).AtMicroseconds;
        stand.Simulated.Bench.SetFault(BenchFault.WatchdogLineStuck, true);
        await stand.DelayAsync(0.6);
        stand.Judge("last turn of the needle drive", ((await stand.Bench.ExtremesAsync()).LastMotionMicroseconds - stuck) / 1e3, "ms", most: 250);
        stand.Judge("needle driver let go by the board", !stand.Simulated.Bench.NeedleDriverEnabled);
        stand.Judge("depth-stage driver let go by the board", !stand.Simulated.Bench.DepthDriverEnabled);
        stand.Judge("fault", (int)(await HomingScenarios.FaultedAsync(stand)).Fault, "", (int)FaultCode.WatchdogNotWorking, (int)FaultCode.WatchdogNotWorking);
        stand.Simulated.Bench.SetFault(BenchFault.WatchdogLineStuck, false);
    });

    [Scenario("Armed for 60 s without a press, and pressed for 120 s: the device ends it by itself")]
    [Trait("Requirement", "ARM-5")]
    [Trait("Requirement", "ARM-6")]
    public void Time_limits() => run.Run(output, async stand =>
    {
        await stand.HomedAsync();
        await stand.ArmedAsync(TestStand.Request(500, 60));
        long armed = (await stand.Bench.ReadAsync()).AtMicroseconds;
        await stand.ReachAsync(DeviceState.Parked, 80);
        stand.Judge("disarmed after", ((await stand.Bench.ReadAsync()).AtMicroseconds - armed) / 1e6, "s", 50, 65);
        await stand.ArmedAsync(TestStand.Request(500, 60));
        await stand.Bench.ClearAsync();
        long pressed = await stand.Bench.SwitchAsync(BenchSwitch.Trigger, true);
        await stand.DelayAsync(125);
        var strokes = await stand.Bench.StrokesAsync();
        stand.Judge("strokes ended after", (strokes[^1].EndedAtMicroseconds - pressed) / 1e6, "s", 115, 121);
        await stand.QuietAsync();
    });
}
