// The tables of the record, one class a table, one property a column. Numbers carry their unit in the name. Device
// counters of 32 bits are kept as long: not every database has unsigned numbers.
//
//   Sessions 1 ──< SessionParameters, SessionEvents, TelemetrySamples
//
// The rows of a session are numbered in the order of recording, over all three tables together, and keyed by session
// and number: writing a row a second time is refused, never doubled. What may be null was not kept by the first version;
// the tables of the clinic are in ClinicRows.cs.

using Microneedling.Protocol;

namespace Microneedling.Sessions.Schema;

/// <summary>One session, with totals up to the last committed row.</summary>
internal sealed class Session
{
    public long Id { get; set; }

    public DateTimeOffset StartedUtc { get; set; }

    public DateTimeOffset? EndedUtc { get; set; }

    public DateTimeOffset LastRecordedUtc { get; set; }

    public long DeviceSerialNumber { get; set; }

    public long DeviceBootId { get; set; }

    public string FirmwareVersion { get; set; } = "";

    public string ProtocolVersion { get; set; } = "";

    public SessionOutcome Outcome { get; set; }

    public long Strokes { get; set; }

    public int DeepestActiveDepthMicrometers { get; set; }

    public int FastestActiveRateMillihertz { get; set; }

    public bool EventsComplete { get; set; }

    public long? PersonId { get; set; }

    public string? PersonName { get; set; }

    public string? ClientKey { get; set; }

    public long? SuitabilityCheckId { get; set; }

    public long? CourseId { get; set; }

    public string? CartridgeType { get; set; }

    public int? CartridgeNeedles { get; set; }

    public string? CartridgeLot { get; set; }

    public DateOnly? CartridgeExpires { get; set; }

    /// <summary>Names the session in every record that it is forwarded to.</summary>
    public string? Key { get; set; }
}

/// <summary>What every row of a session has.</summary>
internal abstract class SessionRow
{
    public long SessionId { get; set; }

    public long Sequence { get; set; }
}

/// <summary>An accepted treatment: as asked, and as the device holds to it.</summary>
internal sealed class SessionParameters : SessionRow
{
    public DateTimeOffset RecordedUtc { get; set; }

    public long? DeviceUptimeMilliseconds { get; set; }

    public int AskedDepthMicrometers { get; set; }

    public int AskedDepthCapMicrometers { get; set; }

    public int AskedRateMillihertz { get; set; }

    public bool SupervisorUnlock { get; set; }

    public int ActiveDepthMicrometers { get; set; }

    public int ActiveDepthCapMicrometers { get; set; }

    public int ActiveRateMillihertz { get; set; }

    public long Token { get; set; }

    public int? AskedBurstStrokes { get; set; }

    public int? ActiveBurstStrokes { get; set; }
}

/// <summary>
/// An event; or, with <see cref="LastMissingNumber"/>, the events from Number to there as missing; or, with
/// <see cref="RestartedBootId"/>, a new start of the device, without a number.
/// </summary>
internal sealed class SessionEvent : SessionRow
{
    public DateTimeOffset RecordedUtc { get; set; }

    public long Number { get; set; }

    public long? LastMissingNumber { get; set; }

    public long? DeviceUptimeMilliseconds { get; set; }

    public EventCode? Code { get; set; }

    public int? Argument1 { get; set; }

    public int? Argument2 { get; set; }

    public long? RestartedBootId { get; set; }
}

/// <summary>A status report.</summary>
internal sealed class TelemetrySample : SessionRow
{
    public DateTimeOffset ReceivedUtc { get; set; }

    public long DeviceUptimeMilliseconds { get; set; }

    public DeviceState State { get; set; }

    public FaultCode Fault { get; set; }

    public ushort Inputs { get; set; }

    public byte Flags { get; set; }

    public int StagePositionMicrometers { get; set; }

    public int ActiveDepthMicrometers { get; set; }

    public int DrivenRateMillihertz { get; set; }

    public int MeasuredRateMillihertz { get; set; }

    public long StrokeCount { get; set; }

    public int? ActiveDepthCapMicrometers { get; set; }

    public int? ActiveRateMillihertz { get; set; }

    public int? ActiveBurstStrokes { get; set; }

    public AlarmPriority? Alarm { get; set; }

    public long? SessionNumber { get; set; }
}
