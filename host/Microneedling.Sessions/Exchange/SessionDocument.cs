// A finished session as an export holds it, and the hash over all of it. The content's hash is the one of the session's link:
// it covers every number and time of the session. The export's hash covers what stands around it as well.

using System.Security.Cryptography;
using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Exchange;

internal sealed class SessionDocument
{
    public const string Format = "microneedling-session";

    /// <summary>Version of the shape. 1 told less than the whole session.</summary>
    public const int FormatVersion = 2;

    public const string Remark = "Recorded by a prototype platform, not by a cleared medical device.";

    public Origin Origin { get; set; } = new();

    public string? ClientLabel { get; set; }

    public byte[] ContentHash { get; set; } = [];

    public Session Session { get; set; } = new();

    public List<PassRow> Passes { get; } = [];

    public List<SessionParameters> Parameters { get; } = [];

    public List<SessionEvent> Events { get; } = [];

    public List<Proven<FollowUpRow>> FollowUps { get; } = [];

    public List<Proven<CorrectionRow>> Corrections { get; } = [];

    /// <summary>All of it where the document was read; none where it is written: there they come from the record in portions.</summary>
    public List<TelemetrySample> Telemetry { get; } = [];

    /// <summary>Parameters, events and telemetry by their common numbers.</summary>
    public IEnumerable<SessionRow> RowsInOrder()
    {
        Queue<SessionRow> few = new(Parameters.Concat<SessionRow>(Events).OrderBy(row => row.Sequence));
        foreach (var sample in Telemetry)
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
    }

    /// <summary>SHA-256 over a line of the canonical form with everything that the content's hash does not cover.</summary>
    public byte[] ExportHash()
    {
        var line = new CanonicalWriter().Line("export").Add(FormatVersion)
            .Add(Origin.RecordKey).Add(Origin.LinkNumber).Add(Origin.LinkedUtc).Add(Origin.SessionNumber).Add(Origin.SuitabilityCheckNumber).Add(Origin.CourseNumber)
            .Add(ContentHash.AsSpan()).Add(ClientLabel)
            .Add(Passes.Count).Add(FollowUps.Count).Add(Corrections.Count);
        foreach (var pass in Passes)
        {
            line.Add(pass.UnlockReasonSeal);
        }

        foreach (var followUp in FollowUps)
        {
            line.Add(followUp.ContentHash.AsSpan()).Add(followUp.Row.NotesSeal);
        }

        foreach (var correction in Corrections)
        {
            line.Add(correction.ContentHash.AsSpan()).Add(correction.Row.ReasonSeal).Add(correction.Row.NewValueSeal);
        }

        return SHA256.HashData(line.End().Written);
    }

    /// <summary>Leaves out free text; its seals without salt go on proving it. Of corrections only remarks are free text.</summary>
    public void LeaveOutTexts()
    {
        foreach (var pass in Passes)
        {
            FreeText.Erase(pass);
        }

        foreach (var followUp in FollowUps)
        {
            FreeText.Erase(followUp.Row);
        }

        foreach (var correction in Corrections)
        {
            FreeText.Erase(correction.Row);
        }
    }
}
