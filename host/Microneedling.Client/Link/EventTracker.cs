using Microneedling.Protocol;

namespace Microneedling.Client.Link;

/// <summary>
/// Puts the device's numbered events in order and decides when to ask for missing ones. Pure: no clock, no link.
/// <code>
///   received   1 2 3 _ 5 6      next = 4; 5 and 6 wait
///   asked from 4: oldest kept 4 → 4 5 6 are delivered
///                 oldest kept 5 → "4 is missing", then 5 6
/// </code>
/// An event may simply be on its way while a later one or a status already speaks of it: a gap is asked for only after
/// it has stood still for a while.
/// </summary>
internal sealed class EventTracker(Action<DeviceLogEntry> deliver)
{
    /// <summary>How long a gap may stand still before it is asked for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>How long to wait after an asking that failed.</summary>
    public static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);

    private const int MaximumEarly = 4096;
    private readonly SortedDictionary<uint, DeviceEvent> early = [];
    private uint latestKnown;
    private bool asking;
    private bool wasAnswered;
    private uint askedFrom;
    private TimeSpan askAt = TimeSpan.MaxValue;

    /// <summary>Number of the event to deliver next: the first one to ask for.</summary>
    public uint Next { get; private set; } = 1;

    /// <summary>When to ask the device for the events from <see cref="Next"/> on.</summary>
    public TimeSpan AskAt => asking ? TimeSpan.MaxValue : askAt;

    /// <summary>Whether the device has said what it has, and all that is known of has been delivered.</summary>
    public bool IsCaughtUp => wasAnswered && latestKnown < Next;

    /// <summary>Wants everything from this number on that the device still has.</summary>
    public void Start(uint first, TimeSpan now)
    {
        Next = first;
        askAt = now;
    }

    /// <summary>The device has been asked; nothing more is asked before this has ended.</summary>
    public void Asking()
    {
        asking = true;
        askedFrom = Next;
    }

    /// <summary>The asking failed.</summary>
    public void AskingFailed(TimeSpan now)
    {
        asking = false;
        askAt = now + FailurePause;
    }

    /// <summary>The device said what it has; the events follow. False when its numbers have begun anew.</summary>
    public bool Answered(EventsAvailable available, TimeSpan now)
    {
        asking = false;
        if (available.LatestNumber + 1UL < askedFrom)
        {
            return false;
        }

        wasAnswered = true;
        SkipTo(available.OldestNumber);
        Know(available.LatestNumber);
        Plan(now, standsStill: false);
        return true;
    }

    /// <summary>An event came, in order or not, for the first time or again.</summary>
    public void Received(EventReport report, TimeSpan deviceTime, TimeSpan now)
    {
        if (report.Number < Next || early.Count >= MaximumEarly)
        {
            return;
        }

        uint before = Next;
        early[report.Number] = new DeviceEvent(report.Number, deviceTime, (EventCode)report.Code, report.Argument1, report.Argument2);
        Know(report.Number);
        DeliverWhatFollows();
        Plan(now, standsStill: Next == before);
    }

    /// <summary>A status told the number of the latest event.</summary>
    public void Told(uint latestNumber, TimeSpan now)
    {
        Know(latestNumber);
        Plan(now, standsStill: true);
    }

    private void Know(uint number) => latestKnown = Math.Max(latestKnown, number);

    private void Plan(TimeSpan now, bool standsStill)
    {
        bool behind = latestKnown >= Next;
        if (!wasAnswered)
        {
            return;
        }

        if (!behind)
        {
            askAt = TimeSpan.MaxValue;
        }
        else if (!standsStill || askAt == TimeSpan.MaxValue)
        {
            askAt = now + Patience;
        }
    }

    private void SkipTo(uint oldest)
    {
        while (Next < oldest)
        {
            uint until = early.Count == 0 ? oldest : Math.Min(oldest, early.Keys.First());
            deliver(new MissingEvents(Next, until - 1));
            Next = until;
            DeliverWhatFollows();
        }
    }

    private void DeliverWhatFollows()
    {
        while (early.Remove(Next, out DeviceEvent? entry))
        {
            deliver(entry);
            Next++;
        }
    }
}
