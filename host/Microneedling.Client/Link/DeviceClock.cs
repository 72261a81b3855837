namespace Microneedling.Client.Link;

/// <summary>
/// Puts the device's time against the host's. Pure: times go in as they were noted.
/// <code>
///   host     sent ├───────────────┤ received        the device noted its time d in between, so
///   device             ·d                           sent − d ≤ offset ≤ received − d
/// </code>
/// Every round trip bounds the offset from both sides, every report that comes by itself from above; the bounds that all of
/// them leave, widened by what two crystals may drift apart, are the estimate and its error. What lies outside the bounds
/// is an outlier and is left out, unless outliers follow one another: then a clock was set, and the estimate begins anew.
/// </summary>
internal sealed class DeviceClock
{
    /// <summary>What two crystals drift apart at most, each ±50 parts per million, in parts per million.</summary>
    public const int DriftPartsPerMillion = 100;

    /// <summary>The device notes whole milliseconds, at the beginning of the tick that takes the question in.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(2);

    private const int OutliersInARowThatAreTrue = 3;

    private TimeSpan lowest;
    private TimeSpan highest;
    private TimeSpan at;
    private int outliersInARow;

    /// <summary>Whether a round trip has been seen.</summary>
    public bool IsSet { get; private set; }

    /// <summary>Round trips and reports that were left out.</summary>
    public int Outliers { get; private set; }

    /// <summary>A question went out, and the answer, which tells the device's time, has come.</summary>
    public void RoundTrip(TimeSpan sent, TimeSpan received, TimeSpan deviceTime)
    {
        TimeSpan low = sent - deviceTime - Grain;
        TimeSpan high = received - deviceTime;
        Widen(received);
        if (!IsSet || !Narrow(low, high))
        {
            if (IsSet && ++outliersInARow < OutliersInARowThatAreTrue)
            {
                Outliers++;
                return;
            }

            (lowest, highest, IsSet) = (low, high, true);
        }

        outliersInARow = 0;
    }

    /// <summary>A report that tells the device's time has come by itself: it cannot have been sent later than now.</summary>
    public void Report(TimeSpan received, TimeSpan deviceTime)
    {
        if (IsSet)
        {
            Widen(received);
            TimeSpan high = received - deviceTime;
            if (high >= lowest)
            {
                highest = high < highest ? high : highest;
            }
            else
            {
                Outliers++;
            }
        }
    }

    /// <summary>Host time of a device time, and how far off it may be.</summary>
    /// <exception cref="InvalidOperationException">There has been no round trip.</exception>
    public (TimeSpan HostTime, TimeSpan Error) HostTimeOf(TimeSpan deviceTime)
    {
        if (!IsSet)
        {
            throw new InvalidOperationException("The device's time is not known yet.");
        }

        TimeSpan host = deviceTime + ((lowest + highest) / 2);
        return (host, ((highest - lowest) / 2) + Drift((host - at).Duration()));
    }

    private static TimeSpan Drift(TimeSpan span) => span * (DriftPartsPerMillion / 1e6);

    private void Widen(TimeSpan now)
    {
        TimeSpan drift = Drift(now - at);
        lowest -= drift;
        highest += drift;
        at = now;
    }

    private bool Narrow(TimeSpan low, TimeSpan high)
    {
        if (low > highest || high < lowest)
        {
            return false;
        }

        lowest = low > lowest ? low : lowest;
        highest = high < highest ? high : highest;
        return true;
    }
}
