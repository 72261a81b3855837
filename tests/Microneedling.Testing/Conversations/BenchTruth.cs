// What the needles really did, between two moments of a conversation: strokes with the tips out of the nosecone, the deepest
// of them, and where the stage stands in the end.

using System.Globalization;
using System.Text.RegularExpressions;
using Microneedling.SimulatedBoard;

namespace Microneedling.Testing.Conversations;

/// <summary>What the bench saw of the needles since the last look.</summary>
/// <param name="StrokesOut">Strokes with the tips out of the nosecone.</param>
/// <param name="DeepestMicrometers">The deepest tip of those strokes; 0 without any.</param>
/// <param name="StageMicrometers">Where the depth stage stands.</param>
public sealed partial record BenchTruth(int StrokesOut, int DeepestMicrometers, int StageMicrometers)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static BenchTruth Parse(string words)
    {
        Match match = Words().Match(words);
        int Number(int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        return match.Success ? new BenchTruth(Number(1), Number(2), Number(3)) : throw new FormatException($"'{words}' is no truth of the bench.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{StrokesOut} strokes out of the nosecone, deepest {DeepestMicrometers} um, stage at {StageMicrometers} um");

    [GeneratedRegex(@"^(\d+) strokes out of the nosecone, deepest (-?\d+) um, stage at (-?\d+) um$")]
    private static partial Regex Words();
}

/// <summary>Looks at a bench again and again, each time since the last.</summary>
public sealed class BenchWitness(Bench bench)
{
    private int seen = bench.Strokes.Count;

    /// <summary>Strokes out of the nosecone since the last <see cref="Look"/>.</summary>
    public int StrokesOut => New.Count();

    private IEnumerable<StrokeRecord> New => bench.Strokes.Skip(seen).Where(static stroke => stroke.DeepestTipMicrometers > 0);

    /// <summary>What happened since the last look.</summary>
    public BenchTruth Look()
    {
        StrokeRecord[] strokes = [.. New];
        seen = bench.Strokes.Count;
        double deepest = strokes.Length == 0 ? 0 : strokes.Max(static stroke => stroke.DeepestTipMicrometers);
        return new BenchTruth(strokes.Length, (int)Math.Round(deepest), (int)Math.Round(bench.StageMicrometers));
    }
}
