using Microneedling.Client.Link;
using Microneedling.Protocol;

namespace Microneedling.Client.Tests;

/// <summary>
/// Callers on many threads at once, on the real clock and off the test runner's context (whose few threads other tests
/// keep busy), as in a web server.
/// </summary>
public class ThreadingTests
{
    [Fact]
    public Task Callers_on_many_threads_each_get_the_answer_to_their_own_command() => Task.Run(async () =>
    {
        (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
        using LinkThread devicesOwn = new();
        FakeDevice fake = await devicesOwn.RunAsync(() => new FakeDevice(line, new ManualTime()));
        fake.Answers[MessageId.ConfigureTreatment] = message =>
        {
            ConfigureTreatment proposal = (ConfigureTreatment)message;
            return new TreatmentAccepted
            {
                DepthMicrometers = proposal.DepthMicrometers,
                DepthCapMicrometers = proposal.DepthCapMicrometers,
                RateMillihertz = proposal.RateMillihertz,
                Token = proposal.DepthMicrometers,
            };
        };
        await using DeviceClient client = await DeviceClient.ConnectAsync(host);
        Task<int> events = CountAsync(client.EventsAsync());

        const int Callers = 8;
        const int Rounds = 50;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                int depth = 200 + (caller * 100) + round;
                AcceptedTreatment accepted = await client.ConfigureAsync(new(Depth.FromMicrometers(depth), Depth.FromMicrometers(1500), StrokeRate.FromMillihertz(50000)));
                Assert.Equal((depth, (uint)depth), (accepted.Depth.Micrometers, accepted.Token));
                Assert.Equal(DeviceState.Parked, (await client.GetStatusAsync()).State);
            }
        })));

        Assert.Equal(Callers * Rounds, fake.Executed.Count(id => id == MessageId.ConfigureTreatment));
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => client.StopAsync())));
        Assert.Equal(Callers, fake.Of(MessageId.Stop).Select(stop => stop.Sequence).Distinct().Count());
        await client.DisposeAsync();
        Assert.Equal(0, await events);
    });

    private static async Task<int> CountAsync(IAsyncEnumerable<DeviceLogEntry> log)
    {
        int count = 0;
        await foreach (DeviceLogEntry entry in log)
        {
            count++;
        }

        return count;
    }
}
