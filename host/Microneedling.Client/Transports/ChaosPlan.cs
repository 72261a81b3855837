namespace Microneedling.Client;

/// <summary>What a <see cref="ChaosTransport"/> does, each way on its own. Without anything said: nothing.</summary>
/// <param name="ToDevice">To what the host writes.</param>
/// <param name="ToHost">To what the host reads; here a write is what one reading of the line brought.</param>
public sealed record ChaosPlan(LineChaos ToDevice, LineChaos ToHost)
{
    /// <summary>Everything passes as it is.</summary>
    public static ChaosPlan Calm { get; } = new(new LineChaos(), new LineChaos());

    /// <summary>The same both ways.</summary>
    public static ChaosPlan BothWays(LineChaos chaos) => new(chaos, chaos);
}

/// <summary>What is done to one direction of a line. Chances are 0 (never) … 1 (always).</summary>
public sealed record LineChaos
{
    /// <summary>Chance that a byte is lost.</summary>
    public double DropByte { get; init; }

    /// <summary>Chance that a byte becomes another one.</summary>
    public double DamageByte { get; init; }

    /// <summary>Chance that a whole write is lost.</summary>
    public double DropWrite { get; init; }

    /// <summary>Chance that a write comes twice, once behind the other.</summary>
    public double DuplicateWrite { get; init; }

    /// <summary>How long every write takes at least.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How much longer than <see cref="Delay"/> it may take, by chance; the order is kept.</summary>
    public TimeSpan DelaySpread { get; init; }

    /// <summary>Chance that a write is held back for <see cref="HoldBack"/>, and those behind it overtake it.</summary>
    public double Reorder { get; init; }

    /// <summary>How long a reordered write is held back.</summary>
    public TimeSpan HoldBack { get; init; }

    /// <summary>Chance that with a write the line stalls: nothing passes for <see cref="StallTime"/>, then everything.</summary>
    public double Stall { get; init; }

    /// <summary>How long a stall lasts.</summary>
    public TimeSpan StallTime { get; init; }

    /// <summary>Chance that with a write the line is cut: this way is closed from then on, and the write is lost.</summary>
    public double Cut { get; init; }

    /// <summary>When not 0, what passes comes one byte at a time, so many a second.</summary>
    public int BytesPerSecond { get; init; }
}

/// <summary>What has been done to one direction of a line so far.</summary>
public sealed record ChaosCounts
{
    /// <summary>Writes taken in.</summary>
    public long Writes { get; init; }

    /// <summary>Bytes taken in.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes lost one by one; those of lost writes not counted.</summary>
    public long BytesDropped { get; init; }

    /// <summary>Bytes that became others.</summary>
    public long BytesDamaged { get; init; }

    /// <summary>Writes lost.</summary>
    public long WritesDropped { get; init; }

    /// <summary>Writes that came twice.</summary>
    public long WritesDuplicated { get; init; }

    /// <summary>Writes held back for others to overtake.</summary>
    public long WritesHeldBack { get; init; }

    /// <summary>Stalls begun.</summary>
    public long Stalls { get; init; }
}
