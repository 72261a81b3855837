// Every place of an assembly that names a type: heritage, fields, signatures, locals, catch clauses, instructions. A type that is made of
// others (array, pointer, generic instantiation, ...) is given with all its parts.

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microneedling.Firmware.Gates.Tests.Il;

internal static class TypeMentions
{
    /// <summary>All mentions in the assembly; constants are left out, for they exist only for the compiler.</summary>
    public static IEnumerable<(string Place, TypeReference Type)> In(FirmwareImage image) =>
        image.Types.SelectMany(InType).Concat(image.Methods.SelectMany(method => In(method)));

    /// <summary>The mentions in a method's signature and body.</summary>
    public static IEnumerable<(string Place, TypeReference Type)> In(MethodDefinition method)
    {
        var name = FirmwareImage.NameOf(method);
        var whole = Parts(method.ReturnType)
            .Concat(method.Parameters.SelectMany(parameter => Parts(parameter.ParameterType)))
            .Select(type => (name, type));
        return method.HasBody ? whole.Concat(InBody(method)) : whole;
    }

    private static IEnumerable<(string Place, TypeReference Type)> InType(TypeDefinition type)
    {
        foreach (var parent in type.Interfaces.Select(contract => contract.InterfaceType).Prepend(type.BaseType).OfType<TypeReference>())
        {
            foreach (var part in Parts(parent))
            {
                yield return (type.FullName, part);
            }
        }

        foreach (var field in type.Fields.Where(field => !field.IsLiteral))
        {
            foreach (var part in Parts(field.FieldType))
            {
                yield return ($"{type.FullName}::{field.Name}", part);
            }
        }
    }

    private static IEnumerable<(string Place, TypeReference Type)> InBody(MethodDefinition method)
    {
        var name = FirmwareImage.NameOf(method);
        foreach (var part in method.Body.Variables.SelectMany(variable => Parts(variable.VariableType)))
        {
            yield return (name + ", a local", part);
        }

        foreach (var part in method.Body.ExceptionHandlers.SelectMany(handler => Parts(handler.CatchType)))
        {
            yield return (name + ", a catch clause", part);
        }

        foreach (var instruction in method.Body.Instructions)
        {
            foreach (var part in OperandTypes(instruction).SelectMany(Parts))
            {
                yield return (FirmwareImage.PlaceOf(method, instruction), part);
            }
        }
    }

    private static IEnumerable<TypeReference?> OperandTypes(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        MethodReference method => SignatureTypes(method).Append(method.DeclaringType),
        CallSite site => SignatureTypes(site),
        _ => [],
    };

    private static IEnumerable<TypeReference?> SignatureTypes(IMethodSignature signature) =>
        signature.Parameters.Select(parameter => parameter.ParameterType).Prepend(signature.ReturnType);

    private static IEnumerable<TypeReference> Parts(TypeReference? type)
    {
        for (; type is not null; type = (type as TypeSpecification)?.ElementType)
        {
            yield return type;
            if (type is GenericInstanceType generic)
            {
                foreach (var part in generic.GenericArguments.SelectMany(Parts))
                {
                    yield return part;
                }
            }
        }
    }
}
