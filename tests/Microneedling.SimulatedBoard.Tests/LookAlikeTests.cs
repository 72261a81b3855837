// Whatever the look-alikes offer, the real libraries offer in the very same shape: firmware that builds against the
// simulated board by a member that does not exist on the device would be worth nothing.

using System.Reflection;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class LookAlikeTests
{
    public static TheoryData<string> LookAlikes => [.. Types().Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(LookAlikes))]
    public void Every_public_member_of_a_look_alike_is_one_of_the_real_type(string typeName)
    {
        HashSet<string> real = RealMembers()[typeName];
        Type type = Types().Single(candidate => candidate.FullName == typeName);
        string[] invented = [.. Members(type).Where(member => !real.Contains(member))];
        Assert.True(invented.Length == 0, $"{typeName} has not:{Environment.NewLine}{string.Join(Environment.NewLine, invented)}");
    }

    [Fact]
    public void The_comparison_sees_an_invented_member_and_another_number()
    {
        Dictionary<string, HashSet<string>> real = RealMembers();
        Assert.Contains("public static System.Void SetPinFunction(System.Int32, nanoFramework.Hardware.Esp32.DeviceFunction)", real["nanoFramework.Hardware.Esp32.Configuration"]);
        Assert.DoesNotContain("public System.Void Flush()", real["System.IO.Ports.SerialPort"]);
        Assert.Contains("PWM1 = 262400", real["nanoFramework.Hardware.Esp32.DeviceFunction"]);
        Assert.True(Types().Count() > 20);
    }

    private static IEnumerable<Type> Types() => typeof(VirtualBoard).Assembly.GetExportedTypes()
        .Where(type => !type.Namespace!.StartsWith("Microneedling", StringComparison.Ordinal));

    internal static IEnumerable<string> Members(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), null)}");
        }

        if (type.IsSubclassOf(typeof(Delegate)))
        {
            return [Method(type.GetMethod("Invoke")!)];
        }

        return
        [
            .. type.GetConstructors(Declared & ~BindingFlags.Static).Select(constructor => $"public System.Void .ctor({Parameters(constructor)})"),
            .. type.GetMethods(Declared).Where(method => !method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)).Select(Method),
            .. type.GetProperties(Declared).Select(property =>
                $"{(property.GetMethod!.IsStatic ? "static " : "")}{property.PropertyType.FullName} {property.Name} {{ {Accessor("get", property.GetMethod)}{Accessor("set", property.SetMethod)}}}"),
            .. type.GetFields(Declared).Select(field => $"public {field.FieldType.FullName} {field.Name}"),
            .. type.GetEvents(Declared).Select(happening => $"event {happening.EventHandlerType!.FullName} {happening.Name}"),
        ];
    }

    private static string Accessor(string word, MethodInfo? accessor) => accessor is { IsPublic: true } ? $"{word}; " : "";

    private static string Method(MethodInfo method) =>
        $"public {(method.IsStatic ? "static " : "")}{method.ReturnType.FullName} {method.Name}({Parameters(method)})";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        (parameter.IsOut ? "out " : "") + parameter.ParameterType.FullName!.TrimEnd('&')));

    internal static Dictionary<string, HashSet<string>> RealMembers()
    {
        Dictionary<string, HashSet<string>> types = [];
        HashSet<string> members = [];
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "nanoframework-v1-signatures.tsv")))
        {
            string[] fact = line.Split('\t');
            switch (fact[0])
            {
                case "type":
                    types[fact[1]] = members = [];
                    break;
                case "method":
                    string modifiers = fact[2].Contains("static", StringComparison.Ordinal) ? "public static" : "public";
                    members.Add($"{modifiers} {fact[3]} {fact[1]}({RealParameters(fact[4])})");
                    break;
                case "property":
                    string accessors = fact[4].Replace("public ", "", StringComparison.Ordinal);
                    members.Add($"{(fact[2].Contains("static", StringComparison.Ordinal) ? "static " : "")}{fact[3]} {fact[1]} {{ {accessors.Trim()} }}");
                    break;
                case "field":
                    members.Add(fact[2].Contains("const", StringComparison.Ordinal) ? $"{fact[1]} = {fact[4][1..]}" : $"public {fact[3]} {fact[1]}");
                    break;
                case "event":
                    members.Add($"event {fact[3]} {fact[1]}");
                    break;
                default:
                    break;
            }
        }

        return types;
    }

    // "(System.Int32 pin, out System.Int32 value)": the names go.
    private static string RealParameters(string list) => string.Join(", ", list.Trim('(', ')')
        .Split(", ", StringSplitOptions.RemoveEmptyEntries)
        .Select(parameter => parameter[..parameter.LastIndexOf(' ')]));
}
