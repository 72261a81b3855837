using Microneedling.Protocol;

namespace Microneedling.Client.Link;

/// <summary>What the link tells its owner. Called while bytes are taken in or time passes; must not run foreign code.</summary>
internal interface ILinkListener
{
    /// <summary>A status came.</summary>
    void OnStatus(StatusReport report);

    /// <summary>The next entry of the device's log.</summary>
    void OnLogEntry(DeviceLogEntry entry);

    /// <summary>The link has ended; nothing follows.</summary>
    void OnLost(LinkLoss loss);
}

/// <summary>
/// Decides everything about one connection, and does nothing itself: bytes and time go in, frames and answers come out.
/// No tasks, no clock, no locks; its owner calls it from one thread at a time.
/// <code>
///   Begin ──▶ waiting ──▶ asking ──────────── answer ──▶ ended
///             (changes     │ no answer for 1.5 s         (rejected, accepted)
///              go one      ▼
///              by one)    probing: is it there? ── no ──▶ ended: not known whether done
///                          │ yes
///                          ▼
///                         asking again ────── answer ──▶ ended
///                          └────── no answer ──────────▶ ended: not known whether done
/// </code>
/// Order of sending: stop, heartbeat, then what has waited longest. Nothing piles up behind a blocked transport: a frame
/// is made only when it can be handed over, and only if it is still wanted then.
/// </summary>
internal sealed class DeviceLink(uint hostNonce, ushort firstSequence, ILinkListener listener)
{
    /// <summary>Spacing of the heartbeats.</summary>
    public static readonly TimeSpan HeartbeatSpacing = TimeSpan.FromMilliseconds(Limits.HeartbeatMilliseconds);

    /// <summary>
    /// Heartbeats in a row without hearing anything after which the link is given up, and with it the heartbeat: the
    /// device must not go on for a host that cannot see it. Counted in beats, so that a stalled host does not accuse
    /// the device.
    /// </summary>
    public const int SilentBeatsLimit = 10;

    /// <summary>A device clock that goes back by more than this has begun anew.</summary>
    private const int RestartMilliseconds = 1000;

    private readonly FrameDecoder decoder = new();
    private readonly FrameEncoder encoder = new();
    private readonly Heartbeat heartbeat = new() { HostNonce = hostNonce };
    private readonly EventTracker events = new(listener.OnLogEntry);
    private readonly List<Command> active = [];
    private readonly Queue<Command> waiting = [];
    private ushort lastSequence = (ushort)(firstSequence - 1);
    private LinkLoss? loss;
    private uint bootId;
    private uint? lastUptimeMilliseconds;
    private TimeSpan nextHeartbeat = TimeSpan.MaxValue;
    private bool isHeartbeatDue;
    private bool isStopByteDue;
    private int silentBeats;
    private TimeSpan now;

    /// <summary>Whether the device has answered the greeting in this protocol.</summary>
    public bool IsGreeted { get; private set; }

    /// <summary>Why the link ended, or null.</summary>
    public LinkLoss? Loss => loss;

    /// <summary>Whether <see cref="TakeFrame"/> has something to send.</summary>
    public bool HasFrame => loss is null && (isHeartbeatDue || active.Exists(command => command.IsSendingDue));

    /// <summary>When <see cref="Advance"/> is wanted next.</summary>
    public TimeSpan NextDue
    {
        get
        {
            TimeSpan due = nextHeartbeat < events.AskAt ? nextHeartbeat : events.AskAt;
            foreach (Command command in active)
            {
                due = command.NextDue < due ? command.NextDue : due;
            }

            return loss is null ? due : TimeSpan.MaxValue;
        }
    }

    private bool IsStopping => active.Exists(command => command.Plan == CommandPlan.Stop);

    private bool IsChanging => active.Exists(command => command.Plan == CommandPlan.Change);

    /// <summary>The greeting, to be begun with <see cref="CommandPlan.Hello"/>.</summary>
    public HelloRequest MakeHello() =>
        new() { ProtocolMajor = ProtocolVersion.Major, ProtocolMinor = ProtocolVersion.Minor, HostNonce = hostNonce };

