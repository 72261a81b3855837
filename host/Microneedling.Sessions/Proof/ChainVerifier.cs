// Checks the whole record against its chain: every link against the one before, everything proven against its link, and
// whether anything stands in the record that no link proves. Reads one snapshot; changes nothing. What somebody has made
// unreadable (text where a number stood) was changed.

using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions.Proof;

internal sealed class ChainVerifier(SessionContext context, CancellationToken ct)
{
    private const int MostFlaws = 100;
    private const int LinksAtOnce = 1000;

    private readonly List<ProofFlaw> flaws = [];
    private readonly Dictionary<long, bool> textsMayBeGone = [];
    private long sessions;
    private long auditEntries;

    /// <summary>Checks all of it.</summary>
    /// <param name="noted">Where the chain ended when this computer last noted it, or null.</param>
    public ProofReport Verify((long LinkNumber, string Hash)? noted)
    {
        var state = context.RecordStates.AsNoTracking().SingleOrDefault(row => row.Id == RecordStateRow.OnlyId);
        if (state is null)
        {
            return new ProofReport("", 0, "", 0, 0, [new ProofFlaw(ProofFlawKind.CutShort, 0)]);
        }

        var (last, head) = FollowLinks(state, noted);
        if (last < state.Links)
        {
            Add(new ProofFlaw(ProofFlawKind.CutShort, state.Links));
        }
        else if (last > state.Links || !head.AsSpan().SequenceEqual(state.HeadHash))
        {
            Add(new ProofFlaw(ProofFlawKind.LinkChanged, last));
        }

        if (noted is { } note && note.LinkNumber > last)
        {
            Add(new ProofFlaw(ProofFlawKind.SetBack, note.LinkNumber));
        }

        FindUnproven();
        return new ProofReport(state.Key, last, Convert.ToHexStringLower(head), sessions, auditEntries, flaws, context.Sessions.LongCount(row => row.Outcome == SessionOutcome.AwaitingDevice));
    }

    private (long Last, byte[] Head) FollowLinks(RecordStateRow state, (long LinkNumber, string Hash)? noted)
    {
        long last = 0;
        var previousHash = Canonical.Beginning(state.Key);
        while (NextLinks(last) is { Count: > 0 } links)
        {
            var entries = EntriesOf(links);
            foreach (var link in links)
            {
                ct.ThrowIfCancellationRequested();
                for (var missing = last + 1; missing < link.Number && flaws.Count < MostFlaws; missing++)
                {
                    Add(new ProofFlaw(ProofFlawKind.LinkMissing, missing));
                }

                // Behind a link that is missing there is nothing to check the next one against.
                if (link.Number == last + 1 && !Canonical.Link(link, previousHash).AsSpan().SequenceEqual(link.Hash))
                {
                    Add(new ProofFlaw(ProofFlawKind.LinkChanged, link.Number));
                }

                if (noted is { } note && note.LinkNumber == link.Number && note.Hash != Convert.ToHexStringLower(link.Hash))
                {
                    Add(new ProofFlaw(ProofFlawKind.SetBack, link.Number));
                }

                if (FlawOf(link, entries) is { } kind)
                {
                    Add(new ProofFlaw(kind, link.Number, link.Kind, link.SubjectId));
                }

                (last, previousHash) = (link.Number, link.Hash);
            }
        }

        return (last, previousHash);
    }

    /// <summary>The next links; when one of them cannot be read, only up to it.</summary>
    private List<LinkRow> NextLinks(long after)
    {
        List<LinkRow> links = [];
        try
        {
            foreach (var link in context.Links.AsNoTracking().Where(link => link.Number > after).OrderBy(link => link.Number).Take(LinksAtOnce))
            {
                links.Add(link);
            }
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            if (links.Count == 0)
            {
                Add(new ProofFlaw(ProofFlawKind.LinkChanged, after + 1));
            }
        }

        return links;
    }

    /// <summary>Of audit entries there are many, and they are small: all of some links at once. Null when one cannot be read.</summary>
    private Dictionary<long, AuditRow>? EntriesOf(List<LinkRow> links)
    {
        long[] ids = [.. links.Where(link => link.Kind == LinkKind.AuditEntry).Select(link => link.SubjectId)];
        try
        {
            return context.AuditEntries.AsNoTracking().Where(row => ids.Contains(row.Id)).ToDictionary(row => row.Id);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return null;
        }
    }

    private static bool IsUnreadable(Exception error) => error is OverflowException or FormatException or InvalidCastException or InvalidOperationException;

    /// <summary>What is wrong with what a link proves, or null.</summary>
    private ProofFlawKind? FlawOf(LinkRow link, Dictionary<long, AuditRow>? entries)
    {
        try
        {
            return FlawOfReadable(link, entries);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return ProofFlawKind.ContentChanged;
        }
    }

