// Pins: levels, pulls, and misuse that fails on the device too.

using System.Device.Gpio;
using nanoFramework.Hardware.Esp32;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class GpioTests
{
    [Fact]
    public void Outputs_open_low_and_write_and_toggle_change_them_after_their_measured_cost()
    {
        using VirtualBoard board = new();
        List<bool> levels = [];
        long written = 0;
        long toggled = 0;
        board.RunToEnd(() =>
        {
            GpioPin pin = new GpioController().OpenPin(5, PinMode.Output);
            levels.Add((bool)pin.Read());
            long start = (long)HighResTimer.GetCurrent();
            pin.Write(PinValue.High);
            written = (long)HighResTimer.GetCurrent() - start;
            levels.Add((bool)pin.Read());
            start = (long)HighResTimer.GetCurrent();
            pin.Toggle();
            toggled = (long)HighResTimer.GetCurrent() - start;
            levels.Add((bool)pin.Read());
        });

        Assert.Equal([false, true, false], levels);
        Assert.Equal(ApiCosts.GpioWrite + ApiCosts.HighResTimer, written);
        Assert.Equal(ApiCosts.GpioToggle + ApiCosts.HighResTimer, toggled);
    }

    [Fact]
    public void Inputs_read_what_hands_and_switches_do()
    {
        using VirtualBoard board = new(new BoardOptions { StageMicrometers = 0 });
        Dictionary<int, bool> levels = [];
        board.PowerOn(() =>
        {
            GpioController controller = new();
            int[] contacts = [8, 9, 10, 11, 12];
            GpioPin[] pins = [.. contacts.Select(pin => controller.OpenPin(pin, PinMode.InputPullUp)), controller.OpenPin(13, PinMode.InputPullDown)];
            while (true)
            {
                foreach (GpioPin pin in pins)
                {
                    levels[pin.PinNumber] = (bool)pin.Read();
                }

                FirmwareRuntime.Sleep(10);
            }
        });

        board.Run(50_000);
        Assert.Equal("8:1 9:0 10:1 11:0 12:1 13:1", Words(levels));

        board.Bench.PressTrigger();
        board.Bench.PressEmergencyStop();
        board.Bench.SeatCartridge();
        board.Bench.SetSupplyGood(false);
        board.Bench.DisplaceStage(-5_000);
        board.Run(50_000);
        Assert.Equal("8:0 9:0 10:0 11:1 12:0 13:0", Words(levels));

        board.Bench.ReleaseTrigger();
        board.Bench.ReleaseEmergencyStop();
        board.Bench.RemoveCartridge();
        board.Bench.SetSupplyGood(true);
        board.Bench.DisplaceStage(5_000);
        board.Run(50_000);
        Assert.Equal("8:1 9:1 10:1 11:0 12:1 13:1", Words(levels));
    }

    [Fact]
    [Trait("Requirement", "POWER-3")]
    public void Broken_wires_and_stuck_switches_read_as_they_do_on_a_bench()
    {
        using VirtualBoard board = new(new BoardOptions { StageMicrometers = 0, CamMicrosteps = 0 });
        string levels = "";
        board.PowerOn(() =>
        {
            GpioController controller = new();
            GpioPin[] pins = [.. new[] { 8, 9, 11 }.Select(pin => controller.OpenPin(pin, PinMode.InputPullUp)), controller.OpenPin(16, PinMode.Input)];
            while (true)
            {
                levels = string.Join(' ', pins.Select(pin => $"{pin.PinNumber}:{(int)pin.Read()}"));
                FirmwareRuntime.Sleep(10);
            }
        });

        void ReadsWith(BenchFault? fault, string expected)
        {
            if (fault is { } broken)
            {
                board.Bench.SetFault(broken, true);
            }

            board.Run(30_000);
            Assert.Equal(expected, levels);
            if (fault is { } mended)
            {
                board.Bench.SetFault(mended, false);
            }
        }

        ReadsWith(null, "8:1 9:0 11:0 16:1");
        ReadsWith(BenchFault.HomeSwitchStuckClosed, "8:0 9:0 11:0 16:1");
        ReadsWith(BenchFault.LimitSwitchWireBroken, "8:1 9:1 11:0 16:1");
        ReadsWith(BenchFault.EmergencyStopWireBroken, "8:1 9:0 11:1 16:1");
        ReadsWith(BenchFault.IndexStuckLow, "8:1 9:0 11:0 16:0");
        board.Bench.DisplaceStage(-5_000);
        ReadsWith(null, "8:0 9:0 11:0 16:1");
        ReadsWith(BenchFault.HomeSwitchStuckOpen, "8:1 9:0 11:0 16:1");
        board.Bench.DisplaceStage(5_000);
        ReadsWith(null, "8:1 9:1 11:0 16:1");
        ReadsWith(BenchFault.LimitSwitchStuckClosed, "8:1 9:0 11:0 16:1");
    }

    [Fact]
    public void A_contact_without_a_pull_resistor_reads_anything_when_it_is_open()
    {
        using VirtualBoard board = new();
        HashSet<bool> read = [];
        board.RunToEnd(() =>
        {
            GpioPin trigger = new GpioController().OpenPin(10, PinMode.Input);
            for (int i = 0; i < 50; i++)
            {
                read.Add((bool)trigger.Read());
            }
        });
        Assert.Equal(2, read.Count);
    }

    [Theory]
    [InlineData(22)]
    [InlineData(49)]
    [InlineData(-1)]
    [InlineData(30)]
    public void A_pin_that_the_chip_does_not_have_or_needs_for_itself_cannot_be_opened(int pin)
    {
        using VirtualBoard board = new();
        Assert.Throws<ArgumentException>(() => board.RunToEnd(() => new GpioController().OpenPin(pin, PinMode.Output)));
    }

    [Fact]
    public void A_pin_cannot_be_opened_twice_even_by_two_controllers()
    {
        using VirtualBoard board = new();
        Assert.Throws<InvalidOperationException>(() => board.RunToEnd(() =>
        {
            new GpioController().OpenPin(5, PinMode.Output);
            new GpioController().OpenPin(5, PinMode.Output);
        }));
    }

    [Fact]
    public void A_pin_with_a_function_cannot_be_opened_and_an_open_pin_gets_no_function()
    {
        using VirtualBoard first = new();
        Assert.Throws<InvalidOperationException>(() => first.RunToEnd(() =>
        {
            Configuration.SetPinFunction(4, DeviceFunction.PWM1);
            new GpioController().OpenPin(4, PinMode.Output);
        }));
        using VirtualBoard second = new();
        Assert.Throws<InvalidOperationException>(() => second.RunToEnd(() =>
        {
            new GpioController().OpenPin(4, PinMode.Output);
            Configuration.SetPinFunction(4, DeviceFunction.PWM1);
        }));
    }

    [Fact]
    public void Writing_an_input_fails()
    {
        using VirtualBoard board = new();
        Assert.Throws<InvalidOperationException>(() => board.RunToEnd(() => new GpioController().OpenPin(10, PinMode.InputPullUp).Write(PinValue.High)));
    }

    [Fact]
    public void Pin_events_are_refused_in_words_and_not_ignored()
    {
        using VirtualBoard board = new();
        Assert.Throws<NotSupportedException>(() => board.RunToEnd(() =>
            new GpioController().OpenPin(10, PinMode.InputPullUp).ValueChanged += (_, _) => { }));
    }

    private static string Words(Dictionary<int, bool> levels) =>
        string.Join(' ', levels.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}:{(pair.Value ? 1 : 0)}"));
}
