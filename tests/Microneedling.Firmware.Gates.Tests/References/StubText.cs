// How a fact of the signature table is spelt in C#: type names, parameter lists, constants, attributes. No layout, no decisions about members.

using System.Collections.Immutable;

namespace Microneedling.Firmware.Gates.Tests.References;

internal static class StubText
{
    /// <summary>Operator methods and the token each is declared with; conversions stand apart.</summary>
    public static readonly ImmutableDictionary<string, string> Operators = new Dictionary<string, string>
    {
        ["op_Addition"] = "+",
        ["op_Subtraction"] = "-",
        ["op_UnaryNegation"] = "-",
        ["op_UnaryPlus"] = "+",
        ["op_Equality"] = "==",
        ["op_Inequality"] = "!=",
        ["op_LessThan"] = "<",
        ["op_LessThanOrEqual"] = "<=",
        ["op_GreaterThan"] = ">",
        ["op_GreaterThanOrEqual"] = ">=",
    }.ToImmutableDictionary();

    /// <summary>A type's name, rooted so that a namespace such as nanoFramework.System cannot capture it.</summary>
    public static string TypeName(string name, TypeFacts owner)
    {
        if (name == "System.Void")
        {
            return "void";
        }

        var bare = name.TrimEnd('[', ']');
        var suffix = name[bare.Length..];
        return bare.StartsWith('`')
            ? GenericName(owner.GenericParameters[int.Parse(bare[1..])]) + suffix
            : "global::" + bare.Replace('+', '.') + suffix;
    }

    /// <summary>The name of a generic parameter without its variance.</summary>
    public static string GenericName(string parameter) => parameter.Split(' ')[^1];

    /// <summary>The name a type is declared by: no namespace, no outer type, no arity.</summary>
    public static string SimpleName(string fullName) => fullName.Split('.', '+')[^1].Split('`')[0];

    /// <summary>A parameter list with its parentheses (or none), as the table has it: "(out System.Int32 value, System.Int32 size=4)".</summary>
    public static IEnumerable<string> Parameters(string list, TypeFacts owner, ImmutableArray<string> facts)
    {
        foreach (var parameter in SplitParameters(list))
        {
            var (declaration, value) = SplitOnce(parameter, '=');
            var words = declaration.Split(' ');
            var (type, name) = (words[^2], words[^1]);
            var attributes = string.Concat(ParameterAttributes(facts, name).Select(attribute => $"[{attribute}] "));
            var modifiers = string.Concat(words[..^2].Select(word => word + " "));
            yield return $"{attributes}{modifiers}{TypeName(type, owner)} @{name}" + (value is null ? "" : " = " + Constant(value, type, owner));
        }
    }

    /// <summary>The types of a parameter list, for a call with defaults.</summary>
    public static IEnumerable<string> ParameterTypes(string list, TypeFacts owner) =>
        SplitParameters(list).Select(parameter => TypeName(SplitOnce(parameter, '=').Head.Split(' ')[^2], owner));

    /// <summary>A constant of the table as an expression of the wanted type.</summary>
    public static string Constant(string value, string type, TypeFacts owner)
    {
        if (value == "null")
        {
            return "default";
        }

        var expression = value switch
        {
            "NaN" => "0.0 / 0.0",
            "Infinity" => "1.0 / 0.0",
            "-Infinity" => "-1.0 / 0.0",
            _ when type == "System.Single" => value + "f",
            _ => value,
        };
        return type == "System.String" || value is "true" or "false" ? expression : $"({TypeName(type, owner)})({expression})";
    }

    /// <summary>The attributes that the facts of a type or member ask for, without brackets.</summary>
    public static IEnumerable<string> Attributes(ImmutableArray<string> facts)
    {
        foreach (var fact in facts)
        {
            var (key, value) = SplitOnce(fact, '=');
            var attribute = key switch
            {
                "flags" => "global::System.FlagsAttribute",
                "conditional" => $"global::System.Diagnostics.ConditionalAttribute(\"{value}\")",
                "obsolete" => $"global::System.ObsoleteAttribute({value})",
                "obsolete!" => $"global::System.ObsoleteAttribute({value}, true)",
                "usage" => Usage(value!),
                "state" => null,
                "param" => value!.StartsWith("return:", StringComparison.Ordinal) ? "return: global::" + value["return:".Length..] : null,
                _ => throw new InvalidDataException($"Unknown fact: {fact}"),
            };
            if (attribute is not null)
            {
                yield return attribute;
            }
        }
    }

    /// <summary>The non-public fields that a struct is made of, or none.</summary>
    public static IEnumerable<string> StateTypes(TypeFacts type) => type.Facts
        .Where(fact => fact.StartsWith("state=", StringComparison.Ordinal))
        .SelectMany(fact => fact["state=".Length..].Split(',', StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<string> ParameterAttributes(ImmutableArray<string> facts, string parameter) => facts
        .Where(fact => fact.StartsWith($"param={parameter}:", StringComparison.Ordinal))
        .Select(fact => "global::" + fact[$"param={parameter}:".Length..]);

    private static string Usage(string value)
    {
        var words = value.Split(',');
        return $"global::System.AttributeUsageAttribute((global::System.AttributeTargets)({words[0]})"
            + (words.Contains("multiple") ? ", AllowMultiple = true" : "")
            + (words.Contains("noinherit") ? ", Inherited = false)" : ")");
    }

    private static string[] SplitParameters(string list) =>
        list.Trim('(', ')').Split(", ", StringSplitOptions.RemoveEmptyEntries);

    private static (string Head, string? Remainder) SplitOnce(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }
}
