// A recording program killed again and again, at random moments while it treats: what it had acknowledged has to be there, and the
// record has to open and prove itself.

using System.Diagnostics;
using Xunit.Sdk;

namespace Microneedling.Sessions.Tests;

/// <summary>What a campaign came to.</summary>
/// <param name="Kills">How often the program was killed.</param>
/// <param name="Acknowledged">Lines by which it had said what is on disk: sessions with so many rows, finished ones, corrections and follow-ups.</param>
/// <param name="Problems">What was not as it has to be, with seed and kill.</param>
internal sealed record KillOutcome(int Kills, int Acknowledged, IReadOnlyList<string> Problems);

internal static class KillCampaign
{
    private const int MostMillisecondsToLive = 400;

    /// <summary>Kills so many times, over one record.</summary>
    /// <param name="path">The record.</param>
    /// <param name="seed">Of treatments and moments.</param>
    /// <param name="kills">How often.</param>
    /// <param name="start">Starts a program that runs <see cref="EndlessTreatment"/> on the record with this seed.</param>
    public static async Task<KillOutcome> RunAsync(string path, int seed, int kills, Func<string, int, Process> start)
    {
        Random random = new(seed);
        List<string> problems = [];
        var acknowledged = 0;
        long links = 0;
        for (var kill = 1; kill <= kills; kill++)
        {
            var said = await TreatUntilKilledAsync(() => start(path, random.Next()), random);
            acknowledged += said.Count;

            var at = $"seed {seed}, kill {kill}";
            await using var store = await SessionStore.OpenAsync(path);
            var report = await store.VerifyAsync();
            problems.AddRange(report.Flaws.Select(flaw => $"{at}: {flaw}"));
            if (report.Links < links)
            {
                problems.Add($"{at}: {report.Links} links of the chain, {links} before");
            }

            links = report.Links;
            problems.AddRange((await store.ListAsync(int.MaxValue)).Where(session => session.Outcome == SessionOutcome.Running).Select(session => $"{at}: session {session.Id} is still running"));
            foreach (var line in said)
            {
                try
                {
                    await HostDeathTests.AssertKeptAsync(store, line, at);
                }
                catch (XunitException lost)
                {
                    problems.Add(lost.Message);
                }
            }
        }

        return new KillOutcome(kills, acknowledged, problems);
    }

    /// <summary>What the host said before it was killed.</summary>
    private static async Task<List<string>> TreatUntilKilledAsync(Func<Process> start, Random random)
    {
        using var host = start();
        List<string> said = [await host.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The host ended by itself.")];
        var rest = host.StandardOutput.ReadToEndAsync();
        using (var moment = new ManualResetEventSlim())
        {
            // The one wait by the real clock: a kill has to come at a moment that the host does not choose.
            moment.Wait(random.Next(MostMillisecondsToLive));
        }

        host.Kill();
        await host.WaitForExitAsync();
        // A line that was cut off was not said.
        said.AddRange((await rest).Split('\n')[..^1]);
        return said;
    }
}
