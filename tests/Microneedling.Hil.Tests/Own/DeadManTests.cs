// The dead man of the bench controller (hardware-docs/jig.md), in virtual time: a device that runs, with a host of its own that
// lives on, and a bench whose host falls silent.

using Microneedling.Qa.Instruments;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;

namespace Microneedling.Hil.Tests;

public sealed class DeadManTests
{
    [Fact]
    public void After_the_silence_trigger_and_emergency_stop_at_once_and_the_power_when_the_needles_are_in() => RunningAsync(async bed =>
    {
        await bed.AskAsync("SYST:DEAD 5");
        await bed.Time.Delay(TimeSpan.FromSeconds(4.99));
        Assert.True(bed.IsRunning);

        await bed.Time.Delay(TimeSpan.FromSeconds(0.02));
        Assert.True(bed is { Bench.TriggerPressed: false, Bench.EmergencyStopOpen: true, HasPower: true });
        await bed.Time.Delay(TimeSpan.FromSeconds(1));
        Assert.True(bed.HasPower);
        await bed.Time.Until(() => !bed.HasPower, TimeSpan.FromSeconds(2));
        Assert.True(bed.Bench.TipMicrometers < 0);
    });

    [Fact]
    public void Any_command_holds_it_off_and_what_is_no_command_does_not() => RunningAsync(async bed =>
    {
        await bed.AskAsync("SYST:DEAD 3");
        for (int i = 0; i < 5; i++)
        {
            await bed.Time.Delay(TimeSpan.FromSeconds(2.9));
            await bed.AskAsync("MEAS:TIP?");
        }

        Assert.True(bed.IsRunning);
        await bed.Time.Delay(TimeSpan.FromSeconds(2.9));
        await bed.AskAsync("noise");
        await bed.Time.Delay(TimeSpan.FromSeconds(0.2));
        Assert.False(bed.IsRunning);
    });

    [Fact]
    public void A_host_that_has_gone_is_not_waited_for() => RunningAsync(async bed =>
    {
        await bed.AskAsync("SYST:DEAD 60");
        bed.Controller.LoseHost();
        Assert.True(bed is { Bench.TriggerPressed: false, Bench.EmergencyStopOpen: true, HasPower: true });
        await bed.Time.Until(() => !bed.HasPower, TimeSpan.FromSeconds(2.1));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Not_armed_or_disarmed_it_does_nothing(bool wasArmed) => RunningAsync(async bed =>
    {
        if (wasArmed)
        {
            await bed.AskAsync("SYST:DEAD 5");
            await bed.AskAsync("SYST:DEAD 0");
        }

        bed.Controller.LoseHost();
        await bed.Time.Delay(TimeSpan.FromSeconds(30));
        Assert.True(bed.IsRunning);
    });

    [Fact]
    public void A_host_that_arms_it_again_keeps_the_power_and_finds_the_rest_as_it_was_left() => RunningAsync(async bed =>
    {
        await bed.AskAsync("SYST:DEAD 5");
        bed.Controller.LoseHost();
        await bed.Time.Delay(TimeSpan.FromSeconds(1.9));
        await bed.AskAsync("SYST:DEAD 5");
        await bed.Time.Delay(TimeSpan.FromSeconds(4.9));
        Assert.True(bed is { Bench.TriggerPressed: false, Bench.EmergencyStopOpen: true, HasPower: true });
        await bed.Time.Until(() => !bed.HasPower, TimeSpan.FromSeconds(2.2));
    });

    private static void RunningAsync(Func<Bed, Task> body) => VirtualTime.Run(new BoardOptions { Seed = 5 }, async (time, simulated) =>
    {
        await using ScpiController controller = new(new SimulatedBench(simulated), time);
        TestStand stand = new(() => Task.FromResult(simulated.Connect()), new SimulatedBench(simulated), time, simulated);
        await stand.HomedAsync();
        await stand.RunningAsync(TestStand.Request(1500, 60));
        await body(new Bed(time, simulated, controller));
        await Teardown.LeaveSafeAsync(stand);
    });

    private sealed record Bed(VirtualTime Time, Simulator.SimulatedDevice Simulated, ScpiController Controller)
    {
        internal Bench Bench => Simulated.Bench;

        internal bool HasPower => Simulated.Board.FirmwareState != FirmwareState.Off;

        internal bool IsRunning => HasPower && Bench is { TriggerPressed: true, EmergencyStopOpen: false } && Bench.TrueRateMillihertz > 50_000;

        internal Task<string> AskAsync(string command) => Controller.AnswerAsync(command);
    }
}
