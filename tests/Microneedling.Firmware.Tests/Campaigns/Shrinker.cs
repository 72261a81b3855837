// Makes a failing list of deeds as short and as plain as it can while it still breaks the same invariant: what came after
// goes, then chunks, then single deeds; then times are pulled together and numbers made smaller. Deterministic; gives up
// after a number of runs.

namespace Microneedling.Firmware.Tests.Campaigns;

/// <summary>Shortens failing lists.</summary>
public static class Shrinker
{
    private const int MostRuns = 400;

    /// <summary>The shortest list found.</summary>
    /// <param name="deeds">What failed.</param>
    /// <param name="outcome">How.</param>
    /// <param name="run">Runs a list.</param>
    public static Deed[] Shrink(Deed[] deeds, Outcome outcome, Func<Deed[], Outcome> run)
    {
        int left = MostRuns;
        bool Breaks(Deed[] few) => left-- > 0 && run(few).Broken == outcome.Broken;

        Deed[] shortest = [.. deeds.OrderBy(deed => deed.AtMicroseconds)];
        Deed[] before = Array.FindAll(shortest, deed => deed.AtMicroseconds <= outcome.AtMicroseconds);
        shortest = Breaks(before) ? before : shortest;
        for (int length = -1; left > 0 && length != shortest.Length;)
        {
            length = shortest.Length;
            shortest = Delete(shortest, Breaks);
        }

        shortest = PullTogether(shortest, Breaks);
        shortest = SimplifyNumbers(shortest, Breaks);
        return Delete(shortest, Breaks);
    }

    private static Deed[] Delete(Deed[] deeds, Func<Deed[], bool> breaks)
    {
        for (int chunk = Math.Max(1, deeds.Length / 2); chunk > 0; chunk /= 2)
        {
            for (int at = deeds.Length - chunk; at >= 0; at -= chunk)
            {
                Deed[] fewer = [.. deeds[..at], .. deeds[(at + chunk)..]];
                if (breaks(fewer))
                {
                    deeds = fewer;
                    at = Math.Min(at, deeds.Length);
                }
            }
        }

        return deeds;
    }

    // The gap before each deed: none, or without its whole seconds, tenths and ticks, or a round one, or a part of it.
    private static Deed[] PullTogether(Deed[] deeds, Func<Deed[], bool> breaks)
    {
        for (int i = 0; i < deeds.Length; i++)
        {
            long gap = deeds[i].AtMicroseconds - (i == 0 ? 0 : deeds[i - 1].AtMicroseconds);
            foreach (long smaller in new[] { 0, gap % 10_000, gap % 100_000, gap % 1_000_000, gap / 4, gap / 2, gap / 1_000_000 * 1_000_000, gap / 100_000 * 100_000, gap / 1_000 * 1_000 }.Distinct().Where(one => one < gap))
            {
                int from = i;
                Deed[] closer = [.. deeds.Select((deed, index) => index < from ? deed : deed with { AtMicroseconds = deed.AtMicroseconds - gap + smaller })];
                if (breaks(closer))
                {
                    deeds = closer;
                    break;
                }
            }
        }

        return deeds;
    }

    private static Deed[] SimplifyNumbers(Deed[] deeds, Func<Deed[], bool> breaks)
    {
        for (int i = 0; i < deeds.Length; i++)
        {
            foreach (Func<Deed, Deed> simpler in Simplifications)
            {
                Deed[] plainer = [.. deeds];
                plainer[i] = simpler(plainer[i]);
                if (plainer[i] != deeds[i] && breaks(plainer))
                {
                    deeds = plainer;
                }
            }
        }

        return deeds;
    }

    private static readonly Func<Deed, Deed>[] Simplifications =
    [
        deed => deed.Kind == DeedKind.Break ? deed : deed with { A = 0 },
        deed => deed.Kind == DeedKind.Break ? deed : deed with { A = deed.A / 1_000 * 1_000 },
        deed => deed.Kind == DeedKind.Break ? deed : deed with { A = deed.A / 100 * 100 },
        deed => deed.Kind == DeedKind.Break ? deed : deed with { A = deed.A / 10 * 10 },
        deed => deed with { B = 0 },
        deed => deed with { B = deed.B / 1_000 * 1_000 },
        deed => deed with { B = deed.B / 100 * 100 },
        deed => deed with { C = 0 },
        deed => deed with { D = 0 },
        deed => deed with { E = 0 },
    ];
}
