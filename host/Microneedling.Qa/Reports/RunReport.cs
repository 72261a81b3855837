// A run of the suite as it is kept: what was judged, by which instrument, with which value against which limit. Everything else
// (HTML, JUnit, comparison) is made from this, and nothing is in it that was not measured or asked.

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microneedling.Qa.Reports;

/// <summary>What a scenario came to.</summary>
public enum Verdict
{
    /// <summary>Every criterion was met.</summary>
    Passed,

    /// <summary>A criterion was missed, or the scenario could not be carried through.</summary>
    Failed,

    /// <summary>Not carried out; the reason says why.</summary>
    Skipped,
}

/// <summary>A value against its limits.</summary>
/// <param name="Name">What was measured, in words.</param>
/// <param name="Value">The value; not a number is null and fails.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Least">Least that will do; null: no such limit.</param>
/// <param name="Most">Most that will do; null: no such limit.</param>
public sealed record Criterion(string Name, double? Value, string Unit, double? Least, double? Most)
{
    /// <summary>Whether the value is within its limits.</summary>
    public bool IsMet => Value is { } value && !(value < Least) && !(value > Most);
}

/// <summary>Points to be drawn, with limits as lines.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="XLabel">What goes right, with its unit.</param>
/// <param name="YLabel">What goes up, with its unit.</param>
/// <param name="X">Values to the right.</param>
/// <param name="Y">Values up, as many.</param>
/// <param name="Limits">Where lines are drawn across.</param>
public sealed record PlotData(string Title, string XLabel, string YLabel, IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<double> Limits);

/// <summary>One scenario of a run.</summary>
/// <param name="Id">Class and method.</param>
/// <param name="Title">Its sentence.</param>
/// <param name="Requirements">Which requirements it is evidence for.</param>
/// <param name="Verdict">What it came to.</param>
/// <param name="Reason">Why it failed or was skipped; null when it passed.</param>
/// <param name="Criteria">What was measured.</param>
/// <param name="Plots">What is drawn.</param>
/// <param name="Trace">What happened, one line each with the bench's time; kept of a failed scenario.</param>
/// <param name="DeviceSeconds">How long it took by the bench's time.</param>
public sealed record ScenarioResult(
    string Id,
    string Title,
    IReadOnlyList<string> Requirements,
    Verdict Verdict,
    string? Reason,
    IReadOnlyList<Criterion> Criteria,
    IReadOnlyList<PlotData> Plots,
    IReadOnlyList<string> Trace,
    double DeviceSeconds);

/// <summary>What was judged.</summary>
/// <param name="SerialNumber">Of the device.</param>
/// <param name="FirmwareVersion">Of its firmware.</param>
/// <param name="ProtocolVersion">That it speaks.</param>
/// <param name="Address">Where it was; <c>sim:</c> for the simulated one.</param>
public sealed record JudgedDevice(uint SerialNumber, string FirmwareVersion, string ProtocolVersion, string Address);

/// <summary>What judged it.</summary>
public sealed record JudgingBench(string Name, DateOnly? CalibratedOn, double TipUncertaintyMicrometers);

/// <summary>How a simulated device was made; null with hardware.</summary>
public sealed record Simulation(int Seed, string Imperfections, string Platform, string Chip);

/// <summary>A run of the suite.</summary>
public sealed record RunReport(
    string RunId,
    DateTimeOffset StartedAtUtc,
    DateTimeOffset EndedAtUtc,
    string Operator,
    JudgedDevice? Device,
    string HostVersion,
    JudgingBench? Bench,
    Simulation? Simulation,
    IReadOnlyList<ScenarioResult> Scenarios)
{
    /// <summary>Says what kind of file it is.</summary>
    public const string FormatName = "microneedling-qa";

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Says what kind of file it is.</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>Version of the shape.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>Whether nothing failed and something was judged.</summary>
    [JsonIgnore]
    public bool IsGood => Scenarios.All(scenario => scenario.Verdict != Verdict.Failed) && Scenarios.Any(scenario => scenario.Verdict == Verdict.Passed);

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Form).ReplaceLineEndings("\n") + "\n";

    /// <summary>Reads it again.</summary>
    /// <exception cref="FormatException">It is no such report; the message says what to do.</exception>
    public static RunReport FromJson(string json)
    {
        try
        {
            var report = JsonSerializer.Deserialize<RunReport>(json, Form);
            return report is { Format: FormatName, FormatVersion: 1, Scenarios: not null }
                ? report
                : throw new FormatException("It is not the report of a run of the suite, or one of a newer version.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"It is not the report of a run of the suite (line {e.LineNumber + 1}): give the report.json of a run.", e);
        }
    }
}
