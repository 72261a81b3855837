// What the architecture is compared with: a program for the same board that makes its step pulses itself, one by one, and
// waits between them, as stock stepper drivers do. It homes, goes to its depth, strokes, sends a report 20 times a second,
// and every 10 ms feeds the watchdog and listens for STOP. Given the same zero offset; looks at nothing else.

using System.Device.Gpio;
using System.IO.Ports;
using Microneedling.Firmware;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using nanoFramework.Hardware.Esp32;

namespace Microneedling.Benchmarks.Device;

/// <summary>How the loop waits for its next step.</summary>
internal enum NaiveWait
{
    /// <summary>It sleeps; the runtime's sleep has a grain of 10 ms.</summary>
    Sleep,

    /// <summary>It asks for the time again and again.</summary>
    Spin,
}

/// <summary>The program.</summary>
internal sealed class NaiveLoop(NaiveWait wait, int depthMicrometers, int zeroOffsetMicrometers, double strokesPerSecond)
{
    private const int MicrostepsPerStroke = 400;
    private const double StartStrokesPerSecond = 5;
    private const double RisePerSecond = 100;
    private const long WakingMicroseconds = 20_000;
    private const long StageSpacingMicroseconds = 3_175;
    private const long ReportMicroseconds = Limits.RunningStatusMilliseconds * 1_000;
    private const long LookMicroseconds = 10_000;
    private const int ReportBytes = 64;

    private readonly byte[] report = new byte[ReportBytes];
    private readonly byte[] received = new byte[1];
    private GpioPin watchdog = null!;
    private long due;
    private long lookDue;
    private long reportDue;
    private bool stopCame;

    public static IReadOnlyList<(string Name, NaiveWait Wait, string Words)> All { get; } =
    [
        ("sleep", NaiveWait.Sleep, "a loop that sleeps between its step pulses"),
        ("spin", NaiveWait.Spin, "a loop that spins between its step pulses"),
    ];

    /// <summary>The program's main method.</summary>
    public void Main()
    {
        BoardProfile pins = Esp32S3.Profile();
        GpioController gpio = new();
        watchdog = gpio.OpenPin(pins.WatchdogToggle, PinMode.Output);
        GpioPin home = gpio.OpenPin(pins.HomeSwitch, PinMode.InputPullUp);
        GpioPin direction = gpio.OpenPin(pins.DepthDirection, PinMode.Output);
        GpioPin stage = gpio.OpenPin(pins.DepthStep, PinMode.Output);
        GpioPin needle = gpio.OpenPin(pins.NeedleStep, PinMode.Output);
        GpioPin stageEnable = gpio.OpenPin(pins.DepthEnable, PinMode.Output);
        GpioPin needleEnable = gpio.OpenPin(pins.NeedleEnable, PinMode.Output);
        Configuration.SetPinFunction(pins.SerialTransmit, DeviceFunction.COM2_TX);
        Configuration.SetPinFunction(pins.SerialReceive, DeviceFunction.COM2_RX);
        using SerialPort serial = new("COM2", 115200);
        serial.Open();
        watchdog.Toggle();
        stageEnable.Write(PinValue.High);
        needleEnable.Write(PinValue.High);
        due = Now() + WakingMicroseconds;

        while (home.Read() == PinValue.High)
        {
            Step(stage, StageSpacingMicroseconds, serial);
        }

        due = Now() + WakingMicroseconds;
        direction.Write(PinValue.High);
        int steps = StageUnits.StepsForDepth(depthMicrometers, zeroOffsetMicrometers);
        for (int step = 0; step < steps; step++)
        {
            Step(stage, StageSpacingMicroseconds, serial);
        }

        double rate = Math.Min(StartStrokesPerSecond, strokesPerSecond);
        due = Now();
        while (!stopCame)
        {
            double spacing = 1e6 / (rate * MicrostepsPerStroke);
            rate = Math.Min(strokesPerSecond, rate + (RisePerSecond * spacing / 1e6));
            Step(needle, (long)spacing, serial);
        }

        direction.Write(PinValue.Low);
        due = Now() + WakingMicroseconds;
        for (int step = 0; step < steps - StageUnits.ParkedSteps; step++)
        {
            Step(stage, StageSpacingMicroseconds, serial);
        }
    }

    private static long Now() => (long)HighResTimer.GetCurrent();

