// Time that the firmware loses: pauses, other threads' slices; and the microsecond timer that it finds its way back by.

using System.Device.Gpio;
using nanoFramework.Hardware.Esp32;
using Xunit.Abstractions;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class LostTimeTests(ITestOutputHelper output)
{
    [Fact]
    public void A_pause_takes_its_time_from_the_firmwares_next_call_at_once_and_is_counted()
    {
        using VirtualBoard board = new();
        List<long> times = [];
        board.PowerOn(() => Poll(times));
        board.At(10_000, () => board.PauseFirmware(70_000));
        board.At(150_000, () => board.PauseFirmware(5_000));
        board.Run(200_000);

        Assert.Equal([70_000 + ApiCosts.HighResTimer, 5_000 + ApiCosts.HighResTimer], Gaps(times).Where(gap => gap != ApiCosts.HighResTimer));
        Assert.Equal(2, board.PausesTaken);
        Assert.Equal(70_000, board.LongestPauseMicroseconds);
    }

    [Fact]
    public void During_a_pause_pulses_bytes_and_the_external_watchdog_go_on()
    {
        using VirtualBoard board = new(new BoardOptions { StageMicrometers = 0, CamMicrosteps = 0 });
        board.PowerOn(() =>
        {
            Needles.StartAtOnce(4_000);
            while (true)
            {
                FirmwareRuntime.NextRandom();
            }
        });
        board.Run(20_000);
        board.PauseFirmware(1_000_000);
        long turned = board.Bench.NeedleMicrosteps;

        board.Run(100_000);
        Assert.Equal(turned + 400, board.Bench.NeedleMicrosteps);
        board.Run(200_000);
        Assert.False(board.Bench.WatchdogSatisfied);
        Assert.False(board.Bench.NeedleDriverEnabled);
    }

    [Fact]
    public void A_pause_that_was_asked_for_is_not_for_the_next_start_of_the_firmware()
    {
        using VirtualBoard board = new();
        board.PauseFirmware(1_000);
        board.PowerOn(() => FirmwareRuntime.Sleep(Timeout.Infinite));
        board.Run(10);
        board.PauseFirmware(1_000);
        board.PowerOff();
        board.RunToEnd(() => HighResTimer.GetCurrent());
        Assert.Equal(0, board.PausesTaken);
    }

    [Fact]
    public void Pauses_of_the_platform_come_at_random_within_their_bounds_and_the_same_from_the_same_seed()
    {
        PlatformBehaviour platform = new() { MostPauseMicroseconds = 30_000, MeanPauseSpacingMicroseconds = 200_000 };
        List<long> Run(int seed)
        {
            using VirtualBoard board = new(new BoardOptions { Seed = seed, Platform = platform });
            List<long> times = [];
            board.PowerOn(() => Poll(times));
            board.Run(20 * FakeFirmware.Seconds);
            List<long> pauses = [.. Gaps(times).Where(gap => gap != ApiCosts.HighResTimer).Select(gap => gap - ApiCosts.HighResTimer)];
            Assert.InRange(board.PausesTaken, pauses.Count, pauses.Count + 1);
            Assert.InRange(board.LongestPauseMicroseconds, pauses.Max(), 30_000);
            return pauses;
        }

        output.WriteLine("Seeds 1 and 2.");
        List<long> first = Run(1);
        Assert.InRange(first.Count, 60, 130);
        Assert.InRange(first.Average(), 5_000, 15_000);
        Assert.InRange(first.Count(pause => pause < 1_000), first.Count / 5, first.Count / 2);
        Assert.Equal(first, Run(1));
        Assert.NotEqual(first, Run(2));
    }

    [Fact]
    public void With_slices_of_other_threads_a_sleep_ends_late_but_on_the_10_ms_grain()
    {
        List<long> Wakes(int seed, PlatformBehaviour platform)
        {
            using VirtualBoard board = new(new BoardOptions { Seed = seed, Platform = platform });
            List<long> late = [];
            board.RunToEnd(
                () =>
                {
                    for (int i = 0; i < 500; i++)
                    {
                        long asked = (long)HighResTimer.GetCurrent() + ApiCosts.Sleep + 1_000;
                        FirmwareRuntime.Sleep(1);
                        long woke = (long)HighResTimer.GetCurrent() - ApiCosts.HighResTimer;
                        Assert.Equal(0, woke % 10_000);
                        late.Add(woke - asked);
                    }
                },
                60 * FakeFirmware.Seconds);
            return late;
        }

        output.WriteLine("Seeds 3 and 4.");
        List<long> busy = Wakes(3, new PlatformBehaviour { MostSliceDelayMicroseconds = 20_000 });
        Assert.All(busy, late => Assert.InRange(late, 0, 30_000));
        Assert.Contains(busy, late => late > 20_000);
        Assert.Contains(busy, late => late < 10_000);
        Assert.Equal(busy, Wakes(3, new PlatformBehaviour { MostSliceDelayMicroseconds = 20_000 }));
        Assert.NotEqual(busy, Wakes(4, new PlatformBehaviour { MostSliceDelayMicroseconds = 20_000 }));
        Assert.All(Wakes(3, PlatformBehaviour.Nominal), late => Assert.InRange(late, 0, 9_999));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((1L << 32) - 15_003)]
    [InlineData((1L << 53) - 15_003)]
    public void Sleeps_keep_the_grain_counted_from_power_on_whatever_the_microsecond_timer_shows(long timer)
    {
        using VirtualBoard board = new(new BoardOptions { StartMicroseconds = 777, TimerAtPowerOnMicroseconds = timer });
        List<long> woke = [];
        List<ulong> shown = [];
        board.RunToEnd(() =>
        {
            for (int i = 0; i < 4; i++)
            {
                FirmwareRuntime.Sleep(1);
                shown.Add(HighResTimer.GetCurrent());
                woke.Add(board.NowMicroseconds - 777 - ApiCosts.HighResTimer);
            }
        });

        Assert.Equal([10_000, 20_000, 30_000, 40_000], woke);
        Assert.Equal(woke.Select(at => (ulong)(timer + at + ApiCosts.HighResTimer)), shown);
    }

    [Fact]
    public void The_pulse_counters_time_stays_exact_where_a_double_would_not()
    {
        const long Timer = (1L << 53) + 1;
        using VirtualBoard board = new(new BoardOptions { TimerAtPowerOnMicroseconds = Timer });
        long counted = 0;
        board.RunToEnd(() =>
        {
            GpioPulseCount count = new GpioPulseCounter(16).Read();
            counted = count.RelativeTime.Ticks / TimeSpan.TicksPerMicrosecond;
        });
        Assert.Equal(Timer + ApiCosts.PulseCounterOpen + ApiCosts.PulseCounterRead, counted);
    }

    private static void Poll(List<long> times)
    {
        while (true)
        {
            times.Add((long)HighResTimer.GetCurrent());
        }
    }

    private static IEnumerable<long> Gaps(List<long> times) => times.Zip(times.Skip(1), (before, after) => after - before);
}
