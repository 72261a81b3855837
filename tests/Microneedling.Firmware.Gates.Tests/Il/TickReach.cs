// What the control loop's tick, or another method, can reach: every method of the assembly that it calls, directly or through virtual members,
// interfaces and delegates. Code that leads straight to a `throw` is left out: it is a programming error's way, not the steady loop's.

using System.Collections.Immutable;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microneedling.Firmware.Gates.Tests.Il;

/// <summary>A call in the steady loop: where, what is named, and the assembly's own methods that may run then.</summary>
internal sealed record TickCall(Instruction Instruction, MethodReference Callee, ImmutableArray<MethodDefinition> Targets)
{
    /// <summary>Whether the named method belongs to a library.</summary>
    public bool LeavesTheAssembly => Callee.DeclaringType.GetElementType() is not TypeDefinition;
}

internal sealed class TickReach
{
    private readonly CallTargets _targets;
    private readonly Dictionary<MethodDefinition, MethodDefinition?> _callers = [];
    private readonly Dictionary<MethodDefinition, ImmutableArray<TickCall>> _calls = [];

    /// <summary>Walks the assembly from the methods with the entry's name; from none if there are none.</summary>
    public TickReach(FirmwareImage image, string entry)
    {
        _targets = image.CallTargets;
        Cost = new TickCost(this);
        Entries = [.. image.Methods.Where(method => FirmwareImage.NameOf(method) == entry)];
        var waiting = new Queue<MethodDefinition>();
        foreach (var method in Entries)
        {
            Visit(method, null, waiting);
        }

        while (waiting.TryDequeue(out var method))
        {
            foreach (var target in CallsOf(method).SelectMany(call => call.Targets))
            {
                Visit(target, method, waiting);
            }
        }
    }

    /// <summary>The methods that the walk began from.</summary>
    public ImmutableArray<MethodDefinition> Entries { get; }

    /// <summary>What the reached code makes.</summary>
    public TickCost Cost { get; }

    /// <summary>Every method reached, with a body.</summary>
    public IEnumerable<MethodDefinition> Methods => _callers.Keys;

    /// <summary>"Tick → Work → StepOnce": one way to a reached method.</summary>
    public string PathTo(MethodDefinition method) =>
        (_callers[method] is { } caller ? PathTo(caller) + " → " : "") + $"{method.DeclaringType.Name}.{method.Name}";

    /// <summary>Whether a method can call itself, directly or through others.</summary>
    public bool IsRecursive(MethodDefinition method)
    {
        var seen = new HashSet<MethodDefinition>();
        var waiting = new Stack<MethodDefinition>([method]);
        while (waiting.TryPop(out var current))
        {
            foreach (var target in CallsOf(current).SelectMany(call => call.Targets).Where(target => target.HasBody && seen.Add(target)))
            {
                waiting.Push(target);
            }
        }

        return seen.Contains(method);
    }

    /// <summary>The calls in a method's steady code.</summary>
    public ImmutableArray<TickCall> CallsOf(MethodDefinition method)
    {
        if (!_calls.TryGetValue(method, out var calls))
        {
            calls =
            [
                .. SteadyCode(method)
                    .Where(instruction => instruction.Operand is MethodReference)
                    .Select(instruction => new TickCall(instruction, (MethodReference)instruction.Operand, [.. _targets.Of(instruction)])),
            ];
            _calls.Add(method, calls);
        }

        return calls;
    }

    /// <summary>A method's instructions without those from which there is no way but to a throw.</summary>
    public static IEnumerable<Instruction> SteadyCode(MethodDefinition method)
    {
        var doomed = new HashSet<Instruction>();
        foreach (var instruction in method.Body.Instructions.Reverse())
        {
            if (instruction.OpCode.FlowControl == FlowControl.Throw
                || (instruction.OpCode.FlowControl is FlowControl.Next or FlowControl.Call or FlowControl.Meta && doomed.Contains(instruction.Next)))
            {
                doomed.Add(instruction);
            }
        }

        return method.Body.Instructions.Where(instruction => !doomed.Contains(instruction));
    }

    private void Visit(MethodDefinition method, MethodDefinition? caller, Queue<MethodDefinition> waiting)
    {
        if (method.HasBody && _callers.TryAdd(method, caller))
        {
            waiting.Enqueue(method);
        }
    }
}
