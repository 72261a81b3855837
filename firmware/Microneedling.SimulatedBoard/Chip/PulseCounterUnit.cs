// The chip's pulse counters as the nanoFramework driver for the ESP32 has them. Only the index sensor's wire can be counted
// here: it is the only one whose edges a loop could miss.
//
//   hardware   0 1 2 … 32 766 0 1 2 …        goes back to 0 when it reaches 32 767
//   driver     adds 32 767 in an interrupt   so the count read is 64 bits wide and goes on
//
// A read takes the two parts one after the other, so around each 32 767 it can be 32 767 off, either way (inferred from the
// driver's source). On a quiet system that never happens here; on any other it happens at the two counts before each
// 32 767 and at the two after.

using System.Device.Gpio;
using Microneedling.SimulatedBoard.Mechanics;

namespace Microneedling.SimulatedBoard.Chip;

/// <summary>One counter.</summary>
internal sealed class PulseCounter(int pin)
{
    internal int Pin { get; } = pin;

    internal bool Started { get; set; }

    internal GpioPulsePolarity Polarity { get; set; }

    internal long Counted { get; set; }

    internal long BeganAt { get; set; }
}

/// <summary>All counters of the chip.</summary>
internal sealed class PulseCounterUnit(
    BoardClock clock, PinBank pins, Mechanism mechanism, ChipProfile chip, PlatformBehaviour platform, int seed)
{
    private const int HardwareLimit = short.MaxValue;
    private const int UnsureCounts = 2;

    private readonly List<PulseCounter> taken = [];
    private readonly LossyEdges rising = new(platform.LostEdgesPerMillion, new Random(seed ^ 0x0415E));
    private readonly LossyEdges falling = new(platform.LostEdgesPerMillion, new Random(seed ^ 0xFA11));
    private readonly bool readsMayTear = platform != PlatformBehaviour.Nominal;

    internal PulseCounter Take(int pin)
    {
        if (taken.Count == chip.PulseCounters)
        {
            throw new NotSupportedException($"All {chip.PulseCounters} pulse counters are taken. Make one once and keep it.");
        }

        pins.SetCounted(pin, true);
        if (pins.SignalOf(pin) != Signal.Index)
        {
            pins.SetCounted(pin, false);
            throw new NotSupportedException($"The simulated board counts pulses of the index sensor only, not of pin {pin}.");
        }

        PulseCounter counter = new(pin);
        taken.Add(counter);
        return counter;
    }

    internal void Return(PulseCounter counter)
    {
        counter.Started = false;
        taken.Remove(counter);
        pins.SetCounted(counter.Pin, false);
    }

    /// <summary>Begins, from zero: what was counted before is gone.</summary>
    internal void Start(PulseCounter counter, GpioPulsePolarity polarity)
    {
        counter.Polarity = polarity;
        counter.Counted = 0;
        counter.BeganAt = Edges(polarity);
        counter.Started = true;
    }

    internal void Stop(PulseCounter counter)
    {
        counter.Counted = Count(counter);
        counter.Started = false;
    }

    internal long Read(PulseCounter counter, bool reset)
    {
        long count = Count(counter);
        if (reset)
        {
            counter.Counted = 0;
            counter.BeganAt = Edges(counter.Polarity);
        }

        return readsMayTear ? Torn(count) : count;
    }

    internal void LosePower()
    {
        foreach (PulseCounter counter in taken)
        {
            counter.Started = false;
        }

        taken.Clear();
    }

    private static long Torn(long count)
    {
        long hardware = count % HardwareLimit;
        if (hardware >= HardwareLimit - UnsureCounts)
        {
            return count + HardwareLimit;
        }

        return count >= HardwareLimit && hardware < UnsureCounts ? count - HardwareLimit : count;
    }

    private long Count(PulseCounter counter) =>
        counter.Counted + (counter.Started ? Edges(counter.Polarity) - counter.BeganAt : 0);

    private long Edges(GpioPulsePolarity polarity)
    {
        (long rises, long falls) = mechanism.IndexEdges(clock.Now);
        return polarity switch
        {
            GpioPulsePolarity.Rising => rising.CountedOf(rises),
            GpioPulsePolarity.Falling => falling.CountedOf(falls),
            _ => rising.CountedOf(rises) + falling.CountedOf(falls),
        };
    }

    /// <summary>Which edges of one kind the counters miss: chosen by edge, so that when they are looked at changes nothing.</summary>
    private sealed class LossyEdges
    {
        private readonly double share;
        private readonly Random chance;
        private long lost;
        private long nextLost;

        internal LossyEdges(int perMillion, Random chance)
        {
            share = perMillion / 1e6;
            this.chance = chance;
            nextLost = perMillion > 0 ? Gap() : long.MaxValue;
        }

        internal long CountedOf(long edges)
        {
            while (edges >= nextLost)
            {
                lost++;
                nextLost += Gap();
            }

            return edges - lost;
        }

        // How many edges on the next lost one is, each being lost with the same probability.
        private long Gap() => share >= 1 ? 1 : 1 + (long)(Math.Log(1 - chance.NextDouble()) / Math.Log(1 - share));
    }
}
