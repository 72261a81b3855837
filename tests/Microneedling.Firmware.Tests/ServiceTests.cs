using Microneedling.Firmware;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>Jog and calibration, never with needles on.</summary>
public sealed class ServiceTests(ITestOutputHelper output)
{
    private static readonly EmptyMessage Enter = new(MessageId.EnterService);

    private static Jog Jog(int micrometers) => new() { Micrometers = (short)micrometers };

    private FirmwareRig InService(bool homed = true, BoardOptions? options = null)
    {
        var rig = homed ? Treating.Homed(output, options) : Treating.Greeted(output, options);
        rig.Bench.RemoveCartridge();
        rig.RunFor(TimeSpan.FromMilliseconds(50));
        rig.Accept(MessageId.EnterService);
        rig.RunUntil(DeviceState.Service, TimeSpan.FromSeconds(1));
        return rig;
    }

    private static void JogBy(FirmwareRig rig, int micrometers)
    {
        int before = rig.Events.Count(e => e.Code == (ushort)EventCode.Jogged);
        rig.Accept(Jog(micrometers));
        rig.RunUntil(() => rig.Events.Count(e => e.Code == (ushort)EventCode.Jogged) > before, TimeSpan.FromSeconds(3));
    }

    [Fact]
    [Trait("Requirement", "SET-3")]
    public void With_a_cartridge_seated_service_is_refused()
    {
        using var rig = Treating.Homed(output);

        Assert.Equal(RejectionReason.CartridgeSeated, rig.Reason(Enter));
        Assert.Equal(DeviceState.Parked, rig.State);
    }

    [Fact]
    public void Outside_service_nothing_is_jogged_or_calibrated()
    {
        using var rig = Treating.Homed(output);
        long steps = rig.Bench.StageSteps;

        Assert.Equal(RejectionReason.WrongState, rig.Reason(Jog(100)));
        Assert.Equal(RejectionReason.WrongState, rig.Reason(new CalibrateZero()));
        Assert.Equal(RejectionReason.WrongState, rig.Reason(new EmptyMessage(MessageId.LeaveService)));
        Assert.Equal(steps, rig.Bench.StageSteps);
    }

    [Fact]
    public void While_armed_service_is_refused()
    {
        using var rig = Treating.Armed(output);

        Assert.NotEqual(RejectionReason.None, rig.Reason(Enter));
        Assert.Equal(DeviceState.Armed, rig.State);
    }

