// For every rule, pieces of source that break it. What C# cannot be made to emit is built instruction by instruction in CecilSamples.

using System.Collections.Immutable;

namespace Microneedling.Firmware.Gates.Tests.Il;

/// <summary>A piece of source that breaks a rule, and how.</summary>
internal sealed record BrokenRule(string Rule, string How, string Source);

internal static class BrokenRules
{
    private const int TooMany = 256;

    /// <summary>22 bytes of code.</summary>
    private const string Statement = "_a ^= 81985529216486895L;";

    public static readonly ImmutableArray<BrokenRule> All =
    [
        .. Language,
        .. Sizes,
        .. FloatingPoint,
        .. ControlLoop,
    ];

    private static ImmutableArray<BrokenRule> Language =>
    [
        new("No generic types or methods of our own", "a type", "class Sample<T> { public T Value; }"),
        new("No generic types or methods of our own", "a method", "class Sample { T Same<T>(T value) { return value; } }"),
        new("No generic instantiations", "Action<T>", "class Sample { void Run(Action<int> act) { act(1); } }"),
        new("No generic instantiations", "Func<>", "class Sample { Func<int> _make; }"),
        new("No generic instantiations", "EventHandler<T>", "class Sample { event EventHandler<EventArgs> Seen { add { } remove { } } }"),
        new("No generic instantiations", "a method", "class Sample { int Run() { return Same(1); } static T Same<T>(T value) { return value; } }"),
        new("No arrays of more than one dimension", "a field", "class Sample { int[,] _grid; }"),
        new("No arrays of more than one dimension", "a new one", "class Sample { object Run() { return new int[2, 2]; } }"),
        new("No checked arithmetic", "a sum", "class Sample { int Run(int a, int b) { return checked(a + b); } }"),
        new("No checked arithmetic", "a conversion", "class Sample { byte Run(int a) { return checked((byte)a); } }"),
        new("No default interface methods", "a method", "interface ISample { int Run() { return 1; } }"),
        new("No mutable static fields", "a field", "class Sample { static int s_count; }"),
        new("No mutable static fields", "a property", "class Sample { static int Count { get; set; } }"),
        new("No enum as text", "ToString", "class Sample { string Run(Parity parity) { return parity.ToString(); } }"),
        new("No enum as text", "ToString of an Enum", "class Sample { string Run(Parity parity) { Enum boxed = parity; return boxed.ToString(); } }"),
        new("No enum as text", "concatenation", "class Sample { string Run(Parity parity) { return \"parity \" + parity; } }"),
        new("No enum as text", "interpolation", "class Sample { string Run(Parity parity, int bits) { return $\"parity {parity}, {bits}\"; } }"),
        new("No calls that fail or lie on the device", "Math.Max of longs", "class Sample { float Run(long a, long b) { return Math.Max(a, b); } }"),
        new("No calls that fail or lie on the device", "Math.Min of longs", "class Sample { float Run(long a, long b) { return Math.Min(a, b); } }"),
        new("No calls that fail or lie on the device", "a seed", "class Sample { Random Run() { return new Random(1); } }"),
        new("No calls that fail or lie on the device", "BeginInvoke", "class Sample { void Run(ThreadStart act) { act.BeginInvoke(null, null); } }"),
        new("No calls that fail or lie on the device", "EndInvoke", "class Sample { void Run(ThreadStart act) { act.EndInvoke(null); } }"),
        new("No calls that fail or lie on the device", "SpinWait", "class Sample { void Run() { Thread.SpinWait(10); } }"),
    ];

