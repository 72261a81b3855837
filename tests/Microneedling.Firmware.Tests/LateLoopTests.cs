using Microneedling.Firmware;
using Microneedling.Firmware.Tests.Campaigns;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>
/// The idea that makes it safe, put to the test: depth is geometry and rate is frequency, so a loop that is late changes
/// neither. What is too late becomes a fault; what is dead is cut off by the external watchdog.
/// </summary>
public sealed class LateLoopTests(ITestOutputHelper output)
{
    private long pauseMicroseconds;
    private int pauses;
    private int errors;

    /// <summary>The firmware's own loop, which on demand does nothing for a while between two ticks, as in a garbage collection, or meets a programming error.</summary>
    private void Main()
    {
        var board = new Microneedling.Firmware.Board(Esp32S3.Profile());
        var loop = new ControlLoop(board, 1);
        loop.Start();
        while (true)
        {
            loop.Tick();
            loop.Wait();
            if (Interlocked.Exchange(ref errors, 0) > 0)
            {
                loop.Fail();
            }

            long end = board.NowMicroseconds() + (Interlocked.Decrement(ref pauses) >= 0 ? Interlocked.Read(ref pauseMicroseconds) : 0);
            while (board.NowMicroseconds() < end)
            {
            }
        }
    }

    private void Pause(int milliseconds, int times = 1)
    {
        Interlocked.Exchange(ref pauseMicroseconds, milliseconds * 1000L);
        Interlocked.Exchange(ref pauses, times);
    }

    [Fact]
    [Trait("Requirement", "DEPTH-11")]
    [Trait("Requirement", "WDOG-4")]
    public void Pauses_while_running_change_neither_depth_nor_rate_and_are_counted()
    {
        using var rig = Treating.Running(output, 800, 60000, main: Main);
        rig.RunFor(TimeSpan.FromSeconds(2));
        rig.Bench.ResetDeepestTip();
        for (int i = 0; i < 20; i++)
        {
            Pause(100);
            for (int look = 0; look < 25; look++)
            {
                rig.RunFor(TimeSpan.FromMilliseconds(10));
                Assert.InRange(rig.Bench.TrueRateMillihertz, 59_000, 61_000);
            }
        }

        Assert.Equal(DeviceState.Running, rig.State);
        Assert.InRange(rig.Bench.DeepestTipMicrometers, 790, 800);
        Assert.Equal(20, rig.Status().TickGaps);
    }

