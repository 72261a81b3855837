namespace Microneedling.Client;

/// <summary>
/// One direction of a bad line: decides what becomes of each write, and when it comes out. No tasks, no locks; its owner
/// calls it from one thread at a time and asks again when <see cref="NextDue"/> has come.
/// <code>
///   Take ────▶ lost? damaged? twice? ──▶ waiting until due ──▶ stalled? one byte at a time? ──▶ Emit
///   TakeUrgent ───▶ the same ──────────▶ in front of them ───▶ stalled? ──────────────────────▶ Emit
/// </code>
/// </summary>
internal sealed class ChaosLine(int seed)
{
    private readonly Random chance = new(seed);
    private readonly PriorityQueue<byte[], (TimeSpan Due, long Order)> waiting = new();
    private readonly Queue<byte[]> urgent = new();
    private byte[] trickling = [];
    private int trickled;
    private TimeSpan latestDue;
    private TimeSpan stalledUntil;
    private TimeSpan exitFreeAt;
    private long order;

    /// <summary>What to do from now on. What waits is not touched, but comes out as this says.</summary>
    public LineChaos Chaos { get; set; } = new();

    /// <summary>What has been done.</summary>
    public ChaosCounts Counts { get; private set; } = new();

    /// <summary>Whether nothing passes any more.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Whether nothing waits to come out.</summary>
    public bool IsEmpty => urgent.Count == 0 && waiting.Count == 0 && trickled == trickling.Length;

    /// <summary>When <see cref="Emit"/> is wanted next; the far future when nothing waits.</summary>
    public TimeSpan NextDue
    {
        get
        {
            TimeSpan due = TimeSpan.MaxValue;
            if (urgent.Count > 0)
            {
                due = TimeSpan.Zero;
            }
            else if (trickled < trickling.Length)
            {
                due = exitFreeAt;
            }
            else if (waiting.TryPeek(out _, out (TimeSpan Due, long Order) first))
            {
                due = first.Due > exitFreeAt ? first.Due : exitFreeAt;
            }

            return due == TimeSpan.MaxValue || due > stalledUntil ? due : stalledUntil;
        }
    }

    /// <summary>Nothing passes from now on, and what waits is lost.</summary>
    public void Cut()
    {
        IsCut = true;
        waiting.Clear();
        urgent.Clear();
        trickling = [];
        trickled = 0;
    }

    /// <summary>Takes a write in.</summary>
    public void Take(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        if (Survive(bytes, now) is not byte[] rest)
        {
            return;
        }

        TimeSpan due = now + Chaos.Delay + (Chaos.DelaySpread > TimeSpan.Zero ? Chaos.DelaySpread * chance.NextDouble() : TimeSpan.Zero);
        due = due > latestDue ? due : latestDue;
        if (Happens(Chaos.Reorder))
        {
            Counts = Counts with { WritesHeldBack = Counts.WritesHeldBack + 1 };
            due += Chaos.HoldBack;
        }
        else
        {
            latestDue = due;
        }

        waiting.Enqueue(rest, (due, order++));
        if (IsDoubled())
        {
            waiting.Enqueue(rest, (due, order++));
        }
    }

    /// <summary>Takes one byte in that passes everything which waits, but not a stall.</summary>
    public void TakeUrgent(byte value, TimeSpan now)
    {
        if (Survive([value], now) is byte[] rest)
        {
            urgent.Enqueue(rest);
            if (IsDoubled())
            {
                urgent.Enqueue(rest);
            }
        }
    }

    /// <summary>What comes out now: what is urgent, and the rest in its order.</summary>
    public (List<byte[]> Urgent, List<byte[]> InTurn) Emit(TimeSpan now)
    {
        (List<byte[]> first, List<byte[]> inTurn) = ([], []);
        while (NextDue <= now)
        {
            if (urgent.TryDequeue(out byte[]? bytes))
            {
                first.Add(bytes);
            }
            else
            {
                inTurn.Add(EmitInTurn());
            }
        }

        return (first, inTurn);
    }

    private byte[] EmitInTurn()
    {
        if (trickled == trickling.Length)
        {
            TimeSpan due = NextDue;
            byte[] next = waiting.Dequeue();
            if (Chaos.BytesPerSecond == 0)
            {
                return next;
            }

            (trickling, trickled) = (next, 0);
            exitFreeAt = due;
        }

        exitFreeAt += Chaos.BytesPerSecond == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(1) / Chaos.BytesPerSecond;
        return [trickling[trickled++]];
    }

    // What is left of a write, or null when it is lost with all its bytes.
    private byte[]? Survive(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        Counts = Counts with { Writes = Counts.Writes + 1, Bytes = Counts.Bytes + bytes.Length };
        if (!IsCut && Happens(Chaos.Cut))
        {
            Cut();
        }

        if (IsCut)
        {
            return null;
        }

        if (Happens(Chaos.DropWrite))
        {
            Counts = Counts with { WritesDropped = Counts.WritesDropped + 1 };
            return null;
        }

        if (now >= stalledUntil && Happens(Chaos.Stall))
        {
            Counts = Counts with { Stalls = Counts.Stalls + 1 };
            stalledUntil = now + Chaos.StallTime;
        }

        byte[] rest = Damage(bytes);
        return rest.Length > 0 ? rest : null;
    }

    private byte[] Damage(ReadOnlySpan<byte> bytes)
    {
        byte[] rest = new byte[bytes.Length];
        int length = 0;
        int damaged = 0;
        foreach (byte value in bytes)
        {
            if (Happens(Chaos.DropByte))
            {
                continue;
            }

            bool changed = Happens(Chaos.DamageByte);
            damaged += changed ? 1 : 0;
            rest[length++] = changed ? (byte)(value ^ chance.Next(1, 256)) : value;
        }

        Counts = Counts with { BytesDropped = Counts.BytesDropped + bytes.Length - length, BytesDamaged = Counts.BytesDamaged + damaged };
        return rest[..length];
    }

    private bool IsDoubled()
    {
        bool doubled = Happens(Chaos.DuplicateWrite);
        Counts = doubled ? Counts with { WritesDuplicated = Counts.WritesDuplicated + 1 } : Counts;
        return doubled;
    }

    private bool Happens(double probability) => probability > 0 && chance.NextDouble() < probability;
}
