// The tables that prove the others: one link for each thing proven, in the order in which it was, and the state of the
// chain. What a link proves stands in its own table; see Proof/Chain.cs.
//
//   ChainLinks ──> 1 AuditEntries, Sessions, FollowUps, Corrections        RecordState: one row

using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;

namespace Microneedling.Sessions.Schema;

/// <summary>A link of the chain. Its hash covers what it proves and the link before.</summary>
internal sealed class LinkRow
{
    /// <summary>1, 2, … without a gap.</summary>
    public long Number { get; set; }

    public DateTimeOffset AtUtc { get; set; }

    public LinkKind Kind { get; set; }

    /// <summary>Number of what is proven, in its own table.</summary>
    public long SubjectId { get; set; }

    public byte[] ContentHash { get; set; } = [];

    public byte[] Hash { get; set; } = [];
}

/// <summary>What this record is called, and where its chain ends.</summary>
internal sealed class RecordStateRow
{
    public const int OnlyId = 1;

    public int Id { get; set; } = OnlyId;

    /// <summary>Names this record wherever it is forwarded to.</summary>
    public string Key { get; set; } = "";

    public DateTimeOffset CreatedUtc { get; set; }

    public long Links { get; set; }

    public byte[] HeadHash { get; set; } = [];
}

/// <summary>A correction of a finished session: the session stays as it was recorded.</summary>
internal sealed class CorrectionRow
{
    public long Id { get; set; }

    public long SessionId { get; set; }

    public DateTimeOffset AtUtc { get; set; }

    public long? ById { get; set; }

    public string ByName { get; set; } = "";

    public CorrectedField Field { get; set; }

    public string NewValue { get; set; } = "";

    /// <summary>See <see cref="SealedText"/>; null in corrections from before: their value is proven as it is.</summary>
    public string? NewValueSeal { get; set; }

    public string Reason { get; set; } = "";

    /// <summary>See <see cref="SealedText"/>.</summary>
    public string? ReasonSeal { get; set; }
}
