// Finding sessions and reading them.

using Microneedling.Client;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions;

public sealed partial class SessionStore
{
    private const int SessionsOnPage = 50;

    /// <summary>Sessions are counted up to here: beyond it nobody leafs, and counting would take longer than the page.</summary>
    public const int MostCounted = 10_000;

    /// <summary>How many sessions there are.</summary>
    public Task<long> CountAsync(CancellationToken ct = default) => ReadAsync(context => context.Sessions.LongCount(), ct);

    /// <summary>What the sessions that a filter lets through come to. Reads all of them: with a million, some hundred milliseconds.</summary>
    public Task<IReadOnlyList<SessionTotal>> TotalsAsync(SessionFilter filter, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return ReadAsync<IReadOnlyList<SessionTotal>>(
            context => [.. Matching(context, filter)
                .GroupBy(session => session.Outcome)
                .Select(group => new { Outcome = group.Key, Sessions = group.LongCount(), Strokes = group.Sum(session => session.Strokes) })
                .OrderBy(total => total.Outcome)
                .AsEnumerable()
                .Select(total => new SessionTotal(total.Outcome, total.Sessions, total.Strokes))],
            ct);
    }

    /// <summary>A page of the sessions that a filter lets through, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="page">0, 1, …; 50 sessions each, up to the 10 000th. Older ones are found by their day.</param>
    /// <param name="ct">Stops the waiting.</param>
    /// <exception cref="SessionStoreException">The record cannot be read.</exception>
    public Task<SessionPage> ListAsync(SessionFilter filter, int page, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfNegative(page);
        return ReadAsync(
            context =>
            {
                var total = Matching(context, filter).Take(MostCounted + 1).LongCount();
                return new SessionPage((long)page * SessionsOnPage < Math.Min(total, MostCounted) ? WithLabels(context, Page(Matching(context, filter), page)) : [], total);
            },
            ct);
    }

    /// <summary>The newest sessions, newest first.</summary>
    /// <param name="limit">How many at most, 1 or more.</param>
    /// <param name="ct">Stops the waiting.</param>
    /// <exception cref="SessionStoreException">The record cannot be read.</exception>
    public Task<IReadOnlyList<SessionSummary>> ListAsync(int limit = 100, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return ReadAsync<IReadOnlyList<SessionSummary>>(
            context => WithLabels(context, context.Sessions.OrderByDescending(session => session.Id).Take(limit)),
            ct);
    }

    /// <summary>One session without its telemetry, or null when there is no such session.</summary>
    /// <param name="id">Number of the session.</param>
    /// <param name="ct">Stops the waiting.</param>
    /// <exception cref="SessionStoreException">The record cannot be read.</exception>
    public Task<SessionOverview?> OverviewAsync(long id, CancellationToken ct = default) => ReadAsync(
        context => WithLabels(context, context.Sessions.Where(session => session.Id == id)).SingleOrDefault() is { } summary
            ? new SessionOverview(
                summary,
                [.. RowsOf(context.Parameters, id).Select(RowMapping.ToRecord)],
                [.. RowsOf(context.Events, id).Select(RowMapping.ToRecord)],
                PassesOf(context, id),
                context.Telemetry.Where(row => row.SessionId == id).OrderBy(row => row.Sequence).FirstOrDefault()?.ToRecord(),
                context.Telemetry.Where(row => row.SessionId == id).OrderByDescending(row => row.Sequence).FirstOrDefault()?.ToRecord())
            : null,
        ct);

    /// <summary>Reads what the plots of a session are drawn from, oldest first. None of it is held here: hours need no more memory than minutes.</summary>
    /// <param name="id">Number of the session; nothing of one that is not there.</param>
    /// <param name="read">Goes through it, once, while this runs.</param>
    /// <param name="ct">Stops the waiting.</param>
    /// <exception cref="SessionStoreException">The record cannot be read.</exception>
    public Task<T> ReadCurveAsync<T>(long id, Func<IEnumerable<CurvePoint>, T> read, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        return ReadAsync(context => read(CurveRows.Of(context, id)), ct);
    }

