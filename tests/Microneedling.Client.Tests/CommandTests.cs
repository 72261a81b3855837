using Microneedling.Protocol;

namespace Microneedling.Client.Tests;

/// <summary>Commands over a line that loses, doubles and spoils.</summary>
public class CommandTests
{
    private static readonly TreatmentRequest Request =
        new(Depth.FromMillimeters(0.5), DepthCap: Depth.FromMillimeters(1.0), StrokeRate.FromStrokesPerSecond(60));

    [Fact]
    public void Treatment_goes_out_with_its_units_and_comes_back_with_what_the_device_will_hold_to() => Scene.Run(async scene =>
    {
        AcceptedTreatment accepted = await scene.Client.ConfigureAsync(Request with { SupervisorUnlock = true, BurstStrokes = 12 });
        ConfigureTreatment sent = (ConfigureTreatment)Assert.Single(scene.Device.Of(MessageId.ConfigureTreatment)).Message;
        Assert.Equal(
            (500, 1000, 60000u, 1, 12),
            (sent.DepthMicrometers, sent.DepthCapMicrometers, sent.RateMillihertz, sent.SupervisorUnlock, sent.BurstStrokes));
        Assert.Equal(new AcceptedTreatment(Depth.FromMicrometers(498), Depth.FromMicrometers(1000), StrokeRate.FromMillihertz(60000), 0xABCD0001, BurstStrokes: 12), accepted);

        await scene.Client.ArmAsync(accepted);
        Assert.Equal(0xABCD0001, ((Arm)Assert.Single(scene.Device.Of(MessageId.Arm)).Message).Token);
    });

    [Fact]
    public void Fault_is_acknowledged_by_its_number() => Scene.Run(async scene =>
    {
        await scene.Client.ClearFaultAsync(FaultCode.CartridgeRemoved);
        Assert.Equal(501, ((ClearFault)Assert.Single(scene.Device.Of(MessageId.ClearFault)).Message).Fault);
    });

    [Fact]
    public void Refusal_carries_reason_and_detail() => Scene.Run(async scene =>
    {
        scene.Device.Answers[MessageId.Home] = _ => new Rejected { Reason = (byte)RejectionReason.WrongState, Detail = (int)DeviceState.Running };
        RejectedException thrown = await Assert.ThrowsAsync<RejectedException>(() => scene.Client.HomeAsync());
        Assert.Equal((RejectionReason.WrongState, (int)DeviceState.Running), (thrown.Reason, thrown.Detail));
        Assert.Equal("Not possible while the device is running.", thrown.Message);
    });

    [Fact]
    public void Start_is_refused_by_the_device() => Scene.Run(async scene =>
        Assert.Equal(RejectionReason.TriggerRequired, (await Assert.ThrowsAsync<RejectedException>(() => scene.Client.StartAsync())).Reason));

    [Fact]
    public void Lost_answer_brings_one_repeat_and_one_execution() => Scene.Run(async scene =>
    {
        int answers = 0;
        scene.Device.LosesAnswerTo = _ => answers++ == 0;
        TimeSpan before = scene.Time.Elapsed;
        await scene.Client.HomeAsync();
        Assert.Equal(TimeSpan.FromMilliseconds(150), scene.Time.Elapsed - before);
        IReadOnlyList<Heard> sent = scene.Device.Of(MessageId.Home);
        Assert.Equal(2, sent.Count);
        Assert.Equal(sent[0].Sequence, sent[1].Sequence);
        Assert.Equal([MessageId.Home], scene.Device.Executed);
    });

    [Fact]
    public void Spoilt_answer_brings_one_repeat_and_one_execution() => Scene.Run(async scene =>
    {
        bool spoilt = false;
        scene.Device.Line = bytes =>
        {
            if (!spoilt && bytes[1] == (byte)MessageId.TreatmentAccepted)
            {
                spoilt = true;
                bytes = [.. bytes];
                bytes[7] ^= 0x04;
            }

            return bytes;
        };
        AcceptedTreatment accepted = await scene.Client.ConfigureAsync(Request);
        Assert.True(spoilt);
        Assert.Equal(498, accepted.Depth.Micrometers);
        Assert.Equal([MessageId.ConfigureTreatment], scene.Device.Executed);
    });

    [Fact]
    public void Doubled_and_late_answers_are_taken_once() => Scene.Run(async scene =>
    {
        scene.Device.Line = bytes => [.. bytes, .. bytes];
        uint first = (await scene.Client.ConfigureAsync(Request)).Token;
        uint second = (await scene.Client.ConfigureAsync(Request)).Token;
        await scene.Client.HomeAsync();
        Assert.NotEqual(first, second);
        Assert.Equal([MessageId.ConfigureTreatment, MessageId.ConfigureTreatment, MessageId.Home], scene.Device.Executed);
        Assert.False(scene.Client.Completion.IsCompleted);
    });

