using Microneedling.Protocol;

namespace Microneedling.Client;

/// <summary>The device's numbers in words: what is the matter, and what to do.</summary>
public static class DeviceWords
{
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
        RejectionReason.NothingToClear => "There is no fault to acknowledge.",
        RejectionReason.OtherFaultLatched => $"Another fault has come: {Of((FaultCode)detail)}",
        RejectionReason.FaultStillPresent => "The cause of the fault is still there. Remove it, then acknowledge.",
        RejectionReason.StillRetracting => "The needles are still retracting. Wait until they are parked.",
        RejectionReason.EmergencyStopPressed => "Release the emergency stop first.",
        RejectionReason.CartridgeMissing => "Seat a cartridge first.",
        RejectionReason.SupplyLow => "The supply is too low. Check the power adapter.",
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
        FaultCode.IndexNotFound => "The needle cam did not reach its top. Check the needle motor and the index sensor.",
        FaultCode.RateOutOfBand => "The needles were not as fast as commanded. Check the cartridge and the needle motor.",
        FaultCode.SupplyLow => "The supply voltage fell. Check the power adapter.",
        FaultCode.CartridgeRemoved => "The cartridge was removed. Seat a cartridge, then acknowledge.",
        FaultCode.EmergencyStop => "The emergency stop was pressed. Release it, acknowledge, then home.",
        FaultCode.TickGap => "The device's control loop was late. Acknowledge; if it comes again, do not use the device.",
        FaultCode.InternalError => "The device's firmware met an error and stopped. Switch it off and on.",
        FaultCode.ImplausibleInputs => "The switches contradict each other. Check the wiring, then switch off and on.",
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

    private static string Millimeters(int micrometers) => Depth.FromMicrometers(micrometers).ToString();

    private static string PerSecond(int millihertz) => StrokeRate.FromMillihertz(millihertz).ToString();
}
