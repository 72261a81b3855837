using Microneedling.Protocol;

namespace Microneedling.Client.Tests;

/// <summary>STOP goes past everything, is repeated until confirmed, and nothing comes after it.</summary>
public class StopTests
{
    [Fact]
    [Trait("Requirement", "STOP-4")]
    public void Stop_byte_is_written_before_the_call_returns_and_before_the_command() => Scene.Run(async scene =>
    {
        int before = scene.Line.Written.Count;
        Task stop = scene.Client.StopAsync();
        Assert.Equal([Framing.Stop], scene.Line.Written[before]);
        await stop;
        Assert.Equal(1, Assert.Single(scene.Device.Of(MessageId.Stop)).StopBytesBefore);
        Assert.Equal([MessageId.Stop], scene.Device.Executed);
    });

    [Fact]
    public void Stop_byte_goes_out_while_a_frame_is_stuck_and_the_command_follows_when_it_can() => Scene.Run(async scene =>
    {
        scene.Line.Block();
        await scene.PassAsync(TimeSpan.FromMilliseconds(200));
        TimeSpan asked = scene.Time.Elapsed;
        Task stop = scene.Client.StopAsync();
        await scene.SettleAsync();
        Assert.Equal(asked, scene.Device.StopBytes[0]);
        Assert.Empty(scene.Device.Of(MessageId.Stop));

        await scene.PassAsync(TimeSpan.FromMilliseconds(500));
        scene.Line.Unblock();
        await stop;
        Assert.Equal(1 + 3, scene.Device.StopBytes.Count);
        Assert.Single(scene.Device.Of(MessageId.Stop));
    });

    [Fact]
    [Trait("Requirement", "STOP-4")]
    public void Stop_byte_goes_out_again_with_every_repeat_until_the_device_confirms() => Scene.Run(async scene =>
    {
        int answers = 0;
        scene.Device.LosesAnswerTo = id => id == MessageId.Stop && ++answers <= 3;
        TimeSpan before = scene.Time.Elapsed;
        await scene.Client.StopAsync();
        Assert.Equal([0, 150, 300, 450], scene.Device.StopBytes.Select(at => (at - before).TotalMilliseconds));
        Assert.Equal([1, 2, 3, 4], scene.Device.Of(MessageId.Stop).Select(stop => stop.StopBytesBefore));
        Assert.Equal([MessageId.Stop], scene.Device.Executed);
        await scene.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(4, scene.Device.StopBytes.Count);
    });

    [Fact]
    [Trait("Requirement", "STOP-4")]
    public void Stop_that_is_not_confirmed_fails_after_two_seconds_and_says_what_to_do() => Scene.Run(async scene =>
    {
        scene.Device.LosesAnswerTo = id => id == MessageId.Stop;
        (LinkException thrown, TimeSpan after) = await scene.CatchAsync<LinkException>(() => scene.Client.StopAsync());
        Assert.Equal(TimeSpan.FromSeconds(2), after);
        Assert.StartsWith("The device has not confirmed the stop. Release the trigger; if the needles still move, press the emergency stop.", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(14, scene.Device.StopBytes.Count);
    });

    [Fact]
    public void Cancelled_token_ends_the_waiting_but_not_the_stop() => Scene.Run(async scene =>
    {
        int answers = 0;
        scene.Device.LosesAnswerTo = id => id == MessageId.Stop && ++answers <= 2;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Client.StopAsync(new CancellationToken(canceled: true)));
        await scene.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(3, scene.Device.StopBytes.Count);
        Assert.Equal([MessageId.Stop], scene.Device.Executed);
    });

    [Fact]
    public void Stop_overtakes_changes_and_none_of_them_is_sent_afterwards() => Scene.Run(async scene =>
    {
        scene.Device.LosesAnswerTo = id => id == MessageId.Arm;
        Task arm = scene.Client.ArmAsync(new AcceptedTreatment(default, default, default, 1));
        Task disarm = scene.Client.DisarmAsync();
        await scene.PassAsync(TimeSpan.FromMilliseconds(50));
        await scene.Client.StopAsync();

        Assert.Contains("Whether it was done before is not known", (await Assert.ThrowsAsync<StoppedException>(() => arm)).Message, StringComparison.Ordinal);
        Assert.Contains("'disarm' was not sent", (await Assert.ThrowsAsync<StoppedException>(() => disarm)).Message, StringComparison.Ordinal);
        await scene.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal([MessageId.Arm, MessageId.Stop], scene.Device.Executed);
        Assert.Single(scene.Device.Of(MessageId.Arm));
    });

    [Fact]
    public void Stop_overtakes_a_change_that_is_being_settled() => Scene.Run(async scene =>
    {
        scene.Device.LosesAnswerTo = id => id is MessageId.Arm or MessageId.SettleCommand;
        Task arm = scene.Client.ArmAsync(new AcceptedTreatment(default, default, default, 1));
        await scene.PassAsync(TimeSpan.FromMilliseconds(1700));
        await scene.Client.StopAsync();
        await Assert.ThrowsAsync<StoppedException>(() => arm);
        int sent = scene.Device.Of(MessageId.Arm).Count + scene.Device.Of(MessageId.SettleCommand).Count;
        scene.Device.LosesAnswerTo = _ => false;
        await scene.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(sent, scene.Device.Of(MessageId.Arm).Count + scene.Device.Of(MessageId.SettleCommand).Count);
    });