    private void Step(GpioPin pin, long spacingMicroseconds, SerialPort serial)
    {
        if (wait == NaiveWait.Sleep)
        {
            FirmwareRuntime.Sleep((int)Math.Max(1, spacingMicroseconds / 1_000));
        }

        long now = Now();
        while (wait == NaiveWait.Spin && now < due)
        {
            now = Now();
        }

        pin.Toggle();
        pin.Toggle();

        // What is late stays late: catching up would be a burst that the motor cannot follow.
        due = Math.Max(due, now - spacingMicroseconds) + spacingMicroseconds;
        if (now >= lookDue)
        {
            lookDue = now + LookMicroseconds;
            Look(serial, now);
        }
    }

    private void Look(SerialPort serial, long now)
    {
        watchdog.Toggle();
        stopCame |= serial.BytesToRead > 0 && serial.Read(received, 0, 1) == 1 && received[0] == Framing.Stop;
        if (now >= reportDue)
        {
            reportDue = now + ReportMicroseconds;
            serial.Write(report, 0, report.Length);
        }
    }
}

/// <summary>Runs it, and looks at the bench as for the firmware.</summary>
internal static class NaiveRun
{
    private const int DepthMicrometers = 1_500;
    private const long LookMicroseconds = 1_000;
    private const long LongestWay = 60_000_000;
    private const int Strokes = 5;

    private static readonly double[] Rates = [10, 25, 40, 55, 70, 85, 100];

    /// <summary>Strokes at several rates, on boards with seeds 1, 2, …</summary>
    public static StrokeError[] Errors(int boards, NaiveWait wait)
    {
        StrokeError[][] errors = new StrokeError[boards * Rates.Length][];
        Parallel.For(0, errors.Length, Cores.All, i =>
        {
            double rate = Rates[i % Rates.Length];
            using VirtualBoard board = Started((i / Rates.Length) + 1, wait, DepthMicrometers, rate);
            board.RunUntil(() => board.Bench.StrokesCompleted > 0, LongestWay);
            board.RunFor((long)(1.2e6 * rate / 100));
            long settled = board.NowMicroseconds;
            board.RunFor(4_000_000 * Strokes);
            errors[i] = [.. StrokeError.Since(settled, board.Bench.Strokes, DepthMicrometers, rate)];
        });
        return [.. errors.SelectMany(some => some)];
    }

    /// <summary>The longest of several stops by the STOP byte, from the deepest depth of each board.</summary>
    public static (double PulsesMilliseconds, double SafeMilliseconds) Stop(int boards, NaiveWait wait)
    {
        (double Pulses, double Safe)[] stops = new (double, double)[boards];
        Parallel.For(0, boards, Cores.All, i =>
        {
            Random random = new(i + 1);
            using VirtualBoard board = Started(i + 1, wait, null, 60);
            using SerialHostEnd line = board.Serial.Attach(_ => { });
            Bench bench = board.Bench;
            board.RunUntil(() => bench.NeedleMicrosteps > 10, LongestWay);
            board.RunFor(random.Next(2_000_000));
            long cause = board.NowMicroseconds;
            line.Write([Framing.Stop]);
            long? safe = null;
            using (board.Watch(LookMicroseconds, _ => safe ??= bench.StageMicrometers + bench.ZeroOffsetMicrometers <= 0 ? board.NowMicroseconds : null))
            {
                board.RunUntil(() => safe is not null, LongestWay);
            }

            stops[i] = (((bench.LastNeedlePulseMicroseconds ?? cause) - cause) / 1e3, ((safe ?? throw new InvalidOperationException("It has not retracted.")) - cause) / 1e3);
        });
        return (stops.Max(stop => stop.Pulses), stops.Max(stop => stop.Safe));
    }

    private static VirtualBoard Started(int seed, NaiveWait wait, int? depthMicrometers, double strokesPerSecond)
    {
        VirtualBoard board = new(new BoardOptions { Seed = seed, Imperfections = ImperfectionLevel.Dynamic });
        int offset = board.Bench.ZeroOffsetMicrometers;
        int depth = depthMicrometers ?? StageUnits.DeepestMicrometers(offset);
        board.PowerOn(new NaiveLoop(wait, depth, offset, strokesPerSecond).Main);
        return board;
    }
}
