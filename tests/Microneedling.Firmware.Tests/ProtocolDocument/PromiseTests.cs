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

    [Fact]
    public void Numbers_of_questions_make_no_command_late_and_a_settled_number_does()
    {
        using FirmwareRig rig = Treating.Homed(output);
        ushort early = rig.SkipNumber();
        ushort settled = rig.SkipNumber();
        rig.Status();
        Assert.IsType<TreatmentAccepted>(Repeat(rig, Treating.Proposal(500, 60_000), early));
        rig.Send(new SettleCommand { CommandSequence = settled, CommandId = (byte)MessageId.Home });
        rig.RunUntil(() => rig.AnswerTo(settled) is not null, TimeSpan.FromSeconds(1));
        Assert.Equal(RejectionReason.NotExecuted, (RejectionReason)Assert.IsType<Rejected>(rig.AnswerTo(settled)).Reason);
        Rejected late = Assert.IsType<Rejected>(Repeat(rig, Treating.Proposal(600, 60_000), (ushort)(settled - 2)));
        Assert.Equal((RejectionReason.OutOfDate, settled), ((RejectionReason)late.Reason, (ushort)late.Detail));
    }

    [Fact]
    public void A_press_while_the_stage_is_on_its_way_counts_and_the_strokes_are_shallower_until_it_is_there()
    {
        using FirmwareRig rig = Treating.Homed(output);
        rig.Accept(new Arm { Token = rig.Configure(1500, 60_000).Token });
        rig.RunUntil(DeviceState.Armed, TimeSpan.FromSeconds(1));
        Assert.InRange(rig.LatestStatus!.StagePositionMicrometers, -1010, -1000);
        rig.Bench.PressTrigger();
        rig.RunUntil(DeviceState.Running, TimeSpan.FromSeconds(2));
        Assert.True(rig.StageMoves());
        Assert.InRange(rig.Bench.StageMicrometers, -1010, 1000);
        rig.RunUntil(() => !rig.StageMoves(), TimeSpan.FromSeconds(5));
        Assert.Equal(DeviceState.Running, rig.State);
        Assert.Equal((int)rig.LatestStatus!.DepthMicrometers, rig.LatestStatus.StagePositionMicrometers);
    }

    [Fact]
    public void The_strokes_of_a_press_are_the_difference_of_two_armed_statuses_and_some_come_behind_the_release()
    {
        using FirmwareRig rig = Treating.Armed(output);
        uint before = rig.Status().StrokeCount;
        rig.PressUntilSteady();
        rig.Bench.ReleaseTrigger();
        rig.RunUntil(DeviceState.Armed, TimeSpan.FromSeconds(1));
        uint made = rig.Status().StrokeCount - before;
        uint untilRelease = (uint)rig.Events.Last(report => report.Code == (ushort)EventCode.TriggerReleased).Argument1 - before;
        output.WriteLine($"{made} strokes, {untilRelease} of them until the release");
        Assert.InRange(made - untilRelease, 6u, 11u);
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
