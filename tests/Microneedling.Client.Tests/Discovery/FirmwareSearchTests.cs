using Microneedling.Client.Discovery;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests.Discovery;

/// <summary>A search on the firmware itself, on the simulated board: what it does to a device at rest, and to one that is not.</summary>
public class FirmwareSearchTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TreatmentRequest Shallow =
        new(Depth.FromMillimeters(0.5), DepthCap: Depth.FromMillimeters(1.0), StrokeRate.FromStrokesPerSecond(60));

    [Theory]
    [InlineData(DeviceState.Unhomed)]
    [InlineData(DeviceState.Parked)]
    [InlineData(DeviceState.Faulted)]
    public void Device_at_rest_is_as_it_was(DeviceState state) => Run(async (time, device) =>
    {
        DeviceStatus before;
        await using (DeviceClient client = await DeviceClient.ConnectAsync(device.Connect(), time))
        {
            await client.WaitForAsync(status => status.State == DeviceState.Unhomed, Soon);
            if (state != DeviceState.Unhomed)
            {
                await client.HomeAsync();
                await client.WaitForAsync(status => status.State == DeviceState.Parked, Soon);
            }

            if (state == DeviceState.Faulted)
            {
                await client.ArmAsync(await client.ConfigureAsync(Shallow));
                device.Bench.RemoveCartridge();
                await client.WaitForAsync(status => status.State == state, Soon);
            }

            before = await client.WaitForAsync(status => status.State == state && !status.Is(StatusFlags.StageMoving) && !status.Is(StatusFlags.Parking), Soon);
        }

        FoundDevice found = Assert.Single((await FindAsync(time, device)).Devices);
        Assert.Equal((uint)device.Board.Seed, found.Identity.SerialNumber);
        await time.Delay(TimeSpan.FromSeconds(2));

        await using DeviceClient again = await DeviceClient.ConnectAsync(device.Connect(), time);
        DeviceStatus after = await again.GetStatusAsync();
        Assert.Equal((before.State, before.Fault, before.StagePosition, before.StrokeCount), (after.State, after.Fault, after.StagePosition, after.StrokeCount));
        Assert.Equal(before.LatestEventNumber, after.LatestEventNumber);
    });

    [Fact]
    public void Device_that_still_runs_for_a_host_that_has_just_died_stops() => Run(async (time, device) =>
    {
        ITransport line = device.Connect();
        DeviceClient dying = await DeviceClient.ConnectAsync(line, time);
        await dying.WaitForAsync(status => status.State == DeviceState.Unhomed, Soon);
        await dying.HomeAsync();
        await dying.WaitForAsync(status => status.State == DeviceState.Parked, Soon);
        await dying.ArmAsync(await dying.ConfigureAsync(Shallow));
        device.Bench.PressTrigger();
        await dying.WaitForAsync(status => status.StrokeCount >= 20, Soon);
        await line.DisposeAsync();
        long diedAt = time.NowMicroseconds;

        Assert.Single((await FindAsync(time, device)).Devices);
        Assert.InRange(time.NowMicroseconds - diedAt, 0, 300_000);
        long strokes = device.Bench.BottomsPassed;
        await time.Until(() => device.Bench.TipMicrometers < 0 && device.Bench.StageMicrometers < -900, Soon);
        await time.Delay(TimeSpan.FromSeconds(2));
        Assert.InRange(device.Bench.BottomsPassed - strokes, 0, 3);
        await using DeviceClient again = await DeviceClient.ConnectAsync(device.Connect(), time);
        Assert.Equal(FaultCode.LinkLost, (await again.GetStatusAsync()).Fault);
        await dying.DisposeAsync();
    });

    private static Task<SearchResult> FindAsync(VirtualTime time, SimulatedDevice device)
    {
        SerialPortInfo port = SerialPortInfo.At("/dev/ttyUSB0", FakePorts.Cp2102);
        return new DeviceFinder((_, _) => Task.FromResult(device.Connect()), () => [port], new PortMemory(), time).FindAsync();
    }

    private void Run(Func<VirtualTime, SimulatedDevice, Task> body)
    {
        BoardOptions options = new() { Seed = Random.Shared.Next(1, int.MaxValue) };
        output.WriteLine($"board seed {options.Seed}");
        VirtualTime.Run(options, async (time, device) =>
        {
            device.Bench.SeatCartridge();
            await body(time, device);
        });
    }
}