    /// <summary>
    /// Puts a command to the device when its turn comes. A stop ends every change under way, because a repeat of one must
    /// not arrive after the stop, and refuses new ones until it is answered.
    /// </summary>
    /// <param name="command">Told its end, be it at once.</param>
    /// <param name="time">Time since any fixed moment; so everywhere below.</param>
    public void Begin(Command command, TimeSpan time)
    {
        now = time;
        if (loss is not null)
        {
            command.Ended(null, loss.ToException());
        }
        else if (command.Plan == CommandPlan.Stop)
        {
            OvertakeChanges();
            Start(command);
        }
        else if (command.Plan == CommandPlan.Change && IsStopping)
        {
            command.Ended(null, LinkWords.BeingStopped(command.Message.Id));
        }
        else if (command.Plan == CommandPlan.Change && IsChanging)
        {
            waiting.Enqueue(command);
        }
        else
        {
            Start(command);
        }
    }

    /// <summary>Nobody waits for this command any longer: it is not sent again.</summary>
    public void Withdraw(Command command, TimeSpan time)
    {
        now = time;
        Command[] others = [.. waiting.Where(other => other != command)];
        waiting.Clear();
        foreach (Command other in others)
        {
            waiting.Enqueue(other);
        }

        active.Remove(command);
        StartNextChange();
    }

    /// <summary>Takes in bytes from the device.</summary>
    public void Receive(ReadOnlySpan<byte> bytes, TimeSpan time)
    {
        now = time;
        foreach (byte value in bytes)
        {
            if (decoder.Push(value) == DecodeResult.Frame && loss is null)
            {
                ReceiveFrame();
            }
        }
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

        foreach (Command command in active.ToArray())
        {
            if (now >= command.Deadline)
            {
                LosePatience(command);
            }
            else if (command.Advance(now) && command.Plan == CommandPlan.Stop)
            {
                isStopByteDue = true;
            }
        }
    }

    /// <summary>Writes the frame to send now into <paramref name="target"/> and returns its length; 0 when there is none.</summary>
    public int TakeFrame(byte[] target)
    {
        if (loss is not null)
        {
            return 0;
        }

        Command? command = active.Find(candidate => candidate.IsSendingDue && candidate.Plan == CommandPlan.Stop);
        if (command is null && isHeartbeatDue)
        {
            isHeartbeatDue = false;
            return encoder.Encode(heartbeat, 0, 0, target);
        }

        command ??= active.Find(candidate => candidate.IsSendingDue);
        return command?.TakeFrame(target) ?? 0;
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
        Command[] stranded = [.. active, .. waiting];
        active.Clear();
        waiting.Clear();
        foreach (Command command in stranded)
        {
            command.Ended(null, why.ToException());
        }

        listener.OnLost(why);
    }

    private void OvertakeChanges()
    {
        Command[] overtaken = [.. active.Where(command => command.Plan == CommandPlan.Change), .. waiting];
        active.RemoveAll(command => command.Plan == CommandPlan.Change);
        waiting.Clear();
        foreach (Command command in overtaken)
        {
            command.Ended(null, LinkWords.Overtaken(command));
        }
    }

    private void Start(Command command)
    {
        lastSequence = lastSequence == ushort.MaxValue ? (ushort)1 : (ushort)(lastSequence + 1);
        active.Add(command);
        command.Start(lastSequence, encoder, now);
    }

    private void StartNextChange()
    {
        if (!IsChanging && waiting.TryDequeue(out Command? next))
        {
            Start(next);
        }
    }

    private void End(Command command, Message? answer, DeviceException? failure)
    {
        if (active.Remove(command))
        {
            command.Ended(answer, failure);
            StartNextChange();
        }
    }

