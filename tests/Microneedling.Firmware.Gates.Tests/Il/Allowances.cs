// Every exception that the gate makes, with its reason. A test fails when an entry is no longer needed.

using System.Collections.Immutable;

namespace Microneedling.Firmware.Gates.Tests.Il;

/// <summary>A library method that the tick may call.</summary>
/// <param name="ObjectsPerCall">Heap objects that it makes on each call.</param>
/// <param name="Reason">Where that number comes from.</param>
internal sealed record DeviceCall(int ObjectsPerCall, string Reason);

/// <summary>A method with a loop that makes objects: how often its inside can run in one tick, and why.</summary>
internal sealed record LoopBound(int MostPerTick, string Reason);

internal static class Allowances
{
    /// <summary>The method that one round of the control loop is.</summary>
    public const string TickEntry = "Microneedling.Firmware.ControlLoop::Tick";

    /// <summary>
    /// Heap objects of a tick at the very most, with every loop at its bound and the dearest of every choice. A steady tick makes a tenth:
    /// two for each input and three for the stroke counter.
    /// </summary>
    public const int MostObjectsPerTick = 200;

    /// <summary>Methods that may use floating point.</summary>
    public static readonly ImmutableDictionary<string, string> FloatingPoint = new Dictionary<string, string>
    {
        ["Microneedling.Firmware.Board::.ctor"] = "creates the PWM channel, whose duty cycle is a double; runs once, before the loop",
    }.ToImmutableDictionary();

    /// <summary>Library methods that the tick may call. Numbers are read from the libraries' and the interpreter's sources.</summary>
    public static readonly ImmutableDictionary<string, DeviceCall> DeviceCalls = new Dictionary<string, DeviceCall>
    {
        ["nanoFramework.Hardware.Esp32.HighResTimer::GetCurrent"] = new(0, "native, a number"),
        ["System.Device.Gpio.GpioPin::Read"] = new(1, "native, makes the PinValue that it returns"),
        ["System.Device.Gpio.PinValue::op_Explicit"] = new(1, "loads its argument to read the field"),
        ["System.Device.Gpio.GpioPin::Write"] = new(1, "loads its argument to hand it on; the lock's record is used again"),
        ["System.Device.Gpio.GpioPin::Toggle"] = new(0, "native"),
        ["System.Device.Gpio.GpioPulseCounter::Read"] = new(3, "a struct local, the native result, and its copy when returned"),
        ["System.Device.Gpio.GpioPulseCounter::Reset"] = new(3, "as Read"),
        ["System.Device.Pwm.PwmChannel::set_Frequency"] = new(0, "native"),
        ["System.Device.Pwm.PwmChannel::Start"] = new(0, "native"),
        ["System.Device.Pwm.PwmChannel::Stop"] = new(0, "native"),
        ["System.IO.Ports.SerialPort::get_BytesToRead"] = new(0, "native, a number"),
        ["System.IO.Ports.SerialPort::Read"] = new(0, "native, into the caller's array"),
        ["System.IO.Ports.SerialPort::Write"] = new(0, "native, from the caller's array"),
        ["System.Array::Copy"] = new(0, "native, between the caller's arrays"),
    }.ToImmutableDictionary();

    /// <summary>Structs that the tick may load by value; each load is an object.</summary>
    public static readonly ImmutableDictionary<string, string> StructLoads = new Dictionary<string, string>
    {
        ["System.Device.Gpio.PinValue"] = "GpioPin.Write takes one; a kept one costs its copy, a new one would cost two",
    }.ToImmutableDictionary();

    /// <summary>Loops around calls that make objects.</summary>
    public static readonly ImmutableDictionary<string, LoopBound> LoopBounds = new Dictionary<string, LoopBound>
    {
        ["Microneedling.Firmware.DepthStage::Work"] = new(12, "17 ms of stepping, at 1.588 ms a step when retracting"),
        ["Microneedling.Firmware.CommandDispatcher::Process"] = new(2, "more commands than can be answered in a tick are not executed, and a repeated STOP changes nothing"),
    }.ToImmutableDictionary();
}
