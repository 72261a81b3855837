using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// How far apart the depth stage's steps are: from the speed it starts at from rest, rising evenly, to the speed of
    /// the move, and down again before its end. A step that came late slows the ramp to what the motor really did.
    /// <code>
    ///   µm/s  2000        ______
    ///                    /      \
    ///         1000  ____/        \____   steps
    /// </code>
    /// </summary>
    public sealed class StageRamp
    {
        private static readonly int[] Spacings = MakeSpacings();

        private int stage;
        private long steppedAt;

        /// <summary>The motor stands: the next step is the first of a ramp.</summary>
        public void Rest()
        {
            stage = 0;
            steppedAt = 0;
        }

        /// <summary>A step is made now, with so many still to come; gives the time to the next in microseconds, not below the cruise spacing.</summary>
        public int SpacingAfterStep(long now, int stepsLeft, int cruiseSpacing)
        {
            if (steppedAt != 0)
            {
                long real = now - steppedAt;
                stage++;
                while (stage > 0 && real > Spacings[stage - 1] + (Spacings[stage - 1] / 4))
                {
                    stage--;
                }
            }

            steppedAt = now;
            if (stage >= Spacings.Length)
            {
                stage = Spacings.Length - 1;
            }

            int allowed = stage < stepsLeft ? stage : stepsLeft;
            int spacing = Spacings[allowed < 0 ? 0 : allowed];
            return spacing > cruiseSpacing ? spacing : cruiseSpacing;
        }

        private static int[] MakeSpacings()
        {
            int count = 1;
            while (SpeedAfter(count - 1) < Limits.RetractMicrometersPerSecond)
            {
                count++;
            }

            int[] spacings = new int[count];
            for (int i = 0; i < count; i++)
            {
                int speed = SpeedAfter(i);
                spacings[i] = StageUnits.StepSpacingMicroseconds(speed > Limits.RetractMicrometersPerSecond ? Limits.RetractMicrometersPerSecond : speed);
            }

            return spacings;
        }

        // v² = v₀² + 2·a·s, rounded down, in micrometres per second.
        private static int SpeedAfter(int steps)
        {
            int gained = Limits.StageAccelerationMicrometersPerSecondSquared / 1000 * 2 * StageUnits.NanometersPerStep * steps;
            int square = (Limits.StageStartMicrometersPerSecond * Limits.StageStartMicrometersPerSecond) + gained;
            int root = Limits.StageStartMicrometersPerSecond;
            while ((root + 1) * (root + 1) <= square)
            {
                root++;
            }

            return root;
        }
    }
}
