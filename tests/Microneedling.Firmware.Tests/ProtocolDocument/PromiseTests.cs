using Microneedling.Protocol;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests.ProtocolDocument;

/// <summary>What shared/PROTOCOL.md says in words and no other test asks the firmware for.</summary>
public sealed class PromiseTests(ITestOutputHelper output)
{
    private const int AnswersKept = 8;
    private const int EventsKept = 128;

    [Fact]
    public void An_answer_normally_comes_within_50_ms()
    {
        using FirmwareRig rig = Treating.Running(output);
        long slowest = 0;
        for (int i = 0; i < 200; i++)
        {
            long sentAt = rig.NowMicroseconds;
            rig.Request(i % 2 == 0 ? new EmptyMessage(MessageId.StatusRequest) : Treating.Proposal(500 + i, 60_000));
            slowest = Math.Max(slowest, rig.NowMicroseconds - sentAt);
        }

        output.WriteLine($"slowest answer {slowest / 1000.0:0.0} ms");
        Assert.InRange(slowest, 0, 50_000);
    }

    [Fact]
    public void The_last_eight_answers_are_repeated_and_the_ninth_is_out_of_date()
    {
        using FirmwareRig rig = Treating.Homed(output);
        List<(ushort Number, ConfigureTreatment Proposal, uint Token)> sent = [];
        for (int i = 0; i <= AnswersKept; i++)
        {
            ConfigureTreatment proposal = Treating.Proposal(500 + i, 60_000);
            ushort number = rig.Send(proposal);
            rig.RunUntil(() => rig.AnswerTo(number) is not null, TimeSpan.FromSeconds(1));
            sent.Add((number, proposal, Assert.IsType<TreatmentAccepted>(rig.AnswerTo(number)).Token));
        }

        foreach ((ushort number, ConfigureTreatment proposal, uint token) in sent[1..])
        {
            Assert.Equal(token, Assert.IsType<TreatmentAccepted>(Repeat(rig, proposal, number)).Token);
        }

        Rejected refused = Assert.IsType<Rejected>(Repeat(rig, sent[0].Proposal, sent[0].Number));
        Assert.Equal((RejectionReason.OutOfDate, sent[^1].Number), ((RejectionReason)refused.Reason, (ushort)refused.Detail));
    }

    [Fact]
    public void A_greeting_without_a_nonce_or_too_short_is_malformed()
    {
        using var rig = new FirmwareRig(print: output.WriteLine);
        rig.RunFor(TimeSpan.FromMilliseconds(500));
        Assert.Equal(RejectionReason.MalformedPayload, rig.Reason(new HelloRequest { ProtocolMajor = ProtocolVersion.Major }));
        Assert.Equal(RejectionReason.MalformedPayload, rig.Reason(new EmptyMessage(MessageId.HelloRequest)));
    }

    [Fact]
    public void Without_a_greeting_questions_and_stop_are_answered_and_nothing_comes_by_itself()
    {
        using var rig = new FirmwareRig(print: output.WriteLine);
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.Empty(rig.Statuses);
        rig.Request<TimeReport>(new EmptyMessage(MessageId.TimeRequest));
        rig.Request<SettingsReport>(new EmptyMessage(MessageId.SettingsRequest));
        rig.Request<EventsAvailable>(new EventsRequest { FirstNumber = 1 });
        rig.Accept(MessageId.Stop);
        Assert.Equal(RejectionReason.NotGreeted, rig.Reason(new EmptyMessage(MessageId.Home)));
        Assert.Equal(RejectionReason.NotGreeted, rig.Reason(new EmptyMessage((MessageId)0x3F)));
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.Empty(rig.Statuses);
        Assert.Empty(rig.Events);
    }

    [Fact]
    public void Another_major_version_gets_statuses_and_answers_but_no_command_is_done_except_stop()
    {
        using var rig = new FirmwareRig(print: output.WriteLine);
        Assert.Equal(ProtocolVersion.Major, rig.Hello(major: ProtocolVersion.Major + 1).ProtocolMajor);
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.NotEmpty(rig.Statuses);
        Assert.Equal(RejectionReason.VersionMismatch, rig.Reason(new EmptyMessage(MessageId.Home)));
        rig.Request<CountersReport>(new EmptyMessage(MessageId.CountersRequest));
        rig.Accept(MessageId.Stop);
    }

    [Fact]
    public void Unknown_messages_are_refused_by_their_number_and_what_only_a_device_says_is_ignored()
    {
        using FirmwareRig rig = Treating.Greeted(output);
        Rejected refused = rig.Reject(new EmptyMessage((MessageId)0x3F));
        Assert.Equal((RejectionReason.UnknownMessage, 0x3F), ((RejectionReason)refused.Reason, refused.Detail));
        foreach (byte id in new byte[] { 0x02, 0x40, 0x41, 0x50, 0x5F })
        {
            ushort number = rig.Send(new EmptyMessage((MessageId)id));
            rig.RunFor(TimeSpan.FromMilliseconds(200));
            Assert.Null(rig.AnswerTo(number));
        }
    }

    [Fact]
    public void A_settling_that_is_refused_itself_is_answered_with_its_own_number()
    {
        using FirmwareRig rig = Treating.Greeted(output);
        Assert.Equal(RejectionReason.MalformedPayload, rig.Reason(new EmptyMessage(MessageId.SettleCommand)));
    }

    [Fact]
    public void The_last_128_events_are_kept_and_asking_beyond_the_latest_gets_the_answer_only()
    {
        using FirmwareRig rig = Treating.Homed(output);
        for (int i = 0; i < EventsKept + 20; i++)
        {
            rig.Request<TreatmentAccepted>(Treating.Proposal(500, 60_000));
        }

        EventsAvailable kept = rig.Request<EventsAvailable>(new EventsRequest { FirstNumber = uint.MaxValue });
        Assert.Equal(EventsKept, (int)(kept.LatestNumber - kept.OldestNumber + 1));
        int before = rig.Events.Count;
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(before, rig.Events.Count);

        rig.Request<EventsAvailable>(new EventsRequest { FirstNumber = 1 });
        rig.RunFor(TimeSpan.FromSeconds(3));
        Assert.Equal(
            Enumerable.Range((int)kept.OldestNumber, EventsKept),
            rig.Events.Skip(before).Select(report => (int)report.Number));
    }

    [Fact]
    public void Status_comes_every_50_ms_while_armed_and_every_200_ms_at_rest()
    {
        using FirmwareRig rig = Treating.Homed(output);
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.InRange(StatusesIn(rig, TimeSpan.FromSeconds(4)), 18, 21);
        rig.Arm();
        Assert.InRange(StatusesIn(rig, TimeSpan.FromSeconds(4)), 62, 81);
    }

    private static int StatusesIn(FirmwareRig rig, TimeSpan span)
    {
        int before = rig.Statuses.Count;
        rig.RunFor(span);
        return rig.Statuses.Count - before;
    }

    private static Message Repeat(FirmwareRig rig, Message message, ushort number)
    {
        rig.Send(message, number);
        rig.RunUntil(() => rig.AnswerTo(number) is not null, TimeSpan.FromSeconds(1));
        return rig.AnswerTo(number)!;
    }
}
