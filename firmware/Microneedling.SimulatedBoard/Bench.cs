// The board on the bench: what hands can do to it, what can break, and the truth about where everything is, which no
// firmware sees. For tests, campaigns and the simulator's operator.

using Microneedling.SimulatedBoard.Mechanics;

namespace Microneedling.SimulatedBoard;

/// <summary>What can be broken on the bench.</summary>
public enum BenchFault
{
    /// <summary>The home switch never closes.</summary>
    HomeSwitchStuckOpen,

    /// <summary>The home switch is always closed.</summary>
    HomeSwitchStuckClosed,

    /// <summary>The limit switch's wire is broken: it reads open and gates extending.</summary>
    LimitSwitchWireBroken,

    /// <summary>The limit switch never opens and gates nothing.</summary>
    LimitSwitchStuckClosed,

    /// <summary>The index sensor is always low.</summary>
    IndexStuckLow,

    /// <summary>The index sensor is always high.</summary>
    IndexStuckHigh,

    /// <summary>The emergency stop's loop is broken: the same as pressed.</summary>
    EmergencyStopWireBroken,

    /// <summary>The needle motor gets pulses and does not turn.</summary>
    NeedleMotorJammed,

    /// <summary>The depth stage gets pulses and does not move.</summary>
    DepthMotorJammed,

    /// <summary>The index sensor sees a second flag, at the bottom of the stroke: two pulses a stroke.</summary>
    IndexDoubled,

    /// <summary>The trigger reads pressed whoever holds it.</summary>
    TriggerStuckPressed,

    /// <summary>The watchdog's edges do not reach the external watchdog.</summary>
    WatchdogLineStuck,

    /// <summary>The external watchdog never drops the enables and always says that it is satisfied.</summary>
    WatchdogGateStuckClosed,

    /// <summary>The needle motor's driver has switched itself off; its DIAG is high.</summary>
    NeedleDriverFault,

    /// <summary>The depth stage's driver has switched itself off; its DIAG is high.</summary>
    DepthDriverFault,
}

/// <summary>One whole stroke, from top dead centre to top dead centre.</summary>
/// <param name="EndedAtMicroseconds">The board's time of its end.</param>
/// <param name="DeepestTipMicrometers">How far the tips came out of the nosecone; negative: they stayed behind it.</param>
public readonly record struct StrokeRecord(long EndedAtMicroseconds, double DeepestTipMicrometers);

/// <summary>The board's physical side. All members may be used from any thread; each takes effect at the board's time of the moment.</summary>
public sealed class Bench
{
    private readonly BoardClock clock;
    private readonly Mechanism mechanism;
    private readonly BoardTrace trace;

    internal Bench(BoardClock clock, Mechanism mechanism, BoardTrace trace)
    {
        this.clock = clock;
        this.mechanism = mechanism;
        this.trace = trace;
        mechanism.Supply.Recovered = now => trace.Record(now, Signal.SupplyGood, 1);
    }

    /// <summary>Where the depth stage stands, nanometres.</summary>
    public int StageNanometers => Look(static m => m.Stage.Nanometers);

    /// <summary>Where the depth stage stands, micrometres: the deepest point that a stroke has now on a device without <see cref="ZeroOffsetMicrometers"/>.</summary>
    public double StageMicrometers => Look(static m => m.Stage.Micrometers);

    /// <summary>
    /// By how much this device's tips are farther out than its stage's position says, micrometres, -200 … +200: what
    /// production measures. Drift and noise come on top.
    /// </summary>
    public int ZeroOffsetMicrometers => mechanism.Imperfections.ZeroOffsetMicrometers;

    /// <summary>Angle of the cam, microsteps, 0 … 1 599; a multiple of 400 is a top dead centre.</summary>
    public int CamMicrosteps => Look(static m => (int)CamGeometry.Modulo(m.Needles.Angle, CamGeometry.MicrostepsPerRevolution));

