using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;

namespace Microneedling.Client.Link;

/// <summary>What the links of this program do, for whoever listens: all links together.</summary>
internal static class LinkMeter
{
    private static readonly Meter Meter = new(LinkTelemetry.Name);

    /// <summary>One activity for each command, named by its message.</summary>
    public static readonly ActivitySource Commands = new(LinkTelemetry.Name);

    public static readonly Tally<long> FramesSent = new(Meter.CreateCounter<long>(LinkTelemetry.FramesSent, "{frame}", "Frames handed over for sending.").Add);

    public static readonly Tally<long> FramesReceived = new(Meter.CreateCounter<long>(LinkTelemetry.FramesReceived, "{frame}", "Whole frames received.").Add);

    public static readonly Tally<long> FramesDamaged = new(Meter.CreateCounter<long>(LinkTelemetry.FramesDamaged, "{frame}", "Frames received damaged.").Add);

    public static readonly Tally<long> Repeats = new(Meter.CreateCounter<long>(LinkTelemetry.Repeats, "{frame}", "Commands and questions sent again.").Add);

    public static readonly Tally<long> Settlings = new(Meter.CreateCounter<long>(LinkTelemetry.Settlings, "{command}", "Commands that had to be settled by asking.").Add);

    public static readonly Tally<long> StatusesMissed = new(Meter.CreateCounter<long>(LinkTelemetry.StatusesMissed, "{status}", "Statuses that slow readers have missed.").Add);

    public static readonly Tally<long> LinksLost = new(Meter.CreateCounter<long>(LinkTelemetry.LinksLost, "{link}", "Links lost, other than by closing.").Add);

    public static readonly Tally<double> RoundTrip = new(Meter.CreateHistogram<double>(LinkTelemetry.RoundTrip, "ms", "From a question handed over to its answer.").Record);
}

/// <summary>A meter's instrument that does not fail when its listeners do.</summary>
internal sealed class Tally<T>(Action<T> tell)
{
    [SuppressMessage("Design", "CA1031", Justification = "A listener that fails must not end a link.")]
    public void Add(T value)
    {
        try
        {
            tell(value);
        }
        catch (Exception)
        {
        }
    }
}
