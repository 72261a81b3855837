namespace Microneedling.SimulatedBoard;

/// <summary>
/// What each call of the firmware costs of the board's time, in microseconds, before it takes effect. The board's time
/// passes in calls only: code between two calls is free, so a loop that waits must ask for the time.
/// </summary>
/// <remarks>
/// Measured ones come from two published loops on an ESP32 (nanoframework/Home issue 1013): toggling at 27 kHz, writing
/// at 1.5 kHz, two calls a period. The others are set beside them by what they do (a native call that allocates, takes a
/// lock or talks to a driver); they were never measured. None is zero, or a polling loop would never end.
/// </remarks>
internal static class ApiCosts
{
    /// <summary>Reading the microsecond clock: native, allocates nothing, as lean as Toggle.</summary>
    public const int HighResTimer = 20;

    /// <summary>Toggle loop of 27 kHz: 37 µs for two.</summary>
    public const int GpioToggle = 18;

    /// <summary>Write loop of 1.5 kHz: 667 µs for two.</summary>
    public const int GpioWrite = 333;

    /// <summary>Finds a type by name and allocates a value.</summary>
    public const int GpioRead = 60;

    /// <summary>Opening or closing a pin.</summary>
    public const int GpioOpen = 1_000;

    /// <summary>Asking for or changing a pin's mode.</summary>
    public const int GpioMode = 300;

    /// <summary>Giving a pin a function.</summary>
    public const int PinFunction = 300;

    /// <summary>Making a PWM channel.</summary>
    public const int PwmOpen = 1_000;

    /// <summary>Starting, stopping or retuning a PWM channel.</summary>
    public const int PwmWrite = 300;

    /// <summary>Taking or returning a pulse counter.</summary>
    public const int PulseCounterOpen = 1_000;

    /// <summary>Reading a pulse counter: allocates.</summary>
    public const int PulseCounterRead = 80;

    /// <summary>Opening or closing a serial port.</summary>
    public const int SerialOpen = 2_000;

    /// <summary>Asking how many bytes have arrived.</summary>
    public const int SerialBytesToRead = 50;

    /// <summary>Reading from a serial port, beside its bytes.</summary>
    public const int SerialRead = 100;

    /// <summary>Writing to a serial port, beside its bytes.</summary>
    public const int SerialWrite = 100;

    /// <summary>One byte copied between firmware and driver.</summary>
    public const int SerialByte = 1;

    /// <summary>Opening a file, or asking whether it exists (assumed: littlefs reads its directory from flash).</summary>
    public const int FlashOpen = 2_000;

    /// <summary>Reading from a file, beside opening it (assumed).</summary>
    public const int FlashRead = 1_000;

    /// <summary>Writing to an open file (assumed: pages are programmed).</summary>
    public const int FlashWrite = 5_000;

    /// <summary>Closing a file that was written, or deleting one (assumed: with one write, 30 ms for a small file).</summary>
    public const int FlashCommit = 25_000;

    /// <summary>Erasing a block, which some commits need (assumed).</summary>
    public const int FlashErase = 80_000;

    /// <summary>Asking an open file for its length, flushing it, closing it after reading.</summary>
    public const int FlashHandle = 50;

    /// <summary>Asking what the chip is: allocates a string.</summary>
    public const int SystemInfo = 100;

    /// <summary>Calling Sleep, beside the sleeping.</summary>
    public const int Sleep = 20;

    /// <summary>A random number.</summary>
    public const int Random = 20;
}
