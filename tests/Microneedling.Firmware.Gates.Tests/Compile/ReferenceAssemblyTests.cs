using System.Globalization;
using Microneedling.Firmware.Gates.Tests.References;
using Mono.Cecil;

namespace Microneedling.Firmware.Gates.Tests.Compile;

/// <summary>The generated libraries offer exactly the members of the signature table: reads them back and compares, type by type.</summary>
public sealed class ReferenceAssemblyTests
{
    public static TheoryData<string> Libraries => [.. SignatureTable.Assemblies.Select(assembly => assembly.Name)];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_reference_assembly_has_the_types_members_and_version_of_the_table_and_nothing_else(string library)
    {
        var facts = SignatureTable.Find(library)!;
        using var module = ModuleDefinition.ReadModule(new MemoryStream([.. ReferenceAssemblies.Images[library]]));

        Assert.Equal(facts.AssemblyVersion, module.Assembly.Name.Version.ToString());
        Assert.Equal(
            facts.Types.Select(type => type.FullName).Order(StringComparer.Ordinal),
            VisibleTypes(module).Select(type => TableName(type)).Order(StringComparer.Ordinal));
        foreach (var type in facts.Types)
        {
            var built = VisibleTypes(module).Single(candidate => TableName(candidate) == type.FullName);
            Assert.Equal(FactsOf(type).Order(StringComparer.Ordinal), MembersOf(built).Order(StringComparer.Ordinal));
        }
    }

    private static IEnumerable<TypeDefinition> VisibleTypes(ModuleDefinition module) =>
        module.GetTypes().Where(type => type.IsPublic || type.IsNestedPublic);

    private static IEnumerable<string> FactsOf(TypeFacts type) => type.Members
        .Where(member => type.Kind != "delegate" || member.Name == "Invoke")
        .Select(member => member.Kind switch
        {
            "method" => $"{Prefix(member)}{member.Type} {member.Name}({string.Join(", ", ParameterTypes(member.Tail))})",
            "field" => $"{Prefix(member)}field {member.Type} {member.Name}{member.Tail}",
            _ => $"{Prefix(member)}{member.Kind} {member.Type} {member.Name}{member.Accessors}",
        });

    private static string Prefix(MemberFacts member) => member.Modifiers.Split(' ').Any(word => word is "static" or "const") ? "static " : "";

    private static string Prefix(bool isStatic) => isStatic ? "static " : "";

    private static IEnumerable<string> MembersOf(TypeDefinition type)
    {
        var isDelegate = type.BaseType?.FullName == "System.MulticastDelegate";
        var methods = type.Methods
            .Where(method => IsVisible(method) && !method.IsGetter && !method.IsSetter && !method.IsAddOn && !method.IsRemoveOn)
            .Where(method => !isDelegate || method.Name == "Invoke")
            .Select(method => $"{Prefix(method.IsStatic)}{TableName(method.ReturnType)} {method.Name}({string.Join(", ", method.Parameters.Select(parameter => TableName(parameter.ParameterType)))})");
        var fields = type.Fields
            .Where(field => (field.IsPublic || field.IsFamily) && !field.IsRuntimeSpecialName)
            .Select(field => $"{Prefix(field.IsStatic)}field {TableName(field.FieldType)} {field.Name}{ConstantOf(field)}");
        var properties = type.Properties
            .Where(property => IsVisible(property.GetMethod ?? property.SetMethod))
            .Select(property => $"{Prefix(!property.HasThis)}property {TableName(property.PropertyType)} {property.Name}"
                + string.Join(' ', new[] { property.GetMethod is null ? null : "public get;", property.SetMethod is null ? null : "public set;" }.OfType<string>()));
        var events = type.Events.Where(item => IsVisible(item.AddMethod)).Select(item => $"{Prefix(item.AddMethod.IsStatic)}event {TableName(item.EventType)} {item.Name}");
        return methods.Concat(fields).Concat(properties).Concat(events);
    }

    private static bool IsVisible(MethodDefinition method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static IEnumerable<string> ParameterTypes(string list) => list
        .Trim('(', ')')
        .Split(", ", StringSplitOptions.RemoveEmptyEntries)
        .Select(parameter => parameter.Split('=')[0].Split(' '))
        .Select(words => words[^2] + (words[0] is "out" or "ref" or "in" ? "&" : ""));

    private static string ConstantOf(FieldDefinition field) => !field.HasConstant ? "" : "=" + field.Constant switch
    {
        string text => $"\"{text}\"",
        char letter => ((int)letter).ToString(CultureInfo.InvariantCulture),
        var number => ((IFormattable)number).ToString(null, CultureInfo.InvariantCulture),
    };

    private static string TableName(TypeReference type) => type is GenericParameter generic
        ? "`" + generic.Position
        : type.FullName.Replace('/', '+');
}
