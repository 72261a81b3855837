// Which instructions put a struct on the evaluation stack by value. The interpreter makes a copy on the heap for each.

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microneedling.Firmware.Gates.Tests.Il;

internal static class StructLoad
{
    /// <summary>The struct that an instruction loads by value, or null.</summary>
    public static TypeReference? Of(MethodDefinition method, Instruction instruction)
    {
        var loaded = LoadedType(method, instruction);
        return loaded is not null && FirmwareImage.IsStruct(loaded) ? loaded : null;
    }

    private static TypeReference? LoadedType(MethodDefinition method, Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Ldloc_0 => method.Body.Variables[0].VariableType,
        Code.Ldloc_1 => method.Body.Variables[1].VariableType,
        Code.Ldloc_2 => method.Body.Variables[2].VariableType,
        Code.Ldloc_3 => method.Body.Variables[3].VariableType,
        Code.Ldloc_S or Code.Ldloc => ((VariableDefinition)instruction.Operand).VariableType,
        Code.Ldarg_0 => ArgumentType(method, 0),
        Code.Ldarg_1 => ArgumentType(method, 1),
        Code.Ldarg_2 => ArgumentType(method, 2),
        Code.Ldarg_3 => ArgumentType(method, 3),
        Code.Ldarg_S or Code.Ldarg => ((ParameterDefinition)instruction.Operand).ParameterType,
        Code.Ldfld or Code.Ldsfld => ((FieldReference)instruction.Operand).FieldType,
        Code.Ldobj or Code.Ldelem_Any or Code.Unbox_Any => (TypeReference)instruction.Operand,
        _ => null,
    };

    /// <summary>The type of an argument; null for `this`, which is a reference.</summary>
    private static TypeReference? ArgumentType(MethodDefinition method, int index)
    {
        var position = method.HasThis ? index - 1 : index;
        return position < 0 ? null : method.Parameters[position].ParameterType;
    }
}
