using Microneedling.Protocol;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>n strokes a press, counted by the mechanism and not by the firmware.</summary>
public sealed class BurstTests(ITestOutputHelper output)
{
    private FirmwareRig Armed(int strokes, int rate)
    {
        var rig = Treating.Homed(output);
        var proposal = Treating.Proposal(800, rate);
        proposal.BurstStrokes = (ushort)strokes;
        var accepted = rig.Request<TreatmentAccepted>(proposal);
        Assert.Equal(strokes, accepted.BurstStrokes);
        rig.Accept(new Arm { Token = accepted.Token });
        rig.RunUntil(() => rig.LatestStatus!.State == (byte)DeviceState.Armed && !rig.StageMoves() && rig.Bench.StageMicrometers > 790, TimeSpan.FromSeconds(5));
        return rig;
    }

    private static void Press(FirmwareRig rig)
    {
        rig.Bench.ReleaseTrigger();
        rig.RunFor(TimeSpan.FromMilliseconds(50));
        rig.Bench.PressTrigger();
        rig.RunUntil(DeviceState.Running, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(1, 10000)]
    [InlineData(1, 100000)]
    [InlineData(2, 60000)]
    [InlineData(3, 60000)]
    [InlineData(5, 100000)]
    [InlineData(10, 10000)]
    [InlineData(10, 100000)]
    [InlineData(37, 60000)]
    [InlineData(100, 100000)]
    [InlineData(500, 100000)]
    public void A_press_makes_exactly_so_many_strokes_and_ends_at_top(int strokes, int rate)
    {
        using var rig = Armed(strokes, rate);
        for (int press = 0; press < 3; press++)
        {
            long bottoms = rig.Bench.BottomsPassed;
            Press(rig);
            rig.RunUntil(DeviceState.Armed, TimeSpan.FromSeconds(120));
            rig.RunFor(TimeSpan.FromSeconds(1));

            Assert.Equal(strokes, rig.Bench.BottomsPassed - bottoms);
            Assert.True(rig.Bench.AtTopDeadCentre);
            Assert.Equal(DeviceState.Armed, rig.State);
        }

        Assert.Equal(3, rig.Events.Count(e => e.Code == (ushort)EventCode.BurstEnded && e.Argument1 == strokes && e.Argument2 == strokes));
    }

    [Fact]
    public void A_release_ends_a_burst_early_and_the_event_tells_how_many_were_made()
    {
        using var rig = Armed(500, 60000);
        long bottoms = rig.Bench.BottomsPassed;
        Press(rig);
        rig.RunFor(TimeSpan.FromSeconds(1));
        rig.Bench.ReleaseTrigger();
        rig.RunUntil(DeviceState.Armed, TimeSpan.FromSeconds(3));
        rig.RunFor(TimeSpan.FromMilliseconds(300));

        long made = rig.Bench.BottomsPassed - bottoms;
        Assert.InRange(made, 20, 80);
        Assert.Contains(rig.Events, e => e.Code == (ushort)EventCode.BurstEnded && e.Argument1 == 500 && Math.Abs(e.Argument2 - made) <= 1);
    }

    [Fact]
    public void A_held_trigger_makes_one_burst_only()
    {
        using var rig = Armed(3, 60000);
        long bottoms = rig.Bench.BottomsPassed;
        Press(rig);
        rig.RunFor(TimeSpan.FromSeconds(20));

        Assert.Equal(3, rig.Bench.BottomsPassed - bottoms);
    }

    [Fact]
    public void A_burst_longer_than_allowed_is_refused()
    {
        using var rig = Treating.Homed(output);
        var proposal = Treating.Proposal(800, 60000);
        proposal.BurstStrokes = 501;
        var rejected = rig.Reject(proposal);

        Assert.Equal((RejectionReason.BurstTooLong, 500), ((RejectionReason)rejected.Reason, rejected.Detail));
    }

    [Fact]
    public void Another_mode_accepted_while_running_holds_from_the_next_press_on()
    {
        using var rig = Armed(0, 60000);
        Press(rig);
        rig.RunFor(TimeSpan.FromSeconds(1));
        var proposal = Treating.Proposal(800, 60000);
        proposal.BurstStrokes = 4;
        rig.Request<TreatmentAccepted>(proposal);
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(DeviceState.Running, rig.State);

        rig.Bench.ReleaseTrigger();
        rig.RunUntil(DeviceState.Armed, TimeSpan.FromSeconds(3));
        long bottoms = rig.Bench.BottomsPassed;
        Press(rig);
        rig.RunUntil(DeviceState.Armed, TimeSpan.FromSeconds(10));
        Assert.Equal(4, rig.Bench.BottomsPassed - bottoms);
    }

    [Fact]
    public void Other_values_while_a_burst_slows_down_do_not_change_how_many_strokes_it_makes()
    {
        using var rig = Armed(60, 100000);
        long bottoms = rig.Bench.BottomsPassed;
        Press(rig);
        rig.RunUntil(() => rig.Bench.BottomsPassed - bottoms >= 45, TimeSpan.FromSeconds(3));
        double rate = rig.Bench.TrueRateMillihertz;
        Assert.InRange(rate, 10_000, 95_000);
        var proposal = Treating.Proposal(800, 100000);
        proposal.BurstStrokes = 60;
        rig.Request<TreatmentAccepted>(proposal);
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.InRange(rig.Bench.TrueRateMillihertz, 0, rate);
        rig.RunUntil(DeviceState.Armed, TimeSpan.FromSeconds(10));

        Assert.Equal(60, rig.Bench.BottomsPassed - bottoms);
    }

    [Fact]
    public void Strokes_without_a_number_end_no_burst()
    {
        using var rig = Armed(0, 60000);
        Press(rig);
        rig.RunFor(TimeSpan.FromSeconds(1));
        rig.Bench.ReleaseTrigger();
        rig.RunUntil(DeviceState.Armed, TimeSpan.FromSeconds(3));
        rig.RunFor(TimeSpan.FromMilliseconds(300));

        Assert.DoesNotContain(rig.Events, e => e.Code == (ushort)EventCode.BurstEnded);
    }
}
