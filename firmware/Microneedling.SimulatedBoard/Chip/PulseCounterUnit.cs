// The chip's pulse counters. Only the index sensor's wire can be counted here: it is the only one whose edges a loop
// could miss. A counter may share its pin with an open input.

using System.Device.Gpio;
using Microneedling.SimulatedBoard.Mechanics;

namespace Microneedling.SimulatedBoard.Chip;

/// <summary>One counter.</summary>
internal sealed class PulseCounter
{
    internal bool Started { get; set; }

    internal GpioPulsePolarity Polarity { get; set; }

    internal long Counted { get; set; }

    internal long BeganAt { get; set; }
}

/// <summary>All counters of an ESP32-S3.</summary>
internal sealed class PulseCounterUnit(BoardClock clock, PinBank pins, Mechanism mechanism)
{
    private const int Available = 4;

    private readonly List<PulseCounter> taken = [];

    internal PulseCounter Take(int pin)
    {
        PinBank.CheckUsable(pin);
        if (taken.Count == Available)
        {
            throw new InvalidOperationException($"All {Available} pulse counters are taken. Make one once and keep it.");
        }

        if (pins.SignalOf(pin) != Signal.Index)
        {
            throw new NotSupportedException($"The simulated board counts pulses of the index sensor only, not of pin {pin}.");
        }

        PulseCounter counter = new();
        taken.Add(counter);
        return counter;
    }

    internal void Return(PulseCounter counter)
    {
        counter.Started = false;
        taken.Remove(counter);
    }

    internal void Start(PulseCounter counter, GpioPulsePolarity polarity)
    {
        counter.Polarity = polarity;
        counter.BeganAt = Edges(polarity);
        counter.Started = true;
    }

    internal void Stop(PulseCounter counter)
    {
        counter.Counted = Read(counter, reset: false);
        counter.Started = false;
    }

    internal long Read(PulseCounter counter, bool reset)
    {
        long count = counter.Counted + (counter.Started ? Edges(counter.Polarity) - counter.BeganAt : 0);
        if (reset)
        {
            counter.Counted = 0;
            counter.BeganAt = Edges(counter.Polarity);
        }

        return count;
    }

    internal void LosePower()
    {
        foreach (PulseCounter counter in taken)
        {
            counter.Started = false;
        }

        taken.Clear();
    }

    private long Edges(GpioPulsePolarity polarity)
    {
        (long rising, long falling) = mechanism.IndexEdges(clock.Now);
        return polarity switch
        {
            GpioPulsePolarity.Rising => rising,
            GpioPulsePolarity.Falling => falling,
            _ => rising + falling,
        };
    }
}
