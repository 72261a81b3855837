// The lines that the campaigns run over, and how long they run. MICRONEEDLING_CAMPAIGN_SEEDS=n makes it n seeds for each.

using System.Globalization;

namespace Microneedling.Client.Tests.Campaigns;

/// <summary>What is wrong with the line.</summary>
public enum BadLine
{
    /// <summary>Each byte is damaged or lost with a chance of 5 %.</summary>
    Noisy,

    /// <summary>Writes come twice, late, and in another order; a few are damaged.</summary>
    Jumbled,

    /// <summary>Writes are lost, and some reach the device so late that their command has been settled meanwhile.</summary>
    Late,

    /// <summary>Nothing passes for a while, now and then longer than the link endures; then everything.</summary>
    Stalling,

    /// <summary>One byte at a time, hardly faster than what is said, and some damaged.</summary>
    Slow,

    /// <summary>Cut every few seconds.</summary>
    Breaking,
}

/// <summary>The table of lines.</summary>
internal static class BadLines
{
    private static readonly Dictionary<BadLine, LineChaos> Table = new()
    {
        [BadLine.Noisy] = new LineChaos { DropByte = 0.025, DamageByte = 0.025 },
        [BadLine.Jumbled] = new LineChaos
        {
            DropByte = 0.002,
            DamageByte = 0.002,
            DropWrite = 0.4,
            DuplicateWrite = 0.3,
            Delay = Milliseconds(5),
            DelaySpread = Milliseconds(60),
            Reorder = 0.3,
            HoldBack = Milliseconds(400),
        },
        [BadLine.Late] = new LineChaos { DropWrite = 0.25, DuplicateWrite = 0.1, Reorder = 0.6, HoldBack = Milliseconds(2_500) },
        [BadLine.Stalling] = new LineChaos { DropWrite = 0.1, DuplicateWrite = 0.1, Stall = 0.04, StallTime = Milliseconds(900), DamageByte = 0.003 },
        [BadLine.Slow] = new LineChaos { BytesPerSecond = 700, DamageByte = 0.02, Reorder = 0.05, HoldBack = Milliseconds(200) },
        [BadLine.Breaking] = new LineChaos { Cut = 0.005, DropByte = 0.005, DamageByte = 0.005, DuplicateWrite = 0.1 },
    };

    /// <summary>Every line with every seed.</summary>
    public static TheoryData<BadLine, int> Each(int inCi)
    {
        TheoryData<BadLine, int> data = [];
        foreach (int seed in Seeds(inCi))
        {
            foreach (BadLine line in Enum.GetValues<BadLine>())
            {
                data.Add(line, seed);
            }
        }

        return data;
    }

    public static IEnumerable<int> Seeds(int inCi)
    {
        string? asked = Environment.GetEnvironmentVariable("MICRONEEDLING_CAMPAIGN_SEEDS");
        return Enumerable.Range(1, asked is null ? inCi : int.Parse(asked, CultureInfo.InvariantCulture));
    }

    /// <summary>Longest that a line which has become calm still brings something from before.</summary>
    public static readonly TimeSpan LongestHeldBack = TimeSpan.FromSeconds(2.6);

    // A report that comes a second late would be taken for one of a device that has restarted.
    public static ChaosPlan Plan(BadLine line) => line == BadLine.Late
        ? new ChaosPlan(Table[line], new LineChaos { DropWrite = 0.6 })
        : ChaosPlan.BothWays(Table[line]);

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);
}
