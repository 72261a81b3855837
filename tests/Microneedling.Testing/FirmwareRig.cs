// A synchronous harness around the firmware: the virtual board in virtual time, and the smallest host that speaks the
// protocol. Every wait lets the board run; nothing here waits for the wall clock.

using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;

namespace Microneedling.Testing;

/// <summary>The firmware on a board with a host at its line. Has power from the start; dispose takes it away.</summary>
public sealed class FirmwareRig : IDisposable
{
    /// <summary>Longest that an answer may take, microseconds.</summary>
    public const long AnswerMicroseconds = 1_000_000;

    private const long GreetingMicroseconds = 100_000;
    private const long HeartbeatMicroseconds = Limits.HeartbeatMilliseconds * 1_000;

    private readonly FrameEncoder encoder = new();
    private readonly FrameDecoder decoder = new();
    private readonly byte[] frame = new byte[Framing.MaximumFrameLength];
    private readonly List<StatusReport> statuses = [];
    private readonly List<EventReport> events = [];
    private readonly Dictionary<ushort, Message> answers = [];
    private readonly SerialHostEnd line;
    private readonly Action main;
    private ushort sequence;
    private uint nonce;
    private long nextHeartbeat;

    /// <summary>Makes a board, gives it power and attaches the host.</summary>
    /// <param name="options">How the board begins; seed 1 in virtual time by default.</param>
    /// <param name="print">Gets the line that names the seed: a test's output. The console by default.</param>
    /// <param name="main">What runs on the board; the firmware's own main method by default.</param>
    /// <param name="calibrated">Whether the flash is what production leaves: serial number 1 and this board's zero. Else it is empty.</param>
    public FirmwareRig(BoardOptions? options = null, Action<string>? print = null, Action? main = null, bool calibrated = true)
    {
        this.main = main ?? Firmware.Program.Main;
        print ??= Console.WriteLine;
        Board = new VirtualBoard(TraceFiles.Apply(options, print));
        print($"Board seed {Board.Seed}.");
        if (calibrated)
        {
            Production.Calibrate(Board, 1, options?.Chip ?? BoardChip.Esp32S3);
        }

        line = Board.Serial.Attach(Receive);
        nextHeartbeat = Board.NowMicroseconds;
        PowerOn();
    }

    /// <summary>The board.</summary>
    public VirtualBoard Board { get; }

    /// <summary>The board's physical side.</summary>
    public Bench Bench => Board.Bench;

    /// <summary>Whether a heartbeat goes out every 100 ms, once <see cref="Hello"/> has been answered.</summary>
    public bool Heartbeats { get; set; } = true;

    /// <summary>The status received last, or null.</summary>
    public StatusReport? LatestStatus => statuses.Count > 0 ? statuses[^1] : null;

    /// <summary>Every status received, oldest first.</summary>
    public IReadOnlyList<StatusReport> Statuses => statuses;

    /// <summary>Every event received, in the order of arrival; those asked for again come again.</summary>
    public IReadOnlyList<EventReport> Events => events;

    /// <summary>Frames from the device that arrived damaged.</summary>
    public int DamagedFrames { get; private set; }

    /// <summary>The board's time, microseconds.</summary>
    public long NowMicroseconds => Board.NowMicroseconds;

    /// <summary>The state received last.</summary>
    /// <exception cref="InvalidOperationException">No status has come yet.</exception>
    public DeviceState State => (DeviceState)(LatestStatus ?? throw Failure("no status has come yet")).State;

    /// <summary>Gives power: the firmware starts anew. What was received before is forgotten.</summary>
    public void PowerOn()
    {
        statuses.Clear();
        events.Clear();
        answers.Clear();
        Board.PowerOn(main);
    }

    /// <summary>Takes the power away.</summary>
    public void PowerOff() => Board.PowerOff();

