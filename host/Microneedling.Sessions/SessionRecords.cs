// What the record tells of a session. Depths and rates are typed; times of day are UTC; device times count from the
// device's start.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Sessions;

/// <summary>How a session ended.</summary>
public enum SessionOutcome
{
    /// <summary>Not finished yet.</summary>
    Running = 0,

    /// <summary>Carried through and closed by the practitioner.</summary>
    Completed = 1,

    /// <summary>Ended early by a person.</summary>
    Stopped = 2,

    /// <summary>Ended by a fault that the device latched.</summary>
    AbortedByFault = 3,

    /// <summary>Ended because the host lost the device.</summary>
    LinkLost = 4,

    /// <summary>The host ended without closing the session, and nothing that the device told says how the treatment ended.</summary>
    Interrupted = 5,

    /// <summary>The host ended without closing the session, and the device has not been asked yet what happened then: see <see cref="Aftermath"/>.</summary>
    AwaitingDevice = 6,
}

/// <summary>What outcomes have in common.</summary>
public static class SessionOutcomes
{
    /// <summary>Whether nothing of the session changes any more, and it is proven.</summary>
    public static bool IsFinal(this SessionOutcome outcome) => outcome is not (SessionOutcome.Running or SessionOutcome.AwaitingDevice);
}

/// <summary>One session in a line.</summary>
/// <param name="Id">Number of the session in this record.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="EndedAt">When it ended, UTC; null while running or awaiting the device. Of an interrupted session: when the last row was recorded, or what the device told last of it happened.</param>
/// <param name="DeviceSerialNumber">Serial number of the device.</param>
/// <param name="FirmwareVersion">Firmware of the device, such as <c>1.4.0</c>.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Strokes">Strokes made during the session, up to the last status recorded.</param>
/// <param name="DeepestActiveDepth">Deepest depth that the device accepted or was armed with during the session.</param>
/// <param name="FastestActiveRate">Fastest rate that the device accepted or was armed with during the session.</param>
/// <param name="EventsComplete">
/// True when every event of the device from the session's beginning to its last status is in the record. Always false
/// when the device restarted meanwhile, while the device is awaited, and for an interrupted session unless the device has told the rest.
/// </param>
/// <param name="By">Who treated; null in records from before people were kept.</param>
/// <param name="ClientKey">Whom; null: on a test block.</param>
/// <param name="ClientLabel">The client's label now, or null.</param>
/// <param name="SuitabilityCheckId">The check that allowed it, or null.</param>
/// <param name="CourseId">The course it belongs to, or null.</param>
/// <param name="Cartridge">The cartridge; null in records from before it was kept.</param>
public sealed record SessionSummary(
    long Id,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    uint DeviceSerialNumber,
    string FirmwareVersion,
    SessionOutcome Outcome,
    long Strokes,
    Depth DeepestActiveDepth,
    StrokeRate FastestActiveRate,
    bool EventsComplete,
    Actor? By = null,
    string? ClientKey = null,
    string? ClientLabel = null,
    long? SuitabilityCheckId = null,
    long? CourseId = null,
    Cartridge? Cartridge = null);

/// <summary>One session with everything recorded of it, in the order of recording.</summary>
public sealed record SessionDetail(
    SessionSummary Summary,
    IReadOnlyList<ParameterChange> Parameters,
    IReadOnlyList<DeviceLogEntryAt> Events,
    IReadOnlyList<TelemetryPoint> Telemetry,
    IReadOnlyList<Pass> Passes);

/// <summary>One session with everything but what was recorded many times a second; see <see cref="SessionStore.ReadCurveAsync"/>.</summary>
/// <param name="Summary">In a line.</param>
/// <param name="Parameters">Accepted treatments, oldest first.</param>
/// <param name="Events">The device's events, oldest first.</param>
/// <param name="Passes">Its passes, oldest first.</param>
/// <param name="FirstStatus">The first status, or null: none was recorded.</param>
/// <param name="LastStatus">The last status, or null.</param>
public sealed record SessionOverview(
    SessionSummary Summary,
    IReadOnlyList<ParameterChange> Parameters,
    IReadOnlyList<DeviceLogEntryAt> Events,
    IReadOnlyList<Pass> Passes,
    TelemetryPoint? FirstStatus,
    TelemetryPoint? LastStatus);

/// <summary>Of a status, what a plot is drawn from.</summary>
/// <param name="ReceivedAt">Host time, UTC.</param>
/// <param name="DeviceUptimeMilliseconds">Device time.</param>
/// <param name="Flags">As in <see cref="TelemetryPoint.Flags"/>.</param>
/// <param name="StagePositionMicrometers">Deepest point of a stroke where the stage stood; nothing unless homed.</param>
/// <param name="ActiveDepthMicrometers">Depth of the accepted treatment; 0: none.</param>
/// <param name="DrivenRateMillihertz">Rate that the needle drive was given.</param>
/// <param name="MeasuredRateMillihertz">Rate measured at the index flag.</param>
public readonly record struct CurvePoint(
    DateTimeOffset ReceivedAt,
    long DeviceUptimeMilliseconds,
    byte Flags,
    int StagePositionMicrometers,
    int ActiveDepthMicrometers,
    int DrivenRateMillihertz,
    int MeasuredRateMillihertz);

/// <summary>A treatment that the device accepted.</summary>
/// <param name="At">Host time of recording, UTC.</param>
/// <param name="DeviceTime">Device time of the status known then, or null.</param>
/// <param name="Asked">What was asked for.</param>
/// <param name="Active">What the device answered that it holds to.</param>
public sealed record ParameterChange(DateTimeOffset At, TimeSpan? DeviceTime, TreatmentRequest Asked, AcceptedTreatment Active);

/// <summary>An event of the device, or events known to be missing.</summary>
/// <param name="At">Host time of recording, UTC.</param>
/// <param name="Entry">The event, or the gap.</param>
public sealed record DeviceLogEntryAt(DateTimeOffset At, DeviceLogEntry Entry);

/// <summary>One status as it is kept; each value as in <see cref="DeviceStatus"/>. What is null is from before it was kept.</summary>
public sealed record TelemetryPoint(
    DateTimeOffset ReceivedAt,
    TimeSpan DeviceTime,
    DeviceState State,
    FaultCode Fault,
    ushort Inputs,
    byte Flags,
    Depth StagePosition,
    Depth ActiveDepth,
    StrokeRate DrivenRate,
    StrokeRate MeasuredRate,
    uint StrokeCount,
    Depth? ActiveDepthCap = null,
    StrokeRate? ActiveRate = null,
    int? ActiveBurstStrokes = null,
    AlarmPriority? Alarm = null,
    uint? SessionNumber = null);
