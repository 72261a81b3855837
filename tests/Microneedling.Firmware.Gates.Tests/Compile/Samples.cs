// Pieces of source that the device's compiler must refuse, with the error each gives, and pieces that it must take. One error a piece:
// an error in a declaration hides those in bodies.

using System.Collections.Immutable;

namespace Microneedling.Firmware.Gates.Tests.Compile;

/// <summary>A piece of source that must not compile, the error it must give, and what the error's text must name.</summary>
internal sealed record RejectedSample(string What, string ErrorCode, string Named, string Source);

internal static class Samples
{
    /// <summary>The libraries that samples are compiled against: those of the firmware, named here so that its project cannot change a proof.</summary>
    public static readonly ImmutableArray<string> Libraries =
    [
        "mscorlib", "nanoFramework.Runtime.Events", "nanoFramework.Runtime.Native", "nanoFramework.Hardware.Esp32", "nanoFramework.System.Text",
        "System.Device.Gpio", "System.Device.Pwm", "System.IO.FileSystem", "System.IO.Ports", "System.IO.Streams",
    ];

    /// <summary>Stands before every sample.</summary>
    public const string Usings = """
        using System;
        using System.Collections;
        using System.Device.Gpio;
        using System.Device.Pwm;
        using System.IO;
        using System.IO.Ports;
        using System.Threading;
        using nanoFramework.Hardware.Esp32;
        using nanoFramework.Runtime.Native;

        """;

    public static readonly ImmutableArray<RejectedSample> Rejected =
    [
        new("a member that GpioPin lacks", "CS1061", "Foo", "class Sample { void Run(GpioPin pin) { pin.Foo(); } }"),
        new("a constructor that GpioPin lacks", "CS1729", "GpioPin", "class Sample { object Run() { return new GpioPin(); } }"),
        new("List<T>", "CS0234", "Generic", "class Sample { System.Collections.Generic.List<int> numbers; }"),
        new("LINQ", "CS0234", "Linq", "using System.Linq; class Sample { }"),
        new("async and await", "CS0518", "AsyncVoidMethodBuilder", "class Sample { async void Run() { } }"),
        new("a tuple", "CS8179", "System.ValueTuple`2", "class Sample { int Run() { var pair = (1, 2); return 0; } }"),
        new("an iterator", "CS0518", "System.Collections.Generic.IEnumerator`1", "class Sample { IEnumerable Run() { yield return null; } }"),
        new("a record", "CS0518", "System.IEquatable`1", "record Sample { }"),
        new("a nullable number", "CS0518", "System.Nullable`1", "class Sample { void Run() { int? maybe = 1; } }"),
        new("decimal", "CS0518", "System.Decimal", "class Sample { decimal amount; }"),
        new("Span<T>", "CS0246", "Span<>", "class Sample { void Run(Span<byte> bytes) { } }"),
        new("a volatile field", "CS0518", "System.Runtime.CompilerServices.IsVolatile", "class Sample { volatile bool stopped; }"),
        new("an index from the end", "CS0518", "System.Index", "class Sample { int Run(int[] values) { return values[^1]; } }"),
        new("string.Join", "CS0117", "Join", "class Sample { string Run() { return string.Join(\",\", new string[0]); } }"),
        new("Console.ReadLine", "CS0117", "ReadLine", "class Sample { string Run() { return Console.ReadLine(); } }"),
        new("Buffer.BlockCopy", "CS0103", "Buffer", "class Sample { void Run(byte[] a, byte[] b) { Buffer.BlockCopy(a, 0, b, 0, 1); } }"),
        new("Interlocked on a long", "CS1503", "ref int", "class Sample { long count; void Run() { Interlocked.Increment(ref count); } }"),
        new("Thread.MemoryBarrier", "CS0117", "MemoryBarrier", "class Sample { void Run() { Thread.MemoryBarrier(); } }"),
        new("a thread with a parameter", "CS1593", "ThreadStart", "class Sample { void Run() { new Thread(state => { }); } }"),
        new("SerialPort.DiscardInBuffer", "CS1061", "DiscardInBuffer", "class Sample { void Run(SerialPort port) { port.DiscardInBuffer(); } }"),
        new("System.Math without its reference", "CS0103", "Math", "class Sample { int Run(int a) { return Math.Abs(a); } }"),
        new("File.ReadLines", "CS0117", "ReadLines", "class Sample { object Run() { return File.ReadLines(\"I:\\\\a.bin\"); } }"),
        new("Stopwatch without its reference", "CS0246", "Stopwatch", "using System.Diagnostics; class Sample { Stopwatch watch; }"),
        new("a file-scoped namespace", "CS8773", "file-scoped namespace", "namespace Sample; class Sample { }"),
        new("a primary constructor", "CS8773", "primary constructors", "class Sample(int value) { }"),
        new("a raw string literal", "CS8773", "raw string literals", "class Sample { string text = \"\"\"\n\n\"\"\"; }"),
        new("a collection expression", "CS8773", "collection expressions", "class Sample { int[] values = [1]; }"),
        new("a with expression on a struct", "CS8773", "with on structs", "struct Sample { int a; Sample Run() { return this with { a = 1 }; } }"),
        new("unsafe code", "CS0227", "/unsafe", "unsafe class Sample { }"),
    ];

