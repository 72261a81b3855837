using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// Decides what the device does: holds the state, refuses what must not be, supervises what must hold, and tells the
    /// motion what to do. A refusal changes nothing; a fault removes motion and latches. Knows neither frames nor pins.
    /// </summary>
    public sealed class TreatmentController
    {
        private const long PressDebounceMicroseconds = 15000;

        private readonly BoardInputs inputs;
        private readonly MotionSequencer motion;
        private readonly NeedleDrive needle;
        private readonly DepthStage stage;
        private readonly StrokeMonitor strokes;
        private readonly LinkWatchdog link;
        private readonly Treatment treatment;
        private readonly EventLog events;

        private long pressedSince;
        private bool triggerWasPressed;
        private bool pressUsed;
        private bool cartridgeWasSeated;
        private long strokesBegunAt;
        private long idleSince;

        public TreatmentController(
            BoardInputs inputs,
            MotionSequencer motion,
            NeedleDrive needle,
            DepthStage stage,
            StrokeMonitor strokes,
            LinkWatchdog link,
            Treatment treatment,
            EventLog events)
        {
            this.inputs = inputs;
            this.motion = motion;
            this.needle = needle;
            this.stage = stage;
            this.strokes = strokes;
            this.link = link;
            this.treatment = treatment;
            this.events = events;
        }

        /// <summary>The state.</summary>
        public DeviceState State { get; private set; }

        /// <summary>The latched fault.</summary>
        public FaultCode Fault { get; private set; }

        /// <summary>What the last refusal says of its reason: a limit, a state, a fault; else 0.</summary>
        public int Detail { get; private set; }

        /// <summary>Late ticks since the start.</summary>
        public ushort TickGaps { get; private set; }

        /// <summary>Checks the inputs once after power-up, and leaves the device unhomed and still.</summary>
        public void Start(long now)
        {
            events.Add(now, EventCode.Started, ProtocolVersion.Major, ProtocolVersion.Minor);
            Move(StateInput.Started, now);
            cartridgeWasSeated = inputs.Has(Inputs.CartridgeSeated);
            if (inputs.Has(Inputs.HomeSwitchClosed) && inputs.Has(Inputs.LimitSwitchOpen))
            {
                RaiseFault(FaultCode.ImplausibleInputs, now);
            }
            else
            {
                Move(StateInput.SelfTestPassed, now);
            }
        }

        /// <summary>Begins homing.</summary>
        public RejectionReason Home(long now)
        {
            RejectionReason reason = WhyMotionIsRefused(now);
            if (reason != RejectionReason.None)
            {
                return reason;
            }

            if (!Move(StateInput.Home, now))
            {
                return WrongState();
            }

            motion.BeginHoming();
            return RejectionReason.None;
        }

        /// <summary>Accepts a treatment while parked, or other values within the armed cap while armed or running.</summary>
        public RejectionReason Configure(ConfigureTreatment proposal, long now)
        {
            bool active = State == DeviceState.Armed || State == DeviceState.Running;
            if (State != DeviceState.Parked && !active)
            {
                RejectionReason refused = WhyMotionIsRefused(now);
                if (refused != RejectionReason.None)
                {
                    return refused;
                }

                return State == DeviceState.Unhomed ? RejectionReason.NotHomed : WrongState();
            }

            RejectionReason reason = treatment.Check(proposal);
            if (reason != RejectionReason.None)
            {
                return Refuse(reason, treatment.Detail);
            }

            if (active && proposal.DepthCapMicrometers != treatment.DepthCapMicrometers)
            {
                return Refuse(RejectionReason.CapFixedWhileArmed, treatment.DepthCapMicrometers);
            }

            treatment.Accept(proposal);
            events.Add(now, EventCode.TreatmentAccepted, treatment.DepthMicrometers, treatment.RateMillihertz);
            if (active)
            {
                motion.ChangeDepth(treatment.DepthSteps);
            }

            if (State == DeviceState.Running && !needle.IsEndingAtTop)
            {
                motion.Stroke(treatment.Hertz, now);
            }

            return RejectionReason.None;
        }

        /// <summary>Makes ready for the trigger with exactly the treatment of the token.</summary>
        public RejectionReason Arm(uint token, long now)
        {
            RejectionReason reason = WhyMotionIsRefused(now);
            if (reason != RejectionReason.None)
            {
                return reason;
            }

            if (State == DeviceState.Unhomed)
            {
                return RejectionReason.NotHomed;
            }

            if (State != DeviceState.Parked)
            {
                return WrongState();
            }

            if (treatment.Token == 0)
            {
                return RejectionReason.NothingConfigured;
            }

            if (!treatment.IsCurrent(token))
            {
                return RejectionReason.StaleToken;
            }

            if (!inputs.Has(Inputs.CartridgeSeated))
            {
                return RejectionReason.CartridgeMissing;
            }

            if (inputs.Has(Inputs.TriggerPressed))
            {
                return RejectionReason.TriggerHeld;
            }

            Move(StateInput.Arm, now);
            idleSince = now;
            pressUsed = true;
            strokes.Begin(now);
            motion.BeginTreatment(treatment.DepthSteps, treatment.CapSteps);
            return RejectionReason.None;
        }

        /// <summary>Strokes begin at the trigger only, so this always refuses.</summary>
        public RejectionReason StartStrokes(long now)
        {
            RejectionReason reason = WhyMotionIsRefused(now);
            if (reason != RejectionReason.None)
            {
                return reason;
            }

            if (State == DeviceState.Unhomed)
            {
                return RejectionReason.NotHomed;
            }

            return State == DeviceState.Armed ? RejectionReason.TriggerRequired : WrongState();
        }

        /// <summary>Ends a treatment in order: like STOP, but refused where there is nothing to disarm.</summary>
        public RejectionReason Disarm(long now)
        {
            switch (State)
            {
                case DeviceState.Armed:
                case DeviceState.Running:
                    Stop(StopSource.DisarmCommand, now);
                    return RejectionReason.None;
                case DeviceState.Parked:
                case DeviceState.Retracting:
                    return RejectionReason.None;
                default:
                    return WrongState();
            }
        }

        /// <summary>
        /// Removes motion, from any state. Never refused. STOP bytes that find nothing to stop leave no event: a noisy line
        /// must not wash the log away.
        /// </summary>
        public void Stop(StopSource source, long now)
        {
            if (source != StopSource.StopByte || StateMachine.Next(State, StateInput.Stop) != StateMachine.Refused)
            {
                events.Add(now, EventCode.StopRequested, (int)source, (int)strokes.StrokeCount);
            }

            StopMoving(now);
        }

        /// <summary>Acknowledges the latched fault, if it is the one named and its cause is gone.</summary>
        public RejectionReason ClearFault(FaultCode seen, long now)
        {
            if (Fault == FaultCode.None)
            {
                return RejectionReason.NothingToClear;
            }

            if (seen != Fault)
            {
                return Refuse(RejectionReason.OtherFaultLatched, (int)Fault);
            }

            if (inputs.Has(Inputs.EmergencyStop))
            {
                return RejectionReason.EmergencyStopPressed;
            }

            if (motion.IsParking)
            {
                return RejectionReason.StillRetracting;
            }

            if (CauseIsPresent(Fault))
            {
                return RejectionReason.FaultStillPresent;
            }

            events.Add(now, EventCode.FaultCleared, (int)Fault, 0);
            Fault = FaultCode.None;
            bool homed = State == DeviceState.Faulted && stage.IsHomed;
            Move(homed ? StateInput.AcknowledgedHomed : StateInput.AcknowledgedUnhomed, now);
            return RejectionReason.None;
        }

        /// <summary>Another host has greeted: what the earlier one set in motion ends as if its link were lost.</summary>
        public void TakeOver(long now)
        {
            if (State == DeviceState.Homing || State == DeviceState.Armed || State == DeviceState.Running)
            {
                RaiseFault(FaultCode.LinkLost, now);
            }
        }

        /// <summary>Latches a fault and removes motion: retracts and parks where the position is known.</summary>
        public void RaiseFault(FaultCode fault, long now)
        {
            events.Add(now, EventCode.FaultRaised, (int)fault, (int)State);
            if (!Move(StateInput.Fault, now))
            {
                return;
            }

            Fault = fault;
            motion.BeginParking();
        }

        /// <summary>Checks what must hold before anything moves on. First in every tick after reading.</summary>
        public void Supervise(long now, int tickGapMilliseconds)
        {
            if (tickGapMilliseconds > Limits.TickGapCountedMilliseconds)
            {
                TickGaps++;
            }

            NoteCartridge(now);
            if (inputs.Has(Inputs.EmergencyStop))
            {
                MeetEmergencyStop(now);
                return;
            }

            bool treating = State == DeviceState.Armed || State == DeviceState.Running;
            if (!treating && State != DeviceState.Homing && State != DeviceState.Parked)
            {
                return;
            }

            FaultCode fault = FirstBroken(now, treating, tickGapMilliseconds);
            if (fault != FaultCode.None)
            {
                RaiseFault(fault, now);
            }
        }

        /// <summary>Follows the trigger and the time limits of a treatment.</summary>
        public void FollowTrigger(long now)
        {
            bool pressed = inputs.Has(Inputs.TriggerPressed);
            if (pressed != triggerWasPressed)
            {
                triggerWasPressed = pressed;
                pressedSince = now;
                events.Add(now, pressed ? EventCode.TriggerPressed : EventCode.TriggerReleased, (int)strokes.StrokeCount, 0);
                pressUsed = false;
            }

            if (State == DeviceState.Armed)
            {
                FollowWhileArmed(pressed, now);
            }
            else if (State == DeviceState.Running)
            {
                FollowWhileRunning(pressed, now);
            }
        }

        /// <summary>Takes what motion brought to an end.</summary>
        public void Apply(MotionResult result, long now)
        {
            switch (result)
            {
                case MotionResult.HomingDone:
                    Move(StateInput.HomingDone, now);
                    break;
                case MotionResult.ParkingDone:
                    Move(StateInput.ParkingDone, now);
                    break;
                case MotionResult.StrokesEnded:
                    idleSince = now;
                    Move(StateInput.StrokesEnded, now);
                    break;
                case MotionResult.Failed:
                    RaiseFault(motion.Fault, now);
                    break;
                default:
                    break;
            }
        }

        private void FollowWhileArmed(bool pressed, long now)
        {
            if (motion.IsReadyForStrokes && IsFreshPress(pressed, now))
            {
                strokes.Begin(now);
                Move(StateInput.TriggerPressed, now);
                BeginStrokes(now);
                return;
            }

            if (now - idleSince > Limits.IdleDisarmMilliseconds * 1000L)
            {
                events.Add(now, EventCode.IdleDisarmed, Limits.IdleDisarmMilliseconds, 0);
                StopMoving(now);
            }
        }

        private void FollowWhileRunning(bool pressed, long now)
        {
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

            if (tooLong || !pressed)
            {
                motion.EndStrokes(now);
            }
        }

        private bool IsFreshPress(bool pressed, long now)
        {
            return pressed && !pressUsed && now - pressedSince >= PressDebounceMicroseconds;
        }

        private void BeginStrokes(long now)
        {
            pressUsed = true;
            strokesBegunAt = now;
            motion.Stroke(treatment.Hertz, now);
        }

        private void StopMoving(long now)
        {
            bool parks = State == DeviceState.Armed || State == DeviceState.Running;
            if (!Move(StateInput.Stop, now))
            {
                return;
            }

            if (parks)
            {
                motion.BeginParking();
            }
            else
            {
                motion.Halt();
                stage.ForgetHome();
            }
        }

        private void MeetEmergencyStop(long now)
        {
            DeviceState met = State;
            if (!Move(StateInput.EmergencyStop, now))
            {
                return;
            }

            events.Add(now, EventCode.FaultRaised, (int)FaultCode.EmergencyStop, (int)met);
            Fault = FaultCode.EmergencyStop;
            motion.BeginEmergencyRetract();
        }

        private FaultCode FirstBroken(long now, bool treating, int tickGapMilliseconds)
        {
            if (State != DeviceState.Parked && !link.IsAlive(now))
            {
                return FaultCode.LinkLost;
            }

            if (!inputs.Has(Inputs.SupplyGood))
            {
                return FaultCode.SupplyLow;
            }

            if (State != DeviceState.Homing && inputs.Has(Inputs.LimitSwitchOpen))
            {
                return FaultCode.LimitSwitchOpen;
            }

            if (treating && !inputs.Has(Inputs.CartridgeSeated))
            {
                return FaultCode.CartridgeRemoved;
            }

            if (State == DeviceState.Running && tickGapMilliseconds > Limits.TickGapFaultMilliseconds)
            {
                return FaultCode.TickGap;
            }

            if (State == DeviceState.Running && !strokes.IsInBand(needle.Hertz, needle.IsSteady, now))
            {
                return FaultCode.RateOutOfBand;
            }

            return FaultCode.None;
        }

        private bool CauseIsPresent(FaultCode fault)
        {
            switch (fault)
            {
                case FaultCode.SupplyLow:
                    return !inputs.Has(Inputs.SupplyGood);
                case FaultCode.LimitSwitchOpen:
                    // While the position is unknown, homing is what brings the stage off the switch.
                    return stage.IsHomed && inputs.Has(Inputs.LimitSwitchOpen);
                case FaultCode.ImplausibleInputs:
                    return inputs.Has(Inputs.HomeSwitchClosed) && inputs.Has(Inputs.LimitSwitchOpen);
                case FaultCode.CartridgeRemoved:
                    return !inputs.Has(Inputs.CartridgeSeated);
                default:
                    return false;
            }
        }

        private RejectionReason WhyMotionIsRefused(long now)
        {
            if (Fault != FaultCode.None)
            {
                return Refuse(RejectionReason.FaultLatched, (int)Fault);
            }

            if (!link.IsAlive(now))
            {
                return RejectionReason.NoHeartbeat;
            }

            if (inputs.Has(Inputs.EmergencyStop))
            {
                return RejectionReason.EmergencyStopPressed;
            }

            return inputs.Has(Inputs.SupplyGood) ? RejectionReason.None : RejectionReason.SupplyLow;
        }

        private void NoteCartridge(long now)
        {
            bool seated = inputs.Has(Inputs.CartridgeSeated);
            if (seated != cartridgeWasSeated)
            {
                cartridgeWasSeated = seated;
                events.Add(now, EventCode.CartridgeChanged, seated ? 1 : 0, 0);
            }
        }

        private bool Move(StateInput input, long now)
        {
            byte next = StateMachine.Next(State, input);
            if (next == StateMachine.Refused)
            {
                return false;
            }

            DeviceState old = State;
            State = (DeviceState)next;
            if (old != State)
            {
                events.Add(now, EventCode.StateChanged, next, (int)old);
            }

            return true;
        }

        private RejectionReason WrongState()
        {
            return Refuse(RejectionReason.WrongState, (int)State);
        }

        private RejectionReason Refuse(RejectionReason reason, int detail)
        {
            Detail = detail;
            return reason;
        }
    }
}
