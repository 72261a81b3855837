using Microneedling.Client.Link;
using Microneedling.Protocol;

namespace Microneedling.Client.Tests;

/// <summary>Decisions of the link that show only in its frames.</summary>
public class DeviceLinkTests
{
    [Fact]
    public void Sequence_numbers_rise_by_one_and_skip_zero()
    {
        Link link = new(firstSequence: 65533);
        List<ushort> sequences = [link.GreetAndAnswer()];
        for (int i = 0; i < 6; i++)
        {
            link.Ask(MessageId.StatusRequest, CommandPlan.Question);
            (MessageId id, ushort sequence) = link.TakeFrame();
            Assert.Equal(MessageId.StatusRequest, id);
            sequences.Add(sequence);
        }

        Assert.Equal([65533, 65534, 65535, 1, 2, 3, 4], sequences);
    }

    [Fact]
    public void Stop_is_sent_before_a_heartbeat_and_a_heartbeat_before_anything_else()
    {
        Link link = new(firstSequence: 1);
        link.GreetAndAnswer();
        link.Ask(MessageId.StatusRequest, CommandPlan.Question);
        link.Advance(TimeSpan.FromMilliseconds(100));
        link.Ask(MessageId.Stop, CommandPlan.Stop);
        List<MessageId> order = [];
        while (link.HasFrame)
        {
            order.Add(link.TakeFrame().Id);
        }

        Assert.Equal([MessageId.Stop, MessageId.Heartbeat, MessageId.StatusRequest, MessageId.StatusRequest, MessageId.TimeRequest, MessageId.EventsRequest], order);
    }

    [Fact]
    public void Host_that_stalls_does_not_take_its_own_silence_for_the_devices()
    {
        Link link = new(firstSequence: 1);
        link.GreetAndAnswer();
        link.Advance(TimeSpan.FromHours(1));
        link.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(900));
        Assert.Null(link.Loss);
        for (int beat = 1; beat <= 10; beat++)
        {
            link.Advance(TimeSpan.FromHours(2) + (beat * DeviceLink.HeartbeatSpacing));
        }