    private ProofFlawKind? FlawOfReadable(LinkRow link, Dictionary<long, AuditRow>? entries)
    {
        switch (link.Kind)
        {
            case LinkKind.AuditEntry:
                auditEntries++;
                return Compare(link, entries is null ? context.AuditEntries.AsNoTracking().SingleOrDefault(row => row.Id == link.SubjectId) : entries.GetValueOrDefault(link.SubjectId), _ => true, Canonical.Hash);
            case LinkKind.Session:
                sessions++;
                return Compare(
                    link,
                    context.Sessions.AsNoTracking().SingleOrDefault(row => row.Id == link.SubjectId),
                    session => session.Outcome.IsFinal()
                        && context.Passes.AsNoTracking().Where(row => row.SessionId == session.Id).ToList().All(row => Fits(row.UnlockReasonSeal, row.UnlockReason, session.Id)),
                    session => SessionContent.Hash(context, session));
            case LinkKind.FollowUp:
                return Compare(
                    link,
                    context.FollowUps.AsNoTracking().SingleOrDefault(row => row.Id == link.SubjectId),
                    row => Fits(row.NotesSeal, row.Notes, row.SessionId),
                    row => Canonical.Hash(row, KeyOf(row.SessionId)));
            case LinkKind.Correction:
                return Compare(
                    link,
                    context.Corrections.AsNoTracking().SingleOrDefault(row => row.Id == link.SubjectId),
                    row => Fits(row.ReasonSeal, row.Reason, row.SessionId) && (row.NewValueSeal is null || Fits(row.NewValueSeal, row.NewValue, row.SessionId)),
                    row => Canonical.Hash(row, KeyOf(row.SessionId)));
            default:
                return ProofFlawKind.LinkChanged;
        }
    }

    private static ProofFlawKind? Compare<TRow>(LinkRow link, TRow? row, Func<TRow, bool> fits, Func<TRow, byte[]> hash)
        where TRow : class => row switch
        {
            null => ProofFlawKind.ContentMissing,
            _ when !fits(row) || !hash(row).AsSpan().SequenceEqual(link.ContentHash) => ProofFlawKind.ContentChanged,
            _ => null,
        };

    /// <summary>Whether a text is the one that was sealed, or is gone and may be.</summary>
    private bool Fits(string? seal, string? text, long sessionId) => SealedText.Fits(seal, text) && (!SealedText.IsErased(seal) || TextsMayBeGone(sessionId));

    /// <summary>Whether the client was erased, as the audit trail proves; or the session came from elsewhere, perhaps without its texts.</summary>
    private bool TextsMayBeGone(long sessionId)
    {
        if (textsMayBeGone.TryGetValue(sessionId, out var known))
        {
            return known;
        }

        var client = $"client:{context.Sessions.Where(row => row.Id == sessionId).Select(row => row.ClientKey).SingleOrDefault()}";
        var session = $"session:{sessionId}";
        var proven = context.Links.Where(link => link.Kind == LinkKind.Session && link.SubjectId == sessionId).Select(link => link.ContentHash).SingleOrDefault();
        return textsMayBeGone[sessionId] =
            context.AuditEntries.Any(entry => (entry.Action == "client.erased" && entry.Subject == client) || (entry.Action == "session.imported" && entry.Subject == session))
            || (proven is not null && context.ReceivedLinks.Any(link => link.Kind == LinkKind.Session && link.ContentHash == proven));
    }

    private string KeyOf(long sessionId) => context.Sessions.Where(row => row.Id == sessionId).Select(row => row.Key).SingleOrDefault() ?? "";

    private void FindUnproven()
    {
        Unproven(LinkKind.AuditEntry, context.AuditEntries.Select(row => row.Id));
        Unproven(LinkKind.Session, context.Sessions.Where(row => row.Outcome != SessionOutcome.Running && row.Outcome != SessionOutcome.AwaitingDevice).Select(row => row.Id));
        Unproven(LinkKind.FollowUp, context.FollowUps.Select(row => row.Id));
        Unproven(LinkKind.Correction, context.Corrections.Select(row => row.Id));
    }

    private void Unproven(LinkKind kind, IQueryable<long> ids)
    {
        foreach (var id in ids.Where(id => !context.Links.Any(link => link.Kind == kind && link.SubjectId == id)).OrderBy(id => id).Take(MostFlaws).ToList())
        {
            Add(new ProofFlaw(ProofFlawKind.NotProven, null, kind, id));
        }
    }

    private void Add(ProofFlaw flaw)
    {
        if (flaws.Count < MostFlaws)
        {
            flaws.Add(flaw);
        }
    }
}