    /// <summary>Whether the index flag is in its sensor, whatever the sensor says.</summary>
    public bool AtTopDeadCentre => Look(static m => m.AtTopDeadCentre);

    /// <summary>Where the needle tips are now, micrometres; positive is out of the nosecone.</summary>
    public double TipMicrometers => Look(static m => m.Needles.TipMicrometers);

    /// <summary>Whether the needle tips are out of the nosecone now.</summary>
    public bool NeedlesOut => TipMicrometers > 0;

    /// <summary>Farthest that the needle tips have come since the beginning or <see cref="ResetDeepestTip"/>, micrometres.</summary>
    public double DeepestTipMicrometers => Look(static m => m.Needles.DeepestTipMicrometers);

    /// <summary>The board's time since which the needle tips have been out of the nosecone without a break; null while they are behind it.</summary>
    public long? TipOutSinceMicroseconds => Look(static m => m.Needles.TipOutSince);

    /// <summary>
    /// By how much the depth stage is farther towards the skin than its pulses say because of this bench, micrometres: sum
    /// of what <see cref="SlipStage"/> and <see cref="DisplaceStage"/> moved that way and of retracting steps lost to a jam, a
    /// load, a broken driver or a missing supply, since the beginning or <see cref="ResetDeepestTip"/>.
    /// </summary>
    public double InjectedSlipMicrometers => Look(static m => m.Stage.InjectedSlipNanometers / 1_000.0);

    /// <summary>Shortest time between two top dead centres since the beginning or <see cref="ResetDeepestTip"/>; null before the second.</summary>
    public long? ShortestStrokeMicroseconds => Look(static m => m.Needles.ShortestStrokeMicroseconds);

    /// <summary>Top dead centres passed: whole strokes.</summary>
    public long StrokesCompleted => Look(static m => m.Needles.TopsPassed);

    /// <summary>Bottoms of strokes passed.</summary>
    public long BottomsPassed => Look(static m => m.Needles.BottomsPassed);

    /// <summary>The latest strokes, at most 4 096, oldest first.</summary>
    public IReadOnlyList<StrokeRecord> Strokes => Look(static m => (IReadOnlyList<StrokeRecord>)[.. m.Needles.Strokes]);

    /// <summary>Strokes per 1 000 s over the last 100 ms, by what the cam has really turned.</summary>
    public long TrueRateMillihertz => Look((m, now) => m.Needles.RateMillihertz(now));

    /// <summary>Microsteps that the needle motor has turned.</summary>
    public long NeedleMicrosteps => Look(static m => m.Needles.MicrostepsTurned);

    /// <summary>Pulses that the needle motor got and could not follow.</summary>
    public long NeedleMicrostepsLost => Look(static m => m.Needles.MicrostepsLost);

    /// <summary>How often the needle motor stalled because its pulses rose too fast, were too fast, or its load was too heavy.</summary>
    public long NeedleStalls => Look(static m => m.Needles.Stalls);

    /// <summary>The board's time of the last pulse on the needle step wire, enabled or not; null before the first.</summary>
    public long? LastNeedlePulseMicroseconds => Look(static m => m.Needles.LastPulseAt);

    /// <summary>The board's time at which the cam turned last; null before.</summary>
    public long? LastNeedleStepMicroseconds => Look(static m => m.Needles.LastMicrostepAt);

    /// <summary>Steps that the depth stage has made.</summary>
    public long StageSteps => Look(static m => m.Stage.StepsMade);

    /// <summary>Steps that the depth stage lost: at a stop, too fast, jammed, too heavy, before its driver was awake.</summary>
    public long StageStepsLost => Look(static m => m.Stage.StepsLost);

    /// <summary>Steps that the open limit switch kept from extending.</summary>
    public long StageStepsGated => Look(static m => m.Stage.StepsGated);

    /// <summary>Pulses that the depth stage's driver got while it could not act.</summary>
    public long StagePulsesWhileDisabled => Look(static m => m.Stage.PulsesWhileDisabled);