    [Fact]
    public void Any_answer_that_arrives_before_patience_ends_counts() => Scene.Run(async scene =>
    {
        int answers = 0;
        scene.Device.LosesAnswerTo = id => id == MessageId.Home && ++answers < 10;
        TimeSpan before = scene.Time.Elapsed;
        await scene.Client.HomeAsync();
        Assert.Equal(TimeSpan.FromMilliseconds(1350), scene.Time.Elapsed - before);
        Assert.Equal([MessageId.Home], scene.Device.Executed);
    });

    [Fact]
    public void Command_whose_answers_are_all_lost_is_settled_as_done() => Scene.Run(async scene =>
    {
        scene.Device.LosesAnswerTo = id => id == MessageId.ConfigureTreatment;
        (TimeSpan before, AcceptedTreatment accepted) = (scene.Time.Elapsed, await scene.Client.ConfigureAsync(Request));
        Assert.Equal(0xABCD0001, accepted.Token);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), scene.Time.Elapsed - before);
        SettleCommand asked = (SettleCommand)Assert.Single(scene.Device.Of(MessageId.SettleCommand)).Message;
        Heard sent = scene.Device.Of(MessageId.ConfigureTreatment)[0];
        Assert.Equal((sent.Sequence, (byte)sent.Id), (asked.CommandSequence, asked.CommandId));
        Assert.Equal([MessageId.ConfigureTreatment], scene.Device.Executed);
    });

    [Fact]
    public void Refusal_whose_answers_are_all_lost_is_settled_as_refused() => Scene.Run(async scene =>
    {
        scene.Device.Answers[MessageId.Home] = _ => new Rejected { Reason = (byte)RejectionReason.StillMoving };
        scene.Device.LosesAnswerTo = id => id == MessageId.Home;
        Assert.Equal(RejectionReason.StillMoving, (await Assert.ThrowsAsync<RejectedException>(() => scene.Client.HomeAsync())).Reason);
    });

    [Fact]
    public void Command_that_the_device_never_heard_is_settled_as_undone() => Scene.Run(async scene =>
    {
        scene.Device.Hears = id => id != MessageId.Home;
        (LinkException thrown, TimeSpan after) = await scene.CatchAsync<LinkException>(() => scene.Client.HomeAsync());
        Assert.Equal("'home' did not reach the device in time: it has not been done and will not be. Try again.", thrown.Message);
        Assert.True(thrown.IsKnownUndone);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), after);
        scene.Device.Hears = _ => true;
        await scene.Client.DisarmAsync();
        Assert.Equal([MessageId.Disarm], scene.Device.Executed);
        Assert.False(scene.Client.Completion.IsCompleted);
    });

    [Fact]
    public void Settling_goes_on_until_it_is_answered_and_the_next_command_waits_for_it() => Scene.Run(async scene =>
    {
        scene.Device.LosesAnswerTo = id => id is MessageId.Home || (id is MessageId.SettleCommand && scene.Device.Of(MessageId.SettleCommand).Count < 15);
        Task home = scene.Client.HomeAsync();
        Task disarm = scene.Client.DisarmAsync();
        await home;
        Assert.Empty(scene.Device.Of(MessageId.Disarm));
        await disarm;
        Assert.Equal(15, scene.Device.Of(MessageId.SettleCommand).Count);
        Assert.Single(scene.Device.Of(MessageId.SettleCommand).Select(frame => frame.Sequence).Distinct());
    });

    [Fact]
    public void Device_that_is_heard_but_settles_nothing_loses_the_link_and_nothing_is_claimed() => Scene.Run(async scene =>
    {
        scene.Device.LosesAnswerTo = id => id is MessageId.Home or MessageId.SettleCommand;
        Task disarm = Task.CompletedTask;
        (LinkException thrown, TimeSpan after) = await scene.CatchAsync<LinkException>(() =>
        {
            Task home = scene.Client.HomeAsync();
            disarm = scene.Client.DisarmAsync();
            return home;
        });
        Assert.StartsWith("The device is heard but did not answer 'home', nor the question what became of it. Whether it was done is not known.", thrown.Message, StringComparison.Ordinal);
        Assert.False(thrown.IsKnownUndone);
        Assert.Equal(TimeSpan.FromMilliseconds(4500), after);
        Assert.True((await Assert.ThrowsAsync<LinkException>(() => disarm)).IsKnownUndone);
        await Assert.ThrowsAsync<LinkException>(() => scene.Client.Completion);
    });

    [Fact]
    public void Device_that_no_longer_knows_loses_the_link_and_nothing_is_claimed() => Scene.Run(async scene =>
    {
        scene.Device.Answers[MessageId.Home] = _ => new Rejected { Reason = (byte)RejectionReason.OutOfDate, Detail = 5 };
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => scene.Client.HomeAsync());
        Assert.Contains("no longer knows what became of 'home'", thrown.Message, StringComparison.Ordinal);
        Assert.False(thrown.IsKnownUndone);
        Assert.Contains("do not count their commands alike", (await Assert.ThrowsAsync<LinkException>(() => scene.Client.Completion)).Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Older_device_that_cannot_be_asked_is_sent_the_same_frame_again_until_it_answers(byte minor) => Scene.Run(
        async scene =>
        {
            int answers = 0;
            scene.Device.LosesAnswerTo = id => id == MessageId.Home && ++answers < 20;
            await scene.Client.HomeAsync();
            Assert.Equal(20, scene.Device.Of(MessageId.Home).Count);
            Assert.Single(scene.Device.Of(MessageId.Home).Select(frame => frame.Sequence).Distinct());
            Assert.Empty(scene.Device.Of(MessageId.SettleCommand));
            Assert.Empty(scene.Device.Of(MessageId.TimeRequest));
            Assert.Equal([MessageId.Home], scene.Device.Executed.Where(id => id != MessageId.StatusRequest));
        },
        device => device.Hello.ProtocolMinor = minor);

    [Fact]
    public void Dead_device_fails_every_command_within_the_silence_limit() => Scene.Run(async scene =>
    {
        scene.Device.IsDead = true;
        (_, TimeSpan after) = await scene.CatchAsync<LinkException>(() => scene.Client.HomeAsync());
        Assert.InRange(after, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1.1));
    });

    [Fact]
    public void Command_that_never_left_is_known_to_be_undone() => Scene.Run(async scene =>
    {
        scene.Line.Block();
        await scene.PassAsync(TimeSpan.FromMilliseconds(200));
        (LinkException thrown, _) = await scene.CatchAsync<LinkException>(() => scene.Client.HomeAsync());
        Assert.Contains("'home' was not sent, so it has not been done.", thrown.Message, StringComparison.Ordinal);

        scene.Line.Unblock();
        await scene.SettleAsync();
        Assert.Empty(scene.Device.Of(MessageId.Home));
    });

    [Fact]
    public void Nothing_piles_up_behind_a_blocked_transport() => Scene.Run(async scene =>
    {
        scene.Line.Block();
        await scene.PassAsync(TimeSpan.FromMilliseconds(100));
        Task home = scene.Client.HomeAsync();
        await scene.PassAsync(TimeSpan.FromMilliseconds(1000));
        scene.Line.Unblock();
        await home;
        await scene.SettleAsync();
        Assert.Single(scene.Device.Of(MessageId.Home));
        Assert.Equal(2, scene.Device.Of(MessageId.Heartbeat).Count);
    });

    [Fact]
    public void Changes_go_one_by_one_in_the_order_of_the_calls() => Scene.Run(async scene =>
    {
        int answers = 0;
        scene.Device.LosesAnswerTo = id => id == MessageId.Home && answers++ == 0;
        Task home = scene.Client.HomeAsync();
        Task<AcceptedTreatment> configure = scene.Client.ConfigureAsync(Request);
        Task disarm = scene.Client.DisarmAsync();
        DeviceStatus status = await scene.Client.GetStatusAsync();
        Assert.False(home.IsCompleted);
        Assert.Equal(DeviceState.Parked, status.State);
        await disarm;
        Assert.True(home.IsCompletedSuccessfully && configure.IsCompletedSuccessfully);
        Assert.Equal([MessageId.Home, MessageId.StatusRequest, MessageId.ConfigureTreatment, MessageId.Disarm], scene.Device.Executed);
    });

    [Fact]
    public void Cancelling_ends_the_waiting_and_the_repeating_and_lets_the_next_command_through() => Scene.Run(async scene =>
    {
        scene.Device.LosesAnswerTo = id => id == MessageId.Home;
        using CancellationTokenSource patience = new(TimeSpan.FromMilliseconds(400), scene.Time);
        Task home = scene.Client.HomeAsync(patience.Token);
        Task disarm = scene.Client.DisarmAsync();
        (OperationCanceledException thrown, TimeSpan after) = await scene.CatchAsync<OperationCanceledException>(() => home);
        Assert.Equal((patience.Token, TimeSpan.FromMilliseconds(400)), (thrown.CancellationToken, after));
        await disarm;
        await scene.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(3, scene.Device.Of(MessageId.Home).Count);
    });

    [Fact]
    public void Command_cancelled_before_its_turn_is_never_sent() => Scene.Run(async scene =>
    {
        scene.Device.LosesAnswerTo = id => id == MessageId.Home && scene.Device.Of(MessageId.Home).Count < 3;
        using CancellationTokenSource patience = new(TimeSpan.FromMilliseconds(100), scene.Time);
        Task home = scene.Client.HomeAsync();
        Task disarm = scene.Client.DisarmAsync(patience.Token);
        Task clear = scene.Client.ClearFaultAsync(FaultCode.LinkLost);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => disarm);
        await home;
        await clear;
        Assert.Equal([MessageId.Home, MessageId.ClearFault], scene.Device.Executed);
    });

    [Fact]
    public void Command_with_a_cancelled_token_is_never_sent() => Scene.Run(async scene =>
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Client.HomeAsync(new CancellationToken(canceled: true)));
        await scene.SettleAsync();
        Assert.Empty(scene.Device.Of(MessageId.Home));
    });

    [Theory]
    [InlineData(501, 1000, 60000)]
    [InlineData(500, 1001, 60000)]
    [InlineData(500, 1000, 60001)]
    public void Answer_with_more_than_was_asked_for_is_not_taken(ushort depth, ushort cap, uint rate) => Scene.Run(async scene =>
    {
        scene.Device.Answers[MessageId.ConfigureTreatment] = _ => new TreatmentAccepted { DepthMicrometers = depth, DepthCapMicrometers = cap, RateMillihertz = rate, Token = 1 };
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => scene.Client.ConfigureAsync(Request));
        Assert.Contains("Do not treat", thrown.Message, StringComparison.Ordinal);
        Assert.False(thrown.IsTransient);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Device_that_holds_to_more_than_was_asked_for_is_stopped(bool confirms) => Scene.Run(async scene =>
    {
        scene.Device.Status.State = (byte)DeviceState.Running;
        scene.Device.Answers[MessageId.ConfigureTreatment] = _ => new TreatmentAccepted { DepthMicrometers = 900, DepthCapMicrometers = 1000, RateMillihertz = 60000, Token = 1 };
        scene.Device.LosesAnswerTo = id => id == MessageId.Stop && !confirms;
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => scene.Client.ConfigureAsync(Request));
        Assert.NotEmpty(scene.Device.StopBytes);
        Assert.Contains(MessageId.Stop, scene.Device.Executed);
        Assert.Contains("Do not treat", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(!confirms, thrown.Message.Contains("has not confirmed the stop", StringComparison.Ordinal));
    });

    [Theory]
    [InlineData(20, 21)]
    [InlineData(20, 0)]
    public void Answer_that_does_not_count_the_strokes_asked_for_is_not_taken(int asked, ushort answered) => Scene.Run(async scene =>
    {
        scene.Device.Answers[MessageId.ConfigureTreatment] = _ => new TreatmentAccepted { DepthMicrometers = 500, RateMillihertz = 60000, Token = 1, BurstStrokes = answered };
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => scene.Client.ConfigureAsync(Request with { BurstStrokes = asked }));
        Assert.Contains("bursts of 20", thrown.Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(500)]
    public void Burst_within_its_range_is_sent(int strokes) => Scene.Run(async scene =>
    {
        Assert.Equal(strokes, (await scene.Client.ConfigureAsync(Request with { BurstStrokes = strokes })).BurstStrokes);
        Assert.Equal(strokes, ((ConfigureTreatment)Assert.Single(scene.Device.Of(MessageId.ConfigureTreatment)).Message).BurstStrokes);
    });

    [Theory]
    [InlineData(501)]
    [InlineData(-1)]
    [InlineData(65536 + 20)]
    [InlineData(int.MinValue)]
    public void Burst_out_of_range_is_refused_before_anything_is_sent(int strokes) => Scene.Run(async scene =>
    {
        RejectedException thrown = await Assert.ThrowsAsync<RejectedException>(() => scene.Client.ConfigureAsync(Request with { BurstStrokes = strokes }));
        Assert.Equal((RejectionReason.BurstTooLong, 500), (thrown.Reason, thrown.Detail));
        await scene.SettleAsync();
        Assert.Empty(scene.Device.Of(MessageId.ConfigureTreatment));
    });

    [Fact]
    public void Device_that_cannot_count_strokes_is_asked_for_no_burst() => Scene.Run(
        async scene =>
        {
            RejectedException thrown = await Assert.ThrowsAsync<RejectedException>(() => scene.Client.ConfigureAsync(Request with { BurstStrokes = 20 }));
            Assert.Equal((RejectionReason.BurstTooLong, 0), (thrown.Reason, thrown.Detail));
            Assert.Contains("does not count strokes", thrown.Message, StringComparison.Ordinal);
            await scene.Client.ConfigureAsync(Request);
            Assert.Single(scene.Device.Of(MessageId.ConfigureTreatment));
        },
        device => device.Hello.Capabilities = 0);

    [Theory]
    [InlineData(99, 1000, 60000, false, RejectionReason.DepthTooShallow, 100)]
    [InlineData(0, 1000, 60000, false, RejectionReason.DepthTooShallow, 100)]
    [InlineData(-1, 1000, 60000, false, RejectionReason.DepthTooShallow, 100)]
    [InlineData(int.MinValue, 1000, 60000, false, RejectionReason.DepthTooShallow, 100)]
    [InlineData(1001, 1000, 60000, false, RejectionReason.DepthAboveCap, 1000)]
    [InlineData(500, -1, 60000, false, RejectionReason.DepthAboveCap, -1)]
    [InlineData(500, 1501, 60000, false, RejectionReason.SupervisorRequired, 1500)]
    [InlineData(500, 2501, 60000, true, RejectionReason.DepthAboveAbsolute, 2500)]
    [InlineData(2501, 2500, 60000, true, RejectionReason.DepthAboveAbsolute, 2500)]
    [InlineData(500 + 65536, 1000, 60000, true, RejectionReason.DepthAboveAbsolute, 2500)]
    [InlineData(500, 1000 + 65536, 60000, true, RejectionReason.DepthAboveAbsolute, 2500)]
    [InlineData(int.MaxValue, int.MaxValue, 60000, true, RejectionReason.DepthAboveAbsolute, 2500)]
    [InlineData(500, 1000, 9999, false, RejectionReason.RateTooLow, 10000)]
    [InlineData(500, 1000, -60000, false, RejectionReason.RateTooLow, 10000)]
    [InlineData(500, 1000, 100001, false, RejectionReason.RateTooHigh, 100000)]
    [InlineData(500, 1000, int.MaxValue, false, RejectionReason.RateTooHigh, 100000)]
    public void Values_beyond_the_limits_are_refused_before_anything_is_sent(int depth, int cap, int rate, bool unlock, RejectionReason reason, int limit) => Scene.Run(async scene =>
    {
        TreatmentRequest request = new(Depth.FromMicrometers(depth), Depth.FromMicrometers(cap), StrokeRate.FromMillihertz(rate), unlock);
        RejectedException thrown = await Assert.ThrowsAsync<RejectedException>(() => scene.Client.ConfigureAsync(request));
        Assert.Equal((reason, limit), (thrown.Reason, thrown.Detail));
        await scene.SettleAsync();
        Assert.Empty(scene.Device.Of(MessageId.ConfigureTreatment));
    });

    [Theory]
    [InlineData(100, 100, 10000, false)]
    [InlineData(1500, 1500, 100000, false)]
    [InlineData(2500, 2500, 60000, true)]
    public void Values_at_the_limits_are_sent(int depth, int cap, int rate, bool unlock) => Scene.Run(async scene =>
    {
        await scene.Client.ConfigureAsync(new(Depth.FromMicrometers(depth), Depth.FromMicrometers(cap), StrokeRate.FromMillihertz(rate), unlock));
        Assert.Single(scene.Device.Of(MessageId.ConfigureTreatment));
    });

    [Fact]
    public void Narrower_limits_of_the_device_bind_and_wider_ones_do_not() => Scene.Run(
        async scene =>
        {
            RejectedException tooDeep = await Assert.ThrowsAsync<RejectedException>(() => scene.Client.ConfigureAsync(Request with { DepthCap = Depth.FromMicrometers(801) }));
            Assert.Equal((RejectionReason.SupervisorRequired, 800), (tooDeep.Reason, tooDeep.Detail));
            RejectedException tooFast = await Assert.ThrowsAsync<RejectedException>(() => scene.Client.ConfigureAsync(
                Request with { DepthCap = Depth.FromMicrometers(800), Rate = StrokeRate.FromMillihertz(100001) }));
            Assert.Equal((RejectionReason.RateTooHigh, 100000), (tooFast.Reason, tooFast.Detail));
        },
        device =>
        {
            device.Hello.UnsupervisedDepthMicrometers = 800;
            device.Hello.MaximumRateMillihertz = uint.MaxValue;
        });
}
