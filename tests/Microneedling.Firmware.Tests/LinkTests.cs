using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

public sealed class LinkTests(ITestOutputHelper output)
{
    [Fact]
    public void Link_watchdog_expiry_while_running_latches_a_fault_retracts_and_parks()
    {
        using var rig = Treating.Running(output);
        rig.Heartbeats = false;
        long silentFrom = rig.NowMicroseconds;
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));
        Assert.InRange(rig.Bench.LastNeedlePulseMicroseconds!.Value - silentFrom, 380_000, 540_000);
        rig.RunUntil(() => (rig.LatestStatus!.Flags & StatusFlags.Parking) == 0, TimeSpan.FromSeconds(5));

        Assert.Equal(FaultCode.LinkLost, rig.Fault());
        rig.AssertParked();
    }

    [Fact]
    public void A_regained_link_resumes_nothing_until_the_fault_is_acknowledged_and_the_device_armed_anew()
    {
        using var rig = Treating.Running(output);
        uint token = rig.LatestStatus!.Token;
        rig.Heartbeats = false;
        rig.RunFor(TimeSpan.FromSeconds(5));
        rig.Heartbeats = true;
        rig.RunFor(TimeSpan.FromSeconds(5));
        long turned = rig.Bench.NeedleMicrosteps;

        Assert.Equal(RejectionReason.FaultLatched, rig.Reason(new Arm { Token = token }));
        rig.Accept(new ClearFault { Fault = (ushort)FaultCode.LinkLost });
        rig.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(DeviceState.Parked, rig.State);
        Assert.Equal(turned, rig.Bench.NeedleMicrosteps);
    }

    [Theory]
    [InlineData(DeviceState.Homing)]
    [InlineData(DeviceState.Armed)]
    public void Link_loss_in_any_moving_state_latches_a_fault(DeviceState state)
    {
        using var rig = state == DeviceState.Armed ? Treating.Armed(output) : Treating.Greeted(output, new BoardOptions { StageMicrometers = 2500 });
        if (state == DeviceState.Homing)
        {
            rig.Accept(MessageId.Home);
        }

        rig.Heartbeats = false;
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));
        Assert.Equal(FaultCode.LinkLost, rig.Fault());
    }

    [Fact]
    public void Parked_and_unhomed_bear_a_silent_host()
    {
        using var rig = Treating.Homed(output);
        rig.Heartbeats = false;
        rig.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal((byte)DeviceState.Parked, rig.Status().State);

        Assert.Equal(RejectionReason.NoHeartbeat, rig.Reason(new EmptyMessage(MessageId.Home)));
    }

    [Fact]
    public void Another_hosts_heartbeat_does_not_keep_the_device_running()
    {
        using var rig = Treating.Running(output);
        rig.Heartbeats = false;
        for (int i = 0; i < 10; i++)
        {
            rig.Send(new Heartbeat { HostNonce = 99 });
            rig.RunFor(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(FaultCode.LinkLost, rig.Fault());
    }

    [Fact]
    [Trait("Requirement", "LINK-3")]
    public void Another_host_that_greets_while_running_stops_the_device()
    {
        using var rig = Treating.Running(output);
        rig.Hello(hostNonce: 42);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));

        Assert.Equal(FaultCode.LinkLost, rig.Fault());
    }

    [Theory]
    [InlineData(MessageId.Home, DeviceState.Homing)]
    [InlineData(MessageId.EnterService, DeviceState.Service)]
    [Trait("Requirement", "LINK-3")]
    public void Another_host_that_greets_ends_what_the_earlier_one_has_begun(MessageId begins, DeviceState state)
    {
        using var rig = Treating.Greeted(output);
        rig.Bench.RemoveCartridge();
        rig.RunFor(TimeSpan.FromMilliseconds(50));
        rig.Accept(begins);
        rig.RunUntil(state, TimeSpan.FromSeconds(1));
        rig.Hello(hostNonce: 42);

        Assert.Equal((DeviceState.Faulted, FaultCode.LinkLost), ((DeviceState)rig.Status().State, rig.Fault()));
    }

    [Fact]
    public void The_same_host_may_greet_again_while_running()
    {
        using var rig = Treating.Running(output);
        rig.Hello();
        rig.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(DeviceState.Running, rig.State);
    }

    [Fact]
    [Trait("Requirement", "PROT-2")]
    public void A_repeated_command_is_answered_again_and_executed_once()
    {
        using var rig = Treating.Homed(output);
        ushort sequence = rig.Send(Treating.Proposal(500, 60000));
        rig.RunUntil(() => rig.AnswerTo(sequence) is not null, TimeSpan.FromSeconds(1));
        uint token = Assert.IsType<TreatmentAccepted>(rig.AnswerTo(sequence)).Token;
        for (int i = 0; i < 5; i++)
        {
            rig.Send(Treating.Proposal(500, 60000), sequence);
            rig.RunUntil(() => rig.AnswerTo(sequence) is not null, TimeSpan.FromSeconds(1));
            Assert.Equal(token, Assert.IsType<TreatmentAccepted>(rig.AnswerTo(sequence)).Token);
        }

        Assert.Single(rig.Events, e => e.Code == (ushort)EventCode.TreatmentAccepted);
    }

    [Fact]
    public void A_new_host_may_use_sequence_numbers_that_an_earlier_one_used()
    {
        using var rig = Treating.Homed(output);
        var number = rig.Send(Treating.Proposal(500, 60000));
        rig.RunUntil(() => rig.AnswerTo(number) is not null, TimeSpan.FromSeconds(1));
        rig.Send(new HelloRequest { ProtocolMajor = ProtocolVersion.Major, HostNonce = 43 }, 1);
        rig.RunUntil(() => rig.AnswerTo(1) is not null, TimeSpan.FromSeconds(1));
        rig.Send(Treating.Proposal(900, 60000), number);
        rig.RunUntil(() => rig.AnswerTo(number) is not null, TimeSpan.FromSeconds(1));

        Assert.Equal(898, Assert.IsType<TreatmentAccepted>(rig.AnswerTo(number)).DepthMicrometers);
    }

    [Fact]
    [Trait("Requirement", "PROT-3")]
    [Trait("Requirement", "STOP-3")]
    public void Another_major_version_is_refused_motion_and_still_gets_status()
    {
        using var rig = Treating.Greeted(output);
        rig.Hello(major: 2, hostNonce: 44);

        var rejected = rig.Reject(new EmptyMessage(MessageId.Home));
        Assert.Equal((RejectionReason.VersionMismatch, ProtocolVersion.Major), ((RejectionReason)rejected.Reason, rejected.Detail));
        Assert.Equal((byte)DeviceState.Unhomed, rig.Status().State);
    }

    [Fact]
    public void An_unknown_message_is_refused_by_its_number()
    {
        using var rig = Treating.Greeted(output);

        var rejected = rig.Reject(new EmptyMessage((MessageId)0x2F));
        Assert.Equal((RejectionReason.UnknownMessage, 0x2F), ((RejectionReason)rejected.Reason, rejected.Detail));
    }

    [Theory]
    [InlineData(MessageId.ConfigureTreatment)]
    [InlineData(MessageId.ClearFault)]
    [InlineData(MessageId.EventsRequest)]
    [InlineData(MessageId.HelloRequest)]
    public void A_command_without_its_payload_is_malformed(MessageId id)
    {
        using var rig = Treating.Homed(output);

        Assert.Equal(RejectionReason.MalformedPayload, rig.Reason(new EmptyMessage(id)));
    }

    [Fact]
    public void Events_that_were_missed_are_sent_again_in_order()
    {
        using var rig = Treating.Homed(output);
        var available = rig.Request<EventsAvailable>(new EventsRequest { FirstNumber = 1 });
        Assert.Equal(1u, available.OldestNumber);
        int before = rig.Events.Count;
        rig.Send(new EventsRequest { FirstNumber = 1 });
        rig.RunFor(TimeSpan.FromMilliseconds(500));
        var again = rig.Events.Skip(before).Select(e => e.Number).SkipWhile(n => n != 1).ToList();

        Assert.Equal(Enumerable.Range(1, (int)available.LatestNumber).Select(n => (uint)n), again.TakeLast((int)available.LatestNumber));
    }

    [Fact]
    [Trait("Requirement", "PROT-1")]
    public void Noise_on_the_line_damages_frames_and_the_next_whole_one_is_understood()
    {
        using var rig = Treating.Homed(output);
        rig.Heartbeats = false;
        byte[] noise = new byte[2000];
        new Random(11).NextBytes(noise);
        rig.SendRaw([.. noise.Where(b => b != Framing.Stop)]);
        rig.RunFor(TimeSpan.FromMilliseconds(300));

        Assert.Equal((byte)DeviceState.Parked, rig.Status().State);
        Assert.NotEqual(0, rig.Status().DamagedFrames);
    }

    [Fact]
    public void A_host_that_floods_the_line_never_makes_the_loop_late()
    {
        using var rig = Treating.Running(output);
        var encoder = new FrameEncoder();
        byte[] frame = new byte[Framing.MaximumFrameLength];
        int length = encoder.Encode(new EmptyMessage(MessageId.StatusRequest), 500, 0, frame);
        for (int i = 0; i < 200; i++)
        {
            rig.SendRaw(frame[..length]);
        }

        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(0, rig.Status().TickGaps);
    }
}
