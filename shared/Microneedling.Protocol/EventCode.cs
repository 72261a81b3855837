namespace Microneedling.Protocol
{
    /// <summary>What an <see cref="EventReport"/> tells; its two arguments are named here.</summary>
    public enum EventCode : ushort
    {
        /// <summary>Not an event.</summary>
        None = 0,

        /// <summary>The firmware started. Arguments: protocol major, protocol minor.</summary>
        Started = 1,

        /// <summary>The state changed. Arguments: new <see cref="DeviceState"/>, old <see cref="DeviceState"/>.</summary>
        StateChanged = 2,

        /// <summary>A fault was latched. Arguments: <see cref="FaultCode"/>, the <see cref="DeviceState"/> it was met in.</summary>
        FaultRaised = 3,

        /// <summary>A fault was acknowledged. Arguments: <see cref="FaultCode"/>, 0.</summary>
        FaultCleared = 4,

        /// <summary>The trigger was pressed. Arguments: stroke count, 0.</summary>
        TriggerPressed = 5,

        /// <summary>The trigger was released. Arguments: stroke count, 0.</summary>
        TriggerReleased = 6,

        /// <summary>A treatment was accepted. Arguments: effective depth in micrometres, effective rate in millihertz.</summary>
        TreatmentAccepted = 7,

        /// <summary>A stop was asked for; STOP bytes that found nothing to stop are not told. Arguments: <see cref="StopSource"/>, stroke count.</summary>
        StopRequested = 8,

        /// <summary>The press limit ended the strokes. Arguments: limit in milliseconds, 0.</summary>
        PressLimitReached = 9,

        /// <summary>No trigger press for too long: the device disarms. Arguments: limit in milliseconds, 0.</summary>
        IdleDisarmed = 10,

        /// <summary>The cartridge was seated or removed. Arguments: 1 seated, 0 removed; 0.</summary>
        CartridgeChanged = 11,

        /// <summary>A session began. Arguments: its number, 0. Since 1.1.</summary>
        SessionBegun = 12,

        /// <summary>The seated cartridge made its first stroke. Arguments: number of the session, 0. Since 1.1.</summary>
        CartridgeUsed = 13,

        /// <summary>The session has stroked for as long as one may: the device disarms. Arguments: limit in milliseconds, 0. Since 1.1.</summary>
        SessionLimitReached = 14,

        /// <summary>A burst is over. Arguments: strokes asked for, strokes made. Since 1.1.</summary>
        BurstEnded = 15,

        /// <summary>Settings were written and read back. Arguments: how often they have been written, 0. Since 1.1.</summary>
        SettingsStored = 16,

        /// <summary>One of the two copies of a stored record was bad and has been written anew from the other. Arguments: 1 settings, 2 counters; the bad copy, 0 or 1. Since 1.1.</summary>
        StoredCopyMended = 17,

        /// <summary>Both copies of the life counters were bad: they begin at 0 again. Arguments: 0, 0. Since 1.1.</summary>
        CountersLost = 18,

        /// <summary>The zero was calibrated. Arguments: new offset, old offset, micrometres. Since 1.1.</summary>
        ZeroCalibrated = 19,

        /// <summary>A jog has ended. Arguments: counted position in micrometres, 0. Since 1.1.</summary>
        Jogged = 20,

        /// <summary>The buzzer was silenced. Arguments: for how long in milliseconds, 0. Since 1.1.</summary>
        AlarmSilenced = 21,

        /// <summary>The supply changed. Arguments: 1 good, 0 low; 0. Since 1.1.</summary>
        SupplyChanged = 22,

        /// <summary>The emergency stop was pressed or released. Arguments: 1 pressed, 0 released; 0. Since 1.1.</summary>
        EmergencyStopChanged = 23,

        /// <summary>The self test is done. Arguments: bits that failed, bits that were tested (<see cref="SelfTestItems"/>). Since 1.1.</summary>
        SelfTestDone = 24,
    }

    /// <summary>Where a stop came from.</summary>
    public enum StopSource : byte
    {
        /// <summary>The STOP byte.</summary>
        StopByte = 1,

        /// <summary>The stop command.</summary>
        StopCommand = 2,

        /// <summary>The disarm command.</summary>
        DisarmCommand = 3,
    }
}
