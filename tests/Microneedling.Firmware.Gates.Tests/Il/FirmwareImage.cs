// A compiled assembly, opened for the rules: its types, methods and instructions, and the words in which a rule speaks of a place in it.

using System.Collections.Immutable;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Microneedling.Firmware.Gates.Tests.References;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microneedling.Firmware.Gates.Tests.Il;

internal sealed class FirmwareImage
{
    private readonly Lazy<CallTargets> _callTargets;
    private readonly Lazy<TickReach> _tick;

    /// <summary>Opens an assembly that was compiled against the reference assemblies.</summary>
    /// <param name="image">The assembly's bytes; with an embedded PDB, places are given as file and line.</param>
    public FirmwareImage(ImmutableArray<byte> image)
    {
        Module = ModuleDefinition.ReadModule(
            new MemoryStream([.. image]),
            new ReaderParameters
            {
                AssemblyResolver = new ReferenceResolver(),
                ReadSymbols = true,
                SymbolReaderProvider = new DefaultSymbolReaderProvider(throwIfNoSymbol: false),
            });
        Types = [.. Module.GetTypes()];
        Methods = [.. Types.SelectMany(type => type.Methods)];
        using var reader = new PEReader(image);
        NameBytes = System.Reflection.Metadata.PEReaderExtensions.GetMetadataReader(reader).GetHeapSize(HeapIndex.String);
        _callTargets = new(() => new CallTargets(this));
        _tick = new(() => new TickReach(this, Allowances.TickEntry));
    }

    public ModuleDefinition Module { get; }

    /// <summary>All types, nested ones too.</summary>
    public ImmutableArray<TypeDefinition> Types { get; }

    /// <summary>All methods, with and without bodies.</summary>
    public ImmutableArray<MethodDefinition> Methods { get; }

    /// <summary>Bytes of all names, in UTF-8 with an end mark each.</summary>
    public int NameBytes { get; }

    /// <summary>What an instruction that names a method may run.</summary>
    public CallTargets CallTargets => _callTargets.Value;

    /// <summary>What the control loop's tick can reach.</summary>
    public TickReach Tick => _tick.Value;

    /// <summary>Every instruction with the method it stands in.</summary>
    public IEnumerable<(MethodDefinition Method, Instruction Instruction)> Instructions =>
        from method in Methods
        where method.HasBody
        from instruction in method.Body.Instructions
        select (method, instruction);

    /// <summary>"Namespace.Type::Method".</summary>
    public static string NameOf(MethodReference method) => $"{method.DeclaringType.FullName}::{method.Name}";

    /// <summary>"Namespace.Type::Method, file(line)", or the IL offset where there are no symbols.</summary>
    public static string PlaceOf(MethodDefinition method, Instruction instruction)
    {
        var points = method.DebugInformation.SequencePoints;
        var point = points.LastOrDefault(candidate => candidate.Offset <= instruction.Offset && !candidate.IsHidden);
        return point is null
            ? $"{NameOf(method)}, IL_{instruction.Offset:x4}"
            : $"{NameOf(method)}, {point.Document.Url}({point.StartLine})";
    }

    /// <summary>Whether a type is a struct: a value type that is neither a primitive nor an enum.</summary>
    public static bool IsStruct(TypeReference type) => type.IsValueType && !type.IsPrimitive && !IsEnum(type);

    public static bool IsEnum(TypeReference type) => type.IsValueType && type.Resolve() is { IsEnum: true };

    public static bool IsDelegate(TypeReference type) => type.Resolve()?.BaseType?.FullName == "System.MulticastDelegate";

    private sealed class ReferenceResolver : BaseAssemblyResolver
    {
        private readonly Dictionary<string, AssemblyDefinition> _opened = [];

        public override AssemblyDefinition Resolve(AssemblyNameReference name)
        {
            if (!_opened.TryGetValue(name.Name, out var assembly))
            {
                assembly = AssemblyDefinition.ReadAssembly(
                    new MemoryStream([.. ReferenceAssemblies.Images[name.Name]]), new ReaderParameters { AssemblyResolver = this });
                _opened.Add(name.Name, assembly);
            }

            return assembly;
        }
    }
}
