using Microneedling.Protocol;

namespace Microneedling.Client.Tests;

/// <summary>One frame as the device got it.</summary>
internal sealed record Heard(TimeSpan At, MessageId Id, ushort Sequence, Message Message, int StopBytesBefore);

/// <summary>
/// A scripted peer of the protocol: answers every command with what it is told to, remembers answers as a device does,
/// and loses, doubles or spoils what it is told to. Moves nothing. Runs on the test's own thread.
/// </summary>
internal sealed class FakeDevice
{
    private static readonly MessageId[] Accepted =
    [
        MessageId.Home, MessageId.Arm, MessageId.Disarm, MessageId.Stop, MessageId.ClearFault, MessageId.BeginSession,
        MessageId.EnterService, MessageId.LeaveService, MessageId.Jog, MessageId.CalibrateZero, MessageId.WriteSettings,
        MessageId.SilenceAlarm, MessageId.SelfTest,
    ];

    private static readonly MessageId[] Questions =
    [
        MessageId.HelloRequest, MessageId.StatusRequest, MessageId.EventsRequest, MessageId.SettingsRequest,
        MessageId.CountersRequest, MessageId.SelfTestRequest, MessageId.TimeRequest,
    ];

    private readonly ITransport line;
    private readonly ManualTime time;
    private readonly FrameDecoder decoder = new();
    private readonly FrameEncoder encoder = new();
    private readonly Dictionary<ushort, byte[]> memory = [];
    private readonly List<EventReport> ring = [];
    private ushort sequence;

    public FakeDevice(ITransport line, ManualTime time)
    {
        this.line = line;
        this.time = time;
        Answers[MessageId.HelloRequest] = _ => Hello;
        Answers[MessageId.ConfigureTreatment] = AcceptTreatment;
        Answers[MessageId.StatusRequest] = _ => Status;
        Answers[MessageId.TimeRequest] = _ => new TimeReport { UptimeMilliseconds = Uptime };
        Answers[MessageId.EventsRequest] = _ => new EventsAvailable { OldestNumber = ring.Count == 0 ? 0 : ring[0].Number, LatestNumber = LatestEvent };
        Answers[MessageId.SettingsRequest] = _ => Settings;
        Answers[MessageId.CountersRequest] = _ => Counters;
        Answers[MessageId.SelfTestRequest] = _ => SelfTest;
        foreach (MessageId id in Accepted)
        {
            Answers[id] = _ => new EmptyMessage(MessageId.Accepted);
        }

        Answers[MessageId.Start] = _ => new Rejected { Reason = (byte)RejectionReason.TriggerRequired };
        Listening = ListenAsync();
        Reporting = ReportAsync();
    }

    /// <summary>What is answered to hello.</summary>
    public HelloReply Hello { get; } = new()
    {
        ProtocolMajor = ProtocolVersion.Major,
        ProtocolMinor = ProtocolVersion.Minor,
        FirmwareMajor = 3,
        FirmwareMinor = 4,
        FirmwarePatch = 5,
        SerialNumber = 1234567,
        BootId = 77,
        Capabilities = Capabilities.Burst | Capabilities.Service,
        MinimumDepthMicrometers = Limits.MinimumDepthMicrometers,
        UnsupervisedDepthMicrometers = Limits.UnsupervisedDepthMicrometers,
        AbsoluteDepthMicrometers = Limits.AbsoluteDepthMicrometers,
        MinimumRateMillihertz = Limits.MinimumRateMillihertz,
        MaximumRateMillihertz = Limits.MaximumRateMillihertz,
        LinkTimeoutMilliseconds = Limits.LinkTimeoutMilliseconds,
    };

    /// <summary>What is reported; its uptime and event number follow by themselves.</summary>
    public StatusReport Status { get; } = new() { State = (byte)DeviceState.Parked };

    /// <summary>What is answered to the question for the settings.</summary>
    public SettingsReport Settings { get; } = new();

