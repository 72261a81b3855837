using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

public sealed class StopTests(ITestOutputHelper output)
{
    private const long OneTickMicroseconds = Limits.LongestTickMilliseconds * 1000;
    private const long ByteMicroseconds = 87;

    [Theory]
    [InlineData(0)]
    [InlineData(3_700)]
    [InlineData(9_990)]
    [Trait("Requirement", "STOP-1")]
    [Trait("Requirement", "STOP-2")]
    public void The_stop_byte_cuts_the_pulses_within_a_tick_and_brings_the_tips_behind_the_nosecone_in_time(int phaseMicroseconds)
    {
        using var rig = Treating.Running(output, 2500, 100000, 2500, 1);
        rig.RunFor(TimeSpan.FromMicroseconds(phaseMicroseconds));
        long sent = rig.NowMicroseconds;
        rig.SendRaw(Framing.Stop);
        rig.RunUntil(() => rig.Bench.StageMicrometers <= 0, TimeSpan.FromSeconds(3));
        long behind = rig.NowMicroseconds;
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(5));

        Assert.InRange(behind - sent, 0, Limits.StopRetractMilliseconds * 1000);
        Assert.All(rig.Bench.Strokes, stroke => Assert.True(stroke.DeepestTipMicrometers <= 2500));
        rig.AssertParked();
    }

    [Fact]
    public void After_the_stop_byte_no_pulse_comes_later_than_a_tick()
    {
        using var rig = Treating.Running(output, 1500, 100000);
        long sent = rig.NowMicroseconds;
        rig.SendRaw(Framing.Stop);
        rig.RunFor(TimeSpan.FromMilliseconds(200));

        Assert.InRange(rig.Bench.LastNeedlePulseMicroseconds!.Value - sent, 0, OneTickMicroseconds + ByteMicroseconds);
    }

    [Fact]
    [Trait("Requirement", "STOP-1")]
    public void The_stop_byte_acts_in_the_middle_of_a_frame_and_the_frame_still_counts()
    {
        using var rig = Treating.Running(output);
        var encoder = new FrameEncoder();
        byte[] frame = new byte[Framing.MaximumFrameLength];
        int length = encoder.Encode(new EmptyMessage(MessageId.StatusRequest), 40000, 0, frame);
        rig.SendRaw([.. frame.AsSpan(0, length / 2), Framing.Stop, .. frame.AsSpan(length / 2, length - (length / 2))]);
        rig.RunUntil(() => rig.AnswerTo(40000) is not null, TimeSpan.FromSeconds(1));

        Assert.Equal((byte)DeviceState.Retracting, Assert.IsType<StatusReport>(rig.AnswerTo(40000)).State);
    }

    [Fact]
    public void The_stop_byte_acts_behind_a_flood_of_garbage_within_the_time_the_line_needs()
    {
        using var rig = Treating.Running(output);
        byte[] garbage = new byte[400];
        new Random(7).NextBytes(garbage);
        garbage = [.. garbage.Where(b => b != Framing.Stop)];
        long sent = rig.NowMicroseconds;
        rig.SendRaw([.. garbage, Framing.Stop]);
        rig.RunUntil(DeviceState.Retracting, TimeSpan.FromSeconds(1));

        Assert.InRange(rig.Bench.LastNeedlePulseMicroseconds!.Value - sent, 0, (garbage.Length * ByteMicroseconds) + (2 * OneTickMicroseconds));
    }

    [Fact]
    [Trait("Requirement", "STOP-3")]
    public void Stop_works_from_a_host_that_never_said_hello()
    {
        using var rig = new FirmwareRig(print: output.WriteLine);
        rig.RunFor(TimeSpan.FromMilliseconds(50));

        rig.Accept(MessageId.Stop);
    }

    [Fact]
    [Trait("Requirement", "STOP-3")]
    public void Stop_is_accepted_in_every_state_and_repeats_do_no_harm()
    {
        using var rig = Treating.Greeted(output);
        rig.Accept(MessageId.Stop);
        Assert.Equal((byte)DeviceState.Unhomed, rig.Status().State);
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
        rig.Accept(MessageId.Stop);
        Assert.Equal((byte)DeviceState.Parked, rig.Status().State);
        rig.Arm();
        rig.Accept(MessageId.Stop);
        rig.SendRaw(Framing.Stop, Framing.Stop, Framing.Stop);
        rig.Accept(MessageId.Stop);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(5));
        rig.AssertParked();
    }

    [Fact]
    public void Stop_bytes_that_find_nothing_to_stop_do_not_wash_the_log_away()
    {
        using var rig = Treating.Homed(output);
        uint latest = rig.Status().LatestEventNumber;
        for (int i = 0; i < 300; i++)
        {
            rig.SendRaw(Framing.Stop);
            rig.RunFor(TimeSpan.FromMilliseconds(12));
        }

        Assert.Equal(latest, rig.Status().LatestEventNumber);
    }

    [Fact]
    public void With_the_trigger_still_held_nothing_starts_again_after_stop()
    {
        using var rig = Treating.Running(output);
        rig.SendRaw(Framing.Stop);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(5));
        long turned = rig.Bench.NeedleMicrosteps;
        rig.RunFor(TimeSpan.FromSeconds(3));
        Assert.Equal(turned, rig.Bench.NeedleMicrosteps);
        Assert.Equal(RejectionReason.TriggerHeld, rig.Reason(new Arm { Token = rig.Configure(500, 60000).Token }));
    }

    [Fact]
    public void A_retraction_runs_at_its_full_speed_however_much_the_rest_of_a_tick_takes()
    {
        using var rig = Treating.Running(output, 2500, 100000, 2500, 1);
        rig.SendRaw(Framing.Stop);
        rig.RunUntil(() => rig.Bench.StageMicrometers <= 2300, TimeSpan.FromSeconds(1));
        long begun = rig.NowMicroseconds;
        rig.RunUntil(() => rig.Bench.StageMicrometers <= 300, TimeSpan.FromSeconds(2));
        double seconds = (rig.NowMicroseconds - begun) / 1e6;
        output.WriteLine($"2 mm in {seconds:0.000} s.");

        Assert.InRange(seconds, 1.0, 1.1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_host_that_never_stops_asking_does_not_delay_the_retraction(int askedEveryMilliseconds)
    {
        using var rig = Treating.Running(output, 2500, 100000, 2500, 1);
        void Ask()
        {
            rig.Send(new EmptyMessage(MessageId.StatusRequest));
            rig.RunFor(TimeSpan.FromMilliseconds(askedEveryMilliseconds));
        }

        for (int i = 0; i < 300; i += askedEveryMilliseconds)
        {
            Ask();
        }

        rig.SendRaw(Framing.Stop);
        rig.RunUntil(DeviceState.Retracting, TimeSpan.FromSeconds(1));
        long seen = rig.NowMicroseconds;
        while (rig.Bench.StageMicrometers > 0 && rig.NowMicroseconds - seen < 3_000_000)
        {
            Ask();
        }

        Assert.InRange(rig.NowMicroseconds - seen, 0, Limits.StopRetractMilliseconds * 1000);
    }

    [Theory]
    [InlineData(true, StopSource.StopByte)]
    [InlineData(false, StopSource.StopCommand)]
    public void A_stop_is_told_with_where_it_came_from(bool asByte, StopSource source)
    {
        using var rig = Treating.Armed(output);
        if (asByte)
        {
            rig.SendRaw(Framing.Stop);
        }
        else
        {
            rig.Accept(MessageId.Stop);
        }

        rig.RunFor(TimeSpan.FromMilliseconds(200));
        Assert.Single(rig.Events, e => e.Code == (ushort)EventCode.StopRequested && e.Argument1 == (int)source);
    }
}
