// The depth stage: steps, switches, stops, and a motion like homing seen from a firmware.

using System.Device.Gpio;
using Microneedling.SimulatedBoard.Mechanics;
using nanoFramework.Hardware.Esp32;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class DepthStageTests
{
    [Fact]
    public void One_rising_edge_is_one_step_of_3175_nm_in_the_direction_of_the_wire()
    {
        using VirtualBoard board = new(new BoardOptions { StageMicrometers = 0 });
        board.RunToEnd(() =>
        {
            Stage stage = new();
            stage.Step(extend: true, steps: 10);
            Assert.Equal(31_750, board.Bench.StageNanometers);
            stage.Step(extend: false, steps: 4);
        });
        Assert.Equal(6 * 3_175, board.Bench.StageNanometers);
        Assert.Equal((14L, 0L), (board.Bench.StageSteps, board.Bench.StageStepsLost));
    }

    [Fact]
    public void Without_enable_nothing_moves()
    {
        using VirtualBoard board = new(new BoardOptions { StageMicrometers = 0 });
        board.RunToEnd(() => new Stage(enable: false).Step(extend: true, steps: 10));
        Assert.Equal((0, 0L), (board.Bench.StageNanometers, board.Bench.StageSteps));
    }

    [Fact]
    public void Retracting_finds_the_home_switch_within_one_step_of_where_it_closes_and_the_inner_stop_beyond()
    {
        using VirtualBoard board = new(new BoardOptions { StageMicrometers = -900 });
        int homeAt = 0;
        board.RunToEnd(() =>
        {
            Stage stage = new();
            while (!stage.HomeClosed)
            {
                stage.Step(extend: false, steps: 1);
            }

            homeAt = board.Bench.StageNanometers;
            stage.Step(extend: false, steps: 100);
        });

        Assert.InRange(homeAt, -1_200_000 - 3_175, -1_200_000);
        Assert.InRange(board.Bench.StageNanometers, -1_300_000, -1_300_000 + 3_175);
        Assert.True(board.Bench.StageStepsLost > 50);
    }

    [Fact]
    public void The_limit_switch_opens_and_gates_extending_but_not_retracting()
    {
        using VirtualBoard board = new(new BoardOptions { StageMicrometers = 2_500 });
        bool limitOpen = false;
        board.RunToEnd(() =>
        {
            Stage stage = new();
            stage.Step(extend: true, steps: 100);
            limitOpen = stage.LimitOpen;
            Assert.InRange(board.Bench.StageNanometers, 2_600_000, 2_600_000 + 3_175);
            stage.Step(extend: false, steps: 10);
        });
        Assert.True(limitOpen);
        Assert.True(board.Bench.StageNanometers < 2_600_000 - 20_000);
        Assert.True(board.Bench.StageStepsGated > 50);
        Assert.Equal(0, board.Bench.StageStepsLost);
    }

    [Fact]
    public void With_a_limit_switch_that_never_opens_the_mechanical_stop_holds()
    {
        using VirtualBoard board = new(new BoardOptions { StageMicrometers = 2_500, CamMicrosteps = 200 });
        board.Bench.SetFault(BenchFault.LimitSwitchStuckClosed, true);
        board.RunToEnd(() => new Stage().Step(extend: true, steps: 200));
        Assert.InRange(board.Bench.StageNanometers, 2_700_000 - 3_175, 2_700_000);
        Assert.True(board.Bench.StageStepsLost > 100);
        Assert.Equal(board.Bench.StageMicrometers, board.Bench.DeepestTipMicrometers, 6);
    }

    [Fact]
    [Trait("Requirement", "DEPTH-8")]
    [Trait("Requirement", "POWER-3")]
    public void A_broken_limit_wire_gates_extending_anywhere()
    {
        using VirtualBoard board = new(new BoardOptions { StageMicrometers = 0 });
        board.Bench.SetFault(BenchFault.LimitSwitchWireBroken, true);
        board.RunToEnd(() => new Stage().Step(extend: true, steps: 10));
        Assert.Equal((0, 10L), (board.Bench.StageNanometers, board.Bench.StageStepsGated));
    }

    [Fact]
    public void Steps_faster_than_the_stage_follows_are_lost()
    {
        using VirtualBoard board = new(new BoardOptions { StageMicrometers = 0 });
        board.RunToEnd(() => new Stage().Step(extend: true, steps: 10, spacingMicroseconds: 800));
        Assert.Equal(1, board.Bench.StageSteps);
        Assert.Equal(9, board.Bench.StageStepsLost);
    }

    [Fact]
    public void A_jammed_stage_loses_its_steps()
    {
        using VirtualBoard board = new(new BoardOptions { StageMicrometers = 0 });
        board.Bench.SetFault(BenchFault.DepthMotorJammed, true);
        board.RunToEnd(() => new Stage().Step(extend: true, steps: 10));
        Assert.Equal((0, 10L), (board.Bench.StageNanometers, board.Bench.StageStepsLost));
    }

    [Fact]
    public void Where_the_stage_and_cam_begin_is_decided_by_the_seed_within_the_stages_travel()
    {
        HashSet<(int, int)> places = [];
        for (int seed = 0; seed < 50; seed++)
        {
            using VirtualBoard board = new(new BoardOptions { Seed = seed });
            using VirtualBoard again = new(new BoardOptions { Seed = seed });
            Assert.InRange(board.Bench.StageNanometers, -1_100_000, 500_000);
            Assert.Equal((board.Bench.StageNanometers, board.Bench.CamMicrosteps), (again.Bench.StageNanometers, again.Bench.CamMicrosteps));
            places.Add((board.Bench.StageNanometers, board.Bench.CamMicrosteps));
        }

        Assert.True(places.Count > 45);
    }

    /// <summary>The stage as a firmware sees it. Keeps the watchdog satisfied at every step.</summary>
    private sealed class Stage
    {
        private readonly GpioPin step;
        private readonly GpioPin direction;
        private readonly GpioPin watchdog;
        private readonly GpioPin home;
        private readonly GpioPin limit;

        internal Stage(bool enable = true)
        {
            GpioController controller = new();
            watchdog = controller.OpenPin(2, PinMode.Output);
            step = controller.OpenPin(6, PinMode.Output);
            direction = controller.OpenPin(7, PinMode.Output);
            home = controller.OpenPin(8, PinMode.InputPullUp);
            limit = controller.OpenPin(9, PinMode.InputPullUp);
            controller.OpenPin(15, PinMode.Output).Write(enable);
            watchdog.Toggle();
            FirmwareRuntime.Sleep(10);
        }

        internal bool HomeClosed => home.Read() == PinValue.Low;

        internal bool LimitOpen => limit.Read() == PinValue.High;

        internal void Step(bool extend, int steps, int spacingMicroseconds = 3_175)
        {
            direction.Write(extend);
            FirmwareRuntime.Sleep(10);
            for (int i = 0; i < steps; i++)
            {
                ulong start = HighResTimer.GetCurrent();
                step.Toggle();
                step.Toggle();
                watchdog.Toggle();
                while (HighResTimer.GetCurrent() - start < (ulong)spacingMicroseconds)
                {
                }
            }
        }
    }
}
