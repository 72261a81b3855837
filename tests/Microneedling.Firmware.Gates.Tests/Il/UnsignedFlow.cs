// Follows unsigned numbers through the evaluation stack, from method to method, to the instructions that take them for signed ones.
//
//   (int)someUint >> 4        ldfld uint32      the slot is unsigned; the cast is no instruction
//                             ldc.i4.4
//                             shr               C# means a signed shift; the interpreter goes by the slot and shifts in zeros
//
// The interpreter keeps a number's type with the number. A load gives the declared type. An operation gives that of its left operand. A
// conversion gives its own. A store in a field, an array element or a local gives the declared type again; handing a number to a parameter, out of
// a method, or through a reference does not. Comparisons, +, -, * and / come out right whatever the type. Followed here: 32 and 64 bits.
// Not followed: numbers handed to library methods, elements of ulong arrays, and boxed numbers (which come out right).

using System.Collections.Immutable;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microneedling.Firmware.Gates.Tests.Il;

/// <summary>What the interpreter takes a slot of the evaluation stack for.</summary>
internal enum SlotKind
{
    /// <summary>A signed number, or no number.</summary>
    Other,

    /// <summary>An unsigned number of 32 bits.</summary>
    UInt32,

    /// <summary>An unsigned number of 64 bits.</summary>
    UInt64,
}

internal sealed class UnsignedFlow
{
    private readonly FirmwareImage _image;
    private readonly HashSet<ParameterDefinition> _unsignedArguments = [];
    private readonly HashSet<MethodDefinition> _unsignedResults = [];
    private readonly List<Offence> _offences = [];

    private UnsignedFlow(FirmwareImage image)
    {
        _image = image;
    }

    /// <summary>Every instruction that takes an unsigned number for a signed one and computes something else with it.</summary>
    public static IEnumerable<Offence> Find(FirmwareImage image)
    {
        var flow = new UnsignedFlow(image);
        int known;
        do
        {
            known = flow.Known;
            flow._offences.Clear();
            foreach (var method in image.Methods.Where(method => method.HasBody))
            {
                flow.Walk(method);
            }
        }
        while (flow.Known != known);

        return flow._offences;
    }

    /// <summary>Signed parameters and results that have been found to carry unsigned numbers.</summary>
    private int Known => _unsignedArguments.Count + _unsignedResults.Count;

    /// <summary>Runs every instruction on the kinds of the slots before it, again where two ways bring different kinds.</summary>
    private void Walk(MethodDefinition method)
    {
        var before = new Dictionary<Instruction, ImmutableStack<SlotKind>>();
        var waiting = new Stack<Instruction>();
        Arrive(method.Body.Instructions[0], []);
        foreach (var handler in method.Body.ExceptionHandlers)
        {
            Arrive(handler.HandlerStart, handler.HandlerType is ExceptionHandlerType.Finally or ExceptionHandlerType.Fault ? [] : [SlotKind.Other]);
            if (handler.FilterStart is not null)
            {
                Arrive(handler.FilterStart, [SlotKind.Other]);
            }
        }

        while (waiting.TryPop(out var instruction))
        {
            var after = Run(method, instruction, before[instruction]);
            foreach (var next in Successors(instruction))
            {
                Arrive(next, instruction.OpCode.Code is Code.Leave or Code.Leave_S ? [] : after);
            }
        }

        void Arrive(Instruction instruction, ImmutableStack<SlotKind> stack)
        {
            var merged = before.TryGetValue(instruction, out var known) ? Merge(known, stack) : stack;
            if (known is null || !merged.SequenceEqual(known))
            {
                before[instruction] = merged;
                waiting.Push(instruction);
            }
        }
    }

    private ImmutableStack<SlotKind> Run(MethodDefinition method, Instruction instruction, ImmutableStack<SlotKind> stack)
    {
        // Last in, first out: operands[0] is the leftmost.
        var operands = new SlotKind[PopCount(method, instruction, stack)];
        for (var i = operands.Length - 1; i >= 0; i--)
        {
            stack = stack.Pop(out operands[i]);
        }

        if (IsOffence(instruction.OpCode.Code, operands))
        {
            _offences.Add(new(FirmwareImage.PlaceOf(method, instruction), $"{instruction.OpCode} of an unsigned number"));
        }

        Follow(method, instruction, operands);
        var result = Result(method, instruction, operands);
        for (var i = PushCount(instruction); i > 0; i--)
        {
            stack = stack.Push(result);
        }

        return stack;
    }

    private static bool IsOffence(Code code, SlotKind[] operands) => code switch
    {
        Code.Shr or Code.Rem or Code.Conv_R4 or Code.Conv_R8 => operands[0] != SlotKind.Other,
        Code.Conv_I8 => operands[0] == SlotKind.UInt32,
        Code.Stind_I4 or Code.Stind_I8 => operands[1] != SlotKind.Other,
        _ => false,
    };

