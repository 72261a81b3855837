using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>A command is executed once at most, in the order of its number, and never after it has been settled.</summary>
public sealed class CommandOrderTests(ITestOutputHelper output)
{
    [Fact]
    public void A_command_that_comes_after_a_later_one_is_not_executed_however_old_it_is()
    {
        using FirmwareRig rig = Treating.Homed(output);
        ushort late = Skip(rig);
        uint token = rig.Request<TreatmentAccepted>(Treating.Proposal(500, 60_000)).Token;

        Rejected refused = Assert.IsType<Rejected>(Deliver(rig, Treating.Proposal(1000, 60_000), late));

        Assert.Equal(RejectionReason.OutOfDate, (RejectionReason)refused.Reason);
        Assert.Equal(token, rig.Status().Token);
    }

    [Fact]
    public void An_arm_delayed_past_a_stop_does_not_arm()
    {
        using FirmwareRig rig = Treating.Homed(output);
        uint token = rig.Request<TreatmentAccepted>(Treating.Proposal(500, 60_000)).Token;
        ushort late = Skip(rig);
        rig.Accept(MessageId.Stop);

        Rejected refused = Assert.IsType<Rejected>(Deliver(rig, new Arm { Token = token }, late));

        Assert.Equal(RejectionReason.OutOfDate, (RejectionReason)refused.Reason);
        Assert.Equal(DeviceState.Parked, (DeviceState)rig.Status().State);
    }

    [Fact]
    public void An_answer_pushed_out_of_memory_does_not_make_its_command_new()
    {
        using FirmwareRig rig = Treating.Homed(output);
        ushort first = rig.Send(Treating.Proposal(500, 60_000));
        rig.RunUntil(() => rig.AnswerTo(first) is not null, TimeSpan.FromSeconds(1));
        for (int i = 0; i < 9; i++)
        {
            rig.Request<TreatmentAccepted>(Treating.Proposal(600 + i, 60_000));
        }

        int executed = TreatmentsExecuted(rig);
        Rejected refused = Assert.IsType<Rejected>(Deliver(rig, Treating.Proposal(500, 60_000), first));

        Assert.Equal(RejectionReason.OutOfDate, (RejectionReason)refused.Reason);
        Assert.Equal(executed, TreatmentsExecuted(rig));
    }

