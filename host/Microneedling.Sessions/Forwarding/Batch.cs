// What goes to the clinic in one transaction: some links of the chain, and of what they prove all but the sessions' rows,
// which are read while they are written.

using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions.Forwarding;

/// <param name="Links">In their order.</param>
/// <param name="Sessions">By their numbers in the recorder's record.</param>
/// <param name="Clients">Of these sessions, by key.</param>
/// <param name="Courses">Of these sessions, by number.</param>
internal sealed record Batch(
    IReadOnlyList<LinkRow> Links, IReadOnlyDictionary<long, Session> Sessions, IReadOnlyDictionary<string, ClientRow> Clients, IReadOnlyDictionary<long, CourseRow> Courses)
{
    public long LastLink => Links[^1].Number;

    /// <summary>Reads the next links after one: at least one of them, and not many more rows than a limit.</summary>
    public static Batch Read(SessionContext context, long after, int mostLinks, int mostRows)
    {
        List<LinkRow> links = [];
        long rows = 0;
        foreach (var link in context.Links.Where(link => link.Number > after).OrderBy(link => link.Number).Take(mostLinks).ToList())
        {
            rows += link.Kind == LinkKind.Session ? LastSequence(context, link.SubjectId) : 1;
            if (links.Count > 0 && rows > mostRows)
            {
                break;
            }

            links.Add(link);
        }

        if (links.Count == 0)
        {
            throw new ChainBrokenException();
        }

        long[] ids = [.. links.Where(link => link.Kind == LinkKind.Session).Select(link => link.SubjectId)];
        var sessions = context.Sessions.Where(session => ids.Contains(session.Id)).ToDictionary(session => session.Id);
        string[] clients = [.. sessions.Values.Select(session => session.ClientKey).OfType<string>().Distinct()];
        long[] courses = [.. sessions.Values.Select(session => session.CourseId).OfType<long>().Distinct()];
        return new Batch(
            links,
            sessions,
            context.Clients.Where(client => clients.Contains(client.Key)).ToDictionary(client => client.Key),
            context.Courses.Where(course => courses.Contains(course.Id)).ToDictionary(course => course.Id));
    }

    /// <summary>A session's rows are numbered over all tables, so that the last number of its statuses is about their count.</summary>
    private static long LastSequence(SessionContext context, long sessionId) =>
        context.Telemetry.Where(row => row.SessionId == sessionId).Max(row => (long?)row.Sequence) ?? 0;
}
