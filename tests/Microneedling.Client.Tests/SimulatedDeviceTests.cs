using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests;

/// <summary>The client and the firmware itself, on the simulated board, in its time.</summary>
public class SimulatedDeviceTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TreatmentRequest Shallow =
        new(Depth.FromMillimeters(0.5), DepthCap: Depth.FromMillimeters(1.0), StrokeRate.FromStrokesPerSecond(60));

    [Fact]
    public void A_treatment_from_connecting_to_stop() => Run(async (time, device, client) =>
    {
        AcceptedTreatment treatment = await ArmAsync(client, Shallow);
        Assert.InRange(treatment.Depth.Micrometers, 497, 500);
        Assert.Equal(RejectionReason.TriggerRequired, (await Assert.ThrowsAsync<RejectedException>(() => client.StartAsync())).Reason);

        device.Bench.ResetDeepestTip();
        device.Bench.PressTrigger();
        await client.WaitForAsync(status => status.StrokeCount >= 100, Soon);
        Assert.InRange(device.Bench.DeepestTipMicrometers, 450, Shallow.Depth.Micrometers);

        AcceptedTreatment deeper = await client.ConfigureAsync(Shallow with { Depth = Depth.FromMillimeters(0.8) });
        await client.WaitForAsync(status => status.State == DeviceState.Running && status.StagePosition == deeper.Depth && status.StrokeCount >= 200, Soon);
        Assert.InRange(device.Bench.DeepestTipMicrometers, 750, 800);
        Assert.Equal(
            RejectionReason.CapFixedWhileArmed,
            (await Assert.ThrowsAsync<RejectedException>(() => client.ConfigureAsync(Shallow with { DepthCap = Depth.FromMillimeters(1.2) }))).Reason);

        await client.StopAsync();
        DeviceStatus parked = await client.WaitForAsync(status => status.State == DeviceState.Parked && !status.Is(StatusFlags.Parking), Soon);
        Assert.Equal(FaultCode.None, parked.Fault);
        Assert.True(device.Bench.TipMicrometers < 0);
        device.Bench.ReleaseTrigger();
    });

    [Fact]
    public void Log_of_a_treatment_is_complete_and_in_order() => Run(async (time, device, client) =>
    {
        AcceptedTreatment treatment = await ArmAsync(client, Shallow);
        device.Bench.PressTrigger();
        await client.WaitForAsync(status => status.StrokeCount >= 20, Soon);
        device.Bench.ReleaseTrigger();
        await client.WaitForAsync(status => status.State == DeviceState.Armed, Soon);
        await client.DisarmAsync();
        await client.WaitForAsync(status => status.State == DeviceState.Parked, Soon);
        await time.Delay(TimeSpan.FromSeconds(1));
        await client.DisposeAsync();

        List<DeviceEvent> log = [];
        await foreach (DeviceLogEntry entry in client.EventsAsync())
        {
            log.Add(Assert.IsType<DeviceEvent>(entry));
        }

        output.WriteLine(string.Join(Environment.NewLine, log));
        Assert.Equal(Enumerable.Range(1, log.Count), log.Select(entry => (int)entry.Number));
        Assert.Equal(log.OrderBy(entry => entry.DeviceTime), log);
        Assert.Equal(
            [DeviceState.SelfTest, DeviceState.Unhomed, DeviceState.Homing, DeviceState.Parked, DeviceState.Armed, DeviceState.Running, DeviceState.Armed, DeviceState.Retracting, DeviceState.Parked],
            log.Where(entry => entry.Code == EventCode.StateChanged).Select(entry => (DeviceState)entry.Argument1));
        Assert.Equal(treatment.Depth.Micrometers, Assert.Single(log, entry => entry.Code == EventCode.TreatmentAccepted).Argument1);
        Assert.Single(log, entry => entry.Code == EventCode.TriggerPressed);
        Assert.Single(log, entry => entry.Code == EventCode.TriggerReleased);
    });

    [Fact]
    public void Token_of_values_that_have_changed_since_does_not_arm() => Run(async (time, device, client) =>
    {
        await HomeAsync(client);
        AcceptedTreatment first = await client.ConfigureAsync(Shallow);
        await client.ConfigureAsync(Shallow with { Depth = Depth.FromMillimeters(0.9) });
        Assert.Equal(RejectionReason.StaleToken, (await Assert.ThrowsAsync<RejectedException>(() => client.ArmAsync(first))).Reason);
        Assert.Equal(DeviceState.Parked, (await client.GetStatusAsync()).State);
    });

    [Fact]
    public void Commands_out_of_order_are_refused_with_their_reasons() => Run(async (time, device, client) =>
    {
        Assert.Equal(RejectionReason.NotHomed, (await Assert.ThrowsAsync<RejectedException>(() => client.ConfigureAsync(Shallow))).Reason);
        await HomeAsync(client);
        Assert.Equal(RejectionReason.NothingConfigured, (await Assert.ThrowsAsync<RejectedException>(() => client.ArmAsync(new(default, default, default, 1)))).Reason);
        Assert.Equal(RejectionReason.NothingToClear, (await Assert.ThrowsAsync<RejectedException>(() => client.ClearFaultAsync(FaultCode.LinkLost))).Reason);
        device.Bench.RemoveCartridge();
        AcceptedTreatment treatment = await client.ConfigureAsync(Shallow);
        RejectedException thrown = await Assert.ThrowsAsync<RejectedException>(() => client.ArmAsync(treatment));
        Assert.Equal("Seat a cartridge first.", thrown.Message);
    });

    [Theory]
    [InlineData(DeviceState.Unhomed)]
    [InlineData(DeviceState.Homing)]
    [InlineData(DeviceState.Parked)]
    [InlineData(DeviceState.Armed)]
    [InlineData(DeviceState.Running)]
    [InlineData(DeviceState.Retracting)]
    [InlineData(DeviceState.Faulted)]
    [InlineData(DeviceState.EmergencyStopped)]
    public void Stop_is_confirmed_in_every_state_and_nothing_strokes_afterwards(DeviceState state) => Run(async (time, device, client) =>
    {
        await BringToAsync(state, device, client);
        await client.StopAsync();
        long strokes = device.Bench.BottomsPassed;
        device.Bench.ReleaseTrigger();
        await time.Delay(TimeSpan.FromMilliseconds(100));
        device.Bench.PressTrigger();
        await time.Delay(TimeSpan.FromSeconds(3));

        // Parked, the cam creeps to its top and once round, to prove the index: behind the nosecone.
        Assert.InRange(device.Bench.BottomsPassed - strokes, 0, 2);

        // Before homing the stage stands wherever the power left it.
        bool hasBeenHomed = state is not (DeviceState.Unhomed or DeviceState.Homing);
        Assert.True(device.Bench.TipMicrometers < 0 || !hasBeenHomed);
        Assert.Contains((await client.GetStatusAsync()).State, new[] { DeviceState.Unhomed, DeviceState.Parked, DeviceState.Faulted, DeviceState.EmergencyStopped });
    });

    [Fact]
    public void Stop_during_every_command_ends_in_rest()
    {
        for (int milliseconds = 0; milliseconds <= 60; milliseconds += 6)
        {
            Run(async (time, device, client) =>
            {
                AcceptedTreatment treatment = await ArmAsync(client, Shallow);
                device.Bench.PressTrigger();
                await client.WaitForAsync(status => status.State == DeviceState.Running, Soon);
                Task[] underWay =
                [
                    client.ConfigureAsync(Shallow with { Depth = Depth.FromMillimeters(1.0) }),
                    client.DisarmAsync(),
                    client.ArmAsync(treatment),
                    client.HomeAsync(),
                ];
                await time.Delay(TimeSpan.FromMilliseconds(milliseconds));
                await client.StopAsync();
                foreach (Task task in underWay)
                {
                    await Record.ExceptionAsync(() => task);
                    Assert.True(task.IsCompleted);
                }

                await client.WaitForAsync(status => status.State is DeviceState.Parked or DeviceState.Unhomed && !status.Is(StatusFlags.Parking), Soon);
                await time.Delay(TimeSpan.FromSeconds(1));
                Assert.True(device.Bench.TipMicrometers < 0);
            });
        }
    }

    [Fact]
    public void Cut_cable_is_told_on_both_sides_and_the_needles_retract() => Run(async (time, device, client) =>
    {
        await ArmAsync(client, Shallow);
        device.Bench.PressTrigger();
        await client.WaitForAsync(status => status.StrokeCount >= 20, Soon);
        device.Board.Serial.Cut = true;
        long cutAt = time.NowMicroseconds;

        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => client.Completion);
        Assert.True(thrown.IsTransient);
        Assert.InRange(time.NowMicroseconds - cutAt, 900_000, 1_200_000);
        await Assert.ThrowsAsync<LinkException>(() => client.StopAsync());
        await client.DisposeAsync();
        await time.Until(() => device.Bench.TipMicrometers < 0 && device.Bench.StageMicrometers < -900, Soon);

        device.Board.Serial.Cut = false;
        device.Bench.ReleaseTrigger();
        await using DeviceClient again = await DeviceClient.ConnectAsync(device.Connect(), time);
        DeviceStatus status = await again.GetStatusAsync();
        Assert.Equal((DeviceState.Faulted, FaultCode.LinkLost), (status.State, status.Fault));
        await again.WaitForAsync(now => !now.Is(StatusFlags.Parking), Soon);
        await again.ClearFaultAsync(FaultCode.LinkLost);
        Assert.Equal(DeviceState.Parked, (await again.GetStatusAsync()).State);
    });

    [Fact]
    public void Pulled_plug_is_told_as_silence_and_a_device_that_comes_back_as_a_restart() => Run(async (time, device, client) =>
    {
        await HomeAsync(client);
        await time.Delay(TimeSpan.FromSeconds(3));
        device.PowerOff();
        device.PowerOn();
        await time.Delay(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAnyAsync<DeviceException>(() => client.HomeAsync());
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => client.Completion);
        Assert.Contains("restarted", thrown.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Disposing_while_the_needles_run_stops_them_without_a_fault() => Run(async (time, device, client) =>
    {
        await ArmAsync(client, Shallow);
        device.Bench.PressTrigger();
        await client.WaitForAsync(status => status.StrokeCount >= 20, Soon);
        long strokes = device.Bench.BottomsPassed;
        await client.DisposeAsync();
        await time.Delay(TimeSpan.FromSeconds(3));
        Assert.InRange(device.Bench.BottomsPassed - strokes, 0, 3);
        device.Bench.ReleaseTrigger();

        await using DeviceClient again = await DeviceClient.ConnectAsync(device.Connect(), time);
        DeviceStatus status = await again.GetStatusAsync();
        Assert.Equal((DeviceState.Parked, FaultCode.None), (status.State, status.Fault));
    });

    [Fact]
    public void Fault_during_homing_ends_the_waiting_for_it() => Run(async (time, device, client) =>
    {
        device.Bench.SetFault(BenchFault.HomeSwitchStuckOpen, present: true);
        await client.HomeAsync();
        FaultedException thrown = await Assert.ThrowsAsync<FaultedException>(
            () => client.WaitForAsync(status => status.State == DeviceState.Parked, TimeSpan.FromSeconds(30)));
        Assert.Equal(FaultCode.HomeSwitchNotFound, thrown.Fault);
    });

    [Fact]
    public void Treatments_over_a_noisy_line_are_what_was_accepted_and_the_log_is_complete() => Run(async (time, device, client) =>
    {
        await HomeAsync(client);
        device.Board.Serial.Noise = new LineNoise(Flip: 0.0015, Drop: 0.0005, Insert: 0.0005);
        for (int i = 0; i < 40; i++)
        {
            Depth asked = Depth.FromMicrometers(200 + (i * 20));
            AcceptedTreatment accepted = await client.ConfigureAsync(Shallow with { Depth = asked });
            DeviceStatus status = await client.GetStatusAsync();
            if (status.State == DeviceState.Parked)
            {
                Assert.Equal((accepted.Depth, accepted.Token), (status.ActiveDepth, status.Token));
            }
        }

        device.Board.Serial.Noise = new LineNoise();
        await time.Delay(TimeSpan.FromSeconds(3));
        await client.DisposeAsync();
        List<DeviceLogEntry> log = [];
        await foreach (DeviceLogEntry entry in client.EventsAsync())
        {
            log.Add(entry);
        }

        DeviceEvent[] accepts = [.. log.OfType<DeviceEvent>().Where(entry => entry.Code == EventCode.TreatmentAccepted)];
        Assert.Empty(log.OfType<MissingEvents>());
        Assert.Equal(40, accepts.Length);
        Assert.Equal(Enumerable.Range(1, log.Count), log.Select(entry => (int)((DeviceEvent)entry).Number));
    });

    [Fact]
    public void Heartbeat_keeps_an_armed_device_armed_while_nobody_calls() => Run(async (time, device, client) =>
    {
        await ArmAsync(client, Shallow);
        await time.Delay(TimeSpan.FromSeconds(50));
        Assert.Equal(DeviceState.Armed, (await client.GetStatusAsync()).State);
        Assert.False(client.Completion.IsCompleted);
    });

    private void Run(Func<VirtualTime, SimulatedDevice, DeviceClient, Task> body)
    {
        BoardOptions options = new() { Seed = Random.Shared.Next() };
        output.WriteLine($"board seed {options.Seed}");
        VirtualTime.Run(options, async (time, device) =>
        {
            device.Bench.SeatCartridge();
            await using DeviceClient client = await DeviceClient.ConnectAsync(device.Connect(), time);
            await client.WaitForAsync(status => status.State == DeviceState.Unhomed, Soon);
            await body(time, device, client);
        });
    }

    private static async Task HomeAsync(DeviceClient client)
    {
        await client.HomeAsync();
        await client.WaitForAsync(status => status.State == DeviceState.Parked, Soon);
    }

    private static async Task<AcceptedTreatment> ArmAsync(DeviceClient client, TreatmentRequest request)
    {
        await HomeAsync(client);
        AcceptedTreatment treatment = await client.ConfigureAsync(request);
        await client.ArmAsync(treatment);
        await client.WaitForAsync(status => status.State == DeviceState.Armed && !status.Is(StatusFlags.StageMoving), Soon);
        return treatment;
    }

    private static async Task BringToAsync(DeviceState state, SimulatedDevice device, DeviceClient client)
    {
        switch (state)
        {
            case DeviceState.Homing:
                await client.HomeAsync();
                break;
            case DeviceState.Parked:
                await HomeAsync(client);
                break;
            case DeviceState.Armed:
                await ArmAsync(client, Shallow);
                break;
            case DeviceState.Running:
            case DeviceState.Retracting:
            case DeviceState.Faulted:
            case DeviceState.EmergencyStopped:
                await ArmAsync(client, Shallow);
                device.Bench.PressTrigger();
                await client.WaitForAsync(status => status.StrokeCount >= 5, Soon);
                break;
            default:
                break;
        }

        if (state == DeviceState.Retracting)
        {
            await client.DisarmAsync();
        }
        else if (state == DeviceState.Faulted)
        {
            device.Bench.RemoveCartridge();
        }
        else if (state == DeviceState.EmergencyStopped)
        {
            device.Bench.PressEmergencyStop();
        }

        await client.WaitForAsync(status => status.State == state, Soon);
    }
}
