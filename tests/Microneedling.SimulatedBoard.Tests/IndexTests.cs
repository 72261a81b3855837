// The index sensor and the pulse counter on it.

using System.Device.Gpio;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class IndexTests
{
    [Fact]
    public void The_counter_counts_one_rising_edge_a_stroke_however_rarely_it_is_read()
    {
        using VirtualBoard board = new(new BoardOptions { CamMicrosteps = 100 });
        long first = 0;
        long second = 0;
        long after = 0;
        board.RunToEnd(() =>
        {
            GpioPulseCounter counter = new(16) { Polarity = GpioPulsePolarity.Rising };
            counter.Start();
            Needles.StartAtOnce(4_000);
            FirmwareRuntime.Sleep(150);
            first = counter.Reset().Count;
            FirmwareRuntime.Sleep(30);
            second = counter.Read().Count;
            counter.Stop();
            FirmwareRuntime.Sleep(10);
            after = counter.Read().Count;
            Assert.False(counter.IsStarted);
        });

        Assert.Equal(board.Bench.StrokesCompleted, first + second);
        Assert.InRange(first, 1, 2);
        Assert.Equal(second, after);
    }

    [Fact]
    public void The_flag_covers_a_quarter_of_a_stroke_around_top_dead_centre()
    {
        int high = 0;
        for (int cam = 0; cam < 400; cam++)
        {
            using VirtualBoard board = new(new BoardOptions { CamMicrosteps = cam });
            bool expected = cam is <= 50 or >= 350;
            Assert.Equal(expected, board.Bench.AtTopDeadCentre);
            high += expected ? 1 : 0;
        }

        Assert.Equal(101, high);
    }

    [Fact]
    public void A_sensor_stuck_low_shows_no_edges_and_the_edge_of_its_sticking()
    {
        using VirtualBoard board = new(new BoardOptions { CamMicrosteps = 0 });
        GpioPulseCounter? counter = null;
        long count = -1;
        bool level = true;
        board.PowerOn(() =>
        {
            GpioController controller = new();
            GpioPin index = controller.OpenPin(16, PinMode.Input);
            counter = new GpioPulseCounter(16) { Polarity = GpioPulsePolarity.Both };
            counter.Start();
            FirmwareRuntime.Sleep(10);
            Needles.StartAtOnce(4_000);
            FirmwareRuntime.Sleep(150);
            count = counter.Read().Count;
            level = (bool)index.Read();
        });
        board.Run(5_000);
        board.Bench.SetFault(BenchFault.IndexStuckLow, true);
        board.Run(500_000);

        Assert.True(board.Bench.StrokesCompleted > 0);
        Assert.Equal(1, count);
        Assert.False(level);
    }
}
