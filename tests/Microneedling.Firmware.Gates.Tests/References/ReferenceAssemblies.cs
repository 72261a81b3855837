// Compiles the stub sources into reference assemblies in memory, once a test run: one a library, in the table's order, each against exactly
// the libraries it names. They are not signed (the key is not ours): names and versions are those of the real libraries, tokens are not.

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Microneedling.Firmware.Gates.Tests.References;

internal static class ReferenceAssemblies
{
    /// <summary>mscorlib has no library to take the metadata version from.</summary>
    private const string MetadataVersion = "v4.0.30319";

    private static readonly Lazy<ImmutableDictionary<string, ImmutableArray<byte>>> Built = new(BuildAll);

    // Opened once: compilations that share a reference share what the compiler has read of it.
    private static readonly Lazy<ImmutableDictionary<string, MetadataReference>> Opened = new(() => Images.ToImmutableDictionary(
        pair => pair.Key, pair => (MetadataReference)MetadataReference.CreateFromImage(pair.Value, filePath: pair.Key + ".dll")));

    /// <summary>Each library's reference assembly by assembly name.</summary>
    public static ImmutableDictionary<string, ImmutableArray<byte>> Images => Built.Value;

    /// <summary>The named libraries as references for a compilation.</summary>
    /// <exception cref="KeyNotFoundException">The signature table has no such library.</exception>
    public static IEnumerable<MetadataReference> Named(IEnumerable<string> assemblyNames) => assemblyNames.Select(name => Opened.Value[name]);

    private static ImmutableDictionary<string, ImmutableArray<byte>> BuildAll()
    {
        var knownTypes = SignatureTable.Assemblies.SelectMany(assembly => assembly.Types).ToDictionary(type => type.FullName);
        var images = ImmutableDictionary.CreateBuilder<string, ImmutableArray<byte>>();
        foreach (var assembly in SignatureTable.Assemblies)
        {
            images.Add(assembly.Name, Build(assembly, StubWriter.Write(assembly, knownTypes), images));
        }

        return images.ToImmutable();
    }

    private static ImmutableArray<byte> Build(AssemblyFacts assembly, string source, ImmutableDictionary<string, ImmutableArray<byte>>.Builder images)
    {
        var compilation = CSharpCompilation.Create(
            assembly.Name,
            [CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.CSharp9), assembly.Name + ".stubs.cs")],
            assembly.References.Select(name => MetadataReference.CreateFromImage(images[name])),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, deterministic: true, generalDiagnosticOption: ReportDiagnostic.Suppress));
        using var image = new MemoryStream();
        var result = compilation.Emit(
            image,
            options: new EmitOptions(metadataOnly: true, includePrivateMembers: false, runtimeMetadataVersion: MetadataVersion));
        if (!result.Success)
        {
            var errors = result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(20);
            throw new InvalidOperationException($"The stubs of {assembly.Name} do not compile:\n{string.Join('\n', errors)}");
        }

        return [.. image.ToArray()];
    }
}
