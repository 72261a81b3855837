// Turns one library's facts into C# source whose bodies only throw. What is not a fact of the table is not in the source, so what the
// device lacks does not compile. Layout of the result: one namespace block a type, nested types inside their outer type.

using System.Text;

namespace Microneedling.Firmware.Gates.Tests.References;

internal sealed class StubWriter
{
    private readonly AssemblyFacts _assembly;
    private readonly IReadOnlyDictionary<string, TypeFacts> _knownTypes;
    private readonly StringBuilder _source = new();

    private StubWriter(AssemblyFacts assembly, IReadOnlyDictionary<string, TypeFacts> knownTypes)
    {
        _assembly = assembly;
        _knownTypes = knownTypes;
    }

    /// <summary>The library's source. <paramref name="knownTypes"/>: every type it may name, by full name.</summary>
    public static string Write(AssemblyFacts assembly, IReadOnlyDictionary<string, TypeFacts> knownTypes)
    {
        var writer = new StubWriter(assembly, knownTypes);
        writer.Line($"[assembly: global::System.Reflection.AssemblyVersionAttribute(\"{assembly.AssemblyVersion}\")]");
        foreach (var type in assembly.Types.Where(type => !type.FullName.Contains('+')))
        {
            writer.Line($"namespace {type.FullName[..type.FullName.LastIndexOf('.')]} {{");
            writer.WriteType(type);
            writer.Line("}");
        }

        return writer._source.ToString();
    }

    private void WriteType(TypeFacts type)
    {
        foreach (var attribute in StubText.Attributes(type.Facts))
        {
            Line($"[{attribute}]");
        }

        if (type.Kind == "delegate")
        {
            WriteDelegate(type);
            return;
        }

        Line($"public {type.Kind} {StubText.SimpleName(type.FullName)}{Heritage(type)} {{");
        if (type.Kind == "enum")
        {
            foreach (var member in type.Members)
            {
                Line($"{member.Name} = {member.Tail[1..]},");
            }
        }
        else
        {
            WriteBody(type);
        }

        Line("}");
    }

    private void WriteDelegate(TypeFacts type)
    {
        var invoke = type.Members.Single(member => member.Name == "Invoke");
        var generics = type.GenericParameters.IsEmpty ? "" : $"<{string.Join(", ", type.GenericParameters)}>";
        Line($"public delegate {StubText.TypeName(invoke.Type, type)} {StubText.SimpleName(type.FullName)}{generics}({ParameterList(invoke, type)});");
    }

    private void WriteBody(TypeFacts type)
    {
        var readOnly = type.Kind.StartsWith("readonly", StringComparison.Ordinal) ? "readonly " : "";
        foreach (var (stateType, index) in StubText.StateTypes(type).Select((stateType, index) => (stateType, index)))
        {
            Line($"private {readOnly}{StubText.TypeName(stateType, type)} _state{index};");
        }

        foreach (var member in type.Members)
        {
            WriteMember(member, type);
        }

        // Without a constructor of its own the compiler would give the class a public one; an internal one is left out of the reference assembly.
        if (type.Kind is "class" or "sealed class" or "abstract class" && !type.Constructors.Any())
        {
            Line($"internal {StubText.SimpleName(type.FullName)}(){BaseCall(type)} => throw null;");
        }

        // Explicit implementations are always legal and need no matching with the listed members.
        if (type.Kind != "interface")
        {
            foreach (var contract in type.Interfaces.Select(name => _knownTypes[name]))
            {
                foreach (var member in contract.Members)
                {
                    Line(Signature(member, contract, "", StubText.TypeName(contract.FullName, contract) + ".") + ThrowingBody(member));
                }
            }
        }

        foreach (var nested in _assembly.Types.Where(candidate => IsDirectlyInside(candidate, type)))
        {
            WriteType(nested);
        }
    }

