// A device that is used for years: millions of strokes in one run. What would show only then is looked at: memory that
// grows, a counter that drifts or wraps, a position that creeps.

using System.Globalization;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests.Campaigns;

/// <summary>Runs alone: what it measures is the whole process's.</summary>
[CollectionDefinition(nameof(LongRunTests), DisableParallelization = true)]
public static class LongRunAlone;

/// <summary>200 000 strokes in the ordinary run; MICRONEEDLING_LONG_RUN_STROKES=10000000 for ten million.</summary>
[Collection(nameof(LongRunTests))]
public sealed class LongRunTests(ITestOutputHelper output)
{
    private const int DepthMicrometers = 1500;
    private const int RateMillihertz = 100_000;
    private const int StrokesOfWarmUp = 40_000;
    private const int Samples = 8;

    // The collector's own bookkeeping and the queues of the test's host.
    private const long MemoryToleranceBytes = 256 * 1024;
    private const long StrokesUnsure = 2;
    private const long CarryOn = 500_000;

    private static long StrokesAsked =>
        long.Parse(Environment.GetEnvironmentVariable("MICRONEEDLING_LONG_RUN_STROKES") ?? "200000", CultureInfo.InvariantCulture);

    [Fact]
    public void In_a_very_long_run_memory_stays_flat_and_the_stroke_counter_stays_true()
    {
        using var person = new Operator(new BoardOptions { Seed = 9, Imperfections = ImperfectionLevel.Dynamic });
        var invariants = new Invariants(person.Board, person.Promises);
        using IDisposable watch = person.Board.Watch(Invariants.LookMicroseconds, _ => invariants.Look());
        Stroke(person, StrokesOfWarmUp);
        List<long> memory = [Memory()];
        for (int sample = 1; sample <= Samples; sample++)
        {
            Stroke(person, StrokesOfWarmUp + ((StrokesAsked - StrokesOfWarmUp) * sample / Samples));
            memory.Add(Memory());
            AssertCounted(person);
        }

        output.WriteLine($"{person.Bench.StrokesCompleted} strokes in {person.Board.NowMicroseconds / 3.6e9:0.0} h of device time, memory {string.Join(", ", memory.Select(bytes => bytes / 1024))} KiB.");
        Assert.InRange(person.Bench.StrokesCompleted, StrokesAsked, long.MaxValue);
        Assert.InRange(memory[^1] - memory[0], long.MinValue, MemoryToleranceBytes);
        Assert.Equal(0, person.Bench.StageStepsLost);
    }

    private static void Stroke(Operator person, long strokes)
    {
        while (person.Bench.StrokesCompleted < strokes)
        {
            person.Do(new Deed(0, DeedKind.Proceed, DepthMicrometers, RateMillihertz));
            person.Board.RunFor(CarryOn);
        }
    }

    private static void AssertCounted(Operator person)
    {
        person.Do(new Deed(0, DeedKind.Stop));
        person.Board.RunFor(6_000_000);
        person.Do(new Deed(0, DeedKind.Ask, (int)MessageId.StatusRequest));
        person.Board.RunFor(CarryOn);

        long made = person.Bench.StrokesCompleted - person.TopsAtPowerOn;
        Assert.InRange(person.Host.Status!.StrokeCount, made - StrokesUnsure, made + StrokesUnsure);
    }

    private static long Memory() => GC.GetTotalMemory(forceFullCollection: true);
}
