// What the page is told, as one snapshot. web/src/live-view.ts mirrors it. Numbers are integers with the unit in the name;
// the page makes words and millimetres of them. Null means "not known", never zero.

using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Tablet.Device;

/// <summary>Everything the page shows, at one moment.</summary>
public sealed record LiveView(
    LinkView Link,
    DeviceView? Device,
    StatusView? Status,
    TreatmentView? Treatment,
    SessionView? Session,
    FinishedSessionView? FinishedSession,
    IReadOnlyList<LogView> Log,
    string? ControllingPage,
    string? Notice);

/// <summary>Whether the device answers, and whether clearly.</summary>
public sealed record LinkView(bool Connected, bool Degraded, string Words)
{
    /// <summary>From what is true of the link.</summary>
    public static LinkView Of(LinkReport link) =>
        new(link.State is LinkState.Online or LinkState.Degraded, link.State == LinkState.Degraded, link.Words);
}

/// <summary>Who the device is and what it allows.</summary>
public sealed record DeviceView(
    uint SerialNumber,
    string Firmware,
    string Protocol,
    bool Simulated,
    int MinimumDepthMicrometers,
    int DepthCapMicrometers,
    int MinimumRateMillihertz,
    int MaximumRateMillihertz)
{
    /// <summary>From the device's greeting.</summary>
    public static DeviceView Of(DeviceIdentity device, bool simulated) => new(
        device.SerialNumber,
        device.FirmwareVersion.ToString(),
        device.ProtocolVersion.ToString(),
        simulated,
        device.Limits.MinimumDepth.Micrometers,
        device.Limits.UnsupervisedDepth.Micrometers,
        device.Limits.MinimumRate.Millihertz,
        device.Limits.MaximumRate.Millihertz);
}

/// <summary>The device's latest status and how old it is.</summary>
public sealed record StatusView(
    long AgeMilliseconds,
    long DeviceTimeMilliseconds,
    string State,
    string StateWords,
    int Fault,
    string FaultWords,
    bool Homed,
    bool Parking,
    bool StageMoving,
    int StagePositionMicrometers,
    int ActiveDepthMicrometers,
    int ActiveRateMillihertz,
    int DrivenRateMillihertz,
    int MeasuredRateMillihertz,
    long Token,
    bool TriggerPressed,
    bool EmergencyStopPressed,
    bool CartridgeSeated,
    bool SupplyGood)
{
    /// <summary>From a status of the device.</summary>
    public static StatusView Of(DeviceStatus status, DateTimeOffset now) => new(
        (long)(now - status.ReceivedAt).TotalMilliseconds,
        (long)status.DeviceTime.TotalMilliseconds,
        status.State.ToString(),
        DeviceWords.Of(status.State),
        (int)status.Fault,
        DeviceWords.Of(status.Fault),
        status.Is(StatusFlags.Homed),
        status.Is(StatusFlags.Parking),
        status.Is(StatusFlags.StageMoving),
        status.StagePosition.Micrometers,
        status.ActiveDepth.Micrometers,
        status.ActiveRate.Millihertz,
        status.DrivenRate.Millihertz,
        status.MeasuredRate.Millihertz,
        status.Token,
        status.Has(Inputs.TriggerPressed),
        status.Has(Inputs.EmergencyStop),
        status.Has(Inputs.CartridgeSeated),
        status.Has(Inputs.SupplyGood));
}

/// <summary>The treatment accepted last: what was asked for beside what the device holds to.</summary>
public sealed record TreatmentView(
    long Token,
    int SetDepthMicrometers,
    int SetRateMillihertz,
    int ActiveDepthMicrometers,
    int ActiveRateMillihertz)
{
    /// <summary>From what was asked for and what the device answered.</summary>
    public static TreatmentView Of(TreatmentRequest asked, AcceptedTreatment accepted) => new(
        accepted.Token, asked.Depth.Micrometers, asked.Rate.Millihertz, accepted.Depth.Micrometers, accepted.Rate.Millihertz);
}

/// <summary>The session being recorded.</summary>
public sealed record SessionView(long Id, long Strokes, string? RecordingFault);

/// <summary>The session that ended last since this program started.</summary>
public sealed record FinishedSessionView(long Id, string OutcomeWords, long Strokes);

/// <summary>One line of the device's log.</summary>
public sealed record LogView(long DeviceTimeMilliseconds, string Words);
