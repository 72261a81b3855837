using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// Holds the state and the latched fault, and is the only place where either changes, by the table in
    /// <see cref="StateMachine"/>. A fault removes motion and latches. Does not know why things are asked of it.
    /// </summary>
    public sealed class Lifecycle
    {
        private readonly MotionSequencer motion;
        private readonly DepthStage stage;
        private readonly LifeCounters counters;
        private readonly EventLog events;
        private bool selfTestPassed;

        public Lifecycle(MotionSequencer motion, DepthStage stage, LifeCounters counters, EventLog events)
        {
            this.motion = motion;
            this.stage = stage;
            this.counters = counters;
            this.events = events;
        }

        /// <summary>The state.</summary>
        public DeviceState State { get; private set; }

        /// <summary>The latched fault.</summary>
        public FaultCode Fault { get; private set; }

        /// <summary>Whether the device is armed or running.</summary>
        public bool IsTreating
        {
            get { return State == DeviceState.Armed || State == DeviceState.Running; }
        }

        /// <summary>Whether nothing moves or is about to: the time for what is slow, such as writing to flash.</summary>
        public bool IsAtRest
        {
            get { return motion.IsIdle && State != DeviceState.SelfTest && State != DeviceState.Booting; }
        }

        /// <summary>Goes where the table says; false, and nothing changes, when it refuses.</summary>
        public bool Move(StateInput input, long now)
        {
            byte next = StateMachine.Next(State, input);
            if (next == StateMachine.Refused)
            {
                return false;
            }

            DeviceState old = State;
            State = (DeviceState)next;
            if (State == DeviceState.SelfTest)
            {
                selfTestPassed = false;
            }
            else if (input == StateInput.SelfTestPassed)
            {
                selfTestPassed = true;
            }

            if (old != State)
            {
                events.Add(now, EventCode.StateChanged, next, (int)old);
            }

            return true;
        }

        /// <summary>Latches a fault and removes motion: retracts and parks where the position is known. The first fault stays the latched one.</summary>
        public void RaiseFault(FaultCode fault, long now)
        {
            events.Add(now, EventCode.FaultRaised, (int)fault, (int)State);
            if (!Move(StateInput.Fault, now))
            {
                return;
            }

            counters.CountFault();
            Fault = fault;
            selfTestPassed = selfTestPassed && fault != FaultCode.WatchdogNotWorking;
            motion.BeginParking(now);
        }

        /// <summary>The emergency stop was pressed: pulses are cut, the stage retracts while the hardware lets it, the position is forgotten.</summary>
        public void MeetEmergencyStop(long now)
        {
            DeviceState met = State;
            if (!Move(StateInput.EmergencyStop, now))
            {
                return;
            }

            events.Add(now, EventCode.FaultRaised, (int)FaultCode.EmergencyStop, (int)met);
            counters.CountFault();
            Fault = FaultCode.EmergencyStop;
            motion.BeginEmergencyRetract();
        }

        /// <summary>The latched fault has been acknowledged, and may be. As long as the self test has not been passed, or the watchdog failed since, it is done again.</summary>
        public void ClearFault(long now)
        {
            events.Add(now, EventCode.FaultCleared, (int)Fault, 0);
            Fault = FaultCode.None;
            if (!selfTestPassed)
            {
                Move(StateInput.TestAgain, now);
                return;
            }

            bool homed = State == DeviceState.Faulted && stage.IsHomed;
            Move(homed ? StateInput.AcknowledgedHomed : StateInput.AcknowledgedUnhomed, now);
        }

        /// <summary>Removes motion, from any state; retracts and parks where the position is known.</summary>
        public void StopMoving(long now)
        {
            bool treats = IsTreating;
            bool serves = State == DeviceState.Service;
            StateInput input = !serves ? StateInput.Stop : stage.IsHomed ? StateInput.LeaveServiceHomed : StateInput.LeaveServiceUnhomed;
            if (!Move(input, now))
            {
                return;
            }

            if (treats || serves)
            {
                motion.BeginParking(now);
            }
            else
            {
                motion.Halt();
                stage.ForgetHome();
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
                    Move(StateInput.StrokesEnded, now);
                    break;
                case MotionResult.Failed:
                    RaiseFault(motion.Fault, now);
                    break;
                default:
                    break;
            }
        }
    }
}
