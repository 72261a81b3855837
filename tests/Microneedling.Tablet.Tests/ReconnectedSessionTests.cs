// The link is lost in the middle of a session and found again, the program lives on: the record holds what the device noted
// meanwhile, or says what is missing. The device and its connection run in virtual time; then the record is made of what came.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;
using Microneedling.Tablet.Treat;
using Microneedling.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microneedling.Tablet.Tests;

public sealed class ReconnectedSessionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("microneedling-reconnect-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 5)]
    [InlineData(3, 60)]
    public async Task Events_of_the_time_without_a_link_are_fetched_and_the_record_is_complete(int seed, int exchanges)
    {
        var session = await RecordAsync(Treat(seed, (time, device) => ExchangeAsync(time, device, exchanges)));

        Assert.True(session.Summary.EventsComplete);
        var numbers = session.Events.Select(line => (int)((DeviceEvent)line.Entry).Number).ToList();
        Assert.Equal(Enumerable.Range(numbers[0], numbers.Count), numbers);
        Assert.Equal(2 * exchanges, session.Events.Count(line => ((DeviceEvent)line.Entry).Code == EventCode.CartridgeChanged));
    }

    [Fact]
    public async Task More_than_the_device_keeps_is_recorded_as_missing_once_and_what_follows_is_there()
    {
        var session = await RecordAsync(Treat(4, (time, device) => ExchangeAsync(time, device, 80)));

        Assert.False(session.Summary.EventsComplete);
        var gap = Assert.IsType<MissingEvents>(Assert.Single(session.Events, line => line.Entry is MissingEvents).Entry);
        var events = session.Events.Select(line => line.Entry).OfType<DeviceEvent>().ToList();
        Assert.Contains(events, happened => happened.Number == gap.FirstNumber - 1);
        Assert.Contains(events, happened => happened.Number == gap.LastNumber + 1);
        Assert.Equal(events[^1].Number - events[0].Number + 1, (uint)events.Count + gap.LastNumber - gap.FirstNumber + 1);
    }

    [Fact]
    public async Task A_device_that_starts_anew_in_a_session_leaves_a_mark_and_an_incomplete_record()
    {
        var session = await RecordAsync(Treat(5, async (time, device) =>
        {
            device.PowerOff();
            await time.Delay(TimeSpan.FromSeconds(2));
            device.PowerOn();
        }));

        Assert.False(session.Summary.EventsComplete);
        var restart = Assert.Single(session.Events, line => line.Entry is DeviceRestarted);
        Assert.Equal(1u, ((DeviceEvent)session.Events.SkipWhile(line => line != restart).ElementAt(1).Entry).Number);
    }

    private static async Task ExchangeAsync(VirtualTime time, SimulatedDevice device, int exchanges)
    {
        for (int exchange = 0; exchange < exchanges; exchange++)
        {
            device.Bench.RemoveCartridge();
            await time.Delay(TimeSpan.FromMilliseconds(300));
            device.Bench.SeatCartridge();
            await time.Delay(TimeSpan.FromMilliseconds(300));
        }
    }

    /// <summary>What a standing connection tells over two links: who, the status at the session's beginning, all that came then.</summary>
    private static (DeviceIdentity Device, DeviceStatus First, List<object> Told) Treat(int seed, Func<VirtualTime, SimulatedDevice, Task> withoutLink)
    {
        (DeviceIdentity, DeviceStatus, List<object>) result = default;
        VirtualTime.Run(new BoardOptions { Seed = seed }, async (time, device) =>
        {
            device.Bench.SeatCartridge();
            bool mayConnect = true;
            CuttableLine? line = null;
            await using DeviceConnection connection = new(
                _ => mayConnect ? Task.FromResult<ITransport>(line = new CuttableLine(device.Connect())) : throw new LinkException("The cable is out.", isTransient: true), time: time);
            var client = await connection.WhenOnlineAsync(TimeSpan.FromSeconds(5));
            var first = await client.WaitForAsync(status => status.State == DeviceState.Unhomed, TimeSpan.FromSeconds(5));
            List<object> told = [];
            _ = NoteAsync(connection.TelemetryAsync(), told);
            _ = NoteAsync(connection.EventsAsync(), told);
            await client.HomeAsync();
            await client.WaitForAsync(status => status.State == DeviceState.Parked, TimeSpan.FromSeconds(20));

            mayConnect = false;
            await line!.BreakAsync();
            await time.Until(() => connection.Client is null, TimeSpan.FromSeconds(5));
            await withoutLink(time, device);
            mayConnect = true;
            var again = await connection.WhenOnlineAsync(TimeSpan.FromSeconds(10));
            var last = await again.GetStatusAsync();
            await time.Until(() => told.OfType<DeviceEvent>().LastOrDefault()?.Number >= last.LatestEventNumber && told.OfType<DeviceStatus>().Last().LatestEventNumber >= last.LatestEventNumber, TimeSpan.FromSeconds(5));
            result = (client.Identity, first, [.. told]);
        });
        return result;
    }

    private static async Task NoteAsync<T>(IAsyncEnumerable<T> entries, List<object> told)
        where T : notnull
    {
        await foreach (var entry in entries)
        {
            told.Add(entry);
        }
    }

    private async Task<SessionDetail> RecordAsync((DeviceIdentity Device, DeviceStatus First, List<object> Told) treated)
    {
        await using var store = await SessionStore.OpenAsync(Path.Combine(_folder.FullName, "r.db"));
        using SessionKeeper keeper = new(store, TimeProvider.System, NullLogger<SessionKeeper>.Instance);
        var start = new SessionStart(new Actor(null, "Owner"), null, null, null, RunningTablet.TestCartridge);
        long id = await keeper.BeginAsync(treated.Device, () => Task.FromResult(treated.First), start, CancellationToken.None);
        foreach (object told in treated.Told)
        {
            await (told is DeviceStatus status ? keeper.TakeAsync(status) : keeper.TakeAsync((DeviceLogEntry)told));
        }

        await keeper.FinishAsync(carriedThrough: true, treated.Told.OfType<DeviceStatus>().Last());
        return (await store.FindAsync(id))!;
    }
}
