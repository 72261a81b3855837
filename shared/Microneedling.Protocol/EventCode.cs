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
