// Sagging, failing and returning supply.

using System.Device.Gpio;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class SupplyTests
{
    [Fact]
    public void A_sagging_supply_says_so_and_still_drives_both_motors()
    {
        using VirtualBoard board = Driven(both: true);
        board.Bench.SetSupplyGood(false);
        board.Run(5 * FakeFirmware.Seconds);
        Assert.False(SupplyGoodIsHigh(board));
        Assert.True(board.Bench.NeedleDriverEnabled && board.Bench.DepthDriverEnabled && board.Bench.MotorsHaveSupply);
        board.Bench.SetSupplyGood(true);
        Assert.True(SupplyGoodIsHigh(board));
    }

    [Theory]
    [InlineData(true, 740_000, 770_000)]
    [InlineData(false, 1_400_000, 1_550_000)]
    public void Without_mains_the_reservoir_drives_the_motors_by_what_they_take(bool both, long least, long most)
    {
        using VirtualBoard board = Driven(both);
        board.Bench.CutMains();
        long cutAt = board.NowMicroseconds;
        Assert.False(SupplyGoodIsHigh(board));
        Assert.True(board.RunUntil(() => !board.Bench.MotorsHaveSupply, 5 * FakeFirmware.Seconds));
        Assert.InRange(board.NowMicroseconds - cutAt, least, most);
        Assert.False(board.Bench.NeedleDriverEnabled || board.Bench.DepthDriverEnabled);

        board.Run(FakeFirmware.Seconds);
        Assert.False(board.Bench.MotorsHaveSupply);
        board.Bench.RestoreMains();
        Assert.True(board.Bench.DepthDriverEnabled);
        Assert.True(SupplyGoodIsHigh(board));
    }

    [Fact]
    public void Letting_one_motor_go_makes_the_reservoir_last_longer()
    {
        using VirtualBoard board = Driven(both: true);
        board.Bench.CutMains();
        long cutAt = board.NowMicroseconds;
        board.Run(500_000);
        board.Bench.SetFault(BenchFault.NeedleDriverFault, true);
        Assert.True(board.RunUntil(() => !board.Bench.MotorsHaveSupply, 5 * FakeFirmware.Seconds));
        Assert.InRange(board.NowMicroseconds - cutAt, 950_000, 1_020_000);
    }

    [Fact]
    public void A_short_dip_is_announced_at_once_costs_no_motor_its_power_and_ends_by_itself()
    {
        using VirtualBoard board = Driven(both: true);
        board.Bench.DipSupply(300_000);
        long dipAt = board.NowMicroseconds;
        Assert.False(SupplyGoodIsHigh(board));
        board.Run(299_999);
        Assert.False(SupplyGoodIsHigh(board));
        Assert.True(board.Bench.NeedleDriverEnabled && board.Bench.DepthDriverEnabled);
        board.Run(1);
        Assert.True(SupplyGoodIsHigh(board));
        Assert.Equal(
            [new TraceEntry(dipAt, Signal.SupplyGood, 0), new TraceEntry(dipAt + 300_000, Signal.SupplyGood, 1)],
            board.Trace.Entries.Where(entry => entry.Signal == Signal.SupplyGood));
    }

    [Fact]
    public void A_long_dip_takes_both_drivers_power_until_the_supply_is_back_and_the_next_dip_finds_a_full_reservoir()
    {
        using VirtualBoard board = Driven(both: true);
        board.Bench.DipSupply(2 * FakeFirmware.Seconds);
        board.Run(FakeFirmware.Seconds);
        Assert.False(board.Bench.NeedleDriverEnabled || board.Bench.DepthDriverEnabled);
        board.Run(FakeFirmware.Seconds);
        Assert.True(board.Bench.NeedleDriverEnabled && board.Bench.DepthDriverEnabled);
        board.Bench.DipSupply(700_000);
        board.Run(700_000);
        Assert.True(board.Bench.NeedleDriverEnabled && board.Bench.DepthDriverEnabled);
    }

    [Fact]
    public void A_supply_that_sags_when_the_mains_return_is_not_called_good()
    {
        using VirtualBoard board = Driven(both: true);
        board.Bench.SetSupplyGood(false);
        board.Bench.DipSupply(100_000);
        board.Run(200_000);
        Assert.False(SupplyGoodIsHigh(board));
        Assert.True(board.Bench.MotorsHaveSupply);
    }

    private static VirtualBoard Driven(bool both)
    {
        VirtualBoard board = new(new BoardOptions { StageMicrometers = -500 });
        board.PowerOn(() =>
        {
            GpioController controller = new();
            GpioPin watchdog = controller.OpenPin(2, PinMode.Output);
            controller.OpenPin(13, PinMode.Input);
            controller.OpenPin(15, PinMode.Output).Write(true);
            controller.OpenPin(5, PinMode.Output).Write(both);
            Needles.FeedFor(watchdog, 60_000);
        });
        board.Run(100_000);
        return board;
    }

    private static bool SupplyGoodIsHigh(VirtualBoard board)
    {
        lock (board.Clock.Gate)
        {
            return (bool)board.Pins.Read(13);
        }
    }
}
