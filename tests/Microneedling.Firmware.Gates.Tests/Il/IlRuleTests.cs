using System.Collections.Immutable;
using System.Reflection;
using Microneedling.Firmware.Gates.Tests.Compile;
using Mono.Cecil.Cil;

namespace Microneedling.Firmware.Gates.Tests.Il;

/// <summary>Proofs that every rule catches what it forbids and lets pass what it does not.</summary>
public sealed class IlRuleTests
{
    private static readonly ImmutableArray<OpCode> Opcodes =
        [.. typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!)];

    public static IEnumerable<object[]> Broken => BrokenRules.All.Select(broken => new object[] { broken.Rule, broken.How });

    public static TheoryData<string> UnsupportedOpcodes =>
        [.. Opcodes.Where(opcode => LanguageRules.UnsupportedOpcodes.Contains(opcode.Code)).Select(opcode => opcode.Name)];

    public static TheoryData<string> CheckedOpcodes =>
        [.. Opcodes.Select(opcode => opcode.Name).Where(name => name.Contains(".ovf", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_rule_is_caught(string rule, string how)
    {
        var broken = BrokenRules.All.Single(candidate => candidate.Rule == rule && candidate.How == how);

        Assert.NotEqual("", Report(rule, Compile(broken.Source)));
    }

    [Theory]
    [MemberData(nameof(UnsupportedOpcodes))]
    public void An_unsupported_opcode_is_caught(string name)
    {
        Assert.Contains($"IL_0000: {name}", Report("No unsupported opcodes", ImageWith(name)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CheckedOpcodes))]
    public void A_checked_opcode_is_caught(string name)
    {
        Assert.Contains($"IL_0000: {name}", Report("No checked arithmetic", ImageWith(name)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pointer_is_caught()
    {
        Assert.NotEqual("", Report("No pointers", new(CecilSamples.WithPointerLocal())));
    }

    [Fact]
    public void A_function_pointer_is_caught()
    {
        Assert.NotEqual("", Report("No function pointers", new(CecilSamples.WithFunctionPointerLocal())));
    }

    [Fact]
    public void Every_rule_has_a_proof_that_it_catches()
    {
        string[] provenAbove = ["No unsupported opcodes", "No pointers", "No function pointers"];

        Assert.Equal(
            IlRule.All.Select(rule => rule.Name).Order(StringComparer.Ordinal),
            BrokenRules.All.Select(broken => broken.Rule).Concat(provenAbove).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_clean_control_loop_keeps_every_rule()
    {
        var image = Compile(CleanLoop);

        Assert.Equal("", string.Concat(IlRule.All.Select(rule => rule.Report(image))));
        Assert.Equal(
            ["ControlLoop.Tick", "ControlLoop.Tick → Even.Add", "ControlLoop.Tick → Odd.Add", "ControlLoop.Tick → ControlLoop.Check"],
            image.Tick.Methods.Select(image.Tick.PathTo));
    }

    [Fact]
    public void A_report_names_rule_place_offence_and_way()
    {
        var report = Report("No allocation in the tick", Compile(BrokenRules.Loop("Other();", members: "void Other()\n{\nnew object(); }")));

        Assert.Contains("garbage stops every thread", report, StringComparison.Ordinal);
        Assert.Contains("Microneedling.Firmware.ControlLoop::Other, Sample.cs(12): newobj", report, StringComparison.Ordinal);
        Assert.EndsWith("by ControlLoop.Tick → ControlLoop.Other", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("_pin.Read();", 1)]
    [InlineData("if ((bool)_pin.Read()) { _pin.Write(High); }", 4)]
    [InlineData("_pin.Write(_a == 0 ? High : Low);", 2)]
    [InlineData("if (_a == 0) { _pin.Read(); } else { _pin.Read(); _pin.Read(); }", 2)]
    [InlineData("switch (_a) { case 0: _pin.Read(); break; case 1: _pin.Toggle(); break; case 2: Twice(); break; }", 2)]
    [InlineData("if (_a == 0) { _pin.Read(); return; } Twice(); Twice();", 4)]
    [InlineData("while (_a > 0) { _a--; Twice(); } _pin.Read();", 3)]
    public void A_tick_costs_what_its_dearest_way_makes(string tick, int objects)
    {
        const string Members = "static readonly PinValue High; static readonly PinValue Low; GpioPin _pin; int _a; void Twice() { _pin.Read(); _pin.Read(); }";
        var image = Compile(BrokenRules.Loop(tick, members: Members));

        Assert.Equal(objects, image.Tick.Cost.Of(image.Tick.Entries.Single()));
    }

    [Theory]
    [InlineData("a uint shifted", "int Run(uint u) { return (int)(u >> 1); }")]
    [InlineData("a uint widened", "long Run(uint u) { return u; }")]
    [InlineData("a remainder of uints", "uint Run(uint u) { return u % 7; }")]
    [InlineData("an int from a byte", "int Run(byte b) { return (b - 250) >> 1; }")]
    [InlineData("an int from a long", "int Run(long l) { return (int)l >> 1; }")]
    [InlineData("a cast by way of long", "int Run(uint u) { return (int)(long)u >> 1; }")]
    [InlineData("stored in a field", "int _d; long Run(uint a, uint b) { _d = (int)(a - b); return _d; }")]
    [InlineData("stored in an element", "int[] _d; int Run(uint a, uint b) { _d[0] = (int)(a - b); return _d[0] >> 1; }")]
    [InlineData("kept in a local", "long Run(uint a, uint b) { int d = (int)(a - b); Use(ref d); return d; } void Use(ref int d) { }")]
    [InlineData("compared", "bool Run(uint now, uint due) { return (int)(now - due) >= 0; }")]
    [InlineData("compared elsewhere", "bool Run(uint now, uint due) { return Late((int)(now - due)); } bool Late(int by) { return by > 5; }")]
    [InlineData("added to an int and divided", "int Run(uint u, int i) { return (i + (int)u) / 3; }")]
    [InlineData("right of an int", "int Run(uint u, int i) { return (i - (int)u) >> 1; }")]
    [InlineData("an index", "byte Run(byte[] bytes, uint u) { return bytes[(int)(u & 0xFF)]; }")]
    [InlineData("a static of its own class", "static readonly int[] Table = { 1, 2, 3 }; static readonly int Length = Table.Length;")]
    [InlineData("a constant of another class", "static readonly int Four = Late.Twice(2); class Late { const int Factor = 2; static readonly int[] Table = { 1 }; public static int Twice(int value) { return value * Factor; } int Length() { return Table.Length; } }")]
    [InlineData("a library's static field", "static readonly string Empty = string.Empty;")]
    public void What_the_interpreter_computes_as_dot_net_does_passes(string what, string members)
    {
        var image = Compile($"class Sample {{ {members} }}");

        var reports = string.Concat(InterpreterRules.All.Select(rule => rule.Report(image)));
        Assert.True(reports.Length == 0, $"{what}: {reports}");
    }

    private const string CleanLoop = """
        namespace Microneedling.Firmware
        {
            internal abstract class Part { public abstract int Add(int value); }
            internal sealed class Even : Part { public override int Add(int value) { return value + 2; } }
            internal sealed class Odd : Part { public override int Add(int value) { return value + 1; } }
            internal sealed class ControlLoop
            {
                private static readonly byte[] Table = { 1, 2, 3 };
                private readonly byte[] _buffer = new byte[16];
                private readonly Part _part = new Even();
                private ThreadStart _done;
                private int _count;
                private Parity _parity;
                public void Start()
                {
                    _done = () => new object();
                    Thread.Sleep(_parity.HasFlag(Parity.Odd) ? 1 : 2);
                }
                public void Store()
                {
                    using (var stream = new FileStream("I:\\a.bin", FileMode.Create)) { stream.Write(_buffer, 0, _buffer.Length); }
                }
                public void Tick()
                {
                    for (var i = 0; i < Table.Length; i++) { _buffer[i] = Table[i]; }
                    var parity = _parity;
                    switch (parity) { case Parity.Even: _count = _part.Add(_count); break; default: _count = 0; break; }
                    Check(_count);
                }
                private void Check(int count)
                {
                    if (count < 0) { throw new ArgumentOutOfRangeException(nameof(count)); }
                    if (count > 1000) { throw new InvalidOperationException("count " + count); }
                }
            }
        }
        """;

    private static string Report(string rule, FirmwareImage image) => IlRule.All.Single(candidate => candidate.Name == rule).Report(image);

    private static FirmwareImage ImageWith(string opcodeName) => new(CecilSamples.WithOpcode(Opcodes.Single(opcode => opcode.Name == opcodeName)));

    private static FirmwareImage Compile(string source)
    {
        var build = DeviceCompiler.CompileSample(Samples.Usings + source, Samples.Libraries.Add("System.Math"));
        Assert.False(build.Image.IsEmpty, build.Report);
        return new(build.Image);
    }
}
