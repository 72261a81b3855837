using Microneedling.EndToEnd.Tests;

namespace Microneedling.Benchmarks.Tablet;

/// <summary>What is measured of the tablet: on loopback, with the simulated device in this process, in Chromium.</summary>
internal static class TabletParts
{
    /// <summary>Names all of them.</summary>
    public const string Group = "tablet";

    public static (string Name, Func<Task<IEnumerable<Row>>> Measure)[] All(Sizes sizes) =>
    [
        (Group + ".stop", InBrowser(() => StopPart.MeasureAsync(sizes))),
        (Group + ".pixels", InBrowser(() => PixelsPart.MeasureAsync(sizes))),
        (Group + ".load", InBrowser(() => LoadPart.MeasureAsync(sizes))),
        (Group + ".watchers", () => WatchersPart.MeasureAsync(sizes)),
        (Group + ".memory", InBrowser(() => MemoryPart.MeasureAsync(sizes))),
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
