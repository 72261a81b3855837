using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Microneedling.Client.Link;

/// <summary>What the links of this program do, for whoever listens: all links together.</summary>
internal static class LinkMeter
{
    private static readonly Meter Meter = new(LinkTelemetry.Name);

    /// <summary>One activity for each command, named by its message.</summary>
    public static readonly ActivitySource Commands = new(LinkTelemetry.Name);

    public static readonly Counter<long> FramesSent = Meter.CreateCounter<long>(LinkTelemetry.FramesSent, "{frame}", "Frames handed over for sending.");

    public static readonly Counter<long> FramesReceived = Meter.CreateCounter<long>(LinkTelemetry.FramesReceived, "{frame}", "Whole frames received.");

    public static readonly Counter<long> FramesDamaged = Meter.CreateCounter<long>(LinkTelemetry.FramesDamaged, "{frame}", "Frames received damaged.");

    public static readonly Counter<long> Repeats = Meter.CreateCounter<long>(LinkTelemetry.Repeats, "{frame}", "Commands and questions sent again.");

    public static readonly Counter<long> Settlings = Meter.CreateCounter<long>(LinkTelemetry.Settlings, "{command}", "Commands that had to be settled by asking.");

    public static readonly Counter<long> StatusesMissed = Meter.CreateCounter<long>(LinkTelemetry.StatusesMissed, "{status}", "Statuses that slow readers have missed.");

    public static readonly Counter<long> LinksLost = Meter.CreateCounter<long>(LinkTelemetry.LinksLost, "{link}", "Links lost, other than by closing.");

    public static readonly Histogram<double> RoundTrip = Meter.CreateHistogram<double>(LinkTelemetry.RoundTrip, "ms", "From a question handed over to its answer.");
}
