// What C# and the compiler allow, the metadata processor mostly passes, and the interpreter then cannot run or runs wrongly.

using System.Collections.Immutable;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microneedling.Firmware.Gates.Tests.Il;

/// <summary>A library method that must not be called. A null part matches anything.</summary>
internal sealed record ForbiddenCall(string? Type, string Method, string? FirstParameter, string Reason);

internal static class LanguageRules
{
    /// <summary>Opcodes for which the interpreter answers CLR_E_UNSUPPORTED_INSTRUCTION.</summary>
    public static readonly ImmutableArray<Code> UnsupportedOpcodes =
    [
        Code.Arglist, Code.Cpblk, Code.Initblk, Code.Jmp, Code.Calli, Code.Ckfinite,
        Code.Localloc, Code.Mkrefany, Code.Refanytype, Code.Refanyval, Code.Readonly,
    ];

    public static readonly ImmutableArray<ForbiddenCall> ForbiddenCalls =
    [
        new("System.Math", "Min", "System.Single", "also taken for two longs, and then compares only 24 bits"),
        new("System.Math", "Max", "System.Single", "also taken for two longs, and then compares only 24 bits"),
        new("System.Random", ".ctor", "System.Int32", "a seed does not make the numbers repeatable"),
        new("System.Threading.Thread", "SpinWait", null, "does nothing"),
        new(null, "BeginInvoke", null, "delegates cannot be called asynchronously"),
        new(null, "EndInvoke", null, "delegates cannot be called asynchronously"),
    ];

    public static readonly ImmutableArray<IlRule> All =
    [
        new(
            "No generic types or methods of our own",
            "running them crashes or hangs the interpreter without an exception",
            "CLR/Core/TypeSystemLookup.cpp:95-97",
            image => Offences(image.Types.Where(type => type.HasGenericParameters).Select(type => (type.FullName, "a generic type")))
                .Concat(Offences(image.Methods.Where(method => method.HasGenericParameters).Select(method => (FirmwareImage.NameOf(method), "a generic method"))))),
        new(
            "No generic instantiations",
            "Action<T>, Func<> and their like compile and then crash the interpreter",
            "CLR/Core/TypeSystemLookup.cpp:95-97",
            image => Mentions<GenericInstanceType>(image).Concat(
                Instructions(image, instruction => instruction.Operand is GenericInstanceMethod))),
        new(
            "No function pointers",
            "MDP writes no operand for calli",
            "MDP/Mono.Cecil/CodeWriter.cs:383-386",
            Mentions<FunctionPointerType>),
        new(
            "No pointers",
            "MDP rejects pointer locals and the interpreter knows no pointers",
            "MDP/nanoAssemblyBuilder.cs:751-756",
            Mentions<PointerType>),
        new(
            "No arrays of more than one dimension",
            "MDP fails while minimizing; use arrays of arrays",
            "MDP/Tables/nanoTypeSpecificationsTable.cs:78-82",
            image => TypeMentions.In(image)
                .Where(mention => mention.Type is ArrayType { IsVector: false })
                .Select(mention => new Offence(mention.Place, mention.Type.FullName))),
        new(
            "No unsupported opcodes",
            "CLR_E_UNSUPPORTED_INSTRUCTION when reached",
            "CLR/Core/Interpreter.cpp:3417-3431",
            image => Instructions(image, instruction => UnsupportedOpcodes.Contains(instruction.OpCode.Code))),
        new(
            "No checked arithmetic",
            "checked operations run unchecked and never throw; compare by hand",
            "CLR/Core/Interpreter.cpp:1776-1800",
            image => Instructions(image, instruction => instruction.OpCode.Name.Contains(".ovf", StringComparison.Ordinal))),
        new(
            "No default interface methods",
            "CLR_E_WRONG_TYPE when called",
            "run on the interpreter",
            image => Offences(image.Methods
                .Where(method => method.DeclaringType.IsInterface && method.HasBody && !method.IsStatic)
                .Select(method => (FirmwareImage.NameOf(method), "an interface member with a body")))),
        new(
            "No mutable static fields",
            "state lives in instances, so that two boards can run in one process",
            "house rule",
            image => Offences(image.Types
                .SelectMany(type => type.Fields)
                .Where(field => field is { IsStatic: true, IsInitOnly: false, IsLiteral: false } && !IsCompilersDelegateCache(field))
                .Select(field => ($"{field.DeclaringType.FullName}::{field.Name}", "a static field that can be set")))),
        new(
            "No enum as text",
            "Enum.ToString and formatting give the number; boxing an enum is the way there",
            "CLR, run on the interpreter",
            image => Instructions(image, TurnsEnumIntoText)),
        new(
            "No calls that fail or lie on the device",
            "each entry of the table says what happens",
            "run on the interpreter",
            image =>
                from place in image.Instructions
                where place.Instruction.Operand is MethodReference
                let call = ForbiddenCalls.FirstOrDefault(candidate => Matches(candidate, (MethodReference)place.Instruction.Operand))
                where call is not null
                select new Offence(FirmwareImage.PlaceOf(place.Method, place.Instruction), $"{place.Instruction.Operand}: {call.Reason}")),
    ];

    private static IEnumerable<Offence> Offences(IEnumerable<(string Place, string What)> found) =>
        found.Select(offence => new Offence(offence.Place, offence.What));

    private static IEnumerable<Offence> Mentions<T>(FirmwareImage image)
        where T : TypeReference => TypeMentions.In(image)
        .Where(mention => mention.Type is T)
        .Select(mention => new Offence(mention.Place, mention.Type.FullName));

    private static IEnumerable<Offence> Instructions(FirmwareImage image, Func<Instruction, bool> breaks) => image.Instructions
        .Where(place => breaks(place.Instruction))
        .Select(place => new Offence(FirmwareImage.PlaceOf(place.Method, place.Instruction), Describe(place.Instruction)));

    private static string Describe(Instruction instruction) => $"{instruction.OpCode} {instruction.Operand}".TrimEnd();

    /// <summary>The compiler keeps a lambda that captures nothing in such a field: set once, always to the same.</summary>
    private static bool IsCompilersDelegateCache(FieldDefinition field) => field.DeclaringType.Name == "<>c" && FirmwareImage.IsDelegate(field.FieldType);

    private static bool TurnsEnumIntoText(Instruction instruction) => instruction switch
    {
        { OpCode.Code: Code.Constrained, Operand: TypeReference type, Next.Operand: MethodReference { Name: "ToString" } } => FirmwareImage.IsEnum(type),
        { OpCode.Code: Code.Box, Operand: TypeReference type } => FirmwareImage.IsEnum(type) && NextCall(instruction)?.Name != "HasFlag",
        _ => false,
    };

    private static MethodReference? NextCall(Instruction instruction)
    {
        var next = instruction.Next;
        while (next is not null && next.OpCode.FlowControl != FlowControl.Call)
        {
            next = next.Next;
        }

        return next?.Operand as MethodReference;
    }

    private static bool Matches(ForbiddenCall call, MethodReference method) =>
        method.Name == call.Method
        && (call.Type is null ? FirmwareImage.IsDelegate(method.DeclaringType) : call.Type == method.DeclaringType.FullName)
        && (call.FirstParameter is null || method.Parameters.FirstOrDefault()?.ParameterType.FullName == call.FirstParameter);
}
