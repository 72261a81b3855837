// PWM as the ESP32's driver does it, seen at the needle motor.

using System.Device.Gpio;
using System.Device.Pwm;
using nanoFramework.Hardware.Esp32;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class PwmTests
{
    [Fact]
    public void A_pin_without_the_function_has_no_channel()
    {
        using VirtualBoard board = new();
        bool missing = false;
        board.RunToEnd(() => missing = PwmChannel.CreateFromPin(4) is null);
        Assert.True(missing);
    }

    [Fact]
    public void Nothing_is_driven_before_start_and_pulses_end_at_stop()
    {
        using VirtualBoard board = new();
        PwmChannel? channel = null;
        board.PowerOn(() =>
        {
            GpioController controller = new();
            GpioPin watchdog = controller.OpenPin(2, PinMode.Output);
            controller.OpenPin(5, PinMode.Output).Write(PinValue.High);
            Configuration.SetPinFunction(4, DeviceFunction.PWM1);
            channel = PwmChannel.CreateFromPin(4, 1_000);
            Needles.FeedFor(watchdog, 100);
            channel!.Start();
            Needles.FeedFor(watchdog, 100);
            channel.Stop();
            Needles.FeedFor(watchdog, 1_000);
        });
        board.Run(100_000);
        Assert.Equal(0, board.Bench.NeedleMicrosteps);
        board.Run(500_000);

        long started = board.Trace.Entries.Single(entry => entry is { Signal: Signal.NeedleStep, Value: 1_000 }).TimeMicroseconds;
        long stopped = board.Trace.Entries.Single(entry => entry is { Signal: Signal.NeedleStep, Value: 0 }).TimeMicroseconds;
        Assert.Equal(((stopped - started) / 1_000) + 1, board.Bench.NeedleMicrosteps);
        Assert.InRange(board.Bench.LastNeedlePulseMicroseconds!.Value, stopped - 1_000, stopped);
    }

    [Fact]
    public void Retuning_while_running_restarts_the_period_with_one_early_pulse()
    {
        using VirtualBoard board = new();
        long beforeRetune = 0;
        long afterRetune = 0;
        board.RunToEnd(() =>
        {
            PwmChannel channel = Needles.StartAtOnce(10);
            FirmwareRuntime.Sleep(40);
            beforeRetune = board.Bench.NeedleMicrosteps;
            channel.Frequency = 10;
            afterRetune = board.Bench.NeedleMicrosteps;
        });

        Assert.Equal(1, beforeRetune);
        Assert.Equal(2, afterRetune);
    }

    [Fact]
    public void After_any_channel_has_stopped_writes_are_only_stored_until_the_next_start()
    {
        using VirtualBoard board = new();
        board.RunToEnd(() =>
        {
            PwmChannel needles = Needles.StartAtOnce(100);
            Configuration.SetPinFunction(14, DeviceFunction.PWM3);
            PwmChannel other = PwmChannel.CreateFromPin(14, 100)!;
            other.Start();
            other.Stop();
            needles.Frequency = 200;
            Assert.Equal(200, needles.Frequency);
            FirmwareRuntime.Sleep(50);
            needles.Start();
        });

        Assert.Equal([100, 200], board.Trace.Entries.Where(entry => entry.Signal == Signal.NeedleStep).Select(entry => entry.Value));
    }

    [Fact]
    public void A_duty_of_zero_or_one_makes_no_pulses()
    {
        using VirtualBoard board = new();
        long during = 0;
        board.RunToEnd(() =>
        {
            PwmChannel needles = Needles.StartAtOnce(1_000);
            needles.DutyCycle = 0;
            long before = board.Bench.NeedleMicrosteps;
            FirmwareRuntime.Sleep(50);
            needles.DutyCycle = 1;
            FirmwareRuntime.Sleep(50);
            during = board.Bench.NeedleMicrosteps - before;
        });
        Assert.Equal(0, during);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_frequency_that_does_not_exist_is_refused(int hertz)
    {
        using VirtualBoard board = new();
        Assert.Throws<ArgumentException>(() => board.RunToEnd(() => Needles.StartAtOnce(1_000).Frequency = hertz));
    }
}
