using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>Motors and their drivers: what they report, and what they are asked to follow.</summary>
public sealed class DriverTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(BenchFault.NeedleDriverFault, FaultCode.NeedleDriverFault)]
    [InlineData(BenchFault.DepthDriverFault, FaultCode.DepthDriverFault)]
    public void A_driver_that_reports_a_fault_while_running_stops_everything(BenchFault broken, FaultCode expected)
    {
        using var rig = Treating.Running(output);
        long since = rig.NowMicroseconds;
        rig.Bench.SetFault(broken, true);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromMilliseconds(200));

        Assert.Equal(expected, rig.Fault());
        Assert.InRange(rig.Bench.LastNeedlePulseMicroseconds!.Value - since, -1000, Limits.LongestTickMilliseconds * 1000);
    }

    [Theory]
    [InlineData(BenchFault.NeedleDriverFault)]
    [InlineData(BenchFault.DepthDriverFault)]
    public void With_a_driver_at_fault_nothing_is_begun(BenchFault broken)
    {
        using var rig = Treating.Homed(output);
        rig.Bench.SetFault(broken, true);
        rig.RunFor(TimeSpan.FromMilliseconds(50));

        Assert.Equal(RejectionReason.DriverFault, rig.Reason(new EmptyMessage(MessageId.Home)));
        Assert.Equal(DeviceState.Parked, rig.State);
    }

    [Fact]
    public void Over_the_whole_travel_up_and_down_no_step_is_lost()
    {
        using var rig = Treating.Homed(output);
        rig.Accept(new Arm { Token = rig.Configure(2500, 100000, 2500, 1).Token });
        rig.RunUntil(() => rig.Bench.StageMicrometers > 2490, TimeSpan.FromSeconds(6));
        for (int i = 0; i < 20; i++)
        {
            rig.Configure(100 + (i * 120), 100000, 2500, 1);
            rig.RunFor(TimeSpan.FromMilliseconds(150 + (i * 37)));
        }

        rig.SendRaw(Framing.Stop);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
        rig.AssertParked();
        Assert.Equal(0, rig.Bench.StageStepsLost);
        Assert.Equal(0, rig.Bench.StagePulsesWhileDisabled);
    }

    [Theory]
    [InlineData(1000, 10000)]
    [InlineData(2500, 100000)]
    public void In_firm_skin_the_needles_neither_stall_nor_miss_a_microstep(int depth, int rate)
    {
        using var rig = Treating.Homed(output);
        rig.Bench.SkinStiffnessNewtonsPerMillimeter = 1.8;
        rig.Bench.NeedleCount = 12;
        rig.Arm(depth, rate, 2500, 1);
        rig.PressUntilSteady();
        rig.RunFor(TimeSpan.FromSeconds(5));
        rig.SendRaw(Framing.Stop);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));

        Assert.Equal(0, rig.Bench.NeedleStalls);
        Assert.Equal(0, rig.Bench.NeedleMicrostepsLost);
        Assert.Equal(0, rig.Bench.StageStepsLost);
    }

    [Fact]
    public void An_overloaded_needle_motor_that_stalls_is_met_within_half_a_second()
    {
        using var rig = Treating.Running(output, 2000, 100000, 2500, 1);
        rig.Bench.NeedleCount = 36;
        rig.Bench.SkinStiffnessNewtonsPerMillimeter = 20;
        rig.RunUntil(() => rig.Bench.NeedleStalls > 0, TimeSpan.FromSeconds(2));
        long stalledAt = rig.NowMicroseconds;
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));

        Assert.Equal(FaultCode.NeedleStalled, rig.Fault());
        Assert.InRange(rig.Bench.LastNeedlePulseMicroseconds!.Value - stalledAt, 0, 500_000);
    }

    [Theory]
    [InlineData(10000)]
    [InlineData(60000)]
    [InlineData(100000)]
    [Trait("Requirement", "RATE-6")]
    public void A_dead_index_is_met_after_three_strokes_and_a_sixth_of_a_second(int rate)
    {
        using var rig = Treating.Running(output, 800, rate);
        rig.RunFor(TimeSpan.FromSeconds(2));
        long since = rig.NowMicroseconds;
        rig.Bench.SetFault(BenchFault.IndexStuckLow, true);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(2));

        Assert.Equal(FaultCode.NeedleStalled, rig.Fault());
        long strokePeriod = 1_000_000_000 / rate;
        Assert.InRange(rig.Bench.LastNeedlePulseMicroseconds!.Value - since, 100_000, Math.Max(150_000, 4 * strokePeriod) + (2 * strokePeriod) + 40_000);
    }

    [Theory]
    [InlineData(2500, 100000)]
    [InlineData(800, 60000)]
    [Trait("Requirement", "POWER-2")]
    public void When_the_mains_fail_the_tips_are_behind_the_nosecone_before_the_reservoir_is_empty(int depth, int rate)
    {
        using var rig = Treating.Running(output, depth, rate, 2500, 1);
        long since = rig.NowMicroseconds;
        rig.Bench.CutMains();
        rig.RunUntil(() => rig.Bench.StageMicrometers <= 0, TimeSpan.FromSeconds(2));
        Assert.InRange(rig.NowMicroseconds - since, 0, Limits.StopRetractMilliseconds * 1000);
        Assert.True(rig.Bench.MotorsHaveSupply);
        rig.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(FaultCode.SupplyLow, rig.Fault());

        rig.Bench.ReleaseTrigger();
        rig.Bench.RestoreMains();
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        rig.Accept(new ClearFault { Fault = (ushort)FaultCode.SupplyLow });
        Assert.False(rig.Bench.NeedlesOut);
    }

    [Fact]
    [Trait("Requirement", "RATE-5")]
    public void Twice_the_strokes_at_the_index_is_a_rate_out_of_its_band()
    {
        using var rig = Treating.Running(output);
        rig.RunFor(TimeSpan.FromSeconds(2));
        rig.Bench.SetFault(BenchFault.IndexDoubled, true);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(2));

        Assert.Equal(FaultCode.RateOutOfBand, rig.Fault());
    }

    [Fact]
    [Trait("Requirement", "RATE-5")]
    public void More_strokes_than_the_pulses_can_make_are_met_before_the_rate_can_be_judged()
    {
        using var rig = Treating.Armed(output);
        rig.Bench.SetFault(BenchFault.IndexDoubled, true);
        rig.Bench.PressTrigger();
        rig.RunUntil(DeviceState.Running, TimeSpan.FromSeconds(1));
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(0.5));

        Assert.Equal(FaultCode.RateOutOfBand, rig.Fault());
    }

    [Fact]
    [Trait("Requirement", "RATE-5")]
    public void A_rate_that_is_measured_too_low_is_met_when_it_has_settled()
    {
        using var rig = Treating.Armed(output, options: new BoardOptions { Platform = new PlatformBehaviour { LostEdgesPerMillion = 250_000 } });
        rig.Bench.PressTrigger();
        rig.RunUntil(DeviceState.Running, TimeSpan.FromSeconds(1));
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(DeviceState.Running, rig.State);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(2));

        Assert.Equal(FaultCode.RateOutOfBand, rig.Fault());
    }
}
