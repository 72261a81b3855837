// Compiles C# as the nanoFramework project system does: C# 9, no standard library, the constant NANOFRAMEWORK_1_0, nullable and `checked` off.
// What the result may contain is not decided here.

using System.Collections.Immutable;
using System.Text;
using Microneedling.Firmware.Gates.Tests.Project;
using Microneedling.Firmware.Gates.Tests.References;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Microneedling.Firmware.Gates.Tests.Compile;

/// <summary>A compiler's verdict: errors and warnings, and the assembly's bytes when there were no errors.</summary>
internal sealed record DeviceBuild(ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<byte> Image)
{
    /// <summary>The codes of the errors, each once.</summary>
    public IEnumerable<string> ErrorCodes =>
        Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Id).Distinct();

    /// <summary>One "file(line): code text" a line.</summary>
    public string Report => string.Join('\n', Diagnostics.Select(Describe));

    private static string Describe(Diagnostic diagnostic)
    {
        var place = diagnostic.Location.GetLineSpan();
        return $"{place.Path}({place.StartLinePosition.Line + 1}): {diagnostic.Id} {diagnostic.GetMessage(null)}";
    }
}

internal static class DeviceCompiler
{
    /// <summary>The warning level of a project that says nothing about it.</summary>
    private const int WarningLevel = 4;

    private static readonly CSharpParseOptions ParseOptions =
        new(LanguageVersion.CSharp9, DocumentationMode.None, SourceCodeKind.Regular, ["NANOFRAMEWORK_1_0"]);

    /// <summary>The firmware, from exactly the files and libraries that its project lists. Built anew on every call.</summary>
    public static DeviceBuild CompileFirmware(FirmwareProject project, OptimizationLevel optimization) => Compile(
        "Microneedling.Firmware",
        project.Sources.Select(name => ParseFile(name)),
        project.References.Select(reference => reference.Name),
        OutputKind.ConsoleApplication,
        optimization);

    /// <summary>A piece of source against the named libraries.</summary>
    public static DeviceBuild CompileSample(string source, params IEnumerable<string> libraries) => Compile(
        "Sample",
        [CSharpSyntaxTree.ParseText(SourceText.From(source, Encoding.UTF8), ParseOptions, "Sample.cs")],
        libraries,
        OutputKind.DynamicallyLinkedLibrary,
        OptimizationLevel.Release);

    private static SyntaxTree ParseFile(string relativeName)
    {
        using var file = File.OpenRead(Repository.PathOf(relativeName));
        return CSharpSyntaxTree.ParseText(SourceText.From(file), ParseOptions, relativeName);
    }

    private static DeviceBuild Compile(
        string assemblyName, IEnumerable<SyntaxTree> sources, IEnumerable<string> libraries, OutputKind kind, OptimizationLevel optimization)
    {
        var options = new CSharpCompilationOptions(
            kind,
            optimizationLevel: optimization,
            checkOverflow: false,
            allowUnsafe: false,
            warningLevel: WarningLevel,
            deterministic: true,
            nullableContextOptions: NullableContextOptions.Disable);
        var compilation = CSharpCompilation.Create(assemblyName, sources, ReferenceAssemblies.Named(libraries), options);
        using var image = new MemoryStream();
        var result = compilation.Emit(image, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.Embedded));
        var spoken = result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);
        return new([.. spoken], result.Success ? [.. image.ToArray()] : []);
    }
}
