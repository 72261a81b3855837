using Microneedling.Protocol;

namespace Microneedling.Client.Tests;

/// <summary>Greeting, heartbeat, and the ways in which a link ends.</summary>
public class ConnectionTests
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(Limits.HeartbeatMilliseconds);

    [Fact]
    public void Connecting_tells_who_the_device_is() => Scene.RunUnconnected(async scene =>
    {
        await using DeviceClient client = await scene.ConnectAsync();
        Assert.Equal(
            new DeviceIdentity(
                1234567,
                77,
                new Version(3, 4, 5),
                new Version(ProtocolVersion.Major, ProtocolVersion.Minor),
                new DeviceLimits(
                    Depth.FromMicrometers(100),
                    Depth.FromMicrometers(1500),
                    Depth.FromMicrometers(2500),
                    StrokeRate.FromMillihertz(10000),
                    StrokeRate.FromMillihertz(100000),
                    TimeSpan.FromMilliseconds(500)),
                DeviceCapabilities.Burst | DeviceCapabilities.Service),
            client.Identity);
        Assert.Equal(DeviceState.Parked, client.LatestStatus!.State);
        Assert.False(client.Completion.IsCompleted);
    });

    [Fact]
    public void Greeting_whose_answer_is_lost_is_repeated_unchanged_every_200_ms() => Scene.RunUnconnected(async scene =>
    {
        int lost = 0;
        scene.Device.LosesAnswerTo = id => id == MessageId.HelloRequest && ++lost <= 3;
        await using DeviceClient client = await scene.ConnectAsync();
        IReadOnlyList<Heard> hellos = scene.Device.Of(MessageId.HelloRequest);
        Assert.Equal([0, 200, 400, 600], hellos.Select(hello => hello.At.TotalMilliseconds));
        Assert.Single(hellos.Select(hello => (hello.Sequence, ((HelloRequest)hello.Message).HostNonce)).Distinct());
    });

    [Fact]
    public void Greeting_survives_garbage_on_the_line_and_answers_to_someone_else() => Scene.RunUnconnected(async scene =>
    {
        await scene.Device.SendBytesAsync([0x00, 0x7E, 0x55, 0x7D, 0x18, 0xFF]);
        await scene.Device.SendAsync(new HelloReply { ProtocolMajor = ProtocolVersion.Major, BootId = 1 }, replyTo: 0);
        await scene.Device.SendAsync(new EmptyMessage(MessageId.Accepted), replyTo: 0);
        await using DeviceClient client = await scene.ConnectAsync();
        Assert.Equal(77u, client.Identity.BootId);
    });

    [Fact]
    public void Without_a_device_connecting_fails_after_three_seconds_in_plain_words_and_closes_the_transport() => Scene.RunUnconnected(
        async scene =>
        {
            (LinkException thrown, TimeSpan after) = await scene.CatchAsync<LinkException>(() => scene.ConnectAsync());
            Assert.Equal(TimeSpan.FromSeconds(3), after);
            Assert.True(thrown.IsTransient);
            Assert.StartsWith("No device answered.", thrown.Message, StringComparison.Ordinal);
            Assert.True(scene.Line.IsDisposed);
        },
        device => device.IsDead = true);

    [Theory]
    [InlineData(0, "Update the firmware.")]
    [InlineData(2, "Update this program.")]
    [Trait("Requirement", "PROT-3")]
    public void Other_major_version_is_refused_and_names_the_side_to_update(byte major, string advice) => Scene.RunUnconnected(
        async scene =>
        {
            (RejectedException thrown, TimeSpan after) = await scene.CatchAsync<RejectedException>(() => scene.ConnectAsync());
            Assert.Equal((RejectionReason.VersionMismatch, major), (thrown.Reason, thrown.Detail));
            Assert.EndsWith(advice, thrown.Message, StringComparison.Ordinal);
            Assert.Equal(TimeSpan.Zero, after);
            Assert.True(scene.Line.IsDisposed);
            Assert.Empty(scene.Device.Of(MessageId.Heartbeat));
        },
        device => device.Hello.ProtocolMajor = major);

    [Fact]
    public void Newer_minor_version_is_accepted() => Scene.RunUnconnected(
        async scene =>
        {
            await using DeviceClient client = await scene.ConnectAsync();
            Assert.Equal(ProtocolVersion.Minor + 1, client.Identity.ProtocolVersion.Minor);
        },
        device => device.Hello.ProtocolMinor = ProtocolVersion.Minor + 1);

    [Fact]
    public void Giving_up_connecting_closes_the_transport() => Scene.RunUnconnected(
        async scene =>
        {
            using CancellationTokenSource patience = new(TimeSpan.FromMilliseconds(500), scene.Time);
            (_, TimeSpan after) = await scene.CatchAsync<OperationCanceledException>(() => scene.ConnectAsync(patience.Token));
            Assert.Equal(TimeSpan.FromMilliseconds(500), after);
            Assert.True(scene.Line.IsDisposed);
        },
        device => device.IsDead = true);

    [Fact]
    public void Every_connection_has_a_nonce_of_its_own_that_is_not_zero_and_beats_with_it()
    {
        HashSet<uint> nonces = [];
        for (int i = 0; i < 20; i++)
        {
            Scene.RunUnconnected(async scene =>
            {
                await using DeviceClient client = await scene.ConnectAsync();
                await scene.PassAsync(3 * Beat);
                uint nonce = ((HelloRequest)scene.Device.Of(MessageId.HelloRequest)[0].Message).HostNonce;
                Assert.NotEqual(0u, nonce);
                Assert.True(nonces.Add(nonce));
                Assert.All(scene.Device.Of(MessageId.Heartbeat), beat => Assert.Equal(nonce, ((Heartbeat)beat.Message).HostNonce));
            });
        }
    }

    [Fact]
    [Trait("Requirement", "LINK-2")]
    public void Heartbeat_begins_with_the_greeting_and_keeps_its_spacing_while_callers_wait() => Scene.RunUnconnected(async scene =>
    {
        scene.Device.Answers.Remove(MessageId.Home);
        await using DeviceClient client = await scene.ConnectAsync();
        Task home = client.HomeAsync();
        await scene.PassAsync(TimeSpan.FromSeconds(10) + (Beat / 2));
        await Assert.ThrowsAsync<LinkException>(() => home);
        Assert.Equal(Enumerable.Range(0, 101).Select(beat => beat * Beat), scene.Device.Of(MessageId.Heartbeat).Select(frame => frame.At));
    });

    [Fact]
    public void Heartbeat_ends_when_the_client_is_disposed() => Scene.RunUnconnected(async scene =>
    {
        DeviceClient client = await scene.ConnectAsync();
        await scene.PassAsync(5 * Beat);
        await client.DisposeAsync();
        int beats = scene.Line.Written.Count;
        await scene.PassAsync(5 * Beat);
        Assert.Equal(beats, scene.Line.Written.Count);
        Assert.True(client.Completion.IsCompletedSuccessfully);
        await client.DisposeAsync();
    });

    [Fact]
    public void Closed_transport_ends_everything_that_waits() => Scene.Run(async scene =>
    {
        scene.Device.Answers.Remove(MessageId.Home);
        Task home = scene.Client.HomeAsync();
        Task waiting = scene.Client.WaitForAsync(_ => false, Timeout.InfiniteTimeSpan);
        Task<int> telemetry = CountAsync(scene.Client.TelemetryAsync());
        Task<int> events = CountAsync(scene.Client.EventsAsync());
        await scene.PassAsync(TimeSpan.FromMilliseconds(400));
        await scene.Line.DisposeAsync();

        foreach (Task task in new[] { home, waiting, scene.Client.Completion, scene.Client.ArmAsync(new AcceptedTreatment(default, default, default, 1)) })
        {
            LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => task);
            Assert.True(thrown.IsTransient);
            Assert.Contains("(test:) broke", thrown.Message, StringComparison.Ordinal);
        }

        Assert.True(await telemetry > 0);
        Assert.Equal(0, await events);
    });

    [Fact]
    public void Transport_that_throws_ends_the_link_and_tells_the_cause() => Pump.Run(async time =>
    {
        (LinkException thrown, _) = (await Assert.ThrowsAsync<LinkException>(() => DeviceClient.ConnectAsync(new ThrowingTransport(), time)), 0);
        Assert.IsType<IOException>(thrown.InnerException);
    });

    [Fact]
    [Trait("Requirement", "LINK-2")]
    public void Silence_of_a_second_ends_the_link_and_the_heartbeat_so_that_the_device_stops() => Scene.Run(async scene =>
    {
        await scene.PassAsync(TimeSpan.FromSeconds(1));
        TimeSpan heard = scene.Client.LatestStatus!.ReceivedAt - scene.Time.GetUtcNow() + scene.Time.Elapsed;
        scene.Device.IsDead = true;
        (LinkException thrown, _) = await scene.CatchAsync<LinkException>(() => scene.Client.Completion);
        Assert.InRange(scene.Time.Elapsed - heard, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.1));
        Assert.Contains("1 s", thrown.Message, StringComparison.Ordinal);

        int written = scene.Line.Written.Count;
        await scene.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(written, scene.Line.Written.Count);
    });

    [Fact]
    public void Device_that_is_heard_at_all_keeps_the_link() => Scene.Run(async scene =>
    {
        await scene.PassAsync(TimeSpan.FromMinutes(5));
        Assert.False(scene.Client.Completion.IsCompleted);
    });

    [Fact]
    public void Restart_seen_in_the_uptime_ends_the_link() => Scene.Run(async scene =>
    {
        await scene.PassAsync(TimeSpan.FromSeconds(2));
        scene.Device.StartedAt = scene.Time.Elapsed;
        (LinkException thrown, _) = await scene.CatchAsync<LinkException>(() => scene.Client.Completion);
        Assert.Contains("restarted", thrown.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Uptime_that_wraps_after_fifty_days_goes_on_and_is_not_a_restart() => Scene.Run(
        async scene =>
        {
            await scene.PassAsync(TimeSpan.FromSeconds(10));
            Assert.False(scene.Client.Completion.IsCompleted);
            TimeSpan begun = TimeSpan.FromMilliseconds(uint.MaxValue - 2000);
            Assert.InRange(scene.Client.LatestStatus!.DeviceTime, begun + TimeSpan.FromSeconds(9), begun + TimeSpan.FromSeconds(11));
        },
        device => device.StartedAt = -TimeSpan.FromMilliseconds(uint.MaxValue - 2000));

    [Fact]
    public void Restart_seen_in_a_refusal_ends_the_link() => Scene.Run(async scene =>
    {
        scene.Device.Answers[MessageId.Home] = _ => new Rejected { Reason = (byte)RejectionReason.NotGreeted };
        await Assert.ThrowsAsync<RejectedException>(() => scene.Client.HomeAsync());
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => scene.Client.Completion);
        Assert.Contains("restarted", thrown.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Closed_client_refuses_everything() => Scene.RunUnconnected(async scene =>
    {
        DeviceClient client = await scene.ConnectAsync();
        await client.DisposeAsync();
        foreach (Func<Task> act in new Func<Task>[] { () => client.HomeAsync(), () => client.GetStatusAsync(), () => client.StopAsync(), () => client.WaitForAsync(_ => true, TimeSpan.FromSeconds(1)) })
        {
            LinkException thrown = await Assert.ThrowsAsync<LinkException>(act);
            Assert.Contains("This program has closed the connection", thrown.Message, StringComparison.Ordinal);
            Assert.False(thrown.IsTransient);
        }
    });

    private static async Task<int> CountAsync<T>(IAsyncEnumerable<T> items)
    {
        int count = 0;
        await foreach (T item in items)
        {
            Assert.NotNull(item);
            count++;
        }

        return count;
    }

    private sealed class ThrowingTransport : ITransport
    {
        public string Name => "throwing:";

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => throw new IOException("unplugged");

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