    private void Beat()
    {
        if (silentBeats == SilentBeatsLimit)
        {
            Lose(LinkWords.Silent(SilentBeatsLimit * HeartbeatSpacing));
            return;
        }

        silentBeats++;
        isHeartbeatDue = true;
        TimeSpan inStep = nextHeartbeat + HeartbeatSpacing;
        nextHeartbeat = inStep > now ? inStep : now + HeartbeatSpacing;
    }

    private void AskForEvents()
    {
        events.Asking();
        Start(new Command(new EventsRequest { FirstNumber = events.Next }, new EventsAvailable(), CommandPlan.Question, Answered));

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

    private void LosePatience(Command command)
    {
        MessageId id = command.Message.Id;
        if (command.TimesSent == 0 && command.Plan != CommandPlan.Stop)
        {
            End(command, null, LinkWords.NeverSent(id));
        }
        else if (command.Plan == CommandPlan.Hello)
        {
            End(command, null, LinkWords.NoDevice());
        }
        else if (command.Plan != CommandPlan.Change)
        {
            End(command, null, LinkWords.NoAnswer(id));
        }
        else if (command.IsLastAttempt)
        {
            End(command, null, LinkWords.Unanswered(id));
        }
        else
        {
            Probe(command);
        }
    }

    private void Probe(Command unanswered)
    {
        unanswered.Suspend();
        Start(new Command(new EmptyMessage(MessageId.StatusRequest), new StatusReport(), CommandPlan.Probe, Probed));

        void Probed(Message? status, DeviceException? failure)
        {
            if (status is not null || failure is RejectedException)
            {
                unanswered.TryAgain(now);
            }
            else
            {
                End(unanswered, null, LinkWords.Unreachable(unanswered.Message.Id));
            }
        }
    }

    private void ReceiveFrame()
    {
        silentBeats = 0;
        switch (decoder.Id)
        {
            case MessageId.Status when IsGreeted:
                ReceiveStatus();
                break;
            case MessageId.Event when IsGreeted:
                EventReport report = new();
                if (decoder.TryRead(report))
                {
                    events.Received(report, now);
                }

                break;
            case MessageId.HelloReply:
                ReceiveHello();
                break;
            default:
                break;
        }

        if (loss is null && decoder.ReplyTo != 0)
        {
            ReceiveAnswer();
        }
    }

    private void ReceiveHello()
    {
        HelloReply hello = new();
        if (!decoder.TryRead(hello) || hello.ProtocolMajor != ProtocolVersion.Major)
        {
            return;
        }

        if (IsGreeted)
        {
            if (hello.BootId != bootId)
            {
                Lose(LinkWords.Restarted());
            }
        }
        else if (active.Exists(command => command.Plan == CommandPlan.Hello && command.Sequence == decoder.ReplyTo))
        {
            IsGreeted = true;
            bootId = hello.BootId;
            isHeartbeatDue = true;
            nextHeartbeat = now + HeartbeatSpacing;
            events.Start(now);
        }
    }

    private void ReceiveStatus()
    {
        StatusReport report = new();
        if (!decoder.TryRead(report))
        {
            return;
        }

        if (lastUptimeMilliseconds is uint last && unchecked((int)(report.UptimeMilliseconds - last)) < -RestartMilliseconds)
        {
            Lose(LinkWords.Restarted());
            return;
        }

        lastUptimeMilliseconds = report.UptimeMilliseconds;
        listener.OnStatus(report);
        events.Told(report.LatestEventNumber, now);
    }

    private void ReceiveAnswer()
    {
        Command? command = active.Find(candidate => candidate.Sequence == decoder.ReplyTo);
        Rejected rejected = new();
        if (command is null)
        {
            return;
        }

        if (decoder.Id == MessageId.Rejected && decoder.TryRead(rejected))
        {
            RejectionReason reason = (RejectionReason)rejected.Reason;
            End(command, null, new RejectedException(reason, rejected.Detail));
            if (IsGreeted && reason == RejectionReason.NotGreeted)
            {
                Lose(LinkWords.Restarted());
            }
        }
        else if (decoder.Id == command.Answer.Id && decoder.TryRead(command.Answer))
        {
            End(command, command.Answer, null);
        }
    }
}
