using System.Globalization;
using Microneedling.Protocol;

namespace Microneedling.Client;

/// <summary>The device's numbers in words: what is the matter, and what to do.</summary>
public static class DeviceWords
{
    private static readonly (ushort Bit, string Name)[] SelfTestParts =
    [
        (SelfTestItems.InputsPlausible, "home and limit switches"),
        (SelfTestItems.SettingsGood, "settings"),
        (SelfTestItems.NeedleDriverWell, "needle driver"),
        (SelfTestItems.DepthDriverWell, "depth stage's driver"),
        (SelfTestItems.WatchdogHolds, "watchdog with edges"),
        (SelfTestItems.WatchdogDrops, "watchdog without edges"),
    ];

    /// <summary>A rejection in words.</summary>
    /// <param name="reason">Why the device refused.</param>
    /// <param name="detail">The detail that came with it.</param>
    public static string Of(RejectionReason reason, int detail) => reason switch
    {
        RejectionReason.UnknownMessage => $"The device does not know message 0x{detail:X2}. Update its firmware.",
        RejectionReason.MalformedPayload => "The device could not read the command. Update the older side.",
        RejectionReason.VersionMismatch => detail > ProtocolVersion.Major
            ? $"The device speaks protocol {detail}, this program {ProtocolVersion.Major}. Update this program."
            : $"The device speaks protocol {detail}, this program {ProtocolVersion.Major}. Update the firmware.",
        RejectionReason.NotGreeted => "The device has restarted since this program connected. Connect again.",
        RejectionReason.OutOfDate => "The command reached the device after a later one. Look at the device's status, then try again.",
        RejectionReason.NotExecuted => "The command did not reach the device in time: it was not done and will not be. Try again.",
        RejectionReason.WrongState => $"Not possible while the device is {Of((DeviceState)detail)}.",
        RejectionReason.NotHomed => "The device does not know its depth yet. Home it first.",
        RejectionReason.FaultLatched => $"Acknowledge the fault first: {Of((FaultCode)detail)}",
        RejectionReason.DepthTooShallow => $"The depth is too shallow. The least is {Millimeters(detail)}.",
        RejectionReason.DepthAboveCap => $"The depth is above this treatment's cap of {Millimeters(detail)}.",
        RejectionReason.SupervisorRequired => $"Deeper than {Millimeters(detail)} needs a supervisor's unlock.",
        RejectionReason.DepthAboveAbsolute => $"The depth is above {Millimeters(detail)}, the deepest this device goes.",
        RejectionReason.RateTooLow => $"The stroke rate is too low. The least is {PerSecond(detail)}.",
        RejectionReason.RateTooHigh => $"The stroke rate is too high. The most is {PerSecond(detail)}.",
        RejectionReason.CapFixedWhileArmed => $"The depth cap is fixed at {Millimeters(detail)} while armed. Disarm to change it.",
        RejectionReason.NothingConfigured => "Set depth and stroke rate first.",
        RejectionReason.StaleToken => "The values have changed since they were confirmed. Check them and arm again.",
        RejectionReason.TriggerHeld => "Release the trigger on the handpiece, then arm.",
        RejectionReason.TriggerRequired => "The needles start only with the trigger on the handpiece. Press and hold it.",
        RejectionReason.NoHeartbeat => "The device does not hear this program steadily. Check the cable.",
        RejectionReason.SessionLimitReached => $"The needles have run for {detail / 60000} min in this session, as long as they may. End the session.",
        RejectionReason.NothingToClear => "There is no fault to acknowledge.",
        RejectionReason.OtherFaultLatched => $"Another fault has come: {Of((FaultCode)detail)}",
        RejectionReason.FaultStillPresent => "The cause of the fault is still there. Remove it, then acknowledge.",
        RejectionReason.StillRetracting => "The needles are still retracting. Wait until they are parked.",
        RejectionReason.EmergencyStopPressed => "Release the emergency stop first.",
        RejectionReason.CartridgeMissing => "Seat a cartridge first.",
        RejectionReason.SupplyLow => "The supply is too low. Check the power adapter.",
        RejectionReason.CartridgeSeated => "Remove the cartridge first: service is never done with needles.",
        RejectionReason.CartridgeUsed => $"This cartridge was used in session {(uint)detail}. Remove it and seat a new one.",
        RejectionReason.DriverFault => $"A motor driver is not well: {Of((FaultCode)detail)}",
        RejectionReason.BurstTooLong => detail > 0
            ? $"A burst has 1 to {detail} strokes."
            : "This device does not count strokes. Treat without bursts, or update its firmware.",
        RejectionReason.JogTooFar => detail == Limits.JogMicrometers
            ? $"A jog is {Millimeters(detail)} at most, either way."
            : $"The jog would leave the stage's travel, which ends at {Millimeters(detail)}.",
        RejectionReason.ZeroOffsetOutOfRange => $"The zero would be more than {Millimeters(detail)} off. Measure again, then have the mechanism checked.",
        RejectionReason.SerialNumberMissing => "The device needs a serial number of 1 or more.",
        RejectionReason.StillMoving => "The depth stage still moves. Wait until it stands.",
        RejectionReason.SessionNumberMissing => "The session needs a number of 1 or more.",
        _ => $"The device refused, reason {(int)reason}. Update this program to read it.",
    };

