using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>What a tick of motion brought to an end.</summary>
    public enum MotionResult : byte
    {
        /// <summary>Nothing.</summary>
        None = 0,

        /// <summary>Homed and parked, cam at top dead centre.</summary>
        HomingDone = 1,

        /// <summary>Parked, position proven, cam at top dead centre.</summary>
        ParkingDone = 2,

        /// <summary>Strokes have ended with the cam at top dead centre.</summary>
        StrokesEnded = 3,

        /// <summary>A sequence failed; <see cref="MotionSequencer.Fault"/> says how. The pulses are cut.</summary>
        Failed = 4,

        /// <summary>A jog has ended, where it was to or at a switch.</summary>
        JogDone = 5,
    }

    /// <summary>
    /// Walks depth stage and needle drive through the sequences of the mechanism, one look a tick. Knows the mechanism,
    /// not the states of the device.
    /// <code>
    ///   homing:   release (if closed) → seek → back off → approach → zero → parking
    ///   parking:  pulses cut → retract to park → cam to top → home switch proven → return to park → index proven → idle
    ///   treating: cam to top, index proven → stage to depth → strokes on and off
    ///   e-stop:   pulses cut → retract to park → idle, position forgotten
    ///   jog:      stage by so many steps, within its travel → idle
    /// </code>
    /// </summary>
    public sealed class MotionSequencer
    {
        private const int SeekMicrometers = Limits.MechanicalStopStageMicrometers - Limits.HomeSwitchStageMicrometers + 100;
        private const int ReleaseMicrometers = 190;
        private const int BackoffMicrometers = 100;
        private const int ApproachMicrometers = 150;

        // The slow one of the two speeds, at which the home switch is met whenever the position is taken from it.
        private const int ApproachMicrometersPerSecond = 500;
        private const int LongestCreepMicroseconds = 600000;
        private const int NeedleBrakingMicroseconds = 50000;

        private static readonly int ApproachSpacingMicroseconds = StageUnits.StepSpacingMicroseconds(ApproachMicrometersPerSecond);

        private readonly NeedleDrive needle;
        private readonly DepthStage stage;
        private readonly BoardInputs inputs;
        private readonly IndexProof index;
        private Phase phase;
        private bool homing;
        private int releasedFrom;
        private FaultCode releaseFault;
        private long retractingSince;
        private int depthSteps;

        public MotionSequencer(NeedleDrive needle, DepthStage stage, BoardInputs inputs)
        {
            this.needle = needle;
            this.stage = stage;
            this.inputs = inputs;
            index = new IndexProof(needle, inputs);
        }

        private enum Phase : byte
        {
            Idle,
            HomeRelease,
            HomeGiveBack,
            HomeSeek,
            HomeBackoff,
            HomeApproach,
            ParkRetract,
            ParkTop,
            ParkProve,
            ParkReturn,
            ParkIndex,
            TreatCam,
            Treat,
            RetractOnly,
            Jog,
        }

        /// <summary>Why the last sequence failed.</summary>
        public FaultCode Fault { get; private set; }

        /// <summary>Whether a homing, parking or retracting sequence is under way.</summary>
        public bool IsParking
        {
            get { return phase != Phase.Idle && phase != Phase.TreatCam && phase != Phase.Treat && phase != Phase.Jog; }
        }

        /// <summary>Whether nothing is under way and both motors are let go.</summary>
        public bool IsIdle
        {
            get { return phase == Phase.Idle; }
        }

        /// <summary>
        /// Whether strokes may begin: the cam stands at top dead centre. The stage may still be on its way to the depth; the
        /// strokes are then shallower until it is there.
        /// </summary>
        public bool IsReadyForStrokes
        {
            get { return phase == Phase.Treat && !needle.IsMoving; }
        }

        /// <summary>Finds the home switch, then parks.</summary>
        public void BeginHoming()
        {
            needle.Cut();
            stage.Halt();
            stage.ForgetHome();
            needle.SetEnabled(true);
            stage.SetEnabled(true);
            homing = true;
            if (inputs.Has(Inputs.HomeSwitchClosed))
            {
                phase = Phase.HomeRelease;
                releasedFrom = stage.PositionSteps;
                stage.ExtendUnhomed(StageUnits.StepsForTravel(ReleaseMicrometers));
            }
            else
            {
                Seek();
            }
        }

        /// <summary>Cuts the pulses, then parks. Needs a homed stage; otherwise everything just stops.</summary>
        public void BeginParking(long now)
        {
            needle.Cut();
            if (!stage.IsHomed)
            {
                Halt();
                return;
            }

            homing = false;
            needle.SetEnabled(true);
            stage.SetEnabled(true);
            RetractToPark(now);
        }

        /// <summary>Emergency stop: cuts the pulses and retracts while the hardware still lets it; the position is then forgotten.</summary>
        public void BeginEmergencyRetract()
        {
            needle.SetEnabled(false);
            if (!stage.IsHomed)
            {
                Halt();
                return;
            }

            stage.SetEnabled(true);
            stage.SetExtendLimit(StageUnits.ParkedSteps);
            stage.MoveTo(StageUnits.ParkedSteps);
            phase = Phase.RetractOnly;
        }

        /// <summary>Brings the cam to a proven top dead centre, holds it there and moves the stage to depth.</summary>
        public void BeginTreatment(int wantedDepthSteps, int capSteps, long now)
        {
            depthSteps = wantedDepthSteps;
            stage.SetEnabled(true);
            stage.SetExtendLimit(capSteps);
            phase = Phase.TreatCam;
            index.Begin(now);
        }

        /// <summary>
        /// Moves the stage by so many steps; positive extends. Homed, to within its travel; unhomed, no farther than the
        /// switches allow.
        /// </summary>
        public void BeginJog(int steps)
        {
            stage.SetEnabled(true);
            phase = Phase.Jog;
            if (stage.IsHomed)
            {
                stage.SetExtendLimit(int.MaxValue);
                stage.MoveTo(stage.PositionSteps + steps);
            }
            else if (steps > 0)
            {
                stage.ExtendUnhomed(steps);
            }
            else
            {
                stage.RetractUntilHomeCloses(-steps, DepthStage.RetractSpacingMicroseconds);
            }
        }

        /// <summary>Moves to another depth within the cap, strokes or not.</summary>
        public void ChangeDepth(int wantedDepthSteps)
        {
            depthSteps = wantedDepthSteps;
            if (phase == Phase.Treat)
            {
                stage.MoveTo(depthSteps);
            }
        }

        /// <summary>Strokes, or strokes at another rate. Only while treating.</summary>
        public void Stroke(int hertz, long now)
        {
            if (phase == Phase.Treat)
            {
                needle.Run(hertz, now);
            }
        }

        /// <summary>Ends the strokes at top dead centre.</summary>
        public void EndStrokes(long now)
        {
            if (phase == Phase.Treat && needle.IsMoving)
            {
                needle.EndAtTop(now);
            }
        }

        /// <summary>Stops everything where it is and lets both motors go.</summary>
        public void Halt()
        {
            needle.SetEnabled(false);
            stage.SetEnabled(false);
            stage.SetExtendLimit(StageUnits.ParkedSteps);
            phase = Phase.Idle;
        }

        /// <summary>Moves what is to be moved until the given time, and goes on to the next phase when one has ended.</summary>
        public MotionResult Tick(long now, long stepUntilMicroseconds)
        {
            bool strokesWere = needle.IsMoving;
            needle.Tick(now, inputs.Has(Inputs.IndexFlag));
            if (strokesWere && !needle.IsMoving)
            {
                StayAtTop(now);
            }

            bool indexFlag = inputs.Has(Inputs.IndexFlag);
            stage.Work(stepUntilMicroseconds);
            if (needle.CreepingMicroseconds(now) > LongestCreepMicroseconds)
            {
                return Fail(FaultCode.IndexNotFound);
            }

            switch (phase)
            {
                case Phase.TreatCam:
                    return TickTreatCam(now, indexFlag);
                case Phase.Treat:
                    if (stage.LimitSwitchMet)
                    {
                        return Fail(FaultCode.LimitSwitchOpen);
                    }

                    return strokesWere && !needle.IsMoving ? MotionResult.StrokesEnded : MotionResult.None;
                case Phase.ParkTop:
                    return TickParkTop(now, indexFlag);
                case Phase.ParkIndex:
                    return TickParkIndex(now, indexFlag);
                case Phase.Idle:
                    return MotionResult.None;
                case Phase.ParkRetract:
                    SpareReservoir(now);
                    return stage.IsMoving ? MotionResult.None : StageArrived(now);
                default:
                    return stage.IsMoving ? MotionResult.None : StageArrived(now);
            }
        }

        // A pause between the tick's reading and the cut lets the cam creep past the flag, so it is read anew: on to the next top.
        private void StayAtTop(long now)
        {
            inputs.ReadIndexFlag();
            if (!inputs.Has(Inputs.IndexFlag))
            {
                needle.EndAtTop(now);
            }
        }

        // Retracting on what the reservoir holds: the needle motor has stopped, its current is better spent on the stage.
        private void SpareReservoir(long now)
        {
            if (!inputs.Has(Inputs.SupplyGood) && now - retractingSince > NeedleBrakingMicroseconds)
            {
                needle.SetEnabled(false);
            }
        }

        private MotionResult TickTreatCam(long now, bool indexFlag)
        {
            if (!index.IsProven(now, indexFlag))
            {
                return index.HasFailed(now) ? Fail(FaultCode.IndexNotFound) : MotionResult.None;
            }

            phase = Phase.Treat;
            stage.MoveTo(depthSteps);
            return MotionResult.None;
        }

        // Even if the stage has not come back, for whatever reason, the cam brings the tips in. It is not turned without need.
        private MotionResult TickParkTop(long now, bool indexFlag)
        {
            if (needle.IsMoving)
            {
                return MotionResult.None;
            }

            if (!indexFlag)
            {
                needle.EndAtTop(now);
                return MotionResult.None;
            }

            phase = Phase.ParkProve;
            stage.RetractUntilHomeCloses(stage.PositionSteps + DepthStage.ProofToleranceSteps, ApproachSpacingMicroseconds);
            return MotionResult.None;
        }

        private MotionResult TickParkIndex(long now, bool indexFlag)
        {
            if (!index.IsProven(now, indexFlag))
            {
                return index.HasFailed(now) ? Fail(FaultCode.IndexNotFound) : MotionResult.None;
            }

            Halt();
            return homing ? MotionResult.HomingDone : MotionResult.ParkingDone;
        }

        private MotionResult StageArrived(long now)
        {
            switch (phase)
            {
                case Phase.HomeRelease:
                    if (HomeSwitchStillClosed())
                    {
                        // The stage may be anywhere: back to where it stood, so that no repeated try brings it out step by step.
                        releaseFault = stage.LimitSwitchMet ? FaultCode.LimitSwitchOpen : FaultCode.HomeSwitchStuckClosed;
                        phase = Phase.HomeGiveBack;
                        stage.MoveTo(releasedFrom);
                        return MotionResult.None;
                    }

                    Seek();
                    return MotionResult.None;
                case Phase.HomeGiveBack:
                    return Fail(releaseFault);
                case Phase.HomeSeek:
                    if (!stage.HomeSwitchMet)
                    {
                        return Fail(FaultCode.HomeSwitchNotFound);
                    }

                    phase = Phase.HomeBackoff;
                    stage.ExtendUnhomed(StageUnits.StepsForTravel(BackoffMicrometers));
                    return MotionResult.None;
                case Phase.HomeBackoff:
                    if (HomeSwitchStillClosed())
                    {
                        return Fail(stage.LimitSwitchMet ? FaultCode.LimitSwitchOpen : FaultCode.HomeSwitchStuckClosed);
                    }

                    phase = Phase.HomeApproach;
                    stage.RetractUntilHomeCloses(StageUnits.StepsForTravel(ApproachMicrometers), ApproachSpacingMicroseconds);
                    return MotionResult.None;
                case Phase.HomeApproach:
                    if (!stage.HomeSwitchMet)
                    {
                        return Fail(FaultCode.HomeSwitchNotFound);
                    }

                    stage.SetHomeHere();
                    RetractToPark(now);
                    return MotionResult.None;
                case Phase.ParkRetract:
                    if (stage.PositionSteps != StageUnits.ParkedSteps)
                    {
                        return Fail(stage.LimitSwitchMet ? FaultCode.LimitSwitchOpen : FaultCode.PositionLost);
                    }

                    phase = Phase.ParkTop;
                    needle.SetEnabled(true);
                    return MotionResult.None;
                case Phase.ParkProve:
                    if (!stage.HomeSwitchMet || stage.PositionSteps > DepthStage.ProofToleranceSteps)
                    {
                        return Fail(FaultCode.PositionLost);
                    }

                    stage.SetHomeHere();
                    stage.MoveTo(StageUnits.ParkedSteps);
                    phase = Phase.ParkReturn;
                    return MotionResult.None;
                case Phase.ParkReturn:
                    if (HomeSwitchStillClosed() || stage.PositionSteps != StageUnits.ParkedSteps)
                    {
                        return Fail(stage.LimitSwitchMet ? FaultCode.LimitSwitchOpen : FaultCode.HomeSwitchStuckClosed);
                    }

                    phase = Phase.ParkIndex;
                    index.Begin(now);
                    return MotionResult.None;
                case Phase.Jog:
                    Halt();
                    return MotionResult.JogDone;
                default:
                    Halt();
                    stage.ForgetHome();
                    return MotionResult.None;
            }
        }

        private void Seek()
        {
            phase = Phase.HomeSeek;
            stage.RetractUntilHomeCloses(StageUnits.StepsForTravel(SeekMicrometers), DepthStage.RetractSpacingMicroseconds);
        }

        private void RetractToPark(long now)
        {
            phase = Phase.ParkRetract;
            retractingSince = now;
            stage.SetExtendLimit(StageUnits.ParkedSteps);
            stage.MoveTo(StageUnits.ParkedSteps);
        }

        // The stage has moved since the tick's reading, so the switch is read anew.
        private bool HomeSwitchStillClosed()
        {
            inputs.ReadHomeSwitch();
            return inputs.Has(Inputs.HomeSwitchClosed);
        }

        // While treating, only the pulses are cut: the position is still good for retracting. Anywhere else nothing is
        // left to be trusted.
        private MotionResult Fail(FaultCode fault)
        {
            Fault = fault;
            if (phase == Phase.TreatCam || phase == Phase.Treat)
            {
                needle.Cut();
                return MotionResult.Failed;
            }

            Halt();
            stage.ForgetHome();
            return MotionResult.Failed;
        }
    }
}
