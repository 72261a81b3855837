// Many boards at once, the same run from the same seed, how fast virtual time passes, and what the assembly may know.

using System.Device.Gpio;
using System.Device.Pwm;
using System.Diagnostics;
using System.IO.Ports;
using nanoFramework.Hardware.Esp32;
using Xunit.Abstractions;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class WholeBoardTests(ITestOutputHelper output)
{
    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        (string Wires, string Line, string Truth) first = RunBusyBoard(5);
        (string Wires, string Line, string Truth) again = RunBusyBoard(5);
        (string Wires, string Line, string Truth) other = RunBusyBoard(6);
        output.WriteLine($"Seeds 5 and 6. {first.Truth}");

        Assert.Equal(first, again);
        Assert.NotEqual(first.Truth, other.Truth);
        Assert.NotEqual(first.Line, other.Line);
    }

    [Fact]
    public void Many_boards_run_at_once_without_knowing_of_each_other()
    {
        int[] seeds = [1, 2, 3, 4];
        (string, string, string)[] alone = [.. seeds.Select(RunBusyBoard)];
        (string, string, string)[] together = new (string, string, string)[seeds.Length];
        Parallel.For(0, seeds.Length, new ParallelOptions { MaxDegreeOfParallelism = seeds.Length }, i => together[i] = RunBusyBoard(seeds[i]));
        Assert.Equal(alone, together);
    }

    [Fact]
    public void Virtual_time_passes_far_faster_than_the_wall_clock()
    {
        const int VirtualSeconds = 60;
        using VirtualBoard board = new();
        long ticks = 0;
        board.PowerOn(() => Busy(() => ticks++));
        Stopwatch wall = Stopwatch.StartNew();
        board.Run(VirtualSeconds * (long)FakeFirmware.Seconds);
        wall.Stop();

        output.WriteLine($"{VirtualSeconds} s of board time in {wall.Elapsed.TotalMilliseconds:0} ms: {VirtualSeconds / wall.Elapsed.TotalSeconds:0} times real time.");
        Assert.InRange(ticks, VirtualSeconds * 40, VirtualSeconds * 100);
    }

    [Fact]
    public void The_trace_is_bounded_and_tells_every_change_as_it_happens()
    {
        using VirtualBoard board = new();
        int told = 0;
        board.Trace.Recorded += _ => told++;
        board.RunToEnd(() =>
        {
            GpioPin pin = new GpioController().OpenPin(5, PinMode.Output);
            for (int i = 0; i < BoardTrace.Capacity + 10; i++)
            {
                pin.Toggle();
            }
        });
        Assert.Equal(BoardTrace.Capacity + 10, told);
        Assert.Equal(BoardTrace.Capacity, board.Trace.Entries.Count);
        Assert.True(board.Trace.Entries[0].TimeMicroseconds < board.Trace.Entries[^1].TimeMicroseconds);
    }

    [Fact]
    public void The_board_knows_neither_firmware_nor_protocol()
    {
        Assert.DoesNotContain(
            typeof(VirtualBoard).Assembly.GetReferencedAssemblies(),
            name => name.Name!.StartsWith("Microneedling", StringComparison.Ordinal));
    }

    private static (string Wires, string Line, string Truth) RunBusyBoard(int seed)
    {
        using VirtualBoard board = new(new BoardOptions { Seed = seed });
        List<byte> received = [];
        board.Serial.Noise = new LineNoise(0.01, 0.01, 0.01);
        using SerialHostEnd host = board.Serial.Attach(bytes => received.AddRange(bytes.ToArray()));
        board.PowerOn(() => Busy(() => { }));
        for (int i = 0; i < 20; i++)
        {
            host.Write([1, 2, 3, 4, 5]);
            board.Run(37_777);
            if (i == 10)
            {
                board.Bench.PressTrigger();
            }
        }

        return (
            string.Join('\n', board.Trace.Entries),
            Convert.ToHexString([.. received]),
            $"{board.NowMicroseconds} {board.Bench.StageNanometers} {board.Bench.CamMicrosteps} {board.Bench.NeedleMicrosteps} {board.Bench.DeepestTipMicrometers:R}");
    }

    // A control loop of 10 ms with about as many calls as a real one has.
    private static void Busy(Action tick)
    {
        GpioController controller = new();
        GpioPin watchdog = controller.OpenPin(2, PinMode.Output);
        GpioPin trigger = controller.OpenPin(10, PinMode.InputPullUp);
        GpioPin floating = controller.OpenPin(12, PinMode.Input);
        GpioPin step = controller.OpenPin(6, PinMode.Output);
        controller.OpenPin(5, PinMode.Output).Write(PinValue.High);
        controller.OpenPin(15, PinMode.Output).Write(PinValue.High);
        GpioPulseCounter strokes = new(16);
        strokes.Start();
        Configuration.SetPinFunction(17, DeviceFunction.COM2_TX);
        Configuration.SetPinFunction(18, DeviceFunction.COM2_RX);
        SerialPort port = new("COM2", 115_200) { ReadBufferSize = 1_024 };
        port.Open();
        PwmChannel needles = Needles.StartPulses(1_000);
        byte[] buffer = new byte[64];
        while (true)
        {
            watchdog.Toggle();
            needles.Frequency = 1_000 + (FirmwareRuntime.NextRandom() % 3_000);
            bool pressed = trigger.Read() == PinValue.Low;
            ulong start = HighResTimer.GetCurrent();
            for (int i = 0; i < 2; i++)
            {
                step.Toggle();
                step.Toggle();
                while (HighResTimer.GetCurrent() - start < (ulong)(1_600 * (i + 1)))
                {
                }
            }

            int count = Math.Min(port.BytesToRead, buffer.Length);
            port.Read(buffer, 0, count);
            buffer[0] = (byte)strokes.Read().Count;
            buffer[1] = (byte)(int)floating.Read();
            buffer[2] = (byte)(pressed ? 1 : 0);
            port.Write(buffer, 0, 3 + count);
            tick();
            FirmwareRuntime.Sleep(1);
        }
    }
}
