// Looks and acts at board times of their own, while the board is driven in one piece.

using System.Device.Gpio;
using nanoFramework.Hardware.Esp32;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class WatchTests
{
    [Fact]
    public void A_watch_looks_at_exactly_its_spacing_whether_the_firmware_runs_sleeps_or_is_not_there()
    {
        using VirtualBoard board = new(new BoardOptions { StartMicroseconds = 500 });
        List<long> looks = [];
        using IDisposable watch = board.Watch(7_000, seen => looks.Add(seen.NowMicroseconds));
        board.RunFor(20_000);
        board.PowerOn(() =>
        {
            while (HighResTimer.GetCurrent() < 30_000)
            {
            }

            FirmwareRuntime.Sleep(Timeout.Infinite);
        });
        board.Run(80_000);

        Assert.Equal(Enumerable.Range(1, 14).Select(n => 500 + (n * 7_000L)), looks);
    }

    [Fact]
    public void Watches_and_acts_come_in_the_order_of_the_boards_time()
    {
        using VirtualBoard board = new();
        List<string> order = [];
        board.PowerOn(() => FirmwareRuntime.Sleep(Timeout.Infinite));
        using IDisposable slow = board.Watch(3_000, _ => order.Add("slow"));
        using IDisposable fast = board.Watch(2_000, _ => order.Add("fast"));
        board.At(5_000, () => order.Add("act at 5"));
        board.At(3_000, () => order.Add("first act at 3"));
        board.At(3_000, () => order.Add("second act at 3"));
        board.Run(6_000);

        Assert.Equal(["fast", "slow", "first act at 3", "second act at 3", "fast", "act at 5", "slow", "fast"], order);
    }

    [Fact]
    public void Looking_does_not_change_what_the_firmware_does()
    {
        static string Run(bool watched)
        {
            using VirtualBoard board = new();
            board.PowerOn(Ticking);
            using IDisposable? watch = watched ? board.Watch(333, seen => _ = seen.Bench.TipMicrometers) : null;
            board.Run(300_000);
            return string.Join('\n', board.Trace.Entries);
        }

        Assert.Equal(Run(watched: false), Run(watched: true));
    }

    [Fact]
    public void What_a_watch_throws_ends_the_run_at_that_time_and_not_the_firmware()
    {
        using VirtualBoard board = new();
        board.PowerOn(Ticking);
        IDisposable watch = board.Watch(1_000, seen => Assert.True(seen.NowMicroseconds < 40_000, "too late"));

        Exception thrown = Assert.ThrowsAny<Exception>(() => board.RunFor(FakeFirmware.Seconds));
        Assert.Contains("too late", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(40_000, board.NowMicroseconds);
        Assert.Equal(FirmwareState.Running, board.FirmwareState);
        Assert.Null(board.LatestFirmwareThrow);

        watch.Dispose();
        board.Run(FakeFirmware.Seconds);
        Assert.Equal(1_040_000, board.NowMicroseconds);
    }

    [Fact]
    public void A_watch_that_is_disposed_looks_no_more_even_when_it_does_so_itself()
    {
        using VirtualBoard board = new();
        int looks = 0;
        IDisposable? watch = null;
        watch = board.Watch(1_000, _ =>
        {
            if (++looks == 3)
            {
                watch!.Dispose();
            }
        });
        board.RunFor(10_000);
        Assert.Equal(3, looks);
    }

    [Fact]
    public void A_watch_may_use_the_hands_of_the_bench_but_neither_drive_the_board_nor_switch_it()
    {
        using VirtualBoard board = new();
        board.PowerOn(() => FirmwareRuntime.Sleep(Timeout.Infinite));
        IDisposable press = board.Watch(1_000, seen => seen.Bench.PressTrigger());
        board.Run(1_000);
        Assert.Equal(new TraceEntry(1_000, Signal.Trigger, 0), board.Trace.Entries[^1]);
        press.Dispose();

        foreach (Action<VirtualBoard> forbidden in new Action<VirtualBoard>[] { seen => seen.RunFor(1), seen => seen.PowerOff() })
        {
            using IDisposable watch = board.Watch(1_000, forbidden);
            Assert.Throws<InvalidOperationException>(() => board.RunFor(2_000));
        }

        Assert.Equal(FirmwareState.Running, board.FirmwareState);
    }

    [Fact]
    public void An_act_comes_at_exactly_its_time_and_the_firmware_sees_it_from_then_on()
    {
        using VirtualBoard board = new();
        List<(long At, bool Pressed)> seen = [];
        board.At(4_321, board.Bench.PressTrigger);
        board.PowerOn(() =>
        {
            GpioPin trigger = new GpioController().OpenPin(10, PinMode.InputPullUp);
            while (seen.Count < 100)
            {
                bool pressed = trigger.Read() == PinValue.Low;
                seen.Add(((long)HighResTimer.GetCurrent() - ApiCosts.HighResTimer, pressed));
            }
        });
        board.Run(20_000);

        Assert.Contains(new TraceEntry(4_321, Signal.Trigger, 0), board.Trace.Entries);
        Assert.All(seen, one => Assert.Equal(one.At > 4_321, one.Pressed));
        Assert.Contains(seen, one => one.Pressed);
    }

    [Fact]
    public void An_act_may_take_the_power_away_and_give_it_again_and_the_run_goes_on()
    {
        using VirtualBoard board = new();
        int starts = 0;
        void Main()
        {
            starts++;
            Ticking();
        }

        board.PowerOn(Main);
        board.At(50_005, board.PowerOff);
        board.At(90_000, () => board.PowerOn(Main));
        board.Run(200_000);

        Assert.Equal(2, starts);
        Assert.Equal(200_000, board.NowMicroseconds);
        long[] ticks = [.. board.Trace.Entries.Where(entry => entry.Signal == Signal.WatchdogToggle).Select(entry => entry.TimeMicroseconds)];
        Assert.Equal([50_005], ticks.Where(at => at is > 50_000 and < 90_000));
        Assert.Contains(ticks, at => at > 190_000);
    }

    [Fact]
    public void An_act_that_drives_the_board_or_throws_fails_the_run()
    {
        using VirtualBoard board = new();
        board.At(1_000, () => board.RunFor(1));
        board.At(2_000, () => throw new FormatException());
        Assert.Throws<InvalidOperationException>(() => board.RunFor(5_000));
        Assert.Throws<FormatException>(() => board.RunFor(5_000));
        Assert.Equal(2_000, board.NowMicroseconds);
        Assert.Throws<ArgumentOutOfRangeException>(() => board.At(1_999, () => { }));
    }

    [Fact]
    public void An_act_may_be_added_while_the_board_runs()
    {
        using VirtualBoard board = new();
        List<long> acts = [];
        board.PowerOn(Ticking);
        using IDisposable watch = board.Watch(10_000, seen =>
        {
            if (seen.NowMicroseconds == 30_000)
            {
                seen.At(30_000, () => acts.Add(seen.NowMicroseconds));
                seen.At(31_234, () => acts.Add(seen.NowMicroseconds));
            }
        });
        board.Run(100_000);
        Assert.Equal([30_000, 31_234], acts);
    }

    [Fact]
    public void A_condition_that_an_act_makes_true_ends_the_run_there()
    {
        using VirtualBoard board = new();
        board.At(12_345, board.Bench.SeatCartridge);
        Assert.True(board.RunUntil(() => board.Bench.CartridgeSeated, FakeFirmware.Seconds));
        Assert.Equal(12_345, board.NowMicroseconds);
    }

    [Fact]
    public void A_board_in_real_time_is_given_no_acts()
    {
        using VirtualBoard board = new(new BoardOptions { RealTime = true });
        Assert.Throws<InvalidOperationException>(() => board.At(long.MaxValue, () => { }));
    }

    [Fact]
    public void The_clock_stands_still_while_something_is_done_at_one_moment()
    {
        using VirtualBoard board = new(new BoardOptions { RealTime = true });
        Assert.True(board.AtOneMoment(now =>
        {
            Assert.True(SpinWait.SpinUntil(() => board.NowMicroseconds != now, 20) is false);
            board.Bench.PressTrigger();
            return board.Bench.TriggerPressed && board.NowMicroseconds == now;
        }));
        Assert.Throws<InvalidOperationException>(() => board.AtOneMoment<object?>(_ =>
        {
            board.PowerOn(() => { });
            return null;
        }));
    }

    [Fact]
    public void Other_threads_may_look_at_the_bench_while_the_board_runs()
    {
        using VirtualBoard board = new();
        board.PowerOn(Ticking);
        using CancellationTokenSource done = new();
        long looks = 0;
        Thread other = new(() =>
        {
            while (!done.IsCancellationRequested)
            {
                _ = board.Bench.TipMicrometers + board.NowMicroseconds + board.Trace.Entries.Count;
                looks++;
            }
        });
        other.Start();
        for (int i = 0; i < 200; i++)
        {
            board.Run(10_001);
        }

        done.Cancel();
        other.Join();
        Assert.Equal(200 * 10_001, board.NowMicroseconds);
        Assert.True(looks > 0);
    }

    private static void Ticking()
    {
        GpioPin watchdog = new GpioController().OpenPin(2, PinMode.Output);
        while (true)
        {
            watchdog.Toggle();
            FirmwareRuntime.Sleep(1);
        }
    }
}