    /// <summary>What the firmware is made of.</summary>
    public static readonly ImmutableDictionary<string, string> Accepted = new Dictionary<string, string>
    {
        ["classes, arrays, switches and patterns"] = """
            internal abstract class Shape { public abstract int Area { get; } public int Id { get; init; } }
            internal sealed class Square : Shape { private readonly int _side; public Square(int side) { _side = side; } public override int Area => _side * _side; }
            internal static class Sample
            {
                private static readonly byte[] Table = { 1, 2, 3, 4, 5, 6, 7, 8 };
                private const int Limit = 2_500;
                public static int Run(object thing, int[][] rows)
                {
                    var sum = 0;
                    foreach (var row in rows) { for (var i = 0; i < row.Length; i++) { sum += row[i] << 1; } }
                    switch (sum & 3) { case 0: sum++; break; case 1: case 2: sum--; break; default: sum = Table[sum & 7]; break; }
                    var kind = sum switch { < 0 => -1, 0 => 0, > 0 and < Limit => 1, _ => 2 };
                    return thing is Square { Area: > 4 } square ? square.Area : kind;
                }
                public static string Name(string code) { switch (code) { case "a": return "first"; case "b": return "second"; default: return nameof(code); } }
            }
            """,
        ["delegates, lambdas, events, local functions"] = """
            internal delegate void Notify(int code);
            internal class Sample
            {
                public event Notify Notified;
                public void Run(int offset)
                {
                    Notify handler = code => Notified?.Invoke(code + offset);
                    handler += Report;
                    handler(Twice(3));
                    int Twice(int value) => value * 2;
                }
                private static void Report(int code) { }
            }
            """,
        ["threads, locks, interlocked numbers, exceptions"] = """
            internal class Sample
            {
                private readonly object _gate = new object();
                private int _count;
                public void Run()
                {
                    var thread = new Thread(Work) { Priority = ThreadPriority.AboveNormal };
                    thread.Start();
                    Thread.Sleep(10);
                    Interlocked.Exchange(ref _count, 0);
                }
                private void Work()
                {
                    try { lock (_gate) { Interlocked.Increment(ref _count); } }
                    catch (InvalidOperationException error) when (error.Message != null) { throw; }
                    finally { _count--; }
                }
            }
            """,
        ["pins"] = """
            internal class Sample
            {
                public bool Run()
                {
                    var controller = new GpioController();
                    GpioPin enable = controller.OpenPin(4, PinMode.Output);
                    GpioPin home = controller.OpenPin(5, PinMode.InputPullUp);
                    enable.Write(PinValue.High);
                    enable.Toggle();
                    home.ValueChanged += (sender, change) => enable.Write(PinValue.Low);
                    return (bool)home.Read() || home.Read() == PinValue.Low;
                }
            }
            """,
        ["PWM, pulse counter and timer"] = """
            internal class Sample
            {
                public ulong Run()
                {
                    Configuration.SetPinFunction(6, DeviceFunction.PWM1);
                    PwmChannel channel = PwmChannel.CreateFromPin(6, 400, 0.5);
                    channel.Start();
                    channel.Frequency = 40_000;
                    channel.Stop();
                    var counter = new GpioPulseCounter(7) { Polarity = GpioPulsePolarity.Rising, FilterPulses = 100 };
                    counter.Start();
                    long strokes = counter.Read().Count;
                    return HighResTimer.GetCurrent() + (ulong)strokes;
                }
            }
            """,
        ["serial port"] = """
            internal class Sample
            {
                private readonly byte[] _received = new byte[64];
                public int Run()
                {
                    var port = new SerialPort("COM2", 115200, Parity.None, 8, StopBits.One) { ReadBufferSize = 2048 };
                    port.DataReceived += OnReceived;
                    port.Open();
                    var count = port.BytesToRead < _received.Length ? port.BytesToRead : _received.Length;
                    count = port.Read(_received, 0, count);
                    port.Write(_received, 0, count);
                    return count;
                }
                private void OnReceived(object sender, SerialDataReceivedEventArgs received) { }
            }
            """,
        ["files and the target's name"] = """
            internal class Sample
            {
                private readonly byte[] _bytes = new byte[32];
                public int Run()
                {
                    if (SystemInfo.TargetName != "ESP32_S3_QUAD" || !File.Exists("I:\\a.bin")) { return 0; }
                    var count = 0;
                    using (var stream = new FileStream("I:\\a.bin", FileMode.Open, FileAccess.Read)) { count = stream.Read(_bytes, 0, _bytes.Length); }
                    File.Delete("I:\\b.bin");
                    using (var stream = new FileStream("I:\\b.bin", FileMode.Create, FileAccess.Write)) { stream.Write(_bytes, 0, count); stream.Flush(); }
                    return count;
                }
            }
            """,
        ["the constant NANOFRAMEWORK_1_0"] = """
            #if NANOFRAMEWORK_1_0
            class Sample { }
            #else
            #error not the device
            #endif
            """,
    }.ToImmutableDictionary();
}
