namespace Microneedling.Client.Link;

/// <summary>How well the device is heard.</summary>
internal enum Hearing
{
    /// <summary>It is heard, and clearly.</summary>
    Good,

    /// <summary>Nothing for <see cref="LinkQuality.Quiet"/>.</summary>
    Silent,

    /// <summary>It is heard, but frames arrive damaged.</summary>
    Noisy,
}

/// <summary>Judges how well the device is heard, from what arrives whole and what does not. Pure: no clock, no link.</summary>
internal sealed class LinkQuality
{
    /// <summary>Longest silence of a device that is well: it is asked something at least every 100 ms.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    /// <summary>So many damaged frames within <see cref="NoiseWindow"/>, either way, are a bad line.</summary>
    public const int NoiseFrames = 5;

    /// <summary>How long a damaged frame is held against the line.</summary>
    public static readonly TimeSpan NoiseWindow = TimeSpan.FromSeconds(2);

    private readonly Queue<TimeSpan> damages = [];
    private TimeSpan lastHeard;
    private int? damagedThere;

    /// <summary>A whole frame of the device has come.</summary>
    public void Heard(TimeSpan now) => lastHeard = now;

    /// <summary>How long nothing has been heard.</summary>
    public TimeSpan SinceHeard(TimeSpan now) => now - lastHeard;

    /// <summary>A frame has come damaged.</summary>
    public void Damaged(TimeSpan now)
    {
        damages.Enqueue(now);
        if (damages.Count > NoiseFrames)
        {
            damages.Dequeue();
        }
    }

    /// <summary>The device tells how many frames have come damaged to it since its start; wraps at 65 536.</summary>
    public void DamagedThere(ushort count, TimeSpan now)
    {
        int more = damagedThere is int before ? (ushort)(count - before) : 0;
        damagedThere = count;
        for (int i = 0; i < Math.Min(more, NoiseFrames); i++)
        {
            Damaged(now);
        }
    }

    /// <summary>How well the device is heard now.</summary>
    public Hearing Judge(TimeSpan now) =>
        now - lastHeard >= Quiet ? Hearing.Silent
        : damages.Count == NoiseFrames && now - damages.Peek() < NoiseWindow ? Hearing.Noisy
        : Hearing.Good;

    /// <summary>When the judgement may change by time alone.</summary>
    public TimeSpan NextChange(TimeSpan now)
    {
        TimeSpan due = Judge(now) == Hearing.Silent ? TimeSpan.MaxValue : lastHeard + Quiet;
        TimeSpan clear = damages.Count == NoiseFrames ? damages.Peek() + NoiseWindow : TimeSpan.MaxValue;
        return clear > now && clear < due ? clear : due;
    }
}
