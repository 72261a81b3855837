using Microneedling.EndToEnd.Tests;

namespace Microneedling.Benchmarks.Tablet;

/// <summary>What is measured of the tablet: on loopback, with the simulated device in this process, in Chromium.</summary>
internal static class TabletParts
{
    public static (string Name, Func<Task<IEnumerable<Row>>> Measure)[] All(Sizes sizes) =>
    [
        ("tablet.stop", InBrowser(() => StopPart.MeasureAsync(sizes))),
        ("tablet.pixels", InBrowser(() => PixelsPart.MeasureAsync(sizes))),
        ("tablet.load", InBrowser(() => LoadPart.MeasureAsync(sizes))),
        ("tablet.watchers", () => WatchersPart.MeasureAsync(sizes)),
        ("tablet.memory", InBrowser(() => MemoryPart.MeasureAsync(sizes))),
    ];

    private static Func<Task<IEnumerable<Row>>> InBrowser(Func<Task<IEnumerable<Row>>> measure) => () =>
    {
        if (Chromium.WhyNot is not { } reason)
        {
            return measure();
        }

        Console.WriteLine($"Left out: {reason}");
        return Task.FromResult<IEnumerable<Row>>([]);
    };
}
