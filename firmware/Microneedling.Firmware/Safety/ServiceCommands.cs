using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// What an engineer may ask for: service, jog, calibration, settings. Never with a cartridge seated, settings only at
    /// rest.
    /// </summary>
    public sealed class ServiceCommands
    {
        private readonly BoardInputs inputs;
        private readonly Lifecycle life;
        private readonly Supervisor supervisor;
        private readonly MotionSequencer motion;
        private readonly DepthStage stage;
        private readonly Treatment treatment;
        private readonly Settings settings;
        private readonly EventLog events;
        private readonly Refusal refusal;

        public ServiceCommands(
            BoardInputs inputs,
            Lifecycle life,
            Supervisor supervisor,
            MotionSequencer motion,
            DepthStage stage,
            Treatment treatment,
            Settings settings,
            EventLog events,
            Refusal refusal)
        {
            this.inputs = inputs;
            this.life = life;
            this.supervisor = supervisor;
            this.motion = motion;
            this.stage = stage;
            this.treatment = treatment;
            this.settings = settings;
            this.events = events;
            this.refusal = refusal;
        }

        /// <summary>Begins service, from rest.</summary>
        public RejectionReason Enter(long now)
        {
            RejectionReason reason = supervisor.WhyMotionIsRefused(now);
            if (reason != RejectionReason.None)
            {
                return reason;
            }

            if (inputs.Has(Inputs.CartridgeSeated))
            {
                return RejectionReason.CartridgeSeated;
            }

            return life.Move(StateInput.EnterService, now) ? RejectionReason.None : refusal.WrongState(life.State);
        }

        /// <summary>Ends service: parks, if the position is known.</summary>
        public RejectionReason Leave(long now)
        {
            if (life.State != DeviceState.Service)
            {
                return refusal.WrongState(life.State);
            }

            life.StopMoving(now);
            return RejectionReason.None;
        }

        /// <summary>Moves the stage; positive is towards the skin.</summary>
        public RejectionReason Jog(int micrometers)
        {
            if (life.State != DeviceState.Service)
            {
                return refusal.WrongState(life.State);
            }

            if (!motion.IsIdle)
            {
                return RejectionReason.StillMoving;
            }

            if (micrometers > Limits.JogMicrometers || micrometers < -Limits.JogMicrometers)
            {
                return refusal.Because(RejectionReason.JogTooFar, Limits.JogMicrometers);
            }

            int steps = micrometers * 1000 / StageUnits.NanometersPerStep;
            int target = stage.PositionSteps + steps;
            int deepest = StageUnits.DeepestMicrometers(settings.ZeroOffsetMicrometers);
            if (stage.IsHomed && steps > 0 && target > StageUnits.StepsForDepth(deepest, settings.ZeroOffsetMicrometers))
            {
                return refusal.Because(RejectionReason.JogTooFar, deepest);
            }

            if (stage.IsHomed && target < 0)
            {
                return refusal.Because(RejectionReason.JogTooFar, StageUnits.MicrometersAt(0, settings.ZeroOffsetMicrometers));
            }

            if (steps != 0)
            {
                motion.BeginJog(steps);
            }

            return RejectionReason.None;
        }

        /// <summary>A jog is over.</summary>
        public void JogDone(long now)
        {
            events.Add(now, EventCode.Jogged, StageUnits.MicrometersAt(stage.PositionSteps, settings.ZeroOffsetMicrometers), 0);
        }

        /// <summary>Takes where a gauge found the deepest point of a stroke, the stage standing as it does.</summary>
        public RejectionReason CalibrateZero(int measuredMicrometers, long now)
        {
            if (life.State != DeviceState.Service)
            {
                return refusal.WrongState(life.State);
            }

            if (!stage.IsHomed)
            {
                return RejectionReason.NotHomed;
            }

            if (!motion.IsIdle)
            {
                return RejectionReason.StillMoving;
            }

            int offset = measuredMicrometers - StageUnits.MicrometersAt(stage.PositionSteps, 0);
            if (!Settings.IsZeroInRange(offset))
            {
                return refusal.Because(RejectionReason.ZeroOffsetOutOfRange, Limits.ZeroOffsetMicrometers);
            }

            events.Add(now, EventCode.ZeroCalibrated, offset, settings.ZeroOffsetMicrometers);
            Change(settings.SerialNumber, offset);
            return RejectionReason.None;
        }

        /// <summary>Sets the device's settings, at rest; also what ends the fault of lost settings.</summary>
        public RejectionReason Write(WriteSettings wanted)
        {
            if (life.IsTreating || life.State == DeviceState.Booting || life.State == DeviceState.SelfTest)
            {
                return refusal.WrongState(life.State);
            }

            if (!life.IsAtRest)
            {
                return RejectionReason.StillMoving;
            }

            if (wanted.SerialNumber == 0)
            {
                return RejectionReason.SerialNumberMissing;
            }

            if (!Settings.IsZeroInRange(wanted.ZeroOffsetMicrometers))
            {
                return refusal.Because(RejectionReason.ZeroOffsetOutOfRange, Limits.ZeroOffsetMicrometers);
            }

            Change(wanted.SerialNumber, wanted.ZeroOffsetMicrometers);
            return RejectionReason.None;
        }

        private void Change(uint serialNumber, int zeroOffsetMicrometers)
        {
            settings.Change(serialNumber, zeroOffsetMicrometers);
            int deepest = StageUnits.DeepestMicrometers(zeroOffsetMicrometers);
            stage.SetDeepest(StageUnits.StepsForDepth(deepest, zeroOffsetMicrometers));
            treatment.Forget();
        }
    }
}
