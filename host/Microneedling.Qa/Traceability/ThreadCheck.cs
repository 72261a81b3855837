namespace Microneedling.Qa.Traceability;

/// <summary>A test that says which requirement it is evidence for.</summary>
/// <param name="Requirement">The requirement's id.</param>
/// <param name="Test">Assembly, class and method.</param>
public readonly record struct Evidence(string Requirement, string Test);

/// <summary>Whether the thread from hazard to test holds.</summary>
public static class ThreadCheck
{
    private static readonly string[] Severities = ["negligible", "minor", "serious", "critical"];

    /// <summary>Where it is broken, in words; nothing when it holds.</summary>
    public static IReadOnlyList<string> Breaks(RequirementList list, IReadOnlyCollection<Evidence> evidence)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(evidence);
        var ids = list.Requirements.Select(requirement => requirement.Id).ToHashSet(StringComparer.Ordinal);
        var tested = evidence.Select(one => one.Requirement).ToHashSet(StringComparer.Ordinal);
        var controlling = list.Hazards.SelectMany(hazard => hazard.Controls).Select(control => control.Requirement).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Twice(list.Requirements.Select(requirement => requirement.Id)),
            .. Twice(list.Hazards.Select(hazard => hazard.Id)),
            .. list.Requirements.Where(one => one.Text.Length == 0 || one.Source.Length == 0).Select(one => $"{one.Id} lacks its text or its source."),
            .. list.Requirements.Where(one => one.Safety && one.Inspection is null && !tested.Contains(one.Id)).Select(one => $"{one.Id} is a matter of safety and no test names it: {one.Text}"),
            .. list.Requirements.Where(one => one.Safety && !controlling.Contains(one.Id)).Select(one => $"{one.Id} is a matter of safety and controls no hazard."),
            .. evidence.Where(one => !ids.Contains(one.Requirement)).Select(one => $"{one.Test} names {one.Requirement}, which is no requirement."),
            .. list.Hazards.Where(hazard => hazard.Controls.Count == 0).Select(hazard => $"{hazard.Id} has no control: {hazard.Text}"),
            .. list.Hazards.Where(hazard => hazard.Causes.Count == 0 || hazard.Harm.Length == 0 || hazard.Residual.Length == 0 || !Severities.Contains(hazard.Severity)).Select(hazard => $"{hazard.Id} lacks causes, harm, severity or what remains."),
            .. list.Hazards.SelectMany(hazard => hazard.Controls.Where(control => !ids.Contains(control.Requirement)).Select(control => $"{hazard.Id} is controlled by {control.Requirement}, which is no requirement.")),
        ];
    }

    private static IEnumerable<string> Twice(IEnumerable<string> ids) =>
        ids.GroupBy(id => id).Where(same => same.Count() > 1 || same.Key.Length == 0).Select(same => $"'{same.Key}' is there {same.Count()} times.");
}
