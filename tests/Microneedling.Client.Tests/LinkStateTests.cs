using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests;

/// <summary>
/// What is told of the link against what is true of it: on the simulated device, in its time, from the physical fact to
/// the report.
/// </summary>
public class LinkStateTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Promised = TimeSpan.FromMilliseconds(300);
    private static readonly TreatmentRequest Shallow =
        new(Depth.FromMillimeters(0.5), DepthCap: Depth.FromMillimeters(1.0), StrokeRate.FromStrokesPerSecond(60));

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void Good_line_is_never_called_degraded_while_the_device_idles_homes_arms_runs_and_parks(int latencyMilliseconds) => Run(latencyMilliseconds, async scene =>
    {
        await scene.PassAsync(10);
        AcceptedTreatment treatment = await ArmAsync(scene.Client);
        await scene.PassAsync(5);
        scene.Device.Bench.PressTrigger();
        await scene.PassAsync(5);
        await scene.Client.ConfigureAsync(Shallow with { Depth = Depth.FromMillimeters(0.9) });
        await scene.PassAsync(5);
        scene.Device.Bench.ReleaseTrigger();
        await scene.PassAsync(2);
        await scene.Client.StopAsync();
        await scene.PassAsync(15);
        Assert.Equal([LinkState.Online], scene.States);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void Good_line_is_never_called_degraded_while_settings_are_written_to_flash(int latencyMilliseconds) => Run(latencyMilliseconds, async scene =>
    {
        await scene.Client.HomeAsync();
        await scene.Client.WaitForAsync(status => status.State == DeviceState.Parked, Soon);
        for (int i = 0; i < 20; i++)
        {
            await scene.Client.WriteSettingsAsync(7, Depth.FromMicrometers(i));
            await scene.PassAsync(0.1 + (i * 0.037));
        }

        Assert.Equal([LinkState.Online], scene.States);
        Assert.InRange((await scene.Client.ReadSettingsAsync()).Writes, 10u, 100u);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void Pauses_of_the_devices_interpreter_are_not_called_a_bad_line(int latencyMilliseconds) => Run(
        latencyMilliseconds,
        async scene =>
        {
            await scene.PassAsync(300);
            Assert.Equal([LinkState.Online], scene.States);
        },
        PlatformBehaviour.Worst);

    [Theory]
    [InlineData(DeviceState.Unhomed, 0)]
    [InlineData(DeviceState.Armed, 0)]
    [InlineData(DeviceState.Running, 0)]
    [InlineData(DeviceState.Unhomed, 20)]
    [InlineData(DeviceState.Running, 20)]
    public void Cut_cable_is_told_in_time_and_its_return_too(DeviceState state, int latencyMilliseconds)
    {
        Random random = Seeded();
        for (int round = 0; round < 3; round++)
        {
            Run(latencyMilliseconds, async scene =>
            {
                await BringToAsync(scene, state);
                await scene.PassAsync(random.NextDouble());
                scene.Device.Board.Serial.Cut = true;
                Assert.InRange(await scene.NextAsync(LinkState.Degraded), TimeSpan.Zero, Promised);
                scene.Device.Board.Serial.Cut = false;
                Assert.InRange(await scene.NextAsync(LinkState.Online), TimeSpan.Zero, Promised);
                scene.Device.Board.Serial.Cut = true;
                Assert.InRange(await scene.NextAsync(LinkState.Degraded), TimeSpan.Zero, Promised);
                TimeSpan lost = await scene.NextAsync(LinkState.Lost);
                Assert.InRange(lost, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.9));
                Assert.Equal([LinkState.Online, LinkState.Degraded, LinkState.Online, LinkState.Degraded, LinkState.Lost], scene.States);
            });
        }
    }

    [Fact]
    public void Pulled_plug_is_told_in_time()
    {
        Random random = Seeded();
        for (int round = 0; round < 4; round++)
        {
            Run(0, async scene =>
            {
                await scene.PassAsync(random.NextDouble());
                scene.Device.PowerOff();
                Assert.InRange(await scene.NextAsync(LinkState.Degraded), TimeSpan.Zero, Promised);
                await scene.NextAsync(LinkState.Lost);
            });
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.5)]
    [InlineData(30)]
    public void Device_that_restarted_unseen_is_told_as_soon_as_it_speaks_again(double upSeconds) => Run(0, async scene =>
    {
        await scene.PassAsync(upSeconds);
        scene.Device.PowerOff();
        scene.Device.PowerOn();
        TimeSpan lost = await scene.NextAsync(LinkState.Lost);
        output.WriteLine($"told after {lost.TotalMilliseconds:0} ms");
        Assert.Contains("restarted", scene.Client.Link.Words, StringComparison.Ordinal);
    });

    [Fact]
    public void Line_so_noisy_that_nothing_arrives_is_told_in_time() => Run(0, async scene =>
    {
        await scene.PassAsync(1);
        scene.Device.Board.Serial.Noise = new LineNoise(Flip: 0.5);
        Assert.InRange(await scene.NextAsync(LinkState.Degraded), TimeSpan.Zero, Promised);
    });

    [Fact]
    public void Line_that_spoils_half_of_the_statuses_is_told_and_two_seconds_of_calm_end_it() => Run(0, async scene =>
    {
        await ArmAsync(scene.Client);
        scene.Device.Board.Serial.Noise = new LineNoise(Flip: 0.012);
        TimeSpan told = await scene.NextAsync(LinkState.Degraded);
        output.WriteLine($"told after {told.TotalMilliseconds:0} ms: {scene.Client.Link.Words}");
        Assert.InRange(told, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        scene.Device.Board.Serial.Noise = new LineNoise();
        TimeSpan calm = await scene.NextAsync(LinkState.Online);
        Assert.InRange(calm, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2.5));
    });

    [Fact]
    public void Line_that_carries_nothing_to_the_device_is_told_although_the_device_is_heard() => Run(0, async scene =>
    {
        await ArmAsync(scene.Client);
        scene.Line.IsDeaf = true;
        TimeSpan told = await scene.NextAsync(LinkState.Degraded);
        output.WriteLine($"told after {told.TotalMilliseconds:0} ms");
        Assert.InRange(told, TimeSpan.Zero, Promised);
        Assert.Contains("does not hear this program", scene.Client.Link.Words, StringComparison.Ordinal);
        scene.Line.IsDeaf = false;
        Assert.InRange(await scene.NextAsync(LinkState.Online), TimeSpan.Zero, Promised);
        await scene.PassAsync(1);
        scene.Line.IsDeaf = true;
        await scene.NextAsync(LinkState.Degraded);
        Assert.InRange(await scene.NextAsync(LinkState.Lost), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1.2));
        Assert.Contains("has not heard this program for 1 s", scene.Client.Link.Words, StringComparison.Ordinal);
    });

    [Fact]
    public void Device_that_no_longer_knows_this_program_and_is_silent_about_it_is_found_out() => Scene.Run(async scene =>
    {
        scene.Device.Reports = false;
        scene.Device.Status.Flags = 0;
        await scene.PassAsync(TimeSpan.FromSeconds(1.2));
        Assert.Equal(LinkState.Degraded, scene.Client.Link.State);
        await Assert.ThrowsAsync<LinkException>(() => scene.Client.Completion);
        Assert.Contains("has not heard this program", scene.Client.Link.Words, StringComparison.Ordinal);
    });

    [Fact]
    public void Link_over_a_disturbed_line_is_not_called_online_at_first() => Scene.RunUnconnected(
        async scene =>
        {
            scene.Device.Line = bytes => [.. bytes[..^3], Framing.Flag, .. bytes[..^3], Framing.Flag, .. bytes];
            await using DeviceClient client = await scene.ConnectAsync();
            Assert.Equal(LinkState.Degraded, client.Link.State);
            Assert.Contains("disturbed", client.Link.Words, StringComparison.Ordinal);
        });

    [Fact]
    public void Second_program_that_greets_the_device_on_the_same_line_is_noticed() => Scene.Run(async scene =>
    {
        await scene.PassAsync(TimeSpan.FromSeconds(1));
        scene.Device.Hello.HostNonce ^= 1;
        await scene.Device.SendAsync(scene.Device.Hello, replyTo: 4711);
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => scene.Client.Completion);
        Assert.StartsWith("Another program has connected to the device", thrown.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Second_program_that_greets_the_simulated_device_is_noticed_and_the_device_is_at_rest() => Run(0, async scene =>
    {
        await ArmAsync(scene.Client);
        byte[] frame = new byte[Framing.MaximumFrameLength];
        int length = new FrameEncoder().Encode(new HelloRequest { ProtocolMajor = ProtocolVersion.Major, ProtocolMinor = ProtocolVersion.Minor, HostNonce = 4711 }, 1, 0, frame);
        for (int attempt = 0; attempt < 2; attempt++)
        {
            // As a client does, whose first greeting need not be answered.
            await scene.Line.WriteAsync(frame.AsMemory(0, length), CancellationToken.None);
            await scene.PassAsync(0.2);
        }

        Assert.Equal([LinkState.Online, LinkState.Lost], scene.States);
        Assert.StartsWith("Another program has connected to the device", scene.Client.Link.Words, StringComparison.Ordinal);
        await scene.PassAsync(3);
        Assert.True(scene.Device.Bench.StageMicrometers < -900);
    });

    [Fact]
    public void Greeting_is_not_answered_by_the_answer_to_another_program() => Scene.RunUnconnected(async scene =>
    {
        int greetings = 0;
        scene.Device.Answers[MessageId.HelloRequest] = _ =>
        {
            bool isMeant = ++greetings > 2;
            scene.Device.Hello.HostNonce ^= isMeant ? 0u : 1u;
            scene.Device.Hello.BootId = isMeant ? 77u : 5u;
            return scene.Device.Hello;
        };
        await using DeviceClient client = await scene.ConnectAsync();
        Assert.Equal(77u, client.Identity.BootId);
        Assert.Equal(TimeSpan.FromMilliseconds(400), scene.Time.Elapsed);
    });

    [Fact]
    public void Line_that_echoes_is_not_taken_for_a_device() => Pump.Run(async time =>
    {
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => DeviceClient.ConnectAsync(new EchoingTransport(), time));
        Assert.StartsWith("No device answered.", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(3), time.Elapsed);
    });

    private static async Task<AcceptedTreatment> ArmAsync(DeviceClient client)
    {
        await client.HomeAsync();
        await client.WaitForAsync(status => status.State == DeviceState.Parked, Soon);
        AcceptedTreatment treatment = await client.ConfigureAsync(Shallow);
        await client.ArmAsync(treatment);
        await client.WaitForAsync(status => status.State == DeviceState.Armed && !status.Is(StatusFlags.StageMoving), Soon);
        return treatment;
    }

    private static async Task BringToAsync(SimulatedScene scene, DeviceState state)
    {
        if (state != DeviceState.Unhomed)
        {
            await ArmAsync(scene.Client);
        }

        if (state == DeviceState.Running)
        {
            scene.Device.Bench.PressTrigger();
        }

        await scene.Client.WaitForAsync(status => status.State == state, Soon);
    }

    private Random Seeded()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }

    private void Run(int latencyMilliseconds, Func<SimulatedScene, Task> body, PlatformBehaviour? platform = null)
    {
        BoardOptions options = new() { Seed = Random.Shared.Next(), Platform = platform ?? PlatformBehaviour.Nominal };
        output.WriteLine($"board seed {options.Seed}");
        VirtualTime.Run(options, async (time, device) =>
        {
            device.Bench.SeatCartridge();
            FarTransport line = new(device.Connect(), TimeSpan.FromMilliseconds(latencyMilliseconds), time);
            await using DeviceClient client = await DeviceClient.ConnectAsync(line, time);
            await client.WaitForAsync(status => status.State == DeviceState.Unhomed, Soon);
            SimulatedScene scene = new(time, device, client, line);
            await body(scene);
        });
    }

    /// <summary>A client of the simulated device, with every report on its link.</summary>
    private sealed class SimulatedScene
    {
        private readonly VirtualTime time;
        private readonly List<LinkReport> reports = [];

        public SimulatedScene(VirtualTime time, SimulatedDevice device, DeviceClient client, FarTransport line)
        {
            this.time = time;
            Device = device;
            Client = client;
            Line = line;
            _ = RecordAsync();
        }

        public SimulatedDevice Device { get; }

        public DeviceClient Client { get; }

        public FarTransport Line { get; }

        public IEnumerable<LinkState> States => reports.Select(report => report.State);

        public Task PassAsync(double seconds) => time.Delay(TimeSpan.FromSeconds(seconds));

        /// <summary>Waits for the next state, which must be this, and returns how long that took.</summary>
        public async Task<TimeSpan> NextAsync(LinkState state)
        {
            int known = reports.Count;
            DateTimeOffset before = time.GetUtcNow();
            await time.Until(() => reports.Count > known, Soon);
            Assert.Equal(state, reports[^1].State);
            return reports[^1].Since - before;
        }

        private async Task RecordAsync()
        {
            await foreach (LinkReport report in Client.LinkReportsAsync())
            {
                // The words alone may change too.
                if (reports.Count == 0 || reports[^1].State != report.State)
                {
                    reports.Add(report);
                }
            }
        }
    }
}
