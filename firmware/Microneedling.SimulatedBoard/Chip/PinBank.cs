// The chip's pins: which exist, how each is used, what an input reads. Outputs open low. An input that nothing drives
// follows its pull resistor, and without one reads anything.

using System.Device.Gpio;
using Microneedling.SimulatedBoard.Mechanics;
using nanoFramework.Hardware.Esp32;

namespace Microneedling.SimulatedBoard.Chip;

/// <summary>Pins of an ESP32-S3.</summary>
internal sealed class PinBank(BoardClock clock, Mechanism mechanism, BoardTrace trace, Random chance, IReadOnlyDictionary<int, Signal> wiring)
{
    internal const int PinCount = 49;

    private readonly Dictionary<int, Pin> open = [];
    private readonly Dictionary<int, DeviceFunction> functions = [];

    /// <summary>What a pin is connected to, or null.</summary>
    internal Signal? SignalOf(int number) => wiring.TryGetValue(number, out Signal signal) ? signal : null;

    internal static bool Supports(PinMode mode) => mode is PinMode.Input or PinMode.InputPullDown or PinMode.InputPullUp or PinMode.Output;

    internal void Open(int number, PinMode mode)
    {
        CheckUsable(number);
        if (open.ContainsKey(number))
        {
            throw new InvalidOperationException($"Pin {number} is open already.");
        }

        if (functions.TryGetValue(number, out DeviceFunction function))
        {
            throw new InvalidOperationException($"Pin {number} carries {function}; it cannot be opened as well.");
        }

        CheckMode(mode);
        open[number] = new Pin { Mode = mode };
    }

    internal void Close(int number)
    {
        Pin pin = Opened(number);
        Drive(number, pin, high: false);
        open.Remove(number);
    }

    internal PinMode ModeOf(int number) => Opened(number).Mode;

    internal void SetMode(int number, PinMode mode)
    {
        Pin pin = Opened(number);
        CheckMode(mode);
        Drive(number, pin, high: false);
        pin.Mode = mode;
    }

    internal PinValue Read(int number)
    {
        Pin pin = Opened(number);
        if (pin.Mode == PinMode.Output)
        {
            return pin.High;
        }

        WireLevel level = SignalOf(number) is { } signal ? mechanism.LevelOf(signal, clock.Now) : WireLevel.Open;
        return level switch
        {
            WireLevel.High => true,
            WireLevel.Low => false,
            _ => pin.Mode switch
            {
                PinMode.InputPullUp => true,
                PinMode.InputPullDown => false,
                _ => chance.Next(2) == 1,
            },
        };
    }

    internal void Write(int number, bool high) => Drive(number, OpenedOutput(number), high);

    internal void Toggle(int number)
    {
        Pin pin = OpenedOutput(number);
        Drive(number, pin, !pin.High);
    }

    internal void SetFunction(int number, DeviceFunction function)
    {
        CheckUsable(number);
        if (open.ContainsKey(number))
        {
            throw new InvalidOperationException($"Pin {number} is open; give it {function} before, or not at all.");
        }

        foreach (int earlier in functions.Where(pair => pair.Value == function).Select(pair => pair.Key).ToArray())
        {
            functions.Remove(earlier);
        }

        functions[number] = function;
    }

    internal int PinOf(DeviceFunction function)
    {
        foreach ((int number, DeviceFunction carried) in functions)
        {
            if (carried == function)
            {
                return number;
            }
        }

        return -1;
    }

    internal DeviceFunction? FunctionOf(int number) => functions.TryGetValue(number, out DeviceFunction function) ? function : null;

    internal void LosePower()
    {
        foreach ((int number, Pin pin) in open)
        {
            Drive(number, pin, high: false);
        }

        open.Clear();
        functions.Clear();
    }

    private static void CheckMode(PinMode mode)
    {
        if (!Supports(mode))
        {
            throw new NotSupportedException($"The simulated board has no pin mode {mode}.");
        }
    }

    internal static void CheckUsable(int number)
    {
        if (number is < 0 or >= PinCount or (>= 22 and <= 25))
        {
            throw new ArgumentException($"The ESP32-S3 has no pin {number}.", nameof(number));
        }

        if (number is (>= 26 and <= 37) or 19 or 20 or 43 or 44)
        {
            throw new ArgumentException($"The board needs pin {number} for itself (flash, USB or debugger).", nameof(number));
        }
    }

    private Pin Opened(int number) => open.TryGetValue(number, out Pin? pin)
        ? pin
        : throw new InvalidOperationException($"Pin {number} is not open.");

    private Pin OpenedOutput(int number)
    {
        Pin pin = Opened(number);
        return pin.Mode == PinMode.Output
            ? pin
            : throw new InvalidOperationException($"Pin {number} is open as {pin.Mode}; only an output can be written.");
    }

    private void Drive(int number, Pin pin, bool high)
    {
        if (pin.High == high)
        {
            return;
        }

        pin.High = high;
        if (SignalOf(number) is { } signal)
        {
            trace.Record(clock.Now, signal, high ? 1 : 0);
            mechanism.Drive(signal, high, clock.Now);
        }
    }

    private sealed class Pin
    {
        internal PinMode Mode { get; set; }

        internal bool High { get; set; }
    }
}
