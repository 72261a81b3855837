using Microneedling.Firmware;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>The gate in front of every step, alone: whatever above it has gone wrong, it must hold by itself.</summary>
public sealed class DepthStageGateTests(ITestOutputHelper output)
{
    /// <summary>Runs a bare stage, believed to be at home where it stands, on a board without any other firmware.</summary>
    private double StageAfter(Action<DepthStage> deed, int stageMicrometers = Limits.HomeSwitchStageMicrometers, Action<Bench>? breakSomething = null, int? deepest = 2500)
    {
        using var board = new VirtualBoard(new BoardOptions { StageMicrometers = stageMicrometers });
        output.WriteLine($"Board seed {board.Seed}.");
        breakSomething?.Invoke(board.Bench);
        board.PowerOn(() =>
        {
            var pins = new Microneedling.Firmware.Board(Esp32S3.Profile());
            var stage = new DepthStage(pins);
            pins.WatchdogToggle.Toggle();
            if (deepest is { } micrometers)
            {
                stage.SetDeepest(StageUnits.StepsForDepth(micrometers, 0));
            }

            stage.SetEnabled(true);
            deed(stage);
            for (long end = pins.NowMicroseconds() + 8_000_000; pins.NowMicroseconds() < end;)
            {
                stage.Work(pins.NowMicroseconds() + 10_000);
                pins.WatchdogToggle.Toggle();
            }
        });
        board.RunFor(9_000_000);
        Assert.Null(board.FirmwareException);
        Assert.Equal(0, board.Bench.StageStepsGated);
        Assert.Equal(0, board.Bench.StageStepsLost);
        return board.Bench.StageMicrometers;
    }

    [Fact]
    public void A_limit_lowered_under_a_move_that_is_under_way_is_not_passed()
    {
        double end = StageAfter(stage =>
        {
            stage.SetHomeHere();
            stage.SetExtendLimit(StageUnits.StepsForDepth(1500, 0));
            stage.MoveTo(StageUnits.StepsForDepth(1500, 0));
            stage.SetExtendLimit(StageUnits.StepsForDepth(300, 0));
        });

        Assert.InRange(end, 290, 300);
    }

    [Fact]
    public void A_stage_that_was_not_told_its_deepest_depth_extends_no_farther_than_its_park_position()
    {
        double end = StageAfter(
            stage =>
            {
                stage.SetHomeHere();
                stage.SetExtendLimit(int.MaxValue);
                stage.MoveTo(StageUnits.StepsForDepth(1000, 0));
            },
            deepest: null);

        Assert.InRange(end, -1010, -1000);
    }

    [Fact]
    public void No_limit_can_be_set_beyond_the_absolute_depth()
    {
        double end = StageAfter(stage =>
        {
            stage.SetHomeHere();
            stage.SetExtendLimit(int.MaxValue);
            stage.MoveTo(StageUnits.StepsForDepth(2690, 0));
        });

        Assert.InRange(end, 2490, 2500);
    }

    [Fact]
    public void Unhomed_the_stage_does_not_extend_beyond_the_steps_granted() =>
        Assert.InRange(StageAfter(stage => stage.ExtendUnhomed(5)), -1200 + 15, -1200 + 16);

    [Fact]
    public void Unhomed_the_stage_does_not_extend_by_a_plain_move() =>
        Assert.InRange(StageAfter(stage => stage.MoveTo(500)), -1200, -1199.9);

    [Fact]
    public void An_open_limit_switch_refuses_every_extending_step() =>
        Assert.InRange(
            StageAfter(
                stage =>
                {
                    stage.SetHomeHere();
                    stage.SetExtendLimit(500);
                    stage.MoveTo(400);
                },
                breakSomething: bench => bench.SetFault(BenchFault.LimitSwitchWireBroken, true)),
            -1200,
            -1199.9);

    [Fact]
    public void Without_its_driver_the_stage_counts_no_step()
    {
        DepthStage? stage = null;
        double end = StageAfter(bare =>
        {
            stage = bare;
            stage.SetHomeHere();
            stage.SetEnabled(false);
            stage.MoveTo(60);
        });

        Assert.InRange(end, -1200, -1199.9);
        Assert.Equal(0, stage!.PositionSteps);
    }

    [Fact]
    public void A_deepest_depth_lowered_under_a_limit_lowers_the_limit()
    {
        double end = StageAfter(stage =>
        {
            stage.SetHomeHere();
            stage.SetExtendLimit(int.MaxValue);
            stage.SetDeepest(StageUnits.StepsForDepth(1000, 0));
            stage.MoveTo(StageUnits.StepsForDepth(2000, 0));
        });

        Assert.InRange(end, 990, 1000);
    }

    [Fact]
    public void A_stage_believed_home_does_not_retract_into_its_stop() =>
        Assert.InRange(
            StageAfter(stage =>
            {
                stage.SetHomeHere();
                stage.MoveTo(-500);
            }),
            -1200 - 26,
            -1200 - 25);

    [Theory]
    [InlineData(nameof(MotionSequencer.Halt))]
    [InlineData(nameof(MotionSequencer.BeginParking))]
    [InlineData(nameof(MotionSequencer.BeginEmergencyRetract))]
    public void Once_a_treatment_ends_its_cap_is_gone_whoever_moves_the_stage(string end)
    {
        using var board = new VirtualBoard(new BoardOptions { StageMicrometers = Limits.HomeSwitchStageMicrometers });
        output.WriteLine($"Board seed {board.Seed}.");
        board.PowerOn(() =>
        {
            var pins = new Microneedling.Firmware.Board(Esp32S3.Profile());
            var stage = new DepthStage(pins);
            var motion = new MotionSequencer(new NeedleDrive(pins), stage, new BoardInputs(pins));
            stage.SetDeepest(StageUnits.StepsForDepth(2500, 0));
            stage.SetHomeHere();
            motion.BeginTreatment(StageUnits.StepsForDepth(500, 0), StageUnits.StepsForDepth(1500, 0), pins.NowMicroseconds());
            switch (end)
            {
                case nameof(MotionSequencer.Halt):
                    motion.Halt();
                    stage.SetEnabled(true);
                    break;
                case nameof(MotionSequencer.BeginParking):
                    motion.BeginParking(pins.NowMicroseconds());
                    break;
                default:
                    motion.BeginEmergencyRetract();
                    break;
            }

            stage.MoveTo(StageUnits.StepsForDepth(1000, 0));
            while (true)
            {
                stage.Work(pins.NowMicroseconds() + 10_000);
                pins.WatchdogToggle.Toggle();
            }
        });
        board.RunFor(3_000_000);

        Assert.InRange(board.Bench.StageMicrometers, -1010, -1000);
    }
}
