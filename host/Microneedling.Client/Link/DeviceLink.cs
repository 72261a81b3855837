using Microneedling.Protocol;

namespace Microneedling.Client.Link;

/// <summary>What the link tells its owner. Called while bytes are taken in or time passes; must not run foreign code.</summary>
internal interface ILinkListener
{
    /// <summary>A status came.</summary>
    void OnStatus(StatusReport report, TimeSpan deviceTime);

    /// <summary>The next entry of the device's log.</summary>
    void OnLogEntry(DeviceLogEntry entry);

    /// <summary>State and events have been read: what is known of the device is up to date, and it is heard so well.</summary>
    void OnReady(Hearing hearing);

    /// <summary>The device is heard better or worse than before. Never before <see cref="OnReady"/>.</summary>
    void OnHearing(Hearing hearing);

    /// <summary>The link has ended; nothing follows.</summary>
    void OnLost(LinkLoss loss);
}

/// <summary>Up to where a log has been read: which start of the device, the number of the event to read next, and when that was.</summary>
internal sealed record EventPosition(uint BootId, uint Next, TimeSpan DeviceTime);

/// <summary>
/// Decides everything about one connection, and does nothing itself: bytes and time go in, frames and answers come out.
/// No tasks, no clock, no locks; its owner calls it from one thread at a time. <see cref="CommandQueue"/> decides about
/// commands, <see cref="EventTracker"/> about events, <see cref="LinkQuality"/> about how well the device is heard.
/// <code>
///   hello ──▶ greeted ──▶ status and events read ──▶ ready ──▶ … ──▶ lost
///             heartbeat every 100 ms, and a short question with it: its answer shows that both ways are whole
/// </code>
/// Order of sending: stop, heartbeat, then what has waited longest. Nothing piles up behind a blocked transport: a frame
/// is made only when it can be handed over, and only if it is still wanted then.
/// </summary>
internal sealed class DeviceLink
{
    /// <summary>Spacing of the heartbeats.</summary>
    public static readonly TimeSpan HeartbeatSpacing = TimeSpan.FromMilliseconds(Limits.HeartbeatMilliseconds);

    /// <summary>
    /// Heartbeats in a row without hearing anything after which the link is given up, and with it the heartbeat: the
    /// device must not go on for a host that cannot see it. Counted in beats, so that a stalled host does not accuse
    /// the device. So it is when the device is heard, but has not heard the heartbeat.
    /// </summary>
    public const int SilentBeatsLimit = 10;

    /// <summary>A device that knows this program tells its status more often than this; else it is asked.</summary>
    private static readonly TimeSpan LongestWithoutStatus = TimeSpan.FromSeconds(1);

    private const int MostPings = 3;

    private readonly uint hostNonce;
    private readonly ILinkListener listener;
    private readonly EventPosition? readBefore;
    private readonly FrameDecoder decoder = new();
    private readonly FrameEncoder encoder = new();
    private readonly Heartbeat heartbeat;
    private readonly CommandQueue commands;
    private readonly EventTracker events;
    private readonly LinkQuality quality = new();
    private readonly DeviceUptime uptime = new();
    private readonly Rejected rejected = new();
    private LinkLoss? loss;
    private uint bootId;
    private TimeSpan nextHeartbeat = TimeSpan.MaxValue;
    private TimeSpan lastStatus;
    private TimeSpan latestStatusTime;
    private Hearing hearing;
    private bool isHeartbeatDue;
    private bool isStopByteDue;
    private bool isReady;
    private bool hasStatus;
    private bool deviceTellsTime;
    private int silentBeats;
    private int unheardBeats;
    private TimeSpan now;

    /// <param name="hostNonce">Number of this connection, not 0.</param>
    /// <param name="firstSequence">Number of the first command, 1 … 65 535.</param>
    /// <param name="listener">Told what happens.</param>
    /// <param name="readBefore">Where an earlier connection has stopped reading the log; null: it is read from its beginning.</param>
    public DeviceLink(uint hostNonce, ushort firstSequence, ILinkListener listener, EventPosition? readBefore = null)
    {
        this.hostNonce = hostNonce;
        this.listener = listener;
        this.readBefore = readBefore;
        heartbeat = new Heartbeat { HostNonce = hostNonce };
        commands = new CommandQueue(firstSequence, Lose);
        events = new EventTracker(listener.OnLogEntry);
    }

    /// <summary>Whether the device has answered the greeting in this protocol.</summary>
    public bool IsGreeted { get; private set; }

    /// <summary>Why the link ended, or null.</summary>
    public LinkLoss? Loss => loss;

    /// <summary>Where the next connection has to go on reading the log.</summary>
    public EventPosition Position => new(bootId, events.Next, uptime.Latest);

    /// <summary>The device's time against the host's.</summary>
    public DeviceClock Clock { get; } = new();

    /// <summary>The device time, going on where its milliseconds begin anew.</summary>
    public TimeSpan DeviceTimeOf(uint uptimeMilliseconds) => uptime.Of(uptimeMilliseconds);

