// The judgement of the memory benchmark: a leak is found, calm is not taken for one.

using Microneedling.Benchmarks.Tablet;

namespace Microneedling.Tablet.Tests;

[Collection(Alone.Name)]
public sealed class GrowthTests
{
    private const double MegabytesPerHour = 2;

    [Fact]
    public void Memory_that_is_held_at_every_look_is_found_to_grow_and_memory_that_is_let_go_is_not()
    {
        List<byte[]> held = [];
        var growing = Looks(() => held.Add(new byte[200_000]));
        byte[] latest = [];
        var calm = Looks(() => latest = new byte[200_000]);

        Assert.InRange(Growth.PerHour(growing), 5.5, 6.5);
        Assert.InRange(Growth.PerHour(calm), -MegabytesPerHour, MegabytesPerHour);
        GC.KeepAlive(held);
        GC.KeepAlive(latest);
    }

    [Fact]
    public void One_high_look_is_no_growth()
    {
        (TimeSpan, double)[] looks = [.. Enumerable.Range(0, 12).Select(look => (TimeSpan.FromMinutes(2 * look), look == 11 ? 90.0 : 10.0))];

        Assert.Equal(0, Growth.PerHour(looks));
    }

    /// <summary>Looks at this process every two minutes of an invented clock, after something was done.</summary>
    private static List<(TimeSpan At, double Megabytes)> Looks(Action act)
    {
        List<(TimeSpan, double)> looks = [];
        for (int look = 0; look < 12; look++)
        {
            act();
            looks.Add((TimeSpan.FromMinutes(2 * look), GC.GetTotalMemory(forceFullCollection: true) / 1e6));
        }

        return looks;
    }
}
