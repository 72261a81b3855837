// System.Device.Gpio.GpioController and GpioPin on the virtual board: every call takes the board's time, then acts on
// its pin bank. Edge events are not offered (the firmware polls): subscribing says so instead of staying silent.

using Microneedling.SimulatedBoard;

namespace System.Device.Gpio;

/// <summary>Opens pins. Surface as in nanoFramework.System.Device.Gpio 1.1.62.</summary>
public sealed class GpioController : IDisposable
{
    private readonly Dictionary<int, GpioPin> opened = [];

    /// <summary>For the chip's own pin numbers.</summary>
    public GpioController()
    {
    }

    /// <summary>For one of the numbering schemes; they are the same here.</summary>
    public GpioController(PinNumberingScheme numberingScheme) => NumberingScheme = numberingScheme;

    /// <summary>How pins are numbered.</summary>
    public PinNumberingScheme NumberingScheme { get; }

    /// <summary>Pins of the chip, with the gaps in their numbering.</summary>
    public int PinCount
    {
        get
        {
            using BoardCall call = FirmwareRun.Call(ApiCosts.GpioMode);
            return call.Board.Chip.PinCount;
        }
    }

    /// <summary>Opens a pin as <see cref="PinMode.Input"/>.</summary>
    /// <inheritdoc cref="OpenPin(int, PinMode)"/>
    public GpioPin OpenPin(int pinNumber) => OpenPin(pinNumber, PinMode.Input);

    /// <summary>Opens a pin; an output opens low.</summary>
    /// <exception cref="ArgumentException">The chip has no such pin, needs it for itself, or the pin cannot be used so.</exception>
    /// <exception cref="InvalidOperationException">The pin is open already or carries another function.</exception>
    public GpioPin OpenPin(int pinNumber, PinMode mode)
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.GpioOpen);
        call.Board.Pins.Open(pinNumber, mode);
        return opened[pinNumber] = new GpioPin(pinNumber);
    }

    /// <summary>Closes a pin: it floats.</summary>
    public void ClosePin(int pinNumber)
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.GpioOpen);
        call.Board.Pins.Close(pinNumber);
        opened.Remove(pinNumber);
    }

    /// <summary>Mode of an open pin.</summary>
    public PinMode GetPinMode(int pinNumber) => Pin(pinNumber).GetPinMode();

    /// <summary>Whether the pin can do it.</summary>
    public bool IsPinModeSupported(int pinNumber, PinMode mode)
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.GpioMode);
        return call.Board.Chip.Supports(pinNumber, mode);
    }

    /// <summary>Whether this controller has the pin open.</summary>
    public bool IsPinOpen(int pinNumber) => opened.ContainsKey(pinNumber);

    /// <summary>Level of an open pin.</summary>
    public PinValue Read(int pinNumber) => Pin(pinNumber).Read();

    /// <summary>Sets an open output.</summary>
    public void Write(int pinNumber, PinValue value) => Pin(pinNumber).Write(value);

    /// <summary>Changes the mode of an open pin.</summary>
    public void SetPinMode(int pinNumber, PinMode mode) => Pin(pinNumber).SetPinMode(mode);

    /// <summary>Not offered by the simulated board.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public void RegisterCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) =>
        throw new NotSupportedException(GpioPin.NoEvents);

    /// <summary>Not offered by the simulated board.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public void UnregisterCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) =>
        throw new NotSupportedException(GpioPin.NoEvents);

    /// <summary>Closes every pin that it opened.</summary>
    public void Dispose()
    {
        foreach (int pinNumber in opened.Keys.ToArray())
        {
            ClosePin(pinNumber);
        }
    }

    private GpioPin Pin(int pinNumber) => opened.TryGetValue(pinNumber, out GpioPin? pin)
        ? pin
        : throw new InvalidOperationException($"Pin {pinNumber} is not open. Call OpenPin first.");
}

/// <summary>An open pin. Surface as in nanoFramework.System.Device.Gpio 1.1.62.</summary>
public sealed class GpioPin : IDisposable
{
    internal const string NoEvents = "The simulated board has no pin events. Read the pin instead.";

    internal GpioPin(int pinNumber) => PinNumber = pinNumber;

    /// <summary>The chip's number.</summary>
    public int PinNumber { get; }

    /// <summary>Only for events, so without effect here.</summary>
    public TimeSpan DebounceTimeout { get; set; }

    /// <summary>Not offered by the simulated board.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public event PinValueChangedEventHandler ValueChanged
    {
        add => throw new NotSupportedException(NoEvents);
        remove => throw new NotSupportedException(NoEvents);
    }

    /// <summary>How the pin is used.</summary>
    public PinMode GetPinMode()
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.GpioMode);
        return call.Board.Pins.ModeOf(PinNumber);
    }

    /// <summary>Whether the pin can do it.</summary>
    public bool IsPinModeSupported(PinMode pinMode)
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.GpioMode);
        return call.Board.Chip.Supports(PinNumber, pinMode);
    }

    /// <summary>Changes how the pin is used; an output begins low.</summary>
    public void SetPinMode(PinMode value)
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.GpioMode);
        call.Board.Pins.SetMode(PinNumber, value);
    }

    /// <summary>Level of the pin now. A floating input reads anything.</summary>
    public PinValue Read()
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.GpioRead);
        return call.Board.Pins.Read(PinNumber);
    }

    /// <summary>Sets an output.</summary>
    /// <exception cref="InvalidOperationException">The pin is an input.</exception>
    public void Write(PinValue value)
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.GpioWrite);
        call.Board.Pins.Write(PinNumber, (bool)value);
    }

    /// <summary>Inverts an output.</summary>
    /// <exception cref="InvalidOperationException">The pin is an input.</exception>
    public void Toggle()
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.GpioToggle);
        call.Board.Pins.Toggle(PinNumber);
    }

    /// <summary>Closes the pin: it floats.</summary>
    public void Dispose()
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.GpioOpen);
        call.Board.Pins.Close(PinNumber);
    }
}
