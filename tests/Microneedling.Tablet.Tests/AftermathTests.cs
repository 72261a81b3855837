// What the record says in the end of a session whose host was killed, asked of the firmware itself; and that the program asks.

using System.Net;
using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Treat;
using Microneedling.Testing;

namespace Microneedling.Tablet.Tests;

public sealed class AftermathTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("microneedling-after-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 333)]
    [InlineData(3, 1007)]
    [InlineData(4, 2501)]
    public async Task A_host_killed_while_needles_stroke_leaves_a_session_that_the_device_closes_as_link_lost(int seed, int milliseconds)
    {
        var (host, account, bottoms) = Die(seed, async (time, device, host) =>
        {
            await host.ArmAsync();
            device.Bench.PressTrigger();
            await host.UntilAsync(status => status.State == DeviceState.Running);
            await time.Delay(TimeSpan.FromMilliseconds(milliseconds));
        });

        var closed = await CloseAsync(host, account);

        Assert.Equal((SessionOutcome.LinkLost, true), (closed.Summary.Outcome, closed.Summary.EventsComplete));
        Assert.Equal(EventCode.FaultRaised, ((DeviceEvent)closed.Events[^2].Entry).Code);
        Assert.Equal(Enumerable.Range((int)((DeviceEvent)closed.Events[0].Entry).Number, closed.Events.Count), closed.Events.Select(line => (int)((DeviceEvent)line.Entry).Number));
        var pass = Assert.Single(closed.Passes);
        Assert.Equal(PassEnding.LinkLost, pass.Ending);
        Assert.InRange(pass.Strokes, bottoms - 1, bottoms); // Whether the stroke that was cut had reached the skin is not told.
        Assert.Equal(account.Status.StrokeCount, closed.Telemetry[^1].StrokeCount);
        Assert.InRange(pass.EndedAt!.Value - closed.Telemetry[^2].ReceivedAt, TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(700));
    }

    [Theory]
    [InlineData(11, 120)]
    [InlineData(12, 220)]
    [InlineData(13, 310)]
    public async Task Strokes_that_no_host_saw_are_those_that_punctured(int seed, int milliseconds)
    {
        var (host, account, bottoms) = Die(seed, async (time, device, host) =>
        {
            await host.ArmAsync();
            await host.DieAsync();
            device.Bench.PressTrigger();
            await time.Delay(TimeSpan.FromMilliseconds(milliseconds));
            device.Bench.ReleaseTrigger();
        });

        var closed = await CloseAsync(host, account);

        Assert.Equal((SessionOutcome.LinkLost, true), (closed.Summary.Outcome, closed.Summary.EventsComplete));
        var pass = Assert.Single(closed.Passes);
        Assert.True(bottoms > 0);
        Assert.Equal((PassEnding.LinkLost, bottoms), (pass.Ending, pass.Strokes));
    }

    [Fact]
    public async Task A_host_killed_between_passes_leaves_an_interrupted_session_with_every_event()
    {
        var (host, account, _) = Die(5, async (time, device, host) =>
        {
            await host.ArmAsync();
            device.Bench.PressTrigger();
            await host.UntilAsync(status => status.StrokeCount > 20);
            device.Bench.ReleaseTrigger();
            await host.UntilAsync(status => status.State == DeviceState.Armed);
            await host.Client.DisarmAsync();
            await host.UntilAsync(status => status.State == DeviceState.Parked && !status.Is(StatusFlags.Parking));
            await time.Delay(TimeSpan.FromSeconds(1));
        });

        var closed = await CloseAsync(host, account);

        Assert.Equal((SessionOutcome.Interrupted, true, PassEnding.Disarmed), (closed.Summary.Outcome, closed.Summary.EventsComplete, Assert.Single(closed.Passes).Ending));
        Assert.Equal(account.Status.LatestEventNumber, ((DeviceEvent)closed.Events[^1].Entry).Number);
    }

    [Fact]
    public async Task Events_that_were_written_over_before_the_device_was_asked_are_recorded_as_missing()
    {
        var (host, account, _) = Die(6, StrokeAsync, meanwhile: async (time, device) =>
        {
            for (int exchange = 0; exchange < 70; exchange++)
            {
                device.Bench.RemoveCartridge();
                await time.Delay(TimeSpan.FromMilliseconds(300));
                device.Bench.SeatCartridge();
                await time.Delay(TimeSpan.FromMilliseconds(300));
            }
        });

        var closed = await CloseAsync(host, account);

        var gap = Assert.IsType<MissingEvents>(closed.Events[^1].Entry);
        Assert.Equal(((DeviceEvent)closed.Events[^2].Entry).Number + 1, gap.FirstNumber);
        Assert.Equal(account.Status.LatestEventNumber - 128, gap.LastNumber);
        // The device still holds the fault, and nobody has begun another session with it.
        Assert.Equal((SessionOutcome.LinkLost, false), (closed.Summary.Outcome, closed.Summary.EventsComplete));
        Assert.Equal(DeviceState.Running, closed.Telemetry[^1].State);
    }

    [Fact]
    public async Task A_device_that_was_switched_off_meanwhile_leaves_the_session_interrupted()
    {
        var (host, account, _) = Die(7, StrokeAsync, meanwhile: async (time, device) =>
        {
            device.PowerOff();
            await time.Delay(TimeSpan.FromSeconds(1));
            device.PowerOn();
            await time.Delay(TimeSpan.FromSeconds(2));
        });

        var closed = await CloseAsync(host, account);

        Assert.Equal((SessionOutcome.Interrupted, false, PassEnding.Interrupted), (closed.Summary.Outcome, closed.Summary.EventsComplete, Assert.Single(closed.Passes).Ending));
        Assert.All(closed.Events, line => Assert.IsType<DeviceEvent>(line.Entry));
    }

    [Fact]
    public async Task What_another_tablet_did_with_the_device_meanwhile_is_not_in_this_session()
    {
        long recorded = 0;
        var (host, account, _) = Die(8, StrokeAsync, meanwhile: async (time, device) =>
        {
            await using var other = await DeviceClient.ConnectAsync(device.Connect(), time);
            device.Bench.ReleaseTrigger();
            recorded = (await other.GetStatusAsync()).LatestEventNumber;
            await other.ClearFaultAsync(FaultCode.LinkLost);
            await other.HomeAsync();
            await other.WaitForAsync(status => status.State == DeviceState.Parked, TimeSpan.FromSeconds(20));
        });

        var closed = await CloseAsync(host, account);

        Assert.Equal((SessionOutcome.LinkLost, true), (closed.Summary.Outcome, closed.Summary.EventsComplete));
        Assert.True(((DeviceEvent)closed.Events[^1].Entry).Number <= recorded);
        Assert.Equal(DeviceState.Running, closed.Telemetry[^1].State); // Homing turns the cam: what the count says now is not this session's.
    }

    [Fact]
    public void What_was_told_on_an_earlier_link_is_kept_and_a_new_start_forgets_it() => VirtualTime.Run(new BoardOptions { Seed = 9 }, async (time, device) =>
    {
        DeviceMemory memory = new();
        SimulatedDevice answering = device;
        await using DeviceConnection connection = new(_ => Task.FromResult(answering.Connect()), time: time);
        var first = await connection.WhenOnlineAsync(TimeSpan.FromSeconds(5));
        var before = await memory.TellAsync(first);

        await first.DisposeAsync(); // The link ends; the connection goes on reading where it was.
        await time.Until(() => connection.Client is { } client && client != first, TimeSpan.FromSeconds(10));
        device.Bench.SeatCartridge();
        await connection.Client!.WaitForAsync(status => status.Has(Inputs.CartridgeSeated), TimeSpan.FromSeconds(5));
        var after = await memory.TellAsync(connection.Client!);
        var whole = after.Log.OfType<DeviceEvent>().Select(happened => (int)happened.Number).ToList();
        Assert.Equal(Enumerable.Range(1, whole.Count), whole);
        Assert.True(whole.Count > before.Log.Count);

        device.PowerOff();
        await time.Delay(TimeSpan.FromSeconds(3));
        device.PowerOn();
        await time.Until(() => connection.Client is { } client && client.Identity.BootId != before.BootId, TimeSpan.FromSeconds(20));
        var anew = await memory.TellAsync(connection.Client!);
        Assert.NotEqual(before.BootId, anew.BootId);
        Assert.Equal(1u, ((DeviceEvent)anew.Log[0]).Number);
        Assert.Equal(anew.Status.LatestEventNumber, ((DeviceEvent)anew.Log[^1]).Number);
    });

    [Fact]
    public async Task A_program_started_again_asks_the_device_when_it_connects_and_without_it_a_person_closes_the_session()
    {
        var device = SimulatedDevice.StartInRealTime();
        CuttableLine? line = null;
        Surroundings dying = new(TimeProvider.System, () => device, simulated => line = line is null ? new CuttableLine(simulated.Connect()) : throw new LinkException("This host is dead.", isTransient: true));
        await using var first = await RunningTablet.StartAsync(dying);
        await using var page = await WatchingPage.OpenAsync(first);
        await page.RunAsync(first);
        await line!.BreakAsync();
        string[] copies = [Path.Combine(_folder.FullName, "1.db"), Path.Combine(_folder.FullName, "2.db")];
        foreach (string copy in copies)
        {
            File.Copy(first.DatabasePath, copy);
            File.Copy(first.DatabasePath + "-wal", copy + "-wal");
        }

        await using (var without = await RunningTablet.StartAsync(Surroundings.Real, "--device", "tcp://127.0.0.1:1", "--database", copies[0]))
        {
            using var browser = new FormBrowser(without);
            var waiting = await browser.OpenAsync("/sessions/1");
            Assert.Contains("Waits for the device", waiting.Words, StringComparison.Ordinal);
            Assert.Contains("/sessions/1", (await browser.OpenAsync("/sessions?outcome=AwaitingDevice")).Html, StringComparison.Ordinal);
            Assert.Contains("Waits for the device", (await browser.OpenAsync("/sessions/1/print")).Words, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Conflict, (await browser.OpenAsync("/sessions/1/export.json")).Status);
            Assert.Contains("wait for their device and are not proven yet: 1.", (await browser.SubmitAsync("/settings/database", "Check")).Words, StringComparison.Ordinal);

            var closed = await browser.SubmitAsync(waiting, "Close");
            Assert.Contains("Interrupted: this program ended", closed.Words, StringComparison.Ordinal);
            Assert.DoesNotContain("Close without the device", closed.Words, StringComparison.Ordinal);
            Assert.Contains("has been closed already", string.Join(' ', (await browser.SubmitAsync(waiting, "Close")).Errors), StringComparison.Ordinal);
        }

        await using var again = await RunningTablet.StartAsync(new Surroundings(TimeProvider.System, () => device, simulated => simulated.Connect()), "--database", copies[1]);
        await using var watching = await WatchingPage.OpenAsync(again);
        await again.Service<AftermathDesk>().SettleAsync();

        var told = (await again.Sessions.FindAsync(1))!;
        Assert.Equal((SessionOutcome.LinkLost, true), (told.Summary.Outcome, told.Summary.EventsComplete));
        Assert.Empty((await again.Sessions.VerifyAsync()).Flaws);
        Assert.Contains("Link to the device lost", await again.Http.GetStringAsync("/sessions/1"), StringComparison.Ordinal);
    }

    private static async Task StrokeAsync(VirtualTime time, SimulatedDevice device, DyingHost host)
    {
        await host.ArmAsync();
        device.Bench.PressTrigger();
        await host.UntilAsync(status => status.StrokeCount > 30);
    }

    /// <summary>Treats until the host dies, lets the device be for a while, and asks it. Bottoms: punctures of the pass, by the bench.</summary>
    private static (DyingHost Host, DeviceAccount Account, int Bottoms) Die(
        int seed, Func<VirtualTime, SimulatedDevice, DyingHost, Task> treat, Func<VirtualTime, SimulatedDevice, Task>? meanwhile = null)
    {
        (DyingHost, DeviceAccount, int) result = default;
        VirtualTime.Run(new BoardOptions { Seed = seed }, async (time, device) =>
        {
            var host = await DyingHost.BeginAsync(time, device);
            int before = Punctures(device);
            await treat(time, device, host);
            await host.DieAsync();
            await time.Delay(TimeSpan.FromSeconds(3));
            int bottoms = Punctures(device) - before;
            await (meanwhile ?? ((_, _) => Task.CompletedTask))(time, device);
            result = (host, await DyingHost.AskAsync(time, device), bottoms);
        });
        return result;
    }

    /// <summary>Whole strokes in which the tips came out.</summary>
    private static int Punctures(SimulatedDevice device) => device.Bench.Strokes.Count(stroke => stroke.DeepestTipMicrometers > 0);

    private async Task<SessionDetail> CloseAsync(DyingHost host, DeviceAccount account)
    {
        await using var store = await SessionStore.OpenAsync(await host.LeaveRecordAsync(_folder, account.SerialNumber));
        Assert.Equal(SessionOutcome.AwaitingDevice, (await store.FindAsync(1))!.Summary.Outcome);
        Assert.Equal([1L], await store.Aftermath.CloseAsync(account));
        Assert.Empty((await store.VerifyAsync()).Flaws);
        return (await store.FindAsync(1))!;
    }
}