    private static ImmutableArray<BrokenRule> Sizes =>
    [
        new("At most 255 virtual methods in a type", "256", $"class Sample {{ {Times(TooMany, "public virtual void M{0}() {{ }}")} }}"),
        new("At most 255 instance methods in a type", "256", $"class Sample {{ {Times(TooMany, "void M{0}() {{ }}")} }}"),
        new("At most 255 static methods in a type", "256", $"class Sample {{ {Times(TooMany, "static void M{0}() {{ }}")} }}"),
        new("At most 255 instance fields in a type", "256", $"class Sample {{ {Times(TooMany, "int f{0};")} }}"),
        new("At most 255 static fields in a type", "256", $"class Sample {{ {Times(TooMany, "static readonly int f{0};")} }}"),
        new("At most 255 arguments of a method", "256", $"class Sample {{ static void Run({Times(TooMany, "int a{0},")} int last) {{ }} }}"),
        new("At most 255 locals in a method", "256", $"class Sample {{ void Run() {{ {Times(TooMany, "int a{0} = 0; Use(ref a{0});")} }} void Use(ref int a) {{ }} }}"),
        new("At most 255 evaluation stack slots in a method", "256", $"class Sample {{ int Run(int a) {{ return {Times(TooMany, "a + (")} a {Times(TooMany, ")")}; }} }}"),
        new("At most 255 exception clauses in a method", "256", $"class Sample {{ void Run() {{ {Times(TooMany, "try {{ Run(); }} catch {{ }}")} }} }}"),
        new("At most 255 targets in a switch", "256", $"class Sample {{ int Run(int a) {{ switch (a) {{ {Times(TooMany, "case {0}: return {0} * a;")} }} return 0; }} }}"),
        new("At most 32 767 bytes of code in a method", "1 500 statements", $"class Sample {{ long _a; void Run() {{ {Times(1500, Statement)} }} }}"),
        new("At most 65 535 bytes of code", "3 200 statements", $"class Sample {{ long _a; {Times(4, "void M{0}() {{ " + Times(800, Statement) + " }}")} }}"),
        new("At most 65 535 bytes of names and literals", "a long literal", $"class Sample {{ string Run() {{ return \"{new string('a', 66000)}\"; }} }}"),
        new("At most 65 535 bytes of names and literals", "many names", $"class Sample {{ {Times(250, "int f{0}" + new string('a', 300) + ";")} }}"),
    ];

    private static ImmutableArray<BrokenRule> FloatingPoint =>
    [
        new("Floating point only where allowed", "a field", "class Sample { double _depth; }"),
        new("Floating point only where allowed", "an array", "class Sample { float[] _depths; }"),
        new("Floating point only where allowed", "a parameter", "class Sample { void Run(float depth) { } }"),
        new("Floating point only where allowed", "a result", "class Sample { double Run() { return 0; } }"),
        new("Floating point only where allowed", "a conversion", "class Sample { int Run(int depth) { return (int)(depth * 1.5); } }"),
        new("Floating point only where allowed", "a library's parameter", "class Sample { void Run(PwmChannel channel) { channel.DutyCycle = 1; } }"),
        new("Floating point only where allowed", "a library's result", "class Sample { bool Run(TimeSpan span) { return span.TotalSeconds.Equals(null); } }"),
        new("Allowed floating point stays outside the tick", "reached", Loop("new Board();", "class Board { public Board() { PwmChannel.CreateFromPin(4, 400, 0.5); } }")),
    ];

