namespace Microneedling.Firmware
{
    /// <summary>
    /// The one place where stroke rates become step-pulse frequencies and back: 200 full steps × 8 microsteps a turn, four
    /// lobes, so 400 pulses a stroke. Rounding is towards slower.
    /// </summary>
    public static class NeedleUnits
    {
        /// <summary>Step pulses of one stroke.</summary>
        public const int PulsesPerStroke = 400;

        /// <summary>Pulse frequency in hertz for a stroke rate of up to 5 000 000 mHz.</summary>
        public static int HertzForRate(int millihertz)
        {
            return (millihertz * (PulsesPerStroke / 200)) / 5;
        }

        /// <summary>Stroke rate in millihertz at a pulse frequency.</summary>
        public static int MillihertzAt(int hertz)
        {
            return (hertz * 5) / (PulsesPerStroke / 200);
        }
    }
}
