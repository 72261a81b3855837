// What can be broken on the bench beyond switches, and the alarm outputs.

using System.Device.Gpio;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class BenchFaultTests
{
    private const int NeedleEnable = 5;
    private const int Trigger = 10;
    private const int NeedleDiagnosis = 14;
    private const int DepthDiagnosis = 21;
    private const int WatchdogGood = 38;

    [Fact]
    public void A_stuck_trigger_reads_pressed_though_nobody_holds_it()
    {
        using VirtualBoard board = Fed();
        Assert.True(IsHigh(board, Trigger));
        board.Bench.SetFault(BenchFault.TriggerStuckPressed, true);
        Assert.False(IsHigh(board, Trigger));
        Assert.False(board.Bench.TriggerPressed);
        board.Bench.PressTrigger();
        board.Bench.ReleaseTrigger();
        Assert.False(IsHigh(board, Trigger));
        board.Bench.SetFault(BenchFault.TriggerStuckPressed, false);
        Assert.True(IsHigh(board, Trigger));
    }

    [Fact]
    public void With_a_stuck_watchdog_line_the_gates_open_after_their_window_and_the_read_back_says_so()
    {
        using VirtualBoard board = Fed();
        Assert.True(IsHigh(board, WatchdogGood));
        board.Bench.SetFault(BenchFault.WatchdogLineStuck, true);
        board.Run(180_000);
        Assert.True(board.Bench.NeedleDriverEnabled);
        board.Run(40_000);
        Assert.False(board.Bench.NeedleDriverEnabled || board.Bench.DepthDriverEnabled);
        Assert.False(IsHigh(board, WatchdogGood));
        board.Bench.SetFault(BenchFault.WatchdogLineStuck, false);
        board.Run(30_000);
        Assert.True(board.Bench.NeedleDriverEnabled && IsHigh(board, WatchdogGood));
    }

    [Fact]
    public void A_watchdog_gate_stuck_closed_never_opens_but_the_emergency_stop_still_does()
    {
        using VirtualBoard board = Fed(feedMilliseconds: 100);
        board.Bench.SetFault(BenchFault.WatchdogGateStuckClosed, true);
        board.Run(2 * FakeFirmware.Seconds);
        Assert.True(board.Bench.NeedleDriverEnabled && board.Bench.DepthDriverEnabled);
        Assert.True(IsHigh(board, WatchdogGood));
        board.Bench.PressEmergencyStop();
        Assert.False(board.Bench.NeedleDriverEnabled);
        board.Run(1_500_000);
        Assert.False(board.Bench.DepthDriverEnabled);
        board.Bench.ReleaseEmergencyStop();
        board.Bench.SetFault(BenchFault.WatchdogGateStuckClosed, false);
        Assert.False(board.Bench.NeedleDriverEnabled || IsHigh(board, WatchdogGood));
    }

    [Theory]
    [InlineData(BenchFault.NeedleDriverFault)]
    [InlineData(BenchFault.DepthDriverFault)]
    public void A_driver_fault_switches_its_own_driver_off_and_raises_its_own_diagnosis(BenchFault fault)
    {
        using VirtualBoard board = Fed();
        Assert.False(IsHigh(board, NeedleDiagnosis) || IsHigh(board, DepthDiagnosis));
        board.Bench.SetFault(fault, true);
        bool needle = fault == BenchFault.NeedleDriverFault;
        Assert.Equal((needle, !needle), (IsHigh(board, NeedleDiagnosis), IsHigh(board, DepthDiagnosis)));
        Assert.Equal((!needle, needle), (board.Bench.NeedleDriverEnabled, board.Bench.DepthDriverEnabled));
        board.Bench.SetFault(fault, false);
        Assert.False(IsHigh(board, NeedleDiagnosis) || IsHigh(board, DepthDiagnosis));
        Assert.True(board.Bench.NeedleDriverEnabled && board.Bench.DepthDriverEnabled);
    }

    [Fact]
    public void Every_fault_can_be_present_together_with_every_other_and_is_mended_alone()
    {
        using VirtualBoard board = new();
        BenchFault[] all = Enum.GetValues<BenchFault>();
        foreach (BenchFault fault in all)
        {
            Assert.False(board.Bench.HasFault(fault));
            board.Bench.SetFault(fault, true);
        }

        Assert.All(all, fault => Assert.True(board.Bench.HasFault(fault)));
        board.Bench.SetFault(BenchFault.IndexStuckLow, false);
        Assert.All(all, fault => Assert.Equal(fault != BenchFault.IndexStuckLow, board.Bench.HasFault(fault)));
    }

    [Fact]
    public void The_alarm_light_and_buzzer_follow_their_wires_and_count_their_beginnings()
    {
        using VirtualBoard board = new();
        board.RunToEnd(() =>
        {
            GpioController controller = new();
            GpioPin led = controller.OpenPin(1, PinMode.Output);
            GpioPin buzzer = controller.OpenPin(47, PinMode.Output);
            for (int i = 0; i < 5; i++)
            {
                led.Toggle();
                buzzer.Toggle();
                buzzer.Toggle();
            }

            Assert.Equal((true, false), (board.Bench.AlarmLedOn, board.Bench.BuzzerSounds));
        });
        Assert.Equal((3L, 5L), (board.Bench.AlarmLedFlashes, board.Bench.Beeps));
        board.PowerOff();
        Assert.False(board.Bench.AlarmLedOn);
    }

    [Fact]
    public void A_slip_moves_the_stage_by_whole_steps_and_only_what_is_towards_the_skin_counts_as_injected()
    {
        using VirtualBoard board = new(new BoardOptions { StageMicrometers = 0 });
        board.Bench.SlipStage(4);
        board.Bench.SlipStage(-10);
        board.Bench.DisplaceStage(5);
        Assert.Equal((-6 * 3_175) + 5_000, board.Bench.StageNanometers);
        Assert.Equal((4 * 3.175) + 5, board.Bench.InjectedSlipMicrometers, 9);
        board.Bench.ResetDeepestTip();
        Assert.Equal(0, board.Bench.InjectedSlipMicrometers);
    }

    [Theory]
    [InlineData(BenchFault.DepthMotorJammed)]
    [InlineData(BenchFault.DepthDriverFault)]
    public void Retracting_steps_that_a_fault_swallows_count_as_injected_slip_and_extending_ones_do_not(BenchFault fault)
    {
        using VirtualBoard board = new(new BoardOptions { StageMicrometers = 0 });
        board.Bench.SetFault(fault, true);
        board.RunToEnd(() =>
        {
            GpioController controller = new();
            GpioPin step = controller.OpenPin(6, PinMode.Output);
            GpioPin direction = controller.OpenPin(7, PinMode.Output);
            controller.OpenPin(15, PinMode.Output).Write(true);
            controller.OpenPin(2, PinMode.Output).Toggle();
            Pulse(step, 3);
            direction.Write(true);
            Pulse(step, 5);
        });
        Assert.Equal(3 * 3.175, board.Bench.InjectedSlipMicrometers, 9);
        Assert.Equal(0, board.Bench.StageNanometers);
    }

    [Fact]
    public void A_stage_pressed_too_hard_loses_its_steps()
    {
        using VirtualBoard board = new(new BoardOptions { StageMicrometers = 0 });
        board.Bench.StageLoadNewtons = 50;
        board.RunToEnd(() =>
        {
            GpioController controller = new();
            GpioPin step = controller.OpenPin(6, PinMode.Output);
            controller.OpenPin(15, PinMode.Output).Write(true);
            controller.OpenPin(2, PinMode.Output).Toggle();
            Pulse(step, 3);
        });
        Assert.Equal((3L, 0), (board.Bench.StageStepsLost, board.Bench.StageNanometers));
    }

    private static void Pulse(GpioPin step, int count)
    {
        for (int i = 0; i < count; i++)
        {
            FirmwareRuntime.Sleep(10);
            step.Toggle();
            step.Toggle();
        }
    }

    private static VirtualBoard Fed(int feedMilliseconds = 60_000)
    {
        VirtualBoard board = new(new BoardOptions { StageMicrometers = -500 });
        board.PowerOn(() =>
        {
            GpioController controller = new();
            GpioPin watchdog = controller.OpenPin(2, PinMode.Output);
            controller.OpenPin(Trigger, PinMode.InputPullUp);
            controller.OpenPin(NeedleDiagnosis, PinMode.InputPullUp);
            controller.OpenPin(DepthDiagnosis, PinMode.InputPullUp);
            controller.OpenPin(WatchdogGood, PinMode.Input);
            controller.OpenPin(15, PinMode.Output).Write(true);
            controller.OpenPin(NeedleEnable, PinMode.Output).Write(true);
            Needles.FeedFor(watchdog, feedMilliseconds);
        });
        board.Run(100_000);
        return board;
    }

    private static bool IsHigh(VirtualBoard board, int pin)
    {
        lock (board.Clock.Gate)
        {
            return (bool)board.Pins.Read(pin);
        }
    }
}
