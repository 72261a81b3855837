// What the page is told, as one snapshot. web/src/live-view.ts mirrors it. Numbers are integers with the unit in the name;
// the page makes words and millimetres of them. Null means "not known", never zero.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Device;

/// <summary>Everything the page shows, at one moment.</summary>
/// <param name="Link">Whether the device answers.</param>
/// <param name="Device">Who it is; null: not connected.</param>
/// <param name="Status">Its latest status; null: not connected.</param>
/// <param name="Treatment">The treatment accepted last, or null.</param>
/// <param name="Session">The session that is open, or null.</param>
/// <param name="FinishedSession">The session that was closed last since this program started, or null.</param>
/// <param name="Missing">What arming still needs, in the order in which to do it; empty: hold to arm.</param>
/// <param name="Unlock">A supervisor's unlock in force, or null.</param>
/// <param name="Alarms">Alarm conditions, gravest first.</param>
/// <param name="Control">Who controls the device.</param>
/// <param name="Log">The device's latest log lines, newest first.</param>
/// <param name="Notice">What this program did by itself and why, or null.</param>
public sealed record LiveView(
    LinkView Link,
    DeviceView? Device,
    StatusView? Status,
    TreatmentView? Treatment,
    SessionView? Session,
    FinishedSessionView? FinishedSession,
    IReadOnlyList<MissingView> Missing,
    UnlockView? Unlock,
    IReadOnlyList<AlarmView> Alarms,
    ControlView Control,
    IReadOnlyList<LogView> Log,
    string? Notice);

/// <summary>One thing that arming still needs.</summary>
/// <param name="Step">Which step of the way: <c>client</c>, <c>cartridge</c>, <c>zone</c>, <c>values</c>, <c>device</c>.</param>
/// <param name="Words">What is missing and what to do.</param>
/// <param name="Href">The page where it is done, or null: on the Treat page.</param>
public sealed record MissingView(string Step, string Words, string? Href);

/// <summary>A supervisor's unlock of a deeper cap: for one zone, until the session ends or it is taken back.</summary>
public sealed record UnlockView(string ZoneId, int DepthCapMicrometers, string By, string Reason);

/// <summary>An alarm condition, by IEC 60601-1-8's terms: present, acknowledged and silenced are three things.</summary>
/// <param name="Id">The condition, such as <c>fault-501</c>, <c>link</c>, <c>recording</c>.</param>
/// <param name="Priority"><c>High</c>, <c>Medium</c> or <c>Low</c>.</param>
/// <param name="Title">What is the matter, in a few words.</param>
/// <param name="Cause">Why, as far as it is known.</param>
/// <param name="NextStep">What to do.</param>
/// <param name="Acknowledged">A person has said that it is seen: no flash, no sound; the condition is still there.</param>
/// <param name="SilencedForSeconds">No sound for so long still; 0: not silenced.</param>
/// <param name="Fault">Number of the latched fault to clear, or 0.</param>
public sealed record AlarmView(string Id, string Priority, string Title, string Cause, string NextStep, bool Acknowledged, int SilencedForSeconds, int Fault);

/// <summary>Which page controls the device, and which one asks to.</summary>
/// <param name="Page">The page in control, or null: nobody.</param>
/// <param name="Person">Who is at it, or null.</param>
/// <param name="AskingPage">A page that asks to take over, or null.</param>
/// <param name="AskingPerson">Who is at that one, or null.</param>
public sealed record ControlView(string? Page, string? Person, string? AskingPage, string? AskingPerson);

/// <summary>Whether the device answers, and whether clearly.</summary>
public sealed record LinkView(bool Connected, bool Degraded, string Words)
{
    /// <summary>From what is true of the link.</summary>
    public static LinkView Of(LinkReport link, Texts texts) =>
        new(link.State is LinkState.Online or LinkState.Degraded, link.State == LinkState.Degraded, texts.Of(link));
}

