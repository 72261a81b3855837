using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests;

/// <summary>The simulated device's time: against the board's, across its wrap after 49.7 days, and over many questions.</summary>
public class DeviceTimeTests(ITestOutputHelper output)
{
    private const long WrapMilliseconds = 1L << 32;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    /// <summary>Physical fact → debounced, noted by the tick; a write to flash with an erased block may come between.</summary>
    private static readonly TimeSpan Noting = TimeSpan.FromMilliseconds(250);

    [Theory]
    [InlineData(0, false, 8)]
    [InlineData(20, false, 40)]
    [InlineData(0, true, 15)]
    public void Told_moments_are_those_of_the_board_within_the_stated_error(int latencyMilliseconds, bool worstPlatform, double mostErrorMilliseconds)
    {
        BoardOptions options = new() { Seed = Random.Shared.Next(), Platform = worstPlatform ? PlatformBehaviour.Worst : PlatformBehaviour.Nominal };
        output.WriteLine($"board seed {options.Seed}");
        VirtualTime.Run(options, async (time, device) =>
        {
            // The device's time begins with the board's, as the host's does.
            DateTimeOffset epoch = time.GetUtcNow();
            Assert.Equal(0, time.NowMicroseconds);
            await using DeviceClient client = await DeviceClient.ConnectAsync(
                new FarTransport(device.Connect(), TimeSpan.FromMilliseconds(latencyMilliseconds), time), time);
            List<DateTimeOffset> facts = [];
            Random random = new(options.Seed);
            TimeSpan worst = TimeSpan.Zero;
            TimeSpan largestError = TimeSpan.Zero;
            for (int i = 0; i < 60; i++)
            {
                await time.Delay(TimeSpan.FromSeconds(0.3 + random.NextDouble()));
                facts.Add(time.GetUtcNow());
                device.Bench.SeatCartridge();
                if (worstPlatform)
                {
                    for (int k = 0; k < 5; k++)
                    {
                        await time.Delay(TimeSpan.FromMilliseconds(200 + (random.NextDouble() * 30)));
                        device.Board.PauseFirmware(random.Next(10_000, 90_000));
                    }
                }

                await time.Delay(TimeSpan.FromSeconds(0.3 + random.NextDouble()));
                device.Bench.RemoveCartridge();
                Check(client.LatestStatus!.DeviceTime);
                largestError = i == 0 ? TimeSpan.Zero : largestError;
            }

            output.WriteLine($"error stated {largestError.TotalMilliseconds:0.00} ms, off by {worst.TotalMilliseconds:0.00} ms");
            Assert.InRange(largestError.TotalMilliseconds, 0, mostErrorMilliseconds);
            await client.DisposeAsync();
            int fact = 0;
            TimeSpan longest = TimeSpan.Zero;
            await foreach (DeviceLogEntry entry in client.EventsAsync())
            {
                if (entry is DeviceEvent happened)
                {
                    HostMoment moment = Check(happened.DeviceTime);
                    if (happened is { Code: EventCode.CartridgeChanged, Argument1: 1 })
                    {
                        TimeSpan after = moment.At - facts[fact++];
                        longest = after > longest ? after : longest;
                        Assert.InRange(after, -moment.Error, moment.Error + Noting + TimeSpan.FromMilliseconds(worstPlatform ? 120 : 0));
                    }
                }
            }

            Assert.Equal(facts.Count, fact);
            output.WriteLine($"noted at most {longest.TotalMilliseconds:0.0} ms after the fact");

            HostMoment Check(TimeSpan deviceTime)
            {
                HostMoment moment = client.HostMomentOf(deviceTime)!.Value;
                TimeSpan off = (moment.At - (epoch + deviceTime + TimeSpan.FromMilliseconds(0.5))).Duration();
                worst = off > worst ? off : worst;
                largestError = moment.Error > largestError ? moment.Error : largestError;
                Assert.True(off <= moment.Error + TimeSpan.FromMilliseconds(0.5), $"{off.TotalMilliseconds:0.00} ms off, {moment.Error.TotalMilliseconds:0.00} stated");
                return moment;
            }
        });
    }

