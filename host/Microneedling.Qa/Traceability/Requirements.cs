// hardware-docs/requirements.yml: what must hold, and which hazards that holds against.

using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Microneedling.Qa.Traceability;

/// <summary>One requirement.</summary>
public sealed class Requirement
{
    /// <summary>Such as DEPTH-1; never used again for another.</summary>
    public string Id { get; set; } = "";

    /// <summary>One sentence that can be tested.</summary>
    public string Text { get; set; } = "";

    /// <summary>Whether a hazard depends on it.</summary>
    public bool Safety { get; set; }

    /// <summary>Where it comes from.</summary>
    public string Source { get; set; } = "";

    /// <summary>Where the owner of a device looks for himself, when no test can do it; null: tests do.</summary>
    public string? Inspection { get; set; }
}

/// <summary>What keeps a hazard from becoming harm.</summary>
public sealed class Control
{
    /// <summary>One sentence.</summary>
    public string Text { get; set; } = "";

    /// <summary>The requirement that says it so that it can be tested.</summary>
    public string Requirement { get; set; } = "";
}

/// <summary>One hazard, with its causes and controls, in the manner of ISO 14971.</summary>
public sealed class Hazard
{
    /// <summary>Such as H-01.</summary>
    public string Id { get; set; } = "";

    /// <summary>What can happen; the YAML calls it hazard.</summary>
    [YamlMember(Alias = "hazard")]
    public string Text { get; set; } = "";

    /// <summary>What it does to a person.</summary>
    public string Harm { get; set; } = "";

    /// <summary>negligible, minor, serious or critical.</summary>
    public string Severity { get; set; } = "";

    /// <summary>Why it happens.</summary>
    public IList<string> Causes { get; init; } = [];

    /// <summary>What is done about it, each by itself.</summary>
    public IList<Control> Controls { get; init; } = [];

    /// <summary>What remains.</summary>
    public string Residual { get; set; } = "";
}

/// <summary>The requirements and hazards of a device.</summary>
public sealed class RequirementList
{
    /// <summary>Requirements, in the order of the file.</summary>
    public IList<Requirement> Requirements { get; init; } = [];

    /// <summary>Hazards, in the order of the file.</summary>
    public IList<Hazard> Hazards { get; init; } = [];

    /// <summary>Reads the file.</summary>
    /// <exception cref="FormatException">It is not of that shape; the message says where.</exception>
    public static RequirementList Parse(string yaml)
    {
        try
        {
            return new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).WithDuplicateKeyChecking().Build().Deserialize<RequirementList>(yaml);
        }
        catch (YamlException e)
        {
            throw new FormatException($"Line {e.Start.Line}: {e.InnerException?.Message ?? e.Message}", e);
        }
    }
}
