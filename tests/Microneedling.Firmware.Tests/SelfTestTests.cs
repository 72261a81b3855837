using Microneedling.Firmware;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>What is tested before anything may move, on both boards.</summary>
public sealed class SelfTestTests(ITestOutputHelper output)
{
    private const ushort Everything = SelfTestItems.InputsPlausible | SelfTestItems.SettingsGood | SelfTestItems.NeedleDriverWell
        | SelfTestItems.DepthDriverWell | SelfTestItems.WatchdogDrops | SelfTestItems.WatchdogHolds;

    public static TheoryData<BenchFault, FaultCode, ushort> Failures => new()
    {
        { BenchFault.WatchdogLineStuck, FaultCode.WatchdogNotWorking, SelfTestItems.WatchdogHolds },
        { BenchFault.WatchdogGateStuckClosed, FaultCode.WatchdogNotWorking, SelfTestItems.WatchdogDrops },
        { BenchFault.NeedleDriverFault, FaultCode.NeedleDriverFault, SelfTestItems.NeedleDriverWell },
        { BenchFault.DepthDriverFault, FaultCode.DepthDriverFault, SelfTestItems.DepthDriverWell },
    };

    // How long each self test took whose beginning was told, in milliseconds of the device.
    private static uint[] Durations(FirmwareRig rig)
    {
        EventReport[] changes = [.. rig.Events.Where(e => e.Code == (ushort)EventCode.StateChanged).DistinctBy(e => e.Number).OrderBy(e => e.Number)];
        return [.. changes.Zip(changes.Skip(1)).Where(pair => pair.First.Argument1 == (int)DeviceState.SelfTest).Select(pair => pair.Second.UptimeMilliseconds - pair.First.UptimeMilliseconds)];
    }

    private static SelfTestReport Outcome(FirmwareRig rig) => rig.Request<SelfTestReport>(new EmptyMessage(MessageId.SelfTestRequest));

    [Fact]
    public void A_well_device_passes_everything_within_half_a_second_and_moves_nothing()
    {
        using var rig = new FirmwareRig(print: output.WriteLine);
        rig.RunFor(TimeSpan.FromMilliseconds(500));
        rig.Hello();

        Assert.Equal((byte)DeviceState.Unhomed, rig.Status().State);
        Assert.Equal((0, Everything), (Outcome(rig).Failed, Outcome(rig).Tested));
        Assert.Equal(0, rig.Bench.StageSteps + rig.Bench.NeedleMicrosteps);
        Assert.True(rig.Bench.WatchdogSatisfied);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    [Trait("Requirement", "WDOG-3")]
    public void What_fails_at_boot_is_latched_and_tested_again_when_cleared(BenchFault broken, FaultCode expected, ushort item)
    {
        using var rig = new FirmwareRig(print: output.WriteLine);
        rig.Bench.SetFault(broken, true);
        rig.Hello();
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));
        Assert.Equal(expected, rig.Fault());
        Assert.Equal(item, Outcome(rig).Failed);
        Assert.Equal(0, rig.Bench.StageSteps + rig.Bench.NeedleMicrosteps);
        Assert.Equal(RejectionReason.FaultLatched, rig.Reason(new EmptyMessage(MessageId.Home)));

        // Acknowledged or not, it does not go away by itself.
        rig.Request(new ClearFault { Fault = (ushort)expected });
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal((byte)DeviceState.Faulted, rig.Status().State);

