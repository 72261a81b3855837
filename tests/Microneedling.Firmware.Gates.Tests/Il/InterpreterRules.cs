// Code that compiles, loads and runs, and gives other values on the interpreter than on .NET: the order of static initialisers, and what an
// int is that was a uint a moment ago.

using System.Collections.Immutable;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microneedling.Firmware.Gates.Tests.Il;

internal static class InterpreterRules
{
    public static readonly ImmutableArray<IlRule> All =
    [
        new(
            "No static initialiser reads another class's static field",
            "all of them run before Main, class after class by name, so the field may still be 0 or null; constants are safe",
            "run on the interpreter",
            image =>
                from type in image.Types
                from initialiser in type.Methods
                where initialiser is { IsConstructor: true, IsStatic: true }
                let reach = new TickReach(image, FirmwareImage.NameOf(initialiser))
                from method in reach.Methods
                from instruction in TickReach.SteadyCode(method)
                where instruction.OpCode.Code is Code.Ldsfld or Code.Ldsflda
                let field = ((FieldReference)instruction.Operand).Resolve()
                where field.Module == image.Module && field.DeclaringType != type
                select new Offence(
                    FirmwareImage.PlaceOf(method, instruction), $"reads {field.DeclaringType.Name}.{field.Name}, by {reach.PathTo(method)}")),
        new(
            "No unsigned number is shifted, widened or divided with remainder as a signed one",
            "a cast from uint to int is no instruction, and the value stays unsigned; store it in an int field first, or cast by way of long",
            "CLR/Core/CLR_RT_HeapBlock.cpp NumericShr, NumericRem, Convert_Internal, run on the interpreter",
            UnsignedFlow.Find),
    ];
}
