using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>One cartridge, one session; and no session without end.</summary>
public sealed class SessionTests(ITestOutputHelper output)
{
    private static BeginSession Session(uint number) => new() { SessionNumber = number };

    private static void Stroke(FirmwareRig rig)
    {
        rig.Bench.ReleaseTrigger();
        rig.RunFor(TimeSpan.FromMilliseconds(50));
        rig.Arm(300);
        rig.PressUntilSteady();
        rig.Bench.ReleaseTrigger();
        rig.Accept(MessageId.Disarm);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
    }

    private static RejectionReason TryToArm(FirmwareRig rig)
    {
        var answer = rig.Request(new Arm { Token = rig.Configure(300, 60000).Token });
        return answer is Rejected rejected ? (RejectionReason)rejected.Reason : RejectionReason.None;
    }

    private static void TakeOff(FirmwareRig rig, int milliseconds)
    {
        rig.Bench.RemoveCartridge();
        rig.RunFor(TimeSpan.FromMilliseconds(milliseconds));
        rig.Bench.SeatCartridge();
        rig.RunFor(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void A_cartridge_used_in_one_session_is_refused_in_the_next_until_it_has_been_exchanged()
    {
        using var rig = Treating.Homed(output);
        rig.Accept(Session(1));
        Stroke(rig);
        Stroke(rig);
        rig.Accept(Session(2));
        var rejected = rig.Reject(new Arm { Token = rig.Configure(300, 60000).Token });
        Assert.Equal((RejectionReason.CartridgeUsed, 1), ((RejectionReason)rejected.Reason, rejected.Detail));
        Assert.NotEqual(0, rig.Status().Flags & StatusFlags.CartridgeUsedBefore);

        TakeOff(rig, 700);
        Stroke(rig);
        Assert.Contains(rig.Events, e => e.Code == (ushort)EventCode.CartridgeUsed && e.Argument1 == 2);
    }

    [Fact]
    public void A_shaking_contact_is_no_exchange()
    {
        using var rig = Treating.Homed(output);
        rig.Accept(Session(1));
        Stroke(rig);
        rig.Accept(Session(2));
        TakeOff(rig, 300);

        Assert.Equal(RejectionReason.CartridgeUsed, TryToArm(rig));
    }

    [Fact]
    public void The_session_that_used_a_cartridge_may_go_on_with_it()
    {
        using var rig = Treating.Homed(output);
        rig.Accept(Session(1));
        Stroke(rig);
        rig.Accept(Session(2));
        rig.Accept(Session(1));

        Assert.Equal(RejectionReason.None, TryToArm(rig));
    }

    [Fact]
    public void A_used_cartridge_is_still_used_after_a_power_cycle()
    {
        using var rig = Treating.Homed(output);
        rig.Accept(Session(1));
        Stroke(rig);
        rig.RunFor(TimeSpan.FromSeconds(1));
        rig.PowerOff();
        rig.PowerOn();
        rig.Hello();
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Homing, TimeSpan.FromSeconds(1));
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
        rig.Accept(Session(2));

        Assert.Equal(RejectionReason.CartridgeUsed, TryToArm(rig));
    }

    [Fact]
    public void A_host_that_knows_no_sessions_treats_as_before()
    {
        using var rig = Treating.Homed(output);
        Stroke(rig);

        Assert.Equal(RejectionReason.None, TryToArm(rig));
    }

    [Fact]
    public void A_session_has_a_number_and_does_not_begin_while_armed()
    {
        using var rig = Treating.Homed(output);
        Assert.Equal(RejectionReason.SessionNumberMissing, rig.Reason(Session(0)));
        rig.Accept(Session(7));
        Assert.Equal(7u, rig.Status().SessionNumber);
        rig.Arm();

        Assert.Equal(RejectionReason.WrongState, rig.Reason(Session(8)));
        Assert.Equal(7u, rig.Status().SessionNumber);
    }

    private static void StrokeToTheLimit(FirmwareRig rig)
    {
        rig.Arm(300, 20000);
        int presses = 0;
        while (rig.State != DeviceState.Retracting && presses++ < 20)
        {
            rig.Bench.PressTrigger();
            rig.RunUntil(DeviceState.Running, TimeSpan.FromSeconds(1));
            rig.RunUntil(() => rig.LatestStatus!.State != (byte)DeviceState.Running, TimeSpan.FromSeconds(130));
            rig.Bench.ReleaseTrigger();
            rig.RunFor(TimeSpan.FromMilliseconds(50));
        }
    }

    [Fact]
    public void A_session_strokes_for_half_an_hour_at_most()
    {
        using var rig = Treating.Homed(output);
        rig.Accept(Session(1));
        long began = rig.NowMicroseconds;
        StrokeToTheLimit(rig);

        Assert.InRange((rig.NowMicroseconds - began) / 1e6, 1795, 1835);
        Assert.Contains(rig.Events, e => e.Code == (ushort)EventCode.SessionLimitReached && e.Argument1 == Limits.SessionRunLimitMilliseconds);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(5));
        Assert.Equal(RejectionReason.SessionLimitReached, TryToArm(rig));
        TakeOff(rig, 700);
        Assert.Equal(RejectionReason.SessionLimitReached, TryToArm(rig));
        rig.Accept(Session(2));
        rig.Accept(Session(1));
        Assert.Equal(RejectionReason.SessionLimitReached, TryToArm(rig));
        rig.Accept(Session(2));
        TakeOff(rig, 700);
        Assert.Equal(RejectionReason.None, TryToArm(rig));
    }

