// The connection that connects again by itself, over bad lines and for minutes: commands through it end as they say, its log
// goes on over every link, and its words about the link are true. Its numbers are left to chance: a run is not repeatable
// to the byte.

using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests.Campaigns;

/// <summary>A standing connection over bad lines.</summary>
public sealed class ConnectionCampaignTests(ITestOutputHelper output)
{
    private const int MinutesOfRun = 3;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestCommand = TimeSpan.FromSeconds(6);

    public static TheoryData<BadLine, int> Lines => BadLines.Each(inCi: 1);

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_standing_connection_goes_on_over_every_link(BadLine line, int seed) => VirtualTime.Run(
        new BoardOptions { Seed = seed },
        async (time, device) =>
        {
            Random random = new(seed);
            DeviceTap tap = new(time);
            ChaosPlan plan = ChaosPlan.Calm;
            ChaosTransport? current = null;
            device.Bench.SeatCartridge();
            DeviceConnection connection = new(
                _ => Task.FromResult<ITransport>(current = new ChaosTransport(tap.On(device.Connect()), plan, random.Next(), time)), time: time);
            List<DeviceLogEntry> log = [];
            Task reading = ReadAsync(connection, log);
            DeviceClient calm = await connection.WhenOnlineAsync(Soon);
            await calm.WaitForAsync(status => status.State == DeviceState.Unhomed, Soon);
            await calm.HomeAsync();
            await calm.WaitForAsync(status => status.State == DeviceState.Parked && !status.Is(StatusFlags.Parking), Soon);

            current!.Plan = plan = BadLines.Plan(line);
            int done = 0;
            int online = 0;
            int looks = 0;
            for (uint session = 1; time.NowMicroseconds < MinutesOfRun * 60_000_000L; looks++)
            {
                await time.Delay(TimeSpan.FromMilliseconds(random.Next(200)));
                Assert.Equal(connection.Client is null, connection.Link.State is LinkState.Connecting or LinkState.Lost);
                if (connection.Client is not DeviceClient client)
                {
                    continue;
                }

                online++;
                Task<Exception?> beginning = Record.ExceptionAsync(() => client.BeginSessionAsync(session));
                await Task.WhenAny(beginning, time.Delay(LongestCommand));
                Assert.True(beginning.IsCompleted, "A command has not ended.");
                Exception? problem = await beginning;
                Assert.True(problem is null or LinkException or RejectedException, problem?.ToString());
                int times = tap.Events.Values.Count(one => one.Code == (ushort)EventCode.SessionBegun && one.Argument1 == session);
                Assert.InRange(times, 0, 1);
                Assert.False(times == 1 && problem is LinkException { IsKnownUndone: true });
                done += problem is null ? 1 : 0;
                session++;
            }

            plan = ChaosPlan.Calm;
            current!.Plan = plan;
            await time.Delay(TimeSpan.FromSeconds(5));
            await connection.WhenOnlineAsync(Soon);
            await time.Delay(TimeSpan.FromSeconds(3));
            Assert.Equal(LinkState.Online, connection.Link.State);
            await connection.DisposeAsync();
            await reading;
            Check(log, tap);
            output.WriteLine($"{line}, seed {seed}: {done} done, {connection.LinksLost} links lost, online {100 * online / looks} % of the looks, {log.Count} entries.");
        });

    private static async Task ReadAsync(DeviceConnection connection, List<DeviceLogEntry> log)
    {
        await foreach (DeviceLogEntry entry in connection.EventsAsync())
        {
            log.Add(entry);
        }
    }

    private static void Check(List<DeviceLogEntry> log, DeviceTap tap)
    {
        Assert.All(log, entry => Assert.IsType<DeviceEvent>(entry));
        Assert.Equal(Enumerable.Range(1, (int)tap.LatestEventNumber), log.Cast<DeviceEvent>().Select(entry => (int)entry.Number));
        Assert.All(log.Cast<DeviceEvent>(), entry => Assert.Equal(
            (tap.Events[entry.Number].Code, tap.Events[entry.Number].Argument1), ((ushort)entry.Code, entry.Argument1)));
    }
}
