using System.Diagnostics;
using Microneedling.Protocol;

namespace Microneedling.Benchmarks.Clients;

/// <summary>
/// A device's end of a line that answers every frame at once, in the thread that reads it, and reports when it is told to.
/// Moves nothing and refuses nothing. Its reports say as their token when they were sent: see <see cref="MicrosecondsSince"/>.
/// </summary>
internal sealed class InstantPeer : IDisposable
{
    private readonly IPeerLine line;
    private readonly FrameDecoder decoder = new();
    private readonly FrameEncoder encoder = new();
    private readonly byte[] frame = new byte[Framing.MaximumFrameLength];
    private readonly Lock gate = new();
    private readonly List<EventReport> events = [];
    private readonly StatusReport status = new() { State = (byte)DeviceState.Parked, Flags = StatusFlags.LinkAlive };
    private readonly HelloRequest hello = new();
    private readonly EventsRequest eventsRequest = new();
    private readonly EmptyMessage accepted = new(MessageId.Accepted);
    private readonly long startedAt = Environment.TickCount64;
    private readonly uint bootId = (uint)Random.Shared.Next(1, int.MaxValue);
    private ushort sequence;

    /// <summary>Listens from now on.</summary>
    public InstantPeer(IPeerLine line)
    {
        this.line = line;
        new Thread(Listen) { IsBackground = true, Name = "peer" }.Start();
    }

    /// <summary>Where a client finds it.</summary>
    public string Address => line.Address;

    /// <summary>Whether a host has greeted it.</summary>
    public bool IsGreeted { get; private set; }

    /// <summary>Number of the event raised last.</summary>
    public int LatestEvent
    {
        get
        {
            lock (gate)
            {
                return events.Count;
            }
        }
    }

    /// <summary>Sends a status.</summary>
    public void Report()
    {
        lock (gate)
        {
            SendStatus(0);
        }
    }

    /// <summary>Raises an event and sends it.</summary>
    public void RaiseEvent()
    {
        lock (gate)
        {
            events.Add(new EventReport { Number = (uint)events.Count + 1, UptimeMilliseconds = Uptime(), Code = (ushort)EventCode.StateChanged });
            Send(events[^1], 0);
        }
    }

    /// <summary>How long ago a report with this token was sent, by whatever process on this machine.</summary>
    public static uint MicrosecondsSince(uint token) => Microseconds() - token;

    public void Dispose() => line.Dispose();

    // The monotonic clock is the same in all processes.
    private static uint Microseconds() => (uint)(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000));

    private void Listen()
    {
        byte[] buffer = new byte[1024];
        for (int count; (count = line.Read(buffer)) > 0;)
        {
            lock (gate)
            {
                for (int at = 0; at < count;)
                {
                    at = decoder.Take(buffer, at, count);
                    if (decoder.Result == DecodeResult.Frame)
                    {
                        Answer(decoder.Sequence);
                    }
                }
            }
        }
    }

    private void Answer(ushort replyTo)
    {
        switch (decoder.Id)
        {
            case MessageId.Heartbeat:
                break;
            case MessageId.HelloRequest when decoder.TryRead(hello):
                IsGreeted = true;
                Send(Greeting(hello.HostNonce), replyTo);
                break;
            case MessageId.StatusRequest:
                SendStatus(replyTo);
                break;
            case MessageId.TimeRequest:
                Send(new TimeReport { UptimeMilliseconds = Uptime() }, replyTo);
                break;
            case MessageId.EventsRequest when decoder.TryRead(eventsRequest):
                Send(new EventsAvailable { OldestNumber = events.Count == 0 ? 0u : 1, LatestNumber = (uint)events.Count }, replyTo);
                foreach (EventReport report in events.Skip((int)eventsRequest.FirstNumber - 1))
                {
                    Send(report, 0);
                }

                break;
            default:
                Send(accepted, replyTo);
                break;
        }
    }

    private HelloReply Greeting(uint hostNonce) => new()
    {
        ProtocolMajor = ProtocolVersion.Major,
        ProtocolMinor = ProtocolVersion.Minor,
        SerialNumber = 1,
        BootId = bootId,
        MinimumDepthMicrometers = Limits.MinimumDepthMicrometers,
        UnsupervisedDepthMicrometers = Limits.UnsupervisedDepthMicrometers,
        AbsoluteDepthMicrometers = Limits.AbsoluteDepthMicrometers,
        MinimumRateMillihertz = Limits.MinimumRateMillihertz,
        MaximumRateMillihertz = Limits.MaximumRateMillihertz,
        LinkTimeoutMilliseconds = Limits.LinkTimeoutMilliseconds,
        HostNonce = hostNonce,
    };

    private void SendStatus(ushort replyTo)
    {
        status.UptimeMilliseconds = Uptime();
        status.Token = Microseconds();
        status.LatestEventNumber = (uint)events.Count;
        Send(status, replyTo);
    }

    private void Send(Message message, ushort replyTo)
    {
        int length = encoder.Encode(message, ++sequence, replyTo, frame);
        line.Write(frame.AsSpan(0, length));
    }

    private uint Uptime() => (uint)(Environment.TickCount64 - startedAt + 1000);
}
