namespace Microneedling.Client;

/// <summary>
/// Names under which the driver publishes what its links do: a Meter and an ActivitySource, to listen to or to export. A
/// listener of the Meter is called in the midst of a link: it must be quick, for the heartbeat waits; what it throws is dropped.
/// </summary>
public static class LinkTelemetry
{
    /// <summary>Name of the Meter and of the ActivitySource.</summary>
    public const string Name = "Microneedling.Client";

    /// <summary>Counter: frames handed over for sending.</summary>
    public const string FramesSent = "microneedling.link.frames.sent";

    /// <summary>Counter: whole frames received.</summary>
    public const string FramesReceived = "microneedling.link.frames.received";

    /// <summary>Counter: frames received damaged.</summary>
    public const string FramesDamaged = "microneedling.link.frames.damaged";

    /// <summary>Counter: commands and questions sent again.</summary>
    public const string Repeats = "microneedling.link.repeats";

    /// <summary>Counter: commands that had to be settled by asking.</summary>
    public const string Settlings = "microneedling.link.settlings";

    /// <summary>Counter: statuses that slow readers have missed.</summary>
    public const string StatusesMissed = "microneedling.link.statuses.missed";

    /// <summary>Counter: links lost, other than by closing.</summary>
    public const string LinksLost = "microneedling.link.lost";

    /// <summary>Histogram, milliseconds: from a question handed over to its answer.</summary>
    public const string RoundTrip = "microneedling.link.round_trip";
}
