namespace Microneedling.Protocol
{
    /// <summary>
    /// The one table of limits, used by firmware and host alike. Depths are micrometres below the nosecone,
    /// rates are millihertz (strokes per 1 000 s).
    /// </summary>
    public static class Limits
    {
        /// <summary>Shallowest depth that may be asked for, in micrometres.</summary>
        public const int MinimumDepthMicrometers = 100;

        /// <summary>Deepest depth that exists, in micrometres. Nothing unlocks more.</summary>
        public const int AbsoluteDepthMicrometers = 2500;

        /// <summary>
        /// Deepest depth without a supervisor's unlock, in micrometres. Beyond it lies what the best-documented
        /// device was not evaluated for (FDA DEN160029).
        /// </summary>
        public const int UnsupervisedDepthMicrometers = 1500;

        /// <summary>Grain of the depths that a host offers, in micrometres.</summary>
        public const int DepthStepMicrometers = 50;

        /// <summary>Farthest that a device's zero may be from the drawing, either way, in micrometres.</summary>
        public const int ZeroOffsetMicrometers = 300;

        /// <summary>Longest single jog in service, either way, in micrometres.</summary>
        public const int JogMicrometers = 500;

        /// <summary>Most strokes of a burst.</summary>
        public const int MaximumBurstStrokes = 500;

        /// <summary>Slowest stroke rate, in millihertz.</summary>
        public const int MinimumRateMillihertz = 10000;

        /// <summary>Fastest stroke rate, in millihertz.</summary>
        public const int MaximumRateMillihertz = 100000;

        /// <summary>Stroke rate at which the needle drive starts from rest and creeps to top dead centre, in millihertz.</summary>
        public const int StartRateMillihertz = 5000;

        /// <summary>How fast the stroke rate may rise, in millihertz per second.</summary>
        public const int AccelerationMillihertzPerSecond = 100000;

        /// <summary>How fast the stroke rate falls, in millihertz per second.</summary>
        public const int BrakingMillihertzPerSecond = 200000;

        /// <summary>How far the commanded stroke rate may be off, in percent.</summary>
        public const int RateTolerancePercent = 2;

        /// <summary>How far the stroke rate measured at the index flag may be off before it is a fault, in percent.</summary>
        public const int RateFaultBandPercent = 10;

        /// <summary>Where the depth stage parks: tips behind the nosecone at any cam angle, in micrometres.</summary>
        public const int ParkedStageMicrometers = -1000;

        /// <summary>Where the home switch closes, in micrometres.</summary>
        public const int HomeSwitchStageMicrometers = -1200;

        /// <summary>Where the limit switch opens, in micrometres.</summary>
        public const int LimitSwitchStageMicrometers = 2600;

        /// <summary>Where the mechanical stop stands, in micrometres.</summary>
        public const int MechanicalStopStageMicrometers = 2700;

        /// <summary>Fixed travel of one needle stroke, in micrometres.</summary>
        public const int StrokeTravelMicrometers = 3000;

        /// <summary>Fastest that the depth stage extends, in micrometres per second.</summary>
        public const int ExtendMicrometersPerSecond = 1000;

        /// <summary>Fastest that the depth stage retracts, in micrometres per second.</summary>
        public const int RetractMicrometersPerSecond = 2000;

        /// <summary>Speed at which the depth stage starts from rest, in micrometres per second.</summary>
        public const int StageStartMicrometersPerSecond = 1000;

        /// <summary>How fast the depth stage's speed may rise, in micrometres per second, every second.</summary>
        public const int StageAccelerationMicrometersPerSecondSquared = 100000;

        /// <summary>From a stop to needle tips behind the nosecone, at most, in milliseconds.</summary>
        public const int StopRetractMilliseconds = 1500;

        /// <summary>Longest control tick, reached only while the depth stage steps, in milliseconds: pulses are cut within it.</summary>
        public const int LongestTickMilliseconds = 20;

        /// <summary>Longest running for one trigger press, in milliseconds.</summary>
        public const int PressLimitMilliseconds = 120000;

        /// <summary>Armed without a trigger press for this long, in milliseconds: the device disarms itself.</summary>
        public const int IdleDisarmMilliseconds = 60000;

        /// <summary>Longest that a session may stroke in all, in milliseconds (30 min; assumed, no source found).</summary>
        public const int SessionRunLimitMilliseconds = 1800000;

        /// <summary>How long a silenced buzzer is silent, in milliseconds.</summary>
        public const int AlarmSilenceMilliseconds = 120000;

        /// <summary>Silence of the host after which the device stops and latches a fault, in milliseconds.</summary>
        public const int LinkTimeoutMilliseconds = 500;

        /// <summary>Spacing of the host's heartbeats, in milliseconds.</summary>
        public const int HeartbeatMilliseconds = 100;

        /// <summary>Spacing of status reports while running, in milliseconds (20 Hz).</summary>
        public const int RunningStatusMilliseconds = 50;

        /// <summary>Spacing of status reports otherwise, in milliseconds (5 Hz).</summary>
        public const int IdleStatusMilliseconds = 200;

        /// <summary>A gap between two control ticks above this is counted, in milliseconds.</summary>
        public const int TickGapCountedMilliseconds = 50;

        /// <summary>A gap between two control ticks above this while running is a fault, in milliseconds.</summary>
        public const int TickGapFaultMilliseconds = 150;
    }
}
