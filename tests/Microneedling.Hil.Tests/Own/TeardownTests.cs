// Whatever happens in a scenario, the device is left with its needles in, disarmed and without power. Looked at on the bench.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Qa.Instruments;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;

namespace Microneedling.Hil.Tests;

public sealed class TeardownTests
{
    [Theory]
    [InlineData("running")]
    [InlineData("running, trigger held, host gone")]
    [InlineData("armed")]
    [InlineData("running, line unplugged")]
    [InlineData("emergency stop pressed")]
    [InlineData("faulted at depth")]
    [InlineData("never connected")]
    public void The_device_is_left_safe(string left) => VirtualTime.Run(new BoardOptions { Seed = 11, Imperfections = ImperfectionLevel.Dynamic }, async (time, simulated) =>
    {
        await using SimulatedBench bench = new(simulated);
        TestStand stand = new(() => Task.FromResult(simulated.Connect()), bench, time, simulated);
        if (left != "never connected")
        {
            await stand.HomedAsync();
            await stand.ArmedAsync(TestStand.Request(1500, 80));
        }

        if (left is not ("armed" or "never connected"))
        {
            await bench.SwitchAsync(BenchSwitch.Trigger, true);
            await stand.ReachAsync(DeviceState.Running);
            await stand.DelayAsync(0.5);
        }

        await (left switch
        {
            "running, trigger held, host gone" => stand.AbandonAsync(),
            "running, line unplugged" => bench.SwitchAsync(BenchSwitch.SerialLine, false),
            "emergency stop pressed" => bench.SwitchAsync(BenchSwitch.EmergencyStop, true),
            "faulted at depth" => bench.SwitchAsync(BenchSwitch.Cartridge, false),
            _ => Task.CompletedTask,
        });

        await Teardown.LeaveSafeAsync(stand);

        Assert.Equal(FirmwareState.Off, simulated.Board.FirmwareState);
        Assert.True(simulated.Bench.TipMicrometers <= 0, $"{left}: tips at {simulated.Bench.TipMicrometers:0} µm");
        Assert.False(simulated.Bench.TriggerPressed);
        Assert.True(Assert.Single(stand.Criteria).IsMet);
    });
}