    [Fact]
    public void A_jog_moves_the_stage_by_so_much_and_the_needles_not_at_all()
    {
        using var rig = InService();
        double before = rig.Bench.StageMicrometers;
        long turned = rig.Bench.NeedleMicrosteps;
        JogBy(rig, 500);
        Assert.InRange(rig.Bench.StageMicrometers - before, 496, 500);
        JogBy(rig, -200);
        Assert.InRange(rig.Bench.StageMicrometers - before, 293, 303);

        Assert.Equal(turned, rig.Bench.NeedleMicrosteps);
        Assert.False(rig.Bench.NeedleDriverEnabled);
        Assert.False(rig.Bench.DepthDriverEnabled);
        rig.Accept(MessageId.LeaveService);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(5));
        rig.AssertParked();
    }

    [Fact]
    public void Jogs_stay_within_the_travel_and_their_length()
    {
        using var rig = InService();
        Assert.Equal(RejectionReason.JogTooFar, rig.Reason(Jog(501)));
        Assert.Equal(RejectionReason.JogTooFar, rig.Reason(Jog(-501)));
        Assert.Equal(RejectionReason.JogTooFar, rig.Reason(Jog(-300)));
        for (int i = 0; i < 7; i++)
        {
            JogBy(rig, 500);
        }

        Assert.Equal(Limits.JogMicrometers, rig.Reject(Jog(-501)).Detail);
        var rejected = rig.Reject(Jog(100));
        Assert.Equal((RejectionReason.JogTooFar, 2500), ((RejectionReason)rejected.Reason, rejected.Detail));
        Assert.InRange(rig.Bench.StageMicrometers, 2450, 2500);
    }

    [Fact]
    public void The_deepest_depth_is_within_the_travel_and_one_step_more_is_not()
    {
        const int StepsOfAJog = 500_000 / StageUnits.NanometersPerStep;
        using var rig = InService();
        int zero = rig.Bench.ZeroOffsetMicrometers;
        int left = StageUnits.StepsForDepth(StageUnits.DeepestMicrometers(zero), zero) - StageUnits.ParkedSteps;
        for (; left > StepsOfAJog; left -= StepsOfAJog)
        {
            JogBy(rig, 500);
        }

        JogBy(rig, ((left * StageUnits.NanometersPerStep) + 999) / 1_000);
        Assert.InRange(rig.Bench.StageMicrometers + zero, 2_490, 2_500);
        Assert.Equal(RejectionReason.JogTooFar, rig.Reason(Jog(4)));
    }

    [Fact]
    public void A_stage_beyond_the_deepest_depth_of_a_new_zero_can_be_jogged_back_to_it()
    {
        using var rig = InService();
        for (int i = 0; i < 7; i++)
        {
            JogBy(rig, 500);
        }

        rig.Accept(new WriteSettings { SerialNumber = 1, ZeroOffsetMicrometers = 300 });
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(RejectionReason.JogTooFar, rig.Reason(Jog(10)));
        JogBy(rig, -100);
        Assert.InRange(rig.Bench.StageMicrometers, 2190, 2200);
    }

    [Fact]
    public void A_second_jog_waits_for_the_first()
    {
        using var rig = InService();
        rig.Accept(Jog(500));

        Assert.Equal(RejectionReason.StillMoving, rig.Reason(Jog(10)));
        Assert.Equal(RejectionReason.StillMoving, rig.Reason(new CalibrateZero()));
    }

    [Fact]
    public void Unhomed_a_jog_goes_no_farther_than_asked_and_stops_at_the_switches()
    {
        using var rig = InService(homed: false, options: new BoardOptions { StageMicrometers = 2500 });
        JogBy(rig, 300);
        Assert.InRange(rig.Bench.StageMicrometers, 2590, 2604);
        Assert.Equal(0, rig.Bench.StageStepsGated);
        JogBy(rig, -500);
        Assert.InRange(rig.Bench.StageMicrometers, 2090, 2110);

        rig.Accept(MessageId.LeaveService);
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Stop_during_a_jog_stops_it_and_parks()
    {
        using var rig = InService();
        JogBy(rig, 500);
        rig.Accept(Jog(500));
        rig.RunFor(TimeSpan.FromMilliseconds(150));
        rig.SendRaw(Framing.Stop);
        rig.RunUntil(DeviceState.Retracting, TimeSpan.FromSeconds(1));
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(5));

        rig.AssertParked();
    }

    [Fact]
    [Trait("Requirement", "SET-3")]
    public void A_cartridge_seated_during_service_stops_everything_and_latches()
    {
        using var rig = InService();
        rig.Accept(Jog(500));
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        rig.Bench.SeatCartridge();
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromMilliseconds(300));
        Assert.Equal(FaultCode.CartridgeInService, rig.Fault());
        rig.RunUntil(() => (rig.LatestStatus!.Flags & StatusFlags.Parking) == 0, TimeSpan.FromSeconds(5));

        rig.AssertParked();
        var clear = new ClearFault { Fault = (ushort)FaultCode.CartridgeInService };
        Assert.Equal(RejectionReason.FaultStillPresent, rig.Reason(clear));
        rig.Bench.RemoveCartridge();
        rig.RunFor(TimeSpan.FromMilliseconds(50));
        rig.Accept(clear);
    }

    [Fact]
    public void A_lost_host_ends_service()
    {
        using var rig = InService();
        rig.Accept(Jog(500));
        rig.Heartbeats = false;
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));

        Assert.Equal(FaultCode.LinkLost, (FaultCode)rig.LatestStatus!.Fault);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Calibrated_with_a_gauge_a_new_device_strokes_as_deep_as_it_says(int seed)
    {
        using var rig = new FirmwareRig(new BoardOptions { Seed = seed, Imperfections = ImperfectionLevel.Static }, output.WriteLine, calibrated: false);
        rig.Hello();
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));
        rig.Accept(new WriteSettings { SerialNumber = 9, ZeroOffsetMicrometers = 0 });
        rig.RunFor(TimeSpan.FromSeconds(1));
        rig.Accept(new ClearFault { Fault = (ushort)FaultCode.SettingsLost });
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
        rig.Accept(MessageId.EnterService);
        JogBy(rig, 500);
        JogBy(rig, 500);

        double gauge = rig.Bench.StageMicrometers + rig.Bench.ZeroOffsetMicrometers;
        rig.Accept(new CalibrateZero { MeasuredMicrometers = (short)Math.Round(gauge) });
        rig.Accept(MessageId.LeaveService);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(5));
        rig.RunFor(TimeSpan.FromSeconds(1));
        var settings = rig.Request<SettingsReport>(new EmptyMessage(MessageId.SettingsRequest));
        output.WriteLine($"Zero offset {rig.Bench.ZeroOffsetMicrometers} µm, found {settings.ZeroOffsetMicrometers} µm.");
        Assert.Equal((9u, (byte)2), (settings.SerialNumber, settings.GoodCopies));
        Assert.Equal(settings.ZeroOffsetMicrometers, Assert.Single(rig.Events, e => e.Code == (ushort)EventCode.ZeroCalibrated).Argument1);

        rig.Bench.SeatCartridge();
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        rig.Arm(1000);
        rig.PressUntilSteady();
        rig.Bench.ResetDeepestTip();
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.InRange(rig.Bench.DeepestTipMicrometers, 985, 1010);
    }

    [Fact]
    [Trait("Requirement", "SET-3")]
    public void A_zero_that_no_device_can_have_is_refused()
    {
        using var rig = InService();
        var rejected = rig.Reject(new CalibrateZero { MeasuredMicrometers = -600 });

        Assert.Equal((RejectionReason.ZeroOffsetOutOfRange, 300), ((RejectionReason)rejected.Reason, rejected.Detail));
    }

    [Fact]
    public void Unhomed_there_is_no_zero_to_calibrate()
    {
        using var rig = InService(homed: false);

        Assert.Equal(RejectionReason.NotHomed, rig.Reason(new CalibrateZero()));
    }

    [Fact]
    public void A_jog_may_go_back_to_the_home_switch_and_no_farther()
    {
        using var rig = InService();
        JogBy(rig, -197);
        Assert.InRange(rig.Bench.StageMicrometers, -1201, -1200);

        var rejected = rig.Reject(Jog(-4));
        Assert.Equal((RejectionReason.JogTooFar, Limits.HomeSwitchStageMicrometers), ((RejectionReason)rejected.Reason, rejected.Detail));
    }

    [Fact]
    public void The_emergency_stop_retracts_a_stage_that_was_jogged_out()
    {
        using var rig = InService();
        for (int i = 0; i < 3; i++)
        {
            JogBy(rig, 500);
        }

        Assert.True(rig.Bench.StageMicrometers > 400);
        rig.Bench.PressEmergencyStop();
        rig.RunUntil(() => rig.Bench.StageMicrometers <= 0, TimeSpan.FromSeconds(2));
        rig.RunFor(TimeSpan.FromSeconds(2));

        Assert.InRange(rig.Bench.StageMicrometers, -1010, -1000);
        Assert.False(rig.Bench.NeedleDriverEnabled);
        Assert.False(rig.Bench.DepthDriverEnabled);
    }

    [Fact]
    public void A_cartridge_seated_over_a_stage_that_was_jogged_out_has_its_cam_held_while_it_retracts()
    {
        using var rig = InService();
        for (int i = 0; i < 3; i++)
        {
            JogBy(rig, 500);
        }

        rig.Bench.SeatCartridge();
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromMilliseconds(300));
        rig.RunFor(TimeSpan.FromMilliseconds(50));

        Assert.True(rig.Bench.StageMicrometers > 0);
        Assert.True(rig.Bench.NeedleDriverEnabled);
    }
}
