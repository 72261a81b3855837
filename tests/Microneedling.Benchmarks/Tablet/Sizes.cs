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
    private static readonly Sizes Quick = new(
        20, 5, TimeSpan.FromSeconds(5), 3, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(8));

    private static readonly Sizes Full = new(
        300, 200, TimeSpan.FromSeconds(60), 20, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(30), TimeSpan.FromHours(8));

    /// <summary>How much at this size.</summary>
    public static Sizes Of(Size size) => size.Of(Quick, Full);
}
