using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests;

/// <summary>Sessions, bursts, service, settings, counters and self test against the firmware itself, on the simulated board.</summary>
public class SimulatedServiceTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TreatmentRequest Shallow =
        new(Depth.FromMillimeters(0.5), DepthCap: Depth.FromMillimeters(1.0), StrokeRate.FromStrokesPerSecond(60));

    [Fact]
    public void Burst_ends_by_itself_after_the_strokes_asked_for() => Run(async (device, client) =>
    {
        device.Bench.SeatCartridge();
        await HomeAsync(client);
        await ArmAsync(client, Shallow with { BurstStrokes = 20 });

        // Arming turns the cam once, before the stage leaves its park position.
        await client.WaitForAsync(_ => device.Bench.StageMicrometers > -900, Soon);
        uint before = (await client.GetStatusAsync()).StrokeCount;
        long bottomsBefore = device.Bench.BottomsPassed;
        device.Bench.PressTrigger();
        await client.WaitForAsync(status => status.State == DeviceState.Running, Soon);
        DeviceStatus done = await client.WaitForAsync(status => status.State == DeviceState.Armed, Soon);
        Assert.Equal(20, done.ActiveBurstStrokes);
        DeviceEvent ended = await EventAsync(client, EventCode.BurstEnded);
        Assert.Equal((20, "Burst of 20 strokes done."), (ended.Argument2, DeviceWords.Of(ended)));
        Assert.Equal((20u, 20L), (done.StrokeCount - before, device.Bench.BottomsPassed - bottomsBefore));
    });

    [Fact]
    public void Cartridge_of_another_session_is_refused_until_it_has_been_exchanged() => Run(async (device, client) =>
    {
        device.Bench.SeatCartridge();
        await HomeAsync(client);
        await client.BeginSessionAsync(41);
        await ArmAsync(client, Shallow);
        device.Bench.PressTrigger();
        await client.WaitForAsync(status => status.StrokeCount >= 5, Soon);
        device.Bench.ReleaseTrigger();
        await client.StopAsync();
        await client.WaitForAsync(status => status.State == DeviceState.Parked, Soon);

        await client.BeginSessionAsync(42);
        DeviceStatus status = await client.GetStatusAsync();
        Assert.Equal((42u, true), (status.SessionNumber, status.Is(StatusFlags.CartridgeUsedBefore)));
        RejectedException refused = await Assert.ThrowsAsync<RejectedException>(() => ArmAsync(client, Shallow));
        Assert.Equal((RejectionReason.CartridgeUsed, 41), (refused.Reason, refused.Detail));

        device.Bench.RemoveCartridge();
        await client.WaitForAsync(now => !now.Is(StatusFlags.CartridgeUsedBefore), Soon);
        device.Bench.SeatCartridge();
        await client.WaitForAsync(now => now.Has(Inputs.CartridgeSeated), Soon);
        await ArmAsync(client, Shallow);
    });

    [Fact]
    public void Jogged_and_calibrated_device_keeps_its_zero() => Run(async (device, client) =>
    {
        await HomeAsync(client);
        DeviceSettings before = await client.ReadSettingsAsync();
        Assert.Equal((2, false), (before.GoodCopies, before.IsPending));

        await client.EnterServiceAsync();
        DeviceStatus rest = await client.WaitForAsync(status => status.State == DeviceState.Service, Soon);
        await client.JogAsync(Depth.FromMicrometers(300));
        DeviceEvent jogged = await EventAsync(client, EventCode.Jogged);
        Assert.InRange(jogged.Argument1 - rest.StagePosition.Micrometers, 295, 300);

        await client.CalibrateZeroAsync(Depth.FromMicrometers(jogged.Argument1 + 20));
        await EventAsync(client, EventCode.SettingsStored);
        DeviceSettings after = await client.ReadSettingsAsync();
        Assert.False(after.IsPending);
        Assert.InRange(after.ZeroOffset.Micrometers - before.ZeroOffset.Micrometers, 18, 22);
        Assert.Equal((before.SerialNumber, 2), (after.SerialNumber, after.GoodCopies));

        await client.LeaveServiceAsync();
        await client.WaitForAsync(status => status.State == DeviceState.Parked, Soon);
    });

    [Fact]
    public void Service_is_refused_with_a_cartridge_and_ended_by_one() => Run(async (device, client) =>
    {
        device.Bench.SeatCartridge();
        await HomeAsync(client);
        Assert.Equal(RejectionReason.CartridgeSeated, (await Assert.ThrowsAsync<RejectedException>(() => client.EnterServiceAsync())).Reason);

        device.Bench.RemoveCartridge();
        await client.WaitForAsync(status => !status.Has(Inputs.CartridgeSeated), Soon);
        await client.EnterServiceAsync();
        device.Bench.SeatCartridge();
        await client.WaitForAsync(status => status.State == DeviceState.Faulted, Soon);
        DeviceStatus faulted = await client.WaitForAsync(status => !status.Is(StatusFlags.Parking), Soon);
        Assert.Equal((FaultCode.CartridgeInService, AlarmPriority.Low), (faulted.Fault, faulted.Alarm));

        await client.SilenceAlarmAsync();
        Assert.True((await client.GetStatusAsync()).Is(StatusFlags.AlarmSilenced));
        device.Bench.RemoveCartridge();
        await client.WaitForAsync(status => !status.Has(Inputs.CartridgeSeated), Soon);
        await client.ClearFaultAsync(FaultCode.CartridgeInService);
        Assert.Equal(AlarmPriority.None, (await client.GetStatusAsync()).Alarm);
    });

    [Fact]
    public void Written_settings_are_read_back_and_told_by_the_next_greeting() => Run(async (device, client) =>
    {
        await client.WriteSettingsAsync(765, Depth.FromMicrometers(-120));
        await EventAsync(client, EventCode.SettingsStored);
        DeviceSettings settings = await client.ReadSettingsAsync();
        Assert.Equal((765u, -120, false), (settings.SerialNumber, settings.ZeroOffset.Micrometers, settings.IsPending));
        Assert.NotEqual(765u, client.Identity.SerialNumber);
    });

    [Fact]
    public void Reference_board_tests_everything_and_counts_its_starts() => Run(async (device, client) =>
    {
        const ushort All = SelfTestItems.InputsPlausible | SelfTestItems.SettingsGood | SelfTestItems.NeedleDriverWell
            | SelfTestItems.DepthDriverWell | SelfTestItems.WatchdogHolds | SelfTestItems.WatchdogDrops;
        Assert.Equal(Enum.GetValues<DeviceCapabilities>().Aggregate((all, one) => all | one), client.Identity.Capabilities);
        await client.RunSelfTestAsync();
        await client.WaitForAsync(status => status.State == DeviceState.Unhomed, Soon);
        Assert.Equal(new SelfTestOutcome(0, All), await client.ReadSelfTestAsync());

        DeviceCounters counters = await client.ReadCountersAsync();
        Assert.True(counters.Starts >= 1);
        Assert.Equal((0u, TimeSpan.Zero), (counters.Strokes, counters.RunTime));
    });

    private void Run(Func<SimulatedDevice, DeviceClient, Task> body)
    {
        BoardOptions options = new() { Seed = Random.Shared.Next() };
        output.WriteLine($"board seed {options.Seed}");
        VirtualTime.Run(options, async (time, device) =>
        {
            await using DeviceClient client = await DeviceClient.ConnectAsync(device.Connect(), time);
            await client.WaitForAsync(status => status.State == DeviceState.Unhomed, Soon);
            await body(device, client);
        });
    }

    private static async Task HomeAsync(DeviceClient client)
    {
        await client.HomeAsync();
        await client.WaitForAsync(status => status.State == DeviceState.Parked, Soon);
    }

    private static async Task ArmAsync(DeviceClient client, TreatmentRequest request)
    {
        await client.ArmAsync(await client.ConfigureAsync(request));
        await client.WaitForAsync(status => status.State == DeviceState.Armed && !status.Is(StatusFlags.StageMoving), Soon);
    }

    private static async Task<DeviceEvent> EventAsync(DeviceClient client, EventCode code)
    {
        await foreach (DeviceLogEntry entry in client.EventsAsync())
        {
            if (entry is DeviceEvent happened && happened.Code == code)
            {
                return happened;
            }
        }

        throw new InvalidOperationException($"The link ended before {code}.");
    }
}
