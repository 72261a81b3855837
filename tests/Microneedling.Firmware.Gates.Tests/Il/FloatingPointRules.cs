// Motion and limits are integers. Floating point is let in where a library leaves no choice, named in Allowances, and never in the control loop.

using System.Collections.Immutable;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microneedling.Firmware.Gates.Tests.Il;

internal static class FloatingPointRules
{
    private static readonly ImmutableArray<Code> Opcodes =
    [
        Code.Ldc_R4, Code.Ldc_R8, Code.Conv_R4, Code.Conv_R8, Code.Conv_R_Un, Code.Ldelem_R4, Code.Ldelem_R8,
        Code.Stelem_R4, Code.Stelem_R8, Code.Ldind_R4, Code.Ldind_R8, Code.Stind_R4, Code.Stind_R8,
    ];

    public static readonly ImmutableArray<IlRule> All =
    [
        new(
            "Floating point only where allowed",
            "stock images compute in single precision, and NaN compares greater",
            "Kconfig.build:16-18, run on the interpreter",
            image => image.Methods
                .Where(method => !Allowances.FloatingPoint.ContainsKey(FirmwareImage.NameOf(method)))
                .SelectMany(InMethod)
                .Concat(InFields(image))),
        new(
            "Allowed floating point stays outside the tick",
            "the control loop computes in integers",
            "house rule",
            image => image.Tick.Methods
                .Where(method => Allowances.FloatingPoint.ContainsKey(FirmwareImage.NameOf(method)))
                .Select(method => new Offence(FirmwareImage.NameOf(method), $"reached as {image.Tick.PathTo(method)}"))),
    ];

    /// <summary>Every use of floating point in a method.</summary>
    public static IEnumerable<Offence> InMethod(MethodDefinition method)
    {
        var mentions = TypeMentions.In(method)
            .Where(mention => IsFloatingPoint(mention.Type))
            .Select(mention => new Offence(mention.Place, mention.Type.FullName));
        if (!method.HasBody)
        {
            return mentions;
        }

        return mentions.Concat(method.Body.Instructions
            .Where(instruction => Opcodes.Contains(instruction.OpCode.Code))
            .Select(instruction => new Offence(FirmwareImage.PlaceOf(method, instruction), instruction.OpCode.Name)));
    }

    private static IEnumerable<Offence> InFields(FirmwareImage image) => image.Types
        .SelectMany(type => type.Fields)
        .Where(field => !field.IsLiteral && IsFloatingPoint(field.FieldType.GetElementType()))
        .Select(field => new Offence($"{field.DeclaringType.FullName}::{field.Name}", "a field of " + field.FieldType.FullName));

    private static bool IsFloatingPoint(TypeReference type) => type.FullName is "System.Single" or "System.Double";
}
