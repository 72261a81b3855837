// What differs between the chips: which pins exist and what they can do, how many counters, how wide the PWM's timers are,
// and how the runtime's image calls itself.

using System.Device.Gpio;

namespace Microneedling.SimulatedBoard.Chip;

/// <summary>One chip, as tables.</summary>
internal sealed class ChipProfile
{
    private enum PinKind : byte
    {
        Missing,
        Taken,
        InputOnly,
        Full,
    }

    private static readonly ChipProfile Esp32S3 = new(
        "ESP32-S3", targetName: "ESP32_S3_QUAD", platform: "ESP32", pinCount: 49, pulseCounters: 4, pwmTimerBits: 14)
    {
        Missing = [22, 23, 24, 25],
        Taken = [19, 20, .. Enumerable.Range(26, 12), 43, 44],
    };

    private static readonly ChipProfile Esp32Rev3 = new(
        "ESP32", targetName: "ESP32_REV3", platform: "ESP32", pinCount: 40, pulseCounters: 8, pwmTimerBits: 20)
    {
        Missing = [20, 24, 28, 29, 30, 31],
        Taken = [1, 3, .. Enumerable.Range(6, 6)],
        InputOnly = [.. Enumerable.Range(34, 6)],
    };

    private readonly PinKind[] kinds;

    private ChipProfile(string name, string targetName, string platform, int pinCount, int pulseCounters, int pwmTimerBits)
    {
        Name = name;
        TargetName = targetName;
        Platform = platform;
        PulseCounters = pulseCounters;
        PwmTimerBits = pwmTimerBits;
        kinds = new PinKind[pinCount];
        Array.Fill(kinds, PinKind.Full);
    }

    /// <summary>What people call it.</summary>
    internal string Name { get; }

    /// <summary>What SystemInfo.TargetName shows.</summary>
    internal string TargetName { get; }

    /// <summary>What SystemInfo.Platform shows: the same for the whole family, so it tells no chips apart.</summary>
    internal string Platform { get; }

    /// <summary>Hardware pulse counters.</summary>
    internal int PulseCounters { get; }

    /// <summary>Width of the PWM's timers; a duty has at most one bit less.</summary>
    internal int PwmTimerBits { get; }

    /// <summary>Pins of the chip, with the gaps in their numbering.</summary>
    internal int PinCount => kinds.Length;

    private int[] Missing
    {
        init => Mark(value, PinKind.Missing);
    }

    private int[] Taken
    {
        init => Mark(value, PinKind.Taken);
    }

    private int[] InputOnly
    {
        init => Mark(value, PinKind.InputOnly);
    }

    internal static ChipProfile Of(BoardChip chip) => chip == BoardChip.Esp32S3 ? Esp32S3 : Esp32Rev3;

    /// <summary>Whether any pin of the chip can do it.</summary>
    internal static bool Supports(PinMode mode) => mode is PinMode.Input or PinMode.InputPullDown or PinMode.InputPullUp or PinMode.Output;

    /// <summary>Whether this pin can do it.</summary>
    internal bool Supports(int pin, PinMode mode) =>
        Supports(mode) && (mode == PinMode.Input ? KindOf(pin) >= PinKind.InputOnly : KindOf(pin) == PinKind.Full);

    /// <exception cref="ArgumentException">The chip has no such pin, or needs it for itself.</exception>
    internal void CheckUsable(int pin)
    {
        switch (KindOf(pin))
        {
            case PinKind.Missing:
                throw new ArgumentException($"The {Name} has no pin {pin}.", nameof(pin));
            case PinKind.Taken:
                throw new ArgumentException($"The board needs pin {pin} of the {Name} for itself (flash, USB or debugger).", nameof(pin));
            default:
                break;
        }
    }

    /// <exception cref="ArgumentException">The pin exists and cannot do it.</exception>
    /// <exception cref="NotSupportedException">No pin can.</exception>
    internal void CheckMode(int pin, PinMode mode)
    {
        if (!Supports(mode))
        {
            throw new NotSupportedException($"The simulated board has no pin mode {mode}.");
        }

        if (!Supports(pin, mode))
        {
            throw new ArgumentException($"Pin {pin} of the {Name} is an input without pull resistors; it cannot be {mode}.", nameof(mode));
        }
    }

    private PinKind KindOf(int pin) => (uint)pin < (uint)kinds.Length ? kinds[pin] : PinKind.Missing;

    private void Mark(int[] pins, PinKind kind)
    {
        foreach (int pin in pins)
        {
            kinds[pin] = kind;
        }
    }
}
