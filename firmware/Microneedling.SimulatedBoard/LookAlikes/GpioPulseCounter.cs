// System.Device.Gpio.GpioPulseCounter of nanoFramework.Hardware.Esp32 1.6.40 on the virtual board. The count is made in
// hardware, however slow the loop; what it can get wrong is in Chip/PulseCounterUnit.cs.

using Microneedling.SimulatedBoard;
using Microneedling.SimulatedBoard.Chip;

namespace System.Device.Gpio;

/// <summary>Which edges are counted.</summary>
public enum GpioPulsePolarity
{
    /// <summary>Both edges.</summary>
    Both = 0,

    /// <summary>Falling edges.</summary>
    Falling = 1,

    /// <summary>Rising edges.</summary>
    Rising = 2,
}

/// <summary>A count and when it was read.</summary>
public struct GpioPulseCount
{
    /// <summary>Edges since Start or Reset.</summary>
    public long Count;

    /// <summary>Time since the chip started.</summary>
    public TimeSpan RelativeTime;
}

/// <summary>Counts edges of a pin in hardware. The S3 has four, the classic ESP32 eight.</summary>
public sealed class GpioPulseCounter : IDisposable
{
    private readonly PulseCounter counter;
    private GpioPulsePolarity polarity = GpioPulsePolarity.Rising;

    /// <summary>Takes one of the chip's counters.</summary>
    /// <exception cref="NotSupportedException">All are taken; or two pins: quadrature is not offered by the simulated board.</exception>
    public GpioPulseCounter(int pinNumberA, int pinNumberB = -1)
    {
        if (pinNumberB != -1)
        {
            throw new NotSupportedException("The simulated board counts one pin only.");
        }

        using BoardCall call = FirmwareRun.Call(ApiCosts.PulseCounterOpen);
        counter = call.Board.PulseCounters.Take(pinNumberA);
    }

    /// <summary>Whether it counts.</summary>
    public bool IsStarted => counter.Started;

    /// <summary>Which edges are counted; set before Start.</summary>
    public GpioPulsePolarity Polarity
    {
        get => polarity;
        set
        {
            if (counter.Started)
            {
                throw new InvalidOperationException("Stop the pulse counter before changing its polarity.");
            }

            polarity = value;
        }
    }

    /// <summary>Shortest pulse counted, nanoseconds. Without effect here: the sensor's pulses are far longer.</summary>
    public ushort FilterPulses { get; set; }

    /// <summary>The count so far.</summary>
    public GpioPulseCount Read() => Take(reset: false);

    /// <summary>The count so far, which then begins anew.</summary>
    public GpioPulseCount Reset() => Take(reset: true);

    /// <summary>Begins counting, from zero.</summary>
    public void Start()
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.PulseCounterRead);
        call.Board.PulseCounters.Start(counter, polarity);
    }

    /// <summary>Ends counting; the count stays.</summary>
    public void Stop()
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.PulseCounterRead);
        call.Board.PulseCounters.Stop(counter);
    }

    /// <summary>Gives the counter back.</summary>
    public void Dispose()
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.PulseCounterOpen);
        call.Board.PulseCounters.Return(counter);
    }

    private GpioPulseCount Take(bool reset)
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.PulseCounterRead);
        return new GpioPulseCount
        {
            Count = call.Board.PulseCounters.Read(counter, reset),
            RelativeTime = new TimeSpan(call.Board.UptimeMicroseconds * TimeSpan.TicksPerMicrosecond),
        };
    }
}
