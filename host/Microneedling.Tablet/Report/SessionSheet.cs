// A session as people read it, on the screen and on paper: one place decides what is said of it and how it is counted.
// Punctures are strokes × needles; what is set is shown to its grain, what the device held to, to the micrometre.

using System.Globalization;
using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Report;

/// <summary>One session, ready to be shown.</summary>
public sealed class SessionSheet
{
    private readonly TimeProvider _time;

    private SessionSheet(SessionOverview detail, Texts texts, TimeProvider time) => (Detail, T, _time) = (detail, texts, time);

    /// <summary>Everything recorded but what the plots show.</summary>
    public SessionOverview Detail { get; }

    /// <summary>The session in a line.</summary>
    public SessionSummary Summary => Detail.Summary;

    /// <summary>The person's language.</summary>
    public Texts T { get; }

    /// <summary>Every pass, oldest first.</summary>
    public IReadOnlyList<PassRow> Passes { get; private init; } = [];

    /// <summary>The course that it belongs to, or null.</summary>
    public Course? Course { get; private init; }

    /// <summary>Which session of its course this is, from 1; 0: of none.</summary>
    public int NumberInCourse => Course is null ? 0 : Course.Sessions.TakeWhile(session => session.Id != Summary.Id).Count() + 1;

    /// <summary>The check that allowed it, or null.</summary>
    public SuitabilityCheck? Check { get; private init; }

    /// <summary>What was seen afterwards, oldest first.</summary>
    public IReadOnlyList<FollowUp> FollowUps { get; private init; } = [];

    /// <summary>What was corrected, oldest first.</summary>
    public IReadOnlyList<Correction> Corrections { get; private init; } = [];

    /// <summary>Its link in the record's chain; null while it is running.</summary>
    public SessionProof? Proof { get; private init; }

    /// <summary>Loads a session with what belongs to it; null when there is none of this number.</summary>
    public static async Task<SessionSheet?> LoadAsync(SessionStore store, long id, Texts texts, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await store.OverviewAsync(id, cancellationToken) is not { } detail)
        {
            return null;
        }

        var summary = detail.Summary;
        var presetNames = new Dictionary<(string, int), string>();
        foreach (string key in detail.Passes.Select(pass => pass.PresetKey).OfType<string>().Distinct())
        {
            foreach (var version in await store.Site.PresetVersionsAsync(key, cancellationToken))
            {
                presetNames[(key, version.Version)] = version.Name;
            }
        }

