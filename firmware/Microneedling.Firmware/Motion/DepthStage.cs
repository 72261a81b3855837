using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// Moves the depth stage, one counted step at a time, and is the only code that steps it. A late call makes it slow,
    /// never deep.
    /// <code>
    ///   home 0      parked 62      extend limit        limit switch
    ///   |-----------|--------------|-------------------|----------&gt; steps, extend
    ///   -1200 µm    -1003 µm       parked, or the      +2600 µm
    ///                              armed depth cap
    /// </code>
    /// Before homing, the count means nothing and only a granted handful of steps may extend. Speeds follow
    /// <see cref="StageRamp"/>; the drivers' wake and direction times are waited out.
    /// </summary>
    public sealed class DepthStage
    {
        /// <summary>How far from step 0 the home switch may close when the position is proven, in steps (25 µm).</summary>
        public const int ProofToleranceSteps = 8;

        /// <summary>Step spacing when extending, in microseconds.</summary>
        public static readonly int ExtendSpacingMicroseconds = StageUnits.StepSpacingMicroseconds(Limits.ExtendMicrometersPerSecond);

        /// <summary>Step spacing when retracting, in microseconds.</summary>
        public static readonly int RetractSpacingMicroseconds = StageUnits.StepSpacingMicroseconds(Limits.RetractMicrometersPerSecond);

        // Worst of A4988, DRV8825 and TMC2209 is 1.7 ms; direction setup (650 ns) is part of the rest before reversing.
        private const int DriverWakeMicroseconds = 2000;
        private const int ReversalRestMicroseconds = 10000;

        // Together with a wait that ends up to a quarter late, which the ramp lets pass, it must stay below what the motor follows.
        private const int PromptPulseMicroseconds = 80;
        private const int LatePulseMicroseconds = 500;

        private readonly Board board;
        private readonly StageRamp ramp = new StageRamp();
        private bool enabled;
        private bool homed;
        private int position;
        private int target;
        private int extendLimit = StageUnits.ParkedSteps;
        private int deepestSteps = StageUnits.ParkedSteps;
        private int grantedExtendSteps;
        private int retractSpacing;
        private bool untilHomeCloses;
        private bool moving;
        private int direction;
        private long nextStepAt;

        public DepthStage(Board board)
        {
            this.board = board;
            retractSpacing = RetractSpacingMicroseconds;
        }

        /// <summary>Whether the count is trusted.</summary>
        public bool IsHomed
        {
            get { return homed; }
        }

        /// <summary>Counted position in steps; 0 is where the home switch closes.</summary>
        public int PositionSteps
        {
            get { return position; }
        }

        /// <summary>Whether steps are still to be made.</summary>
        public bool IsMoving
        {
            get { return moving; }
        }

        /// <summary>Whether the last move ended because the home switch closed.</summary>
        public bool HomeSwitchMet { get; private set; }

        /// <summary>Whether the last move ended because the limit switch was open.</summary>
        public bool LimitSwitchMet { get; private set; }

        /// <summary>Energises the motor, or lets it go. The screw holds by itself.</summary>
        public void SetEnabled(bool on)
        {
            if (!on)
            {
                moving = false;
            }

            if (on != enabled)
            {
                enabled = on;
                board.DepthEnable.Write(on ? Board.High : Board.Low);
                nextStepAt = board.NowMicroseconds() + DriverWakeMicroseconds;
            }
        }

        /// <summary>Where the deepest depth of this device is: nothing extends beyond it. Until this is called, nothing extends beyond the park position.</summary>
        public void SetDeepest(int steps)
        {
            deepestSteps = steps;
            SetExtendLimit(extendLimit);
        }

        /// <summary>Bounds how far the stage may extend from now on; never beyond the deepest depth.</summary>
        public void SetExtendLimit(int steps)
        {
            extendLimit = steps > deepestSteps ? deepestSteps : steps;
        }

        /// <summary>Moves to a counted position; a target beyond the extend limit is clipped to it.</summary>
        public void MoveTo(int steps)
        {
            Begin(homed && steps > extendLimit ? extendLimit : steps, RetractSpacingMicroseconds, false);
        }

        /// <summary>Retracts until the home switch closes, but not more than so many steps.</summary>
        public void RetractUntilHomeCloses(int mostSteps, int spacingMicroseconds)
        {
            Begin(position - mostSteps, spacingMicroseconds, true);
        }

        /// <summary>Before homing: extends by a few steps, to come off the home switch or to jog.</summary>
        public void ExtendUnhomed(int steps)
        {
            grantedExtendSteps = steps;
            Begin(position + steps, RetractSpacingMicroseconds, false);
        }

        /// <summary>Declares the present position to be step 0.</summary>
        public void SetHomeHere()
        {
            position = 0;
            homed = true;
            moving = false;
        }

        /// <summary>The count is no longer trusted.</summary>
        public void ForgetHome()
        {
            homed = false;
            grantedExtendSteps = 0;
        }

        /// <summary>Makes no further step until asked again.</summary>
        public void Halt()
        {
            moving = false;
        }

        /// <summary>Makes the steps that are due, waiting out their spacing, until the move or the time is over.</summary>
        public void Work(long untilMicroseconds)
        {
            while (moving)
            {
                long now = board.NowMicroseconds();
                if (now >= untilMicroseconds)
                {
                    return;
                }

                if (now >= nextStepAt)
                {
                    StepOnce(now);
                }
                else if (nextStepAt >= untilMicroseconds)
                {
                    return;
                }
            }
        }

        /// <summary>
        /// The loop was late, or the external watchdog has let go: the driver is, or may be, without power. No step in this tick, so that its edge comes
        /// first and the driver is awake again.
        /// </summary>
        public void HoldSteps(long untilMicroseconds)
        {
            nextStepAt = untilMicroseconds;
            ramp.Rest();
        }

        private void Begin(int steps, int retractSpacingMicroseconds, bool stopAtHome)
        {
            if (!moving)
            {
                ramp.Rest();
            }

            HomeSwitchMet = false;
            LimitSwitchMet = false;
            untilHomeCloses = stopAtHome;
            retractSpacing = retractSpacingMicroseconds;
            target = steps;
            moving = target != position || stopAtHome;
        }

        private void StepOnce(long now)
        {
            if (untilHomeCloses && HomeSwitchIsClosed())
            {
                HomeSwitchMet = true;
                moving = false;
                return;
            }

            if (position == target)
            {
                moving = false;
                return;
            }

            int wanted = target > position ? 1 : -1;
            if (wanted != direction)
            {
                direction = wanted;
                board.DepthDirection.Write(wanted > 0 ? Board.High : Board.Low);
                ramp.Rest();
                nextStepAt = board.NowMicroseconds() + ReversalRestMicroseconds;
                return;
            }

            if (!MayStep(wanted))
            {
                moving = false;
                return;
            }

            board.DepthStep.Toggle();
            board.DepthStep.Toggle();
            position += wanted;
            int left = wanted > 0 ? target - position : position - target;

            // Spaced from when the pulse was due while it is prompt, so that the speed is even. From the pulse itself when it was
            // not: the next one would follow too soon, and a motor that has lost one step at full speed follows none after it.
            long pulsedAt = board.NowMicroseconds();
            bool late = pulsedAt - now > LatePulseMicroseconds;
            if (late)
            {
                // A pause fell into the pulse, on either side of its edge: the next step is a first, and so is the one after it.
                ramp.Rest();
            }

            long from = pulsedAt - now > PromptPulseMicroseconds ? pulsedAt : now;
            nextStepAt = from + ramp.SpacingAfterStep(from, left, wanted > 0 ? ExtendSpacingMicroseconds : retractSpacing);
            if (late)
            {
                ramp.Rest();
            }

            moving = position != target || untilHomeCloses;
        }

        // The gate. Every step passes here, and nothing else steps.
        private bool MayStep(int wanted)
        {
            if (!enabled)
            {
                return false;
            }

            if (wanted < 0)
            {
                return !homed || position > -ProofToleranceSteps;
            }

            if ((bool)board.LimitSwitch.Read())
            {
                LimitSwitchMet = true;
                return false;
            }

            if (homed)
            {
                return position < extendLimit;
            }

            grantedExtendSteps--;
            return grantedExtendSteps >= 0;
        }

        private bool HomeSwitchIsClosed()
        {
            return !(bool)board.HomeSwitch.Read();
        }
    }
}
