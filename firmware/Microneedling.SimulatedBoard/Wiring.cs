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
}

/// <summary>
/// Which pin of the ESP32-S3 is connected to what: the board's side of the pin map, stated here on purpose a second
/// time, so that a wrong pin in the firmware moves nothing instead of being believed.
/// </summary>
public static class Wiring
{
    private static readonly Dictionary<int, Signal> ByPin = new()
    {
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
        [15] = Signal.DepthEnable,
        [16] = Signal.Index,
        [17] = Signal.SerialTransmit,
        [18] = Signal.SerialReceive,
    };

    /// <summary>Every connected pin.</summary>
    public static IReadOnlyDictionary<int, Signal> Pins => ByPin;

    /// <summary>What a pin is connected to, or null.</summary>
    public static Signal? SignalOf(int pin) => ByPin.TryGetValue(pin, out Signal signal) ? signal : null;
}
