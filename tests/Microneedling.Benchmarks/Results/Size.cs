namespace Microneedling.Benchmarks.Results;

/// <summary>How much is measured.</summary>
internal enum Size
{
    /// <summary>Whether all works and nothing is nonsense, in minutes: for every change.</summary>
    Quick,

    /// <summary>What the documents quote.</summary>
    Full,
}

internal static class Sized
{
    /// <summary>How many, or how long, at this size.</summary>
    public static T Of<T>(this Size size, T quick, T full) => size == Size.Quick ? quick : full;
}
