using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions.Exchange;

/// <summary>What an import came to.</summary>
/// <param name="SessionId">Number of the session in this record.</param>
/// <param name="IsNew">False: it was here already, the same.</param>
/// <param name="FollowUps">Follow-ups that came in.</param>
/// <param name="Corrections">Corrections that came in.</param>
/// <param name="ClientAdded">Whether its client was not known here.</param>
/// <param name="TextsLeftOut">Whether free text was left out because the client is erased here.</param>
public sealed record ImportResult(long SessionId, bool IsNew, int FollowUps, int Corrections, bool ClientAdded, bool TextsLeftOut);

/// <summary>Sessions out of this record and into it, as hardware-docs/session-export.md says.</summary>
public sealed class SessionExchange(SessionStore store)
{
    /// <summary>Most bytes that an import reads.</summary>
    public const long MostBytes = ExportReader.MostBytes;

    /// <summary>A session to be written out; null when there is none of this number.</summary>
    /// <exception cref="SessionStoreException">The record cannot be read.</exception>
    public Task<SessionExport?> FindAsync(long sessionId, CancellationToken ct = default) => store.ReadAsync(
        context =>
        {
            if (context.Sessions.SingleOrDefault(row => row.Id == sessionId) is not { } session)
            {
                return null;
            }

            SessionDocument document = new() { Session = session };
            document.Passes.AddRange(context.Passes.Where(row => row.SessionId == sessionId).OrderBy(row => row.Number));
            document.Parameters.AddRange(context.Parameters.Where(row => row.SessionId == sessionId).OrderBy(row => row.Sequence));
            document.Events.AddRange(context.Events.Where(row => row.SessionId == sessionId).OrderBy(row => row.Sequence));
            foreach (var row in context.FollowUps.Where(row => row.SessionId == sessionId).OrderBy(row => row.Id).ToList())
            {
                document.FollowUps.Add(new() { Row = row, ContentHash = LinkOf(context, LinkKind.FollowUp, row.Id)?.ContentHash ?? [] });
            }

            foreach (var row in context.Corrections.Where(row => row.SessionId == sessionId).OrderBy(row => row.Id).ToList())
            {
                document.Corrections.Add(new() { Row = row, ContentHash = LinkOf(context, LinkKind.Correction, row.Id)?.ContentHash ?? [] });
            }

            document.ClientLabel = context.Clients.Where(row => row.Key == session.ClientKey).Select(row => row.Label).SingleOrDefault();
            var link = LinkOf(context, LinkKind.Session, sessionId);
            document.ContentHash = link?.ContentHash ?? [];
            document.Origin = new()
            {
                RecordKey = context.RecordStates.Single(row => row.Id == RecordStateRow.OnlyId).Key,
                LinkNumber = link?.Number ?? 0,
                LinkedUtc = link?.AtUtc ?? default,
                SessionNumber = sessionId,
                SuitabilityCheckNumber = session.SuitabilityCheckId,
                CourseNumber = session.CourseId,
            };
            return new SessionExport(store, document);
        },
        ct);

    /// <summary>Takes in a session that was exported as JSON. All of it or nothing.</summary>
    /// <param name="who">Who imports.</param>
    /// <param name="from">The file.</param>
    /// <param name="ct">Gives up; nothing is taken in then.</param>
    /// <exception cref="ImportRefusedException">It is no such file, was changed, or conflicts with what is here; the message says what and where.</exception>
    /// <exception cref="SessionStoreException">The record cannot be written.</exception>
    public async Task<ImportResult> ImportAsync(Actor who, Stream from, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        var document = await Task.Run(() => ExportReader.Read(from, ct), ct);
        return await store.ChangeAsync(who, change => TakeIn(change, document), ct);
    }

    private static ImportResult TakeIn(Change change, SessionDocument document)
    {
        var (context, session) = (change.Context, document.Session);
        var (clientAdded, textsLeftOut) = (false, false);
        if (session.ClientKey is { } clientKey)
        {
            (var client, clientAdded) = Intake.Client(context, change.Now, clientKey, document.ClientLabel);
            textsLeftOut = client.ErasedUtc is not null;
        }

        session.PersonId = Intake.PersonNamed(context, session.PersonName);
        foreach (var pass in document.Passes)
        {
            pass.ById = Intake.PersonNamed(context, pass.ByName);
            pass.UnlockedById = pass.UnlockedByName is { } unlocker ? Intake.PersonNamed(context, unlocker) : null;
        }

        var reception = Intake.TakeIn(context, Prove, session, document.RowsInOrder(), document.Passes, document.ContentHash);
        if (reception.Arrival == Arrival.Conflict)
        {
            throw new ImportRefusedException(
                "import.conflict",
                "Another session of the same key is in this record, or it is still being recorded. One of the two was changed: check both records.",
                $"{(reception.HashHere is { } here ? Convert.ToHexStringLower(here) : "…")} ≠ {Convert.ToHexStringLower(document.ContentHash)}");
        }

        ImportResult result = new(
            reception.SessionId,
            reception.Arrival == Arrival.TakenIn,
            Intake.TakeIn(context, Prove, reception.SessionId, document.FollowUps),
            Intake.TakeIn(context, Prove, reception.SessionId, document.Corrections),
            clientAdded,
            textsLeftOut);
        if (result.IsNew || result.FollowUps > 0 || result.Corrections > 0)
        {
            change.Audit(
                "session.imported",
                $"session:{result.SessionId}",
                $"key:{session.Key}, hash:{Convert.ToHexStringLower(document.ContentHash)}, from record:{document.Origin.RecordKey}, link:{document.Origin.LinkNumber}, followUps:{result.FollowUps}, corrections:{result.Corrections}{(clientAdded ? $", client:{session.ClientKey}" : "")}");
        }

        return result;

        void Prove(LinkKind kind, long subjectId, byte[] contentHash) => change.ToProve(kind, () => subjectId, contentHash);
    }

    private static LinkRow? LinkOf(SessionContext context, LinkKind kind, long id) => context.Links.SingleOrDefault(link => link.Kind == kind && link.SubjectId == id);
}
