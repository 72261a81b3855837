// Counts and sizes that the device's file format holds in a byte or in two. Counted in the .NET assembly, where names and code are never
// smaller than in the device's: slightly too strict.

using System.Collections.Immutable;
using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microneedling.Firmware.Gates.Tests.Il;

internal static class SizeRules
{
    private const int MostInByte = 255;
    private const int MostInTwoBytes = 65535;
    private const int MostBranchDistance = 32767;

    public static readonly ImmutableArray<IlRule> All =
    [
        Rule("At most 255 virtual methods in a type", MostInByte, "MDP/Tables/nanoTypeDefinitionTable.cs:274-287",
            image => PerType(image, type => type.Methods.Count(method => method.IsVirtual))),
        Rule("At most 255 instance methods in a type", MostInByte, "MDP/Tables/nanoTypeDefinitionTable.cs:274-287",
            image => PerType(image, type => type.Methods.Count(method => !method.IsVirtual && !method.IsStatic))),
        Rule("At most 255 static methods in a type", MostInByte, "MDP/Tables/nanoTypeDefinitionTable.cs:274-287",
            image => PerType(image, type => type.Methods.Count(method => method.IsStatic))),
        Rule("At most 255 instance fields in a type", MostInByte, "MDP/Tables/nanoTypeDefinitionTable.cs:229-230",
            image => PerType(image, type => type.Fields.Count(field => !field.IsStatic))),
        Rule("At most 255 static fields in a type", MostInByte, "MDP/Tables/nanoTypeDefinitionTable.cs:229-230",
            image => PerType(image, type => type.Fields.Count(field => field.IsStatic && !field.IsLiteral))),
        Rule("At most 255 arguments of a method", MostInByte, "MDP/Tables/nanoMethodDefinitionTable.cs:101",
            image => image.Methods.Select(method => (FirmwareImage.NameOf(method), method.Parameters.Count + (method.HasThis ? 1 : 0)))),
        Rule("At most 255 locals in a method", MostInByte, "MDP/Tables/nanoMethodDefinitionTable.cs:101",
            image => PerBody(image, body => body.Variables.Count)),
        Rule("At most 255 evaluation stack slots in a method", MostInByte, "CLR/Include/nanoCLR_Types.h:1217-1219",
            image => PerBody(image, body => body.MaxStackSize)),
        Rule("At most 255 exception clauses in a method", MostInByte, "MDP/Mono.Cecil/CodeWriter.cs:310",
            image => PerBody(image, body => body.ExceptionHandlers.Count)),
        Rule("At most 255 targets in a switch", MostInByte, "MDP/Mono.Cecil/CodeWriter.cs:346-349",
            image => PerBody(image, body => body.Instructions.Max(instruction => (instruction.Operand as Instruction[])?.Length ?? 0))),
        Rule("At most 32 767 bytes of code in a method", MostBranchDistance, "MDP/Mono.Cecil/CodeWriter.cs, InlineBrTarget: branches are 16 bits",
            image => PerBody(image, body => body.CodeSize)),
        Rule("At most 65 535 bytes of code", MostInTwoBytes, "MDP/Tables/nanoByteCodeTable.cs:85-88",
            image => [("the assembly", image.Methods.Where(method => method.HasBody).Sum(method => CodeBytes(method.Body)))]),
        Rule("At most 65 535 bytes of names and literals", MostInTwoBytes, "MDP/Tables/nanoStringTable.cs:103-106",
            image => [("the assembly", image.NameBytes + LiteralBytes(image))]),
    ];

    private static IlRule Rule(string name, int most, string source, Func<FirmwareImage, IEnumerable<(string Place, int Count)>> count) => new(
        name,
        "the number is cut off or refused when the device's file is written",
        source,
        image => count(image)
            .Where(found => found.Count > most)
            .Select(found => new Offence(found.Place, $"{found.Count}, at most {most}")));

    private static IEnumerable<(string, int)> PerType(FirmwareImage image, Func<TypeDefinition, int> count) =>
        image.Types.Select(type => (type.FullName, count(type)));

    private static IEnumerable<(string, int)> PerBody(FirmwareImage image, Func<MethodBody, int> count) =>
        image.Methods.Where(method => method.HasBody).Select(method => (FirmwareImage.NameOf(method), count(method.Body)));

    // The device keeps exception clauses beside the code, 10 bytes each and a count.
    private static int CodeBytes(MethodBody body) => body.CodeSize + (body.HasExceptionHandlers ? 1 + (10 * body.ExceptionHandlers.Count) : 0);

    private static int LiteralBytes(FirmwareImage image) => image.Instructions
        .Select(place => place.Instruction.Operand as string)
        .OfType<string>()
        .Distinct()
        .Sum(literal => Encoding.UTF8.GetByteCount(literal) + 1);
}
