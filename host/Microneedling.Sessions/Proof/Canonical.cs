// The canonical form of each thing that is proven: which of its columns, in which order. Written out in
// hardware-docs/record-proof.md with a worked example; the two change together. What may be forwarded to another record
// (sessions, follow-ups, corrections) is proven without the numbers that only this record gives to people, checks, courses
// and sessions, so that the same bytes prove it there; the names stand in it, and the audit trail has the numbers.

using System.Security.Cryptography;
using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Proof;

internal static class Canonical
{
    /// <summary>Where a record's chain begins.</summary>
    public static byte[] Beginning(string recordKey) => SHA256.HashData(new CanonicalWriter().Line("record").Add(recordKey).End().Written);

    /// <summary>Hash of a link.</summary>
    public static byte[] Link(LinkRow link, byte[] previousHash) => SHA256.HashData(new CanonicalWriter()
        .Line("link").Add(link.Number).Add(link.AtUtc).Add((long)link.Kind).Add(link.SubjectId).Add(link.ContentHash.AsSpan()).Add(previousHash.AsSpan()).End().Written);

    public static byte[] Hash(AuditRow row) => SHA256.HashData(new CanonicalWriter()
        .Line("audit").Add(row.AtUtc).Add(row.ById).Add(row.ByName).Add(row.Action).Add(row.Subject).Add(row.Details).End().Written);

    public static byte[] Hash(FollowUpRow row, string sessionKey) => SHA256.HashData(new CanonicalWriter()
        .Line("followUp").Add(sessionKey).Add(row.AtUtc).Add(row.ByName).Add(row.HoursAfter).Add((long)row.Redness).Add((long)row.Swelling).Add(row.Pain)
        .Add(SealedText.ProvenPart(row.NotesSeal)).End().Written);

    public static byte[] Hash(CorrectionRow row, string sessionKey) => SHA256.HashData(new CanonicalWriter()
        .Line("correction").Add(sessionKey).Add(row.AtUtc).Add(row.ByName).Add((long)row.Field).Add(SealedText.ProvenPart(row.NewValueSeal) ?? row.NewValue).Add(SealedText.ProvenPart(row.ReasonSeal)).End().Written);

    /// <summary>A row of a session's recording.</summary>
    public static CanonicalWriter Add(this CanonicalWriter writer, SessionRow row) => row switch
    {
        TelemetrySample sample => writer.Add(sample),
        SessionEvent entry => writer.Add(entry),
        SessionParameters parameters => writer.Add(parameters),
        _ => throw new ArgumentException($"A row of type {row.GetType().Name} has no canonical form.", nameof(row)),
    };

    /// <summary>A pass of a session.</summary>
    public static CanonicalWriter Add(this CanonicalWriter writer, PassRow pass) => writer
        .Line("pass").Add(pass.Number).Add(pass.ZoneId).Add(pass.AreaSquareMillimeters).Add(pass.PresetKey).Add(pass.PresetVersion).Add(pass.ByName)
        .Add(pass.UnlockedByName).Add(SealedText.ProvenPart(pass.UnlockReasonSeal)).Add(pass.StartedUtc).Add(pass.EndedUtc).Add((long)pass.Ending)
        .Add(pass.Strokes).Add(pass.StrokingMilliseconds).Add(pass.DeepestActiveDepthMicrometers).Add(pass.FastestActiveRateMillihertz).End();

    /// <summary>What a session comes to: its last line.</summary>
    public static CanonicalWriter Add(this CanonicalWriter writer, Session session) => writer
        .Line("session").Add(session.Key).Add(session.StartedUtc).Add(session.EndedUtc).Add(session.LastRecordedUtc)
        .Add(session.DeviceSerialNumber).Add(session.DeviceBootId).Add(session.FirmwareVersion).Add(session.ProtocolVersion)
        .Add((long)session.Outcome).Add(session.Strokes).Add(session.DeepestActiveDepthMicrometers).Add(session.FastestActiveRateMillihertz).Add(session.EventsComplete)
        .Add(session.PersonName).Add(session.ClientKey)
        .Add(session.CartridgeType).Add(session.CartridgeNeedles).Add(session.CartridgeLot).Add(session.CartridgeExpires).End();

    private static CanonicalWriter Add(this CanonicalWriter writer, TelemetrySample row) => writer
        .Line("telemetry").Add(row.Sequence).Add(row.ReceivedUtc).Add(row.DeviceUptimeMilliseconds).Add((long)row.State).Add((long)row.Fault)
        .Add(row.Inputs).Add(row.Flags).Add(row.StagePositionMicrometers)
        .Add(row.ActiveDepthMicrometers).Add(row.ActiveDepthCapMicrometers).Add(row.ActiveRateMillihertz).Add(row.ActiveBurstStrokes)
        .Add(row.DrivenRateMillihertz).Add(row.MeasuredRateMillihertz).Add(row.StrokeCount).Add((long?)row.Alarm).Add(row.SessionNumber).End();

    private static CanonicalWriter Add(this CanonicalWriter writer, SessionEvent row) => writer
        .Line("event").Add(row.Sequence).Add(row.RecordedUtc).Add(row.Number).Add(row.LastMissingNumber).Add(row.DeviceUptimeMilliseconds)
        .Add((long?)row.Code).Add(row.Argument1).Add(row.Argument2).Add(row.RestartedBootId).End();

    private static CanonicalWriter Add(this CanonicalWriter writer, SessionParameters row) => writer
        .Line("parameters").Add(row.Sequence).Add(row.RecordedUtc).Add(row.DeviceUptimeMilliseconds)
        .Add(row.AskedDepthMicrometers).Add(row.AskedDepthCapMicrometers).Add(row.AskedRateMillihertz).Add(row.AskedBurstStrokes).Add(row.SupervisorUnlock)
        .Add(row.ActiveDepthMicrometers).Add(row.ActiveDepthCapMicrometers).Add(row.ActiveRateMillihertz).Add(row.ActiveBurstStrokes).Add(row.Token).End();
}