    private void WriteMember(MemberFacts member, TypeFacts type)
    {
        foreach (var attribute in StubText.Attributes(member.Facts))
        {
            Line($"[{attribute}]");
        }

        if (member is { Kind: "property", Tail: not "", Name: not "Item" })
        {
            Line($"[global::System.Runtime.CompilerServices.IndexerNameAttribute(\"{member.Name}\")]");
        }

        var isInterface = type.Kind == "interface";
        var modifiers = isInterface ? "" : Modifiers(member) + " ";
        var body = isInterface || HasWord(member.Modifiers, "abstract") ? AbstractBody(member) : ThrowingBody(member);
        Line(member switch
        {
            { Kind: "field" } => $"{modifiers}{StubText.TypeName(member.Type, type)} {member.Name}{Value(member, type)};",
            { Name: ".ctor" } => $"{modifiers}{StubText.SimpleName(type.FullName)}({ParameterList(member, type)}){BaseCall(type)} => throw null;",
            { Name: "Finalize" } => $"~{StubText.SimpleName(type.FullName)}() {{ }}",
            _ => Signature(member, type, modifiers, "") + body,
        });
    }

    /// <summary>A method's, property's or event's declaration without its body. <paramref name="qualifier"/>: "interface." when explicit.</summary>
    private static string Signature(MemberFacts member, TypeFacts type, string modifiers, string qualifier)
    {
        var result = StubText.TypeName(member.Type, type);
        var parameters = ParameterList(member, type);
        return member switch
        {
            { Kind: "event" } => $"{modifiers}event {result} {qualifier}{member.Name}",
            { Kind: "property", Tail: "" } => $"{modifiers}{result} {qualifier}{member.Name}",
            { Kind: "property" } => $"{modifiers}{result} {qualifier}this[{parameters}]",
            { Name: "op_Implicit" } => $"{modifiers}implicit operator {result}({parameters})",
            { Name: "op_Explicit" } => $"{modifiers}explicit operator {result}({parameters})",
            _ when StubText.Operators.TryGetValue(member.Name, out var token) => $"{modifiers}{result} operator {token}({parameters})",
            _ => $"{modifiers}{result} {qualifier}{member.Name}({parameters})",
        };
    }

    private static string ThrowingBody(MemberFacts member) => member.Kind switch
    {
        "property" => $" {{ {Accessors(member).Replace(";", " => throw null;", StringComparison.Ordinal)} }}",
        "event" => " { add => throw null; remove => throw null; }",
        _ => " => throw null;",
    };

    private static string AbstractBody(MemberFacts member) => member.Kind == "property" ? $" {{ {Accessors(member)} }}" : ";";

    /// <summary>"get; set;". Every accessor of the table is public; one that is not would need its own modifier.</summary>
    private static string Accessors(MemberFacts property) => HasWord(property.Accessors, "protected")
        ? throw new InvalidDataException($"{property.Name}: protected accessors are not handled.")
        : property.Accessors.Replace("public ", "", StringComparison.Ordinal);

    private static string Modifiers(MemberFacts member) =>
        member.Kind == "property" ? ("public " + member.Modifiers).TrimEnd() : member.Modifiers;

    private static string Value(MemberFacts field, TypeFacts type) =>
        field.Tail.Length == 0 ? "" : " = " + StubText.Constant(field.Tail[1..], field.Type, type);

    private static string ParameterList(MemberFacts member, TypeFacts type) =>
        string.Join(", ", StubText.Parameters(member.Kind is "method" or "property" ? member.Tail : "", type, member.Facts));

    private static string Heritage(TypeFacts type)
    {
        string[] implied = ["", "System.Object", "System.ValueType"];
        var parents = type.Interfaces.Prepend(type.Base).Where(name => !implied.Contains(name)).Select(name => StubText.TypeName(name, type));
        var list = string.Join(", ", parents);
        return list.Length == 0 ? "" : " : " + list;
    }

    /// <summary>" : base(default(T), ...)" where the base class has no constructor without parameters.</summary>
    private string BaseCall(TypeFacts type)
    {
        if (!type.Kind.Contains("class", StringComparison.Ordinal) || !_knownTypes.TryGetValue(type.Base, out var parent))
        {
            return "";
        }

        var constructors = parent.Constructors.ToList();
        return constructors.Count == 0 || constructors.Any(constructor => constructor.Tail == "()")
            ? ""
            : $" : base({string.Join(", ", StubText.ParameterTypes(constructors[0].Tail, parent).Select(name => $"default({name})"))})";
    }

    private static bool IsDirectlyInside(TypeFacts candidate, TypeFacts outer) =>
        candidate.FullName.LastIndexOf('+') is var at and > 0 && candidate.FullName[..at] == outer.FullName;

    private static bool HasWord(string text, string word) => text.Split(' ').Contains(word);

    private void Line(string text) => _source.AppendLine(text);
}
