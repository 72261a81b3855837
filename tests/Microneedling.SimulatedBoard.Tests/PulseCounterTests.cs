// The pulse counter's limits: how many there are, what they may miss, and the reads around 32 767.

using System.Device.Gpio;
using Xunit.Abstractions;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class PulseCounterTests(ITestOutputHelper output)
{
    private const int HardwareLimit = 32_767;

    private static readonly PlatformBehaviour NotQuiet = new() { MostSliceDelayMicroseconds = 1 };

    [Theory]
    [InlineData(BoardChip.Esp32S3, 16, 4)]
    [InlineData(BoardChip.Esp32Rev3, 35, 8)]
    public void Each_chip_has_its_number_of_counters_and_they_count_the_index_sensor_only(BoardChip chip, int indexPin, int counters)
    {
        using VirtualBoard board = new(new BoardOptions { Chip = chip });
        board.RunToEnd(() =>
        {
            Assert.Throws<NotSupportedException>(() => new GpioPulseCounter(indexPin, 17));
            Assert.Throws<NotSupportedException>(() => new GpioPulseCounter(12));
            for (int i = 0; i < counters; i++)
            {
                _ = new GpioPulseCounter(indexPin);
            }

            Assert.Throws<NotSupportedException>(() => new GpioPulseCounter(indexPin));
        });
    }

    [Fact]
    public void A_counter_shares_its_pin_with_an_input_opened_before_and_with_none_opened_after()
    {
        using VirtualBoard board = new();
        board.RunToEnd(() =>
        {
            GpioController controller = new();
            controller.OpenPin(16, PinMode.Input);
            GpioPulseCounter counter = new(16);
            controller.ClosePin(16);
            Assert.Throws<InvalidOperationException>(() => controller.OpenPin(16, PinMode.Input));
            counter.Dispose();
            controller.OpenPin(16, PinMode.Input);
        });
    }

    [Fact]
    public void Starting_again_counts_from_zero_and_stopping_keeps_the_count()
    {
        List<long> counts = [];
        using VirtualBoard board = AtTop();
        board.RunToEnd(() =>
        {
            GpioPulseCounter counter = Started();
            Rise(board, 5);
            counter.Stop();
            Rise(board, 3);
            counts.Add(counter.Read().Count);
            counter.Start();
            Rise(board, 2);
            counts.Add(counter.Read().Count);
        });
        Assert.Equal([5, 2], counts);
    }

    [Fact]
    public void On_a_quiet_system_the_count_goes_on_beyond_the_hardwares_limit()
    {
        using VirtualBoard board = AtTop();
        board.RunToEnd(() =>
        {
            GpioPulseCounter counter = Started();
            Rise(board, HardwareLimit - 3);
            for (int count = HardwareLimit - 2; count < HardwareLimit + 3; count++)
            {
                Rise(board, 1);
                Assert.Equal(count, counter.Read().Count);
            }
        });
    }

    [Fact]
    public void On_any_other_system_a_read_next_to_the_hardwares_limit_is_32767_off_and_right_again_after()
    {
        using VirtualBoard board = AtTop(NotQuiet);
        List<long> errors = [];
        board.RunToEnd(() =>
        {
            GpioPulseCounter counter = Started();
            Rise(board, HardwareLimit - 4);
            for (int count = HardwareLimit - 3; count < HardwareLimit + 4; count++)
            {
                Rise(board, 1);
                errors.Add(counter.Read().Count - count);
            }
        });
        Assert.Equal([0, HardwareLimit, HardwareLimit, -HardwareLimit, -HardwareLimit, 0, 0], errors);
    }

    [Fact]
    public void A_counter_that_is_reset_in_time_never_reads_wrong()
    {
        using VirtualBoard board = AtTop(NotQuiet);
        long total = 0;
        board.RunToEnd(() =>
        {
            GpioPulseCounter counter = Started();
            for (int i = 0; i < 5; i++)
            {
                Rise(board, 16_000);
                total += counter.Reset().Count;
            }
        });
        Assert.Equal(80_000, total);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1_000, 5, 40)]
    [InlineData(100_000, 1_800, 2_200)]
    [InlineData(1_000_000, 20_000, 20_000)]
    public void A_lossy_counter_misses_its_share_of_the_edges(int perMillion, int least, int most)
    {
        const int Seed = 5;
        output.WriteLine($"Seed {Seed}.");
        long counted = CountOf(20_000, readEvery: 20_000, perMillion, Seed);
        Assert.InRange(20_000 - counted, least, most);
    }

    [Fact]
    public void Which_edges_are_missed_is_the_seeds_and_not_changed_by_how_often_the_counter_is_read()
    {
        const int Seed = 6;
        output.WriteLine($"Seeds {Seed} and {Seed + 1}.");
        long seldom = CountOf(20_000, readEvery: 20_000, perMillion: 10_000, Seed);
        Assert.Equal(seldom, CountOf(20_000, readEvery: 37, perMillion: 10_000, Seed));
        Assert.NotEqual(seldom, CountOf(20_000, readEvery: 20_000, perMillion: 10_000, Seed + 1));
    }

    private static long CountOf(int edges, int readEvery, int perMillion, int seed)
    {
        using VirtualBoard board = AtTop(new PlatformBehaviour { LostEdgesPerMillion = perMillion }, seed);
        long count = 0;
        board.RunToEnd(() =>
        {
            GpioPulseCounter counter = Started();
            for (int edge = 0; edge < edges; edge += readEvery)
            {
                Rise(board, Math.Min(readEvery, edges - edge));
                count = counter.Read().Count;
            }
        });
        return count;
    }

    // At a top dead centre the flag shows: breaking and mending the sensor is one rising edge.
    private static VirtualBoard AtTop(PlatformBehaviour? platform = null, int seed = 1) => new(new BoardOptions
    {
        Seed = seed,
        CamMicrosteps = 0,
        Platform = platform ?? PlatformBehaviour.Nominal,
    });

    private static GpioPulseCounter Started()
    {
        GpioPulseCounter counter = new(16);
        counter.Start();
        return counter;
    }

    private static void Rise(VirtualBoard board, int times)
    {
        for (int i = 0; i < times; i++)
        {
            board.Bench.SetFault(BenchFault.IndexStuckLow, true);
            board.Bench.SetFault(BenchFault.IndexStuckLow, false);
        }
    }
}
