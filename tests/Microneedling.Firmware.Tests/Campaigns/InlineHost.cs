// The smallest host that can talk to a device from within the board's own time: it never waits. What was sent and what came
// back are told to whoever listens; what they mean is decided elsewhere.

using Microneedling.Protocol;
using Microneedling.SimulatedBoard;

namespace Microneedling.Firmware.Tests.Campaigns;

/// <summary>A host at the line of a board.</summary>
internal sealed class InlineHost : IDisposable
{
    private const long ByteMicroseconds = 87;

    private readonly FrameEncoder encoder = new();
    private readonly FrameDecoder decoder = new();
    private readonly byte[] frame = new byte[Framing.MaximumFrameLength];
    private readonly VirtualBoard board;
    private readonly SerialHostEnd line;
    private ushort sequence;

    public InlineHost(VirtualBoard board)
    {
        this.board = board;
        line = board.Serial.Attach(Receive);
    }

    /// <summary>Told of each message sent and its sequence number.</summary>
    public Action<Message, ushort> Sent { get; set; } = (_, _) => { };

    /// <summary>Told of each answer and the sequence number that it answers.</summary>
    public Action<Message, ushort> Answered { get; set; } = (_, _) => { };

    /// <summary>Told of each status.</summary>
    public Action<StatusReport> Reported { get; set; } = _ => { };

    /// <summary>Told of each event.</summary>
    public Action<EventReport> Told { get; set; } = _ => { };

    /// <summary>Number of this host, or 0 before it has greeted.</summary>
    public uint Nonce { get; private set; }

    /// <summary>Whether the device has answered a greeting since <see cref="Forget"/>.</summary>
    public bool Greeted { get; private set; }

    /// <summary>Whether heartbeats are held back.</summary>
    public bool Silent { get; set; }

    /// <summary>The latest status, or null.</summary>
    public StatusReport? Status { get; private set; }

    /// <summary>The board's time at which the last byte sent so far has arrived.</summary>
    public long ArrivedAtMicroseconds { get; private set; }

    /// <summary>The device has lost its power: nothing that it said counts any more.</summary>
    public void Forget()
    {
        Greeted = false;
        Status = null;
    }

    /// <summary>Greets.</summary>
    public void Hello(uint nonce)
    {
        Nonce = nonce;
        Send(new HelloRequest { ProtocolMajor = ProtocolVersion.Major, ProtocolMinor = ProtocolVersion.Minor, HostNonce = nonce });
    }

    /// <summary>A heartbeat, unless held back.</summary>
    public void Beat()
    {
        if (Nonce != 0 && !Silent)
        {
            Write(frame.AsSpan(0, encoder.Encode(new Heartbeat { HostNonce = Nonce }, Next(), 0, frame)));
        }
    }

    /// <summary>Sends a message and returns its sequence number.</summary>
    public ushort Send(Message message)
    {
        ushort number = Next();
        Send(message, number);
        return number;
    }

    /// <summary>Sends a message under a given number, as a repeat is.</summary>
    public void Send(Message message, ushort number)
    {
        Write(frame.AsSpan(0, encoder.Encode(message, number, 0, frame)));
        Sent(message, number);
    }

    /// <summary>Sends bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        ArrivedAtMicroseconds = Math.Max(ArrivedAtMicroseconds, board.NowMicroseconds) + (bytes.Length * ByteMicroseconds);
        line.Write(bytes);
    }

    public void Dispose() => line.Dispose();

    private static Message? Make(MessageId id) => id switch
    {
        MessageId.HelloReply => new HelloReply(),
        MessageId.Accepted => new EmptyMessage(MessageId.Accepted),
        MessageId.Rejected => new Rejected(),
        MessageId.TreatmentAccepted => new TreatmentAccepted(),
        MessageId.Status => new StatusReport(),
        MessageId.Event => new EventReport(),
        MessageId.SelfTestOutcome => new SelfTestReport(),
        _ => null,
    };

    private ushort Next() => sequence = (ushort)(sequence == ushort.MaxValue ? 1 : sequence + 1);

    private void Receive(ReadOnlyMemory<byte> bytes)
    {
        foreach (byte value in bytes.Span)
        {
            if (decoder.Push(value) == DecodeResult.Frame && Make(decoder.Id) is { } message && decoder.TryRead(message))
            {
                Take(message, decoder.ReplyTo);
            }
        }
    }

    private void Take(Message message, ushort replyTo)
    {
        Greeted |= message is HelloReply;
        if (message is StatusReport status)
        {
            Status = status;
            Reported(status);
        }
        else if (message is EventReport report)
        {
            Told(report);
        }

        if (replyTo != 0)
        {
            Answered(message, replyTo);
        }
    }
}