    [Fact]
    public void A_late_stop_stops_all_the_same()
    {
        using FirmwareRig rig = Treating.Homed(output);
        ushort late = Skip(rig);
        uint token = rig.Request<TreatmentAccepted>(Treating.Proposal(500, 60_000)).Token;
        rig.Accept(new Arm { Token = token });

        Assert.Equal(MessageId.Accepted, Deliver(rig, new EmptyMessage(MessageId.Stop), late).Id);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(5));
        rig.AssertParked();
    }

    [Fact]
    public void A_settled_command_answers_not_executed_and_never_is()
    {
        using FirmwareRig rig = Treating.Homed(output);
        ushort lost = Skip(rig);

        for (int asked = 0; asked < 3; asked++)
        {
            Assert.Equal(RejectionReason.NotExecuted, Settle(rig, lost, MessageId.ConfigureTreatment));
        }

        Rejected late = Assert.IsType<Rejected>(Deliver(rig, Treating.Proposal(500, 60_000), lost));
        Assert.Equal(RejectionReason.NotExecuted, (RejectionReason)late.Reason);
        Assert.Equal(0, TreatmentsExecuted(rig));
        rig.Request<TreatmentAccepted>(Treating.Proposal(500, 60_000));
    }

    [Fact]
    public void Settling_an_executed_command_brings_its_answer_again_and_executes_nothing()
    {
        using FirmwareRig rig = Treating.Homed(output);
        ushort sent = rig.Send(Treating.Proposal(500, 60_000));
        rig.RunUntil(() => rig.AnswerTo(sent) is not null, TimeSpan.FromSeconds(1));
        uint token = Assert.IsType<TreatmentAccepted>(rig.AnswerTo(sent)).Token;

        TreatmentAccepted again = Assert.IsType<TreatmentAccepted>(SettleAndWait(rig, sent, MessageId.ConfigureTreatment, sent));

        Assert.Equal(token, again.Token);
        Assert.Equal(1, TreatmentsExecuted(rig));
    }

    [Fact]
    public void Settling_a_refused_command_brings_the_refusal_again()
    {
        using FirmwareRig rig = Treating.Homed(output);
        ushort sent = rig.Send(new EmptyMessage(MessageId.Start));
        rig.RunUntil(() => rig.AnswerTo(sent) is not null, TimeSpan.FromSeconds(1));
        byte reason = Assert.IsType<Rejected>(rig.AnswerTo(sent)).Reason;

        Assert.Equal((RejectionReason)reason, Settle(rig, sent, MessageId.Start));
    }

    [Fact]
    public void Settling_what_is_forgotten_says_that_it_is_not_known()
    {
        using FirmwareRig rig = Treating.Homed(output);
        ushort first = rig.Send(Treating.Proposal(500, 60_000));
        for (int i = 0; i < 9; i++)
        {
            rig.Request<TreatmentAccepted>(Treating.Proposal(600, 60_000));
        }

        Assert.Equal(RejectionReason.OutOfDate, Settle(rig, first, MessageId.ConfigureTreatment));
    }

    [Fact]
    public void Before_a_greeting_nothing_is_settled()
    {
        using FirmwareRig rig = new(print: output.WriteLine);
        rig.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(RejectionReason.NotGreeted, (RejectionReason)Assert.IsType<Rejected>(
            rig.Request(new SettleCommand { CommandSequence = 1, CommandId = (byte)MessageId.Home })).Reason);
    }

    [Fact]
    public void Numbers_that_begin_anew_are_taken_for_what_they_are_for_ever()
    {
        using FirmwareRig rig = Treating.Homed(output);
        ushort number = Skip(rig);
        for (int round = 0; round < 8; round++)
        {
            // 24 000 numbers go to questions between two commands: the third command has passed 65 535 numbers.
            Assert.IsType<TreatmentAccepted>(Deliver(rig, Treating.Proposal(500 + round, 60_000), number));
            for (int asked = 0; asked < 8; asked++)
            {
                number = (ushort)(number + 3000);
                Assert.IsType<TimeReport>(Deliver(rig, new EmptyMessage(MessageId.TimeRequest), number));
            }

            number++;
        }

        Assert.Equal(8, TreatmentsExecuted(rig));
    }

    [Fact]
    public void The_same_number_65_536_later_is_another_command()
    {
        using FirmwareRig rig = Treating.Homed(output);
        ushort number = Skip(rig);
        Assert.Equal(500u, Assert.IsType<TreatmentAccepted>(Deliver(rig, Treating.Proposal(500, 60_000), number)).DepthMicrometers, 5u);
        for (int i = 1; i <= 4; i++)
        {
            Deliver(rig, new EmptyMessage(MessageId.TimeRequest), (ushort)(number + (i * 16_383)));
        }

        Assert.Equal(900u, Assert.IsType<TreatmentAccepted>(Deliver(rig, Treating.Proposal(900, 60_000), number)).DepthMicrometers, 5u);
        Assert.Equal(2, TreatmentsExecuted(rig));
    }

    [Fact]
    public void Another_hosts_heartbeats_do_not_move_the_count()
    {
        using FirmwareRig rig = Treating.Homed(output);
        ushort number = Skip(rig);
        Assert.IsType<TreatmentAccepted>(Deliver(rig, Treating.Proposal(500, 60_000), number));
        for (int i = 1; i <= 3; i++)
        {
            rig.Send(new Heartbeat { HostNonce = 99 }, (ushort)(number + (i * 30_000)));
            rig.RunFor(TimeSpan.FromMilliseconds(30));
        }

        Assert.IsType<TreatmentAccepted>(Deliver(rig, Treating.Proposal(500, 60_000), number));
        Assert.Equal(1, TreatmentsExecuted(rig));
    }

    [Fact]
    public void A_new_host_cannot_arm_what_the_earlier_one_had_accepted()
    {
        using FirmwareRig rig = Treating.Homed(output);
        uint token = rig.Request<TreatmentAccepted>(Treating.Proposal(500, 60_000)).Token;
        rig.Hello(hostNonce: 4711);

        Assert.Equal(0u, rig.Status().Token);
        Assert.Equal(RejectionReason.NothingConfigured, (RejectionReason)rig.Reject(new Arm { Token = token }).Reason);
    }

    [Fact]
    public void The_greeting_is_answered_with_the_hosts_own_number()
    {
        using FirmwareRig rig = new(print: output.WriteLine);
        Assert.Equal(0xCAFEu, rig.Hello(hostNonce: 0xCAFE).HostNonce);
        Assert.Equal(0xBEEFu, rig.Hello(hostNonce: 0xBEEF).HostNonce);
    }

    [Fact]
    public void What_the_device_says_itself_is_not_answered_when_the_line_echoes_it()
    {
        using FirmwareRig rig = Treating.Homed(output);
        rig.RunFor(TimeSpan.FromSeconds(1));
        int before = rig.Statuses.Count;
        List<ushort> echoed = [];
        foreach (MessageId id in Enum.GetValues<MessageId>().Where(id => id == MessageId.HelloReply || ((int)id >= 0x40 && (int)id <= 0x5F)))
        {
            echoed.Add(rig.Send(new EmptyMessage(id)));
        }

        rig.RunFor(TimeSpan.FromSeconds(2));
        Assert.All(echoed, sequence => Assert.Null(rig.AnswerTo(sequence)));
        Assert.InRange(rig.Statuses.Count - before, 9, 12);
    }

    [Fact]
    public void A_message_nobody_knows_is_refused_by_its_number()
    {
        using FirmwareRig rig = Treating.Greeted(output);
        HashSet<int> known = [.. Enum.GetValues<MessageId>().Select(id => (int)id)];
        foreach (int id in Enumerable.Range(0, 256).Where(id => !known.Contains(id) && id is < 0x40 or > 0x5F))
        {
            Rejected refused = rig.Reject(new EmptyMessage((MessageId)id));
            Assert.Equal((RejectionReason.UnknownMessage, id), ((RejectionReason)refused.Reason, refused.Detail));
        }
    }

    [Fact]
    public void The_time_is_the_boards()
    {
        using FirmwareRig rig = Treating.Greeted(output);
        uint first = rig.Request<TimeReport>(new EmptyMessage(MessageId.TimeRequest)).UptimeMilliseconds;
        long at = rig.NowMicroseconds;
        rig.RunFor(TimeSpan.FromSeconds(3));
        uint second = rig.Request<TimeReport>(new EmptyMessage(MessageId.TimeRequest)).UptimeMilliseconds;

        Assert.InRange((second - first) - ((rig.NowMicroseconds - at) / 1000.0), -25, 25);
    }

    private static int TreatmentsExecuted(FirmwareRig rig)
    {
        rig.RunFor(TimeSpan.FromMilliseconds(300));
        return rig.Events.Count(e => e.Code == (ushort)EventCode.TreatmentAccepted);
    }

    /// <summary>A number that the host has used for something that was lost on the way.</summary>
    private static ushort Skip(FirmwareRig rig) => rig.SkipNumber();

    private static Message Deliver(FirmwareRig rig, Message message, ushort number)
    {
        rig.Send(message, number);
        rig.RunUntil(() => rig.AnswerTo(number) is not null, TimeSpan.FromSeconds(1));
        return rig.AnswerTo(number)!;
    }

    private static RejectionReason Settle(FirmwareRig rig, ushort number, MessageId id) =>
        (RejectionReason)Assert.IsType<Rejected>(SettleAndWait(rig, number, id, number)).Reason;

    private static Message SettleAndWait(FirmwareRig rig, ushort number, MessageId id, ushort answeredAs)
    {
        rig.ForgetAnswer(answeredAs);
        rig.Send(new SettleCommand { CommandSequence = number, CommandId = (byte)id });
        rig.RunUntil(() => rig.AnswerTo(answeredAs) is not null, TimeSpan.FromSeconds(1));
        return rig.AnswerTo(answeredAs)!;
    }
}
