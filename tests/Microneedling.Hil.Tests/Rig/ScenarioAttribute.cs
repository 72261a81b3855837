namespace Microneedling.Hil.Tests;

/// <summary>What a scenario cannot do without.</summary>
public enum Need
{
    /// <summary>The device alone.</summary>
    Device,

    /// <summary>A bench that sees the needles and has hands.</summary>
    Bench,

    /// <summary>Faults that only the simulated board can have.</summary>
    Simulation,
}

/// <summary>A scenario of the suite. Skipped with the reason where what it needs is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ScenarioAttribute : FactAttribute
{
    public ScenarioAttribute(string title, Need need = Need.Bench)
    {
        (Title, Need) = (title, need);
        Skip = WhyNot(need);
    }

    /// <summary>What is shown, as a sentence.</summary>
    public string Title { get; }

    public Need Need { get; }

    internal static string? WhyNot(Need need) => need switch
    {
        Need.Bench when !QaSettings.IsSimulated && QaSettings.BenchAddress is null => "No instrument: MICRONEEDLING_BENCH names no bench controller (hardware-docs/jig.md).",
        Need.Simulation when !QaSettings.IsSimulated => "Only the simulated board can be broken like this without harm.",
        _ => null,
    };
}
