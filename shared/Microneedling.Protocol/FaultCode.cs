namespace Microneedling.Protocol
{
    /// <summary>Why motion was removed. Numbers are in families of one hundred and never reused.</summary>
    public enum FaultCode : ushort
    {
        /// <summary>No fault.</summary>
        None = 0,

        /// <summary>No heartbeat for <see cref="Limits.LinkTimeoutMilliseconds"/> while armed, running, homing or in service; or another host greeted meanwhile.</summary>
        LinkLost = 101,

        /// <summary>The home switch did not close within the stage's travel.</summary>
        HomeSwitchNotFound = 201,

        /// <summary>The home switch stayed closed after backing off.</summary>
        HomeSwitchStuckClosed = 202,

        /// <summary>At parking, the home switch was not where the counted steps say it is.</summary>
        PositionLost = 203,

        /// <summary>The limit switch opened: the stage reached where it must never be, or the wire is broken.</summary>
        LimitSwitchOpen = 204,

        /// <summary>The depth stage's driver reports a fault of its own at its DIAG output. Since 1.1.</summary>
        DepthDriverFault = 205,

        /// <summary>The index flag did not show once a stroke while the cam crept to top dead centre: it is missing, always there, or there twice.</summary>
        IndexNotFound = 301,

        /// <summary>The strokes counted at the index flag are not those that the pulses make: the rate left its band, or strokes came too soon.</summary>
        RateOutOfBand = 302,

        /// <summary>No stroke came where at least three should have: the needle motor stands or the index sensor is dead. Since 1.1.</summary>
        NeedleStalled = 303,

        /// <summary>The needle driver reports a fault of its own at its DIAG output. Since 1.1.</summary>
        NeedleDriverFault = 304,

        /// <summary>The supply fell below what retracting needs.</summary>
        SupplyLow = 401,

        /// <summary>The cartridge was removed while armed or running.</summary>
        CartridgeRemoved = 501,

        /// <summary>The emergency stop was pressed, or its loop is broken.</summary>
        EmergencyStop = 502,

        /// <summary>A cartridge was seated during service. Since 1.1.</summary>
        CartridgeInService = 503,

        /// <summary>The control loop was late by more than <see cref="Limits.TickGapFaultMilliseconds"/> while running.</summary>
        TickGap = 601,

        /// <summary>The firmware met a programming error and stopped everything.</summary>
        InternalError = 602,

        /// <summary>In the self test the home switch read closed and the limit switch open: the stage cannot be at both ends.</summary>
        ImplausibleInputs = 603,

        /// <summary>No copy of the settings on the device is good. Nothing moves until settings are written. Since 1.1.</summary>
        SettingsLost = 604,

        /// <summary>The external watchdog did not let the enables go without edges, or not hold them with edges. Since 1.1.</summary>
        WatchdogNotWorking = 605,

        /// <summary>The settings could not be written, or did not read back as written. Since 1.1.</summary>
        SettingsNotStored = 606,
    }
}
