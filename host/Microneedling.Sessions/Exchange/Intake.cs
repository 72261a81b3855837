// Takes a finished session in from elsewhere: a file, or another record. Once only, under a number of this record and with a
// link of this record's chain, and only if its rows come to the hash that is said. What it brings of people and clients is
// met here too: by name, and by key; of a client who is erased here no free text comes in. All of it within the caller's transaction; the caller links what is to be proven.

using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions.Exchange;

/// <summary>What became of a session that came in.</summary>
internal enum Arrival
{
    /// <summary>It is here now.</summary>
    TakenIn = 1,

    /// <summary>It was here before, the same.</summary>
    AlreadyThere = 2,

    /// <summary>Another one of its key is here, or it is still being recorded here. Nothing was changed.</summary>
    Conflict = 3,
}

/// <param name="Arrival">What became of it.</param>
/// <param name="SessionId">Its number here.</param>
/// <param name="HashHere">Hash of what is here of its key; null while that is being recorded.</param>
internal sealed record Reception(Arrival Arrival, long SessionId, byte[]? HashHere);

/// <summary>Links something to the chain; see <see cref="Chain.Append"/>.</summary>
internal delegate void Prove(LinkKind kind, long subjectId, byte[] contentHash);

internal static class Intake
{
    private const int RowsAtOnce = 5000;

    /// <summary>Takes a session in, unless one of its key is here.</summary>
    /// <param name="context">In a transaction.</param>
    /// <param name="prove">Links what was taken in, now or before the transaction is committed.</param>
    /// <param name="session">The session, without a number; person, check and course as numbers of this record, or null. Its client must be here.</param>
    /// <param name="rowsInOrder">All its rows, by their common sequence.</param>
    /// <param name="passes">Its passes, by number.</param>
    /// <param name="contentHash">What its link says.</param>
    /// <exception cref="RecordRefusedException">It has not ended, or rows and passes do not come to the hash: the transaction must not be committed.</exception>
    public static Reception TakeIn(
        SessionContext context, Prove prove, Session session, IEnumerable<SessionRow> rowsInOrder, IReadOnlyList<PassRow> passes, byte[] contentHash)
    {
        Refuse.If(session.Key is null || !session.Outcome.IsFinal() || session.EndedUtc is null, "import.notFinished", "The session has not ended. Finish it first.");
        if (context.Sessions.Where(row => row.Key == session.Key).Select(row => (long?)row.Id).SingleOrDefault() is { } idHere)
        {
            var hashHere = context.Links.Where(link => link.Kind == LinkKind.Session && link.SubjectId == idHere).Select(link => link.ContentHash).SingleOrDefault();
            return new Reception(hashHere is not null && hashHere.AsSpan().SequenceEqual(contentHash) ? Arrival.AlreadyThere : Arrival.Conflict, idHere, hashHere);
        }

        session.Id = 0;
        context.Add(session);
        context.SaveChanges();
        var isErased = IsErased(context, session.ClientKey);
        foreach (var pass in passes)
        {
            pass.SessionId = session.Id;
            if (isErased)
            {
                FreeText.Erase(pass);
            }
        }

        context.AddRange(passes);
        context.SaveChanges();
        using SessionContent content = new();
        foreach (var some in rowsInOrder.Chunk(RowsAtOnce))
        {
            foreach (var row in some)
            {
                row.SessionId = session.Id;
                content.Add(row);
            }

            BulkInsert.Insert(context, some);
        }

        Refuse.If(
            !content.End(passes, session).AsSpan().SequenceEqual(contentHash),
            "import.hash",
            "The session is not what its hash says: something in it was changed on its way.");
        prove(LinkKind.Session, session.Id, contentHash);
        return new Reception(Arrival.TakenIn, session.Id, contentHash);
    }

    /// <summary>Takes in follow-ups that are not here yet.</summary>
    /// <returns>How many.</returns>
    public static int TakeIn(SessionContext context, Prove prove, long sessionId, IEnumerable<Proven<FollowUpRow>> followUps)
    {
        var here = HashesHere(context, LinkKind.FollowUp, context.FollowUps.Where(row => row.SessionId == sessionId).Select(row => row.Id));
        var isErased = IsErased(context, ClientOf(context, sessionId));
        return TakeIn(context, prove, LinkKind.FollowUp, here, followUps, row => row.Id, row =>
        {
            (row.Id, row.SessionId) = (0, sessionId);
            row.ById = PersonNamed(context, row.ByName);
            if (isErased)
            {
                FreeText.Erase(row);
            }
        });
    }

    /// <summary>Takes in corrections that are not here yet.</summary>
    /// <returns>How many.</returns>
    public static int TakeIn(SessionContext context, Prove prove, long sessionId, IEnumerable<Proven<CorrectionRow>> corrections)
    {
        var here = HashesHere(context, LinkKind.Correction, context.Corrections.Where(row => row.SessionId == sessionId).Select(row => row.Id));
        var isErased = IsErased(context, ClientOf(context, sessionId));
        return TakeIn(context, prove, LinkKind.Correction, here, corrections, row => row.Id, row =>
        {
            (row.Id, row.SessionId) = (0, sessionId);
            row.ById = PersonNamed(context, row.ByName);
            if (isErased)
            {
                FreeText.Erase(row);
            }
        });
    }

    /// <summary>Number of the person of this name here, or null.</summary>
    public static long? PersonNamed(SessionContext context, string? name)
    {
        var key = TextKey.Of(name ?? "");
        return context.People.Where(person => person.NameKey == key).Select(person => (long?)person.Id).SingleOrDefault();
    }

    /// <summary>The client of this key; added, with the label if it is free, when there is none.</summary>
    /// <returns>The client, and whether it was added.</returns>
    public static (ClientRow Client, bool IsNew) Client(SessionContext context, DateTimeOffset now, string key, string? label)
    {
        if (context.Clients.Find(key) is { } known)
        {
            return (known, false);
        }

        var number = (context.Clients.Max(row => (long?)row.Number) ?? 0) + 1;
        var free = Labels.Free(context, label?.Trim() is { Length: > 0 and <= Labels.Longest } given && TextKey.Of(given).Length > 0 ? given : Labels.Of(number));
        ClientRow added = new() { Key = key, Number = number, Label = free, LabelKey = TextKey.Of(free), CreatedUtc = now };
        context.Add(added);
        context.SaveChanges();
        return (added, true);
    }

    private static string? ClientOf(SessionContext context, long sessionId) => context.Sessions.Where(row => row.Id == sessionId).Select(row => row.ClientKey).SingleOrDefault();

    private static bool IsErased(SessionContext context, string? clientKey) =>
        clientKey is not null && context.Clients.Any(client => client.Key == clientKey && client.ErasedUtc != null);

    private static int TakeIn<TRow>(
        SessionContext context, Prove prove, LinkKind kind, HashSet<string> here, IEnumerable<Proven<TRow>> given, Func<TRow, long> idOf, Action<TRow> settle)
        where TRow : class, new()
    {
        var count = 0;
        foreach (var proven in given.Where(proven => here.Add(Convert.ToHexStringLower(proven.ContentHash))))
        {
            settle(proven.Row);
            context.Add(proven.Row);
            context.SaveChanges();
            prove(kind, idOf(proven.Row), proven.ContentHash);
            count++;
        }

        return count;
    }

    private static HashSet<string> HashesHere(SessionContext context, LinkKind kind, IQueryable<long> ids) =>
        [.. context.Links.Where(link => link.Kind == kind && ids.Contains(link.SubjectId)).Select(link => link.ContentHash).AsEnumerable().Select(Convert.ToHexStringLower)];
}
