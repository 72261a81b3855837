using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>What a person in the room sees and hears, taken from LED and buzzer.</summary>
public sealed class AlarmTests(ITestOutputHelper output)
{
    private static (long Flashes, long Beeps) During(FirmwareRig rig, double seconds)
    {
        var before = (rig.Bench.AlarmLedFlashes, rig.Bench.Beeps);
        rig.RunFor(TimeSpan.FromSeconds(seconds));
        return (rig.Bench.AlarmLedFlashes - before.AlarmLedFlashes, rig.Bench.Beeps - before.Beeps);
    }

    // How long it has been on and off in turn, in milliseconds, from the next change on.
    private static int[] Rhythm(FirmwareRig rig, Func<Bench, bool> on, int changes)
    {
        bool was = on(rig.Bench);
        long? since = null;
        List<int> spans = [];
        while (spans.Count < changes)
        {
            rig.RunFor(TimeSpan.FromMilliseconds(1));
            if (on(rig.Bench) == was)
            {
                continue;
            }

            if (since is not null)
            {
                spans.Add((int)((rig.NowMicroseconds - since.Value) / 1_000));
            }

            since = rig.NowMicroseconds;
            was = !was;
        }

        return [.. spans];
    }

    private static void AssertRhythm(int[] expected, int[] measured) => Assert.All(
        measured.Index(),
        span => Assert.InRange(span.Item, expected[span.Index % expected.Length] - 2, expected[span.Index % expected.Length] + 15));

    private FirmwareRig EmergencyStopped()
    {
        var rig = Treating.Homed(output);
        rig.Bench.PressEmergencyStop();
        rig.RunUntil(DeviceState.EmergencyStopped, TimeSpan.FromSeconds(1));
        return rig;
    }

    [Fact]
    public void Without_a_fault_it_is_dark_and_silent()
    {
        using var rig = Treating.Running(output);

        Assert.Equal((0, 0), During(rig, 10));
        Assert.Equal((byte)AlarmPriority.None, rig.LatestStatus!.Alarm);
    }

    [Fact]
    [Trait("Requirement", "EVT-1")]
    public void A_high_priority_alarm_flashes_twice_a_second_and_beeps_in_two_groups_of_five()
    {
        using var rig = EmergencyStopped();
        Assert.Equal((byte)AlarmPriority.High, rig.Status().Alarm);
        var (flashes, beeps) = During(rig, 15.2);

        Assert.InRange(flashes, 28, 32);
        Assert.InRange(beeps, 19, 21);
    }

    [Fact]
    [Trait("Requirement", "EVT-1")]
    public void The_beeps_of_a_high_priority_alarm_have_the_rhythm_that_is_documented()
    {
        using var rig = EmergencyStopped();
        rig.RunUntil(() => rig.Bench.BuzzerSounds, TimeSpan.FromSeconds(1));
        rig.RunFor(TimeSpan.FromSeconds(4));
        Assert.False(rig.Bench.BuzzerSounds);
        int[] group = [150, 100, 150, 100, 150, 300, 150, 100, 150];

        AssertRhythm([.. group, 600, .. group, 5_000], Rhythm(rig, bench => bench.BuzzerSounds, 60));
        AssertRhythm([250], Rhythm(rig, bench => bench.AlarmLedOn, 20));
    }

    [Fact]
    public void The_first_beep_is_as_long_as_the_others()
    {
        using var rig = Treating.Homed(output);
        rig.Bench.PressEmergencyStop();
        rig.RunUntil(() => rig.Bench.BuzzerSounds, TimeSpan.FromSeconds(1));
        long began = rig.NowMicroseconds;
        rig.RunUntil(() => !rig.Bench.BuzzerSounds, TimeSpan.FromSeconds(1));

        Assert.InRange(rig.NowMicroseconds - began, 140_000, 170_000);
    }

    [Fact]
    public void A_medium_priority_alarm_flashes_slowly_and_beeps_three_times()
    {
        using var rig = Treating.Armed(output);
        rig.Bench.RemoveCartridge();
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));
        Assert.Equal((byte)AlarmPriority.Medium, rig.Status().Alarm);
        var (flashes, beeps) = During(rig, 16);

        Assert.InRange(flashes, 9, 11);
        Assert.InRange(beeps, 5, 6);
    }

    [Fact]
    public void A_low_priority_alarm_is_a_steady_light_and_a_rare_beep()
    {
        using var rig = new FirmwareRig(print: output.WriteLine, calibrated: false);
        rig.Hello();
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));
        Assert.True(rig.Bench.AlarmLedOn);
        var (flashes, beeps) = During(rig, 130);

        Assert.True(rig.Bench.AlarmLedOn);
        Assert.Equal(0, flashes);
        Assert.InRange(beeps, 6, 7);
    }

    [Fact]
    public void Silencing_pauses_the_buzzer_and_neither_the_light_nor_the_fault()
    {
        using var rig = EmergencyStopped();
        rig.Accept(MessageId.SilenceAlarm);
        var (flashes, beeps) = During(rig, 119.5);
        Assert.Equal(0, beeps);
        Assert.InRange(flashes, 230, 250);
        Assert.Equal((byte)DeviceState.EmergencyStopped, rig.Status().State);
        Assert.NotEqual(0, rig.Status().Flags & StatusFlags.AlarmSilenced);

        Assert.InRange(During(rig, 20.5).Beeps, 20, 30);
        Assert.Equal(0, rig.Status().Flags & StatusFlags.AlarmSilenced);
    }

    [Fact]
    public void Another_fault_sounds_although_the_first_was_silenced()
    {
        using var rig = Treating.Armed(output);
        rig.Bench.RemoveCartridge();
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));
        rig.Accept(MessageId.SilenceAlarm);
        Assert.Equal(0, During(rig, 5).Beeps);
        rig.Bench.PressEmergencyStop();

        Assert.InRange(During(rig, 5).Beeps, 5, 20);
        Assert.Equal(0, rig.Status().Flags & StatusFlags.AlarmSilenced);
    }

    [Fact]
    public void Without_an_alarm_there_is_nothing_to_silence()
    {
        using var rig = Treating.Homed(output);

        Assert.Equal(RejectionReason.NothingToClear, rig.Reason(new EmptyMessage(MessageId.SilenceAlarm)));
    }

    [Fact]
    public void An_acknowledged_fault_ends_its_alarm()
    {
        using var rig = EmergencyStopped();
        rig.Bench.ReleaseEmergencyStop();
        rig.RunFor(TimeSpan.FromSeconds(3));
        rig.Accept(new ClearFault { Fault = (ushort)FaultCode.EmergencyStop });
        rig.RunFor(TimeSpan.FromMilliseconds(100));

        Assert.False(rig.Bench.AlarmLedOn);
        Assert.False(rig.Bench.BuzzerSounds);
        Assert.Equal((0, 0), During(rig, 10));
    }
}
