// Time on the board: what calls cost, how sleeps wake, who runs when.

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
    public void What_is_due_comes_at_its_time_while_the_firmware_does_nothing_but_ask_for_the_time()
    {
        using VirtualBoard board = new(new BoardOptions { StageMicrometers = -1_000, CamMicrosteps = 0 });
        board.PowerOn(() =>
        {
            Needles.StartAtOnce(1_000);
            while (true)
            {
                HighResTimer.GetCurrent();
            }
        });
        board.Run(FakeFirmware.Seconds);

        long fed = board.Trace.Entries.Single(entry => entry.Signal == Signal.WatchdogToggle).TimeMicroseconds;
        long began = board.Trace.Entries.Single(entry => entry.Signal == Signal.NeedleStep).TimeMicroseconds;
        Assert.Equal(1 + ((fed + 200_000 - began) / 1_000), board.Bench.NeedleMicrosteps);
    }

    [Fact]
    public void A_condition_is_asked_every_100_µs_while_the_firmware_does_nothing_but_ask_for_the_time()
    {
        using VirtualBoard board = new();
        board.PowerOn(() =>
        {
            while (true)
            {
                HighResTimer.GetCurrent();
            }
        });
        Assert.True(board.RunUntil(() => board.NowMicroseconds >= 54_321, FakeFirmware.Seconds));
        Assert.InRange(board.NowMicroseconds, 54_321, 54_321 + 120);
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
        Assert.Null(board.LatestFirmwareThrow);
    }

    [Fact]
    public void A_board_that_is_being_driven_cannot_be_driven_by_anybody_else()
    {
        using VirtualBoard board = new();
        board.PowerOn(() => board.RunFor(1));
        board.RunFor(1);
        Assert.IsType<InvalidOperationException>(board.FirmwareException);
        Assert.Throws<InvalidOperationException>(() => board.RunUntil(() => board.NowMicroseconds > 10 && board.RunUntil(() => true, 1), 1_000));
    }

    [Fact]
    public void A_device_call_outside_a_firmware_thread_says_so()
    {
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => HighResTimer.GetCurrent());
        Assert.Contains("PowerOn", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_board_in_real_time_runs_at_most_two_milliseconds_ahead_of_the_wall_clock()
    {
        using HandWoundClock wall = new();
        using VirtualBoard board = new(new BoardOptions { RealTime = true }, wall);
        using TickingFirmware ticks = new(board);
        wall.Advance(50);
        ticks.WaitFor(50_000);
        Assert.InRange(board.NowMicroseconds, 50_000, 52_000);
        Assert.Throws<InvalidOperationException>(() => board.RunFor(1));
    }

    [Fact]
    public void Lag_of_more_than_200_milliseconds_is_dropped_and_less_is_caught_up()
    {
        using HandWoundClock wall = new();
        using VirtualBoard board = new(new BoardOptions { RealTime = true }, wall);
        using TickingFirmware ticks = new(board);
        wall.Advance(150);
        ticks.WaitFor(150_000);

        wall.Advance(60_000);
        wall.WaitForLooks(board);
        wall.Advance(50);
        ticks.WaitFor(200_000);
        Assert.InRange(board.NowMicroseconds, 200_000, 204_000);
    }

    [Fact]
    public void A_board_in_real_time_without_firmware_keeps_the_wall_clocks_time()
    {
        using HandWoundClock wall = new();
        using VirtualBoard board = new(new BoardOptions { RealTime = true }, wall);
        wall.Advance(5_000);
        Assert.Equal(5_000_000, board.NowMicroseconds);

        board.Bench.PressEmergencyStop();
        wall.Advance(1_500);
        Assert.Equal(6_500_000, board.NowMicroseconds);
    }

    [Fact]
    public void A_watch_in_real_time_looks_at_its_spacing_of_the_boards_time_however_late_the_firmware_is()
    {
        using HandWoundClock wall = new();
        using VirtualBoard board = new(new BoardOptions { RealTime = true }, wall);
        List<long> looks = [];
        using IDisposable watch = board.Watch(1_000, seen => looks.Add(seen.NowMicroseconds));
        using (TickingFirmware ticks = new(board))
        {
            wall.Advance(150);
            ticks.WaitFor(150_000);
        }

        Assert.Equal(Enumerable.Range(1, 150).Select(look => look * 1_000L), looks.Take(150));
    }

    [Fact]
    public void A_board_without_firmware_that_nobody_looked_at_for_long_is_watched_over_its_last_two_seconds_only()
    {
        using HandWoundClock wall = new();
        using VirtualBoard board = new(new BoardOptions { RealTime = true }, wall);
        List<long> looks = [];
        using IDisposable watch = board.Watch(1_000, seen => looks.Add(seen.NowMicroseconds));
        wall.Advance(3_600_000);
        Assert.Equal(3_600_000_000, board.NowMicroseconds);
        Assert.Equal(2_001, looks.Count);
        Assert.Equal(3_598_000_000, looks[0]);
    }

    /// <summary>A wall clock that stands still unless it is wound.</summary>
    private sealed class HandWoundClock : TimeProvider, IDisposable
    {
        private readonly ManualResetEventSlim looked = new();
        private long microseconds;

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp()
        {
            looked.Set();
            return Interlocked.Read(ref microseconds);
        }

        public void Dispose() => looked.Dispose();

        internal void Advance(int milliseconds) => Interlocked.Add(ref microseconds, milliseconds * 1_000L);

        /// <summary>Waits until the board has looked often enough to have acted on the time that it saw.</summary>
        internal void WaitForLooks(VirtualBoard board)
        {
            for (int i = 0; i < 6; i++)
            {
                looked.Reset();
                Assert.True(looked.Wait(TimeSpan.FromSeconds(30)));
            }

            _ = board.NowMicroseconds;
        }
    }

    /// <summary>A firmware that ticks every 10 ms and can be waited for.</summary>
    private sealed class TickingFirmware : IDisposable
    {
        private readonly VirtualBoard board;
        private readonly object gate = new();
        private long tickedAt;

        internal TickingFirmware(VirtualBoard board)
        {
            this.board = board;
            board.PowerOn(Main);
        }

        public void Dispose() => board.PowerOff();

        internal void WaitFor(long microseconds)
        {
            lock (gate)
            {
                while (tickedAt < microseconds)
                {
                    Assert.True(Monitor.Wait(gate, TimeSpan.FromSeconds(30)), $"The last tick was at {tickedAt} µs.");
                }
            }
        }

        private void Main()
        {
            while (true)
            {
                FirmwareRuntime.Sleep(1);
                lock (gate)
                {
                    tickedAt = (long)HighResTimer.GetCurrent();
                    Monitor.PulseAll(gate);
                }
            }
        }
    }
}
