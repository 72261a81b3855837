// Chains what is proven: each link's hash covers the hash of what it proves and the hash of the link before, so that
// nothing before the last link can be changed, taken out or moved without every later hash being another one. A link is
// written in the same commit as what it proves; while that commit is under way no other program writes.
//
//   beginning ← 1: audit entry ← 2: session ← 3: audit entry ← …  head (RecordState, and beside the file: HeadNote)

using System.Security.Cryptography;
using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Proof;

internal static class Chain
{
    private const int KeyLength = 26;

    /// <summary>A name that nothing else has: 26 characters of 32, 130 bits.</summary>
    public static string NewKey() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", KeyLength);

    /// <summary>Adds a link to the end. The caller saves and commits it together with what it proves.</summary>
    public static void Append(SessionContext context, DateTimeOffset now, LinkKind kind, long subjectId, byte[] contentHash)
    {
        var state = context.RecordStates.Find(RecordStateRow.OnlyId) ?? throw new ChainBrokenException();
        var link = new LinkRow { Number = state.Links + 1, AtUtc = now, Kind = kind, SubjectId = subjectId, ContentHash = contentHash };
        link.Hash = Canonical.Link(link, state.HeadHash);
        context.Add(link);
        (state.Links, state.HeadHash) = (link.Number, link.Hash);
    }

    /// <summary>
    /// Begins the chain of a record that has none, with all that is in it: what is from before cannot be proven further
    /// back than to here. Only when no other program has the record open.
    /// </summary>
    /// <exception cref="ChainBrokenException">There is a chain, and where it ends is gone.</exception>
    public static void BeginIfMissing(SessionContext context, DateTimeOffset now)
    {
        if (context.RecordStates.Find(RecordStateRow.OnlyId) is not null)
        {
            return;
        }

        if (context.Links.Any())
        {
            throw new ChainBrokenException();
        }

        using var transaction = context.Database.BeginTransaction();
        var key = NewKey();
        context.Add(new RecordStateRow { Key = key, CreatedUtc = now, HeadHash = Canonical.Beginning(key) });
        foreach (var session in context.Sessions)
        {
            session.Key ??= NewKey();
        }

        foreach (var pass in context.Passes.Where(pass => pass.UnlockReason != null))
        {
            pass.UnlockReasonSeal = SealedText.Of(pass.UnlockReason);
        }

        foreach (var followUp in context.FollowUps)
        {
            followUp.NotesSeal = SealedText.Of(followUp.Notes);
        }

        context.SaveChanges();
        foreach (var session in context.Sessions.Where(session => session.Outcome != SessionOutcome.Running && session.Outcome != SessionOutcome.AwaitingDevice).OrderBy(session => session.Id).ToList())
        {
            Append(context, now, LinkKind.Session, session.Id, SessionContent.Hash(context, session));
        }

        foreach (var followUp in context.FollowUps.OrderBy(row => row.Id).ToList())
        {
            Append(context, now, LinkKind.FollowUp, followUp.Id, Canonical.Hash(followUp, context.Sessions.Find(followUp.SessionId)!.Key!));
        }

        foreach (var entry in context.AuditEntries.OrderBy(row => row.Id).ToList())
        {
            Append(context, now, LinkKind.AuditEntry, entry.Id, Canonical.Hash(entry));
        }

        context.SaveChanges();
        transaction.Commit();
    }
}

/// <summary>Where the chain ends is gone from the record: it was changed from outside, and nothing more can be proven in it.</summary>
internal sealed class ChainBrokenException : Exception;