    /// <summary>Greets the device, again and again while it starts and does not listen yet; heartbeats begin.</summary>
    public HelloReply Hello(byte major = ProtocolVersion.Major, uint hostNonce = 0x0B5E55ED)
    {
        nonce = 0;
        HelloRequest hello = new() { ProtocolMajor = major, ProtocolMinor = ProtocolVersion.Minor, HostNonce = hostNonce };
        long end = NowMicroseconds + AnswerMicroseconds;
        ushort sent = Send(hello);
        while (!Run(() => answers.ContainsKey(sent), GreetingMicroseconds) && NowMicroseconds < end)
        {
            sent = Send(hello);
        }

        HelloReply reply = AnswerTo(sent) as HelloReply ?? throw Failure($"a greeting was answered {(AnswerTo(sent) is { } answer ? Describe(answer) : "by nobody")}");
        nonce = hostNonce;
        nextHeartbeat = NowMicroseconds;
        return reply;
    }

    /// <summary>Puts a message on the line and returns its sequence number. Lets no time pass.</summary>
    public ushort Send(Message message)
    {
        ushort number = SkipNumber();
        Send(message, number);
        return number;
    }

    /// <summary>The next sequence number, for a message that is lost before it reaches the line, or comes late.</summary>
    public ushort SkipNumber() => sequence = (ushort)(sequence == ushort.MaxValue ? 1 : sequence + 1);

    /// <summary>Forgets the statuses and events received before the latest: a long run keeps no more than it needs.</summary>
    public void ForgetReceived()
    {
        statuses.RemoveRange(0, Math.Max(0, statuses.Count - 1));
        events.Clear();
        answers.Clear();
    }

    /// <summary>As if the answer to a message had been lost on the way.</summary>
    public void ForgetAnswer(ushort sentSequence) => answers.Remove(sentSequence);

    /// <summary>Puts a message on the line under a given sequence number, as a repeat is. Lets no time pass.</summary>
    public void Send(Message message, ushort withSequence)
    {
        answers.Remove(withSequence);
        line.Write(frame.AsSpan(0, encoder.Encode(message, withSequence, 0, frame)));
    }

    /// <summary>Puts bytes on the line. Lets no time pass.</summary>
    public void SendRaw(params byte[] bytes) => line.Write(bytes);

    /// <summary>Sends a message and lets the board run until its answer has come.</summary>
    /// <exception cref="InvalidOperationException">None came within a second, or the firmware threw.</exception>
    public Message Request(Message message) => AnswerTo(Send(message), message);

    /// <summary>Sends a message and lets the board run until its answer, of one kind only, has come.</summary>
    /// <exception cref="InvalidOperationException">None, or one of another kind, a rejection for instance.</exception>
    public T Request<T>(Message message)
        where T : Message
    {
        Message answer = Request(message);
        return answer as T ?? throw Failure($"{message.Id} was answered {Describe(answer)}, not {typeof(T).Name}");
    }

    /// <summary>Sends a command without values and lets the board run until it has been accepted.</summary>
    /// <exception cref="InvalidOperationException">It was rejected.</exception>
    public void Accept(MessageId command) => Accept(new EmptyMessage(command));

    /// <inheritdoc cref="Accept(MessageId)"/>
    public void Accept(Message command)
    {
        Message answer = Request(command);
        if (answer.Id != MessageId.Accepted)
        {
            throw Failure($"{command.Id} was answered {Describe(answer)}");
        }
    }

    /// <summary>Sends a command and lets the board run until it has been rejected.</summary>
    /// <exception cref="InvalidOperationException">It was not.</exception>
    public Rejected Reject(Message command) => Request<Rejected>(command);

    /// <summary>Asks for a fresh status.</summary>
    public StatusReport Status() => Request<StatusReport>(new EmptyMessage(MessageId.StatusRequest));

    /// <summary>The answer to a message sent earlier, or null.</summary>
    public Message? AnswerTo(ushort sentSequence) => answers.GetValueOrDefault(sentSequence);

    /// <summary>Lets the board run, with heartbeats.</summary>
    public void RunFor(TimeSpan span) => Run(null, (long)span.TotalMicroseconds);

    /// <summary>Lets the board run, with heartbeats, until a condition holds.</summary>
    /// <exception cref="InvalidOperationException">It did not hold in time, or the firmware threw.</exception>
    public void RunUntil(Func<bool> condition, TimeSpan timeout)
    {
        if (!Run(condition, (long)timeout.TotalMicroseconds))
        {
            throw Failure($"the condition did not hold within {timeout.TotalSeconds:0.###} s");
        }
    }

