namespace Microneedling.Protocol
{
    /// <summary>Bits of <see cref="SelfTestReport"/>: what the self test looks at. Since 1.1.</summary>
    public static class SelfTestItems
    {
        /// <summary>The home and limit switches do not both claim the stage. Fails as <see cref="FaultCode.ImplausibleInputs"/>.</summary>
        public const ushort InputsPlausible = 0x0001;

        /// <summary>At least one copy of the settings is good. Fails as <see cref="FaultCode.SettingsLost"/>.</summary>
        public const ushort SettingsGood = 0x0002;

        /// <summary>The needle driver reports no fault. Fails as <see cref="FaultCode.NeedleDriverFault"/>.</summary>
        public const ushort NeedleDriverWell = 0x0004;

        /// <summary>The depth stage's driver reports no fault. Fails as <see cref="FaultCode.DepthDriverFault"/>.</summary>
        public const ushort DepthDriverWell = 0x0008;

        /// <summary>The external watchdog holds the enables while it gets edges. Fails as <see cref="FaultCode.WatchdogNotWorking"/>.</summary>
        public const ushort WatchdogHolds = 0x0010;

        /// <summary>The external watchdog lets the enables go without edges. Fails as <see cref="FaultCode.WatchdogNotWorking"/>.</summary>
        public const ushort WatchdogDrops = 0x0020;
    }
}