    [Fact]
    [Trait("Requirement", "DEPTH-11")]
    public void A_pause_while_the_stage_extends_makes_it_late_and_not_deep()
    {
        using var rig = Treating.Homed(output, main: Main);
        rig.Bench.ResetDeepestTip();
        rig.Accept(new Arm { Token = rig.Configure(800, 60000).Token });
        rig.RunFor(TimeSpan.FromMilliseconds(500));
        double before = rig.Bench.StageMicrometers;
        Pause(140);
        rig.RunFor(TimeSpan.FromMilliseconds(130));
        Assert.InRange(rig.Bench.StageMicrometers - before, 0, 20);
        rig.RunFor(TimeSpan.FromSeconds(3));

        Assert.InRange(rig.Bench.StageMicrometers, 790, 800);
        Assert.Equal(0, rig.Bench.StageStepsLost);
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 300)]
    [InlineData(3, 600)]
    [InlineData(4, 1_200)]
    [InlineData(5, 5_000)]
    [InlineData(6, 30_000)]
    [Trait("Requirement", "STOP-2")]
    [Trait("Requirement", "DEPTH-11")]
    public void Short_pauses_anywhere_in_the_pulses_of_a_moving_stage_lose_no_step(int seed, int mostMicroseconds)
    {
        Random random = new(seed);
        using var rig = Treating.Homed(output);
        for (int cycle = 0; cycle < 12; cycle++)
        {
            rig.Accept(new Arm { Token = rig.Configure(2300, 60000, 2300, 1).Token });
            for (int pause = 0; pause < 100; pause++)
            {
                if (pause == 60)
                {
                    rig.SendRaw(Framing.Stop);
                }

                rig.Board.PauseFirmware(random.Next(mostMicroseconds / 10, mostMicroseconds + 1));
                rig.RunFor(TimeSpan.FromMicroseconds(random.Next(10_000, 60_000)));
            }

            rig.RunUntil(() => rig.LatestStatus!.State is (byte)DeviceState.Parked or (byte)DeviceState.Faulted && (rig.LatestStatus.Flags & StatusFlags.Parking) == 0, TimeSpan.FromSeconds(10));
            Assert.Equal((0L, DeviceState.Parked), (rig.Bench.StageStepsLost, rig.State));
        }
    }

    [Fact]
    [Trait("Requirement", "DEPTH-11")]
    public void A_late_wait_and_a_late_pulse_together_lose_no_step()
    {
        (BoardOptions options, Deed[] deeds) = Campaign.Plan(111, Temperament.Clumsy, 300);

        Assert.Equal("", Scenario.Run(options, deeds).How);
    }

    [Fact]
    [Trait("Requirement", "WDOG-4")]
    public void A_pause_above_the_limit_while_running_latches_a_fault_and_parks()
    {
        using var rig = Treating.Running(output, main: Main);
        Pause(180);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));
        Assert.Equal(FaultCode.TickGap, rig.Fault());
        rig.RunUntil(() => (rig.LatestStatus!.Flags & StatusFlags.Parking) == 0, TimeSpan.FromSeconds(5));

        rig.AssertParked();
    }

    [Fact]
    [Trait("Requirement", "WDOG-1")]
    public void A_dead_loop_loses_both_drivers_to_the_external_watchdog()
    {
        using var rig = Treating.Running(output, 1500, 100000, main: Main);
        Pause(100_000);
        rig.RunFor(TimeSpan.FromMilliseconds(230));
        Assert.False(rig.Bench.NeedleDriverEnabled);
        Assert.False(rig.Bench.DepthDriverEnabled);
        long turned = rig.Bench.NeedleMicrosteps;
        rig.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal(turned, rig.Bench.NeedleMicrosteps);
    }

    [Theory]
    [InlineData(1, FaultCode.None)]
    [InlineData(2, FaultCode.None)]
    [InlineData(3, FaultCode.WatchdogNotWorking)]
    [Trait("Requirement", "WDOG-4")]
    public void Drivers_that_late_ticks_let_go_are_a_fault_when_they_are_found_so_three_times_running(int lateTicks, FaultCode expected)
    {
        using var rig = Treating.Armed(output, main: Main);
        Pause(230, lateTicks);
        rig.RunFor(TimeSpan.FromSeconds(1.5));

        Assert.Equal(expected, rig.Fault());
    }

    [Fact]
    public void Stop_during_a_pause_acts_in_the_first_tick_after_it()
    {
        using var rig = Treating.Running(output, main: Main);
        Pause(140);
        rig.RunFor(TimeSpan.FromMilliseconds(30));
        rig.SendRaw(Framing.Stop);
        long sent = rig.NowMicroseconds;
        rig.RunUntil(DeviceState.Retracting, TimeSpan.FromSeconds(1));

        Assert.InRange(rig.Bench.LastNeedlePulseMicroseconds!.Value - sent, 0, 140_000 + (Limits.LongestTickMilliseconds * 1000));
    }

    [Theory]
    [InlineData(35, 0)]
    [InlineData(70, 1)]
    public void A_pause_is_counted_from_fifty_milliseconds_on(int milliseconds, int counted)
    {
        using var rig = Treating.Homed(output, main: Main);
        int before = rig.Status().TickGaps;
        Pause(milliseconds);
        rig.RunFor(TimeSpan.FromMilliseconds(200));

        Assert.Equal(before + counted, rig.Status().TickGaps);
    }

    [Fact]
    public void A_programming_error_while_running_cuts_the_pulses_latches_and_parks()
    {
        using var rig = Treating.Running(output, main: Main);
        long since = rig.NowMicroseconds;
        Interlocked.Exchange(ref errors, 1);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));
        Assert.Equal(FaultCode.InternalError, rig.Fault());
        Assert.InRange(rig.Bench.LastNeedlePulseMicroseconds!.Value - since, -1000, Limits.LongestTickMilliseconds * 1000);
        rig.RunUntil(() => (rig.LatestStatus!.Flags & StatusFlags.Parking) == 0, TimeSpan.FromSeconds(5));

        rig.AssertParked();
    }

    [Fact]
    public void A_second_programming_error_lets_everything_go_where_it_is()
    {
        using var rig = Treating.Running(output, 1500, main: Main);
        Interlocked.Exchange(ref errors, 1);
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.True(rig.Bench.DepthDriverEnabled);
        Interlocked.Exchange(ref errors, 1);
        rig.RunFor(TimeSpan.FromMilliseconds(50));
        long steps = rig.Bench.StageSteps;
        Assert.False(rig.Bench.NeedleDriverEnabled);
        Assert.False(rig.Bench.DepthDriverEnabled);
        rig.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal((steps, FaultCode.InternalError), (rig.Bench.StageSteps, rig.Fault()));
    }
}
