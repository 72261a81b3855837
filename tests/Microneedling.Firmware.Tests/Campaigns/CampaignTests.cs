// People who do everything in the wrong order, hosts that say anything, lines that are bad, benches that break: at random,
// for a long time, on every kind of board. What must always hold is in Invariants.cs. When something does not, the seed and
// the shortest list of deeds that still breaks it are printed as a test to paste.

using System.Globalization;
using Microneedling.SimulatedBoard;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests.Campaigns;

/// <summary>Seeds of the ordinary run; MICRONEEDLING_CAMPAIGN_SEEDS=n makes it n for each temperament.</summary>
internal static class Campaign
{
    private static readonly ImperfectionLevel[] Levels = Enum.GetValues<ImperfectionLevel>();

    public static IEnumerable<int> Seeds(int inCi)
    {
        string? asked = Environment.GetEnvironmentVariable("MICRONEEDLING_CAMPAIGN_SEEDS");
        return Enumerable.Range(1, asked is null ? inCi : int.Parse(asked, CultureInfo.InvariantCulture));
    }

    public static (BoardOptions Options, Deed[] Deeds) Plan(int seed, Temperament temperament, int seconds)
    {
        BoardOptions options = new()
        {
            Seed = seed,
            Imperfections = Levels[seed % Levels.Length],
            Chip = seed % 5 == 0 ? BoardChip.Esp32Rev3 : BoardChip.Esp32S3,
            Platform = seed % 4 == 0 ? PlatformBehaviour.Worst : PlatformBehaviour.Nominal,
        };
        return (options, DeedMaker.Make((seed * 3) + (int)temperament, temperament, seconds));
    }

    public static void Run(ITestOutputHelper output, int seed, Temperament temperament, int seconds)
    {
        (BoardOptions options, Deed[] deeds) = Plan(seed, temperament, seconds);
        Outcome outcome = Scenario.Run(options, deeds);
        output.WriteLine($"Seed {seed}: {outcome.AtMicroseconds / 1e6:0} s of device time, {outcome.Strokes} strokes.");
        if (outcome.Broken is not null)
        {
            Deed[] shortest = Shrinker.Shrink(deeds, outcome, few => Scenario.Run(options, few));
            output.WriteLine(Scenario.Print(options, shortest));
            Assert.Fail($"Seed {seed}: {Scenario.Run(options, shortest).How}");
        }
    }
}

/// <summary>Long glides, which make most of the strokes, and mistakes.</summary>
public sealed class OperatorCampaignTests(ITestOutputHelper output)
{
    public static TheoryData<int> GlidingSeeds => [.. Campaign.Seeds(40)];

    public static TheoryData<int> ClumsySeeds => [.. Campaign.Seeds(60)];

    [Theory]
    [MemberData(nameof(GlidingSeeds))]
    public void In_long_glides_with_small_mischief_everything_holds(int seed) => Campaign.Run(output, seed, Temperament.Gliding, 600);

    [Theory]
    [MemberData(nameof(ClumsySeeds))]
    public void Whatever_an_operator_does_everything_holds(int seed) => Campaign.Run(output, seed, Temperament.Clumsy, 300);
}

/// <summary>Mistakes and disasters.</summary>
public sealed class HostileCampaignTests(ITestOutputHelper output)
{
    public static TheoryData<int> Seeds => [.. Campaign.Seeds(150)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_anybody_does_and_whatever_breaks_everything_holds(int seed) => Campaign.Run(output, seed, Temperament.Hostile, 300);
}