    /// <summary>Lets the board run until a status that comes from now on tells this state.</summary>
    public void RunUntil(DeviceState state, TimeSpan timeout)
    {
        int before = statuses.Count;
        if (!Run(() => statuses.Count > before && statuses[^1].State == (byte)state, (long)timeout.TotalMicroseconds))
        {
            throw Failure($"the device was not {state} within {timeout.TotalSeconds:0.###} s");
        }
    }

    /// <summary>Takes the power away and detaches the host.</summary>
    public void Dispose()
    {
        Board.Dispose();
        line.Dispose();
    }

    private static string Describe(Message answer) => answer is Rejected rejected
        ? $"Rejected ({(RejectionReason)rejected.Reason}, {rejected.Detail})"
        : answer.Id.ToString();

    private static Message? Make(MessageId id) => id switch
    {
        MessageId.HelloReply => new HelloReply(),
        MessageId.Accepted => new EmptyMessage(MessageId.Accepted),
        MessageId.Rejected => new Rejected(),
        MessageId.TreatmentAccepted => new TreatmentAccepted(),
        MessageId.EventsAvailable => new EventsAvailable(),
        MessageId.Status => new StatusReport(),
        MessageId.Event => new EventReport(),
        MessageId.Settings => new SettingsReport(),
        MessageId.Counters => new CountersReport(),
        MessageId.SelfTestOutcome => new SelfTestReport(),
        MessageId.TimeReport => new TimeReport(),
        _ => null,
    };

    private Message AnswerTo(ushort sent, Message message)
    {
        Message? answer = null;
        return Run(() => answers.TryGetValue(sent, out answer), AnswerMicroseconds) && answer is not null
            ? answer
            : throw Failure($"{message.Id} was not answered within {AnswerMicroseconds / 1e6:0.###} s");
    }

    private bool Run(Func<bool>? condition, long microseconds)
    {
        long end = NowMicroseconds + microseconds;
        while (true)
        {
            if (Heartbeats && nonce != 0 && NowMicroseconds >= nextHeartbeat)
            {
                nextHeartbeat = NowMicroseconds + HeartbeatMicroseconds;
                Send(new Heartbeat { HostNonce = nonce });
            }

            long until = Heartbeats && nonce != 0 ? Math.Min(end, nextHeartbeat) : end;
            bool met = condition is not null && Board.RunUntil(condition, until - NowMicroseconds);
            if (condition is null)
            {
                Board.RunFor(until - NowMicroseconds);
            }

            if (Board.LatestFirmwareThrow is { } exception and not IOException)
            {
                throw new InvalidOperationException($"The firmware threw (seed {Board.Seed}): {exception}", exception);
            }

            if (met || NowMicroseconds >= end)
            {
                return met;
            }
        }
    }

    private void Receive(ReadOnlyMemory<byte> bytes)
    {
        foreach (byte value in bytes.Span)
        {
            DecodeResult result = decoder.Push(value);
            DamagedFrames += result == DecodeResult.Damaged ? 1 : 0;
            if (result == DecodeResult.Frame && Make(decoder.Id) is { } message && decoder.TryRead(message))
            {
                Keep(message);
            }
        }
    }

    private void Keep(Message message)
    {
        if (decoder.ReplyTo != 0)
        {
            answers[decoder.ReplyTo] = message;
        }

        if (message is StatusReport status)
        {
            statuses.Add(status);
        }
        else if (message is EventReport report)
        {
            events.Add(report);
        }
    }

    private InvalidOperationException Failure(string what) => new(
        $"At {NowMicroseconds / 1e6:0.000} s (seed {Board.Seed}): {what}. "
        + $"Firmware {Board.FirmwareState}, state {(DeviceState?)LatestStatus?.State}, fault {(FaultCode?)LatestStatus?.Fault}, "
        + $"stage {Bench.StageMicrometers:0} µm, tips {Bench.TipMicrometers:0} µm.");
}
