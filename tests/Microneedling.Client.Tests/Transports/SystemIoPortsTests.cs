using System.Collections.Immutable;
using System.Reflection;
using Microneedling.Client.Transports;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Microneedling.Client.Tests.Transports;

/// <summary>
/// The serial transport of Windows is not built on every machine, so that its package need not be had: here it is compiled
/// against this framework, and SerialPort as an older framework declares it.
/// </summary>
public class SystemIoPortsTests
{
    private const string GlobalUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly CSharpParseOptions Language = new(LanguageVersion.Latest, preprocessorSymbols: ["SYSTEM_IO_PORTS"]);

    [Fact]
    public void Serial_transport_of_Windows_compiles() =>
        Assert.Empty(Compile(Read("SystemIoPortsLine.cs")).Select(error => error.ToString()));

    [Fact]
    public void Mistakes_in_it_are_found()
    {
        (string Right, string Wrong, string Code)[] mistakes =
        [
            ("port.DiscardOutBuffer()", "port.DiscardOutputBuffer()", "CS1061"),
            ("port.Write(chunk, 0, room)", "port.Write(bytes, 0, room)", "CS1503"),
            ("public bool WaitForRoom()", "public bool WaitForSpace()", "CS0535"),
        ];
        string source = Read("SystemIoPortsLine.cs");
        Assert.All(mistakes, mistake => Assert.Contains(mistake.Right, source, StringComparison.Ordinal));
        string wrong = mistakes.Aggregate(source, (text, mistake) => text.Replace(mistake.Right, mistake.Wrong, StringComparison.Ordinal));
        Assert.Equal(mistakes.Select(mistake => mistake.Code).Order(), Compile(wrong).Select(error => error.Id).Order());
    }

    private static ImmutableArray<Diagnostic> Compile(string line)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            Assembly.GetExecutingAssembly().GetName().Name,
            new[] { GlobalUsings, line, Read("SerialTransport.cs") }.Select(source => CSharpSyntaxTree.ParseText(source, Language)),
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        return [.. compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
    }

    private static IEnumerable<MetadataReference> References()
    {
        using Stream serialPort = Open("SerialPort.dll");
        yield return MetadataReference.CreateFromStream(serialPort);
        yield return MetadataReference.CreateFromFile(typeof(LineTransport).Assembly.Location);
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        foreach (string path in ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator))
        {
            // Of the two that are called System, the one with SerialPort.
            if (Path.GetDirectoryName(path) == framework && Path.GetFileName(path) != "System.dll")
            {
                yield return MetadataReference.CreateFromFile(path);
            }
        }
    }

    private static string Read(string name)
    {
        using StreamReader reader = new(Open(name));
        return reader.ReadToEnd();
    }

    private static Stream Open(string name) => Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
}
