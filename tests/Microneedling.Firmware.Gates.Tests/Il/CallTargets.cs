// Which of the assembly's own methods an instruction that names a method may run: the named one, whatever overrides or implements it, and for
// a delegate's Invoke every method that such a delegate is made of anywhere.

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microneedling.Firmware.Gates.Tests.Il;

internal sealed class CallTargets
{
    private readonly FirmwareImage _image;
    private readonly ILookup<string, MethodDefinition> _delegateTargets;

    public CallTargets(FirmwareImage image)
    {
        _image = image;
        _delegateTargets = FindDelegateTargets(image);
    }

    /// <summary>The assembly's own methods that a call, or the making of a delegate or an object, may run.</summary>
    public IEnumerable<MethodDefinition> Of(Instruction instruction)
    {
        var callee = (MethodReference)instruction.Operand;
        if (callee.Name == "Invoke" && FirmwareImage.IsDelegate(callee.DeclaringType))
        {
            return _delegateTargets[callee.DeclaringType.FullName];
        }

        var named = callee.Resolve();
        if (named is null)
        {
            return [];
        }

        var own = named.Module == _image.Module ? [named] : Enumerable.Empty<MethodDefinition>();
        return instruction.OpCode.Code is Code.Callvirt or Code.Ldvirtftn && named.IsVirtual ? own.Concat(Overriders(_image, named)) : own;
    }

    private static IEnumerable<MethodDefinition> Overriders(FirmwareImage image, MethodDefinition named) =>
        from type in image.Types
        where type != named.DeclaringType && Inherits(type, named.DeclaringType)
        from heir in Lineage(type)
        where heir.Module == image.Module
        from method in heir.Methods
        where method.IsVirtual && (HasSameShape(method, named) || method.Overrides.Any(explicitly => explicitly.Resolve() == named))
        select method;

    private static bool HasSameShape(MethodDefinition method, MethodDefinition named) =>
        method.Name == named.Name
        && method.Parameters.Select(parameter => parameter.ParameterType.FullName)
            .SequenceEqual(named.Parameters.Select(parameter => parameter.ParameterType.FullName));

    private static bool Inherits(TypeDefinition type, TypeDefinition ancestor) => Lineage(type).Any(
        link => link == ancestor || link.Interfaces.Any(contract => contract.InterfaceType.Resolve() is { } resolved && Inherits(resolved, ancestor)));

    private static IEnumerable<TypeDefinition> Lineage(TypeDefinition type)
    {
        for (var link = type; link is not null; link = link.BaseType?.Resolve())
        {
            yield return link;
        }
    }

    /// <summary>For each delegate type, the methods that one is made of anywhere in the assembly.</summary>
    private static ILookup<string, MethodDefinition> FindDelegateTargets(FirmwareImage image)
    {
        var made =
            from place in image.Instructions
            where place.Instruction.OpCode.Code is Code.Ldftn or Code.Ldvirtftn && place.Instruction.Next?.OpCode.Code == Code.Newobj
            let target = ((MethodReference)place.Instruction.Operand).Resolve()
            where target?.Module == image.Module
            let type = ((MethodReference)place.Instruction.Next.Operand).DeclaringType.FullName
            from method in target.IsVirtual ? Overriders(image, target).Prepend(target) : [target]
            select (type, method);
        return made.Distinct().ToLookup(pair => pair.type, pair => pair.method);
    }
}
