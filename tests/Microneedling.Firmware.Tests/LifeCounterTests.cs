using Microneedling.Protocol;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>What a device has done since it was made.</summary>
public sealed class LifeCounterTests(ITestOutputHelper output)
{
    private static CountersReport Read(FirmwareRig rig) => rig.Request<CountersReport>(new EmptyMessage(MessageId.CountersRequest));

    private static int Written(FirmwareRig rig) => rig.Board.Flash.WritesTo(@"I:\counters-0") + rig.Board.Flash.WritesTo(@"I:\counters-1");

    [Fact]
    public void Strokes_time_and_starts_are_counted_and_survive_a_power_cycle()
    {
        using var rig = Treating.Running(output);
        var before = Read(rig);
        rig.RunFor(TimeSpan.FromSeconds(20));
        rig.SendRaw(Framing.Stop);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
        rig.RunFor(TimeSpan.FromSeconds(61));
        var after = Read(rig);
        Assert.InRange(after.Strokes - rig.Bench.StrokesCompleted, -2, 2);
        Assert.InRange(after.RunSeconds - before.RunSeconds, 19u, 22u);

        rig.PowerOff();
        rig.PowerOn();
        rig.Hello();
        var restarted = Read(rig);
        Assert.Equal((after.Strokes, after.RunSeconds, after.Starts + 1), (restarted.Strokes, restarted.RunSeconds, restarted.Starts));
    }

    [Fact]
    public void Ninety_short_treatments_write_each_copy_on_flash_at_most_once_a_minute()
    {
        using var rig = Treating.Homed(output);
        int before = Written(rig);
        long began = rig.NowMicroseconds;
        for (int i = 0; i < 90; i++)
        {
            rig.Arm(300);
            rig.PressUntilSteady();
            rig.Bench.ReleaseTrigger();
            rig.Accept(MessageId.Disarm);
            rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
            rig.RunFor(TimeSpan.FromSeconds(4));
        }

        double minutes = (rig.NowMicroseconds - began) / 60e6;
        Assert.InRange(minutes, 10, 20);
        Assert.InRange(Written(rig) - before, 2, 2 * (Math.Ceiling(minutes) + 1));
    }

    [Fact]
    public void Two_bad_copies_are_told_and_the_device_works_on()
    {
        using var rig = Treating.Greeted(output);
        rig.PowerOff();
        rig.Board.Flash.Corrupt(@"I:\counters-0");
        rig.Board.Flash.Corrupt(@"I:\counters-1");
        rig.PowerOn();
        rig.Hello();
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
        rig.Request(new EventsRequest { FirstNumber = 1 });
        rig.RunFor(TimeSpan.FromMilliseconds(200));

        Assert.Contains(rig.Events, e => e.Code == (ushort)EventCode.CountersLost);
        Assert.Equal(1u, Read(rig).Starts);
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Faults_are_counted()
    {
        using var rig = Treating.Running(output);
        uint before = Read(rig).Faults;
        rig.Bench.RemoveCartridge();
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));

        Assert.Equal(before + 1, Read(rig).Faults);
        rig.Bench.PressEmergencyStop();
        rig.RunUntil(DeviceState.EmergencyStopped, TimeSpan.FromSeconds(1));
        Assert.Equal(before + 2, Read(rig).Faults);
    }
}
