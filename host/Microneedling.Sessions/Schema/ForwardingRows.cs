// The tables of forwarding. On a tablet: how far it has come. In the clinic's record: who has forwarded what, link by link,
// as the recorder's own chain says, and what does not fit together.
//
//   Recorders 1 ──< ReceivedLinks, Conflicts        Forwardings: one row for each clinic

using Microneedling.Sessions.Forwarding;
using Microneedling.Sessions.Proof;

namespace Microneedling.Sessions.Schema;

/// <summary>How far this record has been forwarded to a clinic's. For showing only: what holds is what the clinic has.</summary>
internal sealed class ForwardingRow
{
    /// <summary>Names the clinic's record.</summary>
    public string ClinicKey { get; set; } = "";

    /// <summary>Links of this record that are there.</summary>
    public long Links { get; set; }

    public DateTimeOffset DeliveredUtc { get; set; }

    /// <summary>What did not fit together, so far.</summary>
    public long Conflicts { get; set; }
}

/// <summary>A record that forwards to this one.</summary>
internal sealed class RecorderRow
{
    public string Key { get; set; } = "";

    /// <summary>What its computer is called.</summary>
    public string Name { get; set; } = "";

    /// <summary>The last of its links that is here, of the chain that it goes on with.</summary>
    public long Links { get; set; }

    public byte[] HeadHash { get; set; } = [];

    public DateTimeOffset FirstUtc { get; set; }

    public DateTimeOffset LatestUtc { get; set; }
}

/// <summary>A link of a recorder's chain, as it was forwarded. Two of one number: the recorder was set back in between.</summary>
internal sealed class ReceivedLinkRow
{
    public string RecorderKey { get; set; } = "";

    public long Number { get; set; }

    public byte[] Hash { get; set; } = [];

    public DateTimeOffset AtUtc { get; set; }

    public LinkKind Kind { get; set; }

    /// <summary>Its number in the recorder's record.</summary>
    public long SubjectId { get; set; }

    public byte[] ContentHash { get; set; } = [];
}

/// <summary>Something forwarded that does not fit what is here.</summary>
internal sealed class ConflictRow
{
    public long Id { get; set; }

    public string RecorderKey { get; set; } = "";

    public DateTimeOffset AtUtc { get; set; }

    public ConflictKind Kind { get; set; }

    /// <summary>Number of the recorder's link.</summary>
    public long Number { get; set; }

    /// <summary>Key of the session that it is about, or empty.</summary>
    public string SubjectKey { get; set; } = "";

    public string KnownHash { get; set; } = "";

    public string GivenHash { get; set; } = "";
}
