// Everything that is wired to the chip: motors, switches, sensors, gates, and what is broken of it. Takes levels and pulses
// on wires, gives levels on wires. Knows neither pins nor firmware.

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
    private readonly HashSet<BenchFault> faults = [];
    private bool needleEnable;
    private bool depthEnable;
    private bool emergencyStopPressed;
    private (long Rises, long Falls) flagSeen;
    private (long Rises, long Falls) flagBase;

    internal Mechanism(int stageMicrometers, int camMicrosteps, long now)
    {
        Stage = new DepthStage(stageMicrometers);
        Needles = new NeedleDrive(camMicrosteps);
        Safety = new SafetyCircuit(Advance) { Changed = ApplyGates };
        Needles.ResetDeepestTip(Stage.Micrometers);
        Needles.Advance(now, Stage.Micrometers);
    }

    internal DepthStage Stage { get; }

    internal NeedleDrive Needles { get; }

    internal SafetyCircuit Safety { get; }

    internal bool TriggerPressed { get; set; }

    internal bool CartridgeSeated { get; set; }

    internal bool SupplyGood { get; set; } = true;

    internal bool EmergencyStopOpen => emergencyStopPressed || faults.Contains(BenchFault.EmergencyStopWireBroken);

    internal bool LimitSwitchOpen =>
        faults.Contains(BenchFault.LimitSwitchWireBroken) || (Stage.AtLimit && !faults.Contains(BenchFault.LimitSwitchStuckClosed));

    /// <summary>Brings everything that moves by itself to <paramref name="now"/>.</summary>
    internal void Advance(long now)
    {
        Needles.Advance(now, Stage.Micrometers);
        if (!FlagForced)
        {
            flagSeen = (flagBase.Rises + Needles.FlagRises, flagBase.Falls + Needles.FlagFalls);
        }
    }

    /// <summary>A level on a wire that the chip drives has changed.</summary>
    internal void Drive(Signal signal, bool high, long now)
    {
        Advance(now);
        switch (signal)
        {
            case Signal.NeedleStep when high:
                Needles.Pulse(now, Stage.Micrometers);
                break;
            case Signal.NeedleEnable:
                needleEnable = high;
                ApplyGates();
                break;
            case Signal.DepthStep when high:
                if (Stage.Pulse(now, LimitSwitchOpen))
                {
                    Needles.StageMoved(Stage.Micrometers);
                }

                break;
            case Signal.DepthDirection:
                Stage.Extends = high;
                break;
            case Signal.DepthEnable:
                depthEnable = high;
                ApplyGates();
                break;
            case Signal.WatchdogToggle:
                Safety.WatchdogEdge(now);
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
            Signal.HomeSwitch => Contact(HomeSwitchClosed),
            Signal.LimitSwitch => Contact(!LimitSwitchOpen),
            Signal.Trigger => Contact(TriggerPressed),
            Signal.EmergencyStop => Contact(!EmergencyStopOpen),
            Signal.CartridgeSeated => Contact(CartridgeSeated),
            Signal.Index => FlagLevel ? WireLevel.High : WireLevel.Low,
            Signal.SupplyGood => SupplyGood ? WireLevel.High : WireLevel.Low,
            Signal.WatchdogGood => Safety.WatchdogSatisfied ? WireLevel.High : WireLevel.Low,
            Signal.NeedleDiagnosis or Signal.DepthDiagnosis => WireLevel.Low,
            _ => WireLevel.Open,
        };
    }

    /// <summary>Edges that the index sensor has shown since the beginning.</summary>
    internal (long Rises, long Falls) IndexEdges(long now)
    {
        Advance(now);
        return flagSeen;
    }

    internal bool Has(BenchFault fault) => faults.Contains(fault);

    internal void SetFault(BenchFault fault, bool present, long now)
    {
        Advance(now);
        bool flagBefore = FlagLevel;
        _ = present ? faults.Add(fault) : faults.Remove(fault);
        SetFlagBase(flagBefore);
        if (Needles.Jammed != faults.Contains(BenchFault.NeedleMotorJammed))
        {
            Needles.SetJammed(!Needles.Jammed);
        }

        Stage.Jammed = faults.Contains(BenchFault.DepthMotorJammed);
        Safety.SetEmergencyStop(EmergencyStopOpen, now);
    }

    internal void SetEmergencyStop(bool pressed, long now)
    {
        Advance(now);
        emergencyStopPressed = pressed;
        Safety.SetEmergencyStop(EmergencyStopOpen, now);
    }

    internal void DisplaceStage(int nanometers, long now)
    {
        Advance(now);
        Stage.Displace(nanometers);
        Needles.StageMoved(Stage.Micrometers);
    }

    private bool FlagForced => faults.Contains(BenchFault.IndexStuckLow) || faults.Contains(BenchFault.IndexStuckHigh);

    private bool FlagLevel => !faults.Contains(BenchFault.IndexStuckLow)
        && (faults.Contains(BenchFault.IndexStuckHigh) || CamGeometry.FlagShows(Needles.Angle));

    private bool HomeSwitchClosed => !faults.Contains(BenchFault.HomeSwitchStuckOpen)
        && (faults.Contains(BenchFault.HomeSwitchStuckClosed) || Stage.AtHome);

    private static WireLevel Contact(bool closed) => closed ? WireLevel.Low : WireLevel.Open;

    // The counter sees the edge that a fault makes or mends, and none of those that it hides.
    private void SetFlagBase(bool levelBefore)
    {
        if (FlagLevel != levelBefore)
        {
            flagSeen = FlagLevel ? (flagSeen.Rises + 1, flagSeen.Falls) : (flagSeen.Rises, flagSeen.Falls + 1);
        }

        flagBase = (flagSeen.Rises - Needles.FlagRises, flagSeen.Falls - Needles.FlagFalls);
    }

    private void ApplyGates()
    {
        Needles.SetPowered(needleEnable && Safety.NeedleEnableClosed);
        Stage.Powered = depthEnable && Safety.DepthEnableClosed;
    }
}
