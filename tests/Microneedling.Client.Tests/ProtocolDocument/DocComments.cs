using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microneedling.Client.Inspection;
using Microneedling.Protocol;

namespace Microneedling.Client.Tests.ProtocolDocument;

/// <summary>The doc comments of the protocol's sources, as the compiler has written them out, in the words of a document.</summary>
internal static partial class DocComments
{
    private static readonly Dictionary<string, XElement> Members = XDocument
        .Load(Path.ChangeExtension(typeof(Message).Assembly.Location, ".xml"))
        .Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")!);

    private static readonly Dictionary<string, string> MessageNames = MessageLayout.All
        .Where(layout => layout.Fields.Count > 0)
        .ToDictionary(layout => layout.Make().GetType().Name, layout => layout.Id.ToString());

    /// <summary>What is said of a class.</summary>
    public static string Of(Type type) => Words(Members[$"T:{type.FullName}"]);

    /// <summary>What is said of a field, a constant or a member of an enumeration.</summary>
    public static string Of(FieldInfo field) => Words(Members[$"F:{field.DeclaringType!.FullName}.{field.Name}"]);

    /// <summary>The minor version since which there is a member; 0 when it has always been there.</summary>
    public static int SinceMinor(string words) =>
        Since().Match(words) is { Success: true } since ? int.Parse(since.Groups["minor"].Value, CultureInfo.InvariantCulture) : 0;

    /// <summary>What is said, without the version since which it holds and the class that it is sent as.</summary>
    public static string Meaning(string words) => Reference().Replace(Since().Replace(words, ""), "").Trim();

    /// <summary>The types that a comment refers to.</summary>
    public static IEnumerable<string> TypesNamedBy(FieldInfo field) => Members[$"F:{field.DeclaringType!.FullName}.{field.Name}"]
        .Descendants("see")
        .Select(see => see.Attribute("cref")!.Value)
        .Where(reference => reference.StartsWith("T:", StringComparison.Ordinal))
        .Select(reference => reference[(reference.LastIndexOf('.') + 1)..]);

    private static string Words(XElement summary)
    {
        IEnumerable<string> parts = summary.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" } see => Name(see.Attribute("cref")!.Value),
            XElement { Name.LocalName: "code" } => "",
            XElement element => $"`{element.Value}`",
            _ => "",
        });
        return Blank().Replace(string.Concat(parts), " ").Trim();
    }

    // A limit is named with its value, so that nobody has to look it up; a message as it is called on the line.
    private static string Name(string reference)
    {
        string[] names = reference[2..].Split('.');
        if (reference.StartsWith($"F:{typeof(Limits).FullName}.", StringComparison.Ordinal))
        {
            return $"`{names[^1]}` ({Number(typeof(Limits).GetField(names[^1])!)})";
        }

        return reference[0] == 'F' && MessageNames.TryGetValue(names[^2], out string? message)
            ? $"`{message}.{names[^1]}`"
            : $"`{MessageNames.GetValueOrDefault(names[^1], names[^1])}`";
    }

    private static string Number(FieldInfo constant) =>
        Convert.ToInt64(constant.GetRawConstantValue(), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\s*Since 1\.(?<minor>\d+)\.")]
    private static partial Regex Since();

    [GeneratedRegex(@"\s*(?<=(^|[.:])\s*)`\w+`\.$")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