    [Fact]
    public void Moments_are_told_on_the_hosts_clock_as_it_is_set_now() => Pump.Run(async time =>
    {
        (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
        FakeDevice device = new(line, time);
        SetTime hostsClock = new(time);
        await using DeviceClient client = await DeviceClient.ConnectAsync(host, hostsClock);
        await Task.Delay(TimeSpan.FromSeconds(3), time);
        TimeSpan deviceTime = client.LatestStatus!.DeviceTime;
        HostMoment before = client.HostMomentOf(deviceTime)!.Value;
        hostsClock.Set = TimeSpan.FromHours(-1);
        HostMoment after = client.HostMomentOf(deviceTime)!.Value;
        Assert.Equal((before.At - TimeSpan.FromHours(1), before.Error), (after.At, after.Error));
        await Task.Delay(TimeSpan.FromSeconds(3), time);
        Assert.Equal(after.At, client.HostMomentOf(deviceTime)!.Value.At, TimeSpan.FromMilliseconds(1));
        Assert.NotEmpty(device.Frames);
    });

    [Fact]
    public void Device_that_has_been_up_for_fifty_days_goes_on_and_only_a_restart_is_one()
    {
        BoardOptions options = new() { Seed = Random.Shared.Next(), TimerAtPowerOnMicroseconds = (WrapMilliseconds - 20_000) * 1000 };
        output.WriteLine($"board seed {options.Seed}");
        VirtualTime.Run(options, async (time, device) =>
        {
            DateTimeOffset epoch = time.GetUtcNow() - TimeSpan.FromMilliseconds(WrapMilliseconds - 20_000);
            await using DeviceConnection connection = new(_ => Task.FromResult(device.Connect()), time: time);
            List<DeviceStatus> statuses = [];
            List<DeviceLogEntry> log = [];
            Task reading = Task.WhenAll(KeepAsync(connection.TelemetryAsync(), statuses), KeepAsync(connection.EventsAsync(), log));
            DeviceClient client = await connection.WhenOnlineAsync(Soon);
            for (int i = 0; i < 30; i++)
            {
                device.Bench.SeatCartridge();
                await time.Delay(TimeSpan.FromSeconds(0.5));
                device.Bench.RemoveCartridge();
                await time.Delay(TimeSpan.FromSeconds(0.5));
            }

            Assert.Same(client, connection.Client);
            Assert.InRange(connection.LatestStatus!.DeviceTime - TimeSpan.FromMilliseconds(WrapMilliseconds), TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(12));
            HostMoment moment = client.HostMomentOf(connection.LatestStatus.DeviceTime)!.Value;
            Assert.InRange(moment.At - (epoch + connection.LatestStatus.DeviceTime), TimeSpan.FromMilliseconds(-10), TimeSpan.FromMilliseconds(10));

            device.Board.Serial.Cut = true;
            await time.Until(() => connection.Link.State == LinkState.Lost, Soon);
            device.Board.Serial.Cut = false;
            await connection.WhenOnlineAsync(Soon);
            Assert.True(connection.LatestStatus!.DeviceTime > TimeSpan.FromMilliseconds(WrapMilliseconds));
            device.Bench.SeatCartridge();
            await time.Delay(TimeSpan.FromSeconds(1));
            await connection.DisposeAsync();
            await reading;
            Assert.Equal(statuses.OrderBy(status => status.DeviceTime), statuses);
            Assert.All(log, entry => Assert.IsType<DeviceEvent>(entry));
            DeviceEvent[] events = [.. log.Cast<DeviceEvent>()];
            Assert.Equal(Enumerable.Range(1, events.Length), events.Select(entry => (int)entry.Number));
            Assert.Equal(events.OrderBy(entry => entry.DeviceTime), events);
            Assert.InRange(events.Length, 61, 80);
        });
    }

    [Fact]
    public void Commands_work_after_the_numbers_have_begun_anew_while_the_device_idled()
    {
        BoardOptions options = new() { Seed = Random.Shared.Next() };
        output.WriteLine($"board seed {options.Seed}");
        VirtualTime.Run(
            options,
            async (time, device) =>
            {
                device.Bench.SeatCartridge();
                CountingTransport line = new(device.Connect());
                await using DeviceClient client = await DeviceClient.ConnectAsync(line, time);
                await client.WaitForAsync(status => status.State == DeviceState.Unhomed, Soon);
                await client.HomeAsync();
                await client.WaitForAsync(status => status.State == DeviceState.Parked, Soon);
                List<LinkReport> reports = [];
                Task reading = KeepAsync(client.LinkReportsAsync(), reports);
                await time.Delay(TimeSpan.FromHours(1));
                output.WriteLine($"{line.Questions} questions while idle");
                Assert.InRange(line.Questions, 36_000, 36_100);
                while (line.Questions < 70_000)
                {
                    await client.GetStatusAsync();
                }

                AcceptedTreatment treatment = await client.ConfigureAsync(new(Depth.FromMillimeters(0.5), Depth.FromMillimeters(1), StrokeRate.FromStrokesPerSecond(60)));
                await client.ArmAsync(treatment);
                await client.WaitForAsync(status => status.State == DeviceState.Armed, Soon);
                await client.StopAsync();
                await client.DisposeAsync();
                await reading;
                Assert.Equal([LinkState.Online, LinkState.Lost], reports.Select(report => report.State));
            },
            deadline: TimeSpan.FromHours(3));
    }

    private static async Task KeepAsync<T>(IAsyncEnumerable<T> items, List<T> kept)
    {
        await foreach (T item in items)
        {
            kept.Add(item);
        }
    }

    /// <summary>A clock whose time of day can be set.</summary>
    private sealed class SetTime(TimeProvider inner) : TimeProvider
    {
        public TimeSpan Set { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Set;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            inner.CreateTimer(callback, state, dueTime, period);
    }

    /// <summary>Counts the numbered frames to the device.</summary>
    private sealed class CountingTransport(ITransport inner) : ITransport
    {
        public string Name => inner.Name;

        public int Questions { get; private set; }

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => inner.ReadAsync(buffer, cancellationToken);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            Questions += bytes.Length > 1 && bytes.Span[1] != (byte)MessageId.Heartbeat ? 1 : 0;
            return inner.WriteAsync(bytes, cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
