// The control loop makes no garbage of its own: what the steady tick can reach creates nothing, calls only library methods whose cost is
// known, and the objects that the interpreter and the libraries make all the same are counted and bounded.

using System.Collections.Immutable;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microneedling.Firmware.Gates.Tests.Il;

internal static class ControlLoopRules
{
    private static readonly ImmutableDictionary<Code, string> Allocations = new Dictionary<Code, string>
    {
        [Code.Newobj] = "makes an object",
        [Code.Newarr] = "makes an array",
        [Code.Box] = "boxes a value",
        [Code.Ldstr] = "makes a string object, on every execution",
        [Code.Ldftn] = "makes a delegate",
        [Code.Ldvirtftn] = "makes a delegate",
    }.ToImmutableDictionary();

    public static readonly ImmutableArray<IlRule> All =
    [
        new(
            "No allocation in the tick",
            "garbage stops every thread when it is collected",
            "CLR/Core/Execution.cpp ExtractHeapBlocks, CLR/Core/Interpreter.cpp",
            image =>
                from method in image.Tick.Methods
                from instruction in TickReach.SteadyCode(method)
                where Allocations.ContainsKey(instruction.OpCode.Code)
                select Offence(image, method, instruction, $"{instruction.OpCode} {instruction.Operand} {Allocations[instruction.OpCode.Code]}")),
        new(
            "No struct locals or results in the tick",
            "each is a heap object, made on every entry of the method",
            "CLR/Core/Execution.cpp InitializeLocals",
            image =>
                from method in image.Tick.Methods
                from type in method.Body.Variables.Select(variable => variable.VariableType).Append(method.ReturnType)
                where FirmwareImage.IsStruct(type)
                select new Offence(FirmwareImage.NameOf(method), $"a local or result of {type.FullName}, by {image.Tick.PathTo(method)}")),
        new(
            "Only allowed structs are loaded in the tick",
            "each load of a struct by value copies it to the heap",
            "CLR/Core/Interpreter.cpp Execute_LoadAndPromote, 3508-3516",
            image =>
                from method in image.Tick.Methods
                from instruction in TickReach.SteadyCode(method)
                let type = StructLoad.Of(method, instruction)
                where type is not null && !Allowances.StructLoads.ContainsKey(type.FullName)
                select Offence(image, method, instruction, $"loads a {type.FullName}")),
        new(
            "Only known device calls in the tick",
            "a library method may allocate, block or wait",
            "Allowances.DeviceCalls",
            image =>
                from method in image.Tick.Methods
                from call in image.Tick.CallsOf(method)
                where call.LeavesTheAssembly && call.Instruction.OpCode.Code != Code.Newobj && !Allowances.DeviceCalls.ContainsKey(FirmwareImage.NameOf(call.Callee))
                select Offence(image, method, call.Instruction, $"{FirmwareImage.NameOf(call.Callee)} is not in the list")),
        new(
            "Every loop around what makes objects has a bound",
            "a tick's garbage must be bounded",
            "Allowances.LoopBounds",
            image =>
                from method in image.Tick.Methods
                where !Allowances.LoopBounds.ContainsKey(FirmwareImage.NameOf(method))
                from instruction in TickReach.SteadyCode(method)
                where TickCost.IsInLoop(method, instruction) && image.Tick.Cost.Of(method, instruction) > 0
                select Offence(image, method, instruction, $"{instruction.OpCode} {instruction.Operand} makes objects in a loop")),
        new(
            "No recursion in the tick",
            "a tick's work and stack must be bounded",
            "house rule",
            image =>
                from method in image.Tick.Methods
                where image.Tick.IsRecursive(method)
                select new Offence(FirmwareImage.NameOf(method), $"calls itself, by {image.Tick.PathTo(method)}")),
        new(
            "The tick makes few objects",
            "the rarer the garbage, the rarer the stop that collects it",
            "Allowances.MostObjectsPerTick",
            image =>
                from entry in image.Tick.Entries
                let objects = image.Tick.Cost.Of(entry)
                where objects > Allowances.MostObjectsPerTick
                select new Offence(FirmwareImage.NameOf(entry), $"up to {objects} objects, at most {Allowances.MostObjectsPerTick}")),
    ];

    private static Offence Offence(FirmwareImage image, MethodDefinition method, Instruction instruction, string what) =>
        new(FirmwareImage.PlaceOf(method, instruction), $"{what}, by {image.Tick.PathTo(method)}");
}
