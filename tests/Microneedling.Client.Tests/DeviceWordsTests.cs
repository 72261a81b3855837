using Microneedling.Protocol;

namespace Microneedling.Client.Tests;

/// <summary>Every number that a device can send has words of its own.</summary>
public class DeviceWordsTests
{
    public static TheoryData<RejectionReason> Reasons => [.. Enum.GetValues<RejectionReason>().Except([RejectionReason.None])];

    public static TheoryData<FaultCode> Faults => [.. Enum.GetValues<FaultCode>()];

    public static TheoryData<EventCode> Events => [.. Enum.GetValues<EventCode>().Except([EventCode.None])];

    public static TheoryData<DeviceState> States => [.. Enum.GetValues<DeviceState>()];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_rejection_has_words_of_its_own(RejectionReason reason)
    {
        int detail = (int)FaultCode.SupplyLow;
        string words = DeviceWords.Of(reason, detail);
        Assert.EndsWith(".", words, StringComparison.Ordinal);
        Assert.DoesNotContain("Update this program to read it", words, StringComparison.Ordinal);
        Assert.Single(Enum.GetValues<RejectionReason>(), other => DeviceWords.Of(other, detail) == words);
        Assert.Equal(words, new RejectedException(reason, detail).Message);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Every_fault_has_words_of_its_own(FaultCode fault)
    {
        string words = DeviceWords.Of(fault);
        Assert.EndsWith(".", words, StringComparison.Ordinal);
        Assert.DoesNotContain("Update this program to read it", words, StringComparison.Ordinal);
        Assert.Single(Enum.GetValues<FaultCode>(), other => DeviceWords.Of(other) == words);
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Every_state_has_words_of_its_own(DeviceState state)
    {
        string words = DeviceWords.Of(state);
        Assert.DoesNotContain("in state", words, StringComparison.Ordinal);
        Assert.Single(Enum.GetValues<DeviceState>(), other => DeviceWords.Of(other) == words);
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_has_words_of_its_own(EventCode code)
    {
        string words = Words(code);
        Assert.EndsWith(".", words, StringComparison.Ordinal);
        Assert.DoesNotContain("Update this program to read it", words, StringComparison.Ordinal);
        Assert.Single(Enum.GetValues<EventCode>(), other => Words(other) == words);
    }

    [Theory]
    [InlineData(EventCode.StateChanged, (int)DeviceState.Parked, (int)DeviceState.Homing, "Now parked, was homing.")]
    [InlineData(EventCode.TreatmentAccepted, 797, 60000, "Holding to 0.797 mm at 60.0 /s.")]
    [InlineData(EventCode.StopRequested, (int)StopSource.StopByte, 0, "STOP.")]
    [InlineData(EventCode.StopRequested, (int)StopSource.DisarmCommand, 0, "Disarmed.")]
    [InlineData(EventCode.SessionBegun, -1, 0, "Session 4294967295 begun.")]
    [InlineData(EventCode.CartridgeUsed, 0, 0, "First stroke of this cartridge, outside a session.")]
    [InlineData(EventCode.SessionLimitReached, 1800000, 0, "The needles have run for 30 min in this session: disarmed by itself.")]
    [InlineData(EventCode.BurstEnded, 20, 20, "Burst of 20 strokes done.")]
    [InlineData(EventCode.BurstEnded, 20, 7, "Burst ended after 7 of 20 strokes.")]
    [InlineData(EventCode.StoredCopyMended, 2, 1, "A bad copy of the life counters was mended, copy 1.")]
    [InlineData(EventCode.ZeroCalibrated, -40, 25, "Zero offset calibrated to -0.040 mm, was 0.025 mm.")]
    [InlineData(EventCode.AlarmSilenced, 120000, 0, "Buzzer silenced for 120 s.")]
    [InlineData(EventCode.SelfTestDone, 0, 0x3F, "The self test passed.")]
    [InlineData(EventCode.SelfTestDone, 0x06, 0x3F, "The self test failed: settings, needle driver.")]
    [InlineData(EventCode.SelfTestDone, 0, 0x07, "The self test passed; not tested: depth stage's driver, watchdog with edges, watchdog without edges.")]
    [InlineData(EventCode.SelfTestDone, 0, 0, "The self test looked at nothing; not tested: home and limit switches, settings, needle driver, depth stage's driver, watchdog with edges, watchdog without edges.")]
    public void Event_tells_its_arguments_in_their_units(EventCode code, int first, int second, string words) =>
        Assert.Equal(words, DeviceWords.Of(new DeviceEvent(1, default, code, first, second)));

    [Fact]
    public void Missing_events_are_told_by_their_numbers() =>
        Assert.Equal("Events 4 to 9 are missing.", DeviceWords.Of(new MissingEvents(4, 9)));

    [Fact]
    public void Every_self_test_item_has_a_name_of_its_own()
    {
        ushort[] items = [.. typeof(SelfTestItems).GetFields().Select(field => (ushort)field.GetRawConstantValue()!)];
        Assert.NotEmpty(items);
        string[] words = [.. items.Select(item => DeviceWords.Of(new SelfTestOutcome(item, ushort.MaxValue)))];
        Assert.Equal(words.Distinct(), words);
        Assert.All(words, text => Assert.Matches("^The self test failed: .+\\.$", text));
    }

    [Fact]
    public void Numbers_from_a_newer_device_are_still_told()
    {
        Assert.Contains("998", Words((EventCode)998), StringComparison.Ordinal);
        Assert.Contains("250", DeviceWords.Of((RejectionReason)250, 0), StringComparison.Ordinal);
        Assert.Contains("999", DeviceWords.Of((FaultCode)999), StringComparison.Ordinal);
        Assert.Contains("99", DeviceWords.Of((DeviceState)99), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RejectionReason.DepthAboveCap, 1500, "1.50 mm")]
    [InlineData(RejectionReason.RateTooHigh, 100000, "100.0 /s")]
    [InlineData(RejectionReason.WrongState, (int)DeviceState.Homing, "homing")]
    [InlineData(RejectionReason.FaultLatched, (int)FaultCode.SupplyLow, "supply voltage")]
    [InlineData(RejectionReason.UnknownMessage, 0x26, "0x26")]
    [InlineData(RejectionReason.SessionLimitReached, 1800000, "30 min")]
    [InlineData(RejectionReason.CartridgeUsed, -1, "session 4294967295")]
    [InlineData(RejectionReason.DriverFault, (int)FaultCode.NeedleDriverFault, "needle motor's driver")]
    [InlineData(RejectionReason.BurstTooLong, 500, "1 to 500 strokes")]
    [InlineData(RejectionReason.BurstTooLong, 0, "does not count strokes")]
    [InlineData(RejectionReason.JogTooFar, 500, "A jog is 0.50 mm at most")]
    [InlineData(RejectionReason.JogTooFar, -1200, "travel, which ends at -1.20 mm")]
    [InlineData(RejectionReason.ZeroOffsetOutOfRange, 300, "0.30 mm")]
    public void Detail_is_told_in_the_unit_of_its_reason(RejectionReason reason, int detail, string part) =>
        Assert.Contains(part, DeviceWords.Of(reason, detail), StringComparison.Ordinal);

    private static string Words(EventCode code) => DeviceWords.Of(new DeviceEvent(1, default, code, (int)FaultCode.LinkLost, 1));
}
