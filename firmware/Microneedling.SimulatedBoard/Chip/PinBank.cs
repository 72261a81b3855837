// The chip's pins: how each is used, what an input reads. Which pins exist is ChipProfile's. Outputs open low. An input
// that nothing drives follows the board's resistor, else the chip's, and without either reads anything.

using System.Device.Gpio;
using Microneedling.SimulatedBoard.Mechanics;
using nanoFramework.Hardware.Esp32;

namespace Microneedling.SimulatedBoard.Chip;

/// <summary>Pins of the chip. Everything is looked up by pin number: these are the firmware's most frequent calls.</summary>
internal sealed class PinBank
{
    private readonly BoardClock clock;
    private readonly Mechanism mechanism;
    private readonly BoardTrace trace;
    private readonly Random chance;
    private readonly ChipProfile chip;
    private readonly Pin[] pins;

    internal PinBank(BoardClock clock, Mechanism mechanism, BoardTrace trace, Random chance, BoardChip boardChip)
    {
        this.clock = clock;
        this.mechanism = mechanism;
        this.trace = trace;
        this.chance = chance;
        chip = ChipProfile.Of(boardChip);
        pins = new Pin[chip.PinCount];
        for (int number = 0; number < pins.Length; number++)
        {
            pins[number] = new Pin();
        }

        foreach ((int number, Signal signal) in Wiring.Pins(boardChip))
        {
            pins[number].Signal = signal;
        }

        foreach ((int number, bool up) in Wiring.ExternalPulls(boardChip))
        {
            pins[number].ExternalPull = up ? WireLevel.High : WireLevel.Low;
        }
    }

    /// <summary>What a pin is connected to, or null.</summary>
    internal Signal? SignalOf(int number) => Exists(number) ? pins[number].Signal : null;

    internal void Open(int number, PinMode mode)
    {
        chip.CheckUsable(number);
        Pin pin = pins[number];
        if (pin.IsOpen || pin.Counted)
        {
            throw new InvalidOperationException(pin.IsOpen
                ? $"Pin {number} is open already."
                : $"Pin {number} has a pulse counter; open it before its counter is made.");
        }

        if (pin.Function is { } function)
        {
            throw new InvalidOperationException($"Pin {number} carries {function}; it cannot be opened as well.");
        }

        chip.CheckMode(number, mode);
        pin.Mode = mode;
        pin.High = false;
        pin.IsOpen = true;
    }

    internal void Close(int number)
    {
        Pin pin = Opened(number);
        Drive(pin, high: false);
        pin.IsOpen = false;
    }

    internal PinMode ModeOf(int number) => Opened(number).Mode;

    internal void SetMode(int number, PinMode mode)
    {
        Pin pin = Opened(number);
        chip.CheckMode(number, mode);
        Drive(pin, high: false);
        pin.Mode = mode;
    }

    internal PinValue Read(int number)
    {
        Pin pin = Opened(number);
        if (pin.Mode == PinMode.Output)
        {
            return pin.High;
        }

        WireLevel driven = pin.Signal is { } signal ? mechanism.LevelOf(signal, clock.Now) : WireLevel.Open;
        WireLevel level = Settled(driven, pin.ExternalPull, pin.Mode);
        return level == WireLevel.Open ? chance.Next(2) == 1 : level == WireLevel.High;
    }

    /// <summary>What an input sees: what drives its wire, else the board's resistor, else the chip's; open when there is none.</summary>
    internal static WireLevel Settled(WireLevel driven, WireLevel externalPull, PinMode mode)
    {
        if (driven != WireLevel.Open || externalPull != WireLevel.Open)
        {
            return driven != WireLevel.Open ? driven : externalPull;
        }

        return mode switch
        {
            PinMode.InputPullUp => WireLevel.High,
            PinMode.InputPullDown => WireLevel.Low,
            _ => WireLevel.Open,
        };
    }

    internal void Write(int number, bool high) => Drive(OpenedOutput(number), high);

    internal void Toggle(int number)
    {
        Pin pin = OpenedOutput(number);
        Drive(pin, !pin.High);
    }

    internal void SetFunction(int number, DeviceFunction function)
    {
        chip.CheckUsable(number);
        if (pins[number].IsOpen)
        {
            throw new InvalidOperationException($"Pin {number} is open; give it {function} before, or not at all.");
        }

        int earlier = PinOf(function);
        if (earlier >= 0)
        {
            pins[earlier].Function = null;
        }

        pins[number].Function = function;
    }

    internal int PinOf(DeviceFunction function)
    {
        for (int number = 0; number < pins.Length; number++)
        {
            if (pins[number].Function == function)
            {
                return number;
            }
        }

        return -1;
    }

    internal DeviceFunction? FunctionOf(int number) => Exists(number) ? pins[number].Function : null;

    internal bool CanDrive(int number) => chip.Supports(number, PinMode.Output);

    /// <summary>A pulse counter takes or leaves a pin. It may share it with an input that was opened before.</summary>
    internal void SetCounted(int number, bool counted)
    {
        chip.CheckUsable(number);
        pins[number].Counted = counted;
    }

    internal void LosePower()
    {
        foreach (Pin pin in pins)
        {
            if (pin.IsOpen)
            {
                Drive(pin, high: false);
            }

            pin.IsOpen = false;
            pin.Counted = false;
            pin.Function = null;
        }
    }

    private bool Exists(int number) => (uint)number < (uint)pins.Length;

    private Pin Opened(int number) => Exists(number) && pins[number].IsOpen
        ? pins[number]
        : throw new InvalidOperationException($"Pin {number} is not open.");

    private Pin OpenedOutput(int number)
    {
        Pin pin = Opened(number);
        return pin.Mode == PinMode.Output
            ? pin
            : throw new InvalidOperationException($"Pin {number} is open as {pin.Mode}; only an output can be written.");
    }

    private void Drive(Pin pin, bool high)
    {
        if (pin.High == high)
        {
            return;
        }

        pin.High = high;
        if (pin.Signal is { } signal)
        {
            trace.Record(clock.Now, signal, high ? 1 : 0);
            mechanism.Drive(signal, high, clock.Now);
        }
    }

    private sealed class Pin
    {
        internal bool IsOpen { get; set; }

        internal bool Counted { get; set; }

        internal PinMode Mode { get; set; }

        internal bool High { get; set; }

        internal DeviceFunction? Function { get; set; }

        internal Signal? Signal { get; set; }

        internal WireLevel ExternalPull { get; set; }
    }
}