    /// <summary>What is answered to the question for the life counters.</summary>
    public CountersReport Counters { get; } = new();

    /// <summary>What is answered to the question for the self test.</summary>
    public SelfTestReport SelfTest { get; } = new();

    /// <summary>What answers each command; a command without one is not answered.</summary>
    public Dictionary<MessageId, Func<Message, Message>> Answers { get; } = [];

    /// <summary>Every frame that came, heartbeats too.</summary>
    public List<Heard> Frames { get; } = [];

    /// <summary>Commands executed and questions answered, in order; repeats are not, nor the questions for its time.</summary>
    public List<MessageId> Executed { get; } = [];

    /// <summary>When each STOP byte came.</summary>
    public List<TimeSpan> StopBytes { get; } = [];

    /// <summary>Frames that came damaged.</summary>
    public int DamagedFrames { get; private set; }

    /// <summary>Says nothing and hears nothing.</summary>
    public bool IsDead { get; set; }

    /// <summary>Reports by itself, at the idle rate.</summary>
    public bool Reports { get; set; } = true;

    /// <summary>Whether a frame of this kind reaches the device; asked each time.</summary>
    public Func<MessageId, bool> Hears { get; set; } = _ => true;

    /// <summary>Whether an answer to this is lost on the way; asked once each time.</summary>
    public Func<MessageId, bool> LosesAnswerTo { get; set; } = _ => false;

    /// <summary>Whether an event is lost when it is sent; asked each time.</summary>
    public Func<uint, bool> LosesEvent { get; set; } = _ => false;

    /// <summary>Changes the bytes of every frame that is sent; may double, spoil or drop them.</summary>
    public Func<byte[], byte[]> Line { get; set; } = bytes => bytes;

    /// <summary>Uptime is that of the clock, less this.</summary>
    public TimeSpan StartedAt { get; set; } = TimeSpan.FromSeconds(-100);

    public Task Listening { get; }

    public Task Reporting { get; }

    public uint LatestEvent { get; set; }

    /// <summary>The commands of one kind that came.</summary>
    public IReadOnlyList<Heard> Of(MessageId id) => [.. Frames.Where(frame => frame.Id == id)];

    /// <summary>An event happens and is sent.</summary>
    public async Task RaiseAsync(EventCode code, int argument1 = 0)
    {
        EventReport report = new() { Number = ++LatestEvent, UptimeMilliseconds = Uptime, Code = (ushort)code, Argument1 = argument1 };
        ring.Add(report);
        await SendEventAsync(report);
    }

    /// <summary>The ring has no room for the oldest events any longer.</summary>
    public void Forget(int count) => ring.RemoveRange(0, count);

    /// <summary>Sends a status now.</summary>
    public Task ReportNowAsync() => SendAsync(Current(), 0);

    public async Task SendAsync(Message message, ushort replyTo)
    {
        byte[] frame = Frame(message, replyTo);
        await SendBytesAsync(frame);
    }

    public async Task SendBytesAsync(byte[] bytes)
    {
        byte[] onTheLine = Line(bytes);
        if (!IsDead && onTheLine.Length > 0)
        {
            try
            {
                await line.WriteAsync(onTheLine, CancellationToken.None);
            }
            catch (LinkException)
            {
                IsDead = true;
            }
        }
    }

    private uint Uptime => (uint)(long)(time.Elapsed - StartedAt).TotalMilliseconds;

    private async Task ListenAsync()
    {
        byte[] buffer = new byte[256];
        for (int count; (count = await line.ReadAsync(buffer, CancellationToken.None)) > 0;)
        {
            for (int i = 0; i < count && !IsDead; i++)
            {
                await TakeAsync(decoder.Push(buffer[i]));
            }
        }
    }

