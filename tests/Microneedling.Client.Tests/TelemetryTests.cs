using System.Reflection;
using Microneedling.Protocol;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests;

/// <summary>Statuses: what they say, who gets them, and waiting for one.</summary>
public class TelemetryTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(Limits.IdleStatusMilliseconds);

    [Fact]
    public void Every_field_of_a_status_reaches_the_caller_in_its_unit() => Scene.Run(async scene =>
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        StatusReport report = scene.Device.Status;
        report.State = (byte)DeviceState.Running;
        report.Fault = (ushort)FaultCode.RateOutOfBand;
        report.Inputs = (ushort)random.Next(65536);
        report.Flags = (byte)random.Next(256);
        report.StagePositionMicrometers = (short)random.Next(-1200, 0);
        report.DepthMicrometers = (ushort)random.Next(1, 2500);
        report.DepthCapMicrometers = (ushort)random.Next(1, 2500);
        report.RateMillihertz = (uint)random.Next(1, 100000);
        report.DrivenRateMillihertz = (uint)random.Next(1, 100000);
        report.MeasuredRateMillihertz = uint.MaxValue;
        report.StrokeCount = (uint)random.NextInt64(uint.MaxValue);
        report.Token = (uint)random.NextInt64(uint.MaxValue);
        report.DroppedReports = (ushort)random.Next(65536);
        report.TickGaps = (ushort)random.Next(65536);
        report.BurstStrokes = (ushort)random.Next(65536);
        report.Alarm = (byte)AlarmPriority.High;
        report.SessionNumber = (uint)random.NextInt64(uint.MaxValue);
        DeviceStatus status = await scene.Client.GetStatusAsync();
        Assert.Equal(
            new DeviceStatus(
                scene.Time.GetUtcNow(),
                TimeSpan.FromMilliseconds(report.UptimeMilliseconds),
                DeviceState.Running,
                FaultCode.RateOutOfBand,
                report.Inputs,
                report.Flags,
                Depth.FromMicrometers(report.StagePositionMicrometers),
                Depth.FromMicrometers(report.DepthMicrometers),
                Depth.FromMicrometers(report.DepthCapMicrometers),
                StrokeRate.FromMillihertz((int)report.RateMillihertz),
                StrokeRate.FromMillihertz((int)report.DrivenRateMillihertz),
                StrokeRate.FromMillihertz(int.MaxValue),
                report.StrokeCount,
                report.Token,
                report.LatestEventNumber,
                report.DroppedReports,
                report.TickGaps,
                report.BurstStrokes,
                AlarmPriority.High,
                report.SessionNumber),
            status);
        Assert.Equal(status, scene.Client.LatestStatus);

        // A field added to the report shows up here, so that it is not forgotten above.
        Assert.Equal(20, typeof(StatusReport).GetFields(BindingFlags.Public | BindingFlags.Instance).Length);
    });

    [Theory]
    [InlineData(FaultCode.None, 0, AlarmPriority.None)]
    [InlineData(FaultCode.None, 2, AlarmPriority.Medium)]
    [InlineData(FaultCode.PositionLost, 0, AlarmPriority.High)]
    [InlineData(FaultCode.LinkLost, 1, AlarmPriority.Medium)]
    [InlineData(FaultCode.SettingsLost, 3, AlarmPriority.High)]
    public void Alarm_is_never_less_than_the_latched_fault_asks_for(FaultCode fault, byte told, AlarmPriority alarm) => Scene.Run(async scene =>
    {
        scene.Device.Status.Fault = (ushort)fault;
        scene.Device.Status.Alarm = told;
        Assert.Equal(alarm, (await scene.Client.GetStatusAsync()).Alarm);
    });

    [Fact]
    public void Input_and_flag_bits_are_read_one_by_one()
    {
        DeviceStatus status = new(default, default, default, default, Inputs.TriggerPressed | Inputs.SupplyGood, StatusFlags.Homed, default, default, default, default, default, default, 0, 0, 0, 0, 0);
        Assert.True(status.Has(Inputs.TriggerPressed) && status.Has(Inputs.SupplyGood) && status.Is(StatusFlags.Homed));
        Assert.False(status.Has(Inputs.HomeSwitchClosed) || status.Is(StatusFlags.NeedlesMoving));
    }

    [Fact]
    public void Every_reader_gets_every_status_that_comes_while_it_reads() => Scene.Run(async scene =>
    {
        Task<List<DeviceStatus>> first = TakeAsync(scene.Client.TelemetryAsync(), 10);
        Task<List<DeviceStatus>> second = TakeAsync(scene.Client.TelemetryAsync(), 10);
        List<DeviceStatus> statuses = await first;
        Assert.Equal(statuses, await second);
        Assert.All(statuses.Zip(statuses.Skip(1)), pair => Assert.Equal(Period, pair.Second.DeviceTime - pair.First.DeviceTime));
        Assert.Equal(0, scene.Client.MissedStatuses);
    });

    [Fact]
    public void Slow_reader_misses_the_oldest_statuses_which_are_counted_and_holds_nobody_up() => Scene.Run(async scene =>
    {
        await using IAsyncEnumerator<DeviceStatus> slow = scene.Client.TelemetryAsync().GetAsyncEnumerator();
        await slow.MoveNextAsync();
        Task<List<DeviceStatus>> quick = TakeAsync(scene.Client.TelemetryAsync(), 100);
        List<DeviceStatus> all = await quick;
        Assert.Equal(36, scene.Client.MissedStatuses);
        for (int i = 0; i < 64; i++)
        {
            await slow.MoveNextAsync();
            Assert.Equal(all[36 + i], slow.Current);
        }
    });

    [Fact]
    public void Reading_ends_when_its_token_is_cancelled() => Scene.Run(async scene =>
    {
        using CancellationTokenSource patience = new(5 * Period, scene.Time);
        int count = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (DeviceStatus status in scene.Client.TelemetryAsync().WithCancellation(patience.Token))
            {
                count++;
            }
        });
        Assert.Equal(5, count);
        await scene.PassAsync(100 * Period);
        Assert.Equal(0, scene.Client.MissedStatuses);
    });

    [Fact]
    public void Status_asked_for_is_not_an_old_one() => Scene.Run(async scene =>
    {
        await scene.PassAsync(5 * Period);
        DeviceStatus status = await scene.Client.GetStatusAsync();
        Assert.Equal(scene.Time.GetUtcNow(), status.ReceivedAt);
        Assert.Equal(scene.Time.Elapsed - scene.Device.StartedAt, status.DeviceTime);
    });

    [Fact]
    public void Waiting_looks_only_at_statuses_that_come_after_the_call() => Scene.Run(async scene =>
    {
        await scene.PassAsync(2 * Period);
        Assert.Equal(DeviceState.Parked, scene.Client.LatestStatus!.State);
        scene.Device.Status.State = (byte)DeviceState.Homing;
        Task<DeviceStatus> parked = scene.Client.WaitForAsync(status => status.State == DeviceState.Parked, TimeSpan.FromSeconds(5));
        await scene.PassAsync(2 * Period);
        Assert.False(parked.IsCompleted);
        scene.Device.Status.State = (byte)DeviceState.Parked;
        Assert.Equal(DeviceState.Parked, (await parked).State);
    });

    [Fact]
    public void Waiting_for_what_holds_already_takes_one_question() => Scene.Run(async scene =>
    {
        scene.Device.Reports = false;
        TimeSpan before = scene.Time.Elapsed;
        await scene.Client.WaitForAsync(status => status.State == DeviceState.Parked, TimeSpan.FromSeconds(5));
        Assert.Equal(before, scene.Time.Elapsed);
        Assert.Single(scene.Device.Of(MessageId.StatusRequest));
    });

    [Fact]
    public void Waiting_ends_with_the_fault_that_latches_meanwhile() => Scene.Run(async scene =>
    {
        await scene.PassAsync(2 * Period);
        Task<DeviceStatus> parked = scene.Client.WaitForAsync(status => status.State == DeviceState.Armed, TimeSpan.FromSeconds(5));
        await scene.PassAsync(2 * Period);
        scene.Device.Status.State = (byte)DeviceState.Faulted;
        scene.Device.Status.Fault = (ushort)FaultCode.HomeSwitchNotFound;
        FaultedException thrown = await Assert.ThrowsAsync<FaultedException>(() => parked);
        Assert.Equal(FaultCode.HomeSwitchNotFound, thrown.Fault);
        Assert.Equal(DeviceWords.Of(FaultCode.HomeSwitchNotFound), thrown.Message);
    });

    [Fact]
    public void Waiting_is_not_ended_by_a_fault_that_was_there_before_but_by_another_or_the_same_anew() => Scene.Run(
        async scene =>
        {
            Task<DeviceStatus> parked = scene.Client.WaitForAsync(status => status.State == DeviceState.Parked, TimeSpan.FromSeconds(60));
            await scene.PassAsync(3 * Period);
            Assert.False(parked.IsCompleted);
            scene.Device.Status.Fault = (ushort)FaultCode.None;
            await scene.PassAsync(3 * Period);
            Assert.False(parked.IsCompleted);
            scene.Device.Status.Fault = (ushort)FaultCode.LinkLost;
            Assert.Equal(FaultCode.LinkLost, (await Assert.ThrowsAsync<FaultedException>(() => parked)).Fault);

            Task<DeviceStatus> again = scene.Client.WaitForAsync(status => status.State == DeviceState.Parked, TimeSpan.FromSeconds(60));
            await scene.PassAsync(3 * Period);
            Assert.False(again.IsCompleted);
            scene.Device.Status.Fault = (ushort)FaultCode.SupplyLow;
            Assert.Equal(FaultCode.SupplyLow, (await Assert.ThrowsAsync<FaultedException>(() => again)).Fault);
        },
        device =>
        {
            device.Status.State = (byte)DeviceState.Faulted;
            device.Status.Fault = (ushort)FaultCode.LinkLost;
        });

    [Fact]
    public void Waiting_for_a_fault_is_possible() => Scene.Run(async scene =>
    {
        Task<DeviceStatus> faulted = scene.Client.WaitForAsync(status => status.Fault == FaultCode.SupplyLow, TimeSpan.FromSeconds(5));
        await scene.PassAsync(3 * Period);
        scene.Device.Status.Fault = (ushort)FaultCode.SupplyLow;
        Assert.Equal(FaultCode.SupplyLow, (await faulted).Fault);
    });

    [Fact]
    public void Waiting_too_long_says_where_the_device_is() => Scene.Run(async scene =>
    {
        (TimeoutException thrown, TimeSpan after) = await scene.CatchAsync<TimeoutException>(() => scene.Client.WaitForAsync(_ => false, TimeSpan.FromSeconds(2.5)));
        Assert.Equal("The device did not get there within 2.5 s; it is parked.", thrown.Message);
        Assert.Equal(TimeSpan.FromSeconds(2.5), after);
    });

    [Fact]
    public void Waiting_can_be_cancelled() => Scene.Run(async scene =>
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(1), scene.Time);
        (OperationCanceledException thrown, TimeSpan after) = await scene.CatchAsync<OperationCanceledException>(() => scene.Client.WaitForAsync(_ => false, TimeSpan.FromSeconds(5), patience.Token));
        Assert.Equal((patience.Token, TimeSpan.FromSeconds(1)), (thrown.CancellationToken, after));
    });

    [Fact]
    public void Condition_that_throws_ends_only_its_own_waiting() => Scene.Run(async scene =>
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => scene.Client.WaitForAsync(_ => throw new InvalidOperationException(), TimeSpan.FromSeconds(5)));
        Assert.Equal(DeviceState.Parked, (await scene.Client.GetStatusAsync()).State);
        Assert.False(scene.Client.Completion.IsCompleted);
    });

    private static async Task<List<DeviceStatus>> TakeAsync(IAsyncEnumerable<DeviceStatus> statuses, int count)
    {
        List<DeviceStatus> taken = [];
        await foreach (DeviceStatus status in statuses)
        {
            taken.Add(status);
            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }
}
