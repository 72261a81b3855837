// Asynchronous test bodies in the board's time.

using System.Device.Gpio;
using System.Threading.Channels;
using Microneedling.Testing;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class VirtualTimeTests
{
    [Fact]
    public void Waiting_takes_exactly_the_boards_time_and_timers_fire_in_order()
    {
        using VirtualBoard board = new(new BoardOptions { StartMicroseconds = 500 });
        List<string> order = [];
        VirtualTime.Run(board, async time =>
        {
            async Task After(int milliseconds)
            {
                await time.Delay(TimeSpan.FromMilliseconds(milliseconds));
                order.Add($"{milliseconds} ms at {time.NowMicroseconds}");
            }

            await Task.WhenAll(After(30), After(10), After(20));
        });
        Assert.Equal(["10 ms at 10500", "20 ms at 20500", "30 ms at 30500"], order);
    }

    [Fact]
    public void The_firmware_runs_while_the_body_waits_and_never_while_it_runs()
    {
        using VirtualBoard board = new();
        board.PowerOn(() => Needles.FeedFor(new GpioController().OpenPin(2, PinMode.Output), 60_000));
        VirtualTime.Run(board, async time =>
        {
            await time.Delay(TimeSpan.FromSeconds(1));
            int edges = board.Trace.Entries.Count;
            Assert.InRange(edges, 95, 101);
            Thread.SpinWait(100_000);
            Assert.Equal(edges, board.Trace.Entries.Count);
        });
    }

    [Fact]
    public void A_time_out_on_the_boards_time_ends_a_wait_for_bytes()
    {
        using VirtualBoard board = new();
        VirtualTime.Run(board, async time =>
        {
            Channel<int> nothing = Channel.CreateUnbounded<int>();
            using CancellationTokenSource timeout = new(TimeSpan.FromMilliseconds(250), time);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await nothing.Reader.WaitToReadAsync(timeout.Token));
            Assert.Equal(250_000, time.NowMicroseconds);
        });
    }

    [Fact]
    public void A_periodic_timer_ticks_without_drift_and_stops_when_disposed()
    {
        using VirtualBoard board = new();
        List<long> ticks = [];
        VirtualTime.Run(board, async time =>
        {
            using (ITimer timer = time.CreateTimer(_ => ticks.Add(time.NowMicroseconds), null, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(100)))
            {
                await time.Delay(TimeSpan.FromMilliseconds(350));
            }

            await time.Delay(TimeSpan.FromSeconds(1));
        });
        Assert.Equal([5_000, 105_000, 205_000, 305_000], ticks);
    }

    [Fact]
    public void A_condition_on_the_bench_can_be_awaited_and_times_out()
    {
        using VirtualBoard board = new();
        board.PowerOn(() =>
        {
            FirmwareRuntime.Sleep(50);
            new GpioController().OpenPin(2, PinMode.Output).Toggle();
        });
        VirtualTime.Run(board, async time =>
        {
            await time.Until(() => board.Bench.WatchdogSatisfied, TimeSpan.FromSeconds(1));
            Assert.InRange(time.NowMicroseconds, 60_000, 63_000);
            await time.Until(() => !board.Bench.WatchdogSatisfied, TimeSpan.FromSeconds(1));
            await Assert.ThrowsAsync<TimeoutException>(() => time.Until(() => board.Bench.WatchdogSatisfied, TimeSpan.FromSeconds(1)));
        });
    }

    [Fact]
    public void A_body_that_never_ends_fails_at_its_deadline_in_the_boards_time()
    {
        using VirtualBoard board = new();
        TimeoutException exception = Assert.Throws<TimeoutException>(
            () => VirtualTime.Run(board, _ => new TaskCompletionSource().Task, TimeSpan.FromSeconds(5)));
        Assert.Contains("5.000 s", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_body_throws_and_what_the_firmware_throws_fails_the_run()
    {
        using VirtualBoard board = new();
        Assert.Throws<FormatException>(() => VirtualTime.Run(board, async time =>
        {
            await time.Delay(TimeSpan.FromMilliseconds(1));
            throw new FormatException();
        }));

        board.PowerOn(() => throw new InvalidDataException("bug"));
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(
            () => VirtualTime.Run(board, time => time.Delay(TimeSpan.FromSeconds(1))));
        Assert.IsType<InvalidDataException>(exception.InnerException);
    }

    [Fact]
    public void A_continuation_from_another_thread_fails_the_run_instead_of_making_it_flaky()
    {
        using VirtualBoard board = new();
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(
            () => VirtualTime.Run(board, async _ => await Task.Run(() => Thread.SpinWait(1_000_000)), TimeSpan.FromDays(100)));
        Assert.Contains("another thread", exception.Message, StringComparison.Ordinal);
    }
}
