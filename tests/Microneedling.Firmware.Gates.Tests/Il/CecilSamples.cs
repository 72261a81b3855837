// Assemblies with what C# cannot be made to emit: one type with one method, whose instructions are given.

using System.Collections.Immutable;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microneedling.Firmware.Gates.Tests.Il;

internal static class CecilSamples
{
    /// <summary>A method that holds one instruction of the given opcode, with some operand that suits it.</summary>
    public static ImmutableArray<byte> WithOpcode(OpCode opcode) => With((module, method) =>
    {
        var code = method.Body.GetILProcessor();
        code.Append(opcode.OperandType switch
        {
            OperandType.InlineNone => code.Create(opcode),
            OperandType.InlineMethod => code.Create(opcode, method),
            OperandType.InlineType => code.Create(opcode, module.TypeSystem.Int32),
            OperandType.InlineSig => code.Create(opcode, new CallSite(module.TypeSystem.Void)),
            _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "no operand for this opcode"),
        });
    });

    /// <summary>A method with a pointer for a local.</summary>
    public static ImmutableArray<byte> WithPointerLocal() => With(
        (module, method) => method.Body.Variables.Add(new VariableDefinition(new PointerType(module.TypeSystem.Byte))));

    /// <summary>A method with a function pointer for a local.</summary>
    public static ImmutableArray<byte> WithFunctionPointerLocal() => With(
        (module, method) => method.Body.Variables.Add(new VariableDefinition(new FunctionPointerType { ReturnType = module.TypeSystem.Void })));

    private static ImmutableArray<byte> With(Action<ModuleDefinition, MethodDefinition> fill)
    {
        using var assembly = AssemblyDefinition.CreateAssembly(new AssemblyNameDefinition("Sample", new Version(1, 0)), "Sample.dll", ModuleKind.Dll);
        var module = assembly.MainModule;
        var type = new TypeDefinition("", "Sample", TypeAttributes.Class, module.TypeSystem.Object);
        var method = new MethodDefinition("Run", MethodAttributes.Static, module.TypeSystem.Void);
        module.Types.Add(type);
        type.Methods.Add(method);
        fill(module, method);
        method.Body.GetILProcessor().Emit(OpCodes.Ret);
        using var image = new MemoryStream();
        assembly.Write(image);
        return [.. image.ToArray()];
    }
}
