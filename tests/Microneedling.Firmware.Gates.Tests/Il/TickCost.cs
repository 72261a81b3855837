// How many heap objects a tick can make: those of library calls and of struct loads, along the dearest way through each method. A virtual
// call counts as its dearest target; what stands in a loop counts as often as the loop's bound. An upper bound, not a measurement.

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microneedling.Firmware.Gates.Tests.Il;

internal sealed class TickCost
{
    private readonly TickReach _tick;
    private readonly Dictionary<MethodDefinition, long> _known = [];

    public TickCost(TickReach tick)
    {
        _tick = tick;
    }

    /// <summary>Objects that one run of a method can make. A call back to a method under way counts nothing; another rule forbids it.</summary>
    public long Of(MethodDefinition method)
    {
        if (!method.HasBody)
        {
            return 0;
        }

        if (!_known.TryGetValue(method, out var objects))
        {
            _known[method] = 0;
            objects = InLoops(method) + OnDearestWay(method);
            _known[method] = objects;
        }

        return objects;
    }

    /// <summary>Objects that one execution of a method's instruction can make.</summary>
    public long Of(MethodDefinition method, Instruction instruction)
    {
        var loads = StructLoad.Of(method, instruction) is null ? 0 : 1;
        var call = _tick.CallsOf(method).FirstOrDefault(candidate => candidate.Instruction == instruction);
        if (call is null)
        {
            return loads;
        }

        var library = Allowances.DeviceCalls.TryGetValue(FirmwareImage.NameOf(call.Callee), out var known) ? known.ObjectsPerCall : 0;
        return loads + library + call.Targets.Select(Of).DefaultIfEmpty().Max();
    }

    /// <summary>Whether a branch leads from an instruction, or from behind it, to it or before it.</summary>
    public static bool IsInLoop(MethodDefinition method, Instruction inside) => method.Body.Instructions.Any(
        branch => branch.Offset >= inside.Offset && Destinations(branch).Any(destination => destination.Offset <= inside.Offset));

    private long InLoops(MethodDefinition method)
    {
        var most = Allowances.LoopBounds.TryGetValue(FirmwareImage.NameOf(method), out var bound) ? bound.MostPerTick : 1;
        return most * TickReach.SteadyCode(method).Where(instruction => IsInLoop(method, instruction)).Sum(instruction => Of(method, instruction));
    }

    /// <summary>What stands outside loops; everything together where exceptions make more ways than the branches show.</summary>
    private long OnDearestWay(MethodDefinition method)
    {
        var objects = TickReach.SteadyCode(method)
            .Where(instruction => !IsInLoop(method, instruction))
            .ToDictionary(instruction => instruction, instruction => Of(method, instruction));
        if (method.Body.HasExceptionHandlers)
        {
            return objects.Values.Sum();
        }

        var dearestFrom = new Dictionary<Instruction, long>();
        foreach (var instruction in method.Body.Instructions.Reverse())
        {
            var onwards = Destinations(instruction).Where(destination => destination.Offset > instruction.Offset).ToList();
            if (instruction.Next is not null && instruction.OpCode.FlowControl is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw))
            {
                onwards.Add(instruction.Next);
            }

            dearestFrom[instruction] = objects.GetValueOrDefault(instruction) + onwards.Select(next => dearestFrom[next]).DefaultIfEmpty().Max();
        }

        return dearestFrom[method.Body.Instructions[0]];
    }

    /// <summary>Where a branch or switch may lead; none for other instructions.</summary>
    public static Instruction[] Destinations(Instruction branch) => branch.Operand switch
    {
        Instruction destination => [destination],
        Instruction[] destinations => destinations,
        _ => [],
    };
}
