// What faults mean, without a device; and clearing the one that is latched. The long words are those of hardware-docs/faults.md,
// which is in this program; the short ones are the driver's.

using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Cli.Devices;

/// <summary>A fault as the document has it.</summary>
internal sealed partial record FaultSheet(FaultCode Fault, string Cause, string Reaction, string Remedy)
{
    /// <summary>All of them, by number.</summary>
    internal static IReadOnlyList<FaultSheet> All { get; } = Read();

    internal static FaultSheet Find(string codeOrName) =>
        All.FirstOrDefault(sheet => sheet.Fault.ToString().Equals(codeOrName, StringComparison.OrdinalIgnoreCase)
            || (int.TryParse(codeOrName, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code == (int)sheet.Fault))
        ?? throw new CommandException($"There is no fault {codeOrName}. 'faults list' has their numbers and names.");

    private static FaultSheet[] Read()
    {
        using var stream = typeof(FaultSheet).Assembly.GetManifestResourceStream("faults.md")!;
        using StreamReader reader = new(stream);
        return [.. Section().Matches(reader.ReadToEnd().ReplaceLineEndings("\n")).Select(section => new FaultSheet(
            Enum.Parse<FaultCode>(section.Groups["name"].Value),
            Plain(section.Groups["cause"].Value),
            Plain(section.Groups["reaction"].Value),
            Plain(section.Groups["remedy"].Value)))];
    }

    private static string Plain(string text) => Blanks().Replace(text.Replace("`", "", StringComparison.Ordinal), " ").Trim();

    [GeneratedRegex(@"^## (?<code>\d+) (?<name>\w+)\n(?:- \*\*Priority\*\*: \w+\n)- \*\*Cause\*\*: (?<cause>(?s:.*?))\n- \*\*Reaction\*\*: (?<reaction>(?s:.*?))\n- \*\*Remedy\*\*: (?<remedy>(?s:.*?))(?=\n\n|\n*\z)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Section();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

internal sealed class FaultVerbs(Surroundings surroundings) : DeviceVerbs(surroundings)
{
    private static readonly Argument<string> Fault = new("fault") { Description = "Its number or name, such as 203 or PositionLost" };

    internal Command Command => new("faults", "What faults mean and what to do; acknowledging one")
    {
        Plain("list", "Lists all faults", (_, voice, _) => Task.FromResult(List(voice))),
        Plain("explain", "Explains one: words, cause, what the device does, what to do", (parsed, voice, _) => Task.FromResult(Explain(parsed, voice)), Fault),
        Connected("clear", "Acknowledges the fault that is latched, which must be named", canMove: false, ClearAsync, Fault),
    };

    private static int List(Voice voice)
    {
        voice.Tell(
            new { Faults = FaultSheet.All.Select(Json) },
            FaultSheet.All.Select(sheet => Voice.Line($"{(int)sheet.Fault}  {sheet.Fault,-20}  {Alarms.PriorityOf(sheet.Fault),-6}  {DeviceWords.Of(sheet.Fault)}")));
        return ExitCode.Done;
    }

    private static int Explain(ParseResult parsed, Voice voice)
    {
        var sheet = FaultSheet.Find(parsed.GetRequiredValue(Fault));
        voice.Tell(
            Json(sheet),
            [
                Voice.Line($"{(int)sheet.Fault} {sheet.Fault}, priority {Alarms.PriorityOf(sheet.Fault)}"),
                DeviceWords.Of(sheet.Fault),
                $"Cause: {sheet.Cause}",
                $"What the device does: {sheet.Reaction}",
                $"What to do: {sheet.Remedy}",
            ]);
        return ExitCode.Done;
    }

    private static async Task<int> ClearAsync(Doing doing)
    {
        var fault = FaultSheet.Find(doing.Parsed.GetRequiredValue(Fault)).Fault;
        await doing.Client.ClearFaultAsync(fault, doing.Ct);
        var status = await doing.Client.GetStatusAsync(doing.Ct);
        doing.Voice.Tell(new { Cleared = fault, status.State, status.Fault }, [Voice.Line($"Acknowledged. The device is {DeviceWords.Of(status.State)}.")]);
        return ExitCode.Done;
    }

    private static object Json(FaultSheet sheet) => new
    {
        Code = (int)sheet.Fault,
        Name = sheet.Fault,
        Priority = Alarms.PriorityOf(sheet.Fault),
        Words = DeviceWords.Of(sheet.Fault),
        sheet.Cause,
        sheet.Reaction,
        sheet.Remedy,
    };
}