/// <summary>Who the device is and what it allows.</summary>
public sealed record DeviceView(
    uint SerialNumber,
    string Firmware,
    string Protocol,
    bool Simulated,
    int MinimumDepthMicrometers,
    int UnsupervisedDepthMicrometers,
    int MaximumBurstStrokes,
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
        device.Capabilities.HasFlag(DeviceCapabilities.Burst) ? Microneedling.Protocol.Limits.MaximumBurstStrokes : 0,
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
    bool SupplyGood,
    bool HomeSwitchClosed,
    bool LimitSwitchOpen,
    int ActiveBurstStrokes,
    bool ReadyAtDepth,
    bool CartridgeUsedBefore)
{
    /// <summary>From a status of the device.</summary>
    public static StatusView Of(DeviceStatus status, DateTimeOffset now, Texts texts) => new(
        (long)(now - status.ReceivedAt).TotalMilliseconds,
        (long)status.DeviceTime.TotalMilliseconds,
        status.State.ToString(),
        texts.Of(status.State),
        (int)status.Fault,
        status.Fault == FaultCode.None ? "" : texts.TitleOf(status.Fault),
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
        status.Has(Inputs.SupplyGood),
        status.Has(Inputs.HomeSwitchClosed),
        status.Has(Inputs.LimitSwitchOpen),
        status.ActiveBurstStrokes,
        IsReadyAtDepth(status),
        status.Is(StatusFlags.CartridgeUsedBefore));

    /// <summary>Armed, stage at its depth, cam at its top: a press strokes at the depth at once.</summary>
    private static bool IsReadyAtDepth(DeviceStatus status) =>
        status.State == DeviceState.Armed && !status.Is(StatusFlags.StageMoving) && !status.Is(StatusFlags.NeedlesMoving)
        && status.StagePosition == status.ActiveDepth;
}

/// <summary>The treatment accepted last: what was asked for beside what the device holds to.</summary>
/// <param name="Token">Stands for these values.</param>
/// <param name="ZoneId">Zone that they were confirmed for.</param>
/// <param name="SetDepthMicrometers">Depth asked for.</param>
/// <param name="SetRateMillihertz">Rate asked for.</param>
/// <param name="SetBurstStrokes">Strokes of a press asked for; 0: glide.</param>
/// <param name="ActiveDepthMicrometers">Depth that the device holds to.</param>
/// <param name="ActiveDepthCapMicrometers">Cap that the device holds to.</param>
/// <param name="ActiveRateMillihertz">Rate that it holds to.</param>
/// <param name="ActiveBurstStrokes">Strokes of a press that it holds to; 0: glide.</param>
public sealed record TreatmentView(
    long Token,
    string ZoneId,
    int SetDepthMicrometers,
    int SetRateMillihertz,
    int SetBurstStrokes,
    int ActiveDepthMicrometers,
    int ActiveDepthCapMicrometers,
    int ActiveRateMillihertz,
    int ActiveBurstStrokes)
{
    /// <summary>From what was asked for and what the device answered.</summary>
    public static TreatmentView Of(string zoneId, TreatmentRequest asked, AcceptedTreatment accepted) => new(
        accepted.Token,
        zoneId,
        asked.Depth.Micrometers,
        asked.Rate.Millihertz,
        asked.BurstStrokes,
        accepted.Depth.Micrometers,
        accepted.DepthCap.Micrometers,
        accepted.Rate.Millihertz,
        accepted.BurstStrokes);
}

/// <summary>The session that is open.</summary>
/// <param name="Id">Number in the record.</param>
/// <param name="ClientLabel">Whom; null: on a test block.</param>
/// <param name="Needles">Needles of the cartridge.</param>
/// <param name="Strokes">Strokes of all passes: only those made with needles out.</param>
/// <param name="Passes">The latest pass of each zone so far, the newest pass last; that one may go on.</param>
/// <param name="RecordingFault">Why it is not being written down, or null.</param>
public sealed record SessionView(long Id, string? ClientLabel, int Needles, long Strokes, IReadOnlyList<PassView> Passes, string? RecordingFault);

/// <summary>One pass over a zone. Punctures are strokes × needles.</summary>
/// <param name="Number">1, 2, …</param>
/// <param name="ZoneId">Zone of the map.</param>
/// <param name="AreaSquareMillimeters">Its area.</param>
/// <param name="Strokes">Strokes with needles out.</param>
/// <param name="Punctures">Strokes × needles.</param>
/// <param name="PuncturesPerSquareCentimeter">Over the area, of this pass.</param>
/// <param name="ZonePuncturesPerSquareCentimeter">Over the area, of all passes of this session over the zone.</param>
/// <param name="StrokingMilliseconds">How long needles stroked in the zone, in this session.</param>
/// <param name="Ending"><c>Running</c>, <c>Disarmed</c>, <c>Stopped</c>, <c>Fault</c>, <c>LinkLost</c>.</param>
public sealed record PassView(
    int Number, string ZoneId, int AreaSquareMillimeters, long Strokes, long Punctures, double PuncturesPerSquareCentimeter,
    double ZonePuncturesPerSquareCentimeter, long StrokingMilliseconds, string Ending);

/// <summary>The session that was closed last since this program started.</summary>
public sealed record FinishedSessionView(long Id, string Outcome, string OutcomeWords, long Strokes);

/// <summary>One line of the device's log.</summary>
public sealed record LogView(long DeviceTimeMilliseconds, string Words);
