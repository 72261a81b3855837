namespace Microneedling.Protocol
{
    /// <summary>Bits of <see cref="StatusReport.Inputs"/>: what the device's inputs say.</summary>
    public static class Inputs
    {
        /// <summary>The trigger on the handpiece is pressed.</summary>
        public const ushort TriggerPressed = 0x0001;

        /// <summary>The home switch is closed.</summary>
        public const ushort HomeSwitchClosed = 0x0002;

        /// <summary>The limit switch is open (or its wire is broken).</summary>
        public const ushort LimitSwitchOpen = 0x0004;

        /// <summary>The index flag shows: the cam is within an eighth of a stroke of top dead centre.</summary>
        public const ushort IndexFlag = 0x0008;

        /// <summary>The emergency stop is pressed (or its loop is broken).</summary>
        public const ushort EmergencyStop = 0x0010;

        /// <summary>A cartridge is seated.</summary>
        public const ushort CartridgeSeated = 0x0020;

        /// <summary>The supply is good.</summary>
        public const ushort SupplyGood = 0x0040;

        /// <summary>The needle driver reports a fault (or its wire is broken). Since 1.1.</summary>
        public const ushort NeedleDriverFault = 0x0080;

        /// <summary>The depth stage's driver reports a fault (or its wire is broken). Since 1.1.</summary>
        public const ushort DepthDriverFault = 0x0100;

        /// <summary>The external watchdog is satisfied. Looked at by the self test only. Since 1.1.</summary>
        public const ushort WatchdogGood = 0x0200;
    }

    /// <summary>Bits of <see cref="StatusReport.Flags"/>.</summary>
    public static class StatusFlags
    {
        /// <summary>The depth stage is homed and its position is trusted.</summary>
        public const byte Homed = 0x01;

        /// <summary>The depth stage moves.</summary>
        public const byte StageMoving = 0x02;

        /// <summary>The needle drive gets step pulses.</summary>
        public const byte NeedlesMoving = 0x04;

        /// <summary>The device parks: <see cref="FaultCode"/> can be cleared only when this is gone.</summary>
        public const byte Parking = 0x08;

        /// <summary>A host is greeted and its heartbeat is in time.</summary>
        public const byte LinkAlive = 0x10;

        /// <summary>The seated cartridge was used in another session than this one. Since 1.1.</summary>
        public const byte CartridgeUsedBefore = 0x20;

        /// <summary>The alarm's buzzer is silenced for a while. Since 1.1.</summary>
        public const byte AlarmSilenced = 0x40;
    }
}
