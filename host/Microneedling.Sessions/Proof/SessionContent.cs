// The hash of a session's content: its rows in the order of recording, its passes by number, and what it comes to. While
// a session is recorded the rows are taken in as they come; of one that a dead host left, all is read again.

using System.Security.Cryptography;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions.Proof;

internal sealed class SessionContent : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly CanonicalWriter writer = new();

    /// <summary>Takes in the next row.</summary>
    public void Add(SessionRow row) => hash.AppendData(writer.Clear().Add(row).Written);

    /// <summary>The hash, once there is nothing more to come.</summary>
    public byte[] End(IEnumerable<PassRow> passesByNumber, Session session)
    {
        foreach (var pass in passesByNumber)
        {
            hash.AppendData(writer.Clear().Add(pass).Written);
        }

        hash.AppendData(writer.Clear().Add(session).Written);
        return hash.GetHashAndReset();
    }

    public void Dispose() => hash.Dispose();

    /// <summary>The hash of a session as it stands in the database.</summary>
    public static byte[] Hash(SessionContext context, Session session)
    {
        using SessionContent content = new();
        foreach (var row in InOrder(context, session.Id))
        {
            content.Add(row);
        }

        return content.End(context.Passes.AsNoTracking().Where(row => row.SessionId == session.Id).OrderBy(row => row.Number), session);
    }

    /// <summary>The rows of all three tables, by their common numbers. Only the statuses are many: of these one is held at a time.</summary>
    public static IEnumerable<SessionRow> InOrder(SessionContext context, long sessionId)
    {
        Queue<SessionRow> few = new(Rows(context.Parameters).AsEnumerable<SessionRow>().Concat(Rows(context.Events)).ToList().OrderBy(row => row.Sequence));
        foreach (var sample in Rows(context.Telemetry))
        {
            while (few.TryPeek(out var earlier) && earlier.Sequence < sample.Sequence)
            {
                yield return few.Dequeue();
            }

            yield return sample;
        }

        foreach (var later in few)
        {
            yield return later;
        }

        IQueryable<TRow> Rows<TRow>(IQueryable<TRow> rows)
            where TRow : SessionRow => rows.AsNoTracking().Where(row => row.SessionId == sessionId).OrderBy(row => row.Sequence);
    }
}
