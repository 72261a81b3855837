// One run of a list of deeds: on a new board, with the invariants looked at all the time, and at its end the question that a
// person would ask: everything mended, can one treat again and park? Same options, same deeds: same run.

using System.Globalization;
using System.Text;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests.Campaigns;

/// <summary>How a run ended.</summary>
/// <param name="Broken">The invariant that broke, or null.</param>
/// <param name="How">How it broke.</param>
/// <param name="AtMicroseconds">Board time since the deeds began.</param>
/// <param name="Strokes">Strokes that the cam made.</param>
public sealed record Outcome(string? Broken, string How, long AtMicroseconds, long Strokes);

/// <summary>Runs lists of deeds.</summary>
public static class Scenario
{
    /// <summary>What breaks when the device cannot be brought back to work.</summary>
    public const string Recovery = "every state can be left";

    private const string Counting = "the stroke counter tells the truth";
    private const long AfterLastDeed = 3_000_000;
    private const long RecoveryStep = 250_000;
    private const int RecoverySteps = 320;
    private const long StrokesOfRecovery = 80;
    private const int Attempts = 3;

    // One for the flag that the cam stands in, one for the stroke under way while the status travelled.
    private const long StrokesUnsure = 2;

    private static readonly BenchFault[] MiscountingFaults =
    [
        BenchFault.IndexStuckLow, BenchFault.IndexStuckHigh, BenchFault.IndexDoubled,
    ];

    /// <summary>Runs a list that was printed by a campaign; fails as the campaign did.</summary>
    public static void Replay(ITestOutputHelper output, int seed, BoardOptions options, Deed[] deeds)
    {
        Outcome outcome = Run(TraceFiles.Apply(options with { Seed = seed }, output.WriteLine), deeds);
        output.WriteLine($"{outcome.AtMicroseconds / 1e6:0.000} s, {outcome.Strokes} strokes.");
        Assert.True(outcome.Broken is null, $"{outcome.How} at {outcome.AtMicroseconds / 1e6:0.000} s");
    }

    /// <summary>Runs a list of deeds.</summary>
    /// <param name="options">The board.</param>
    /// <param name="deeds">The deeds, in any order.</param>
    /// <param name="extraLook">Looks at the board beside the invariants, to the same purpose; or null.</param>
    public static Outcome Run(BoardOptions options, IReadOnlyList<Deed> deeds, Action<VirtualBoard>? extraLook = null)
    {
        using var person = new Operator(options);
        var invariants = new Invariants(person.Board, person.Promises);
        long begin = person.Board.NowMicroseconds;
        string? broken = null;
        string how = "";
        try
        {
            using IDisposable watch = person.Board.Watch(Invariants.LookMicroseconds, board =>
            {
                invariants.Look();
                extraLook?.Invoke(board);
            });
            person.Schedule(deeds);
            long end = deeds.Count == 0 ? 0 : deeds.Max(deed => deed.AtMicroseconds);
            person.Board.RunFor(end + AfterLastDeed);
            person.MendEverything();
            Recover(person, options.Platform.LostEdgesPerMillion);
        }
        catch (InvariantBrokenException exception)
        {
            (broken, how) = (exception.Invariant, exception.Message);
        }

        return new Outcome(broken, how, person.Board.NowMicroseconds - begin, person.Bench.StrokesCompleted);
    }

    /// <summary>A run as C# to be pasted into a test.</summary>
    public static string Print(BoardOptions options, IEnumerable<Deed> deeds)
    {
        var text = new StringBuilder();
        string chip = options.Chip == BoardChip.Esp32S3 ? "" : $"Chip = BoardChip.{options.Chip}, ";
        string platform = options.Platform == PlatformBehaviour.Worst ? ", Platform = PlatformBehaviour.Worst" : "";
        text.AppendLine(CultureInfo.InvariantCulture, $"Scenario.Replay(output, {options.Seed}, new BoardOptions {{ {chip}Imperfections = ImperfectionLevel.{options.Imperfections}{platform} }},");
        text.AppendLine("[");
        foreach (Deed deed in deeds)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"    {deed},");
        }

        return text.Append("]);").ToString();
    }

    private static void Recover(Operator person, int lostEdges)
    {
        // What slipped before is found, and becomes a fault, at the first parking.
        person.Do(new Deed(0, DeedKind.Stop));
        bool parked = false;
        bool tipsOut = false;
        for (int attempt = 0; attempt < Attempts && !parked; attempt++)
        {
            long strokesAtFirst = person.Bench.StrokesCompleted;
            tipsOut = false;
            bool Stroked()
            {
                tipsOut |= person.Bench.NeedlesOut;
                return person.Bench.StrokesCompleted - strokesAtFirst >= StrokesOfRecovery;
            }

            if (!Until(person, Stroked, proceed: true))
            {
                throw Stuck(person, "no strokes");
            }

            person.Do(new Deed(0, DeedKind.Stop));
            _ = Until(person, () => Is(person, DeviceState.Parked) || Is(person, DeviceState.Faulted), proceed: false);
            parked = Is(person, DeviceState.Parked);
        }

        if (!parked || !tipsOut)
        {
            throw Stuck(person, parked ? "no strokes out of the nosecone" : "not parked");
        }

        person.Do(new Deed(0, DeedKind.Ask, (int)MessageId.StatusRequest));
        person.Board.RunFor(RecoveryStep);
        long counted = person.Host.Status!.StrokeCount;
        long made = person.Bench.StrokesCompleted - person.TopsAtPowerOn;
        bool miscounts = lostEdges > 0 || person.Promises.WasBroken(MiscountingFaults);
        if (!miscounts && Math.Abs(counted - made) > StrokesUnsure)
        {
            throw new InvariantBrokenException(Counting, string.Create(CultureInfo.InvariantCulture, $"{counted} counted, {made} made"));
        }
    }

    private static bool Is(Operator person, DeviceState state) =>
        person.Host.Status?.State == (byte)state && !person.Bench.NeedleDriverEnabled && !person.Bench.DepthDriverEnabled;

    private static bool Until(Operator person, Func<bool> met, bool proceed)
    {
        for (int i = 0; i < RecoverySteps; i++)
        {
            if (proceed)
            {
                person.Do(new Deed(0, DeedKind.Proceed, 1200, 30000));
            }

            if (person.Board.RunUntil(met, RecoveryStep))
            {
                return true;
            }
        }

        return false;
    }

    private static InvariantBrokenException Stuck(Operator person, string what) => new(
        Recovery,
        $"{what} after {RecoverySteps * RecoveryStep / 1_000_000} s: {(DeviceState?)person.Host.Status?.State}, {(FaultCode?)person.Host.Status?.Fault}, refused {person.LatestRefusal}");
}
