using Microneedling.SimulatedBoard;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests.Campaigns;

/// <summary>The shrinker proved by an invariant that is wrong on purpose, and the campaign by being repeatable.</summary>
public sealed class ShrinkerTests(ITestOutputHelper output)
{
    private const string Wrong = "nobody ever strokes deeper than the recovery does";
    private const double RecoveryMicrometers = 1_250;

    private static Outcome RunWithWrongInvariant(BoardOptions options, Deed[] deeds) => Scenario.Run(options, deeds, board =>
    {
        if (board.Bench.TipMicrometers > RecoveryMicrometers)
        {
            throw new InvariantBrokenException(Wrong, "deeper");
        }
    });

    [Fact]
    public void A_wrong_invariant_is_broken_and_the_scenario_shrinks_to_the_few_deeds_that_it_takes()
    {
        BoardOptions options = new() { Seed = 7, StageMicrometers = -1100, CamMicrosteps = 0 };
        Deed[] deeds = DeedMaker.Make(7, Temperament.Clumsy, 300);
        Outcome outcome = RunWithWrongInvariant(options, deeds);
        Assert.Equal(Wrong, outcome.Broken);

        Deed[] shortest = Shrinker.Shrink(deeds, outcome, few => RunWithWrongInvariant(options, few));
        string text = Scenario.Print(options, shortest);
        output.WriteLine($"{deeds.Length} deeds became {shortest.Length}:");
        output.WriteLine(text);

        Assert.Equal(Wrong, RunWithWrongInvariant(options, shortest).Broken);
        Assert.InRange(shortest.Length, 1, 6);
        Assert.StartsWith("Scenario.Replay(output, 7, new BoardOptions {", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_deeds_runs_the_same_way_twice()
    {
        BoardOptions options = new() { Seed = 5, Imperfections = ImperfectionLevel.Dynamic, Platform = PlatformBehaviour.Worst };
        Deed[] deeds = DeedMaker.Make(5, Temperament.Hostile, 60);

        Assert.Equal(Scenario.Run(options, deeds), Scenario.Run(options, deeds));
        Assert.Equal(deeds, DeedMaker.Make(5, Temperament.Hostile, 60));
    }

    [Fact]
    public void A_deed_is_printed_as_the_code_that_makes_it()
    {
        Assert.Equal("new Deed(1500, DeedKind.Configure, 800, 60000, 1500)", new Deed(1500, DeedKind.Configure, 800, 60000, 1500).ToString());
        Assert.Equal("new Deed(0, DeedKind.Hello)", new Deed(0, DeedKind.Hello).ToString());
        Assert.Equal("Deed.Break(20, BenchFault.IndexStuckLow, -1)", Deed.Break(20, BenchFault.IndexStuckLow).ToString());
    }

    [Fact]
    public void A_scenario_can_be_replayed_from_its_list() => Scenario.Replay(output, 3, new BoardOptions { Imperfections = ImperfectionLevel.Dynamic },
    [
        new Deed(0, DeedKind.Hello),
        new Deed(1_000_000, DeedKind.Proceed, 800, 60000),
        new Deed(5_000_000, DeedKind.Proceed, 800, 60000),
        new Deed(9_000_000, DeedKind.Proceed, 800, 60000),
        Deed.Break(10_000_000, BenchFault.NeedleMotorJammed, 500),
    ]);
}
