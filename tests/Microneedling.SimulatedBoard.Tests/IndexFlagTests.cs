// The index flag's closed form against a loop over every microstep, for flags that are too wide, too narrow and jittery.

using Microneedling.SimulatedBoard.Mechanics;
using Xunit.Abstractions;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class IndexFlagTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(ImperfectionLevel.Ideal, 1)]
    [InlineData(ImperfectionLevel.Static, 2)]
    [InlineData(ImperfectionLevel.Static, 3)]
    [InlineData(ImperfectionLevel.Dynamic, 4)]
    [InlineData(ImperfectionLevel.Dynamic, 5)]
    [InlineData(ImperfectionLevel.Dynamic, 6)]
    public void Counted_edges_and_level_agree_at_every_microstep(ImperfectionLevel level, int seed)
    {
        output.WriteLine($"Seed {seed}.");
        foreach (bool doubled in new[] { false, true })
        {
            IndexFlag flag = new(new Imperfections(level, seed)) { Doubled = doubled };
            bool high = flag.Shows(0);
            (long rises, long falls) = (flag.Rises(0), flag.Falls(0));
            for (int angle = 1; angle < 40_000; angle++)
            {
                rises += flag.Shows(angle) && !high ? 1 : 0;
                falls += !flag.Shows(angle) && high ? 1 : 0;
                high = flag.Shows(angle);
                Assert.Equal((rises, falls), (flag.Rises(angle), flag.Falls(angle)));
            }

            Assert.Equal(doubled ? 200 : 100, falls - new IndexFlag(new Imperfections(level, seed)) { Doubled = doubled }.Falls(0));
        }
    }

    [Fact]
    public void The_flag_is_at_most_5_percent_wider_or_narrower_from_device_to_device_and_its_edges_stray_by_2_microsteps()
    {
        HashSet<int> widths = [];
        for (int seed = 1; seed <= 200; seed++)
        {
            int width = Width(new IndexFlag(new Imperfections(ImperfectionLevel.Static, seed)), 0);
            Assert.InRange(width, 101 - 5, 101 + 5);
            widths.Add(width);
        }

        Assert.Equal(11, widths.Count);
        output.WriteLine("Seeds 1 … 200, then 7.");
        int steady = Width(new IndexFlag(new Imperfections(ImperfectionLevel.Static, 7)), 0);
        IndexFlag jittery = new(new Imperfections(ImperfectionLevel.Dynamic, 7));
        int[] strokes = [.. Enumerable.Range(0, 500).Select(stroke => Width(jittery, stroke * 400))];
        Assert.All(strokes, width => Assert.InRange(width, steady - 4, steady + 4));
        Assert.True(strokes.Distinct().Count() > 6);
    }

    [Fact]
    public void A_doubled_index_counts_two_pulses_a_stroke_and_mending_it_gives_one_again()
    {
        Mechanism mechanism = new(0, 100, 0);
        mechanism.Drive(Signal.WatchdogToggle, true, 0);
        mechanism.Drive(Signal.NeedleEnable, true, 0);
        mechanism.Safety.SetWatchdogFaults(noEdgesArrive: false, neverOpens: true, 0);
        mechanism.DrivePulses(Signal.NeedleStep, 4_000, 0);
        Assert.Equal(10, RisesIn(mechanism, 0, 1_000_000));
        mechanism.SetFault(BenchFault.IndexDoubled, true, 1_000_000);
        Assert.Equal(20, RisesIn(mechanism, 1_000_000, 2_000_000));
        mechanism.SetFault(BenchFault.IndexDoubled, false, 2_000_000);
        Assert.Equal(10, RisesIn(mechanism, 2_000_000, 3_000_000));
    }

    private static long RisesIn(Mechanism mechanism, long from, long to)
    {
        long before = mechanism.IndexEdges(from).Rises;
        return mechanism.IndexEdges(to).Rises - before;
    }

    private static int Width(IndexFlag flag, int top) => Enumerable.Range(top - 100, 200).Count(angle => flag.Shows(angle));
}