        var courses = summary is { ClientKey: { } of, CourseId: not null } ? await store.Clients.CoursesAsync(of, cancellationToken) : [];
        var checks = summary is { ClientKey: { } whose, SuitabilityCheckId: not null } ? await store.Clients.ChecksAsync(whose, cancellationToken) : [];
        return new SessionSheet(detail, texts, time)
        {
            Passes = RowsOf(detail, presetNames, texts),
            Course = courses.FirstOrDefault(course => course.Id == summary.CourseId),
            Check = checks.FirstOrDefault(check => check.Id == summary.SuitabilityCheckId),
            FollowUps = await store.Clients.FollowUpsAsync(id, cancellationToken),
            Corrections = await store.Corrections.ListAsync(id, cancellationToken),
            Proof = await store.ProofOfAsync(id, cancellationToken),
        };
    }

    /// <summary>A time of day where this tablet is.</summary>
    public string LocalTime(DateTimeOffset at) => DateWords.Of(at, _time);

    /// <summary>How long it lasted, or a dash.</summary>
    public string Lasted => DateWords.Length(Summary);

    /// <summary>Who treated, or a dash.</summary>
    public string By => Summary.By?.Name ?? "–";

    /// <summary>Strokes of all passes, with needles out; null in a record from before passes were kept.</summary>
    public long? Strokes => Passes.Count == 0 ? null : Passes.Sum(row => row.Pass.Strokes);

    /// <summary>When the last status came, if the device was not at rest then: strokes are known up to there. Null: to the end.</summary>
    public string? StrokesCountedUntil =>
        Summary.Outcome != SessionOutcome.Running && Detail.LastStatus is { State: DeviceState.Armed or DeviceState.Running or DeviceState.Retracting } last
            ? DateWords.TimeOfDay(last.ReceivedAt, _time)
            : null;

    /// <summary>Punctures of all passes; null: the needles were not noted.</summary>
    public long? Punctures => Summary.Cartridge is { } cartridge ? Passes.Sum(row => row.Pass.Strokes) * cartridge.Needles : null;

    /// <summary>Seconds since the first status, such as <c>1:23.45</c>; a dash when it is not known.</summary>
    public string After(TimeSpan? deviceTime)
    {
        if (deviceTime is not { } at || Detail.FirstStatus is not { } first)
        {
            return "–";
        }

        var after = at - first.DeviceTime;
        return (after < TimeSpan.Zero ? "−" : "") + after.ToString(after.Duration() < TimeSpan.FromHours(1) ? @"m\:ss\.ff" : @"h\:mm\:ss\.ff", CultureInfo.InvariantCulture);
    }

    /// <summary>What each zone got in this session, in the order of its first pass.</summary>
    public IReadOnlyList<ZoneTotal> Zones => [.. Passes.GroupBy(row => row.Pass.ZoneId).Select(zone => new ZoneTotal(
        zone.Key,
        zone.First().Zone,
        zone.Count(),
        zone.Sum(row => row.Pass.Strokes),
        zone.Sum(row => row.Punctures ?? 0),
        zone.Aggregate((double?)0, (sum, row) => sum + row.PuncturesPerSquareCentimeter)))];

    /// <summary>The drawings that show a zone of this session, with what each zone got.</summary>
    public IReadOnlyList<ZoneDrawing> Drawings
    {
        get
        {
            var marks = Zones.ToDictionary(zone => zone.ZoneId, zone => new ZoneMark(
                zone.PuncturesPerSquareCentimeter?.ToString("0", CultureInfo.InvariantCulture) ?? "×",
                T["sessions.zoneMark", zone.Strokes, zone.PuncturesPerSquareCentimeter?.ToString("0.0", CultureInfo.InvariantCulture) ?? "–"]));
            return [.. Zones.Select(zone => Microneedling.Sessions.Clinic.Zones.Find(zone.ZoneId)?.View).OfType<MapView>().Distinct().Order()
                .Select(view => new ZoneDrawing(view, marks))];
        }
    }

    private static IReadOnlyList<PassRow> RowsOf(SessionOverview detail, Dictionary<(string, int), string> presetNames, Texts texts) =>
    [
        .. detail.Passes.Select(pass =>
        {
            // What the device held to when it was armed, and what was changed until it came to rest.
            var before = detail.Parameters.LastOrDefault(change => change.At <= pass.StartedAt);
            var within = detail.Parameters.Where(change => change.At > pass.StartedAt && change.At <= (pass.EndedAt ?? DateTimeOffset.MaxValue));
            TreatmentRequest[] asked = [.. (before is null ? within : within.Prepend(before)).Select(change => change.Asked)];
            long? punctures = detail.Summary.Cartridge is { } cartridge ? pass.Strokes * cartridge.Needles : null;
            return new PassRow(
                pass,
                texts.Find("zones." + pass.ZoneId) ?? pass.ZoneId,
                pass is { PresetKey: { } key, PresetVersion: { } version } ? $"{presetNames.GetValueOrDefault((key, version), key)}, v{version}" : texts["sessions.setByHand"],
                texts[$"outcomes.pass-{pass.Ending}"],
                asked.Length == 0 ? null : asked.Max(request => request.Depth),
                asked.Length == 0 ? null : asked.Max(request => request.Rate),
                asked.Length == 0 ? "–" : ModeWords(asked[^1].BurstStrokes, texts),
                punctures,
                punctures / (pass.AreaSquareMillimeters / 100.0));
        }),
    ];

    private static string ModeWords(int burstStrokes, Texts texts) => burstStrokes == 0 ? texts["sessions.glide"] : texts["sessions.stamp", burstStrokes];
}

/// <summary>One pass over a zone, ready to be shown.</summary>
/// <param name="Pass">As it was recorded.</param>
/// <param name="Zone">The zone's words.</param>
/// <param name="Preset">Where the values came from.</param>
/// <param name="Ending">How it ended, in words.</param>
/// <param name="SetDepth">Deepest depth that was set, or null: not recorded.</param>
/// <param name="SetRate">Fastest rate that was set, or null.</param>
/// <param name="Mode">Glide, or stamp with its strokes.</param>
/// <param name="Punctures">Strokes × needles, or null: the needles were not noted.</param>
/// <param name="PuncturesPerSquareCentimeter">Over the area, or null.</param>
public sealed record PassRow(
    Pass Pass, string Zone, string Preset, string Ending, Depth? SetDepth, StrokeRate? SetRate, string Mode, long? Punctures, double? PuncturesPerSquareCentimeter);

/// <summary>What a zone got in a session.</summary>
/// <param name="ZoneId">The zone.</param>
/// <param name="Zone">Its words.</param>
/// <param name="Passes">How many passes.</param>
/// <param name="Strokes">Strokes of them all.</param>
/// <param name="Punctures">Strokes × needles.</param>
/// <param name="PuncturesPerSquareCentimeter">Each pass over its area, summed; null: the needles were not noted.</param>
public sealed record ZoneTotal(string ZoneId, string Zone, int Passes, long Strokes, long Punctures, double? PuncturesPerSquareCentimeter);