    private async Task ReportAsync()
    {
        while (!Listening.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Limits.IdleStatusMilliseconds), time);
            if (Reports)
            {
                await ReportNowAsync();
            }
        }
    }

    private async Task TakeAsync(DecodeResult result)
    {
        if (result == DecodeResult.Stop)
        {
            StopBytes.Add(time.Elapsed);
        }
        else if (result == DecodeResult.Damaged)
        {
            DamagedFrames++;
        }
        else if (result == DecodeResult.Frame && Hears(decoder.Id))
        {
            Message message = Blank(decoder.Id);
            Assert.True(decoder.TryRead(message));
            Frames.Add(new Heard(time.Elapsed, decoder.Id, decoder.Sequence, message, StopBytes.Count));
            await AnswerAsync(decoder.Sequence, message);
        }
    }

    private async Task AnswerAsync(ushort command, Message message)
    {
        if (message is SettleCommand settle)
        {
            await SettleAsync(settle);
            return;
        }

        if (!Answers.TryGetValue(message.Id, out Func<Message, Message>? answer))
        {
            return;
        }

        if (message is HelloRequest greeting)
        {
            Hello.HostNonce = greeting.HostNonce;
        }

        if (!memory.TryGetValue(command, out byte[]? frame))
        {
            if (message.Id != MessageId.TimeRequest)
            {
                Executed.Add(message.Id);
            }

            Message reply = answer(message);
            frame = Frame(reply is StatusReport ? Current() : reply, command);
            if (!Questions.Contains(message.Id))
            {
                memory[command] = frame;
            }
        }

        if (!LosesAnswerTo(message.Id))
        {
            await SendBytesAsync(frame);
            if (message is EventsRequest request)
            {
                foreach (EventReport report in ring.Where(report => report.Number >= request.FirstNumber).ToArray())
                {
                    await SendEventAsync(report);
                }
            }
        }
    }

    private async Task SettleAsync(SettleCommand settle)
    {
        if (!memory.TryGetValue(settle.CommandSequence, out byte[]? frame))
        {
            frame = Frame(new Rejected { Reason = (byte)RejectionReason.NotExecuted }, settle.CommandSequence);
            memory[settle.CommandSequence] = frame;
        }

        if (!LosesAnswerTo(MessageId.SettleCommand))
        {
            await SendBytesAsync(frame);
        }
    }

    private Task SendEventAsync(EventReport report) => LosesEvent(report.Number) ? Task.CompletedTask : SendAsync(report, 0);

    private StatusReport Current()
    {
        Status.UptimeMilliseconds = Uptime;
        Status.LatestEventNumber = LatestEvent;
        return Status;
    }

    private byte[] Frame(Message message, ushort replyTo)
    {
        byte[] buffer = new byte[Framing.MaximumFrameLength];
        return buffer[..encoder.Encode(message, ++sequence, replyTo, buffer)];
    }

    private TreatmentAccepted AcceptTreatment(Message message)
    {
        ConfigureTreatment proposal = (ConfigureTreatment)message;
        return new TreatmentAccepted
        {
            DepthMicrometers = (ushort)(proposal.DepthMicrometers - 2),
            DepthCapMicrometers = proposal.DepthCapMicrometers,
            RateMillihertz = proposal.RateMillihertz,
            Token = 0xABCD0000 + (uint)Executed.Count,
            BurstStrokes = proposal.BurstStrokes,
        };
    }

    private static Message Blank(MessageId id) => id switch
    {
        MessageId.HelloRequest => new HelloRequest(),
        MessageId.Heartbeat => new Heartbeat(),
        MessageId.ConfigureTreatment => new ConfigureTreatment(),
        MessageId.Arm => new Arm(),
        MessageId.ClearFault => new ClearFault(),
        MessageId.EventsRequest => new EventsRequest(),
        MessageId.BeginSession => new BeginSession(),
        MessageId.Jog => new Jog(),
        MessageId.CalibrateZero => new CalibrateZero(),
        MessageId.WriteSettings => new WriteSettings(),
        MessageId.SettleCommand => new SettleCommand(),
        _ => new EmptyMessage(id),
    };
}
