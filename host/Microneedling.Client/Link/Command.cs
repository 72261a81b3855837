using Microneedling.Protocol;

namespace Microneedling.Client.Link;

/// <summary>
/// The kinds of command, and how long and how often each is put to the device. Told apart by identity: two kinds may
/// have the same numbers.
/// </summary>
internal sealed class CommandPlan(TimeSpan spacing, TimeSpan patience)
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);

    /// <summary>The greeting.</summary>
    public static readonly CommandPlan Hello = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(3));

    /// <summary>Whatever changes the device. One at a time; see <see cref="CommandQueue"/> for what follows when patience ends.</summary>
    public static readonly CommandPlan Change = new(TimeSpan.FromMilliseconds(150), TimeSpan.FromSeconds(1.5));

    /// <summary>A question; asking it changes nothing.</summary>
    public static readonly CommandPlan Question = new(TimeSpan.FromMilliseconds(150), TimeSpan.FromSeconds(1.5));

    /// <summary>The short question by which the device shows that it is there. Never repeated: the next one follows soon.</summary>
    public static readonly CommandPlan Ping = new(Never, TimeSpan.FromMilliseconds(300));

    /// <summary>The stop. Every sending goes with a STOP byte.</summary>
    public static readonly CommandPlan Stop = new(TimeSpan.FromMilliseconds(150), TimeSpan.FromSeconds(2));

    /// <summary>How long a change that was not answered is being settled before the link is given up.</summary>
    public static readonly TimeSpan SettlingPatience = TimeSpan.FromSeconds(3);

    /// <summary>From one sending to the next.</summary>
    public TimeSpan Spacing { get; } = spacing;

    /// <summary>From the first sending to giving up.</summary>
    public TimeSpan Patience { get; } = patience;
}

/// <summary>
/// One command and how far it has come. Repeats are the identical frame, so that the device, which remembers its
/// answers, executes it once at most.
/// </summary>
/// <param name="message">What to say.</param>
/// <param name="answer">A blank of the answer that is wanted; a rejection is always understood.</param>
/// <param name="plan">How often, how long.</param>
/// <param name="ended">Told the answer or the failure, one of them not null. Must not run foreign code.</param>
internal sealed class Command(Message message, Message answer, CommandPlan plan, Action<Message?, DeviceException?> ended)
{
    private byte[] frame = [];
    private TimeSpan nextSending;

    public Message Message { get; } = message;

    public Message Answer { get; } = answer;

    public CommandPlan Plan { get; } = plan;

    public Action<Message?, DeviceException?> Ended { get; } = ended;

    /// <summary>Number that the answer refers to; 0 until the command's turn has come.</summary>
    public ushort Sequence { get; private set; }

    /// <summary>Times that a frame was handed over for sending. 0: the device cannot know the command.</summary>
    public int TimesSent { get; private set; }

    /// <summary>When a frame was last handed over for sending.</summary>
    public TimeSpan SentAt { get; private set; }

    /// <summary>Whether the frame is to be sent now.</summary>
    public bool IsSendingDue { get; private set; }

    /// <summary>When patience ends.</summary>
    public TimeSpan Deadline { get; private set; }

    /// <summary>Whether the device is being asked what became of this command.</summary>
    public bool IsSettling { get; private set; }

    /// <summary>When this command wants <see cref="Advance"/>.</summary>
    public TimeSpan NextDue => nextSending < Deadline ? nextSending : Deadline;

    /// <summary>The command's turn has come.</summary>
    public void Start(ushort sequence, byte[] encoded, TimeSpan now)
    {
        Sequence = sequence;
        Say(encoded, now, Plan.Patience);
    }

    /// <summary>Patience has ended: asks the device what became of the command, in its place and with its number.</summary>
    public void Settle(byte[]? question, TimeSpan now)
    {
        IsSettling = true;
        Say(question ?? frame, now, CommandPlan.SettlingPatience);
    }

    /// <summary>Lets time pass; true when a repeat has just become due.</summary>
    public bool Advance(TimeSpan now)
    {
        if (now < nextSending)
        {
            return false;
        }

        IsSendingDue = true;
        nextSending = now + Plan.Spacing;
        return true;
    }

    /// <summary>Hands the frame over for sending and returns its length.</summary>
    public int TakeFrame(byte[] target, TimeSpan now)
    {
        IsSendingDue = false;
        TimesSent++;
        SentAt = now;
        frame.CopyTo(target, 0);
        return frame.Length;
    }

    private void Say(byte[] encoded, TimeSpan now, TimeSpan patience)
    {
        frame = encoded;
        IsSendingDue = true;
        nextSending = now + Plan.Spacing;
        Deadline = now + patience;
    }
}
