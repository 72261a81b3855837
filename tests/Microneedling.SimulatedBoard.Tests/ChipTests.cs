// What differs between the chips: their names, their pins, and how fine their PWM is.

using System.Device.Gpio;
using System.Device.Pwm;
using Microneedling.SimulatedBoard.Chip;
using Microneedling.SimulatedBoard.Mechanics;
using nanoFramework.Hardware.Esp32;
using nanoFramework.Runtime.Native;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class ChipTests
{
    private static readonly int[] S3Pins = [.. Enumerable.Range(0, 19), 21, .. Enumerable.Range(38, 5), 45, 46, 47, 48];
    private static readonly int[] Rev3Outputs = [0, 2, 4, 5, .. Enumerable.Range(12, 8), 21, 22, 23, 25, 26, 27, 32, 33];
    private static readonly int[] Rev3InputsOnly = [34, 35, 36, 37, 38, 39];

    [Theory]
    [InlineData(BoardChip.Esp32S3, "ESP32_S3_QUAD", 49)]
    [InlineData(BoardChip.Esp32Rev3, "ESP32_REV3", 40)]
    public void Each_chip_says_by_its_target_which_it_is_and_by_its_platform_only_its_family(BoardChip chip, string target, int pins)
    {
        using VirtualBoard board = new(new BoardOptions { Chip = chip });
        board.RunToEnd(() =>
        {
            Assert.Equal(target, SystemInfo.TargetName);
            Assert.Equal("ESP32", SystemInfo.Platform);
            Assert.Equal(pins, new GpioController().PinCount);
        });
    }

    [Theory]
    [InlineData(BoardChip.Esp32S3)]
    [InlineData(BoardChip.Esp32Rev3)]
    public void Only_the_pins_that_the_chip_has_to_spare_can_be_opened(BoardChip chip)
    {
        int[] expectedOutputs = chip == BoardChip.Esp32S3 ? S3Pins : Rev3Outputs;
        int[] expectedInputs = chip == BoardChip.Esp32S3 ? S3Pins : [.. Rev3Outputs, .. Rev3InputsOnly];
        Assert.Equal(expectedInputs, Openable(chip, PinMode.Input));
        Assert.Equal(expectedOutputs, Openable(chip, PinMode.InputPullUp));
        Assert.Equal(expectedOutputs, Openable(chip, PinMode.InputPullDown));
        Assert.Equal(expectedOutputs, Openable(chip, PinMode.Output));
    }

    [Fact]
    public void Every_wired_pin_exists_and_what_the_firmware_drives_can_be_driven()
    {
        Signal[] outputs =
        [
            Signal.NeedleStep, Signal.NeedleEnable, Signal.DepthStep, Signal.DepthDirection, Signal.DepthEnable,
            Signal.SerialTransmit, Signal.WatchdogToggle, Signal.AlarmLed, Signal.AlarmBuzzer,
        ];
        foreach (BoardChip chip in Enum.GetValues<BoardChip>())
        {
            int[] drivable = Openable(chip, PinMode.Output);
            int[] readable = Openable(chip, PinMode.Input);
            Assert.All(Wiring.Pins(chip), pin => Assert.Contains(pin.Key, outputs.Contains(pin.Value) ? drivable : readable));
            Assert.All(Wiring.ExternalPulls(chip), pull => Assert.Contains(pull.Key, Wiring.Pins(chip).Keys));
        }
    }

    [Fact]
    public void An_input_only_pin_takes_no_other_mode_later_and_carries_no_pulses_and_no_transmitter()
    {
        using VirtualBoard board = new(new BoardOptions { Chip = BoardChip.Esp32Rev3 });
        board.RunToEnd(() =>
        {
            GpioController controller = new();
            GpioPin pin = controller.OpenPin(34, PinMode.Input);
            Assert.False(pin.IsPinModeSupported(PinMode.InputPullUp));
            Assert.False(controller.IsPinModeSupported(34, PinMode.Output));
            Assert.True(controller.IsPinModeSupported(33, PinMode.Output));
            Assert.Throws<ArgumentException>(() => pin.SetPinMode(PinMode.InputPullDown));
            Configuration.SetPinFunction(35, DeviceFunction.PWM1);
            Assert.Throws<ArgumentException>(() => PwmChannel.CreateFromPin(35, 100));
            Configuration.SetPinFunction(36, DeviceFunction.COM2_TX);
            Configuration.SetPinFunction(39, DeviceFunction.COM2_RX);
            Assert.Throws<ArgumentException>(() => new System.IO.Ports.SerialPort("COM2").Open());
        });
    }

    [Fact]
    public void The_inputs_without_pull_resistors_that_can_be_left_open_are_pulled_on_the_board_to_the_side_that_stops()
    {
        Dictionary<Signal, bool> pulls = Wiring.ExternalPulls(BoardChip.Esp32Rev3)
            .ToDictionary(pull => Wiring.Pins(BoardChip.Esp32Rev3)[pull.Key], pull => pull.Value);
        Assert.Equal(new Dictionary<Signal, bool> { [Signal.SupplyGood] = false, [Signal.NeedleDiagnosis] = true }, pulls);
        Assert.Empty(Wiring.ExternalPulls(BoardChip.Esp32S3));
    }

    [Fact]
    public void What_drives_a_wire_wins_then_the_boards_resistor_then_the_chips_and_else_nobody()
    {
        (WireLevel Driven, WireLevel Board, PinMode Mode, WireLevel Seen)[] cases =
        [
            (WireLevel.Low, WireLevel.High, PinMode.InputPullUp, WireLevel.Low),
            (WireLevel.High, WireLevel.Low, PinMode.InputPullDown, WireLevel.High),
            (WireLevel.Open, WireLevel.Low, PinMode.InputPullUp, WireLevel.Low),
            (WireLevel.Open, WireLevel.High, PinMode.InputPullDown, WireLevel.High),
            (WireLevel.Open, WireLevel.High, PinMode.Input, WireLevel.High),
            (WireLevel.Open, WireLevel.Open, PinMode.InputPullUp, WireLevel.High),
            (WireLevel.Open, WireLevel.Open, PinMode.InputPullDown, WireLevel.Low),
            (WireLevel.Open, WireLevel.Open, PinMode.Input, WireLevel.Open),
        ];
        Assert.All(cases, one => Assert.Equal(one.Seen, PinBank.Settled(one.Driven, one.Board, one.Mode)));
    }

    [Fact]
    public void The_calls_of_every_tick_allocate_nothing_on_the_way_through_the_board()
    {
        using VirtualBoard board = new();
        long allocated = -1;
        board.RunToEnd(() =>
        {
            GpioController controller = new();
            GpioPin watchdog = controller.OpenPin(2, PinMode.Output);
            GpioPin step = controller.OpenPin(6, PinMode.Output);
            GpioPin home = controller.OpenPin(8, PinMode.InputPullUp);
            controller.OpenPin(5, PinMode.Output).Write(PinValue.High);
            GpioPulseCounter counter = new(16);
            counter.Start();
            watchdog.Toggle();
            PwmChannel channel = Needles.StartPulses(4_000);

            void Ticks(int count)
            {
                for (int i = 0; i < count; i++)
                {
                    watchdog.Toggle();
                    step.Write((i & 1) == 0 ? PinValue.High : PinValue.Low);
                    _ = home.Read();
                    _ = counter.Read();
                    _ = HighResTimer.GetCurrent();
                    channel.Frequency = 4_000 + (i & 1);
                }
            }

            Ticks(10_000);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Ticks(1_000);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData(BoardChip.Esp32S3, 100, 13)]
    [InlineData(BoardChip.Esp32S3, 2_000, 13)]
    [InlineData(BoardChip.Esp32S3, 9_700, 13)]
    [InlineData(BoardChip.Esp32S3, 9_766, 12)]
    [InlineData(BoardChip.Esp32S3, 40_000, 10)]
    [InlineData(BoardChip.Esp32Rev3, 100, 19)]
    [InlineData(BoardChip.Esp32Rev3, 2_000, 15)]
    [InlineData(BoardChip.Esp32Rev3, 4_000, 14)]
    [InlineData(BoardChip.Esp32Rev3, 40_000, 10)]
    public void The_duty_is_as_fine_as_80_megahertz_allow_at_the_frequency(BoardChip chip, int hertz, int bits)
    {
        using VirtualBoard board = new(new BoardOptions { Chip = chip });
        Assert.Equal(bits, board.Pwm.ResolutionAt(hertz));
    }

    [Theory]
    [InlineData(BoardChip.Esp32S3, 0)]
    [InlineData(BoardChip.Esp32Rev3, 2)]
    public void A_ramp_through_two_octaves_below_9700_hertz_rewrites_the_duty_on_the_classic_chip_only(BoardChip chip, long rewrites)
    {
        using VirtualBoard board = new(new BoardOptions { Chip = chip });
        board.RunToEnd(() =>
        {
            Configuration.SetPinFunction(4, DeviceFunction.PWM1);
            PwmChannel channel = PwmChannel.CreateFromPin(4, 2_000)!;
            channel.Frequency = 4_000;
            channel.Frequency = 2_000;
            channel.Start();
            for (int hertz = 2_000; hertz <= 8_000; hertz += 100)
            {
                channel.Frequency = hertz;
            }
        });
        Assert.Equal(rewrites, board.Pwm.DutyRewrites);
    }

    [Fact]
    public void A_duty_finer_than_the_resolution_makes_no_pulses()
    {
        using VirtualBoard board = new();
        board.RunToEnd(() =>
        {
            PwmChannel channel = Needles.StartAtOnce(40_000);
            channel.DutyCycle = 0.000_5;
            channel.DutyCycle = 0.001_1;
        });

        Assert.Equal([40_000, 0, 40_000], board.Trace.Entries.Where(entry => entry.Signal == Signal.NeedleStep).Select(entry => entry.Value));
    }

    private static int[] Openable(BoardChip chip, PinMode mode)
    {
        using VirtualBoard board = new(new BoardOptions { Chip = chip });
        List<int> openable = [];
        board.RunToEnd(() =>
        {
            GpioController controller = new();
            for (int pin = -1; pin < 60; pin++)
            {
                try
                {
                    controller.OpenPin(pin, mode);
                    openable.Add(pin);
                }
                catch (ArgumentException)
                {
                    Assert.False(controller.IsPinModeSupported(pin, mode));
                }
            }
        });
        return [.. openable];
    }
}
