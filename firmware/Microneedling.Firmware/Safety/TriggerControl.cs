using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// Turns presses of the trigger into strokes, and ends them: at its release, after a burst, and at the limits of time
    /// for a press, for being armed without a press, and for a session. A press counts when it is fresh and has been
    /// steady for 25 ms; a release counts at once.
    /// </summary>
    public sealed class TriggerControl
    {
        private const long DebounceMicroseconds = 25000;

        private readonly BoardInputs inputs;
        private readonly Lifecycle life;
        private readonly MotionSequencer motion;
        private readonly NeedleDrive needle;
        private readonly StrokeMonitor strokes;
        private readonly Treatment treatment;
        private readonly SessionRules session;
        private readonly EventLog events;

        private bool pressedBefore;
        private bool reportedPressed;
        private long steadySince;
        private bool pressUsed;
        private long strokesBegunAt;
        private long idleSince;
        private int burstStrokes;
        private uint countAtBegin;
        private bool burstSlows;

        public TriggerControl(
            BoardInputs inputs,
            Lifecycle life,
            MotionSequencer motion,
            NeedleDrive needle,
            StrokeMonitor strokes,
            Treatment treatment,
            SessionRules session,
            EventLog events)
        {
            this.inputs = inputs;
            this.life = life;
            this.motion = motion;
            this.needle = needle;
            this.strokes = strokes;
            this.treatment = treatment;
            this.session = session;
            this.events = events;
        }

        /// <summary>The device has been armed: a press from before does not count.</summary>
        public void Armed(long now)
        {
            idleSince = now;
            pressUsed = true;
        }

        /// <summary>Other values hold: strokes that go on, go on at the new rate.</summary>
        public void Retune(long now)
        {
            if (life.State == DeviceState.Running && !needle.IsEndingAtTop && !burstSlows)
            {
                motion.Stroke(treatment.Hertz, now);
            }
        }

        /// <summary>Follows the trigger and the limits of time.</summary>
        public void Follow(long now)
        {
            bool pressed = inputs.Has(Inputs.TriggerPressed);
            if (pressed != pressedBefore)
            {
                pressedBefore = pressed;
                steadySince = now;
                pressUsed = false;
            }

            if (pressed != reportedPressed && now - steadySince >= DebounceMicroseconds)
            {
                reportedPressed = pressed;
                events.Add(now, pressed ? EventCode.TriggerPressed : EventCode.TriggerReleased, (int)strokes.StrokeCount, 0);
            }

            if (life.State == DeviceState.Armed)
            {
                FollowWhileArmed(pressed, now);
            }
            else if (life.State == DeviceState.Running)
            {
                FollowWhileRunning(pressed, now);
            }
        }

        /// <summary>Strokes have ended at top dead centre.</summary>
        public void StrokesEnded(long now)
        {
            idleSince = now;
            if (burstStrokes > 0)
            {
                events.Add(now, EventCode.BurstEnded, burstStrokes, StrokesMade());
            }
        }

        private void FollowWhileArmed(bool pressed, long now)
        {
            if (motion.IsReadyForStrokes && IsFreshPress(pressed, now))
            {
                strokes.Begin(now, needle.PulsesGiven(now));
                life.Move(StateInput.TriggerPressed, now);
                BeginStrokes(now);
                return;
            }

            if (now - idleSince > Limits.IdleDisarmMilliseconds * 1000L)
            {
                events.Add(now, EventCode.IdleDisarmed, Limits.IdleDisarmMilliseconds, 0);
                life.StopMoving(now);
            }
        }

        private void FollowWhileRunning(bool pressed, long now)
        {
            if (session.LimitReached)
            {
                events.Add(now, EventCode.SessionLimitReached, Limits.SessionRunLimitMilliseconds, 0);
                life.StopMoving(now);
                return;
            }

            if (needle.IsEndingAtTop)
            {
                // Pressed again while the needles slow down: on they go.
                if (IsFreshPress(pressed, now))
                {
                    BeginStrokes(now);
                }

                return;
            }

            bool tooLong = now - strokesBegunAt >= Limits.PressLimitMilliseconds * 1000L;
            if (tooLong)
            {
                events.Add(now, EventCode.PressLimitReached, Limits.PressLimitMilliseconds, 0);
            }

            if (tooLong || !pressed || BurstIsOver(now))
            {
                motion.EndStrokes(now);
            }
        }

        // The drive must creep before the last stroke ends: from a creep it can be cut at top dead centre.
        private bool BurstIsOver(long now)
        {
            if (burstStrokes == 0)
            {
                return false;
            }

            int made = StrokesMade();
            int braking = (needle.BrakingPulses + NeedleUnits.PulsesPerStroke - 1) / NeedleUnits.PulsesPerStroke;
            if (!burstSlows && made + braking + 1 >= burstStrokes)
            {
                burstSlows = true;
                motion.Stroke(NeedleDrive.CreepHertz, now);
            }

            return made >= burstStrokes;
        }

        private int StrokesMade()
        {
            return (int)(strokes.StrokeCount - countAtBegin);
        }

        private bool IsFreshPress(bool pressed, long now)
        {
            return pressed && !pressUsed && now - steadySince >= DebounceMicroseconds;
        }

        private void BeginStrokes(long now)
        {
            pressUsed = true;
            strokesBegunAt = now;
            burstStrokes = treatment.BurstStrokes;
            countAtBegin = strokes.StrokeCount;
            burstSlows = burstStrokes == 1;
            motion.Stroke(burstSlows ? NeedleDrive.CreepHertz : treatment.Hertz, now);
        }
    }
}