    [Fact]
    public void Without_sessions_another_cartridge_begins_the_half_hour_anew()
    {
        using var rig = Treating.Homed(output);
        StrokeToTheLimit(rig);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(5));
        Assert.Equal(RejectionReason.SessionLimitReached, TryToArm(rig));

        TakeOff(rig, 700);
        Assert.Equal(RejectionReason.None, TryToArm(rig));
    }

    [Fact]
    public void A_cartridge_put_on_or_off_is_told_once_and_a_shaking_contact_not_at_all()
    {
        using var rig = Treating.Homed(output);
        int Told(int seated) => rig.Events.Count(e => e.Code == (ushort)EventCode.CartridgeChanged && e.Argument1 == seated);
        rig.RunFor(TimeSpan.FromMilliseconds(200));
        int before = rig.Events.Count(e => e.Code == (ushort)EventCode.CartridgeChanged);
        for (int i = 0; i < 5; i++)
        {
            rig.Bench.RemoveCartridge();
            rig.RunFor(TimeSpan.FromMilliseconds(38));
            rig.Bench.SeatCartridge();
            rig.RunFor(TimeSpan.FromMilliseconds(200));
        }

        Assert.Equal(before, rig.Events.Count(e => e.Code == (ushort)EventCode.CartridgeChanged));
        rig.Bench.RemoveCartridge();
        rig.RunFor(TimeSpan.FromMilliseconds(200));
        Assert.Equal(1, Told(0));
        int seated = Told(1);
        rig.Bench.SeatCartridge();
        rig.RunFor(TimeSpan.FromMilliseconds(200));
        Assert.Equal((1, seated + 1), (Told(0), Told(1)));
    }

    [Fact]
    public void The_start_is_the_first_event_and_a_cartridge_that_was_seated_before_it_is_no_change()
    {
        using var rig = Treating.Greeted(output);
        rig.PowerOff();
        rig.PowerOn();
        rig.Hello();
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
        rig.Request(new EventsRequest { FirstNumber = 1 });
        rig.RunFor(TimeSpan.FromMilliseconds(300));

        Assert.Contains(rig.Events, e => e is { Number: 1, Code: (ushort)EventCode.Started, Argument1: ProtocolVersion.Major, Argument2: ProtocolVersion.Minor });
        Assert.DoesNotContain(rig.Events, e => e.Code == (ushort)EventCode.CartridgeChanged);
    }
}
