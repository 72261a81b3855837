// Which instructions put a struct on the evaluation stack by value. The interpreter makes a copy on the heap for each.

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microneedling.Firmware.Gates.Tests.Il;

internal static class StructLoad
{
    /// <summary>The struct that an instruction loads by value, or null.</summary>
    public static TypeReference? Of(MethodDefinition method, Instruction instruction)
    {
        var loaded = StackLoad.TypeOf(method, instruction);
        return loaded is not null && FirmwareImage.IsStruct(loaded) ? loaded : null;
    }
}
