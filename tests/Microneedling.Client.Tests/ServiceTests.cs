using System.Reflection;
using Microneedling.Protocol;

namespace Microneedling.Client.Tests;

/// <summary>Sessions, service, settings, life counters, self test and the alarm: what goes out and what comes back.</summary>
public class ServiceTests
{
    public static TheoryData<MessageId, Func<DeviceClient, Task>> EveryCommand => new()
    {
        { MessageId.BeginSession, client => client.BeginSessionAsync(7) },
        { MessageId.EnterService, client => client.EnterServiceAsync() },
        { MessageId.LeaveService, client => client.LeaveServiceAsync() },
        { MessageId.Jog, client => client.JogAsync(Depth.FromMicrometers(50)) },
        { MessageId.CalibrateZero, client => client.CalibrateZeroAsync(Depth.FromMicrometers(20)) },
        { MessageId.WriteSettings, client => client.WriteSettingsAsync(8, default) },
        { MessageId.SilenceAlarm, client => client.SilenceAlarmAsync() },
        { MessageId.SelfTest, client => client.RunSelfTestAsync() },
    };

    public static TheoryData<MessageId, Func<DeviceClient, Task>> EveryQuestion => new()
    {
        { MessageId.SettingsRequest, client => client.ReadSettingsAsync() },
        { MessageId.CountersRequest, client => client.ReadCountersAsync() },
        { MessageId.SelfTestRequest, client => client.ReadSelfTestAsync() },
    };

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public void Command_whose_answer_is_lost_is_repeated_and_executed_once(MessageId id, Func<DeviceClient, Task> act) => Scene.Run(async scene =>
    {
        int answers = 0;
        scene.Device.LosesAnswerTo = _ => answers++ == 0;
        await act(scene.Client);
        Assert.Equal(2, scene.Device.Of(id).Count);
        Assert.Equal([id], scene.Device.Executed);
    });

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public void Refusal_gives_its_reason_and_a_command_that_the_device_has_not_heard_is_named_as_undone(MessageId id, Func<DeviceClient, Task> act) => Scene.Run(async scene =>
    {
        scene.Device.Answers[id] = _ => new Rejected { Reason = (byte)RejectionReason.StillMoving };
        Assert.Equal(RejectionReason.StillMoving, (await Assert.ThrowsAsync<RejectedException>(() => act(scene.Client))).Reason);
        scene.Device.Answers.Remove(id);
        LinkException silence = await Assert.ThrowsAsync<LinkException>(() => act(scene.Client));
        Assert.Contains("' did not reach the device in time: it has not been done and will not be.", silence.Message, StringComparison.Ordinal);
        Assert.True(silence.IsKnownUndone);
    });

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public void Command_is_overtaken_by_a_stop(MessageId id, Func<DeviceClient, Task> act) => Scene.Run(async scene =>
    {
        scene.Device.Answers.Remove(id);
        Task under = act(scene.Client);
        await scene.SettleAsync();
        await scene.Client.StopAsync();
        await Assert.ThrowsAsync<StoppedException>(() => under);
    });

