// What the page is told, as one snapshot. web/src/live-view.ts mirrors it. Numbers are integers with the unit in the name;
// the page makes words and millimetres of them. Null means "not known", never zero.

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

/// <summary>Whether the device answers.</summary>
public sealed record LinkView(bool Connected, string Words);

/// <summary>Who the device is and what it allows.</summary>
public sealed record DeviceView(
    uint SerialNumber,
    string Firmware,
    string Protocol,
    bool Simulated,
    int MinimumDepthMicrometers,
    int DepthCapMicrometers,
    int MinimumRateMillihertz,
    int MaximumRateMillihertz);

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
    bool SupplyGood);

/// <summary>The treatment accepted last: what was asked for beside what the device holds to.</summary>
public sealed record TreatmentView(
    long Token,
    int SetDepthMicrometers,
    int SetRateMillihertz,
    int ActiveDepthMicrometers,
    int ActiveRateMillihertz);

/// <summary>The session being recorded.</summary>
public sealed record SessionView(long Id, long Strokes, string? RecordingFault);

/// <summary>The session that ended last since this program started.</summary>
public sealed record FinishedSessionView(long Id, string OutcomeWords, long Strokes, int DeepestActiveDepthMicrometers);

/// <summary>One line of the device's log.</summary>
public sealed record LogView(long DeviceTimeMilliseconds, string Words);
