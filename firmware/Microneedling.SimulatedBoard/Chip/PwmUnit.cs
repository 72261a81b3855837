// The chip's PWM as the nanoFramework driver for the ESP32 has it:
// - "started" is one flag for all channels: after any channel has stopped, writes are only stored until the next Start;
// - a frequency write while running restarts the timer, so one pulse comes early;
// - integer hertz, duty in ten-thousandths, active high, nothing driven before Start, Stop cuts at once.
// Not copied: channels 1 and 2, 3 and 4, ... share a timer. Use one channel.

using Microneedling.SimulatedBoard.Mechanics;
using nanoFramework.Hardware.Esp32;

namespace Microneedling.SimulatedBoard.Chip;

/// <summary>One PWM channel on its pin.</summary>
internal sealed class PwmOutput(int pin)
{
    internal int Pin { get; } = pin;

    internal int StoredFrequency { get; set; }

    internal int StoredDuty { get; set; }

    internal bool Running { get; set; }

    internal bool Released { get; set; }

    /// <summary>Pulses exist only between duty 0 and 1.</summary>
    internal int PulseHertz => Running && StoredDuty is > 0 and < 10_000 ? StoredFrequency : 0;
}

/// <summary>All PWM channels.</summary>
internal sealed class PwmUnit(BoardClock clock, PinBank pins, Mechanism mechanism, BoardTrace trace)
{
    private const int MaximumFrequency = 40_000_000;

    private readonly List<PwmOutput> outputs = [];
    private bool started;

    internal PwmOutput? Create(int pin, int frequency, double duty)
    {
        if (pins.FunctionOf(pin) is not { } function || function < DeviceFunction.PWM1 || function > DeviceFunction.PWM16)
        {
            return null;
        }

        if (outputs.Exists(existing => existing.Pin == pin))
        {
            throw new InvalidOperationException($"Pin {pin} has a PWM channel already.");
        }

        PwmOutput output = new(pin) { StoredFrequency = CheckedFrequency(frequency), StoredDuty = CheckedDuty(duty) };
        outputs.Add(output);
        return output;
    }

    internal void SetFrequency(PwmOutput output, int frequency)
    {
        CheckLive(output);
        output.StoredFrequency = CheckedFrequency(frequency);
        if (started && output.Running)
        {
            Apply(output);
        }
    }

    internal void SetDuty(PwmOutput output, double duty)
    {
        CheckLive(output);
        int before = output.PulseHertz;
        output.StoredDuty = CheckedDuty(duty);
        if (started && output.Running && output.PulseHertz != before)
        {
            Apply(output);
        }
    }

    internal void Start(PwmOutput output)
    {
        CheckLive(output);
        started = true;
        output.Running = true;
        Apply(output);
    }

    internal void Stop(PwmOutput output)
    {
        CheckLive(output);
        started = false;
        Cut(output);
    }

    internal void Release(PwmOutput output)
    {
        if (!output.Released)
        {
            Cut(output);
            output.Released = true;
            outputs.Remove(output);
        }
    }

    internal void LosePower()
    {
        foreach (PwmOutput output in outputs)
        {
            Cut(output);
        }

        outputs.Clear();
        started = false;
    }

    private static int CheckedFrequency(int frequency) => frequency is > 0 and <= MaximumFrequency
        ? frequency
        : throw new ArgumentException($"A PWM frequency of {frequency} Hz does not exist.", nameof(frequency));

    private static int CheckedDuty(double duty) => duty is >= 0 and <= 1
        ? (int)(duty * 10_000)
        : throw new ArgumentException("A duty cycle is 0 … 1.", nameof(duty));

    private static void CheckLive(PwmOutput output) => ObjectDisposedException.ThrowIf(output.Released, output);

    private void Cut(PwmOutput output)
    {
        if (output.Running)
        {
            output.Running = false;
            Apply(output);
        }
    }

    private void Apply(PwmOutput output)
    {
        if (pins.SignalOf(output.Pin) is { } signal)
        {
            trace.Record(clock.Now, signal, output.PulseHertz);
            mechanism.DrivePulses(signal, output.PulseHertz, clock.Now);
        }
    }
}
