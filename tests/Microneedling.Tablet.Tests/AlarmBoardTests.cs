// Condition, acknowledged, silenced: three things.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Tablet.Treat;

namespace Microneedling.Tablet.Tests;

public sealed class AlarmBoardTests
{
    private static readonly AlarmCondition Removed = new("fault-501", AlarmPriority.Medium, FaultCode.CartridgeRemoved, "");
    private static readonly AlarmCondition Lost = new("fault-203", AlarmPriority.High, FaultCode.PositionLost, "");

    private readonly SettableTime _time = new();
    private readonly AlarmBoard _board;

    public AlarmBoardTests() => _board = new AlarmBoard(_time);

    [Fact]
    public void The_gravest_condition_comes_first() =>
        Assert.Equal([Lost, Removed], _board.Show([Removed, Lost]).Select(alarm => alarm.Condition));

    [Fact]
    public void Acknowledging_one_condition_leaves_it_present_and_the_others_as_they_are()
    {
        _board.Acknowledge(Removed.Id);

        Assert.Equal([false, true], _board.Show([Removed, Lost]).Select(alarm => alarm.Acknowledged));
        Assert.All(_board.Show([Removed, Lost]), alarm => Assert.Equal(TimeSpan.Zero, alarm.SilencedFor));
    }

    [Fact]
    public void A_condition_that_went_and_comes_again_is_a_new_one()
    {
        _board.Acknowledge(Removed.Id);
        _board.Silence([Removed.Id]);
        _board.Show([]);
        Assert.Equal((false, TimeSpan.Zero), SeenOf(Removed));

        _board.Acknowledge(Removed.Id);
        _board.Forget(Removed.Id);
        Assert.Equal((false, TimeSpan.Zero), SeenOf(Removed));
    }

    [Fact]
    public void Silence_lasts_two_minutes_and_is_not_for_conditions_that_come_later()
    {
        _board.Silence([Removed.Id]);
        _time.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal((false, TimeSpan.FromSeconds(1)), SeenOf(Removed));
        Assert.Equal(TimeSpan.Zero, _board.Show([Removed, Lost])[0].SilencedFor);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((false, TimeSpan.Zero), SeenOf(Removed));
    }

    [Fact]
    public void A_lost_link_is_an_alarm_only_while_a_session_is_open_and_a_fault_always()
    {
        var lost = new LinkReport(LinkState.Lost, "Unplugged.", default);

        Assert.Empty(AlarmBoard.Of(lost, null, sessionIsOpen: false, null));
        Assert.Equal(["link"], AlarmBoard.Of(lost, null, sessionIsOpen: true, null).Select(condition => condition.Id));
        Assert.Equal(["fault-501", "recording"], AlarmBoard.Of(Online, Status(FaultCode.CartridgeRemoved), false, "disk full").Select(condition => condition.Id));
    }

    [Fact]
    public void The_device_may_raise_a_priority_but_never_lower_it()
    {
        Assert.Equal(AlarmPriority.High, Only(Status(FaultCode.CartridgeRemoved) with { Alarm = AlarmPriority.High }).Priority);
        Assert.Equal(AlarmPriority.High, Only(Status(FaultCode.PositionLost) with { Alarm = AlarmPriority.Low }).Priority);
    }

    private static LinkReport Online => new(LinkState.Online, "", default);

    private static AlarmCondition Only(DeviceStatus status) => Assert.Single(AlarmBoard.Of(Online, status, false, null));

    private static DeviceStatus Status(FaultCode fault) => new(
        default, default, DeviceState.Faulted, fault, 0, 0, default, default, default, default, default, default, 0, 0, 0, 0, 0);

    private (bool Acknowledged, TimeSpan SilencedFor) SeenOf(AlarmCondition condition)
    {
        var alarm = Assert.Single(_board.Show([condition]));
        return (alarm.Acknowledged, alarm.SilencedFor);
    }

    private sealed class SettableTime : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
