using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests;

/// <summary>The standing connection to the simulated device: plugs pulled and cables cut, and what is known afterwards.</summary>
public class DeviceConnectionTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TreatmentRequest Shallow =
        new(Depth.FromMillimeters(0.5), DepthCap: Depth.FromMillimeters(1.0), StrokeRate.FromStrokesPerSecond(60));

    [Fact]
    public void Online_is_said_only_when_state_and_events_are_known() => Run(async (time, device) =>
    {
        await using DeviceConnection connection = new(_ => Task.FromResult(device.Connect()), time: time);
        Assert.Equal(LinkState.Connecting, connection.Link.State);
        Assert.Null(connection.LatestStatus);
        Assert.True(Assert.Throws<LinkException>(() => connection.Require()).IsKnownUndone);
        await foreach (LinkReport report in connection.LinkReportsAsync())
        {
            if (report.State == LinkState.Online)
            {
                break;
            }
        }

        DeviceClient client = connection.Require();
        DeviceStatus status = connection.LatestStatus!;
        Assert.Equal(status.LatestEventNumber, client.EventPosition.Next - 1);
    });

    [Fact]
    public void Power_cycle_is_survived_and_told() => Run(async (time, device) =>
    {
        await using DeviceConnection connection = new(_ => Task.FromResult(device.Connect()), time: time);
        Record record = new(connection, time);
        DeviceClient first = await connection.WhenOnlineAsync(Soon);
        await ArmAsync(first);
        device.PowerOff();
        await time.Until(() => connection.Link.State == LinkState.Lost, Soon);
        Assert.Null(connection.LatestStatus);
        Assert.Null(connection.Client);
        await time.Delay(TimeSpan.FromSeconds(20));
        Assert.StartsWith("No device answered.", connection.Link.Words, StringComparison.Ordinal);
        int statuses = record.Statuses.Count;
        device.PowerOn();
        DeviceClient second = await connection.WhenOnlineAsync(Soon);
        Assert.NotSame(first, second);
        await time.Delay(TimeSpan.FromSeconds(5));
        Assert.Equal(DeviceState.Unhomed, connection.LatestStatus!.State);
        Assert.InRange(record.Statuses.Count - statuses, 20, 40);
        Assert.Equal([LinkState.Connecting, LinkState.Online, LinkState.Degraded, LinkState.Lost, LinkState.Online], record.States);
        Assert.Equal(1, connection.LinksLost);
        await connection.DisposeAsync();
        await record.AssertWholeAsync(restarts: 1);
    });

    [Fact]
    public void Power_cycle_shorter_than_a_blink_is_told_as_a_restart_too() => Run(async (time, device) =>
    {
        await using DeviceConnection connection = new(_ => Task.FromResult(device.Connect()), time: time);
        Record record = new(connection, time);
        for (int round = 0; round < 5; round++)
        {
            await connection.WhenOnlineAsync(Soon);
            await time.Delay(TimeSpan.FromMilliseconds(200 + (round * 400)));
            device.PowerOff();
            device.PowerOn();
            await time.Until(() => connection.Link.State == LinkState.Lost, Soon);
            Assert.Contains("restarted", connection.Link.Words, StringComparison.Ordinal);
        }

        await connection.WhenOnlineAsync(Soon);
        await connection.DisposeAsync();
        await record.AssertWholeAsync(restarts: 5);
    });

    [Fact]
    public void Cut_cable_while_running_is_survived_and_nothing_is_resumed() => Run(async (time, device) =>
    {
        await using DeviceConnection connection = new(_ => Task.FromResult(device.Connect()), time: time);
        Record record = new(connection, time);
        DeviceClient client = await connection.WhenOnlineAsync(Soon);
        await ArmAsync(client);
        device.Bench.PressTrigger();
        await client.WaitForAsync(status => status.StrokeCount >= 20, Soon);
        device.Board.Serial.Cut = true;
        await time.Until(() => connection.Link.State == LinkState.Lost, Soon);
        await time.Delay(TimeSpan.FromSeconds(4));
        device.Board.Serial.Cut = false;
        DeviceClient again = await connection.WhenOnlineAsync(Soon);
        long strokes = device.Bench.BottomsPassed;
        Assert.Equal((DeviceState.Faulted, FaultCode.LinkLost), (connection.LatestStatus!.State, connection.LatestStatus.Fault));
        Assert.Equal(0u, connection.LatestStatus.Token);
        device.Bench.ReleaseTrigger();
        await again.WaitForAsync(status => !status.Is(StatusFlags.Parking), Soon);
        await again.ClearFaultAsync(FaultCode.LinkLost);
        device.Bench.PressTrigger();
        await time.Delay(TimeSpan.FromSeconds(5));
        Assert.Equal(DeviceState.Parked, connection.LatestStatus!.State);
        Assert.Equal(strokes, device.Bench.BottomsPassed);
        await connection.DisposeAsync();
        await record.AssertWholeAsync(restarts: 0);
    });

    [Fact]
    public void Short_cut_that_the_device_does_not_notice_while_parked_loses_no_event() => Run(async (time, device) =>
    {
        await using DeviceConnection connection = new(_ => Task.FromResult(device.Connect()), time: time);
        Record record = new(connection, time);
        await connection.WhenOnlineAsync(Soon);
        for (int round = 0; round < 6; round++)
        {
            device.Board.Serial.Cut = true;
            device.Bench.PressTrigger();
            await time.Delay(TimeSpan.FromMilliseconds(100 + (round * 300)));
            device.Bench.ReleaseTrigger();
            device.Bench.RemoveCartridge();
            await time.Delay(TimeSpan.FromMilliseconds(100));
            device.Board.Serial.Cut = false;
            device.Bench.SeatCartridge();
            await connection.WhenOnlineAsync(Soon);
            await time.Delay(TimeSpan.FromMilliseconds(500));
        }

        await connection.DisposeAsync();
        Assert.InRange(connection.LinksLost, 1, 6);
        await record.AssertWholeAsync(restarts: 0);
        Assert.Equal(6, record.Log.OfType<DeviceEvent>().Count(entry => entry is { Code: EventCode.CartridgeChanged, Argument1: 0 }));
    });

    [Fact]
    public void Events_that_the_device_has_lost_meanwhile_are_named_once() => Run(async (time, device) =>
    {
        await using DeviceConnection connection = new(_ => Task.FromResult(device.Connect()), time: time);
        Record record = new(connection, time);
        await connection.WhenOnlineAsync(Soon);
        device.Board.Serial.Cut = true;
        for (int i = 0; i < 100; i++)
        {
            device.Bench.RemoveCartridge();
            await time.Delay(TimeSpan.FromMilliseconds(100));
            device.Bench.SeatCartridge();
            await time.Delay(TimeSpan.FromMilliseconds(100));
        }

        device.Board.Serial.Cut = false;
        await connection.WhenOnlineAsync(Soon);
        await connection.DisposeAsync();
        await record.AssertWholeAsync(restarts: 0, gaps: 1);
    });

    [Fact]
    public void Port_that_cannot_be_opened_is_tried_again_and_the_reason_told() => Run(async (time, device) =>
    {
        List<double> attempts = [];
        await using DeviceConnection connection = new(
            _ =>
            {
                attempts.Add(time.NowMicroseconds / 1e6);
                return attempts.Count <= 7
                    ? attempts.Count % 2 == 0 ? throw new IOException("no such port") : Task.FromException<ITransport>(new LinkException("Permission denied. Join the group.", isTransient: true))
                    : Task.FromResult(device.Connect());
            },
            time: time);
        Record record = new(connection, time);
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => connection.WhenOnlineAsync(TimeSpan.FromSeconds(0.1)));
        Assert.Equal("The device is not connected. Permission denied. Join the group. This program tries again by itself.", thrown.Message);
        await time.Delay(TimeSpan.FromSeconds(0.3));
        Assert.Equal("Connecting failed: no such port. This program tries again by itself.", connection.Link.Words);
        await connection.WhenOnlineAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(8, attempts.Count);
        Assert.All(attempts.Zip(attempts.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0.24, 2.1));
        Assert.Equal(0, connection.LinksLost);
        Assert.Equal([LinkState.Lost, LinkState.Online], record.States);
    });

    [Fact]
    public void Another_device_at_the_port_is_refused_by_name_and_the_right_one_taken_again() => Pump.Run(async time =>
    {
        uint serial = 11;
        uint? bootId = null;
        await using DeviceConnection connection = new(_ => OpenAsync(), time: time);
        Assert.Equal(11u, (await connection.WhenOnlineAsync(Soon)).Identity.SerialNumber);
        serial = 22;
        InMemoryTransport present = ends[^1];
        await present.DisposeAsync();
        await Task.Delay(TimeSpan.FromSeconds(5), time);
        Assert.Equal(LinkState.Lost, connection.Link.State);
        Assert.Contains("22", connection.Link.Words, StringComparison.Ordinal);
        Assert.Contains("11", connection.Link.Words, StringComparison.Ordinal);
        Assert.Null(connection.Client);
        serial = 11;
        Assert.Equal(11u, (await connection.WhenOnlineAsync(Soon)).Identity.SerialNumber);

        // The same start of the same device: its number has been written anew.
        (serial, bootId) = (12, 11);
        await ends[^1].DisposeAsync();
        await Task.Delay(TimeSpan.FromSeconds(5), time);
        Assert.Equal(12u, connection.Client!.Identity.SerialNumber);
        await connection.DisposeAsync();
        (serial, bootId) = (11, null);

        await using DeviceConnection told = new(_ => OpenAsync(), expectedSerialNumber: 33, time);
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => told.WhenOnlineAsync(Soon));
        Assert.Contains("11", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("33", thrown.Message, StringComparison.Ordinal);

        Task<ITransport> OpenAsync()
        {
            (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
            FakeDevice device = new(line, time);
            (device.Hello.SerialNumber, device.Hello.BootId) = (serial, bootId ?? serial);
            ends.Add(host);
            return Task.FromResult<ITransport>(host);
        }
    });

    [Fact]
    public void Second_connection_to_the_same_port_waits_in_plain_words_until_the_first_has_gone() => Run(async (time, device) =>
    {
        DeviceConnection first = new(_ => Task.FromResult(device.Connect()), time: time);
        await first.WhenOnlineAsync(Soon);
        await using DeviceConnection second = new(_ => Task.FromResult(device.Connect()), time: time);
        await time.Delay(TimeSpan.FromSeconds(5));
        Assert.Equal((LinkState.Online, LinkState.Lost), (first.Link.State, second.Link.State));
        Assert.Contains("another program", second.Link.Words, StringComparison.Ordinal);
        await first.DisposeAsync();
        await second.WhenOnlineAsync(Soon);
    });

    [Theory]
    [InlineData(0.1)]
    [InlineData(1.7)]
    [InlineData(4.4)]
    public void Closed_connection_says_so_and_ends_its_readers_whatever_it_was_doing(double afterSeconds) => Run(async (time, device) =>
    {
        device.PowerOff();
        int opened = 0;
        DeviceConnection connection = new(_ => ++opened % 2 == 0 ? throw new IOException("no such port") : Task.FromResult(device.Connect()), time: time);
        Record record = new(connection, time);
        Task<DeviceClient> waiting = connection.WhenOnlineAsync(TimeSpan.FromMinutes(1));
        await time.Delay(TimeSpan.FromSeconds(afterSeconds));
        long before = time.NowMicroseconds;
        await connection.DisposeAsync();
        Assert.InRange(time.NowMicroseconds - before, 0, 10_000);
        await record.AssertWholeAsync(restarts: 0);
        Assert.Equal((LinkState.Lost, "This program has closed the connection to the device."), (connection.Link.State, connection.Link.Words));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connection.WhenOnlineAsync(Soon));
        int openedByThen = opened;
        await time.Delay(TimeSpan.FromSeconds(10));
        Assert.Equal(openedByThen, opened);
        Assert.False(device.Board.Serial.IsAttached);
        await connection.DisposeAsync();
    });

    private readonly List<InMemoryTransport> ends = [];

    private static async Task ArmAsync(DeviceClient client)
    {
        await client.WaitForAsync(status => status.State == DeviceState.Unhomed, Soon);
        await client.HomeAsync();
        await client.WaitForAsync(status => status.State == DeviceState.Parked, Soon);
        await client.ArmAsync(await client.ConfigureAsync(Shallow));
        await client.WaitForAsync(status => status.State == DeviceState.Armed && !status.Is(StatusFlags.StageMoving), Soon);
    }

    private void Run(Func<VirtualTime, SimulatedDevice, Task> body)
    {
        BoardOptions options = new() { Seed = Random.Shared.Next() };
        output.WriteLine($"board seed {options.Seed}");
        VirtualTime.Run(options, async (time, device) =>
        {
            device.Bench.SeatCartridge();
            await body(time, device);
        });
    }

    /// <summary>Everything that a connection tells, by readers that read from its beginning to its end.</summary>
    private sealed class Record
    {
        private readonly List<LinkReport> reports = [];
        private readonly Task reading;
        private readonly TimeProvider time;

        public Record(DeviceConnection connection, TimeProvider time)
        {
            this.time = time;
            reading = Task.WhenAll(
                KeepAsync(connection.LinkReportsAsync(), reports), KeepAsync(connection.TelemetryAsync(), Statuses), KeepAsync(connection.EventsAsync(), Log));
        }

        /// <summary>Every change of the state; words alone change more often.</summary>
        public IEnumerable<LinkState> States => reports.Select(report => report.State).Where((state, i) => i == 0 || reports[i - 1].State != state);

        public List<DeviceStatus> Statuses { get; } = [];

        public List<DeviceLogEntry> Log { get; } = [];

        /// <summary>After the connection has been closed: every event once, in order, at rising times, gaps and restarts named.</summary>
        public async Task AssertWholeAsync(int restarts, int gaps = 0)
        {
            await reading.WaitAsync(TimeSpan.FromSeconds(1), time);
            Assert.Equal((restarts, gaps), (Log.Count(entry => entry is DeviceRestarted), Log.Count(entry => entry is MissingEvents)));
            uint next = 1;
            TimeSpan latest = TimeSpan.Zero;
            foreach (DeviceLogEntry entry in Log)
            {
                if (entry is DeviceEvent happened)
                {
                    Assert.Equal(next, happened.Number);
                    Assert.True(happened.DeviceTime >= latest);
                    (next, latest) = (next + 1, happened.DeviceTime);
                }
                else if (entry is MissingEvents missing)
                {
                    Assert.Equal(next, missing.FirstNumber);
                    next = missing.LastNumber + 1;
                }
                else
                {
                    (next, latest) = (1, TimeSpan.Zero);
                }
            }
        }

        private static async Task KeepAsync<T>(IAsyncEnumerable<T> items, List<T> kept)
        {
            await foreach (T item in items)
            {
                kept.Add(item);
            }
        }
    }
}
