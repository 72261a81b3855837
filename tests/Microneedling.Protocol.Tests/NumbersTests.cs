using System.Reflection;

namespace Microneedling.Protocol.Tests;

/// <summary>Numbers on the wire: each stands for one thing only, none can be mistaken for framing.</summary>
public class NumbersTests
{
    [Theory]
    [InlineData(typeof(MessageId))]
    [InlineData(typeof(RejectionReason))]
    [InlineData(typeof(FaultCode))]
    [InlineData(typeof(EventCode))]
    [InlineData(typeof(DeviceState))]
    [InlineData(typeof(StopSource))]
    public void No_number_is_used_twice(Type enumeration)
    {
        ArgumentNullException.ThrowIfNull(enumeration);
        long[] numbers = [.. enumeration.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => Convert.ToInt64(field.GetRawConstantValue(), null))];
        Assert.NotEmpty(numbers);
        Assert.Equal(numbers.Distinct(), numbers);
    }

    [Theory]
    [InlineData(typeof(Inputs))]
    [InlineData(typeof(StatusFlags))]
    public void Every_bit_is_one_bit_and_used_once(Type bits)
    {
        ArgumentNullException.ThrowIfNull(bits);
        ulong[] values = [.. bits.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => Convert.ToUInt64(field.GetRawConstantValue(), null))];
        Assert.NotEmpty(values);
        Assert.All(values, value => Assert.True(ulong.IsPow2(value)));
        Assert.Equal(values.Distinct(), values);
    }

    [Fact]
    public void No_message_number_is_a_reserved_byte() =>
        Assert.All(Enum.GetValues<MessageId>(), id => Assert.False(Framing.IsReserved((byte)id)));

    [Fact]
    public void Every_payload_class_has_a_number_of_its_own()
    {
        MessageId[] ids = [.. AllMessages.PayloadTypes.Select(type => AllMessages.Make(type).Id)];
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(ids, id => Assert.True(Enum.IsDefined(id) && id != MessageId.None));
    }

    [Fact]
    public void Messages_without_payload_are_these() => Assert.Equal(
        [
            MessageId.Home, MessageId.Disarm, MessageId.Stop, MessageId.Start, MessageId.EnterService, MessageId.LeaveService, MessageId.SilenceAlarm,
            MessageId.SelfTest, MessageId.StatusRequest, MessageId.SettingsRequest, MessageId.CountersRequest, MessageId.SelfTestRequest,
            MessageId.TimeRequest, MessageId.Accepted,
        ],
        AllMessages.EmptyIds);
}
