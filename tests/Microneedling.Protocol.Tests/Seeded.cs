using Xunit.Abstractions;

namespace Microneedling.Protocol.Tests;

/// <summary>Randomness that can be had again: the seed stands in the test's output.</summary>
internal static class Seeded
{
    /// <summary>A generator with a fresh seed, or with the one that a failed run printed.</summary>
    public static Random Random(ITestOutputHelper output, int? seed = null)
    {
        int chosen = seed ?? System.Random.Shared.Next();
        output.WriteLine($"seed {chosen}");
        return new Random(chosen);
    }
}