    private static ImmutableArray<BrokenRule> ControlLoop =>
    [
        new("No allocation in the tick", "an object", Loop("new object();")),
        new("No allocation in the tick", "an array", Loop("var bytes = new byte[4]; bytes[0] = 1;")),
        new("No allocation in the tick", "an array made for params", Loop("Use(1, 2);", members: "void Use(params int[] values) { }")),
        new("No allocation in the tick", "boxing", Loop("Use(1);", members: "void Use(object value) { }")),
        new("No allocation in the tick", "a literal", Loop("_name = \"tick\";", members: "string _name;")),
        new("No allocation in the tick", "a delegate", Loop("_act = Tick;", members: "ThreadStart _act;")),
        new("No allocation in the tick", "a closure", Loop("var a = _a; _act = () => _a = a + 1;", members: "ThreadStart _act; int _a;")),
        new("No allocation in the tick", "by a method", Loop("Other();", members: "void Other() { Third(); } void Third() { new object(); }")),
        new("No allocation in the tick", "by an override", Loop("_part.Run();", "class Part { public virtual void Run() { } } class Heir : Part { public override void Run() { new object(); } }", "Part _part;")),
        new("No allocation in the tick", "by an abstract member", Loop("_part.Run();", "abstract class Part { public abstract void Run(); } class Heir : Part { public override void Run() { new object(); } }", "Part _part;")),
        new("No allocation in the tick", "by an interface", Loop("_part.Run();", "interface IPart { void Run(); } class Part : IPart { void IPart.Run() { new object(); } }", "IPart _part;")),
        new("No allocation in the tick", "by an interface kept by a base class", Loop("_part.Run();", "interface IPart { void Run(); } class Root { public void Run() { new object(); } } class Part : Root, IPart { }", "IPart _part;")),
        new("No allocation in the tick", "by a library's interface", Loop("_part.Dispose();", "class Part : IDisposable { public void Dispose() { new object(); } }", "IDisposable _part;")),
        new("No allocation in the tick", "by a delegate", Loop("_act();", members: "ThreadStart _act; public void Start() { _act = Other; } void Other() { new object(); }")),
        new("No allocation in the tick", "by a property", Loop("_a = Next;", members: "object _a; object Next { get { return new object(); } }")),
        new("No struct locals or results in the tick", "a local", Loop("Pair pair; pair.A = 1; Use(ref pair);", "struct Pair { public int A; }", "void Use(ref Pair pair) { }")),
        new("No struct locals or results in the tick", "a library's struct", Loop("var level = _pin.Read(); _high = (bool)level || level == PinValue.Low;", members: "GpioPin _pin; bool _high;")),
        new("No struct locals or results in the tick", "a result", Loop("_pair = Make();", "struct Pair { public int A; }", "Pair _pair; Pair Make() { return default; }")),
        new("Only allowed structs are loaded in the tick", "a field", Loop("Use(_pair);", "struct Pair { public int A; }", "Pair _pair; void Use(Pair pair) { }")),
        new("Only allowed structs are loaded in the tick", "an array's element", Loop("Use(_pairs[0]);", "struct Pair { public int A; }", "Pair[] _pairs; void Use(Pair pair) { }")),
        new("Only allowed structs are loaded in the tick", "an unboxed one", Loop("Use((Pair)_boxed);", "struct Pair { public int A; }", "object _boxed; void Use(Pair pair) { }")),
        new("Only allowed structs are loaded in the tick", "an argument", Loop("Use(default);", "struct Pair { public int A; }", "Pair _pair; void Use(Pair pair) { _pair = pair; }")),
        new("Only known device calls in the tick", "string concatenation", Loop("_name = _name + _name;", members: "string _name;")),
        new("Only known device calls in the tick", "formatting", Loop("_name = _a.ToString();", members: "string _name; int _a;")),
        new("Only known device calls in the tick", "enumeration", Loop("foreach (object part in _parts) { }", members: "IEnumerable _parts;")),
        new("Only known device calls in the tick", "a sleep", Loop("Thread.Sleep(1);")),
        new("Only known device calls in the tick", "a lock", Loop("lock (this) { }")),
        new("Every loop around what makes objects has a bound", "a call", Loop("while ((bool)_pin.Read()) { }", members: "GpioPin _pin;")),
        new("Every loop around what makes objects has a bound", "a method that calls", Loop("for (var i = 0; i < 3; i++) { Look(); }", members: "GpioPin _pin; bool Look() { return (bool)_pin.Read(); }")),
        new("Every loop around what makes objects has a bound", "a struct", Loop("for (var i = 0; i < 3; i++) { _pin.Write(Low); }", members: "GpioPin _pin; static readonly PinValue Low;")),
        new("No recursion in the tick", "a method", Loop("Down(3);", members: "void Down(int depth) { if (depth > 0) { Down(depth - 1); } }")),
        new("No recursion in the tick", "two methods", Loop("Ping(3);", members: "void Ping(int n) { if (n > 0) { Pong(n); } } void Pong(int n) { Ping(n - 1); }")),
        new("The tick makes few objects", "many reads", Loop(Times(Allowances.MostObjectsPerTick, "Look();"), members: "GpioPin _pin; bool Look() { return (bool)_pin.Read(); }")),
        new("The tick makes few objects", "on the dearest way", Loop("if (_a == 0) { Few(); } else { Many(); }", members: "int _a; GpioPin _pin; void Few() { _pin.Read(); } void Many() { " + Times(Allowances.MostObjectsPerTick + 1, "_pin.Read();") + " }")),
    ];

    /// <summary>A control loop with the given tick, other members, and other types beside it.</summary>
    public static string Loop(string tick, string types = "", string members = "") =>
        $"namespace Microneedling.Firmware {{ class ControlLoop {{ public void Tick() {{ {tick} }} {members} }} {types} }}";

    private static string Times(int count, string format) =>
        string.Join(' ', Enumerable.Range(0, count).Select(number => string.Format(null, format, number)));
}
