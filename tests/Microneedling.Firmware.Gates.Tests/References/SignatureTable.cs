// Reads Data/nanoframework-v1-signatures.tsv, the public surface of the nanoFramework libraries as facts (its own header says how a line
// is built), into records. Decides nothing about C#; a line it does not understand is an error, never skipped.

using System.Collections.Immutable;

namespace Microneedling.Firmware.Gates.Tests.References;

/// <summary>One library: its types, and the assemblies it is built against.</summary>
internal sealed record AssemblyFacts(
    string Name, string Package, string Version, string PublicKeyToken, ImmutableArray<string> References, ImmutableArray<TypeFacts> Types)
{
    /// <summary>The assembly version, which is the package version and a zero.</summary>
    public string AssemblyVersion => Version + ".0";
}

/// <summary>One type. <paramref name="Base"/> of an enum is its underlying type.</summary>
internal sealed record TypeFacts(
    string FullName,
    string Kind,
    string Base,
    ImmutableArray<string> Interfaces,
    ImmutableArray<string> GenericParameters,
    ImmutableArray<string> Facts,
    ImmutableArray<MemberFacts> Members)
{
    /// <summary>Constructors that the type's users or heirs may call.</summary>
    public IEnumerable<MemberFacts> Constructors => Members.Where(member => member.Name == ".ctor");
}

/// <summary>
/// One member. <paramref name="Tail"/> is a method's parameter list, an indexer's, or a constant's value (all with their first character);
/// <paramref name="Accessors"/> is a property's.
/// </summary>
internal sealed record MemberFacts(
    string Kind, string Name, string Modifiers, string Type, string Accessors, string Tail, ImmutableArray<string> Facts);

/// <summary>The table as read.</summary>
internal static class SignatureTable
{
    private const string ResourceName = "nanoframework-v1-signatures.tsv";

    private static readonly Lazy<ImmutableArray<AssemblyFacts>> Table = new(() => Parse(ReadLines()));

    /// <summary>The libraries in the order in which they have to be built.</summary>
    public static ImmutableArray<AssemblyFacts> Assemblies => Table.Value;

    /// <summary>The library with that assembly name, or null.</summary>
    public static AssemblyFacts? Find(string assemblyName) => Assemblies.FirstOrDefault(assembly => assembly.Name == assemblyName);

    private static IEnumerable<string> ReadLines()
    {
        using var stream = typeof(SignatureTable).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"The resource {ResourceName} is missing.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static ImmutableArray<AssemblyFacts> Parse(IEnumerable<string> lines)
    {
        var assemblies = ImmutableArray.CreateBuilder<AssemblyFacts>();
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            var columns = line.Split('\t');
            if (columns[0] == "assembly")
            {
                assemblies.Add(new(columns[1], columns[2], columns[3], columns[4], List(columns[5]), []));
            }
            else if (columns[0] == "type")
            {
                var type = new TypeFacts(columns[1], columns[2], columns[3], List(columns[4]), List(columns[5]), [.. columns.Skip(6)], []);
                assemblies[^1] = assemblies[^1] with { Types = assemblies[^1].Types.Add(type) };
            }
            else
            {
                var types = assemblies[^1].Types;
                var owner = types[^1];
                assemblies[^1] = assemblies[^1] with
                {
                    Types = types.SetItem(types.Length - 1, owner with { Members = owner.Members.Add(ParseMember(columns)) }),
                };
            }
        }

        return assemblies.ToImmutable();
    }

    private static MemberFacts ParseMember(string[] columns)
    {
        var isProperty = columns[0] == "property";
        var rest = columns.Skip(isProperty ? 5 : 4).ToList();
        var tail = string.Empty;
        var hasTail = rest.Count > 0 && columns[0] switch
        {
            "field" => rest[0].StartsWith('='),
            "method" or "property" => rest[0].StartsWith('('),
            "event" => false,
            _ => throw new InvalidDataException($"Unknown kind of fact: {columns[0]}"),
        };
        if (hasTail)
        {
            tail = rest[0];
            rest.RemoveAt(0);
        }

        return new(columns[0], columns[1], columns[2].Trim(), columns[3], isProperty ? columns[4] : string.Empty, tail, [.. rest]);
    }

    private static ImmutableArray<string> List(string column) =>
        [.. column.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