    /// <summary>A fault in words.</summary>
    public static string Of(FaultCode fault) => fault switch
    {
        FaultCode.None => "No fault.",
        FaultCode.LinkLost => "The device lost this program and stopped by itself. Check the cable, then acknowledge.",
        FaultCode.HomeSwitchNotFound => "The home switch did not close. Check the depth stage and its switch.",
        FaultCode.HomeSwitchStuckClosed => "The home switch stays closed. Check the switch and its wire.",
        FaultCode.PositionLost => "The depth stage is not where it should be. Do not treat; home again and check the mechanism.",
        FaultCode.LimitSwitchOpen => "The limit switch opened. Check the depth stage and the switch's wire.",
        FaultCode.DepthDriverFault => "The depth stage's motor driver reports a fault. Check the driver, its wires and its supply, then acknowledge.",
        FaultCode.IndexNotFound => "The needle cam did not reach its top. Check the needle motor and the index sensor.",
        FaultCode.RateOutOfBand => "The needles were not as fast as commanded. Check the cartridge and the needle motor.",
        FaultCode.NeedleStalled => "The needles stood still, or their sensor did not see them. Check the cartridge, the needle motor and the index sensor.",
        FaultCode.NeedleDriverFault => "The needle motor's driver reports a fault. Check the driver, its wires and its supply, then acknowledge.",
        FaultCode.SupplyLow => "The supply voltage fell. Check the power adapter.",
        FaultCode.CartridgeRemoved => "The cartridge was removed. Seat a cartridge, then acknowledge.",
        FaultCode.EmergencyStop => "The emergency stop was pressed. Release it, acknowledge, then home.",
        FaultCode.CartridgeInService => "A cartridge was seated during service. Remove it, then acknowledge.",
        FaultCode.TickGap => "The device's control loop was late. Acknowledge; if it comes again, do not use the device.",
        FaultCode.InternalError => "The device's firmware met an error and stopped. Switch it off and on.",
        FaultCode.ImplausibleInputs => "The switches contradict each other. Check the wiring, then switch off and on.",
        FaultCode.SettingsLost => "The device has lost its settings and moves nothing. Write them again, then acknowledge.",
        FaultCode.WatchdogNotWorking => "The watchdog circuit failed its test. Do not use the device; repair the circuit, then test again.",
        FaultCode.SettingsNotStored => "The settings were not stored. Acknowledge and write them again; if it comes again, do not use the device.",
        _ => $"Fault {(int)fault}. Update this program to read it.",
    };

    /// <summary>A state in words.</summary>
    public static string Of(DeviceState state) => state switch
    {
        DeviceState.Booting => "starting",
        DeviceState.SelfTest => "testing itself",
        DeviceState.Unhomed => "not homed",
        DeviceState.Homing => "homing",
        DeviceState.Parked => "parked",
        DeviceState.Armed => "armed",
        DeviceState.Running => "running",
        DeviceState.Retracting => "retracting",
        DeviceState.Faulted => "stopped by a fault",
        DeviceState.EmergencyStopped => "stopped by the emergency stop",
        DeviceState.Service => "in service",
        _ => $"in state {(int)state}",
    };