    [Fact]
    public void Changes_are_refused_until_the_stop_is_confirmed_and_taken_afterwards() => Scene.Run(async scene =>
    {
        int answers = 0;
        scene.Device.LosesAnswerTo = id => id == MessageId.Stop && answers++ == 0;
        Task stop = scene.Client.StopAsync();
        await Assert.ThrowsAsync<StoppedException>(() => scene.Client.HomeAsync());
        Assert.Equal(DeviceState.Parked, (await scene.Client.GetStatusAsync()).State);
        await stop;
        await scene.Client.HomeAsync();
        Assert.Equal([MessageId.Stop, MessageId.StatusRequest, MessageId.Home], scene.Device.Executed);
    });

    [Fact]
    public void Every_stop_call_sends_its_own_stop_byte_at_once() => Scene.Run(async scene =>
    {
        Task first = scene.Client.StopAsync();
        Task second = scene.Client.StopAsync();
        await scene.SettleAsync();
        Assert.Equal(2, scene.Device.StopBytes.Count);
        await first;
        await second;
    });

    [Theory]
    [InlineData(DeviceState.Booting, 0, true)]
    [InlineData(DeviceState.SelfTest, 0, true)]
    [InlineData(DeviceState.Unhomed, 0, true)]
    [InlineData(DeviceState.Parked, 0, true)]
    [InlineData(DeviceState.Retracting, StatusFlags.NeedlesMoving, true)]
    [InlineData(DeviceState.Faulted, StatusFlags.Parking, true)]
    [InlineData(DeviceState.EmergencyStopped, 0, true)]
    [InlineData(DeviceState.Service, 0, true)]
    [InlineData(DeviceState.Service, StatusFlags.StageMoving, false)]
    [InlineData(DeviceState.Homing, StatusFlags.StageMoving, false)]
    [InlineData(DeviceState.Armed, 0, false)]
    [InlineData(DeviceState.Running, StatusFlags.NeedlesMoving, false)]
    public void Refused_stop_counts_as_confirmed_only_if_the_status_asked_for_afterwards_shows_it(DeviceState state, byte flags, bool confirmed) => Scene.Run(async scene =>
    {
        scene.Device.Answers[MessageId.Stop] = _ => new Rejected { Reason = (byte)RejectionReason.UnknownMessage };
        scene.Device.Status.State = (byte)state;
        scene.Device.Status.Flags = flags;
        if (confirmed)
        {
            await scene.Client.StopAsync();
        }
        else
        {
            LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => scene.Client.StopAsync());
            Assert.IsType<RejectedException>(thrown.InnerException);
        }

        Assert.Equal([MessageId.Stop, MessageId.StatusRequest], scene.Device.Executed);
    });

    [Fact]
    public void Link_that_breaks_during_the_stop_is_told_as_an_unconfirmed_stop() => Scene.Run(async scene =>
    {
        scene.Device.LosesAnswerTo = id => id == MessageId.Stop;
        Task stop = scene.Client.StopAsync();
        await scene.PassAsync(TimeSpan.FromMilliseconds(300));
        await scene.Line.DisposeAsync();
        (LinkException thrown, TimeSpan after) = await scene.CatchAsync<LinkException>(() => stop);
        Assert.Equal(TimeSpan.Zero, after);
        Assert.Contains("has not confirmed the stop", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("stops by itself", thrown.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Stop_after_silence_still_tries_the_line() => Scene.Run(async scene =>
    {
        scene.Device.IsDead = true;
        await Assert.ThrowsAsync<LinkException>(() => scene.Client.Completion);
        int before = scene.Line.Written.Count;
        await Assert.ThrowsAsync<LinkException>(() => scene.Client.StopAsync());
        Assert.Equal([Framing.Stop], Assert.Single(scene.Line.Written.Skip(before)));
    });

    [Theory]
    [InlineData(DeviceState.Running, 1)]
    [InlineData(DeviceState.Armed, 1)]
    [InlineData(DeviceState.Homing, 1)]
    [InlineData(DeviceState.Parked, 0)]
    [InlineData(DeviceState.Retracting, 0)]
    public void Disposing_stops_a_device_that_is_not_at_rest(DeviceState state, int stopBytes) => Scene.RunUnconnected(async scene =>
    {
        scene.Device.Status.State = (byte)state;
        DeviceClient client = await scene.ConnectAsync();
        await scene.PassAsync(TimeSpan.FromSeconds(1));
        await client.DisposeAsync();
        await scene.SettleAsync();
        Assert.Equal(stopBytes, scene.Device.StopBytes.Count);
        Assert.True(scene.Line.IsDisposed);
    });

    [Fact]
    public void Disposing_right_after_arming_stops_although_no_status_shows_it_yet() => Scene.RunUnconnected(async scene =>
    {
        scene.Device.Reports = false;
        DeviceClient client = await scene.ConnectAsync();
        await client.ArmAsync(new AcceptedTreatment(default, default, default, 1));
        await client.DisposeAsync();
        await scene.SettleAsync();
        Assert.Single(scene.Device.StopBytes);
    });

    [Fact]
    public void Disposing_while_arming_is_under_way_stops() => Scene.RunUnconnected(async scene =>
    {
        scene.Device.LosesAnswerTo = id => id == MessageId.Arm;
        scene.Device.Reports = false;
        DeviceClient client = await scene.ConnectAsync();
        Task arming = client.ArmAsync(new AcceptedTreatment(default, default, default, 1));
        await scene.SettleAsync();
        await client.DisposeAsync();
        await scene.SettleAsync();
        Assert.Single(scene.Device.StopBytes);
        await Assert.ThrowsAsync<LinkException>(() => arming);
    });
}
