namespace Microneedling.Qa.Reports;

/// <summary>How one criterion differs between two runs.</summary>
/// <param name="Scenario">Of which scenario.</param>
/// <param name="Name">Of which criterion; empty: the scenario itself.</param>
/// <param name="Before">Then; null: it was not there.</param>
/// <param name="After">Now; null: it is not there.</param>
/// <param name="Unit">Their unit.</param>
/// <param name="Kind">What it means.</param>
public sealed record Difference(string Scenario, string Name, string? Before, string? After, string Unit, DifferenceKind Kind);

/// <summary>What a difference means.</summary>
public enum DifferenceKind
{
    /// <summary>It was met and is not any more.</summary>
    Broken,

    /// <summary>It was judged and is not any more.</summary>
    Gone,

    /// <summary>It was not met and is now.</summary>
    Mended,

    /// <summary>It is judged for the first time.</summary>
    New,

    /// <summary>Met before and now, by another value.</summary>
    Moved,
}

/// <summary>Compares two runs of the suite.</summary>
public static class RunComparison
{
    /// <summary>What differs, what is worse first.</summary>
    public static IReadOnlyList<Difference> Of(RunReport before, RunReport after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var then = before.Scenarios.ToDictionary(scenario => scenario.Id);
        var now = after.Scenarios.ToDictionary(scenario => scenario.Id);
        return [.. then.Keys.Union(now.Keys).SelectMany(id => Of(id, then.GetValueOrDefault(id), now.GetValueOrDefault(id))).OrderBy(difference => difference.Kind).ThenBy(difference => difference.Scenario, StringComparer.Ordinal)];
    }

    private static IEnumerable<Difference> Of(string id, ScenarioResult? then, ScenarioResult? now)
    {
        if (then?.Verdict != now?.Verdict)
        {
            yield return new Difference(id, "", then?.Verdict.ToString(), now?.Verdict.ToString(), "", KindOf(IsGood(then), IsGood(now)));
        }

        var before = (then?.Criteria ?? []).ToLookup(criterion => criterion.Name);
        var after = (now?.Criteria ?? []).ToLookup(criterion => criterion.Name);
        foreach (var name in before.Select(one => one.Key).Union(after.Select(one => one.Key)))
        {
            var (old, current) = (before[name].FirstOrDefault(), after[name].FirstOrDefault());
            if (old?.Value != current?.Value || old?.IsMet != current?.IsMet)
            {
                yield return new Difference(id, name, Number.Of(old?.Value), Number.Of(current?.Value), (current ?? old)!.Unit, KindOf(old?.IsMet, current?.IsMet));
            }
        }
    }

    private static bool? IsGood(ScenarioResult? scenario) => scenario?.Verdict switch
    {
        Verdict.Passed => true,
        Verdict.Failed => false,
        _ => null,
    };

    private static DifferenceKind KindOf(bool? before, bool? after) => (before, after) switch
    {
        (_, false) when before != false => DifferenceKind.Broken,
        (not null, null) => DifferenceKind.Gone,
        (false, true) => DifferenceKind.Mended,
        (null, not null) => DifferenceKind.New,
        _ => DifferenceKind.Moved,
    };
}
