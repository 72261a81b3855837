using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microneedling.Protocol;

namespace Microneedling.Client.Tests;

/// <summary>hardware-docs/faults.md has every fault, under its number, name and priority, and says of each what it must.</summary>
public partial class FaultsDocumentTests
{
    private static readonly string[] Parts = ["Priority", "Cause", "Reaction", "Remedy"];

    public static TheoryData<FaultCode> Faults => [.. Enum.GetValues<FaultCode>().Except([FaultCode.None])];

    [Fact]
    public void Document_lists_exactly_the_faults_in_the_order_of_their_numbers() => Assert.Equal(
        Enum.GetValues<FaultCode>().Except([FaultCode.None]).Order().Select(Heading),
        Sections().Select(section => section.Heading));

    [Theory]
    [MemberData(nameof(Faults))]
    public void Section_has_its_four_parts_in_order_and_none_is_empty(FaultCode fault)
    {
        Match[] parts = [.. Part().Matches(Body(fault)).Cast<Match>()];
        Assert.Equal(Parts, parts.Select(part => part.Groups["name"].Value));
        Assert.All(parts, part => Assert.NotEmpty(part.Groups["text"].Value.Trim()));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Section_tells_the_priority_that_the_device_signals(FaultCode fault)
    {
        Match priority = Part().Matches(Body(fault)).Single(part => part.Groups["name"].Value == "Priority");
        Assert.Equal(Alarms.PriorityOf(fault), Enum.Parse<AlarmPriority>(priority.Groups["text"].Value.Trim(), ignoreCase: true));
    }

    [Fact]
    public void Every_fault_belongs_to_a_family_of_the_table()
    {
        int[] families = [.. Family().Matches(Text()).Select(row => int.Parse(row.Groups["first"].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(Enum.GetValues<FaultCode>().Except([FaultCode.None]).Select(fault => (int)fault / 100 * 100).Distinct().Order(), families);
    }

    private static string Heading(FaultCode fault) => $"{(int)fault} {fault}";

    private static string Body(FaultCode fault) => Sections().Single(section => section.Heading == Heading(fault)).Body;

    private static (string Heading, string Body)[] Sections()
    {
        string text = Text();
        Match[] headings = [.. AnyHeading().Matches(text).Cast<Match>()];
        return
        [
            .. headings
                .Select((heading, i) => (heading.Groups["heading"].Value, Body: text[heading.Index..(i + 1 < headings.Length ? headings[i + 1].Index : text.Length)]))
                .Where(section => char.IsAsciiDigit(section.Value[0])),
        ];
    }

    private static string Text([CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "hardware-docs", "faults.md")).ReplaceLineEndings("\n");

    [GeneratedRegex(@"^## (?<heading>.+)$", RegexOptions.Multiline)]
    private static partial Regex AnyHeading();

    [GeneratedRegex(@"^- \*\*(?<name>\w+)\*\*:(?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Part();

    [GeneratedRegex(@"^\| [\w ]+ \| (?<first>\d00) … \d99 \|", RegexOptions.Multiline)]
    private static partial Regex Family();
}
