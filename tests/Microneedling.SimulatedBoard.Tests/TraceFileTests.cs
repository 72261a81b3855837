// A run on file: read back as a viewer would, and compared with what the board says of itself.

using System.Device.Gpio;
using System.Device.Pwm;
using System.Globalization;
using Microneedling.Testing;
using nanoFramework.Hardware.Esp32;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class TraceFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("microneedling-trace-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Every_entry_of_the_boards_trace_is_in_the_dump_at_its_time_and_every_variable_is_used()
    {
        string path = Path.Combine(directory, "run.vcd");
        IReadOnlyList<TraceEntry> entries;
        using (VirtualBoard board = new(Options(path)))
        {
            RunStrokes(board);
            entries = board.Trace.Entries;
        }

        Dump dump = Dump.Read(path);
        Assert.Equal("1 us", dump.Timescale);
        Assert.All(dump.Variables, name => Assert.NotNull(dump.At(name, 0)));
        Assert.True(entries.Count > 50);
        Assert.Contains(entries, entry => entry is { Signal: Signal.NeedleStep, Value: > 1 });
        foreach (TraceEntry last in entries.GroupBy(entry => (entry.Signal, entry.TimeMicroseconds)).Select(group => group.Last()))
        {
            string name = last.Signal == Signal.NeedleStep ? "needle_step_hz" : TraceRecorder.NameOf(last.Signal);
            Assert.Equal(last.Value, dump.At(name, last.TimeMicroseconds));
        }
    }

    [Fact]
    public void The_dump_holds_where_stage_and_cam_really_are_a_millisecond_apart_and_after_every_step()
    {
        string path = Path.Combine(directory, "run.vcd");
        List<(long At, double Stage, double Cam, double Tip)> truth = [];
        using (VirtualBoard board = new(Options(path)))
        {
            using IDisposable watch = board.Watch(5_000, seen => truth.Add(
                (seen.NowMicroseconds, seen.Bench.StageMicrometers, seen.Bench.CamMicrosteps * 0.225, seen.Bench.TipMicrometers)));
            RunStrokes(board);
        }

        Dump dump = Dump.Read(path);
        Assert.True(truth.Max(one => one.Stage) > truth.Min(one => one.Stage));
        foreach ((long at, double stage, double cam, double tip) in truth)
        {
            Assert.InRange(stage - dump.At("stage_um", at + 1)!.Value, -0.001, 0.001);
            double[] cams = [.. dump.Between("cam_degrees", at - 1_000, at + 1_000)];
            Assert.Contains(cams, one => Math.Abs(one - cam) <= 1);
            Assert.Contains(dump.Between("tip_um", at - 1_000, at + 1_000), one => Math.Abs(one - tip) <= 40);
        }
    }

    [Fact]
    public void The_index_flag_shows_within_a_tenth_of_a_millisecond_as_often_as_strokes_were_made()
    {
        string path = Path.Combine(directory, "run.vcd");
        long strokes;
        using (VirtualBoard board = new(Options(path)))
        {
            RunStrokes(board);
            strokes = board.Bench.StrokesCompleted;
        }

        long[] rises = [.. Dump.Read(path).Changes("index").Where(one => one.Value == 1).Select(one => one.Time).Skip(1)];
        Assert.InRange(rises.Length, strokes, strokes + 1);
        Assert.All(rises.Zip(rises.Skip(1), (before, after) => after - before), gap => Assert.InRange(gap, 40_000 - 101, 40_000 + 101));
    }

    [Fact]
    public void What_the_external_watchdog_and_the_hands_on_the_bench_do_is_in_the_dump_at_its_exact_time()
    {
        string path = Path.Combine(directory, "run.vcd");
        using (VirtualBoard board = new(Options(path)))
        {
            board.PowerOn(() =>
            {
                new GpioController().OpenPin(2, PinMode.Output).Toggle();
                FirmwareRuntime.Sleep(Timeout.Infinite);
            });
            board.At(50_123, board.Bench.PressTrigger);
            board.At(60_456, board.Bench.ReleaseTrigger);
            board.Run(300_000);
        }

        Dump dump = Dump.Read(path);
        Assert.Equal([(0, 1), (50_123, 0), (60_456, 1)], dump.Changes("trigger"));
        long edge = dump.Changes("watchdog_toggle").First(one => one.Value == 1).Time;
        Assert.Equal((edge + 200_000, 0), dump.Changes("watchdog_good")[^1]);
    }

    [Fact]
    public void The_table_holds_the_same_changes_as_the_dump_and_a_name_without_extension_makes_both()
    {
        string path = Path.Combine(directory, "deeper", "run");
        using (VirtualBoard board = new(Options(path)))
        {
            RunStrokes(board);
        }

        Dump dump = Dump.Read(path + ".vcd");
        string[] lines = File.ReadAllLines(path + ".csv");
        Assert.Equal("time_us,name,value", lines[0]);
        string[][] rows = [.. lines.Skip(1).Select(line => line.Split(','))];
        foreach (string name in dump.Variables)
        {
            Assert.Equal(
                dump.Changes(name).Select(one => (one.Time, one.Value)),
                rows.Where(row => row[1] == name).Select(row => (long.Parse(row[0], CultureInfo.InvariantCulture), Dump.Number(row[2]))));
        }
    }

    [Fact]
    public void Writing_a_trace_changes_neither_what_the_firmware_does_nor_when()
    {
        static (string Wires, string Readings) Run(string? path)
        {
            using VirtualBoard board = new(new BoardOptions { Seed = 11, TracePath = path, Imperfections = ImperfectionLevel.Dynamic });
            List<string> readings = [];
            board.PowerOn(() =>
            {
                GpioController controller = new();
                GpioPin[] inputs = [.. new[] { 8, 10, 12, 16 }.Select(pin => controller.OpenPin(pin, PinMode.InputPullUp))];
                GpioPin step = controller.OpenPin(6, PinMode.Output);
                controller.OpenPin(15, PinMode.Output).Write(PinValue.High);
                GpioPulseCounter strokes = new(16);
                strokes.Start();
                PwmChannel pulses = Needles.StartAtOnce(2_000);
                for (int i = 0; i < 3_000; i++)
                {
                    step.Toggle();
                    pulses.Frequency = 2_000 + i;
                    readings.Add($"{HighResTimer.GetCurrent()} {string.Concat(inputs.Select(input => (int)input.Read()))} {strokes.Read().Count}");
                }
            });
            board.At(50_000, board.Bench.PressTrigger);
            board.At(90_000, board.Bench.SeatCartridge);
            board.Run(3 * FakeFirmware.Seconds);
            return (string.Join('\n', board.Trace.Entries), string.Join('\n', readings));
        }

        Assert.Equal(Run(null), Run(Path.Combine(directory, "run")));
    }

    [Fact]
    public void A_trace_of_a_board_in_real_time_and_one_that_loses_its_power_is_whole_too()
    {
        string path = Path.Combine(directory, "run.csv");
        using (VirtualBoard board = new(Options(path)))
        {
            board.PowerOn(() =>
            {
                Needles.StartAtOnce(1_000);
                FirmwareRuntime.Sleep(Timeout.Infinite);
            });
            board.At(100_000, board.PowerOff);
            board.Run(200_000);
        }

        string[] lines = File.ReadAllLines(path);
        Assert.Contains("100000,needle_step_hz,0", lines);
        Assert.Contains("100000,needle_enable,0", lines);

        using (VirtualBoard board = new(new BoardOptions { RealTime = true, TracePath = path }))
        {
            board.Bench.PressTrigger();
        }

        Assert.Contains(File.ReadAllLines(path), line => line.EndsWith(",trigger,0", StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_with_another_extension_is_refused() =>
        Assert.Throws<ArgumentException>(() => new VirtualBoard(Options(Path.Combine(directory, "run.txt"))));

    [Fact]
    public void Traces_that_the_environment_asks_for_are_named_after_the_test_the_seed_and_the_run()
    {
        List<string> printed = [];
        BoardOptions Named(BoardOptions options) => TraceFiles.Apply(options, printed.Add, directory, TraceFiles.NameOfTest);
        const string Name = $"{nameof(TraceFileTests)}-{nameof(Traces_that_the_environment_asks_for_are_named_after_the_test_the_seed_and_the_run)}-seed7-";

        Assert.Equal(Path.Combine(directory, Name + "1"), Named(new BoardOptions { Seed = 7 }).TracePath);
        Assert.Equal(Path.Combine(directory, Name + "2"), Named(new BoardOptions { Seed = 7 }).TracePath);
        Assert.Equal("own.vcd", Named(new BoardOptions { TracePath = "own.vcd" }).TracePath);
        Assert.Null(TraceFiles.Apply(new BoardOptions(), printed.Add, null, TraceFiles.NameOfTest).TracePath);
        using (new VirtualBoard(new BoardOptions { TracePath = Path.Combine(directory, Name + "1") }))
        {
        }

        Assert.True(File.Exists(Path.Combine(directory, Name + "1.vcd")) && File.Exists(Path.Combine(directory, Name + "1.csv")));
        Assert.Equal(2, printed.Count);
        Assert.Contains(Name + "1", printed[0], StringComparison.Ordinal);
    }

    private static BoardOptions Options(string path) => new() { StageMicrometers = 0, CamMicrosteps = 0, TracePath = path };

    // Ten strokes and a hundred steps of the stage.
    private static void RunStrokes(VirtualBoard board)
    {
        board.PowerOn(() =>
        {
            GpioController controller = new();
            GpioPin watchdog = controller.OpenPin(2, PinMode.Output);
            GpioPin step = controller.OpenPin(6, PinMode.Output);
            controller.OpenPin(7, PinMode.Output).Write(PinValue.High);
            controller.OpenPin(5, PinMode.Output).Write(PinValue.High);
            controller.OpenPin(15, PinMode.Output).Write(PinValue.High);
            Configuration.SetPinFunction(4, DeviceFunction.PWM1);
            PwmChannel pulses = PwmChannel.CreateFromPin(4, 10_000)!;
            watchdog.Toggle();
            pulses.Frequency = 5_000;
            pulses.Start();
            pulses.Frequency = 10_000;
            for (int i = 0; i < 40; i++)
            {
                watchdog.Toggle();
                step.Toggle();
                step.Toggle();
                FirmwareRuntime.Sleep(1);
            }

            pulses.Stop();
        });
        board.At(123_456, board.Bench.SeatCartridge);
        board.Run(500_000);
    }

    /// <summary>A value change dump as a viewer reads it; fails on what none would accept.</summary>
    private sealed class Dump
    {
        private readonly Dictionary<string, List<(long Time, double Value)>> changes = [];

        internal string Timescale { get; private set; } = "";

        internal IEnumerable<string> Variables => changes.Keys;

        internal static Dump Read(string path)
        {
            Dump dump = new();
            Dictionary<string, (string Type, string Name)> variables = [];
            long time = -1;
            foreach (string line in File.ReadLines(path))
            {
                string[] words = line.Split(' ');
                switch (words[0])
                {
                    case "$timescale":
                        dump.Timescale = $"{words[1]} {words[2]}";
                        break;
                    case "$var":
                        Assert.True(variables.TryAdd(words[3], (words[1], words[4])));
                        Assert.True(dump.changes.TryAdd(words[4], []));
                        break;
                    case "$version" or "$scope" or "$upscope" or "$enddefinitions" or "$dumpvars" or "$end":
                        break;
                    default:
                        if (line[0] == '#')
                        {
                            long next = long.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
                            Assert.True(next > time, $"{next} after {time}");
                            time = next;
                        }
                        else
                        {
                            Assert.True(time >= 0);
                            string identifier = words.Length == 2 ? words[1] : line[1..];
                            (string type, string name) = variables[identifier];
                            Assert.Equal(type switch { "integer" => 'b', "real" => 'r', _ => line[0] }, line[0]);
                            double value = type == "integer" ? Convert.ToInt32(words[0][1..], 2) : Number(type == "real" ? words[0][1..] : words[0][..1]);
                            dump.changes[name].Add((time, value));
                        }

                        break;
                }
            }

            return dump;
        }

        internal static double Number(string text) => text == "x" ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture);

        internal List<(long Time, double Value)> Changes(string name) => changes[name];

        internal double? At(string name, long time)
        {
            int last = changes[name].FindLastIndex(one => one.Time <= time);
            return last >= 0 ? changes[name][last].Value : null;
        }

        internal IEnumerable<double> Between(string name, long from, long to) =>
            changes[name].Where(one => one.Time >= from && one.Time <= to).Select(one => one.Value).Append(At(name, from)!.Value);
    }
}
