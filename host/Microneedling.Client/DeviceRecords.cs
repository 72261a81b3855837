using Microneedling.Protocol;

namespace Microneedling.Client;

/// <summary>Who a device is: answered to hello, as it was then.</summary>
/// <param name="SerialNumber">Serial number of the device.</param>
/// <param name="BootId">Random number of this start of its firmware, not 0.</param>
/// <param name="FirmwareVersion">Version of its firmware.</param>
/// <param name="ProtocolVersion">Version of the protocol that it speaks.</param>
/// <param name="Limits">The limits it holds to.</param>
/// <param name="Capabilities">What it has and can do; none of it under protocol 1.0.</param>
public sealed record DeviceIdentity(
    uint SerialNumber,
    uint BootId,
    Version FirmwareVersion,
    Version ProtocolVersion,
    DeviceLimits Limits,
    DeviceCapabilities Capabilities = DeviceCapabilities.None);

/// <summary>What a device has and can do.</summary>
[Flags]
public enum DeviceCapabilities : uint
{
    /// <summary>Nothing beyond protocol 1.0.</summary>
    None = 0,

    /// <summary>Bursts of counted strokes.</summary>
    Burst = Protocol.Capabilities.Burst,

    /// <summary>Sessions and the cartridge rule.</summary>
    Sessions = Protocol.Capabilities.Sessions,

    /// <summary>Service: jog and calibration, settings, life counters.</summary>
    Service = Protocol.Capabilities.Service,

    /// <summary>The self test can see the external watchdog.</summary>
    WatchdogReadBack = Protocol.Capabilities.WatchdogReadBack,

    /// <summary>The needle driver tells its own faults.</summary>
    NeedleDriverDiagnosis = Protocol.Capabilities.NeedleDriverDiagnosis,

    /// <summary>The depth stage's driver tells its own faults.</summary>
    DepthDriverDiagnosis = Protocol.Capabilities.DepthDriverDiagnosis,

    /// <summary>An alarm LED.</summary>
    AlarmLed = Protocol.Capabilities.AlarmLed,

    /// <summary>An alarm buzzer.</summary>
    AlarmBuzzer = Protocol.Capabilities.AlarmBuzzer,
}

/// <summary>The limits in force on the device.</summary>
public sealed record DeviceLimits(
    Depth MinimumDepth,
    Depth UnsupervisedDepth,
    Depth AbsoluteDepth,
    StrokeRate MinimumRate,
    StrokeRate MaximumRate,
    TimeSpan LinkTimeout);

/// <summary>What is asked of the device. Nothing of it is in force before the device has accepted it.</summary>
/// <param name="Depth">Depth, 0.10 mm … <paramref name="DepthCap"/>.</param>
/// <param name="DepthCap">Deepest depth of this treatment; fixed while armed.</param>
/// <param name="Rate">Stroke rate, 10 … 100 /s.</param>
/// <param name="SupervisorUnlock">True when a supervisor has unlocked caps above 1.50 mm.</param>
/// <param name="BurstStrokes">Strokes of a press, 1 … 500; 0: as long as the trigger is held.</param>
public sealed record TreatmentRequest(Depth Depth, Depth DepthCap, StrokeRate Rate, bool SupervisorUnlock = false, int BurstStrokes = 0);

/// <summary>What the device will hold to: rounded towards shallower and slower. The token stands for exactly these values.</summary>
/// <param name="Depth">Effective depth.</param>
/// <param name="DepthCap">Deepest depth of this treatment.</param>
/// <param name="Rate">Effective stroke rate.</param>
/// <param name="Token">Stands for these values when arming; not 0.</param>
/// <param name="BurstStrokes">Strokes of a press; 0: as long as the trigger is held.</param>
public sealed record AcceptedTreatment(Depth Depth, Depth DepthCap, StrokeRate Rate, uint Token, int BurstStrokes = 0);

/// <summary>One status report of the device.</summary>
/// <param name="ReceivedAt">Host time of arrival.</param>
/// <param name="DeviceTime">Device time since its start.</param>
/// <param name="State">State.</param>
/// <param name="Fault">Latched fault, or None.</param>
/// <param name="Inputs">Bits of <see cref="Protocol.Inputs"/>.</param>
/// <param name="Flags">Bits of <see cref="StatusFlags"/>.</param>
/// <param name="StagePosition">Deepest point of a stroke where the stage stands now; negative is behind the nosecone.</param>
/// <param name="ActiveDepth">Depth of the accepted treatment, or 0.</param>
/// <param name="ActiveDepthCap">Cap of the accepted treatment, or 0.</param>
/// <param name="ActiveRate">Rate of the accepted treatment, or 0.</param>
/// <param name="DrivenRate">Rate that the needle drive is given now.</param>
/// <param name="MeasuredRate">Rate measured at the index flag.</param>
/// <param name="StrokeCount">Strokes since the device started.</param>
/// <param name="Token">Token of the accepted treatment, or 0.</param>
/// <param name="LatestEventNumber">Number of the latest event, or 0.</param>
/// <param name="DroppedReports">Reports that the device could not send since its start (wraps at 65 536).</param>
/// <param name="TickGaps">Late ticks counted since its start (wraps at 65 536).</param>
/// <param name="ActiveBurstStrokes">Strokes of a press under the accepted treatment; 0: as long as the trigger is held.</param>
/// <param name="Alarm">How soon a person must act; never less than the latched fault asks for.</param>
/// <param name="SessionNumber">Number of the session that the device knows, or 0.</param>
public sealed record DeviceStatus(
    DateTimeOffset ReceivedAt,
    TimeSpan DeviceTime,
    DeviceState State,
    FaultCode Fault,
    ushort Inputs,
    byte Flags,
    Depth StagePosition,
    Depth ActiveDepth,
    Depth ActiveDepthCap,
    StrokeRate ActiveRate,
    StrokeRate DrivenRate,
    StrokeRate MeasuredRate,
    uint StrokeCount,
    uint Token,
    uint LatestEventNumber,
    int DroppedReports,
    int TickGaps,
    int ActiveBurstStrokes = 0,
    AlarmPriority Alarm = AlarmPriority.None,
    uint SessionNumber = 0)
{
    /// <summary>Whether an input bit of <see cref="Protocol.Inputs"/> is set.</summary>
    public bool Has(ushort input) => (Inputs & input) != 0;

    /// <summary>Whether a flag bit of <see cref="StatusFlags"/> is set.</summary>
    public bool Is(byte flag) => (Flags & flag) != 0;
}

/// <summary>An entry of the device's log: an event, or events known to be missing.</summary>
public abstract record DeviceLogEntry;

/// <summary>One event; the arguments are named at <see cref="EventCode"/>.</summary>
public sealed record DeviceEvent(uint Number, TimeSpan DeviceTime, EventCode Code, int Argument1, int Argument2) : DeviceLogEntry;

/// <summary>Events that are gone: the device, or this program for a reader that was too late, no longer has them.</summary>
public sealed record MissingEvents(uint FirstNumber, uint LastNumber) : DeviceLogEntry;

/// <summary>The device has started anew since the entry before: its events are numbered from 1 again.</summary>
/// <param name="BootId">The new start.</param>
public sealed record DeviceRestarted(uint BootId) : DeviceLogEntry;
