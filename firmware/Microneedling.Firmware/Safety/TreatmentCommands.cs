using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// What a host may ask for in treating: each command is either refused, and nothing has changed, or done. Knows
    /// neither frames nor pins.
    /// </summary>
    public sealed class TreatmentCommands
    {
        private readonly BoardInputs inputs;
        private readonly Lifecycle life;
        private readonly Supervisor supervisor;
        private readonly MotionSequencer motion;
        private readonly StrokeMonitor strokes;
        private readonly Treatment treatment;
        private readonly TriggerControl trigger;
        private readonly SessionRules session;
        private readonly Settings settings;
        private readonly EventLog events;
        private readonly Refusal refusal;

        public TreatmentCommands(
            BoardInputs inputs,
            Lifecycle life,
            Supervisor supervisor,
            MotionSequencer motion,
            StrokeMonitor strokes,
            Treatment treatment,
            TriggerControl trigger,
            SessionRules session,
            Settings settings,
            EventLog events,
            Refusal refusal)
        {
            this.inputs = inputs;
            this.life = life;
            this.supervisor = supervisor;
            this.motion = motion;
            this.strokes = strokes;
            this.treatment = treatment;
            this.trigger = trigger;
            this.session = session;
            this.settings = settings;
            this.events = events;
            this.refusal = refusal;
        }

        /// <summary>Begins homing.</summary>
        public RejectionReason Home(long now)
        {
            RejectionReason reason = supervisor.WhyMotionIsRefused(now);
            if (reason != RejectionReason.None)
            {
                return reason;
            }

            if (!life.Move(StateInput.Home, now))
            {
                return refusal.WrongState(life.State);
            }

            motion.BeginHoming();
            return RejectionReason.None;
        }

        /// <summary>Begins a session, while nothing is armed.</summary>
        public RejectionReason BeginSession(uint number, long now)
        {
            return life.IsTreating || life.State == DeviceState.Retracting ? refusal.WrongState(life.State) : session.Begin(number, now);
        }

        /// <summary>Accepts a treatment while parked, or other values within the armed cap while armed or running.</summary>
        public RejectionReason Configure(ConfigureTreatment proposal, long now)
        {
            if (life.State != DeviceState.Parked && !life.IsTreating)
            {
                RejectionReason refused = supervisor.WhyMotionIsRefused(now);
                if (refused != RejectionReason.None)
                {
                    return refused;
                }

                return life.State == DeviceState.Unhomed ? RejectionReason.NotHomed : refusal.WrongState(life.State);
            }

            RejectionReason reason = treatment.Check(proposal);
            if (reason != RejectionReason.None)
            {
                return reason;
            }

            if (life.IsTreating && proposal.DepthCapMicrometers != treatment.DepthCapMicrometers)
            {
                return refusal.Because(RejectionReason.CapFixedWhileArmed, treatment.DepthCapMicrometers);
            }

            treatment.Accept(proposal);
            events.Add(now, EventCode.TreatmentAccepted, treatment.DepthMicrometers, treatment.RateMillihertz);
            if (life.IsTreating)
            {
                motion.ChangeDepth(treatment.DepthSteps);
                trigger.Retune(now);
            }

            return RejectionReason.None;
        }

        /// <summary>Makes ready for the trigger with exactly the treatment of the token.</summary>
        public RejectionReason Arm(uint token, long now)
        {
            RejectionReason reason = supervisor.WhyMotionIsRefused(now);
            if (reason != RejectionReason.None)
            {
                return reason;
            }

            if (life.State == DeviceState.Unhomed)
            {
                return RejectionReason.NotHomed;
            }

            if (life.State != DeviceState.Parked)
            {
                return refusal.WrongState(life.State);
            }

            if (treatment.Token == 0)
            {
                return RejectionReason.NothingConfigured;
            }

            if (!treatment.IsCurrent(token))
            {
                return RejectionReason.StaleToken;
            }

            reason = session.WhyArmingIsRefused();
            if (reason != RejectionReason.None)
            {
                return reason;
            }

            if (inputs.Has(Inputs.TriggerPressed))
            {
                return RejectionReason.TriggerHeld;
            }

            life.Move(StateInput.Arm, now);
            trigger.Armed(now);
            motion.BeginTreatment(treatment.DepthSteps, treatment.CapSteps, now);
            return RejectionReason.None;
        }

        /// <summary>Strokes begin at the trigger only, so this always refuses.</summary>
        public RejectionReason StartStrokes(long now)
        {
            RejectionReason reason = supervisor.WhyMotionIsRefused(now);
            if (reason != RejectionReason.None)
            {
                return reason;
            }

            if (life.State == DeviceState.Unhomed)
            {
                return RejectionReason.NotHomed;
            }

            return life.State == DeviceState.Armed ? RejectionReason.TriggerRequired : refusal.WrongState(life.State);
        }

        /// <summary>Ends a treatment in order: like STOP, but refused where there is nothing to disarm.</summary>
        public RejectionReason Disarm(long now)
        {
            switch (life.State)
            {
                case DeviceState.Armed:
                case DeviceState.Running:
                    Stop(StopSource.DisarmCommand, now);
                    return RejectionReason.None;
                case DeviceState.Parked:
                case DeviceState.Retracting:
                    return RejectionReason.None;
                default:
                    return refusal.WrongState(life.State);
            }
        }

        /// <summary>
        /// Removes motion, from any state. Never refused. STOP bytes that find nothing to stop leave no event: a noisy line
        /// must not wash the log away.
        /// </summary>
        public void Stop(StopSource source, long now)
        {
            bool stops = StateMachine.Next(life.State, StateInput.Stop) != StateMachine.Refused || life.State == DeviceState.Service;
            if (source != StopSource.StopByte || stops)
            {
                events.Add(now, EventCode.StopRequested, (int)source, (int)strokes.StrokeCount);
            }

            life.StopMoving(now);
        }

        /// <summary>Acknowledges the latched fault, if it is the one named and its cause is gone.</summary>
        public RejectionReason ClearFault(FaultCode seen, long now)
        {
            if (life.Fault == FaultCode.None)
            {
                return RejectionReason.NothingToClear;
            }

            if (seen != life.Fault)
            {
                return refusal.Because(RejectionReason.OtherFaultLatched, (int)life.Fault);
            }

            if (inputs.Has(Inputs.EmergencyStop))
            {
                return RejectionReason.EmergencyStopPressed;
            }

            if (motion.IsParking)
            {
                return RejectionReason.StillRetracting;
            }

            if (supervisor.CauseIsPresent(life.Fault))
            {
                return RejectionReason.FaultStillPresent;
            }

            settings.Retry();
            life.ClearFault(now);
            return RejectionReason.None;
        }

        /// <summary>Tests the device again, while unhomed.</summary>
        public RejectionReason TestAgain(long now)
        {
            return life.State == DeviceState.Unhomed && life.Move(StateInput.TestAgain, now) ? RejectionReason.None : refusal.WrongState(life.State);
        }

        /// <summary>
        /// Another host has greeted: what the earlier one set in motion ends as if its link were lost, and what it has had
        /// accepted is forgotten.
        /// </summary>
        public void TakeOver(long now)
        {
            treatment.Forget();
            if (life.State == DeviceState.Homing || life.State == DeviceState.Service || life.IsTreating)
            {
                life.RaiseFault(FaultCode.LinkLost, now);
            }
        }
    }
}
