using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// The one place where micrometres become depth-stage steps and back. Position 0 is the step at which the home switch
    /// closes, −1 200 µm; every step is 3 175 nm. Depths are where the needle tips really are, so they need the device's
    /// zero offset. Rounding is towards shallower.
    /// </summary>
    public static class StageUnits
    {
        /// <summary>Travel of one half step of the 1.27 mm lead screw (400 half steps a turn), in nanometres.</summary>
        public const int NanometersPerStep = 3175;

        /// <summary>The park position in steps.</summary>
        public const int ParkedSteps = ((Limits.ParkedStageMicrometers - Limits.HomeSwitchStageMicrometers) * 1000) / NanometersPerStep;

        /// <summary>The stage never goes nearer to the limit switch than this, in micrometres.</summary>
        public const int LimitSwitchMarginMicrometers = 50;

        /// <summary>The deepest step at or above a depth: −1 200 … 2 500 µm, under a zero offset of ±300 µm.</summary>
        public static int StepsForDepth(int micrometers, int zeroOffsetMicrometers)
        {
            return ((micrometers - zeroOffsetMicrometers - Limits.HomeSwitchStageMicrometers) * 1000) / NanometersPerStep;
        }

        /// <summary>How deep the tips come when the stage stands at a step, in whole micrometres.</summary>
        public static int MicrometersAt(int steps, int zeroOffsetMicrometers)
        {
            return ((steps * NanometersPerStep) / 1000) + Limits.HomeSwitchStageMicrometers + zeroOffsetMicrometers;
        }

        /// <summary>The deepest depth that the stage can reach under a zero offset, and that may be reached at all.</summary>
        public static int DeepestMicrometers(int zeroOffsetMicrometers)
        {
            int reach = Limits.LimitSwitchStageMicrometers - LimitSwitchMarginMicrometers + zeroOffsetMicrometers;
            return reach < Limits.AbsoluteDepthMicrometers ? reach : Limits.AbsoluteDepthMicrometers;
        }

        /// <summary>Steps that a travel takes, rounded up.</summary>
        public static int StepsForTravel(int micrometers)
        {
            return ((micrometers * 1000) + NanometersPerStep - 1) / NanometersPerStep;
        }

        /// <summary>Spacing of steps at a speed, in microseconds, rounded towards slower.</summary>
        public static int StepSpacingMicroseconds(int micrometersPerSecond)
        {
            return ((NanometersPerStep * 1000) + micrometersPerSecond - 1) / micrometersPerSecond;
        }
    }
}
