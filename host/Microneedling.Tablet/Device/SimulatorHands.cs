// What hands can do to the simulated device, as one table: the panel's buttons, their endpoints and their words
// (simulator.NAME, -on, -off, -what) all follow from it.

using Microneedling.SimulatedBoard;
using Microneedling.Simulator;

namespace Microneedling.Tablet.Device;

/// <summary>What can be done: switched on and off, or once.</summary>
/// <param name="Name">In the address, the texts and the page.</param>
/// <param name="Group"><c>hands</c>, <c>power</c>, <c>line</c>, <c>motion</c> or <c>sensors</c>.</param>
/// <param name="IsOn">Whether it is on; null: it is done once.</param>
/// <param name="Set">Switches it, or does it.</param>
/// <param name="Afterwards">Done after as long as a person takes, or null.</param>
public sealed record SimulatorHand(
    string Name, string Group, Func<SimulatedDevice, bool>? IsOn, Action<SimulatedDevice, bool> Set, Action<SimulatedDevice>? Afterwards = null);

/// <summary>The truth about the simulated device, beside which the page shows what the device says.</summary>
/// <param name="TipMicrometers">Where the needle tips are now; positive: out of the nosecone.</param>
/// <param name="GaugeMicrometers">What a gauge would measure as the deepest point of a stroke.</param>
/// <param name="DeepestTipMicrometers">Farthest that the tips have come since they were last reset.</param>
/// <param name="RateMillihertz">What the cam really turns.</param>
/// <param name="Strokes">Whole strokes.</param>
/// <param name="StageStepsLost">Steps that the stage lost.</param>
/// <param name="NeedleDriverEnabled">Whether the needle motor may move.</param>
/// <param name="DepthDriverEnabled">Whether the depth stage may move.</param>
/// <param name="WatchdogSatisfied">Whether the external watchdog lets them.</param>
/// <param name="HasPower">Whether the board has power.</param>
/// <param name="AlarmLedOn">Whether its LED is lit.</param>
/// <param name="BuzzerSounds">Whether its buzzer sounds.</param>
public sealed record SimulatorTruth(
    double TipMicrometers, double GaugeMicrometers, double DeepestTipMicrometers, long RateMillihertz, long Strokes, long StageStepsLost,
    bool NeedleDriverEnabled, bool DepthDriverEnabled, bool WatchdogSatisfied, bool HasPower, bool AlarmLedOn, bool BuzzerSounds)
{
    /// <summary>What is true now.</summary>
    public static SimulatorTruth Of(SimulatedDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        var bench = device.Bench;
        return new SimulatorTruth(
            bench.TipMicrometers, bench.StageMicrometers + bench.ZeroOffsetMicrometers, bench.DeepestTipMicrometers, bench.TrueRateMillihertz, bench.StrokesCompleted,
            bench.StageStepsLost, bench.NeedleDriverEnabled, bench.DepthDriverEnabled, bench.WatchdogSatisfied, device.Board.FirmwareState != FirmwareState.Off,
            bench.AlarmLedOn, bench.BuzzerSounds);
    }
}

/// <summary>The table.</summary>
public static class SimulatorHands
{
    /// <summary>Stiffness of skin, newtons a millimetre (domain facts: about 1.8 in compression).</summary>
    private const double SkinNewtonsPerMillimeter = 1.8;

    /// <summary>More than the depth stage can push.</summary>
    private const double BlockingNewtons = 60;

    /// <summary>About a tenth of a millimetre, towards the skin.</summary>
    private const int SlippedSteps = 32;

    private const long HesitationMicroseconds = 400_000;
    private static readonly LineNoise Noisy = new(Flip: 0.004);
    private static readonly LineNoise Quiet = new();
    private static readonly Lock PowerGate = new();

    /// <summary>How long a person takes between taking a cartridge off and putting the next one on.</summary>
    public static readonly TimeSpan Afterwards = TimeSpan.FromMilliseconds(1500);

