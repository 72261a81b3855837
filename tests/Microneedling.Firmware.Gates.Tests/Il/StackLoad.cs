// Which instructions put a value that stands somewhere, or a copy of it, on the evaluation stack, and what is declared there.

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microneedling.Firmware.Gates.Tests.Il;

internal static class StackLoad
{
    /// <summary>The declared type of the local, argument, field or element that an instruction loads; null when it loads none.</summary>
    public static TypeReference? TypeOf(MethodDefinition method, Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Ldloc_0 => method.Body.Variables[0].VariableType,
        Code.Ldloc_1 => method.Body.Variables[1].VariableType,
        Code.Ldloc_2 => method.Body.Variables[2].VariableType,
        Code.Ldloc_3 => method.Body.Variables[3].VariableType,
        Code.Ldloc_S or Code.Ldloc => ((VariableDefinition)instruction.Operand).VariableType,
        Code.Ldfld or Code.Ldsfld => ((FieldReference)instruction.Operand).FieldType,
        Code.Ldobj or Code.Ldelem_Any or Code.Unbox_Any => (TypeReference)instruction.Operand,
        _ => Argument(method, instruction)?.ParameterType,
    };

    /// <summary>The argument that an instruction loads; null when it loads none, or `this`.</summary>
    public static ParameterDefinition? Argument(MethodDefinition method, Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Ldarg_0 => Argument(method, 0),
        Code.Ldarg_1 => Argument(method, 1),
        Code.Ldarg_2 => Argument(method, 2),
        Code.Ldarg_3 => Argument(method, 3),
        Code.Ldarg_S or Code.Ldarg => (ParameterDefinition)instruction.Operand,
        _ => null,
    };

    private static ParameterDefinition? Argument(MethodDefinition method, int index)
    {
        var position = method.HasThis ? index - 1 : index;
        return position < 0 ? null : method.Parameters[position];
    }
}
