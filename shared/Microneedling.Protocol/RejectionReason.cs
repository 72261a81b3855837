namespace Microneedling.Protocol
{
    /// <summary>Why a command was refused. A rejection changes nothing.</summary>
    public enum RejectionReason : byte
    {
        /// <summary>Not rejected.</summary>
        None = 0,

        /// <summary>The device does not know this message; <see cref="Rejected.Detail"/> is its number.</summary>
        UnknownMessage = 1,

        /// <summary>The payload is shorter than its layout.</summary>
        MalformedPayload = 2,

        /// <summary>The major versions differ; <see cref="Rejected.Detail"/> is the device's major version.</summary>
        VersionMismatch = 3,

        /// <summary>No host has said hello since the device started.</summary>
        NotGreeted = 4,

        /// <summary>
        /// The command came after one with a higher sequence number had been executed: it is not executed now; whether it was
        /// before is no longer known. The detail is that higher number. Since 1.2.
        /// </summary>
        OutOfDate = 5,

        /// <summary>The command was settled before it came: it was not executed and will not be. Since 1.2.</summary>
        NotExecuted = 6,

        /// <summary>Not possible in this state; <see cref="Rejected.Detail"/> is the <see cref="DeviceState"/>.</summary>
        WrongState = 10,

        /// <summary>Home first: the position of the depth stage is unknown.</summary>
        NotHomed = 11,

        /// <summary>Clear the fault first; <see cref="Rejected.Detail"/> is the <see cref="FaultCode"/>.</summary>
        FaultLatched = 12,

        /// <summary>The depth is below <see cref="Limits.MinimumDepthMicrometers"/>, which is the detail.</summary>
        DepthTooShallow = 20,

        /// <summary>The depth is above the cap of this treatment, which is the detail.</summary>
        DepthAboveCap = 21,

        /// <summary>A cap above <see cref="Limits.UnsupervisedDepthMicrometers"/>, which is the detail, needs a supervisor's unlock.</summary>
        SupervisorRequired = 22,

        /// <summary>The depth or cap is above this device's <see cref="HelloReply.AbsoluteDepthMicrometers"/>, which is the detail.</summary>
        DepthAboveAbsolute = 23,

        /// <summary>The rate is below <see cref="Limits.MinimumRateMillihertz"/>, which is the detail.</summary>
        RateTooLow = 24,

        /// <summary>The rate is above <see cref="Limits.MaximumRateMillihertz"/>, which is the detail.</summary>
        RateTooHigh = 25,

        /// <summary>The depth cap cannot change while armed or running; the detail is the armed cap.</summary>
        CapFixedWhileArmed = 26,

        /// <summary>No treatment has been accepted yet.</summary>
        NothingConfigured = 30,

        /// <summary>The token is not that of the treatment accepted last.</summary>
        StaleToken = 31,

        /// <summary>Release the trigger before arming.</summary>
        TriggerHeld = 32,

        /// <summary>Only the trigger on the handpiece starts the needles.</summary>
        TriggerRequired = 33,

        /// <summary>The heartbeat is missing.</summary>
        NoHeartbeat = 34,

        /// <summary>The session has stroked for as long as one may; the detail is the limit in milliseconds. Since 1.1.</summary>
        SessionLimitReached = 35,

        /// <summary>There is no fault to clear.</summary>
        NothingToClear = 40,

        /// <summary>Another fault is latched; the detail is its <see cref="FaultCode"/>.</summary>
        OtherFaultLatched = 41,

        /// <summary>The cause of the fault is still present.</summary>
        FaultStillPresent = 42,

        /// <summary>The stage is still retracting: wait until it is parked.</summary>
        StillRetracting = 43,

        /// <summary>Release the emergency stop first.</summary>
        EmergencyStopPressed = 50,

        /// <summary>Seat a cartridge first.</summary>
        CartridgeMissing = 51,

        /// <summary>The supply is too low.</summary>
        SupplyLow = 52,

        /// <summary>Remove the cartridge first: service is never done with needles. Since 1.1.</summary>
        CartridgeSeated = 53,

        /// <summary>This cartridge was used in another session: remove it and seat a new one. The detail is that session's number. Since 1.1.</summary>
        CartridgeUsed = 54,

        /// <summary>A motor driver reports a fault; the detail is the <see cref="FaultCode"/> it would latch. Since 1.1.</summary>
        DriverFault = 55,

        /// <summary>The burst is longer than <see cref="Limits.MaximumBurstStrokes"/>, which is the detail. Since 1.1.</summary>
        BurstTooLong = 60,

        /// <summary>The jog is longer than one may be, or would leave the stage's travel; the detail is the farthest allowed, in micrometres. Since 1.1.</summary>
        JogTooFar = 61,

        /// <summary>The zero offset would be beyond ±<see cref="Limits.ZeroOffsetMicrometers"/>, which is the detail. Since 1.1.</summary>
        ZeroOffsetOutOfRange = 62,

        /// <summary>A serial number is 1 or more. Since 1.1.</summary>
        SerialNumberMissing = 63,

        /// <summary>The stage still moves: wait. Since 1.1.</summary>
        StillMoving = 64,

        /// <summary>A session number is 1 or more. Since 1.1.</summary>
        SessionNumberMissing = 65,
    }
}
