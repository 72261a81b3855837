// Time on the board: what calls cost, how sleeps wake, who runs when.

using System.Diagnostics;
using nanoFramework.Hardware.Esp32;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class ClockTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(25)]
    [InlineData(100)]
    public void A_sleep_wakes_at_the_first_10_ms_boundary_at_or_after_the_time_asked_for(int milliseconds)
    {
        using VirtualBoard board = new(new BoardOptions { StartMicroseconds = 3_333 });
        long asked = 0;
        long woke = 0;

        board.RunToEnd(() =>
        {
            FirmwareRuntime.Sleep(10);
            asked = (long)HighResTimer.GetCurrent() + ApiCosts.Sleep + (milliseconds * 1_000L);
            FirmwareRuntime.Sleep(milliseconds);
            woke = (long)HighResTimer.GetCurrent() - ApiCosts.HighResTimer;
        });

        Assert.Equal(0, woke % 10_000);
        Assert.InRange(woke, asked, asked + 9_999);
    }

    [Fact]
    public void Sleeping_zero_only_yields()
    {
        using VirtualBoard board = new();
        board.RunToEnd(() => FirmwareRuntime.Sleep(0));
        Assert.InRange(board.NowMicroseconds, ApiCosts.Sleep, 2_000);
    }

    [Fact]
    public void A_busy_wait_on_the_microsecond_clock_ends()
    {
        using VirtualBoard board = new();
        ulong waited = 0;

        board.RunToEnd(() =>
        {
            ulong start = HighResTimer.GetCurrent();
            while (HighResTimer.GetCurrent() - start < 1_587)
            {
            }

            waited = HighResTimer.GetCurrent() - start;
        });

        Assert.InRange(waited, 1_587UL, 1_587UL + (2 * ApiCosts.HighResTimer));
    }

    [Fact]
    public void Running_for_a_time_moves_the_clock_by_exactly_that_time_with_and_without_firmware()
    {
        using VirtualBoard board = new(new BoardOptions { StartMicroseconds = 500 });
        board.RunFor(1_234);
        Assert.Equal(1_734, board.NowMicroseconds);

        board.PowerOn(() => FirmwareRuntime.Sleep(Timeout.Infinite));
        board.RunFor(7 * FakeFirmware.Seconds);
        Assert.Equal(7_001_734, board.NowMicroseconds);
    }

    [Fact]
    public void Firmware_does_nothing_before_the_board_is_driven()
    {
        using VirtualBoard board = new();
        bool ran = false;
        board.PowerOn(() => ran = true);

        Assert.False(Volatile.Read(ref ran));
        Assert.Equal(FirmwareState.Running, board.FirmwareState);
        board.RunFor(1);
        Assert.True(ran);
        Assert.Equal(FirmwareState.Returned, board.FirmwareState);
    }

    [Fact]
    public void Running_until_a_condition_stops_within_a_millisecond_of_it_even_while_the_firmware_sleeps()
    {
        using VirtualBoard board = new();
        board.PowerOn(() => FirmwareRuntime.Sleep(10_000));

        Assert.True(board.RunUntil(() => board.NowMicroseconds >= 123_400, FakeFirmware.Seconds));
        Assert.InRange(board.NowMicroseconds, 123_400, 124_400);
        Assert.False(board.RunUntil(() => false, 5_000));
    }

    [Fact]
    public void What_a_condition_throws_reaches_the_driver_and_not_the_firmware()
    {
        using VirtualBoard board = new();
        board.PowerOn(() => FirmwareRuntime.Sleep(Timeout.Infinite));
        bool asked = false;

        Assert.Throws<FormatException>(() => board.RunUntil(() => asked ? throw new FormatException() : !(asked = true), 10_000));
        Assert.Equal(FirmwareState.Running, board.FirmwareState);
        Assert.Null(board.FirmwareException);
    }

    [Fact]
    public void A_device_call_outside_a_firmware_thread_says_so()
    {
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => HighResTimer.GetCurrent());
        Assert.Contains("PowerOn", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_board_in_real_time_takes_the_wall_clocks_time_and_is_not_driven()
    {
        using VirtualBoard board = new(new BoardOptions { RealTime = true });
        using ManualResetEventSlim done = new();
        Stopwatch wall = Stopwatch.StartNew();
        board.PowerOn(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                FirmwareRuntime.Sleep(10);
            }

            done.Set();
        });

        Assert.True(done.Wait(TimeSpan.FromSeconds(30)));
        Assert.True(wall.ElapsedMilliseconds >= 190, $"{wall.ElapsedMilliseconds} ms for 200 ms of board time.");
        Assert.Throws<InvalidOperationException>(() => board.RunFor(1));
    }

    [Fact]
    public void A_board_in_real_time_without_firmware_keeps_the_wall_clocks_time()
    {
        using VirtualBoard board = new(new BoardOptions { RealTime = true });
        long before = board.NowMicroseconds;
        Stopwatch wall = Stopwatch.StartNew();
        while (wall.ElapsedMilliseconds < 3)
        {
        }

        Assert.True(board.NowMicroseconds - before >= 3_000);
    }
}