        Assert.NotNull(link.Loss);
    }

    [Fact]
    public void Nothing_is_taken_from_a_device_before_it_has_answered_the_greeting()
    {
        Link link = new(firstSequence: 1);
        link.Receive(new StatusReport { UptimeMilliseconds = 5000 });
        link.Receive(new EventReport { Number = 1 });
        Assert.Equal((0, 0), (link.Statuses, link.LogEntries));
        link.GreetAndAnswer();
        link.Receive(new StatusReport { UptimeMilliseconds = 10 });
        link.Receive(new EventReport { Number = 1 });
        Assert.Equal((1, 1), (link.Statuses, link.LogEntries));
        Assert.Null(link.Loss);
    }

    [Fact]
    public void Status_that_was_overtaken_on_the_line_never_takes_the_place_of_a_newer_one()
    {
        Link link = new(firstSequence: 1);
        link.GreetAndAnswer();
        link.Receive(new StatusReport { UptimeMilliseconds = 5000 });
        link.Receive(new StatusReport { UptimeMilliseconds = 4900 });
        Assert.Equal(1, link.Statuses);
        link.Receive(new StatusReport { UptimeMilliseconds = 5000 });
        link.Receive(new StatusReport { UptimeMilliseconds = 5001 });
        Assert.Equal(3, link.Statuses);
        Assert.Null(link.Loss);
    }

    [Fact]
    public void Device_of_another_major_version_gets_no_heartbeat()
    {
        Link link = new(firstSequence: 9);
        link.Greet();
        link.Receive(new HelloReply { ProtocolMajor = ProtocolVersion.Major + 1, BootId = 7 }, replyTo: 9);
        link.Advance(TimeSpan.FromSeconds(1));
        Assert.False(link.HasFrame);
    }

    [Fact]
    public void Greeting_answered_by_a_new_start_of_the_firmware_ends_the_link()
    {
        Link link = new(firstSequence: 1);
        link.GreetAndAnswer();
        link.Receive(new HelloReply { ProtocolMajor = ProtocolVersion.Major, BootId = 7 });
        Assert.Null(link.Loss);
        link.Receive(new HelloReply { ProtocolMajor = ProtocolVersion.Major, BootId = 8 });
        Assert.NotNull(link.Loss);
    }

    [Fact]
    public void Answer_of_another_kind_or_to_another_command_is_not_taken()
    {
        Link link = new(firstSequence: 1);
        link.GreetAndAnswer();
        Assert.Equal(MessageId.StatusRequest, link.TakeFrame().Id);
        link.Ask(MessageId.Home, CommandPlan.Change);
        ushort sequence = link.TakeFrame().Sequence;
        link.Receive(new TreatmentAccepted(), sequence);
        link.Receive(new EmptyMessage(MessageId.Accepted), (ushort)(sequence + 1));
        link.Receive(new EmptyMessage(MessageId.Accepted), 0);
        Assert.Equal(0, link.Answers);
        link.Receive(new EmptyMessage(MessageId.Accepted), sequence);
        link.Receive(new EmptyMessage(MessageId.Accepted), sequence);
        Assert.Equal(1, link.Answers);
    }

    /// <summary>A link with its owner: counts what it is told and speaks for the device.</summary>
    private sealed class Link : ILinkListener
    {
        private readonly DeviceLink link;
        private readonly FrameEncoder encoder = new();
        private readonly FrameDecoder decoder = new();
        private readonly byte[] buffer = new byte[Framing.MaximumFrameLength];
        private TimeSpan now;

        public Link(ushort firstSequence) => link = new DeviceLink(hostNonce: 5, firstSequence, this);

        public int Statuses { get; private set; }

        public int LogEntries { get; private set; }

        public int Answers { get; private set; }

        public bool HasFrame => link.HasFrame;

        public LinkLoss? Loss => link.Loss;

        /// <summary>Greets and returns the sequence number of the greeting.</summary>
        public ushort Greet()
        {
            link.Begin(new Command(link.MakeHello(), new HelloReply(), CommandPlan.Hello, (_, _) => { }), now);
            (MessageId id, ushort sequence) = TakeFrame();
            Assert.Equal(MessageId.HelloRequest, id);
            return sequence;
        }

        /// <summary>Greets, answers for the device, takes the first heartbeat off, and returns the sequence number of the greeting.</summary>
        public ushort GreetAndAnswer()
        {
            ushort sequence = Greet();
            Receive(new HelloReply { ProtocolMajor = ProtocolVersion.Major, ProtocolMinor = ProtocolVersion.Minor, BootId = 7, HostNonce = 5 }, sequence);
            Assert.Equal(MessageId.Heartbeat, TakeFrame().Id);
            return sequence;
        }

        public void Ask(MessageId id, CommandPlan plan) =>
            link.Begin(new Command(new EmptyMessage(id), new EmptyMessage(MessageId.Accepted), plan, (answer, _) => Answers += answer is null ? 0 : 1), now);

        public void Advance(TimeSpan time)
        {
            now = time;
            link.Advance(time);
        }

        public (MessageId Id, ushort Sequence) TakeFrame()
        {
            int length = link.TakeFrame(buffer, now);
            DecodeResult last = DecodeResult.None;
            for (int i = 0; i < length; i++)
            {
                last = decoder.Push(buffer[i]);
            }

            Assert.Equal(DecodeResult.Frame, last);
            return (decoder.Id, decoder.Sequence);
        }

        public void Receive(Message message, ushort replyTo = 0) => link.Receive(buffer.AsSpan(0, encoder.Encode(message, 1, replyTo, buffer)), now);

        public void OnStatus(StatusReport report, TimeSpan deviceTime) => Statuses++;

        public void OnLogEntry(DeviceLogEntry entry) => LogEntries++;

        public void OnReady(Hearing hearing)
        {
        }

        public void OnHearing(Hearing hearing)
        {
        }

        public void OnLost(LinkLoss loss) => Assert.Same(loss, link.Loss);
    }
}
