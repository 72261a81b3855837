namespace Microneedling.SimulatedBoard;

/// <summary>What a wire of the board carries. Levels are those at the microcontroller's pin.</summary>
public enum Signal
{
    /// <summary>Output: a rising edge is one microstep of the needle motor.</summary>
    NeedleStep,

    /// <summary>Output: high lets the needle motor's driver act.</summary>
    NeedleEnable,

    /// <summary>Output: a rising edge is one step of the depth stage.</summary>
    DepthStep,

    /// <summary>Output: high extends, towards the skin.</summary>
    DepthDirection,

    /// <summary>Output: high lets the depth stage's driver act.</summary>
    DepthEnable,

    /// <summary>Input, driven: high while the index flag is in the sensor, around top dead centre.</summary>
    Index,

    /// <summary>Serial output to the host.</summary>
    SerialTransmit,

    /// <summary>Serial input from the host.</summary>
    SerialReceive,

    /// <summary>Input, contact to ground: low when the stage is home.</summary>
    HomeSwitch,

    /// <summary>Input, contact to ground that opens at the limit: high at the limit or when the wire is broken.</summary>
    LimitSwitch,

    /// <summary>Input, contact to ground: low while the trigger is pressed.</summary>
    Trigger,

    /// <summary>Input, contact to ground that opens when pressed: high when pressed or when the wire is broken.</summary>
    EmergencyStop,

    /// <summary>Input, contact to ground: low while a cartridge is seated.</summary>
    CartridgeSeated,

    /// <summary>Input, driven: high while the supply is good.</summary>
    SupplyGood,

    /// <summary>Output: every edge satisfies the external watchdog for its window.</summary>
    WatchdogToggle,

    /// <summary>Input, driven: high while the external watchdog is satisfied.</summary>
    WatchdogGood,

    /// <summary>Input: the needle driver's DIAG, driven low while the driver is well; high, or open and pulled up, is a fault.</summary>
    NeedleDiagnosis,

    /// <summary>Input: the depth-stage driver's DIAG, as the needle driver's.</summary>
    DepthDiagnosis,

    /// <summary>Output: the red alarm LED, lit while high.</summary>
    AlarmLed,

    /// <summary>Output: the active buzzer, sounding while high.</summary>
    AlarmBuzzer,
}

/// <summary>
/// Which pin of a chip is connected to what: the board's side of the pin maps, stated here on purpose a second time, so
/// that a wrong pin in the firmware moves nothing instead of being believed.
/// </summary>
public static class Wiring
{
    private static readonly Dictionary<int, Signal> Esp32S3 = new()
    {
        [1] = Signal.AlarmLed,
        [2] = Signal.WatchdogToggle,
        [4] = Signal.NeedleStep,
        [5] = Signal.NeedleEnable,
        [6] = Signal.DepthStep,
        [7] = Signal.DepthDirection,
        [8] = Signal.HomeSwitch,
        [9] = Signal.LimitSwitch,
        [10] = Signal.Trigger,
        [11] = Signal.EmergencyStop,
        [12] = Signal.CartridgeSeated,
        [13] = Signal.SupplyGood,
        [14] = Signal.NeedleDiagnosis,
        [15] = Signal.DepthEnable,
        [16] = Signal.Index,
        [17] = Signal.SerialTransmit,
        [18] = Signal.SerialReceive,
        [21] = Signal.DepthDiagnosis,
        [38] = Signal.WatchdogGood,
        [47] = Signal.AlarmBuzzer,
    };

    // Has too few pins for everything: no watchdog read-back, no DIAG of the depth stage's driver, no LED.
    private static readonly Dictionary<int, Signal> Esp32Rev3 = new()
    {
        [4] = Signal.NeedleStep,
        [16] = Signal.NeedleEnable,
        [17] = Signal.DepthStep,
        [18] = Signal.DepthDirection,
        [19] = Signal.DepthEnable,
        [21] = Signal.WatchdogToggle,
        [22] = Signal.AlarmBuzzer,
        [23] = Signal.SerialTransmit,
        [25] = Signal.HomeSwitch,
        [26] = Signal.LimitSwitch,
        [27] = Signal.Trigger,
        [32] = Signal.EmergencyStop,
        [33] = Signal.CartridgeSeated,
        [34] = Signal.SupplyGood,
        [35] = Signal.Index,
        [36] = Signal.SerialReceive,
        [39] = Signal.NeedleDiagnosis,
    };

    // Its pins 34 … 39 have no pull resistors of their own: what can be left open there is pulled on the board, to the side
    // that stops.
    private static readonly Dictionary<int, bool> Esp32Rev3Pulls = new()
    {
        [34] = false,
        [39] = true,
    };

    private static readonly Dictionary<int, bool> NoPulls = [];

    /// <summary>Pins with a pull resistor on the board: true is up. It wins against the chip's own.</summary>
    public static IReadOnlyDictionary<int, bool> ExternalPulls(BoardChip chip) => chip == BoardChip.Esp32S3 ? NoPulls : Esp32Rev3Pulls;

    /// <summary>Every connected pin of a board.</summary>
    public static IReadOnlyDictionary<int, Signal> Pins(BoardChip chip) => chip == BoardChip.Esp32S3 ? Esp32S3 : Esp32Rev3;
}
