// What a rule is, and the list of all of them.

using System.Collections.Immutable;

namespace Microneedling.Firmware.Gates.Tests.Il;

/// <summary>One place where a rule is broken, and by what.</summary>
internal sealed record Offence(string Place, string What);

/// <summary>
/// A rule that compiled firmware must keep because the device's toolchain or interpreter does not check it.
/// </summary>
/// <param name="Name">What must hold.</param>
/// <param name="Reason">What the device does otherwise.</param>
/// <param name="Source">Where in nanoFramework that is decided (MDP: metadata processor, CLR: interpreter).</param>
/// <param name="FindOffences">All places that break it.</param>
internal sealed record IlRule(string Name, string Reason, string Source, Func<FirmwareImage, IEnumerable<Offence>> FindOffences)
{
    /// <summary>Every rule of the gate.</summary>
    public static readonly ImmutableArray<IlRule> All =
        [.. LanguageRules.All, .. InterpreterRules.All, .. SizeRules.All, .. FloatingPointRules.All, .. ControlLoopRules.All];

    /// <summary>One line an offence, or an empty text.</summary>
    public string Report(FirmwareImage image)
    {
        var lines = FindOffences(image).Select(offence => $"{offence.Place}: {offence.What}").Distinct().ToList();
        return lines.Count == 0 ? "" : $"{Name} ({Reason}; {Source}):\n  {string.Join("\n  ", lines)}";
    }
}
