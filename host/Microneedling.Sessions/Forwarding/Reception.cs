// The clinic's end of forwarding: takes a batch in, in one transaction. What was taken is linked to the clinic's own chain at
// the end, so that recorders wait for one another only then; two copies of one recorder wait for one another from the start.

using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Exchange;
using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions.Forwarding;

/// <summary>What a link proves is not what stands in the recorder's record.</summary>
internal sealed class ContentChangedException(long linkNumber) : Exception
{
    public long LinkNumber => linkNumber;
}

internal sealed class Reception(SessionContext context, SessionStore clinic, string recorderKey, string recorderName)
{
    private readonly List<(LinkKind Kind, long SubjectId, byte[] ContentHash)> toLink = [];
    private readonly DateTimeOffset now = clinic.Time.GetUtcNow();
    private long sessions;
    private long rows;

    /// <summary>Makes sure that the clients and courses of a batch are there. A transaction of its own: their labels and numbers are given once.</summary>
    public static void Prepare(SessionContext context, SessionStore clinic, Batch batch)
    {
        string[] clientKeys = [.. batch.Clients.Keys];
        string[] courseKeys = [.. batch.Courses.Values.Select(course => course.Key!)];
        var now = clinic.Time.GetUtcNow();
        if (context.Clients.Count(client => clientKeys.Contains(client.Key)) == clientKeys.Length
            && context.Courses.Count(course => courseKeys.Contains(course.Key)) == courseKeys.Length)
        {
            return;
        }

        using var transaction = clinic.Database.BeginWriting(context);
        foreach (var client in batch.Clients.Values.OrderBy(client => client.Number))
        {
            Intake.Client(context, now, client.Key, client.Label);
        }

        foreach (var course in batch.Courses.Values.Where(course => !context.Courses.Any(here => here.Key == course.Key)).OrderBy(course => course.Id))
        {
            context.Add(new CourseRow
            {
                Key = course.Key,
                ClientKey = course.ClientKey,
                Indication = course.Indication,
                PlannedSessions = course.PlannedSessions,
                IntervalDays = course.IntervalDays,
                CreatedUtc = course.CreatedUtc,
                IsClosed = course.IsClosed,
            });
        }

        context.SaveChanges();
        transaction.Commit();
    }

    /// <summary>Takes a batch in, once.</summary>
    /// <param name="own">The recorder's record.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="changed">Links that are not to be taken: what they prove was changed.</param>
    /// <exception cref="ContentChangedException">One more of them. Nothing was taken.</exception>
    public (long Sessions, long Rows) Take(SessionContext own, Batch batch, IReadOnlySet<long> changed)
    {
        using var transaction = context.Database.BeginTransaction();
        context.Recorders.Where(row => row.Key == recorderKey).ExecuteUpdate(set => set.SetProperty(row => row.LatestUtc, now)); // Holds it to the end.
        var recorder = context.Recorders.Single(row => row.Key == recorderKey);
        long first = batch.Links[0].Number, last = batch.LastLink;
        var known = context.ReceivedLinks.AsNoTracking().Where(row => row.RecorderKey == recorderKey && row.Number >= first && row.Number <= last)
            .Select(row => row.Hash).AsEnumerable().Select(Convert.ToHexStringLower).ToHashSet();
        List<LinkRow> fresh = [.. batch.Links.Where(link => !known.Contains(Convert.ToHexStringLower(link.Hash)))];
        foreach (var link in fresh)
        {
            if (changed.Contains(link.Number))
            {
                Conflict.Note(context, now, recorderKey, ConflictKind.ContentChanged, link.Number, batch.Sessions.GetValueOrDefault(link.SubjectId)?.Key ?? "", link.ContentHash, link.Hash);
                continue;
            }

            switch (link.Kind)
            {
                case LinkKind.Session:
                    TakeSession(own, batch, link);
                    break;
                case LinkKind.FollowUp:
                    TakeAddition(link, own.FollowUps.AsNoTracking().SingleOrDefault(row => row.Id == link.SubjectId), own, row => row.SessionId, Canonical.Hash, (prove, id, row) => Intake.TakeIn(context, prove, id, [row]));
                    break;
                case LinkKind.Correction:
                    TakeAddition(link, own.Corrections.AsNoTracking().SingleOrDefault(row => row.Id == link.SubjectId), own, row => row.SessionId, Canonical.Hash, (prove, id, row) => Intake.TakeIn(context, prove, id, [row]));
                    break;
                default:
                    break; // Of the audit trail the clinic keeps the hashes only.
            }
        }

        BulkInsert.Insert(context, context.Model.FindEntityType(typeof(ReceivedLinkRow))!, fresh.Select(link => new ReceivedLinkRow
        {
            RecorderKey = recorderKey,
            Number = link.Number,
            Hash = link.Hash,
            AtUtc = link.AtUtc,
            Kind = link.Kind,
            SubjectId = link.SubjectId,
            ContentHash = link.ContentHash,
        }));
        (recorder.Name, recorder.Links, recorder.HeadHash) = (recorderName, last, batch.Links[^1].Hash);
        clinic.Database.WaitToWrite(context);
        foreach (var (kind, subjectId, contentHash) in toLink)
        {
            Chain.Append(context, now, kind, subjectId, contentHash);
        }

        context.SaveChanges();
        transaction.Commit();
        return (sessions, rows);
    }

