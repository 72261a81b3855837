namespace Microneedling.Sessions.Proof;

/// <summary>What a link of the chain proves.</summary>
public enum LinkKind
{
    /// <summary>An entry of the audit trail.</summary>
    AuditEntry = 1,

    /// <summary>A finished session with all its rows.</summary>
    Session = 2,

    /// <summary>A follow-up.</summary>
    FollowUp = 3,

    /// <summary>A correction.</summary>
    Correction = 4,
}

/// <summary>What is wrong with the proof.</summary>
public enum ProofFlawKind
{
    /// <summary>A link is not what it was: it, or the order of links, was changed.</summary>
    LinkChanged = 1,

    /// <summary>A link is missing.</summary>
    LinkMissing = 2,

    /// <summary>What a link proves was changed.</summary>
    ContentChanged = 3,

    /// <summary>What a link proves is gone.</summary>
    ContentMissing = 4,

    /// <summary>Something stands in the record that no link proves: it came in from outside.</summary>
    NotProven = 5,

    /// <summary>The chain ends before the place that the record has noted.</summary>
    CutShort = 6,

    /// <summary>The chain is not the one that this computer has seen here: the record was set back or exchanged.</summary>
    SetBack = 7,
}

/// <summary>A place where the proof fails.</summary>
/// <param name="Kind">How.</param>
/// <param name="LinkNumber">The link; null where something has none.</param>
/// <param name="Subject">What it is about; null where a link itself is at fault.</param>
/// <param name="SubjectId">Its number in the record.</param>
public sealed record ProofFlaw(ProofFlawKind Kind, long? LinkNumber, LinkKind? Subject = null, long? SubjectId = null)
{
    private string Place => LinkNumber is { } number ? $"Link {number}" : "No link";

    private string Thing => Subject switch
    {
        LinkKind.AuditEntry => $"audit entry {SubjectId}",
        LinkKind.Session => $"session {SubjectId}",
        LinkKind.FollowUp => $"follow-up {SubjectId}",
        LinkKind.Correction => $"correction {SubjectId}",
        _ => "the chain",
    };

    /// <summary>In words.</summary>
    public override string ToString() => Kind switch
    {
        ProofFlawKind.LinkChanged => $"{Place} was changed, or stands in another place than it was written.",
        ProofFlawKind.LinkMissing => $"{Place} is missing.",
        ProofFlawKind.ContentChanged => $"{Place}: {Thing} was changed after it was written.",
        ProofFlawKind.ContentMissing => $"{Place}: {Thing} is gone.",
        ProofFlawKind.NotProven => $"{Place} proves {Thing}: it was put in from outside.",
        ProofFlawKind.CutShort => $"{Place} was the last one; the chain now ends before it.",
        _ => $"{Place} is not the one that this computer has seen in this place: the record was set back to an older state, or exchanged.",
    };
}

/// <summary>What checking the whole record has found.</summary>
/// <param name="RecordKey">Names the record.</param>
/// <param name="Links">Links of the chain.</param>
/// <param name="HeadHash">Hash of the last link, 64 hex digits: who has it noted elsewhere can tell whether anything up to there was changed.</param>
/// <param name="Sessions">Sessions proven.</param>
/// <param name="AuditEntries">Audit entries proven.</param>
/// <param name="Flaws">Where the proof fails, the first link first; at most 100. None: the record is as it was written.</param>
/// <param name="Awaiting">Sessions that wait for their device: not proven yet, as those that are still running.</param>
public sealed record ProofReport(string RecordKey, long Links, string HeadHash, long Sessions, long AuditEntries, IReadOnlyList<ProofFlaw> Flaws, long Awaiting = 0)
{
    /// <summary>Whether the record is as it was written.</summary>
    public bool IsSound => Flaws.Count == 0;

    /// <summary>When a backup was put in the place of the record, by whom and what that has lost: entries of the audit trail, the latest first.</summary>
    public IReadOnlyList<Clinic.AuditEntry> Restores { get; init; } = [];
}

/// <summary>What a finished session's link says, for a print or an export.</summary>
/// <param name="LinkNumber">Number of the link.</param>
/// <param name="ContentHash">SHA-256 of the session's canonical form, 64 hex digits.</param>
public sealed record SessionProof(long LinkNumber, string ContentHash);

/// <summary>Which field of a finished session a correction is about.</summary>
public enum CorrectedField
{
    /// <summary>Anything else: the new value is a remark.</summary>
    Remark = 0,

    /// <summary>The cartridge's type.</summary>
    CartridgeType = 1,

    /// <summary>The cartridge's lot.</summary>
    CartridgeLot = 2,

    /// <summary>The cartridge's last day of use.</summary>
    CartridgeExpires = 3,

    /// <summary>The cartridge's needles.</summary>
    CartridgeNeedles = 4,

    /// <summary>The zone of a pass.</summary>
    Zone = 5,
}

/// <summary>A correction. What was recorded stays beside it.</summary>
/// <param name="Id">Number.</param>
/// <param name="SessionId">The session.</param>
/// <param name="At">When, UTC.</param>
/// <param name="By">By whom.</param>
/// <param name="Field">Of what.</param>
/// <param name="NewValue">What is right, 1 … 200 characters.</param>
/// <param name="Reason">Why, 10 … 500 characters; null once the client is erased.</param>
public sealed record Correction(long Id, long SessionId, DateTimeOffset At, Clinic.Actor By, CorrectedField Field, string NewValue, string? Reason);
