namespace Microneedling.Protocol.Tests;

/// <summary>The tables that both sides read: how urgent a fault is, and who says what.</summary>
public class MeaningTests
{
    [Theory]
    [InlineData(FaultCode.None, AlarmPriority.None)]
    [InlineData(FaultCode.SettingsLost, AlarmPriority.Low)]
    [InlineData(FaultCode.CartridgeInService, AlarmPriority.Low)]
    [InlineData(FaultCode.LinkLost, AlarmPriority.Medium)]
    [InlineData(FaultCode.NeedleStalled, AlarmPriority.Medium)]
    [InlineData(FaultCode.PositionLost, AlarmPriority.High)]
    [InlineData(FaultCode.EmergencyStop, AlarmPriority.High)]
    [InlineData((FaultCode)9_999, AlarmPriority.High)]
    public void A_fault_has_its_priority_and_one_that_is_not_known_the_highest(FaultCode fault, AlarmPriority expected) =>
        Assert.Equal(expected, Alarms.PriorityOf(fault));

    [Theory]
    [InlineData(0x01, false)]
    [InlineData(0x02, true)]
    [InlineData(0x03, false)]
    [InlineData(0x3F, false)]
    [InlineData(0x40, true)]
    [InlineData(0x55, true)]
    [InlineData(0x5F, true)]
    [InlineData(0x60, false)]
    public void Whether_only_a_device_says_it_is_told_by_the_number(int id, bool expected) =>
        Assert.Equal(expected, MessageDirection.IsFromDevice((MessageId)id));
}