    [Theory]
    [MemberData(nameof(EveryQuestion))]
    public void Question_is_repeated_when_its_answer_is_lost_and_named_when_it_is_not_answered(MessageId id, Func<DeviceClient, Task> act) => Scene.Run(async scene =>
    {
        int answers = 0;
        scene.Device.LosesAnswerTo = _ => answers++ == 0;
        await act(scene.Client);
        Assert.Equal(2, scene.Device.Of(id).Count);
        scene.Device.Answers.Remove(id);
        LinkException silence = await Assert.ThrowsAsync<LinkException>(() => act(scene.Client));
        Assert.Contains("did not answer the question for its ", silence.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Session_goes_out_with_its_number() => Scene.Run(async scene =>
    {
        await scene.Client.BeginSessionAsync(uint.MaxValue);
        Assert.Equal(uint.MaxValue, ((BeginSession)Assert.Single(scene.Device.Of(MessageId.BeginSession)).Message).SessionNumber);
    });

    [Theory]
    [InlineData(-500)]
    [InlineData(500)]
    public void Jog_goes_out_with_its_sign(int micrometers) => Scene.Run(async scene =>
    {
        await scene.Client.JogAsync(Depth.FromMicrometers(micrometers));
        Assert.Equal(micrometers, ((Jog)Assert.Single(scene.Device.Of(MessageId.Jog)).Message).Micrometers);
    });

    [Theory]
    [InlineData(-32768)]
    [InlineData(-40)]
    [InlineData(32767)]
    public void Measured_zero_goes_out_with_its_sign(int micrometers) => Scene.Run(async scene =>
    {
        await scene.Client.CalibrateZeroAsync(Depth.FromMicrometers(micrometers));
        Assert.Equal(micrometers, ((CalibrateZero)Assert.Single(scene.Device.Of(MessageId.CalibrateZero)).Message).MeasuredMicrometers);
    });

    [Theory]
    [InlineData(1u, -300)]
    [InlineData(uint.MaxValue, 300)]
    public void Settings_go_out_with_serial_number_and_offset(uint serialNumber, int offset) => Scene.Run(async scene =>
    {
        await scene.Client.WriteSettingsAsync(serialNumber, Depth.FromMicrometers(offset));
        WriteSettings sent = (WriteSettings)Assert.Single(scene.Device.Of(MessageId.WriteSettings)).Message;
        Assert.Equal((serialNumber, offset), (sent.SerialNumber, sent.ZeroOffsetMicrometers));
    });

    [Fact]
    public void Values_that_no_device_takes_are_refused_before_anything_is_sent() => Scene.Run(async scene =>
    {
        (Func<Task> Act, RejectionReason Reason, int Detail)[] cases =
        [
            (() => scene.Client.BeginSessionAsync(0), RejectionReason.SessionNumberMissing, 0),
            (() => scene.Client.JogAsync(Depth.FromMicrometers(501)), RejectionReason.JogTooFar, 500),
            (() => scene.Client.JogAsync(Depth.FromMicrometers(-501)), RejectionReason.JogTooFar, 500),
            (() => scene.Client.JogAsync(Depth.FromMicrometers(65536)), RejectionReason.JogTooFar, 500),
            (() => scene.Client.JogAsync(Depth.FromMicrometers(int.MinValue)), RejectionReason.JogTooFar, 500),
            (() => scene.Client.CalibrateZeroAsync(Depth.FromMicrometers(32768)), RejectionReason.ZeroOffsetOutOfRange, 300),
            (() => scene.Client.CalibrateZeroAsync(Depth.FromMicrometers(-32769)), RejectionReason.ZeroOffsetOutOfRange, 300),
            (() => scene.Client.WriteSettingsAsync(0, default), RejectionReason.SerialNumberMissing, 0),
            (() => scene.Client.WriteSettingsAsync(1, Depth.FromMicrometers(301)), RejectionReason.ZeroOffsetOutOfRange, 300),
            (() => scene.Client.WriteSettingsAsync(1, Depth.FromMicrometers(-301)), RejectionReason.ZeroOffsetOutOfRange, 300),
        ];
        foreach ((Func<Task> act, RejectionReason reason, int detail) in cases)
        {
            RejectedException thrown = await Assert.ThrowsAsync<RejectedException>(act);
            Assert.Equal((reason, detail), (thrown.Reason, thrown.Detail));
        }

        await scene.SettleAsync();
        Assert.Empty(scene.Device.Executed);
    });

    [Fact]
    public void Every_field_of_the_settings_reaches_the_caller() => Scene.Run(async scene =>
    {
        SettingsReport report = scene.Device.Settings;
        (report.GoodCopies, report.SerialNumber, report.ZeroOffsetMicrometers, report.Writes, report.Pending) = (2, uint.MaxValue, -123, 17, 1);
        Assert.Equal(new DeviceSettings(2, uint.MaxValue, Depth.FromMicrometers(-123), 17, IsPending: true), await scene.Client.ReadSettingsAsync());
        report.Pending = 0;
        Assert.False((await scene.Client.ReadSettingsAsync()).IsPending);
    });

    [Fact]
    public void Every_life_counter_reaches_the_caller() => Scene.Run(async scene =>
    {
        CountersReport report = scene.Device.Counters;
        (report.Strokes, report.RunSeconds, report.Starts, report.Faults) = (uint.MaxValue, uint.MaxValue, 3, 4);
        Assert.Equal(new DeviceCounters(uint.MaxValue, TimeSpan.FromSeconds(uint.MaxValue), 3, 4), await scene.Client.ReadCountersAsync());
    });

    [Theory]
    [InlineData(0, 0x3F, true)]
    [InlineData(0, 0x07, true)]
    [InlineData(0x02, 0x3F, false)]
    [InlineData(0, 0, false)]
    public void Self_test_has_passed_when_something_was_tested_and_nothing_failed(ushort failed, ushort tested, bool passed) => Scene.Run(async scene =>
    {
        (scene.Device.SelfTest.Failed, scene.Device.SelfTest.Tested) = (failed, tested);
        SelfTestOutcome outcome = await scene.Client.ReadSelfTestAsync();
        Assert.Equal(new SelfTestOutcome(failed, tested), outcome);
        Assert.Equal(passed, outcome.HasPassed);
    });

    [Fact]
    public void Device_that_is_older_than_service_says_so() => Scene.Run(async scene =>
    {
        scene.Device.Answers[MessageId.SettingsRequest] = _ => new Rejected { Reason = (byte)RejectionReason.UnknownMessage, Detail = (int)MessageId.SettingsRequest };
        RejectedException thrown = await Assert.ThrowsAsync<RejectedException>(() => scene.Client.ReadSettingsAsync());
        Assert.Contains("Update its firmware", thrown.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Capabilities_are_those_of_the_protocol() => Assert.Equal(
        typeof(Capabilities).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (field.Name, (uint)field.GetRawConstantValue()!)).Order(),
        Enum.GetValues<DeviceCapabilities>().Except([DeviceCapabilities.None]).Select(capability => (capability.ToString(), (uint)capability)).Order());

    [Fact]
    public void Capabilities_from_a_newer_device_are_kept() => Scene.RunUnconnected(
        async scene =>
        {
            await using DeviceClient client = await scene.ConnectAsync();
            Assert.Equal(0x80000001, (uint)client.Identity.Capabilities);
            Assert.True(client.Identity.Capabilities.HasFlag(DeviceCapabilities.Burst));
            Assert.False(client.Identity.Capabilities.HasFlag(DeviceCapabilities.Service));
        },
        device => device.Hello.Capabilities = 0x80000001);
}
