// Everything that is wired to the chip: motors, switches, sensors, gates, supply, and what is broken of it. Takes levels
// and pulses on wires, gives levels on wires. Knows neither pins nor firmware. Contacts bounce for whoever reads their
// wire; the gates in hardware are filtered and follow where a contact rests.

namespace Microneedling.SimulatedBoard.Mechanics;

/// <summary>What drives a wire.</summary>
internal enum WireLevel
{
    /// <summary>Nothing: an open contact or no wire.</summary>
    Open,

    /// <summary>Ground.</summary>
    Low,

    /// <summary>The supply.</summary>
    High,
}

/// <summary>The mechanism with its sensors.</summary>
internal sealed class Mechanism
{
    // Drift moves the tips in steps of a second: far finer than a micrometre.
    private const long DriftSpacing = 1_000_000;

    private readonly IndexFlag index;
    private readonly Contact trigger;
    private readonly Contact cartridge;
    private readonly Contact emergencyStop;
    private ulong faults;
    private bool needleEnable;
    private bool depthEnable;
    private long time;
    private double driftMicrometers;
    private long driftChangesAt = long.MaxValue;
    private double reach;
    private (long Rises, long Falls) indexSeen;
    private (long Rises, long Falls) indexBase;

    internal Mechanism(int stageMicrometers, int camMicrosteps, long now, Imperfections? imperfections = null)
    {
        Imperfections = imperfections ?? Imperfections.None;
        time = now;
        if (Imperfections.Drifts)
        {
            driftMicrometers = Imperfections.DriftMicrometers(now);
            driftChangesAt = now + DriftSpacing;
        }

        Stage = new DepthStage(stageMicrometers, Imperfections);
        reach = ReachMicrometers;
        Needles = new NeedleDrive(camMicrosteps, reach, Imperfections, now);
        index = new IndexFlag(Imperfections);
        trigger = NewContact(closed: false, ChanceStream.TriggerBounce);
        cartridge = NewContact(closed: false, ChanceStream.CartridgeBounce);
        emergencyStop = NewContact(closed: true, ChanceStream.EmergencyStopBounce);
        Safety = new SafetyCircuit(Advance) { Changed = ApplyGates };
        Supply = new Supply(Advance) { Changed = _ => ApplyGates() };
        indexBase = (-index.Rises(Needles.Angle), -index.Falls(Needles.Angle));
        Needles.Advance(now);
    }

    internal Imperfections Imperfections { get; }

    internal DepthStage Stage { get; }

    internal NeedleDrive Needles { get; }

    internal SafetyCircuit Safety { get; }

    internal Supply Supply { get; }

    internal bool TriggerPressed => trigger.Closed;

    internal bool CartridgeSeated => cartridge.Closed;

    /// <summary>What resists every move of the depth stage beside the skin, newtons.</summary>
    internal double StageLoadNewtons { get; set; }

    internal bool AlarmLedOn { get; private set; }

    internal bool BuzzerSounds { get; private set; }

    internal long AlarmLedFlashes { get; private set; }

    internal long Beeps { get; private set; }

    /// <summary>Where the tips come to at the bottom of a stroke, but for what differs from stroke to stroke, micrometres.</summary>
    internal double ReachMicrometers => Stage.Micrometers + Imperfections.ZeroOffsetMicrometers + driftMicrometers;

    internal bool EmergencyStopOpen => !emergencyStop.Closed || Has(BenchFault.EmergencyStopWireBroken);

    internal bool LimitSwitchOpen =>
        Has(BenchFault.LimitSwitchWireBroken) || (Stage.AtLimit && !Has(BenchFault.LimitSwitchStuckClosed));

    /// <summary>Whether the index flag is in its sensor, whatever the sensor says.</summary>
    internal bool AtTopDeadCentre => index.AtTop(Needles.Angle);

    /// <summary>Brings everything that moves by itself to <paramref name="now"/>.</summary>
    internal void Advance(long now)
    {
        while (now >= driftChangesAt)
        {
            Needles.Advance(driftChangesAt);
            driftMicrometers = Imperfections.DriftMicrometers(driftChangesAt);
            TellReach(driftChangesAt);
            driftChangesAt += DriftSpacing;
        }

        Needles.Advance(now);
        time = now;
    }

    /// <summary>A level on a wire that the chip drives has changed.</summary>
    internal void Drive(Signal signal, bool high, long now)
    {
        Advance(now);
        switch (signal)
        {
            case Signal.NeedleStep when high:
                Needles.Pulse(now);
                break;
            case Signal.NeedleEnable:
                needleEnable = high;
                ApplyGates();
                break;
            case Signal.DepthStep:
                if (high ? Stage.Rise(now, LimitSwitchOpen, StageLoad()) : Stage.Fall(now))
                {
                    TellReach(now);
                }

                break;
            case Signal.DepthDirection:
                Stage.SetDirection(high, now);
                break;
            case Signal.DepthEnable:
                depthEnable = high;
                ApplyGates();
                break;
            case Signal.WatchdogToggle:
                Safety.WatchdogEdge(now);
                break;
            case Signal.AlarmLed:
                AlarmLedOn = high;
                AlarmLedFlashes += high ? 1 : 0;
                break;
            case Signal.AlarmBuzzer:
                BuzzerSounds = high;
                Beeps += high ? 1 : 0;
                break;
            default:
                break;
        }
    }

    /// <summary>The chip drives pulses on a wire from now on; 0 Hz: none.</summary>
    internal void DrivePulses(Signal signal, int hertz, long now)
    {
        Advance(now);
        if (signal == Signal.NeedleStep)
        {
            Needles.SetPulses(now, hertz);
        }
    }

