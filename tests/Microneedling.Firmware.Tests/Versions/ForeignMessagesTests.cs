using Microneedling.Protocol;
using Microneedling.Testing;
using Microneedling.Testing.Conversations;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests.Versions;

/// <summary>What today's firmware makes of messages that it does not know, of longer ones, and of hosts of another major version.</summary>
public sealed class ForeignMessagesTests(ITestOutputHelper output)
{
    private static readonly MessageId[] Questions =
    [
        MessageId.StatusRequest, MessageId.EventsRequest, MessageId.SettingsRequest, MessageId.CountersRequest, MessageId.SelfTestRequest, MessageId.TimeRequest,
    ];

    [Fact]
    public void Every_number_that_is_no_message_is_rejected_by_name_and_changes_nothing()
    {
        using FirmwareRig rig = Treating.Homed(output);
        uint events = rig.Status().LatestEventNumber;
        int rejected = 0;
        for (int id = 0; id <= byte.MaxValue; id++)
        {
            if (!Enum.IsDefined((MessageId)id) && !IsOfTheDevice(id))
            {
                Rejected answer = rig.Reject(new AnyMessage((byte)id, [1, 2, 3]));
                Assert.Equal((RejectionReason.UnknownMessage, id), ((RejectionReason)answer.Reason, answer.Detail));
                rejected++;
            }
        }

        Assert.True(rejected > 150);
        StatusReport status = rig.Status();
        Assert.Equal(((byte)DeviceState.Parked, events), (status.State, status.LatestEventNumber));
    }

    [Fact]
    public void Every_number_of_the_devices_own_direction_is_not_answered()
    {
        using FirmwareRig rig = Treating.Homed(output);
        List<ushort> sent = [];
        for (int id = 0; id <= byte.MaxValue; id++)
        {
            if (IsOfTheDevice(id))
            {
                sent.Add(rig.Send(new AnyMessage((byte)id, new byte[20])));
                rig.RunFor(TimeSpan.FromMilliseconds(30));
            }
        }

        rig.RunFor(TimeSpan.FromMilliseconds(500));
        Assert.Equal(33, sent.Count);
        Assert.All(sent, sequence => Assert.Null(rig.AnswerTo(sequence)));
        Assert.Equal((byte)DeviceState.Parked, rig.Status().State);
    }

    [Fact]
    public void Commands_that_a_newer_minor_version_made_longer_are_executed()
    {
        using FirmwareRig rig = Treating.Greeted(output);
        Assert.IsType<HelloReply>(rig.Request(Longer(new HelloRequest { ProtocolMajor = ProtocolVersion.Major, ProtocolMinor = ProtocolVersion.Minor + 1, HostNonce = 0x0B5E55ED })));
        Assert.Equal(MessageId.Accepted, rig.Request(Longer(new EmptyMessage(MessageId.Home))).Id);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
        TreatmentAccepted accepted = Assert.IsType<TreatmentAccepted>(rig.Request(Longer(Treating.Proposal(500, 60_000))));
        Assert.Equal((498, 60_000u), (accepted.DepthMicrometers, accepted.RateMillihertz));
        Assert.Equal(MessageId.Accepted, rig.Request(Longer(new Arm { Token = accepted.Token })).Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(255)]
    public void A_host_of_another_major_version_is_told_the_devices_and_moves_nothing_but_gets_answers(byte major)
    {
        using FirmwareRig rig = Treating.Homed(output);
        long turned = rig.Bench.NeedleMicrosteps;
        long stepped = rig.Bench.StageSteps;
        HelloReply reply = rig.Hello(major, hostNonce: 77);
        Assert.Equal(ProtocolVersion.Major, reply.ProtocolMajor);
        foreach (MessageId command in Enum.GetValues<MessageId>().Where(id => IsCommand(id) && id != MessageId.Stop))
        {
            Rejected rejected = rig.Reject(new AnyMessage((byte)command, new byte[20]));
            Assert.Equal((command, RejectionReason.VersionMismatch, ProtocolVersion.Major), (command, (RejectionReason)rejected.Reason, rejected.Detail));
        }

        foreach (MessageId question in Questions)
        {
            Assert.NotEqual(MessageId.Rejected, rig.Request(new AnyMessage((byte)question, new byte[4])).Id);
        }

        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal((DeviceState.Parked, turned, stepped), ((DeviceState)rig.Status().State, rig.Bench.NeedleMicrosteps, rig.Bench.StageSteps));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stop_of_a_host_of_another_major_version_stops_all_the_same(bool byByte)
    {
        using FirmwareRig rig = Treating.Running(output);
        rig.Send(new HelloRequest { ProtocolMajor = 2, ProtocolMinor = 0, HostNonce = 0x0B5E55ED });
        rig.RunFor(TimeSpan.FromMilliseconds(100));
        if (byByte)
        {
            rig.SendRaw(Framing.Stop);
        }
        else
        {
            rig.Accept(MessageId.Stop);
        }

        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(5));
        rig.AssertParked();
    }

    private static bool IsOfTheDevice(int id) => id is 0x02 or (>= 0x40 and <= 0x5F);

    private static bool IsCommand(MessageId id) => (int)id is >= 0x20 and < 0x30;

    // The message with as many bytes behind it as a frame holds.
    private static AnyMessage Longer(Message message)
    {
        byte[] payload = new byte[Framing.MaximumPayloadLength];
        Array.Fill(payload, (byte)0xEE);
        PayloadCursor cursor = new();
        cursor.StartWriting(payload, 0);
        message.Transfer(cursor);
        return new AnyMessage((byte)message.Id, payload);
    }
}
