using Microneedling.Protocol;

namespace Microneedling.Client.Tests;

/// <summary>Every number that a device can send has words of its own.</summary>
public class DeviceWordsTests
{
    public static TheoryData<RejectionReason> Reasons => [.. Enum.GetValues<RejectionReason>().Except([RejectionReason.None])];

    public static TheoryData<FaultCode> Faults => [.. Enum.GetValues<FaultCode>()];

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

    [Fact]
    public void Numbers_from_a_newer_device_are_still_told()
    {
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
    public void Detail_is_told_in_the_unit_of_its_reason(RejectionReason reason, int detail, string part) =>
        Assert.Contains(part, DeviceWords.Of(reason, detail), StringComparison.Ordinal);
}
