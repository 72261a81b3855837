// What stops the motors without any firmware: emergency stop and external watchdog.

using System.Device.Gpio;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class SafetyCircuitTests
{
    [Fact]
    public void Before_the_first_watchdog_edge_no_driver_acts()
    {
        using VirtualBoard board = new();
        board.RunToEnd(() =>
        {
            GpioController controller = new();
            controller.OpenPin(5, PinMode.Output).Write(PinValue.High);
            controller.OpenPin(15, PinMode.Output).Write(PinValue.High);
            Needles.StartPulses(1_000);
            FirmwareRuntime.Sleep(100);
            Assert.Equal(0, board.Bench.NeedleMicrosteps);
            Assert.False(board.Bench.NeedleDriverEnabled || board.Bench.DepthDriverEnabled);
            controller.OpenPin(2, PinMode.Output).Toggle();
            Assert.True(board.Bench.NeedleDriverEnabled && board.Bench.DepthDriverEnabled);
        });
    }

    [Fact]
    public void Two_hundred_milliseconds_without_a_watchdog_edge_stop_both_motors_until_the_next_edge()
    {
        using VirtualBoard board = new();
        GpioPin? watchdog = null;
        board.PowerOn(() =>
        {
            GpioController controller = new();
            watchdog = controller.OpenPin(2, PinMode.Output);
            controller.OpenPin(5, PinMode.Output).Write(PinValue.High);
            controller.OpenPin(15, PinMode.Output).Write(PinValue.High);
            Needles.StartPulses(1_000);
            Needles.FeedFor(watchdog, 500);
            FirmwareRuntime.Sleep(500);
            watchdog.Toggle();
            FirmwareRuntime.Sleep(Timeout.Infinite);
        });

        Assert.True(board.RunUntil(() => board.Bench.NeedleDriverEnabled, 100_000));
        Assert.True(board.RunUntil(() => !board.Bench.NeedleDriverEnabled, FakeFirmware.Seconds));
        long dropped = board.NowMicroseconds;
        long lastEdge = board.Trace.Entries.Last(entry => entry.Signal == Signal.WatchdogToggle).TimeMicroseconds;
        Assert.Equal(lastEdge + 200_000, dropped);
        Assert.False(board.Bench.DepthDriverEnabled);
        long turned = board.Bench.NeedleMicrosteps;
        Assert.Equal(lastEdge + 200_000, board.Bench.LastNeedleStepMicroseconds!.Value, 1_000.0);

        board.Run(100_000);
        Assert.Equal(turned, board.Bench.NeedleMicrosteps);
        Assert.True(board.RunUntil(() => board.Bench.NeedleDriverEnabled, FakeFirmware.Seconds));
        Assert.True(board.Bench.DepthDriverEnabled);
    }

    [Fact]
    public void The_emergency_stop_opens_the_needle_enable_at_once_and_the_depth_enable_a_second_and_a_half_later()
    {
        using VirtualBoard board = new();
        board.PowerOn(() =>
        {
            GpioController controller = new();
            GpioPin watchdog = controller.OpenPin(2, PinMode.Output);
            controller.OpenPin(5, PinMode.Output).Write(PinValue.High);
            controller.OpenPin(15, PinMode.Output).Write(PinValue.High);
            Needles.StartPulses(1_000);
            Needles.FeedFor(watchdog, 60_000);
        });
        board.Run(300_000);
        Assert.True(board.Bench.NeedleDriverEnabled);

        board.Bench.PressEmergencyStop();
        long turned = board.Bench.NeedleMicrosteps;
        Assert.False(board.Bench.NeedleDriverEnabled);
        board.Run(1_499_999);
        Assert.True(board.Bench.DepthDriverEnabled);
        board.Run(1);
        Assert.False(board.Bench.DepthDriverEnabled);
        Assert.Equal(turned, board.Bench.NeedleMicrosteps);

        board.Bench.ReleaseEmergencyStop();
        Assert.True(board.Bench.NeedleDriverEnabled && board.Bench.DepthDriverEnabled);
    }

    [Fact]
    public void Releasing_the_emergency_stop_early_leaves_the_depth_enable_closed()
    {
        using VirtualBoard board = new();
        board.PowerOn(() =>
        {
            GpioController controller = new();
            GpioPin watchdog = controller.OpenPin(2, PinMode.Output);
            controller.OpenPin(15, PinMode.Output).Write(PinValue.High);
            Needles.FeedFor(watchdog, 60_000);
        });
        board.Run(100_000);
        board.Bench.PressEmergencyStop();
        board.Run(FakeFirmware.Seconds);
        board.Bench.ReleaseEmergencyStop();
        board.Run(3 * FakeFirmware.Seconds);
        Assert.True(board.Bench.DepthDriverEnabled);
    }

    [Fact]
    [Trait("Requirement", "POWER-3")]
    [Trait("Requirement", "ESTOP-1")]
    public void A_broken_emergency_stop_wire_is_the_same_as_pressing_and_releasing_the_button_does_not_mend_it()
    {
        using VirtualBoard board = new();
        board.PowerOn(() =>
        {
            GpioController controller = new();
            GpioPin watchdog = controller.OpenPin(2, PinMode.Output);
            controller.OpenPin(5, PinMode.Output).Write(PinValue.High);
            Needles.FeedFor(watchdog, 60_000);
        });
        board.Run(100_000);
        board.Bench.SetFault(BenchFault.EmergencyStopWireBroken, true);
        board.Bench.ReleaseEmergencyStop();
        Assert.False(board.Bench.NeedleDriverEnabled);
        Assert.True(board.Bench.EmergencyStopOpen);
        board.Bench.SetFault(BenchFault.EmergencyStopWireBroken, false);
        Assert.True(board.Bench.NeedleDriverEnabled);
    }
}
