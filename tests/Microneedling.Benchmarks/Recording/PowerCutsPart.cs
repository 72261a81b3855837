using System.Globalization;
using Microneedling.Sessions;
using Microneedling.Sessions.Tests;

namespace Microneedling.Benchmarks.Recording;

/// <summary>What a recording program that dies at random moments has lost of what it had acknowledged: the tests' campaign, counted.</summary>
internal static class PowerCutsPart
{
    /// <summary>The argument that makes this program one that treats and records without end, before the record and a seed.</summary>
    public const string Argument = "treat";

    private const int Seed = 1;

    /// <summary>Is the program that gets killed.</summary>
    public static async Task TreatAsync(string path, int seed)
    {
        await using SessionStore store = await SessionStore.OpenAsync(path);
        await EndlessTreatment.RunAsync(store, new Random(seed));
    }

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        using Places places = new();
        KillOutcome outcome = await KillCampaign.RunAsync(places.File("killed.db"), Seed, size.Of(6, 250), (path, own) => OwnProcess.Start(Argument, path, own.ToString(CultureInfo.InvariantCulture)));
        return
        [
            Promises.Of("record.powercuts.tried", outcome.Kills, $"a program that treats and records, killed (SIGKILL) 0 to 0.4 s after its first commit, over one SQLite record, seed {Seed}"),
            Promises.Of("record.powercuts.lost", outcome.Problems.Count, $"of {outcome.Acknowledged} acknowledgements of rows, finished sessions, corrections and follow-ups; each time the record was opened and its chain verified{string.Concat(outcome.Problems.Select(problem => "; " + problem))}"),
        ];
    }
}