    /// <summary>Notes unsigned numbers that leave by a signed result or go into signed parameters.</summary>
    private void Follow(MethodDefinition method, Instruction instruction, SlotKind[] operands)
    {
        if (instruction.OpCode.Code == Code.Ret && operands is [not SlotKind.Other] && Declared(method.ReturnType) == SlotKind.Other)
        {
            _unsignedResults.Add(method);
        }

        if (instruction.OpCode.FlowControl != FlowControl.Call)
        {
            return;
        }

        foreach (var target in _image.CallTargets.Of(instruction))
        {
            var first = operands.Length - target.Parameters.Count;
            _unsignedArguments.UnionWith(target.Parameters.Where(
                parameter => operands[first + parameter.Index] != SlotKind.Other && Declared(parameter.ParameterType) == SlotKind.Other));
        }
    }

    private SlotKind Result(MethodDefinition method, Instruction instruction, SlotKind[] operands)
    {
        switch (instruction.OpCode.Code)
        {
            case Code.Conv_U4 or Code.Conv_U or Code.Ldelem_U4 or Code.Ldind_U4:
                return SlotKind.UInt32;
            case Code.Conv_U8:
                return SlotKind.UInt64;
            case Code.Add or Code.Sub or Code.Mul or Code.Div or Code.Div_Un or Code.Rem or Code.Rem_Un or Code.And or Code.Or or Code.Xor:
            case Code.Shl or Code.Shr or Code.Shr_Un or Code.Neg or Code.Not or Code.Dup:
                return operands[0];
            case Code.Call or Code.Callvirt:
                var callee = (MethodReference)instruction.Operand;
                return _image.CallTargets.Of(instruction).Any(_unsignedResults.Contains) ? Unsigned(callee.ReturnType) : Declared(callee.ReturnType);
            default:
                var argument = StackLoad.Argument(method, instruction);
                return argument is not null && _unsignedArguments.Contains(argument)
                    ? Unsigned(argument.ParameterType)
                    : Declared(StackLoad.TypeOf(method, instruction));
        }
    }

    /// <summary>What a number of a declared type is.</summary>
    private static SlotKind Declared(TypeReference? type) => Underlying(type)?.MetadataType switch
    {
        MetadataType.UInt32 => SlotKind.UInt32,
        MetadataType.UInt64 => SlotKind.UInt64,
        _ => SlotKind.Other,
    };

    /// <summary>What an unsigned number is that stands where a type is declared.</summary>
    private static SlotKind Unsigned(TypeReference type) =>
        Underlying(type)!.MetadataType is MetadataType.Int64 or MetadataType.UInt64 ? SlotKind.UInt64 : SlotKind.UInt32;

    private static TypeReference? Underlying(TypeReference? type) => type is not null && FirmwareImage.IsEnum(type)
        ? type.Resolve().Fields.Single(field => !field.IsStatic).FieldType
        : type;

    private static ImmutableStack<SlotKind> Merge(ImmutableStack<SlotKind> one, ImmutableStack<SlotKind> other) =>
        [.. one.Zip(other, (a, b) => a == SlotKind.Other ? b : a).Reverse()];

    private static IEnumerable<Instruction> Successors(Instruction instruction)
    {
        var destinations = TickCost.Destinations(instruction);
        return instruction.OpCode.FlowControl is FlowControl.Branch or FlowControl.Return or FlowControl.Throw
            ? destinations
            : destinations.Append(instruction.Next);
    }

    private static int PopCount(MethodDefinition method, Instruction instruction, ImmutableStack<SlotKind> stack)
    {
        if (instruction.OpCode.Code == Code.Ret)
        {
            return method.ReturnType.MetadataType == MetadataType.Void ? 0 : 1;
        }

        if (instruction.Operand is MethodReference callee && instruction.OpCode.FlowControl == FlowControl.Call)
        {
            return callee.Parameters.Count + (callee.HasThis && instruction.OpCode.Code != Code.Newobj ? 1 : 0);
        }

        return instruction.OpCode.StackBehaviourPop switch
        {
            StackBehaviour.Pop0 => 0,
            StackBehaviour.PopAll => stack.Count(),
            var several => several.ToString().Split('_').Length,
        };
    }

    private static int PushCount(Instruction instruction) => instruction.OpCode.StackBehaviourPush switch
    {
        StackBehaviour.Push0 => 0,
        StackBehaviour.Push1_push1 => 2,
        StackBehaviour.Varpush => ((MethodReference)instruction.Operand).ReturnType.MetadataType == MetadataType.Void ? 0 : 1,
        _ => 1,
    };
}
