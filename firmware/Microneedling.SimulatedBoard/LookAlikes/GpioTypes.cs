// The small types of System.Device.Gpio: modes, values, events. Surface as in nanoFramework.System.Device.Gpio 1.1.62.

using nanoFramework.Runtime.Events;

namespace System.Device.Gpio;

/// <summary>How a pin is used.</summary>
public enum PinMode
{
    /// <summary>Input without a pull resistor: floats when nothing drives it.</summary>
    Input = 0,

    /// <summary>Input with the chip's pull-down.</summary>
    InputPullDown = 1,

    /// <summary>Input with the chip's pull-up.</summary>
    InputPullUp = 2,

    /// <summary>Push-pull output; opens low.</summary>
    Output = 3,

    /// <summary>Open-drain output.</summary>
    OutputOpenDrain = 4,

    /// <summary>Open-drain output with pull-up.</summary>
    OutputOpenDrainPullUp = 5,

    /// <summary>Open-source output; the ESP32 has none.</summary>
    OutputOpenSource = 6,

    /// <summary>Open-source output with pull-down; the ESP32 has none.</summary>
    OutputOpenSourcePullDown = 7,
}

/// <summary>How pins are numbered.</summary>
public enum PinNumberingScheme
{
    /// <summary>The chip's own numbers.</summary>
    Logical = 0,

    /// <summary>The board's numbers.</summary>
    Board = 1,
}

/// <summary>Edges of a pin.</summary>
[Flags]
public enum PinEventTypes
{
    /// <summary>No edge.</summary>
    None = 0,

    /// <summary>Low to high.</summary>
    Rising = 1,

    /// <summary>High to low.</summary>
    Falling = 2,
}

/// <summary>Level of a pin.</summary>
public readonly struct PinValue : IEquatable<PinValue>
{
    private readonly byte value;

    private PinValue(byte value) => this.value = value;

    /// <summary>High.</summary>
    public static PinValue High => new(1);

    /// <summary>Low.</summary>
    public static PinValue Low => new(0);

    /// <summary>0 is low, anything else high.</summary>
    public static implicit operator PinValue(int value) => value == 0 ? Low : High;

    /// <summary>False is low.</summary>
    public static implicit operator PinValue(bool value) => value ? High : Low;

    /// <summary>0 or 1.</summary>
    public static explicit operator byte(PinValue value) => value.value;

    /// <summary>0 or 1.</summary>
    public static explicit operator int(PinValue value) => value.value;

    /// <summary>True when high.</summary>
    public static explicit operator bool(PinValue value) => value.value != 0;

    /// <summary>Same level.</summary>
    public static bool operator ==(PinValue a, PinValue b) => a.Equals(b);

    /// <summary>Other level.</summary>
    public static bool operator !=(PinValue a, PinValue b) => !a.Equals(b);

    /// <inheritdoc/>
    public bool Equals(PinValue other) => other.value == value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PinValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => value;

    /// <inheritdoc/>
    public override string ToString() => value == 0 ? "Low" : "High";
}

/// <summary>A pin's number and its level.</summary>
public readonly struct PinValuePair(int pinNumber, PinValue pinValue)
{
    /// <summary>The pin.</summary>
    public int PinNumber { get; } = pinNumber;

    /// <summary>Its level.</summary>
    public PinValue PinValue { get; } = pinValue;

    /// <summary>Both at once.</summary>
    public void Deconstruct(out int pinNumber, out PinValue pinValue)
    {
        pinNumber = PinNumber;
        pinValue = PinValue;
    }
}

/// <summary>Outcome of waiting for an edge.</summary>
public struct WaitForEventResult
{
    /// <summary>The edge.</summary>
    public PinEventTypes EventTypes;

    /// <summary>True when none came.</summary>
    public bool TimedOut;
}

/// <summary>An edge and its pin.</summary>
public class PinValueChangedEventArgs(PinEventTypes changeType, int pinNumber) : BaseEvent
{
    /// <summary>The edge.</summary>
    public PinEventTypes ChangeType { get; } = changeType;

    /// <summary>The pin.</summary>
    public int PinNumber { get; } = pinNumber;
}

/// <summary>Handles an edge, registered at the controller.</summary>
public delegate void PinChangeEventHandler(object sender, PinValueChangedEventArgs pinValueChangedEventArgs);

/// <summary>Handles an edge, registered at the pin.</summary>
public delegate void PinValueChangedEventHandler(object sender, PinValueChangedEventArgs e);
