using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microneedling.Protocol;

namespace Microneedling.Client.Tests;

/// <summary>What the links publish about themselves, to listeners of the test's own thread: other tests run meanwhile.</summary>
public class LinkTelemetryTests
{
    private static readonly TreatmentRequest Request =
        new(Depth.FromMillimeters(0.5), DepthCap: Depth.FromMillimeters(1.0), StrokeRate.FromStrokesPerSecond(60));

    [Fact]
    public void Names_are_those_that_dashboards_know()
    {
        HashSet<string> names = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == "Microneedling.Client")
                {
                    names.Add($"{instrument.Name} {instrument.Unit}");
                }
            },
        };
        Scene.Run(_ => Task.CompletedTask);
        listener.Start();
        Assert.Equal(
            [
                "microneedling.link.frames.damaged {frame}",
                "microneedling.link.frames.received {frame}",
                "microneedling.link.frames.sent {frame}",
                "microneedling.link.lost {link}",
                "microneedling.link.repeats {frame}",
                "microneedling.link.round_trip ms",
                "microneedling.link.settlings {command}",
                "microneedling.link.statuses.missed {status}",
            ],
            names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Listener_that_fails_does_not_end_the_link() => Scene.Run(async scene =>
    {
        int thread = Environment.CurrentManagedThreadId;
        int calls = 0;
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == LinkTelemetry.Name)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => Fail());
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Fail());
        listener.Start();
        await scene.Client.HomeAsync();
        await scene.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(LinkState.Online, scene.Client.Link.State);
        Assert.True(calls > 30);

        void Fail()
        {
            if (Environment.CurrentManagedThreadId == thread)
            {
                calls++;
                throw new InvalidOperationException("This listener is broken.");
            }
        }
    });

    [Fact]
    public void Frames_are_counted_as_they_go_and_come() => Scene.RunUnconnected(async scene =>
    {
        using Tally tally = new();
        int toHost = 0;
        scene.Device.Line = bytes =>
        {
            toHost++;
            return bytes;
        };
        await using DeviceClient client = await scene.ConnectAsync();
        await scene.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(scene.Line.Written.Count, tally[LinkTelemetry.FramesSent]);
        Assert.Equal(scene.Device.Frames.Count, tally[LinkTelemetry.FramesSent]);
        Assert.Equal(toHost, tally[LinkTelemetry.FramesReceived]);
        Assert.Equal(0, tally[LinkTelemetry.FramesDamaged] + tally[LinkTelemetry.Repeats] + tally[LinkTelemetry.Settlings] + tally[LinkTelemetry.StatusesMissed]);

        int spoilt = 0;
        scene.Device.Line = bytes =>
        {
            spoilt++;
            return [.. bytes[..^3], Framing.Flag];
        };
        await scene.PassAsync(TimeSpan.FromMilliseconds(500));
        Assert.InRange(spoilt, 2, 20);
        Assert.Equal(spoilt, tally[LinkTelemetry.FramesDamaged]);
    });

    [Fact]
    public void Repeats_and_settlings_are_counted_when_they_are_sent() => Scene.Run(async scene =>
    {
        using Tally tally = new();
        scene.Device.LosesAnswerTo = id => id is MessageId.Home || (id is MessageId.SettleCommand && scene.Device.Of(MessageId.SettleCommand).Count < 3);
        await scene.Client.HomeAsync();
        Assert.Equal(1, tally[LinkTelemetry.Settlings]);
        Assert.Equal(scene.Device.Of(MessageId.Home).Count - 1 + 2, tally[LinkTelemetry.Repeats]);
    });

    [Fact]
    public void Repeats_that_a_blocked_line_holds_back_are_not_counted() => Scene.Run(async scene =>
    {
        using Tally tally = new();
        scene.Line.Block();
        await scene.PassAsync(TimeSpan.FromMilliseconds(100));
        Task home = scene.Client.HomeAsync();
        await scene.PassAsync(TimeSpan.FromMilliseconds(1000));
        scene.Line.Unblock();
        await home;
        Assert.Equal(0, tally[LinkTelemetry.Repeats]);
    });

    [Fact]
    public void Round_trips_are_recorded_in_milliseconds() => Pump.Run(async time =>
    {
        (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
        FakeDevice device = new(line, time);
        using Tally tally = new();
        await using DeviceClient client = await DeviceClient.ConnectAsync(new FarTransport(host, TimeSpan.FromMilliseconds(20), time), time);
        await Task.Delay(TimeSpan.FromSeconds(10), time);
        Assert.InRange(tally.RoundTrips.Count, 10, 110);
        Assert.All(tally.RoundTrips, milliseconds => Assert.InRange(milliseconds, 40, 60));
        Assert.NotEmpty(device.Frames);
    });

    [Fact]
    public void Lost_links_are_counted_and_closed_ones_are_not()
    {
        using Tally tally = new();
        Scene.Run(_ => Task.CompletedTask);
        Scene.RunUnconnected(scene => Assert.ThrowsAsync<LinkException>(() => scene.ConnectAsync()), device => device.IsDead = true);
        Assert.Equal(0, tally[LinkTelemetry.LinksLost]);
        Scene.Run(async scene =>
        {
            await scene.Line.DisposeAsync();
            await Assert.ThrowsAsync<LinkException>(() => scene.Client.Completion);
        });
        Assert.Equal(1, tally[LinkTelemetry.LinksLost]);
    }

    [Fact]
    public void Statuses_that_a_slow_reader_misses_are_counted() => Scene.Run(async scene =>
    {
        using Tally tally = new();
        await using IAsyncEnumerator<DeviceStatus> slow = scene.Client.TelemetryAsync().GetAsyncEnumerator();
        await slow.MoveNextAsync();
        await scene.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(scene.Client.MissedStatuses, tally[LinkTelemetry.StatusesMissed]);
        Assert.InRange(scene.Client.MissedStatuses, 30, 40);
    });

    [Fact]
    public void Every_command_is_an_activity_that_tells_how_it_ended() => Scene.Run(async scene =>
    {
        int thread = Environment.CurrentManagedThreadId;
        List<string> ended = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == "Microneedling.Client",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (Environment.CurrentManagedThreadId == thread)
                {
                    ended.Add($"{activity.OperationName} {activity.Status} {activity.StatusDescription}".TrimEnd());
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await scene.Client.ConfigureAsync(Request);
        await Assert.ThrowsAsync<RejectedException>(() => scene.Client.StartAsync());
        scene.Device.IsDead = true;
        await Assert.ThrowsAsync<LinkException>(() => scene.Client.HomeAsync());
        Assert.Equal(["ConfigureTreatment Unset", "Start Error RejectedException", "Home Error LinkException"], ended);
    });

    /// <summary>Adds up what this thread measures.</summary>
    private sealed class Tally : IDisposable
    {
        private readonly MeterListener listener = new();
        private readonly Dictionary<string, long> sums = [];
        private readonly int thread = Environment.CurrentManagedThreadId;

        public Tally()
        {
            listener.InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter.Name == LinkTelemetry.Name)
                {
                    own.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            {
                if (Environment.CurrentManagedThreadId == thread)
                {
                    sums[instrument.Name] = this[instrument.Name] + value;
                }
            });
            listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
            {
                if (Environment.CurrentManagedThreadId == thread && instrument.Name == LinkTelemetry.RoundTrip)
                {
                    RoundTrips.Add(value);
                }
            });
            listener.Start();
        }

        public List<double> RoundTrips { get; } = [];

        public long this[string instrument] => sums.GetValueOrDefault(instrument);

        public void Dispose() => listener.Dispose();
    }
}