    /// <summary>An entry of the device's log in words.</summary>
    public static string Of(DeviceLogEntry entry) => entry switch
    {
        DeviceEvent happened => Of(happened.Code, happened.Argument1, happened.Argument2),
        MissingEvents missing => $"Events {missing.FirstNumber} to {missing.LastNumber} are missing.",
        _ => throw new ArgumentException($"A log entry of type {entry?.GetType().Name} has no words.", nameof(entry)),
    };

    /// <summary>The outcome of a self test in words.</summary>
    public static string Of(SelfTestOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        string untested = Parts(SelfTestParts.Aggregate(0, (all, part) => all | part.Bit) & ~outcome.Tested);
        return (outcome.HasPassed, outcome.Failed) switch
        {
            (true, _) => "The self test passed",
            (_, 0) => "The self test looked at nothing",
            _ => $"The self test failed: {Parts(outcome.Failed)}",
        } + (untested.Length == 0 ? "." : $"; not tested: {untested}.");
    }

    private static string Of(EventCode code, int first, int second) => code switch
    {
        EventCode.Started => $"The device started, protocol {first}.{second}.",
        EventCode.StateChanged => $"Now {Of((DeviceState)first)}, was {Of((DeviceState)second)}.",
        EventCode.FaultRaised => $"Fault while {Of((DeviceState)second)}: {Of((FaultCode)first)}",
        EventCode.FaultCleared => "Fault acknowledged.",
        EventCode.TriggerPressed => "Trigger pressed.",
        EventCode.TriggerReleased => "Trigger released.",
        EventCode.TreatmentAccepted => $"Holding to {Reported(first)} at {PerSecond(second)}.",
        EventCode.StopRequested => (StopSource)first == StopSource.DisarmCommand ? "Disarmed." : "STOP.",
        EventCode.PressLimitReached => $"The trigger was held for {first / 1000} s: needles paused.",
        EventCode.IdleDisarmed => $"No trigger press for {first / 1000} s: disarmed by itself.",
        EventCode.CartridgeChanged => first == 1 ? "Cartridge seated." : "Cartridge removed.",
        EventCode.SessionBegun => $"Session {(uint)first} begun.",
        EventCode.CartridgeUsed => first == 0 ? "First stroke of this cartridge, outside a session." : $"First stroke of this cartridge, in session {(uint)first}.",
        EventCode.SessionLimitReached => $"The needles have run for {first / 60000} min in this session: disarmed by itself.",
        EventCode.BurstEnded => first == second ? $"Burst of {first} strokes done." : $"Burst ended after {second} of {first} strokes.",
        EventCode.SettingsStored => $"Settings stored, write number {(uint)first}.",
        EventCode.StoredCopyMended => $"A bad copy of the {(first == 1 ? "settings" : "life counters")} was mended, copy {second}.",
        EventCode.CountersLost => "The life counters were lost and begin at 0 again.",
        EventCode.ZeroCalibrated => $"Zero offset calibrated to {Reported(first)}, was {Reported(second)}.",
        EventCode.Jogged => $"Jogged to {Reported(first)}.",
        EventCode.AlarmSilenced => $"Buzzer silenced for {first / 1000} s.",
        EventCode.SupplyChanged => first == 1 ? "Supply good." : "Supply low.",
        EventCode.EmergencyStopChanged => first == 1 ? "Emergency stop pressed." : "Emergency stop released.",
        EventCode.SelfTestDone => Of(new SelfTestOutcome((ushort)first, (ushort)second)),
        _ => $"Event {(int)code}. Update this program to read it.",
    };

    private static string Parts(int bits) => string.Join(", ", SelfTestParts.Where(part => (bits & part.Bit) != 0).Select(part => part.Name));

    // To the micrometre, so that it is not taken for what a person has set.
    private static string Reported(int micrometers) => (micrometers / 1000.0).ToString("0.000", CultureInfo.InvariantCulture) + " mm";

    private static string Millimeters(int micrometers) => Depth.FromMicrometers(micrometers).ToString();

    private static string PerSecond(int millihertz) => StrokeRate.FromMillihertz(millihertz).ToString();
}
