using Microneedling.Firmware;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>Single failures and odd sequences that could bring tips out deeper than accepted, or out unasked.</summary>
public sealed class HazardTests(ITestOutputHelper output)
{
    private int failures;

    /// <summary>The firmware's own loop, in which on demand programming errors surface between two ticks.</summary>
    private void FailingMain()
    {
        var loop = new ControlLoop(new Microneedling.Firmware.Board(Esp32S3.Profile()), 1);
        loop.Start();
        while (true)
        {
            loop.Tick();
            for (int left = Interlocked.Exchange(ref failures, 0); left > 0; left--)
            {
                loop.Fail();
            }

            loop.Wait();
        }
    }

    private static byte[] Framed(Message message, ushort sequence)
    {
        byte[] frame = new byte[Framing.MaximumFrameLength];
        return frame[..new FrameEncoder().Encode(message, sequence, 0, frame)];
    }

    [Fact]
    [Trait("Requirement", "STOP-1")]
    public void A_command_that_came_just_before_the_stop_byte_does_not_outlive_it()
    {
        using var rig = Treating.Homed(output);
        uint token = rig.Configure(1500, 60000).Token;
        rig.SendRaw([.. Framed(new Arm { Token = token }, 1001), Framing.Stop]);
        for (int i = 0; i < 200; i++)
        {
            rig.RunFor(TimeSpan.FromMilliseconds(10));
            Assert.True(rig.Bench.StageMicrometers <= -1000);
        }

        Assert.Equal((byte)DeviceState.Parked, rig.Status().State);
        rig.SendRaw([.. Framed(new EmptyMessage(MessageId.Home), 1002), Framing.Stop]);
        rig.RunFor(TimeSpan.FromMilliseconds(200));
        Assert.Equal((byte)DeviceState.Unhomed, rig.Status().State);
    }

    [Fact]
    public void Steps_lost_while_the_external_watchdog_held_the_drivers_do_not_make_later_strokes_deeper()
    {
        using var rig = Treating.Armed(output, 1500);
        rig.Bench.SetFault(BenchFault.WatchdogLineStuck, true);
        rig.RunFor(TimeSpan.FromMilliseconds(250));
        rig.Send(Treating.Proposal(500, 60000));
        rig.RunFor(TimeSpan.FromSeconds(2));
        rig.Bench.SetFault(BenchFault.WatchdogLineStuck, false);
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        rig.Bench.ResetDeepestTip();
        rig.Bench.PressTrigger();
        rig.RunFor(TimeSpan.FromSeconds(2));

        Assert.True(rig.Bench.DeepestTipMicrometers <= 500, $"{rig.Bench.DeepestTipMicrometers} µm");
        Assert.Equal(FaultCode.WatchdogNotWorking, rig.Fault());
    }

    [Fact]
    [Trait("Requirement", "RATE-7")]
    public void An_index_that_always_shows_is_found_out_at_parking_so_that_arming_brings_no_needle_out()
    {
        using var rig = Treating.Running(output, 1500);
        rig.Bench.SetFault(BenchFault.IndexStuckHigh, true);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(2));
        rig.Bench.ReleaseTrigger();
        rig.RunUntil(() => (rig.LatestStatus!.Flags & StatusFlags.Parking) == 0, TimeSpan.FromSeconds(6));
        rig.Accept(new ClearFault { Fault = rig.LatestStatus!.Fault });

        Assert.Equal((byte)DeviceState.Unhomed, rig.Status().State);
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(10));
        Assert.Equal(FaultCode.IndexNotFound, rig.Fault());
        Assert.False(rig.Bench.NeedlesOut);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_loop_paused_anywhere_leaves_no_needle_out_when_strokes_have_ended(int seed)
    {
        var pausing = new PlatformBehaviour { MostPauseMicroseconds = 70_000, MeanPauseSpacingMicroseconds = 60_000 };
        using var rig = Treating.Armed(output, 1500, 10000, options: new BoardOptions { Seed = seed, Platform = pausing });
        for (int press = 0; press < 150; press++)
        {
            rig.Bench.PressTrigger();
            rig.RunUntil(DeviceState.Running, TimeSpan.FromSeconds(2));
            rig.Bench.ReleaseTrigger();
            rig.RunUntil(() => rig.State is DeviceState.Armed or DeviceState.Faulted, TimeSpan.FromSeconds(5));
            if (rig.State == DeviceState.Faulted)
            {
                // A loop this late may miss the flag for three strokes on end: that is a fault, and ends with the tips in.
                rig.RunFor(TimeSpan.FromSeconds(6));
                Assert.False(rig.Bench.NeedlesOut);
                Assert.InRange(press, 10, 150);
                return;
            }

            Assert.True(rig.Bench.AtTopDeadCentre, $"Press {press}: tips at {rig.Bench.TipMicrometers:0} µm.");
        }
    }

    [Fact]
    public void After_repeated_programming_errors_a_stage_left_at_depth_is_not_called_parked()
    {
        using var rig = Treating.Running(output, 1500, main: FailingMain);
        Interlocked.Exchange(ref failures, 2);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));
        rig.Bench.ReleaseTrigger();
        rig.RunFor(TimeSpan.FromSeconds(5));
        rig.Accept(new ClearFault { Fault = (ushort)FaultCode.InternalError });

        Assert.True(rig.Bench.StageMicrometers <= -1000 || rig.Status().State == (byte)DeviceState.Unhomed);
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
        rig.AssertParked();
    }

    [Fact]
    public void A_home_switch_stuck_closed_does_not_bring_the_stage_farther_out_with_every_homing()
    {
        using var rig = Treating.Greeted(output, new BoardOptions { StageMicrometers = 1000 });
        rig.Bench.SetFault(BenchFault.HomeSwitchStuckClosed, true);
        for (int i = 0; i < 5; i++)
        {
            rig.Accept(MessageId.Home);
            rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(10));
            Assert.Equal(FaultCode.HomeSwitchStuckClosed, rig.Fault());
            rig.Accept(new ClearFault { Fault = (ushort)FaultCode.HomeSwitchStuckClosed });
            rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
        }

        Assert.InRange(rig.Bench.StageMicrometers, -1300, 1000);
    }
}
