// For every rule, pieces of source that break it. What C# cannot be made to emit is built instruction by instruction in CecilSamples.

using System.Collections.Immutable;

namespace Microneedling.Firmware.Gates.Tests.Il;

/// <summary>A piece of source that breaks a rule, and how.</summary>
internal sealed record BrokenRule(string Rule, string How, string Source);

internal static class BrokenRules
{
    private const int TooMany = 256;

    private const string OtherStatics = "No static initialiser reads another class's static field";

    private const string Unsigned = "No unsigned number is shifted, widened or divided with remainder as a signed one";

    /// <summary>22 bytes of code.</summary>
    private const string Statement = "_a ^= 81985529216486895L;";

    public static readonly ImmutableArray<BrokenRule> All =
    [
        .. Language,
        .. Interpreter,
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

    private static ImmutableArray<BrokenRule> Interpreter =>
    [
        new(OtherStatics, "a field", "class Early { static readonly int Length = Late.Table.Length; } class Late { public static readonly int[] Table = { 1, 2, 3 }; }"),
        new(OtherStatics, "a field of a nested class", "class Early { static readonly int Length = Late.Table.Length; class Late { public static readonly int[] Table = { 1, 2, 3 }; } }"),
        new(OtherStatics, "by a method of the other class", "class Early { static readonly int Four = Late.Twice(2); } class Late { static readonly int Factor = int.Parse(\"2\"); public static int Twice(int value) { return value * Factor; } }"),
        new(OtherStatics, "by a method of a third class", "class Early { static readonly int Four = Middle.Twice(2); } class Middle { public static int Twice(int value) { return Late.Twice(value); } } class Late { static readonly int Factor = int.Parse(\"2\"); public static int Twice(int value) { return value * Factor; } }"),
        new(OtherStatics, "by a constructor", "class Early { static readonly Middle Kept = new Middle(); } class Middle { int _length; public Middle() { _length = Late.Table.Length; } } class Late { public static readonly int[] Table = { 1, 2, 3 }; }"),
        new(OtherStatics, "by an override", "class Early { static readonly int Length = Make().Length(); static Part Make() { return new Heir(); } } abstract class Part { public abstract int Length(); } class Heir : Part { public override int Length() { return Late.Table.Length; } } class Late { public static readonly int[] Table = { 1, 2, 3 }; }"),
        new(OtherStatics, "by reference", "class Early { static readonly int Three = Late.Pair.A; } struct Pair { public int A; } class Late { public static readonly Pair Pair = new Pair { A = 3 }; }"),
        new(Unsigned, "a field shifted", "class Sample { uint _u; int Run() { return (int)_u >> 1; } }"),
        new(Unsigned, "a field widened", "class Sample { uint _u; long Run() { return (int)_u; } }"),
        new(Unsigned, "a remainder", "class Sample { uint _u; int Run() { return (int)_u % 7; } }"),
        new(Unsigned, "a difference widened", "class Sample { uint _now; uint _then; long Run() { return (int)(_now - _then); } }"),
        new(Unsigned, "a difference of casts", "class Sample { uint _now; uint _then; long Run() { return (int)_now - (int)_then; } }"),
        new(Unsigned, "a static field", "class Sample { static readonly uint U = uint.Parse(\"1\"); int Run() { return (int)U >> 1; } }"),
        new(Unsigned, "an element", "class Sample { uint[] _u; int Run() { return (int)_u[0] >> 1; } }"),
        new(Unsigned, "a parameter", "class Sample { int Run(uint u) { return (int)u >> 1; } }"),
        new(Unsigned, "a reference", "class Sample { int Run(ref uint u) { return (int)u >> 1; } }"),
        new(Unsigned, "a local", "class Sample { uint _u; int Run() { uint u = _u; Use(ref u); return (int)u >> 1; } void Use(ref uint u) { } }"),
        new(Unsigned, "a result", "class Sample { uint _u; uint U() { return _u; } int Run() { return (int)U() >> 1; } }"),
        new(Unsigned, "a library's result", "class Sample { long Run() { return (int)nanoFramework.Runtime.Native.GC.Run(false); } }"),
        new(Unsigned, "an enum", "enum Bits : uint { None } class Sample { Bits _bits; int Run() { return (int)_bits >> 1; } }"),
        new(Unsigned, "a conversion", "class Sample { long _l; int Run() { return (int)(uint)_l >> 1; } }"),
        new(Unsigned, "a local that the compiler leaves out", "class Sample { uint _u; long Run() { int kept = (int)_u; return kept; } }"),
        new(Unsigned, "one of two", "class Sample { uint _u; long Run(bool some) { return some ? (int)_u : 0; } }"),
        new(Unsigned, "one of two, the other way", "class Sample { uint _u; long Run(bool none) { return none ? 0 : (int)_u; } }"),
        new(Unsigned, "behind a catch", "class Sample { uint _u; long Run() { try { return 1; } catch { return (int)_u; } } }"),
        new(Unsigned, "given to a parameter", "class Sample { uint _u; long Run() { return Wide((int)_u); } long Wide(int value) { return value; } }"),
        new(Unsigned, "given on to a parameter", "class Sample { uint _u; long Run() { return Through((int)_u); } long Through(int value) { return Wide(value); } long Wide(int value) { return value; } }"),
        new(Unsigned, "given to a constructor", "class Sample { uint _u; object Run() { return new Wide((int)_u); } } class Wide { long _l; public Wide(int value) { _l = value; } }"),
        new(Unsigned, "given to an override", "class Sample { uint _u; Part _part; long Run() { return _part.Wide((int)_u); } } abstract class Part { public abstract long Wide(int value); } class Heir : Part { public override long Wide(int value) { return value; } }"),
        new(Unsigned, "given to a delegate", "delegate void Take(int value); class Sample { uint _u; long _l; Take _take; void Start() { _take = Keep; } void Run() { _take((int)_u); } void Keep(int value) { _l = value; } }"),
        new(Unsigned, "given back", "class Sample { int Diff(uint a, uint b) { return (int)(a - b); } long Run(uint a, uint b) { return Diff(a, b); } }"),
        new(Unsigned, "given back by an override", "class Sample { Part _part; int Run() { return _part.Value() >> 1; } } abstract class Part { public abstract int Value(); } class Heir : Part { uint _u; public override int Value() { return (int)_u; } }"),
        new(Unsigned, "stored through a reference", "class Sample { uint _u; void Run(out int value) { value = (int)_u; } }"),
        new(Unsigned, "of 64 bits, shifted", "class Sample { long Run(ulong u) { return (long)u >> 1; } }"),
        new(Unsigned, "of 64 bits, a remainder", "class Sample { long Run() { return (long)HighResTimer.GetCurrent() % 1000; } }"),
        new(Unsigned, "of 64 bits, given back", "class Sample { long Now() { return (long)HighResTimer.GetCurrent(); } long Run() { return Now() >> 10; } }"),
        new(Unsigned, "as floating point", "class Sample { double Run(uint u) { return (int)u; } }"),
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
        new("No allocation in the tick", "a file stream", Loop("Store();", members: "string _path; void Store() { new FileStream(_path, FileMode.Open); }")),
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
        new("Only known device calls in the tick", "a file's existence", Loop("_there = File.Exists(_path);", members: "bool _there; string _path;")),
        new("Only known device calls in the tick", "writing a file", Loop("_file.Write(_bytes, 0, 16);", members: "FileStream _file; byte[] _bytes;")),
        new("Only known device calls in the tick", "the target's name", Loop("_name = SystemInfo.TargetName;", members: "string _name;")),
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
