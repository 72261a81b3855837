// What is said of the cartridge before a session begins: never that it is new when that is not known.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Tablet.Pages;

namespace Microneedling.Tablet.Tests;

public sealed class CartridgeReadingTests
{
    private static readonly DeviceEvent Used = Event(1, 1000, EventCode.CartridgeUsed, 7);
    private static readonly DeviceEvent Removed = Event(2, 2000, EventCode.CartridgeChanged, 0);
    private static readonly DeviceEvent Seated = Event(3, 2500, EventCode.CartridgeChanged, 1);
    private static readonly DeviceEvent SeatedSoon = Event(3, 2499, EventCode.CartridgeChanged, 1);
    private static readonly DeviceEvent UsedAgain = Event(4, 3000, EventCode.CartridgeUsed, 8);

    [Fact]
    public void Without_a_device_nothing_is_known_and_without_a_cartridge_it_is_missing()
    {
        Assert.Equal(CartridgeState.NotKnown, CartridgeReading.Of(null, [Seated, Removed]));
        Assert.Equal(CartridgeState.Missing, CartridgeReading.Of(Status(default, default), [Seated, Removed]));
    }

    [Fact]
    public void What_the_device_itself_says_comes_first() =>
        Assert.Equal(CartridgeState.UsedBefore, CartridgeReading.Of(Status(Inputs.CartridgeSeated, StatusFlags.CartridgeUsedBefore), [Seated, Removed]));

    [Fact]
    public void A_cartridge_is_new_only_when_the_log_shows_the_exchange_since_the_last_stroke()
    {
        Assert.Equal(CartridgeState.Fresh, Of(Seated, Removed, Used));
        Assert.Equal(CartridgeState.UsedBefore, Of(UsedAgain, Seated, Removed, Used));
        Assert.Equal(CartridgeState.UsedBefore, Of(Used));
    }

    [Fact]
    public void A_cartridge_off_the_handpiece_for_less_than_half_a_second_is_the_same() => Assert.Equal(CartridgeState.UsedBefore, Of(SeatedSoon, Removed, Used));

    [Fact]
    public void What_the_log_does_not_show_is_not_claimed()
    {
        Assert.Equal(CartridgeState.Seated, Of());
        Assert.Equal(CartridgeState.Seated, Of(Seated));
        Assert.Equal(CartridgeState.Seated, Of(Seated, new MissingEvents(1, 2), Removed));
        Assert.Equal(CartridgeState.Seated, Of(Seated, new DeviceRestarted(9), Removed));
    }

    private static CartridgeState Of(params DeviceLogEntry[] newestFirst) => CartridgeReading.Of(Status(Inputs.CartridgeSeated, default), newestFirst);

    private static DeviceStatus Status(ushort inputs, byte flags) => new(
        default, default, DeviceState.Parked, FaultCode.None, inputs, flags, default, default, default, default, default, default, 0, 0, 0, 0, 0);

    private static DeviceEvent Event(uint number, int milliseconds, EventCode code, int argument) => new(number, TimeSpan.FromMilliseconds(milliseconds), code, argument, 0);
}
