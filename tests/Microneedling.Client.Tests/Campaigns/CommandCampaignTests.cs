// Commands over bad lines: each ends in time, and as what it says. How often it was done is counted in
// the device's own log (CommandLedger.cs).

using Xunit.Abstractions;

namespace Microneedling.Client.Tests.Campaigns;

/// <summary>None done twice, none lost in silence.</summary>
public sealed class CommandCampaignTests(ITestOutputHelper output)
{
    private const int CommandsOfRun = 400;
    private const int CommandsBetweenReadings = 50;

    // Each of a queue of at most four may take its own 1.5 s and 3 s of settling; the link may have to find out first.
    private static readonly TimeSpan LongestCommand = TimeSpan.FromSeconds(20);

    public static TheoryData<BadLine, int> Lines => BadLines.Each(inCi: 6);

    [Theory]
    [MemberData(nameof(Lines))]
    public void No_command_is_done_twice_or_lost_in_silence(BadLine line, int seed) => Rig.Run(line, seed, async rig =>
    {
        await rig.ParkedAsync();
        CommandLedger ledger = new(rig);
        rig.IsCalm = false;
        for (int number = 1; number <= CommandsOfRun;)
        {
            DeviceClient client = await rig.ConnectedAsync();
            List<Task> batch = [];
            for (int together = rig.Random.Next(8) == 0 ? rig.Random.Next(2, 5) : 1; together > 0 && number <= CommandsOfRun; together--)
            {
                batch.Add(ledger.GiveAsync(client, number++));
            }

            if (rig.Random.Next(25) == 0)
            {
                await rig.Time.Delay(TimeSpan.FromMilliseconds(rig.Random.Next(400)));
                batch.Add(StopAsync(client));
            }

            Task all = Task.WhenAll(batch);
            await Task.WhenAny(all, rig.Time.Delay(LongestCommand));
            Assert.True(all.IsCompleted, $"A command has not ended within {LongestCommand.TotalSeconds} s.");
            await all;
            if (rig.Random.Next(40) == 0)
            {
                await rig.LeaveAsync();
            }

            if (number % CommandsBetweenReadings == 0 || number > CommandsOfRun)
            {
                await rig.ReadAllEventsAsync();
                rig.CheckLog();
                ledger.Check();
            }
        }

        output.WriteLine($"{line}, seed {seed}: {ledger}; {rig}");
    });

    [Fact]
    public void A_command_that_is_done_twice_is_seen() => Rig.Run(BadLine.Noisy, 1, async rig =>
    {
        DeviceClient client = await rig.ParkedAsync();
        await new CommandLedger(rig).GiveAsync(client, 7);
        CommandLedger second = new(rig);
        await second.GiveAsync(client, 7);
        await rig.ReadAllEventsAsync();
        Assert.Contains("was done after", Assert.ThrowsAny<Exception>(second.Check).Message, StringComparison.Ordinal);
    });

    private static async Task StopAsync(DeviceClient client)
    {
        try
        {
            await client.StopAsync();
        }
        catch (LinkException)
        {
            // It says so; what follows is looked at by its own campaign.
        }
    }
}
