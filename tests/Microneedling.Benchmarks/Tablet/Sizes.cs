namespace Microneedling.Benchmarks.Tablet;

/// <summary>How much of the tablet is measured.</summary>
/// <param name="IdleTaps">STOP taps with the needles parked.</param>
/// <param name="RunningTaps">STOP taps with the needles running.</param>
/// <param name="Pixels">How long what is shown is watched.</param>
/// <param name="Loads">First loads.</param>
/// <param name="Watched">How long eight tablets watch.</param>
/// <param name="SoakWarmUp">Treatment before memory is looked at, in the device's time.</param>
/// <param name="Soak">Treatment while it is looked at, in the device's time.</param>
internal sealed record Sizes(
    int IdleTaps, int RunningTaps, TimeSpan Pixels, int Loads, TimeSpan Watched, TimeSpan SoakWarmUp, TimeSpan Soak)
{
    /// <summary>What the figures are quoted from, with a soak of minutes.</summary>
    public static Sizes Usual { get; } = new(
        300, 200, TimeSpan.FromSeconds(60), 20, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30));

    /// <summary>For a look whether all works: the figures say little.</summary>
    public static Sizes Quick { get; } = new(
        20, 5, TimeSpan.FromSeconds(5), 3, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(8));

    /// <summary>The same with the whole soak: eight hours of treatment.</summary>
    public Sizes WithWholeSoak() => this with { SoakWarmUp = TimeSpan.FromMinutes(30), Soak = TimeSpan.FromHours(8) };
}