    /// <summary>Whether <see cref="TakeFrame"/> has something to send.</summary>
    public bool HasFrame => loss is null && (isHeartbeatDue || commands.HasFrame);

    /// <summary>When <see cref="Advance"/> is wanted next.</summary>
    public TimeSpan NextDue
    {
        get
        {
            if (loss is not null)
            {
                return TimeSpan.MaxValue;
            }

            TimeSpan due = Earlier(Earlier(nextHeartbeat, events.AskAt), commands.NextDue);
            return IsGreeted ? Earlier(due, quality.NextChange(now)) : due;
        }
    }

    /// <summary>The greeting, to be begun with <see cref="CommandPlan.Hello"/>.</summary>
    public HelloRequest MakeHello() =>
        new() { ProtocolMajor = ProtocolVersion.Major, ProtocolMinor = ProtocolVersion.Minor, HostNonce = hostNonce };

    /// <summary>Puts a command to the device when its turn comes.</summary>
    /// <param name="command">Told its end, be it at once.</param>
    /// <param name="time">Time since any fixed moment; so everywhere below.</param>
    public void Begin(Command command, TimeSpan time)
    {
        now = time;
        if (loss is not null)
        {
            command.Ended(null, LinkWords.LostBeforeSent(command.Message.Id, loss));
        }
        else
        {
            commands.Begin(command, now);
        }
    }

    /// <summary>Nobody waits for this command any longer: it is not sent again.</summary>
    public void Withdraw(Command command, TimeSpan time)
    {
        now = time;
        commands.Withdraw(command, now);
    }

    /// <summary>Takes in bytes from the device.</summary>
    public void Receive(ReadOnlySpan<byte> bytes, TimeSpan time)
    {
        now = time;
        foreach (byte value in bytes)
        {
            DecodeResult result = decoder.Push(value);
            if (result == DecodeResult.Frame && loss is null)
            {
                ReceiveFrame();
            }
            else if (result == DecodeResult.Damaged)
            {
                LinkMeter.FramesDamaged.Add(1);
                quality.Damaged(now);
            }
        }

        TellHearing();
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan time)
    {
        now = time;
        if (now >= nextHeartbeat)
        {
            Beat();
        }

        if (loss is null && now >= events.AskAt)
        {
            AskForEvents();
        }

        isStopByteDue |= commands.Advance(now);
        TellHearing();
    }

    /// <summary>Writes the frame to send now into <paramref name="target"/> and returns its length; 0 when there is none.</summary>
    public int TakeFrame(byte[] target, TimeSpan time)
    {
        now = time;
        int length = loss is null ? TakeWantedFrame(target) : 0;
        LinkMeter.FramesSent.Add(length > 0 ? 1 : 0);
        return length;
    }

    /// <summary>True, once, when a STOP byte goes out again with the repeat of a stop.</summary>
    public bool TakeStopByteDue()
    {
        bool due = isStopByteDue;
        isStopByteDue = false;
        return due;
    }

