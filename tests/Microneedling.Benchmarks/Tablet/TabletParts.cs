using Microneedling.EndToEnd.Tests;

namespace Microneedling.Benchmarks.Tablet;

/// <summary>What is measured of the tablet: on loopback, with the simulated device in this process, in Chromium.</summary>
internal static class TabletParts
{
    public static IEnumerable<Part> All { get; } =
    [
        new("tablet.stop", "Tablet: STOP", InBrowser(StopPart.MeasureAsync)),
        new("tablet.pixels", "Tablet: telemetry to pixels", InBrowser(PixelsPart.MeasureAsync)),
        new("tablet.load", "Tablet: loading", InBrowser(LoadPart.MeasureAsync)),
        new("tablet.watchers", "Tablet: others watch", WatchersPart.MeasureAsync),
        new("tablet.memory", "Tablet: hours of treatment", InBrowser(MemoryPart.MeasureAsync)),
    ];

    private static Func<Size, Task<IEnumerable<Finding>>> InBrowser(Func<Size, Task<IEnumerable<Finding>>> measure) =>
        size => Chromium.WhyNot is { } reason ? throw new LeftOutException(reason) : measure(size);
}
