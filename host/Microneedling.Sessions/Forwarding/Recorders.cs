using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions.Forwarding;

/// <summary>The records that forward to this one, and what did not fit together.</summary>
public sealed class Recorders(SessionStore store)
{
    private const int MostListed = 1000;

    /// <summary>Who forwards here, by name.</summary>
    public Task<IReadOnlyList<Recorder>> ListAsync(CancellationToken ct = default) => store.ReadAsync<IReadOnlyList<Recorder>>(
        context => [.. context.Recorders.OrderBy(row => row.Name).ThenBy(row => row.Key).AsEnumerable()
            .Select(row => new Recorder(row.Key, row.Name, row.Links, Convert.ToHexStringLower(row.HeadHash), row.FirstUtc, row.LatestUtc))],
        ct);

    /// <summary>What did not fit together, the latest first; at most 1 000.</summary>
    public Task<IReadOnlyList<ForwardingConflict>> ConflictsAsync(CancellationToken ct = default) => store.ReadAsync<IReadOnlyList<ForwardingConflict>>(
        context => [.. context.Conflicts.OrderByDescending(row => row.Id).Take(MostListed)
            .Join(context.Recorders, row => row.RecorderKey, recorder => recorder.Key, (row, recorder) => new { Row = row, recorder.Name })
            .OrderByDescending(pair => pair.Row.Id)
            .AsEnumerable()
            .Select(pair => new ForwardingConflict(pair.Row.AtUtc, pair.Name, pair.Row.Kind, pair.Row.Number, pair.Row.SubjectKey, pair.Row.KnownHash, pair.Row.GivenHash))],
        ct);

    /// <summary>How far this record has been forwarded, as it knows without asking; null: never.</summary>
    public Task<ForwardedSoFar> ForwardedAsync(CancellationToken ct = default) => store.ReadAsync(
        context =>
        {
            var row = context.Forwardings.OrderByDescending(row => row.DeliveredUtc).FirstOrDefault();
            var links = row?.Links ?? 0;
            var waiting = context.Links.Where(link => link.Number > links && link.Kind == Proof.LinkKind.Session);
            return new ForwardedSoFar(row?.DeliveredUtc, row?.Conflicts ?? 0, waiting.LongCount(), waiting.Min(link => (DateTimeOffset?)link.AtUtc));
        },
        ct);
}

/// <summary>A record that forwards here.</summary>
/// <param name="Key">Names it.</param>
/// <param name="Name">What its computer is called.</param>
/// <param name="Links">The last link of its chain that is here.</param>
/// <param name="HeadHash">That link's hash, 64 hex digits: what its own check must show at this link.</param>
/// <param name="FirstAt">When it first forwarded, UTC.</param>
/// <param name="LatestAt">When it last did, UTC.</param>
public sealed record Recorder(string Key, string Name, long Links, string HeadHash, DateTimeOffset FirstAt, DateTimeOffset LatestAt);

/// <summary>Something that did not fit together.</summary>
/// <param name="At">When it was found, UTC.</param>
/// <param name="RecorderName">Whose.</param>
/// <param name="Kind">What.</param>
/// <param name="LinkNumber">At which link of the recorder.</param>
/// <param name="SessionKey">About which session; empty: none.</param>
/// <param name="KnownHash">What was known, 64 hex digits or empty.</param>
/// <param name="GivenHash">What was given.</param>
public sealed record ForwardingConflict(DateTimeOffset At, string RecorderName, ConflictKind Kind, long LinkNumber, string SessionKey, string KnownHash, string GivenHash);

/// <summary>How far a record has been forwarded.</summary>
/// <param name="DeliveredAt">When something was last delivered or found delivered, UTC; null: never.</param>
/// <param name="Conflicts">What did not fit together.</param>
/// <param name="SessionsWaiting">Finished sessions that wait.</param>
/// <param name="OldestWaitingSince">Since when the oldest does, UTC; null: none waits.</param>
public sealed record ForwardedSoFar(DateTimeOffset? DeliveredAt, long Conflicts, long SessionsWaiting, DateTimeOffset? OldestWaitingSince);
