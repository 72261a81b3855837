using Microneedling.Protocol;

namespace Microneedling.Client.Link;

/// <summary>
/// Decides which command goes when, how often, and what an unanswered one ends as. Pure: no clock, no link.
/// <code>
///   Begin ──▶ waiting ──▶ asking ────────────── answer ──▶ ended: done, or refused with a reason
///             (changes     │ no answer for 1.5 s
///              go one      ▼
///              by one)    settling ──────────── answer ──▶ ended: done, or refused
///                          │    └───── "not executed" ───▶ ended: known to be undone, for good
///                          ▼ no answer for 3 s
///                         the link is lost ──────────────▶ ended: not known
/// </code>
/// A device of protocol 1.0 or 1.1 cannot be asked to settle: it gets the identical frame again instead, which it answers
/// and executes once at most.
/// </summary>
/// <param name="firstSequence">Number of the first command, 1 … 65 535.</param>
/// <param name="lose">Gives up the link.</param>
internal sealed class CommandQueue(ushort firstSequence, Action<LinkLoss> lose)
{
    private readonly FrameEncoder encoder = new();
    private readonly List<Command> active = [];
    private readonly Queue<Command> waiting = [];
    private ushort lastSequence = (ushort)(firstSequence - 1);

    /// <summary>Whether the device can be asked to settle a command.</summary>
    public bool DeviceCanSettle { get; set; }

    /// <summary>Whether a stop has not been answered yet.</summary>
    public bool IsStopping => active.Exists(command => command.Plan == CommandPlan.Stop);

    /// <summary>Whether a command has something to send.</summary>
    public bool HasFrame => active.Exists(command => command.IsSendingDue);

    /// <summary>Commands of this kind that have no answer yet.</summary>
    public int CountOf(CommandPlan plan) => active.Count(command => command.Plan == plan);

    /// <summary>When <see cref="Advance"/> is wanted next.</summary>
    public TimeSpan NextDue
    {
        get
        {
            TimeSpan due = TimeSpan.MaxValue;
            foreach (Command command in active)
            {
                due = command.NextDue < due ? command.NextDue : due;
            }

            return due;
        }
    }

    private bool IsChanging => active.Exists(command => command.Plan == CommandPlan.Change);

    /// <summary>
    /// Puts a command to the device when its turn comes. A stop ends every change under way, because a repeat of one must
    /// not arrive after the stop, and refuses new ones until it is answered.
    /// </summary>
    public void Begin(Command command, TimeSpan now)
    {
        if (command.Plan == CommandPlan.Stop)
        {
            OvertakeChanges();
            Start(command, now);
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
            Start(command, now);
        }
    }

    /// <summary>Nobody waits for this command any longer: it is not sent again.</summary>
    public void Withdraw(Command command, TimeSpan now)
    {
        Command[] others = [.. waiting.Where(other => other != command)];
        waiting.Clear();
        foreach (Command other in others)
        {
            waiting.Enqueue(other);
        }

        active.Remove(command);
        StartNextChange(now);
    }

    /// <summary>Lets time pass; true when the repeat of a stop has become due.</summary>
    public bool Advance(TimeSpan now)
    {
        bool stopAgain = false;
        foreach (Command command in active.ToArray())
        {
            if (now >= command.Deadline)
            {
                LosePatience(command, now);
            }
            else if (command.Advance(now))
            {
                LinkMeter.Repeats.Add(1);
                stopAgain |= command.Plan == CommandPlan.Stop;
            }
        }

        return stopAgain;
    }

    /// <summary>Writes the frame of a stop that is to be sent now into <paramref name="target"/> and returns its length, or 0.</summary>
    public int TakeStop(byte[] target, TimeSpan now) =>
        active.Find(command => command.IsSendingDue && command.Plan == CommandPlan.Stop)?.TakeFrame(target, now) ?? 0;

    /// <summary>Writes the frame to send now, of what has waited longest, into <paramref name="target"/> and returns its length, or 0.</summary>
    public int TakeFrame(byte[] target, TimeSpan now) => active.Find(command => command.IsSendingDue)?.TakeFrame(target, now) ?? 0;

    /// <summary>The command that waits for an answer to this number, or null.</summary>
    public Command? Find(ushort sequence) => active.Find(command => command.Sequence == sequence);

    /// <summary>Takes the answer to a command, if it is of a kind that answers it.</summary>
    public void Answer(Command command, FrameDecoder decoder, TimeSpan now)
    {
        Rejected rejected = new();
        if (decoder.Id == MessageId.Rejected && decoder.TryRead(rejected))
        {
            Refuse(command, (RejectionReason)rejected.Reason, rejected.Detail, now);
        }
        else if (decoder.Id == command.Answer.Id && decoder.TryRead(command.Answer))
        {
            End(command, command.Answer, null, now);
        }
    }

    /// <summary>Ends everything.</summary>
    public void EndAll(LinkLoss why)
    {
        Command[] stranded = [.. active, .. waiting];
        active.Clear();
        waiting.Clear();
        foreach (Command command in stranded)
        {
            command.Ended(null, command.TimesSent == 0 ? LinkWords.LostBeforeSent(command.Message.Id, why) : why.ToException());
        }
    }

    private void Refuse(Command command, RejectionReason reason, int detail, TimeSpan now)
    {
        MessageId id = command.Message.Id;
        switch (reason)
        {
            case RejectionReason.NotExecuted:
                End(command, null, LinkWords.NotDone(id), now);
                break;
            case RejectionReason.OutOfDate:
                // The device has executed something later than this: the two do not count alike any more.
                End(command, null, LinkWords.Unsettled(id), now);
                lose(LinkWords.OutOfStep());
                break;
            default:
                End(command, null, new RejectedException(reason, detail), now);
                break;
        }
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

    private void Start(Command command, TimeSpan now)
    {
        ushort sequence = NextSequence();
        active.Add(command);
        command.Start(sequence, Encode(command.Message, sequence), now);
    }

    private void StartNextChange(TimeSpan now)
    {
        if (!IsChanging && waiting.TryDequeue(out Command? next))
        {
            Start(next, now);
        }
    }

    private void End(Command command, Message? answer, DeviceException? failure, TimeSpan now)
    {
        if (active.Remove(command))
        {
            command.Ended(answer, failure);
            StartNextChange(now);
        }
    }

    private void LosePatience(Command command, TimeSpan now)
    {
        MessageId id = command.Message.Id;
        if (command.TimesSent == 0 && command.Plan != CommandPlan.Stop)
        {
            End(command, null, LinkWords.NeverSent(id), now);
        }
        else if (command.Plan == CommandPlan.Hello)
        {
            End(command, null, LinkWords.NoDevice(), now);
        }
        else if (command.Plan != CommandPlan.Change)
        {
            End(command, null, LinkWords.NoAnswer(id), now);
        }
        else if (command.IsSettling)
        {
            lose(LinkWords.CannotSettle(id));
        }
        else
        {
            LinkMeter.Settlings.Add(1);
            command.Settle(DeviceCanSettle ? SettlingQuestion(command) : null, now);
        }
    }

    private byte[] SettlingQuestion(Command command) =>
        Encode(new SettleCommand { CommandSequence = command.Sequence, CommandId = (byte)command.Message.Id }, NextSequence());

    private ushort NextSequence() => lastSequence = lastSequence == ushort.MaxValue ? (ushort)1 : (ushort)(lastSequence + 1);

    private byte[] Encode(Message message, ushort sequence)
    {
        byte[] buffer = new byte[Framing.MaximumFrameLength];
        return buffer[..encoder.Encode(message, sequence, 0, buffer)];
    }
}