    /// <summary>The board's time at which the depth stage moved last; null before.</summary>
    public long? LastStageStepMicroseconds => Look(static m => m.Stage.LastStepAt);

    /// <summary>Whether the needle motor's driver may act now, after all gates.</summary>
    public bool NeedleDriverEnabled => Look(static m => m.Needles.Powered);

    /// <summary>Whether the depth stage's driver may act now, after all gates.</summary>
    public bool DepthDriverEnabled => Look(static m => m.Stage.Powered);

    /// <summary>Whether the external watchdog is satisfied.</summary>
    public bool WatchdogSatisfied => Look(static m => m.Safety.WatchdogSatisfied);

    /// <summary>Whether the motors' drivers have power, from the mains or from the reservoir.</summary>
    public bool MotorsHaveSupply => Look(static m => m.Supply.FeedsMotors);

    /// <summary>Whether the mains are on.</summary>
    public bool MainsOn => Look(static m => m.Supply.Mains);

    /// <summary>Whether the supply sags: it says that it is not good and still drives the motors.</summary>
    public bool SupplySags => Look(static m => m.Supply.Sags);

    /// <summary>Voltage of the motors' supply, millivolts.</summary>
    public int SupplyMillivolts => Look(static (m, now) => m.Supply.Millivolts(now));

    /// <summary>Whether the home switch's line is open.</summary>
    public bool HomeSwitchLineOpen => Look(static (m, now) => m.LevelOf(Signal.HomeSwitch, now) == WireLevel.Open);

    /// <summary>Whether the limit switch's line is open.</summary>
    public bool LimitSwitchLineOpen => Look(static (m, now) => m.LevelOf(Signal.LimitSwitch, now) == WireLevel.Open);

    /// <summary>Whether the red alarm LED is lit.</summary>
    public bool AlarmLedOn => Look(static m => m.AlarmLedOn);

    /// <summary>How often the red alarm LED has been switched on.</summary>
    public long AlarmLedFlashes => Look(static m => m.AlarmLedFlashes);

    /// <summary>Whether the buzzer sounds.</summary>
    public bool BuzzerSounds => Look(static m => m.BuzzerSounds);

    /// <summary>How often the buzzer has begun to sound.</summary>
    public long Beeps => Look(static m => m.Beeps);

