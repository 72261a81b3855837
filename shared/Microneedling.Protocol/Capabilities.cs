namespace Microneedling.Protocol
{
    /// <summary>Bits of <see cref="HelloReply.Capabilities"/>: what this device has and can do. Since 1.1.</summary>
    public static class Capabilities
    {
        /// <summary>Bursts of counted strokes.</summary>
        public const uint Burst = 0x0001;

        /// <summary>Sessions and the cartridge rule.</summary>
        public const uint Sessions = 0x0002;

        /// <summary>Service: jog and calibration, settings, life counters.</summary>
        public const uint Service = 0x0004;

        /// <summary>The self test can see the external watchdog.</summary>
        public const uint WatchdogReadBack = 0x0008;

        /// <summary>The needle driver's DIAG output is wired.</summary>
        public const uint NeedleDriverDiagnosis = 0x0010;

        /// <summary>The depth stage's driver's DIAG output is wired.</summary>
        public const uint DepthDriverDiagnosis = 0x0020;

        /// <summary>An alarm LED.</summary>
        public const uint AlarmLed = 0x0040;

        /// <summary>An alarm buzzer.</summary>
        public const uint AlarmBuzzer = 0x0080;
    }
}