    /// <summary>What drives a wire towards the chip.</summary>
    internal WireLevel LevelOf(Signal signal, long now)
    {
        Advance(now);
        return signal switch
        {
            Signal.HomeSwitch => Switched(HomeShows(now)),
            Signal.LimitSwitch => Switched(LimitShows(now)),
            Signal.Trigger => Switched(Has(BenchFault.TriggerStuckPressed) || trigger.Shows(now)),
            Signal.EmergencyStop => Switched(!Has(BenchFault.EmergencyStopWireBroken) && emergencyStop.Shows(now)),
            Signal.CartridgeSeated => Switched(cartridge.Shows(now)),
            Signal.Index => Driven(IndexLevel),
            Signal.SupplyGood => Driven(Supply.Good),
            Signal.WatchdogGood => Driven(Safety.WatchdogSatisfied),
            Signal.NeedleDiagnosis => Driven(Has(BenchFault.NeedleDriverFault)),
            Signal.DepthDiagnosis => Driven(Has(BenchFault.DepthDriverFault)),
            _ => WireLevel.Open,
        };
    }

    /// <summary>Edges that the index sensor has shown since the beginning.</summary>
    internal (long Rises, long Falls) IndexEdges(long now)
    {
        Advance(now);
        return IndexForced
            ? indexSeen
            : (indexBase.Rises + index.Rises(Needles.Angle), indexBase.Falls + index.Falls(Needles.Angle));
    }

    internal bool Has(BenchFault fault) => (faults & (1UL << (int)fault)) != 0;

    internal void SetFault(BenchFault fault, bool present, long now)
    {
        indexSeen = IndexEdges(now);
        bool levelBefore = IndexLevel;
        faults = present ? faults | (1UL << (int)fault) : faults & ~(1UL << (int)fault);
        index.Doubled = Has(BenchFault.IndexDoubled);
        SetIndexBase(levelBefore);
        if (Needles.Jammed != Has(BenchFault.NeedleMotorJammed))
        {
            Needles.SetJammed(!Needles.Jammed);
        }

        Stage.Jammed = Has(BenchFault.DepthMotorJammed);
        Safety.SetWatchdogFaults(Has(BenchFault.WatchdogLineStuck), Has(BenchFault.WatchdogGateStuckClosed), now);
        Safety.SetEmergencyStop(EmergencyStopOpen, now);
        ApplyGates();
    }

    internal void SetTrigger(bool pressed, long now) => trigger.Set(pressed, now);

    internal void SetCartridge(bool seated, long now) => cartridge.Set(seated, now);

    internal void SetEmergencyStop(bool pressed, long now)
    {
        Advance(now);
        emergencyStop.Set(!pressed, now);
        Safety.SetEmergencyStop(EmergencyStopOpen, now);
    }

    internal void SetSkin(Skin skin, long now)
    {
        Advance(now);
        Needles.SetSkin(skin);
    }

    internal void DisplaceStage(int nanometers, long now)
    {
        Advance(now);
        Stage.Displace(nanometers, now);
        TellReach(now);
    }

    internal void ResetDeepestTip()
    {
        Needles.ResetDeepestTip();
        Stage.ForgetSlip();
    }

    private bool IndexForced => Has(BenchFault.IndexStuckLow) || Has(BenchFault.IndexStuckHigh);

    private bool IndexLevel => !Has(BenchFault.IndexStuckLow) && (Has(BenchFault.IndexStuckHigh) || index.Shows(Needles.Angle));

    private static WireLevel Switched(bool closed) => closed ? WireLevel.Low : WireLevel.Open;

    private static WireLevel Driven(bool high) => high ? WireLevel.High : WireLevel.Low;

    private Contact NewContact(bool closed, ChanceStream stream) =>
        new(closed, Imperfections, stream, Imperfections.LongestContactBounceMicroseconds);

    private bool HomeShows(long now) => !Has(BenchFault.HomeSwitchStuckOpen)
        && (Has(BenchFault.HomeSwitchStuckClosed) || Stage.Home.Shows(now));

    private bool LimitShows(long now) => !Has(BenchFault.LimitSwitchWireBroken)
        && (Has(BenchFault.LimitSwitchStuckClosed) || Stage.Limit.Shows(now));

    // Skin pushes back what extends; the deepest point of the stroke counts, wherever the cam is.
    private double StageLoad() => StageLoadNewtons + (Stage.Extends ? Needles.Skin.Newtons(reach / 1_000) : 0);

    private void TellReach(long now)
    {
        reach = ReachMicrometers;
        Needles.Reach(reach, now);
    }

    // The counter sees the edge that a fault makes or mends, and none of those that it hides.
    private void SetIndexBase(bool levelBefore)
    {
        if (IndexLevel != levelBefore)
        {
            indexSeen = IndexLevel ? (indexSeen.Rises + 1, indexSeen.Falls) : (indexSeen.Rises, indexSeen.Falls + 1);
        }

        indexBase = (indexSeen.Rises - index.Rises(Needles.Angle), indexSeen.Falls - index.Falls(Needles.Angle));
    }

    private void ApplyGates()
    {
        bool needles = needleEnable && Safety.NeedleEnableClosed && !Has(BenchFault.NeedleDriverFault) && Supply.FeedsMotors;
        bool stage = depthEnable && Safety.DepthEnableClosed && !Has(BenchFault.DepthDriverFault) && Supply.FeedsMotors;
        Needles.SetPowered(needles);
        Stage.SetPowered(stage, time);
        Stage.DriverDead = depthEnable && Safety.DepthEnableClosed && !stage;
        Supply.SetLoad((needles ? 1 : 0) + (stage ? 1 : 0), time);
    }
}