    /// <summary>Ends the link, with everything that waits for it.</summary>
    public void Lose(LinkLoss why)
    {
        if (loss is not null)
        {
            return;
        }

        loss = why;
        nextHeartbeat = TimeSpan.MaxValue;
        commands.EndAll(why);
        listener.OnLost(why);
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private int TakeWantedFrame(byte[] target)
    {
        int length = commands.TakeStop(target, now);
        if (length == 0 && isHeartbeatDue)
        {
            isHeartbeatDue = false;
            return encoder.Encode(heartbeat, 0, 0, target);
        }

        return length > 0 ? length : commands.TakeFrame(target, now);
    }

    private void Beat()
    {
        if (silentBeats == SilentBeatsLimit)
        {
            Lose(LinkWords.Silent(SilentBeatsLimit * HeartbeatSpacing));
            return;
        }

        if (unheardBeats == SilentBeatsLimit)
        {
            Lose(LinkWords.Unheard(SilentBeatsLimit * HeartbeatSpacing));
            return;
        }

        if (commands.CountOf(CommandPlan.Ping) < MostPings)
        {
            Ping();
        }

        silentBeats++;
        unheardBeats = quality.Judge(now) == Hearing.Unheard ? unheardBeats + 1 : 0;
        isHeartbeatDue = true;
        TimeSpan inStep = nextHeartbeat + HeartbeatSpacing;
        nextHeartbeat = inStep > now ? inStep : now + HeartbeatSpacing;
    }

    private void Ping() => commands.Begin(
        deviceTellsTime && now - lastStatus < LongestWithoutStatus
            ? new Command(new EmptyMessage(MessageId.TimeRequest), new TimeReport(), CommandPlan.Ping, (_, _) => { })
            : new Command(new EmptyMessage(MessageId.StatusRequest), new StatusReport(), CommandPlan.Ping, (_, _) => { }),
        now);

    private void AskForEvents()
    {
        events.Asking();
        commands.Begin(new Command(new EventsRequest { FirstNumber = events.Next }, new EventsAvailable(), CommandPlan.Question, Answered), now);

        void Answered(Message? answer, DeviceException? failure)
        {
            if (answer is not EventsAvailable available)
            {
                events.AskingFailed(now);
            }
            else if (!events.Answered(available, now))
            {
                Lose(LinkWords.Restarted());
            }
        }
    }

    private void ReceiveFrame()
    {
        // An echoing line brings back what this host has said: that is no sign of a device.
        if (!MessageDirection.IsFromDevice(decoder.Id))
        {
            return;
        }

        LinkMeter.FramesReceived.Add(1);
        silentBeats = 0;
        quality.Heard(now);
        Command? answered = decoder.ReplyTo == 0 ? null : commands.Find(decoder.ReplyTo);
        if (answered is not null)
        {
            quality.Answered(now);
        }

        switch (decoder.Id)
        {
            case MessageId.Status when IsGreeted:
                ReceiveStatus(answered);
                break;
            case MessageId.TimeReport when IsGreeted:
                TimeReport time = new();
                if (decoder.TryRead(time))
                {
                    ReceiveTime(time.UptimeMilliseconds, answered, out _);
                }

                break;
            case MessageId.Event when hasStatus:
                EventReport report = new();
                if (decoder.TryRead(report))
                {
                    events.Received(report, uptime.Of(report.UptimeMilliseconds), now);
                }

                break;
            case MessageId.HelloReply:
                answered = ReceiveHello(answered) ? answered : null;
                break;
            default:
                break;
        }

        if (loss is null && answered is not null)
        {
            commands.Answer(answered, decoder, now);
        }

        if (loss is null && IsGreeted && decoder.Id == MessageId.Rejected && decoder.TryRead(rejected) && rejected.Reason == (byte)RejectionReason.NotGreeted)
        {
            Lose(LinkWords.Restarted());
        }

        if (loss is null && !isReady && hasStatus && events.IsCaughtUp)
        {
            isReady = true;
            hearing = quality.Judge(now);
            listener.OnReady(hearing);
        }
    }

    /// <summary>False when it is the answer to another program.</summary>
    private bool ReceiveHello(Command? answered)
    {
        HelloReply hello = new();
        if (!decoder.TryRead(hello) || hello.ProtocolMajor != ProtocolVersion.Major)
        {
            return true;
        }

        bool isMeant = hello.ProtocolMinor < 2 || hello.HostNonce == hostNonce;
        if (IsGreeted)
        {
            if (hello.BootId != bootId)
            {
                Lose(LinkWords.Restarted());
            }
            else if (!isMeant)
            {
                Lose(LinkWords.TakenOver());
            }
        }
        else if (isMeant && answered?.Plan == CommandPlan.Hello)
        {
            IsGreeted = true;
            bootId = hello.BootId;
            deviceTellsTime = commands.DeviceCanSettle = hello.ProtocolMinor >= 2;
            isHeartbeatDue = true;
            nextHeartbeat = now + HeartbeatSpacing;
            commands.Begin(new Command(new EmptyMessage(MessageId.StatusRequest), new StatusReport(), CommandPlan.Question, (_, _) => { }), now);
            lastStatus = now;
            bool goesOn = readBefore?.BootId == bootId;
            uptime.GoOnFrom(goesOn ? readBefore!.DeviceTime : TimeSpan.Zero);
            events.Start(goesOn ? readBefore!.Next : 1, now);
        }

        return isMeant;
    }

    private void ReceiveStatus(Command? answered)
    {
        StatusReport report = new();
        if (decoder.TryRead(report) && ReceiveTime(report.UptimeMilliseconds, answered, out TimeSpan deviceTime) && deviceTime >= latestStatusTime)
        {
            // One that was overtaken on the line would tell of the past.
            latestStatusTime = deviceTime;
            quality.DamagedThere(report.DamagedFrames, now);
            quality.HeardThere((report.Flags & StatusFlags.LinkAlive) != 0);
            (hasStatus, lastStatus) = (true, now);
            listener.OnStatus(report, deviceTime);
            events.Told(report.LatestEventNumber, now);
        }
    }

    private bool ReceiveTime(uint uptimeMilliseconds, Command? answered, out TimeSpan deviceTime)
    {
        if (!uptime.TryTake(uptimeMilliseconds, out deviceTime))
        {
            Lose(LinkWords.Restarted());
            return false;
        }

        if (answered is { TimesSent: 1 })
        {
            Clock.RoundTrip(answered.SentAt, now, deviceTime);
            LinkMeter.RoundTrip.Add((now - answered.SentAt).TotalMilliseconds);
        }
        else
        {
            Clock.Report(now, deviceTime);
        }

        return true;
    }

    private void TellHearing()
    {
        Hearing judged = isReady && loss is null ? quality.Judge(now) : hearing;
        if (judged != hearing)
        {
            hearing = judged;
            listener.OnHearing(hearing);
        }
    }
}
