using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microneedling.Qa.Traceability;

namespace Microneedling.Hil.Tests;

/// <summary>Which tests name which requirement: by [Trait("Requirement", "DEPTH-1")], in every test assembly of the repository.</summary>
internal static class EvidenceList
{
    private const string Trait = "Requirement";

    /// <summary>What a test of this assembly names.</summary>
    public static IEnumerable<string> Of(MethodInfo method) => method.CustomAttributes.Concat(method.DeclaringType!.CustomAttributes)
        .Where(attribute => attribute.AttributeType == typeof(TraitAttribute) && attribute.ConstructorArguments[0].Value is Trait)
        .Select(attribute => (string)attribute.ConstructorArguments[1].Value!);

    /// <summary>Of all test assemblies that are built in this configuration, read without loading them.</summary>
    public static IReadOnlyList<Evidence> All() => [.. Assemblies().SelectMany(Read)];

    /// <summary>The test assemblies beside this one.</summary>
    public static IEnumerable<string> Assemblies()
    {
        string output = Path.GetRelativePath(Path.Combine(QaSettings.Repository(), "tests", "Microneedling.Hil.Tests"), AppContext.BaseDirectory);
        return Directory.EnumerateDirectories(Path.Combine(QaSettings.Repository(), "tests"), "*.Tests")
            .Select(folder => Path.Combine(folder, output, Path.GetFileName(folder) + ".dll"))
            .Where(File.Exists);
    }

    private static IEnumerable<Evidence> Read(string assembly)
    {
        using PEReader file = new(File.OpenRead(assembly));
        var reader = file.GetMetadataReader();
        List<Evidence> found = [];
        foreach (var handle in reader.TypeDefinitions)
        {
            var type = reader.GetTypeDefinition(handle);
            string name = $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
            string[] ofType = [.. Traits(reader, type.GetCustomAttributes())];
            foreach (var methodHandle in type.GetMethods())
            {
                var method = reader.GetMethodDefinition(methodHandle);
                string[] own = [.. Traits(reader, method.GetCustomAttributes())];
                bool isTest = method.GetCustomAttributes().Select(one => NameOf(reader, reader.GetCustomAttribute(one))).Any(one => one.EndsWith("FactAttribute", StringComparison.Ordinal) || one.EndsWith("TheoryAttribute", StringComparison.Ordinal) || one == nameof(ScenarioAttribute));
                found.AddRange(own.Concat(isTest ? ofType : []).Select(requirement => new Evidence(requirement, $"{name}.{reader.GetString(method.Name)}")));
            }
        }

        return found;
    }

    private static IEnumerable<string> Traits(MetadataReader reader, CustomAttributeHandleCollection attributes)
    {
        foreach (var handle in attributes)
        {
            var attribute = reader.GetCustomAttribute(handle);
            if (NameOf(reader, attribute) == nameof(TraitAttribute))
            {
                var value = reader.GetBlobReader(attribute.Value);
                value.ReadUInt16(); // The prolog.
                if (value.ReadSerializedString() == Trait)
                {
                    yield return value.ReadSerializedString()!;
                }
            }
        }
    }

    private static string NameOf(MetadataReader reader, CustomAttribute attribute) => attribute.Constructor.Kind switch
    {
        HandleKind.MemberReference when reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } parent =>
            reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name),
        HandleKind.MethodDefinition =>
            reader.GetString(reader.GetTypeDefinition(reader.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType()).Name),
        _ => "",
    };
}