    /// <summary>How hard the skin is before the nosecone, newtons a millimetre; 0, as at first: free air. About 1.8 is skin (domain.md).</summary>
    public double SkinStiffnessNewtonsPerMillimeter
    {
        get => Look(static m => m.Needles.Skin.StiffnessNewtonsPerMillimeter);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Act(m => m.SetSkin(m.Needles.Skin with { StiffnessNewtonsPerMillimeter = value }, clock.Now));
        }
    }

    /// <summary>With how much force the skin pushes against the needles now, newtons.</summary>
    public double NeedleForceNewtons => Look(static m => m.Needles.Skin.Newtons(m.Needles.TipMicrometers / 1_000));

    /// <summary>Needles of the cartridge; 12 at first.</summary>
    public int NeedleCount
    {
        get => Look(static m => m.Needles.Skin.NeedleCount);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            Act(m => m.SetSkin(m.Needles.Skin with { NeedleCount = value }, clock.Now));
        }
    }

    /// <summary>What resists every move of the depth stage beside the skin, newtons; 0 at first. Beyond 45 with the skin, steps are lost.</summary>
    public double StageLoadNewtons
    {
        get => Look(static m => m.StageLoadNewtons);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Act(m => m.StageLoadNewtons = value);
        }
    }

    /// <summary>Whether a cartridge is seated.</summary>
    public bool CartridgeSeated => Look(static m => m.CartridgeSeated);

    /// <summary>Whether the trigger is pressed.</summary>
    public bool TriggerPressed => Look(static m => m.TriggerPressed);

    /// <summary>Whether the emergency stop is pressed or its loop broken.</summary>
    public bool EmergencyStopOpen => Look(static m => m.EmergencyStopOpen);

    /// <summary>Presses and holds the trigger.</summary>
    public void PressTrigger() => Move(Signal.Trigger, low: true, m => m.SetTrigger(true, clock.Now));

    /// <summary>Releases the trigger.</summary>
    public void ReleaseTrigger() => Move(Signal.Trigger, low: false, m => m.SetTrigger(false, clock.Now));

    /// <summary>Presses the emergency stop, which stays down.</summary>
    public void PressEmergencyStop() => Move(Signal.EmergencyStop, low: false, m => m.SetEmergencyStop(true, clock.Now));

    /// <summary>Releases the emergency stop.</summary>
    public void ReleaseEmergencyStop() => Move(Signal.EmergencyStop, low: true, m => m.SetEmergencyStop(false, clock.Now));

    /// <summary>Puts a cartridge on.</summary>
    public void SeatCartridge() => Move(Signal.CartridgeSeated, low: true, m => m.SetCartridge(true, clock.Now));

    /// <summary>Takes the cartridge off.</summary>
    public void RemoveCartridge() => Move(Signal.CartridgeSeated, low: false, m => m.SetCartridge(false, clock.Now));

    /// <summary>Makes the supply good, or lets it sag: it says so and still drives the motors.</summary>
    public void SetSupplyGood(bool good) => MoveSupply(m => m.Supply.Sags = !good);

    /// <summary>The mains fail: the supply is not good at once, and a reservoir drives the motors for 0.75 s of full load.</summary>
    public void CutMains() => MoveSupply(m => m.Supply.CutMains(clock.Now, null));

    /// <summary>The mains are back.</summary>
    public void RestoreMains() => MoveSupply(m => m.Supply.RestoreMains(clock.Now));

    /// <summary>The mains fail for a time, and come back by themselves.</summary>
    public void DipSupply(long microseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(microseconds);
        MoveSupply(m => m.Supply.CutMains(clock.Now, microseconds));
    }

    /// <summary>Breaks something, or mends it.</summary>
    public void SetFault(BenchFault fault, bool present) => Act(m => m.SetFault(fault, present, clock.Now));

    /// <summary>Whether something is broken.</summary>
    public bool HasFault(BenchFault fault) => Look((m, _) => m.Has(fault));

    /// <summary>Turns the screw of the depth stage by hand, between its stops; positive is towards the skin.</summary>
    public void DisplaceStage(int micrometers) => Act(m => m.DisplaceStage(micrometers * 1_000, clock.Now));

    /// <summary>The depth stage's motor slips by so many steps that no pulse asked for; positive is towards the skin.</summary>
    public void SlipStage(int steps) => Act(m => m.DisplaceStage(steps * DepthStage.StepNanometers, clock.Now));

    /// <summary>Forgets how far the tips have come before now, the injected slip and the shortest stroke.</summary>
    public void ResetDeepestTip() => Act(static m => m.ResetDeepestTip());

    private T Look<T>(Func<Mechanism, T> look) => Look((m, _) => look(m));

    private T Look<T>(Func<Mechanism, long, T> look)
    {
        lock (clock.Gate)
        {
            clock.CatchUp();
            mechanism.Advance(clock.Now);
            return look(mechanism, clock.Now);
        }
    }

    private void Act(Action<Mechanism> act)
    {
        lock (clock.Gate)
        {
            clock.CatchUp();
            clock.Disturb();
            mechanism.Advance(clock.Now);
            act(mechanism);
        }
    }

    private void MoveSupply(Action<Mechanism> act) => Act(m =>
    {
        bool before = m.Supply.Good;
        act(m);
        if (m.Supply.Good != before)
        {
            trace.Record(clock.Now, Signal.SupplyGood, m.Supply.Good ? 1 : 0);
        }
    });

    private void Move(Signal signal, bool low, Action<Mechanism> act) => Act(m =>
    {
        act(m);
        trace.Record(clock.Now, signal, low ? 0 : 1);
    });
}
