// nanoFramework.Hardware.Esp32 on the virtual board: pin functions and the microsecond clock. Of DeviceFunction only what
// the simulated chip can do; the numbers are the real ones of nanoFramework.Hardware.Esp32 1.6.40.

using System.Runtime.CompilerServices;
using Microneedling.SimulatedBoard;

namespace nanoFramework.Hardware.Esp32;

/// <summary>What a pin may carry instead of plain input and output.</summary>
public enum DeviceFunction
{
    /// <summary>Serial port COM1, transmit.</summary>
    COM1_TX = 196864,

    /// <summary>Serial port COM1, receive.</summary>
    COM1_RX = 196865,

    /// <summary>Serial port COM1, request to send.</summary>
    COM1_RTS = 196866,

    /// <summary>Serial port COM1, clear to send.</summary>
    COM1_CTS = 196867,

    /// <summary>Serial port COM2, transmit.</summary>
    COM2_TX = 197120,

    /// <summary>Serial port COM2, receive.</summary>
    COM2_RX = 197121,

    /// <summary>Serial port COM2, request to send.</summary>
    COM2_RTS = 197122,

    /// <summary>Serial port COM2, clear to send.</summary>
    COM2_CTS = 197123,

    /// <summary>Serial port COM3, transmit.</summary>
    COM3_TX = 197376,

    /// <summary>Serial port COM3, receive.</summary>
    COM3_RX = 197377,

    /// <summary>Serial port COM3, request to send.</summary>
    COM3_RTS = 197378,

    /// <summary>Serial port COM3, clear to send.</summary>
    COM3_CTS = 197379,

    /// <summary>Serial port COM4, transmit.</summary>
    COM4_TX = 197632,

    /// <summary>Serial port COM4, receive.</summary>
    COM4_RX = 197633,

    /// <summary>Serial port COM4, request to send.</summary>
    COM4_RTS = 197634,

    /// <summary>Serial port COM4, clear to send.</summary>
    COM4_CTS = 197635,

    /// <summary>Pulse train 1.</summary>
    PWM1 = 262400,

    /// <summary>Pulse train 2.</summary>
    PWM2 = 262656,

    /// <summary>Pulse train 3.</summary>
    PWM3 = 262912,

    /// <summary>Pulse train 4.</summary>
    PWM4 = 263168,

    /// <summary>Pulse train 5.</summary>
    PWM5 = 263424,

    /// <summary>Pulse train 6.</summary>
    PWM6 = 263680,

    /// <summary>Pulse train 7.</summary>
    PWM7 = 263936,

    /// <summary>Pulse train 8.</summary>
    PWM8 = 264192,

    /// <summary>Pulse train 9.</summary>
    PWM9 = 264448,

    /// <summary>Pulse train 10.</summary>
    PWM10 = 264704,

    /// <summary>Pulse train 11.</summary>
    PWM11 = 264960,

    /// <summary>Pulse train 12.</summary>
    PWM12 = 265216,

    /// <summary>Pulse train 13.</summary>
    PWM13 = 265472,

    /// <summary>Pulse train 14.</summary>
    PWM14 = 265728,

    /// <summary>Pulse train 15.</summary>
    PWM15 = 265984,

    /// <summary>Pulse train 16.</summary>
    PWM16 = 266240,
}

/// <summary>Says which pin carries which function.</summary>
public class Configuration
{
    /// <summary>Gives a pin a function, before the function's driver is made.</summary>
    /// <exception cref="ArgumentException">The chip has no such pin, or needs it for itself.</exception>
    /// <exception cref="InvalidOperationException">The pin is open as plain input or output.</exception>
    public static void SetPinFunction(int pin, DeviceFunction value)
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.PinFunction);
        call.Board.Pins.SetFunction(pin, value);
    }

    /// <summary>The pin that carries a function, or -1.</summary>
    public static int GetFunctionPin(DeviceFunction function)
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.PinFunction);
        return call.Board.Pins.PinOf(function);
    }
}

/// <summary>The chip's microsecond clock. Its timers are not offered by the simulated board.</summary>
public class HighResTimer
{
    private HighResTimer()
    {
    }

    /// <summary>Microseconds since the chip started.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong GetCurrent() => (ulong)FirmwareRun.ReadTimer(ApiCosts.HighResTimer);
}
