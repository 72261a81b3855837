using System.Globalization;
using Microneedling.Client;
using Microneedling.Client.Tests.Campaigns;
using Microneedling.Client.Transports;

namespace Microneedling.Benchmarks.Clients;

/// <summary>Whether commands over bad lines are done once or not at all, and end as what they say: the tests' campaign, counted.</summary>
internal static class ChaosPart
{
    /// <summary>Bytes that a write has about: commands, answers, reports.</summary>
    private const int UsualFrameBytes = 24;

    private const int SeedsOfLevel = 1_000;

    private static readonly int[] Percents = [0, 1, 2, 5, 10, 20];

    public static IEnumerable<Finding> Measure(Size size)
    {
        List<Tally> all = [];
        foreach (int percent in Percents)
        {
            Tally tally = Run(string.Create(CultureInfo.InvariantCulture, $"{percent} %"), Damaged(percent / 100.0), percent, size.Of(1, 10), size.Of(100, 300));
            all.Add(tally);
            string level = string.Create(CultureInfo.InvariantCulture, $"{percent:00}_percent");
            yield return Figure.Told($"link.chaos.done_percent.{level}", 100.0 * tally.Done / tally.Given, "%", $"of {tally.Given} commands with {percent} % of all writes of {UsualFrameBytes} bytes damaged or lost, half each, both ways, longer ones more often; seeds from {percent * SeedsOfLevel}: {tally}");
            yield return Figure.Told($"link.chaos.command_p50_ms.{level}", tally.Milliseconds.At(0.5), "ms", "virtual time of those that ended as done");
            yield return Figure.Told($"link.chaos.command_p99_ms.{level}", tally.Milliseconds.At(0.99), "ms", Figure.Same);
        }

        foreach (BadLine line in Enum.GetValues<BadLine>())
        {
            all.Add(Run($"{line}", BadLines.Plan(line), 100 + (int)line, size.Of(1, 6), size.Of(60, 300)));
        }

        int broken = all.Sum(tally => tally.Broken.Count);
        string how = $"of {all.Sum(tally => tally.Given)} commands over lines with 0 to 20 % of writes damaged or lost, and lines that double, delay, reorder, stall, crawl and break; counted in the device's own log";
        yield return Promises.Of("link.chaos.duplicated", all.Sum(tally => tally.Duplicated), $"done more often than they may have been by what they ended as, {how}");
        yield return Promises.Of("link.chaos.lost", all.Sum(tally => tally.Lost), $"ended as done and never done, {how}");
        yield return Promises.Of("link.chaos.broken_runs", broken, $"of {all.Sum(tally => tally.Runs)} runs, ended early by anything else that must not be: a command without an end, done out of order or never given, an event told wrongly{string.Concat(all.SelectMany(tally => tally.Broken).Select(problem => "; " + problem))}");
        yield return Figure.Told("link.chaos.not_known_percent", 100.0 * all.Sum(tally => tally.Unknown) / all.Sum(tally => tally.Given), "%", $"ended as not known, at most once, {how}");
        foreach (Finding finding in CutTrials.Measure(size.Of(10, 300)))
        {
            yield return finding;
        }
    }

    private static Tally Run(string name, ChaosPlan bad, int seed, int runs, int commands)
    {
        Tally[] tallies = new Tally[runs];
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, run =>
        {
            CommandLedger? ledger = null;
            string? broken = null;
            try
            {
                Rig.Run(name, bad, run + 1, (seed * SeedsOfLevel) + run, async rig =>
                {
                    ledger = new CommandLedger(rig);
                    await CommandCampaign.GiveAsync(rig, ledger, commands);
                });
            }
            catch (InvalidOperationException problem)
            {
                broken = problem.Message.Split('\n')[0].Trim();
            }

            tallies[run] = Tally.Of(ledger!, broken);
        });
        return tallies.Aggregate((one, other) => one + other);
    }

    // Half of what goes wrong is a write that is lost, half one with a damaged byte.
    private static ChaosPlan Damaged(double part) => ChaosPlan.BothWays(new LineChaos
    {
        DropWrite = part / 2,
        DamageByte = 1 - Math.Pow(1 - (part / 2), 1.0 / UsualFrameBytes),
    });

    private sealed record Tally(int Given, int Done, int Undone, int Unknown, int Other, int Duplicated, int Lost, IReadOnlyList<double> Milliseconds, int Runs, IReadOnlyList<string> Broken)
    {
        public static Tally Of(CommandLedger ledger, string? broken) => new(
            ledger.Given,
            ledger.Ended(Ending.Done),
            ledger.Ended(Ending.Undone) + ledger.Ended(Ending.Refused),
            ledger.Ended(Ending.Unknown),
            ledger.Ended(Ending.Overtaken) + ledger.Ended(Ending.Cancelled),
            ledger.Duplicated(),
            ledger.Lost(),
            ledger.DoneMilliseconds,
            1,
            broken is null ? [] : [broken]);

        public static Tally operator +(Tally one, Tally other) => new(
            one.Given + other.Given,
            one.Done + other.Done,
            one.Undone + other.Undone,
            one.Unknown + other.Unknown,
            one.Other + other.Other,
            one.Duplicated + other.Duplicated,
            one.Lost + other.Lost,
            [.. one.Milliseconds, .. other.Milliseconds],
            one.Runs + other.Runs,
            [.. one.Broken, .. other.Broken]);

        public override string ToString() => $"{Done} done, {Undone} refused or known undone, {Unknown} not known, {Other} overtaken by a stop or given up";
    }
}