    /// <summary>Everything, in the order of the panel.</summary>
    public static readonly IReadOnlyList<SimulatorHand> All =
    [
        new("trigger", "hands", device => device.Bench.TriggerPressed, (device, on) => Either(on, device.Bench.PressTrigger, device.Bench.ReleaseTrigger)),
        new("emergency-stop", "hands", device => device.Bench.EmergencyStopOpen, (device, on) => Either(on, device.Bench.PressEmergencyStop, device.Bench.ReleaseEmergencyStop)),
        new("cartridge", "hands", device => device.Bench.CartridgeSeated, (device, on) => Either(on, device.Bench.SeatCartridge, device.Bench.RemoveCartridge)),
        new("new-cartridge", "hands", null, (device, _) => device.Bench.RemoveCartridge(), device => device.Bench.SeatCartridge()),
        new("skin", "hands", device => device.Bench.SkinStiffnessNewtonsPerMillimeter > 0, (device, on) => device.Bench.SkinStiffnessNewtonsPerMillimeter = on ? SkinNewtonsPerMillimeter : 0),

        new("supply-low", "power", device => device.Bench.SupplySags, (device, on) => device.Bench.SetSupplyGood(!on)),
        new("mains-off", "power", device => !device.Bench.MainsOn, (device, on) => Either(on, device.Bench.CutMains, device.Bench.RestoreMains)),
        new("power-off", "power", device => device.Board.FirmwareState == FirmwareState.Off, (device, on) => Power(device, !on)),
        new("restart", "power", null, (device, _) => Restart(device)),
        Broken("watchdog-line", "power", BenchFault.WatchdogLineStuck),
        Broken("watchdog-gate", "power", BenchFault.WatchdogGateStuckClosed),
        new("hesitation", "power", null, (device, _) => device.Board.PauseFirmware(HesitationMicroseconds)),

        new("cable-out", "line", device => device.Board.Serial.Cut, (device, on) => device.Board.Serial.Cut = on),
        new("noise", "line", device => device.Board.Serial.Noise != Quiet, (device, on) => device.Board.Serial.Noise = on ? Noisy : Quiet),

        Broken("needle-motor-jammed", "motion", BenchFault.NeedleMotorJammed),
        Broken("needle-driver-fault", "motion", BenchFault.NeedleDriverFault),
        Broken("depth-motor-jammed", "motion", BenchFault.DepthMotorJammed),
        new("stage-blocked", "motion", device => device.Bench.StageLoadNewtons > 0, (device, on) => device.Bench.StageLoadNewtons = on ? BlockingNewtons : 0),
        new("stage-slips", "motion", null, (device, _) => device.Bench.SlipStage(SlippedSteps)),
        Broken("depth-driver-fault", "motion", BenchFault.DepthDriverFault),

        Broken("home-switch-open", "sensors", BenchFault.HomeSwitchStuckOpen),
        Broken("home-switch-closed", "sensors", BenchFault.HomeSwitchStuckClosed),
        Broken("limit-switch-broken", "sensors", BenchFault.LimitSwitchWireBroken),
        Broken("limit-switch-closed", "sensors", BenchFault.LimitSwitchStuckClosed),
        Broken("index-dark", "sensors", BenchFault.IndexStuckLow),
        Broken("index-bright", "sensors", BenchFault.IndexStuckHigh),
        Broken("index-doubled", "sensors", BenchFault.IndexDoubled),
        Broken("trigger-stuck", "sensors", BenchFault.TriggerStuckPressed),
        Broken("emergency-stop-wire", "sensors", BenchFault.EmergencyStopWireBroken),
    ];

    /// <summary>The hand of that name, or null.</summary>
    public static SimulatorHand? Find(string name) => All.FirstOrDefault(hand => hand.Name == name);

    private static SimulatorHand Broken(string name, string group, BenchFault fault) =>
        new(name, group, device => device.Bench.HasFault(fault), (device, on) => device.Bench.SetFault(fault, on));

    private static void Either(bool on, Action whenOn, Action whenOff) => (on ? whenOn : whenOff)();

    private static void Power(SimulatedDevice device, bool on)
    {
        lock (PowerGate)
        {
            if (on != (device.Board.FirmwareState != FirmwareState.Off))
            {
                Either(on, device.PowerOn, device.PowerOff);
            }
        }
    }

    private static void Restart(SimulatedDevice device)
    {
        Power(device, on: false);
        Power(device, on: true);
    }
}
