// Depths and rates as they are typed: millimetres and strokes per second, with a decimal point wherever the computer stands.

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Microneedling.Client;

namespace Microneedling.Cli.Devices;

internal static class Values
{
    internal static readonly TimeSpan LongestFor = TimeSpan.FromDays(7);

    /// <summary>Reads millimetres, or says in words why not.</summary>
    internal static Depth? Millimeters(string text, out string problem)
    {
        problem = $"'{text}' is no distance in millimetres. Write it such as 0.50.";
        return Number(text) is { } number && Math.Abs(number) <= 30 ? Depth.FromMillimeters(number) : null;
    }

    internal static Option<Depth?> DepthOption(string name, string description, bool isRequired = false) => new(name)
    {
        HelpName = "MM",
        Description = description,
        Required = isRequired,
        CustomParser = result => MillimetersOf(result, name),
    };

    internal static Option<StrokeRate?> RateOption(string name, string description, bool isRequired = false) => new(name)
    {
        HelpName = "PER_S",
        Description = description,
        Required = isRequired,
        CustomParser = result => Number(result.Tokens[0].Value) is { } number && Math.Abs(number) <= 1000
            ? StrokeRate.FromStrokesPerSecond(number)
            : Refused<StrokeRate?>(result, $"{name} needs strokes per second such as 60, not {result.Tokens[0].Value}."),
    };

    internal static Option<TimeSpan?> SecondsOption(string name, string description) => new(name)
    {
        HelpName = "SECONDS",
        Description = description,
        CustomParser = result => Number(result.Tokens[0].Value) is { } number && number > 0 && number <= LongestFor.TotalSeconds
            ? TimeSpan.FromSeconds(number)
            : Refused<TimeSpan?>(result, $"{name} needs seconds such as 10, not {result.Tokens[0].Value}."),
    };

    internal static Option<uint?> NumberOption(string name, string helpName, string description, uint least, uint most) => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = result => uint.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Refused<uint?>(result, string.Create(CultureInfo.InvariantCulture, $"{name} needs a number from {least} to {most}, not {result.Tokens[0].Value}.")),
    };

    private static Depth? MillimetersOf(ArgumentResult result, string name) =>
        Millimeters(result.Tokens[0].Value, out _) ?? Refused<Depth?>(result, $"{name} needs millimetres such as 0.50, not {result.Tokens[0].Value}.");

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static T? Refused<T>(ArgumentResult result, string words)
    {
        result.AddError(words);
        return default;
    }
}