    /// <summary>One session with everything recorded of it, or null when there is no such session.</summary>
    /// <param name="id">Number of the session.</param>
    /// <param name="ct">Stops the waiting.</param>
    /// <exception cref="SessionStoreException">The record cannot be read.</exception>
    public Task<SessionDetail?> FindAsync(long id, CancellationToken ct = default) => ReadAsync(
        context => WithLabels(context, context.Sessions.Where(session => session.Id == id)).SingleOrDefault() is { } summary
            ? new SessionDetail(
                summary,
                [.. RowsOf(context.Parameters, id).Select(RowMapping.ToRecord)],
                [.. RowsOf(context.Events, id).Select(RowMapping.ToRecord)],
                [.. RowsOf(context.Telemetry, id).Select(RowMapping.ToRecord)],
                PassesOf(context, id))
            : null,
        ct);

    /// <summary>Of a lot as it was recorded, or as it was corrected: whoever recalls a lot must miss neither.</summary>
    private static IQueryable<Session> WithLot(SessionContext context, IQueryable<Session> sessions, string lot)
    {
        var corrected = context.Corrections.Where(row => row.Field == CorrectedField.CartridgeLot && row.NewValue == lot).Select(row => row.SessionId).Distinct().ToList();
        return corrected.Count == 0
            ? sessions.Where(session => session.CartridgeLot == lot)
            : sessions.Where(session => session.CartridgeLot == lot || corrected.Contains(session.Id));
    }

    /// <summary>The sessions that a filter lets through.</summary>
    internal static IQueryable<Session> Matching(SessionContext context, SessionFilter filter)
    {
        IQueryable<Session> sessions = context.Sessions;
        sessions = filter.ClientKey is { } client ? sessions.Where(session => session.ClientKey == client) : sessions;
        sessions = filter.PersonId is { } person ? sessions.Where(session => session.PersonId == person) : sessions;
        sessions = filter.DeviceSerialNumber is { } serialNumber ? sessions.Where(session => session.DeviceSerialNumber == serialNumber) : sessions;
        sessions = filter.Lot is { } lot ? WithLot(context, sessions, lot) : sessions;
        sessions = filter.Outcome is { } outcome ? sessions.Where(session => session.Outcome == outcome) : sessions;
        sessions = filter.From is { } from ? sessions.Where(session => session.StartedUtc >= from) : sessions;
        sessions = filter.Before is { } before ? sessions.Where(session => session.StartedUtc < before) : sessions;
        return sessions;
    }

    /// <summary>One page, newest first.</summary>
    internal static IQueryable<Session> Page(IQueryable<Session> sessions, int page) =>
        sessions.OrderByDescending(session => session.Id).Skip(page * SessionsOnPage).Take(SessionsOnPage);

    /// <summary>Sessions with their clients' labels of now, in their order.</summary>
    private static List<SessionSummary> WithLabels(SessionContext context, IQueryable<Session> sessions) => [.. sessions
        .Select(session => new { Session = session, Label = context.Clients.Where(client => client.Key == session.ClientKey).Select(client => client.Label).FirstOrDefault() })
        .AsEnumerable()
        .Select(row => row.Session.ToRecord(row.Label))];

    private static IReadOnlyList<Pass> PassesOf(SessionContext context, long sessionId) =>
        [.. context.Passes.Where(row => row.SessionId == sessionId).OrderBy(row => row.Number).AsEnumerable().Select(RowMapping.ToRecord)];

    private static IEnumerable<TRow> RowsOf<TRow>(IQueryable<TRow> rows, long sessionId)
        where TRow : SessionRow =>
        rows.Where(row => row.SessionId == sessionId).OrderBy(row => row.Sequence).AsEnumerable();
}
