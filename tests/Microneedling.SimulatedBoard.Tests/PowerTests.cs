// Power on, power off, and firmware that ends by itself.

using System.Device.Gpio;
using System.Device.Pwm;
using nanoFramework.Hardware.Esp32;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class PowerTests
{
    [Fact]
    public void Power_off_ends_the_firmware_and_everything_it_drove_and_leaves_the_mechanism_where_it_is()
    {
        using VirtualBoard board = new(new BoardOptions { StageMicrometers = 0, CamMicrosteps = 0 });
        bool unwound = false;
        board.PowerOn(() =>
        {
            try
            {
                Needles.StartAtOnce(1_000);
                FirmwareRuntime.Sleep(Timeout.Infinite);
            }
            finally
            {
                unwound = true;
            }
        });
        board.Run(100_000);
        Assert.True(board.Bench.NeedleDriverEnabled);

        board.PowerOff();
        int cam = board.Bench.CamMicrosteps;
        board.RunFor(FakeFirmware.Seconds);

        Assert.True(unwound);
        Assert.NotEqual(0, cam);
        Assert.Equal(cam, board.Bench.CamMicrosteps);
        Assert.False(board.Bench.NeedleDriverEnabled);
        Assert.Equal(FirmwareState.Off, board.FirmwareState);
        Assert.Null(board.FirmwareException);
        Assert.Equal(new TraceEntry(board.NowMicroseconds - FakeFirmware.Seconds, Signal.NeedleStep, 0), board.Trace.Entries.Last(entry => entry.Signal == Signal.NeedleStep));
    }

    [Fact]
    public void After_power_off_every_further_call_of_the_old_firmware_throws_again()
    {
        using VirtualBoard board = new();
        int failures = 0;
        board.PowerOn(() =>
        {
            for (int i = 0; i < 3; i++)
            {
                try
                {
                    FirmwareRuntime.Sleep(Timeout.Infinite);
                }
                catch (Exception)
                {
                    failures++;
                }
            }
        });
        board.Run(1_000);
        board.PowerOff();
        Assert.Equal(3, failures);
    }

    [Fact]
    public void Firmware_that_swallows_everything_for_ever_does_not_keep_power_off_from_returning()
    {
        using VirtualBoard board = new();
        board.PowerOn(() =>
        {
            while (true)
            {
                try
                {
                    FirmwareRuntime.Sleep(10);
                }
                catch (Exception)
                {
                    continue;
                }
            }
        });
        board.Run(50_000);
        board.PowerOff();
        board.RunToEnd(() => FirmwareRuntime.Sleep(10));
        Assert.Equal(FirmwareState.Returned, board.FirmwareState);
    }

    [Fact]
    public void After_power_comes_back_pins_can_be_opened_again_and_uptime_begins_anew()
    {
        using VirtualBoard board = new();
        List<ulong> uptimes = [];
        void Firmware()
        {
            uptimes.Add(HighResTimer.GetCurrent());
            using GpioController controller = new();
            controller.OpenPin(5, PinMode.Output);
            FirmwareRuntime.Sleep(Timeout.Infinite);
        }

        board.PowerOn(Firmware);
        board.Run(FakeFirmware.Seconds);
        board.PowerOff();
        board.PowerOn(Firmware);
        board.Run(FakeFirmware.Seconds);

        Assert.Equal([(ulong)ApiCosts.HighResTimer, ApiCosts.HighResTimer], uptimes);
    }

    [Fact]
    public void Each_start_of_the_firmware_sees_other_random_numbers_and_each_seed_the_same()
    {
        static List<int> Numbers(int seed)
        {
            using VirtualBoard board = new(new BoardOptions { Seed = seed });
            List<int> numbers = [];
            for (int start = 0; start < 3; start++)
            {
                board.RunToEnd(() => numbers.Add(FirmwareRuntime.NextRandom()));
                board.PowerOff();
            }

            return numbers;
        }

        Assert.Equal(Numbers(7), Numbers(7));
        Assert.Equal(3, Numbers(7).Distinct().Count());
        Assert.NotEqual(Numbers(7), Numbers(8));
    }

    [Fact]
    public void What_the_firmware_throws_is_kept_and_outputs_stay_as_they_were()
    {
        using VirtualBoard board = new();
        board.PowerOn(() =>
        {
            Needles.StartAtOnce(400);
            throw new InvalidDataException("broken");
        });
        board.RunFor(150_000);
        long strokes = board.Bench.NeedleMicrosteps;

        Assert.Equal(FirmwareState.Failed, board.FirmwareState);
        Assert.Equal("broken", Assert.IsType<InvalidDataException>(board.FirmwareException).Message);
        Assert.InRange(strokes, 50, 60);
    }

    [Fact]
    public void What_the_firmware_throws_and_catches_itself_is_seen_all_the_same()
    {
        using VirtualBoard board = new();
        board.RunToEnd(() =>
        {
            try
            {
                throw new InvalidDataException("swallowed");
            }
            catch (InvalidDataException)
            {
            }
        });
        Assert.Equal(FirmwareState.Returned, board.FirmwareState);
        Assert.Equal("swallowed", board.LatestFirmwareThrow?.Message);
        board.PowerOff();
        Assert.Null(board.LatestFirmwareThrow);
    }

    [Fact]
    public void Power_cannot_be_given_twice_nor_taken_by_the_firmware_itself()
    {
        using VirtualBoard board = new();
        board.PowerOn(() => board.PowerOff());
        Assert.Throws<InvalidOperationException>(() => board.PowerOn(() => { }));
        board.RunFor(10);
        Assert.IsType<InvalidOperationException>(board.FirmwareException);
    }

    [Fact]
    public void A_pwm_channel_of_an_earlier_start_does_not_block_the_pin()
    {
        using VirtualBoard board = new();
        void Firmware()
        {
            Configuration.SetPinFunction(4, DeviceFunction.PWM1);
            Assert.NotNull(PwmChannel.CreateFromPin(4, 100));
        }

        board.RunToEnd(Firmware);
        board.PowerOff();
        board.RunToEnd(Firmware);
        Assert.Equal(FirmwareState.Returned, board.FirmwareState);
    }
}
