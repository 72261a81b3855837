using System.Diagnostics;
using System.Globalization;
using Microneedling.Firmware.Tests.Campaigns;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Promises = Microneedling.Benchmarks.Results.Promises;

namespace Microneedling.Benchmarks.Device;

/// <summary>Random operators, hosts, lines and breakages against what must always hold: the tests' campaign, counted.</summary>
internal static class CampaignPart
{
    private const int SpeedSeconds = 110;
    private const int SpeedRate = 100_000;
    private const int SpeedDepth = 1_500;

    private static readonly (Temperament Temperament, int Seconds, int Quick, int Full)[] Runs =
    [
        (Temperament.Gliding, 600, 16, 80),
        (Temperament.Clumsy, 300, 8, 120),
        (Temperament.Hostile, 300, 16, 300),
    ];

    private static readonly DeedKind[] Faults =
    [
        DeedKind.Break, DeedKind.Sag, DeedKind.Mains, DeedKind.FlashFails, DeedKind.DamageSettings, DeedKind.PowerCut, DeedKind.Slip, DeedKind.Noise, DeedKind.CutLine,
        DeedKind.Silence, DeedKind.Garbage, DeedKind.Pause, DeedKind.EmergencyStop, DeedKind.Cartridge,
    ];

    public static IEnumerable<Finding> Measure(Size size)
    {
        (int Seed, Temperament Temperament, int Seconds)[] plans =
            [.. Runs.SelectMany(run => Enumerable.Range(1, size.Of(run.Quick, run.Full)).Select(seed => (seed, run.Temperament, run.Seconds)))];
        (Deed[] Deeds, Outcome Outcome)[] results = new (Deed[], Outcome)[plans.Length];
        long began = Stopwatch.GetTimestamp();
        Parallel.For(0, plans.Length, Cores.All, i =>
        {
            (BoardOptions options, Deed[] deeds) = Campaign.Plan(plans[i].Seed, plans[i].Temperament, plans[i].Seconds);
            results[i] = (deeds, Scenario.Run(options, deeds));
        });
        TimeSpan took = Stopwatch.GetElapsedTime(began);

        long strokes = results.Sum(result => result.Outcome.Strokes);
        double hours = results.Sum(result => result.Outcome.AtMicroseconds) / 3.6e9;
        string[] broken = [.. results.Select((result, i) => (result, i)).Where(one => one.result.Outcome.Broken is not null)
            .Select(one => $"{plans[one.i].Temperament} {plans[one.i].Seed}: {one.result.Outcome.How}")];
        yield return Promises.Of("campaign.strokes", strokes, string.Create(CultureInfo.InvariantCulture, $"{plans.Length} runs on boards of both chips, three imperfection levels, a quarter on the worst platform; {hours:0.0} h of device time in {took.TotalSeconds:0} s"));
        yield return Promises.Of("campaign.violations", broken.Length, $"of what must always hold, looked at every 5 ms of each run in the board's physics{(broken.Length == 0 ? "" : ": " + string.Join("; ", broken))}");
        ILookup<string, Deed> faults = results.SelectMany(result => result.Deeds).Where(deed => Faults.Contains(deed.Kind)).ToLookup(NameOf);
        yield return Figure.Told("campaign.faults", faults.Sum(kind => kind.Count()), "", "injected: " + string.Join(", ", faults.OrderByDescending(kind => kind.Count()).Select(kind => $"{kind.Count()} {kind.Key}")));
        double[] speeds = [.. Enumerable.Range(1, size.Of(3, 15)).Select(Speed)];
        yield return Promises.Of("sim.speed_x", speeds.At(0.5), $"device time against real time on one core: 100 strokes/s, dynamic imperfections, reports decoded; median of {speeds.Length} runs of {SpeedSeconds} s");
        yield return Figure.Told("sim.speed_least_x", speeds.Min(), "x", "the slowest of them");
        yield return Figure.Told("sim.campaign_speed_x", hours * 3_600 / took.TotalSeconds, "x", $"device time against real time of the whole campaign with its looks, on {Environment.ProcessorCount} cores");
    }

    private static double Speed(int seed)
    {
        using TreatedBoard board = new(new BoardOptions { Seed = seed, Imperfections = ImperfectionLevel.Dynamic });
        board.Park();
        board.Arm(SpeedDepth, SpeedRate);
        board.Press();
        long began = Stopwatch.GetTimestamp();
        board.Rig.RunFor(TimeSpan.FromSeconds(SpeedSeconds));
        return SpeedSeconds / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static string NameOf(Deed deed) => deed.Kind == DeedKind.Break ? $"{(BenchFault)deed.A}" : $"{deed.Kind}";
}