        rig.Bench.SetFault(broken, false);
        rig.RunFor(TimeSpan.FromMilliseconds(50));
        rig.Accept(new ClearFault { Fault = (ushort)expected });
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
        Assert.Equal(0, Outcome(rig).Failed);
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void The_emergency_stop_does_not_take_the_device_round_its_self_test()
    {
        using var rig = new FirmwareRig(print: output.WriteLine);
        rig.Bench.SetFault(BenchFault.WatchdogGateStuckClosed, true);
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        rig.Bench.PressEmergencyStop();
        rig.Hello();
        rig.RunUntil(DeviceState.EmergencyStopped, TimeSpan.FromSeconds(1));
        rig.Bench.ReleaseEmergencyStop();
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        rig.Accept(new ClearFault { Fault = (ushort)FaultCode.EmergencyStop });
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));

        Assert.Equal(FaultCode.WatchdogNotWorking, rig.Fault());
    }

    [Fact]
    public void An_unhomed_device_tests_itself_again_when_asked_and_a_parked_one_refuses()
    {
        using var rig = Treating.Greeted(output);
        rig.Accept(MessageId.SelfTest);
        rig.RunUntil(DeviceState.SelfTest, TimeSpan.FromSeconds(1));
        Assert.Equal(RejectionReason.WrongState, rig.Reason(new EmptyMessage(MessageId.Home)));
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));

        Assert.Equal(RejectionReason.WrongState, rig.Reason(new EmptyMessage(MessageId.SelfTest)));
    }

    [Fact]
    [Trait("Requirement", "WDOG-3")]
    public void The_external_watchdog_is_tested_250_ms_without_edges_and_60_ms_with_them()
    {
        using var rig = Treating.Greeted(output);
        rig.Accept(MessageId.SelfTest);
        rig.RunUntil(() => !rig.Bench.WatchdogSatisfied, TimeSpan.FromSeconds(1));
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
        rig.RunFor(TimeSpan.FromMilliseconds(100));

        Assert.InRange(Durations(rig)[^1], 310u, 350u);
    }

    [Fact]
    public void A_test_that_is_asked_for_in_the_tick_in_which_one_ends_is_done_in_full()
    {
        using var rig = Treating.Greeted(output);
        rig.Accept(MessageId.SelfTest);
        rig.RunFor(TimeSpan.FromMilliseconds(280));
        int before = Durations(rig).Length;
        for (int asked = 0; asked < 10; asked++)
        {
            rig.Send(new EmptyMessage(MessageId.SelfTest));
            rig.RunFor(TimeSpan.FromMilliseconds(8));
        }

        rig.RunUntil(() => Durations(rig).Length == before + 2, TimeSpan.FromSeconds(1));
        EventReport[] changes = [.. rig.Events.Where(e => e.Code == (ushort)EventCode.StateChanged).OrderBy(e => e.Number)];
        Assert.Equal(changes[^3].UptimeMilliseconds, changes[^2].UptimeMilliseconds);
        Assert.InRange(Durations(rig)[^1], 310u, 350u);
    }

    [Fact]
    public void The_self_test_is_told_as_an_event()
    {
        using var rig = new FirmwareRig(print: output.WriteLine);
        rig.Hello();
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
        rig.Request(new EventsRequest { FirstNumber = 1 });
        rig.RunFor(TimeSpan.FromMilliseconds(200));

        Assert.Contains(rig.Events, e => e.Code == (ushort)EventCode.SelfTestDone && e.Argument1 == 0 && e.Argument2 == Everything);
    }

    [Fact]
    public void Both_ends_of_the_travel_at_once_are_implausible()
    {
        using var rig = new FirmwareRig(print: output.WriteLine);
        rig.Bench.SetFault(BenchFault.HomeSwitchStuckClosed, true);
        rig.Bench.SetFault(BenchFault.LimitSwitchWireBroken, true);
        rig.Hello();
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));
        Assert.Equal((FaultCode.ImplausibleInputs, SelfTestItems.InputsPlausible), (rig.Fault(), Outcome(rig).Failed));
        var clear = new ClearFault { Fault = (ushort)FaultCode.ImplausibleInputs };
        Assert.Equal(RejectionReason.FaultStillPresent, rig.Reason(clear));

        rig.Bench.SetFault(BenchFault.LimitSwitchWireBroken, false);
        rig.RunFor(TimeSpan.FromMilliseconds(50));
        rig.Accept(clear);
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_second_test_that_the_emergency_stop_interrupts_is_not_taken_for_the_first()
    {
        using var rig = Treating.Greeted(output);
        rig.Accept(MessageId.SelfTest);
        rig.RunUntil(DeviceState.SelfTest, TimeSpan.FromSeconds(1));
        rig.Bench.SetFault(BenchFault.WatchdogGateStuckClosed, true);
        rig.Bench.PressEmergencyStop();
        rig.RunUntil(DeviceState.EmergencyStopped, TimeSpan.FromSeconds(1));
        rig.Bench.ReleaseEmergencyStop();
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        rig.Accept(new ClearFault { Fault = (ushort)FaultCode.EmergencyStop });
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));

        Assert.Equal(FaultCode.WatchdogNotWorking, rig.Fault());
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(ExternalWatchdog.InputsRead, false)]
    [InlineData(ExternalWatchdog.Supervised, false)]
    [InlineData(ExternalWatchdog.Planned, false)]
    [InlineData(ExternalWatchdog.Moved, false)]
    [InlineData(ExternalWatchdog.Published, false)]
    [Trait("Requirement", "WDOG-2")]
    public void The_external_watchdog_gets_its_edge_only_when_every_part_of_the_tick_has_run(int missing, bool satisfied)
    {
        using var board = new VirtualBoard();
        output.WriteLine($"Board seed {board.Seed}.");
        board.PowerOn(() =>
        {
            var pins = new Microneedling.Firmware.Board(Esp32S3.Profile());
            var watchdog = new ExternalWatchdog(pins);
            for (long end = pins.NowMicroseconds() + 2_000_000; pins.NowMicroseconds() < end;)
            {
                for (int part = ExternalWatchdog.InputsRead; part <= ExternalWatchdog.Published; part <<= 1)
                {
                    watchdog.Ran(part & ~missing);
                }

                watchdog.EndTick(false);
            }
        });
        board.RunFor(1_000_000);

        Assert.Equal(satisfied, board.Bench.WatchdogSatisfied);
    }
}
