// The chip's PWM as the nanoFramework driver for the ESP32 has it:
// - "started" is one flag for all channels: after any channel has stopped, writes are only stored until the next Start;
// - a frequency write while running restarts the timer, so one pulse comes early;
// - the duty is a whole number of steps, as fine as the timer allows at the frequency: 80 MHz ÷ frequency, a power of two, at
//   most 13 bits on the S3 (the same below 9.7 kHz, then one less each octave) and 19 on the classic ESP32 (one less each
//   octave from 152 Hz on);
// - a frequency write that changes the resolution rewrites the duty, which acts only at the end of the restarted period:
//   through an octave upwards that period is high throughout, so the edge after it is missing; downwards its pulse is half as
//   wide. The missing edge and the width are not simulated (one microstep, and pulses far wider than a driver needs);
//   how often it happens is counted, for tests;
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

    internal int ResolutionBits { get; set; }

    internal bool Running { get; set; }

    internal bool Released { get; set; }

    /// <summary>Pulses exist only between no step of the duty and all of them.</summary>
    internal int PulseHertz
    {
        get
        {
            long steps = (StoredDuty * (1L << ResolutionBits)) / 10_000;
            return Running && steps > 0 && steps < 1L << ResolutionBits ? StoredFrequency : 0;
        }
    }
}

/// <summary>All PWM channels.</summary>
internal sealed class PwmUnit(BoardClock clock, PinBank pins, Mechanism mechanism, BoardTrace trace, ChipProfile chip)
{
    private const int MaximumFrequency = 40_000_000;
    private const long TimerHertz = 80_000_000;

    private readonly List<PwmOutput> outputs = [];
    private bool started;

    /// <summary>How often a retune of running pulses changed the resolution, and so disturbed one edge more.</summary>
    internal long DutyRewrites { get; private set; }

    /// <summary>Bits of a duty at a frequency: the driver's rule, with its 8 fraction bits of the divider.</summary>
    internal int ResolutionAt(int frequency)
    {
        for (int bits = chip.PwmTimerBits - 1; bits > 1; bits--)
        {
            if ((TimerHertz << 8) / frequency >> bits > 256)
            {
                return bits;
            }
        }

        return 1;
    }

    internal PwmOutput? Create(int pin, int frequency, double duty)
    {
        if (pins.FunctionOf(pin) is not { } function || function < DeviceFunction.PWM1 || function > DeviceFunction.PWM16)
        {
            return null;
        }

        if (!pins.CanDrive(pin))
        {
            throw new ArgumentException($"Pin {pin} is an input only; it cannot carry pulses.", nameof(pin));
        }

        if (outputs.Exists(existing => existing.Pin == pin))
        {
            throw new InvalidOperationException($"Pin {pin} has a PWM channel already.");
        }

        PwmOutput output = new(pin) { StoredFrequency = CheckedFrequency(frequency), StoredDuty = CheckedDuty(duty) };
        output.ResolutionBits = ResolutionAt(frequency);
        outputs.Add(output);
        return output;
    }

    internal void SetFrequency(PwmOutput output, int frequency)
    {
        CheckLive(output);
        output.StoredFrequency = CheckedFrequency(frequency);
        if (started && output.Running)
        {
            int bits = ResolutionAt(frequency);
            DutyRewrites += bits == output.ResolutionBits ? 0 : 1;
            output.ResolutionBits = bits;
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
        output.ResolutionBits = ResolutionAt(output.StoredFrequency);
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