    private void TakeSession(SessionContext own, Batch batch, LinkRow link)
    {
        var session = batch.Sessions.GetValueOrDefault(link.SubjectId) ?? throw new ContentChangedException(link.Number);
        var courseKey = session.CourseId is { } course ? batch.Courses.GetValueOrDefault(course)?.Key : null;
        Session given = Copy(session);
        given.PersonId = Intake.PersonNamed(context, session.PersonName);
        given.SuitabilityCheckId = null;
        given.CourseId = courseKey is null ? null : context.Courses.Where(row => row.Key == courseKey).Select(row => (long?)row.Id).SingleOrDefault();
        var passes = own.Passes.AsNoTracking().Where(row => row.SessionId == session.Id).OrderBy(row => row.Number).ToList();
        foreach (var pass in passes)
        {
            pass.ById = pass.UnlockedById = null;
        }

        try
        {
            var (arrival, _, hashHere) = Intake.TakeIn(context, Later, given, Counted(SessionContent.InOrder(own, session.Id)), passes, link.ContentHash);
            sessions += arrival == Arrival.TakenIn ? 1 : 0;
            if (arrival == Arrival.Conflict)
            {
                Conflict.Note(context, now, recorderKey, ConflictKind.SessionDiffers, link.Number, session.Key!, hashHere ?? [], link.ContentHash);
            }
        }
        catch (RecordRefusedException)
        {
            throw new ContentChangedException(link.Number);
        }
    }

    private void TakeAddition<TRow>(
        LinkRow link, TRow? row, SessionContext own, Func<TRow, long> sessionOf, Func<TRow, string, byte[]> hash, Func<Prove, long, Proven<TRow>, int> takeIn)
        where TRow : class, new()
    {
        var ownSession = row is null ? 0 : sessionOf(row);
        var key = own.Sessions.AsNoTracking().Where(session => session.Id == ownSession).Select(session => session.Key).SingleOrDefault();
        if (row is null || key is null || !hash(row, key).AsSpan().SequenceEqual(link.ContentHash))
        {
            throw new ContentChangedException(link.Number);
        }

        if (context.Sessions.Where(session => session.Key == key).Select(session => (long?)session.Id).SingleOrDefault() is { } sessionId)
        {
            takeIn(Later, sessionId, new Proven<TRow> { Row = row, ContentHash = link.ContentHash });
        }
        else
        {
            Conflict.Note(context, now, recorderKey, ConflictKind.ContentChanged, link.Number, key, [], link.ContentHash);
        }
    }

    private void Later(LinkKind kind, long subjectId, byte[] contentHash) => toLink.Add((kind, subjectId, contentHash));

    private IEnumerable<SessionRow> Counted(IEnumerable<SessionRow> all)
    {
        foreach (var row in all)
        {
            rows++;
            yield return row;
        }
    }

    private Session Copy(Session session) => (Session)context.Entry(session).CurrentValues.Clone().ToObject();
}
