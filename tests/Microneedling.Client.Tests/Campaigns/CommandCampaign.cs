// Commands one after the other and in small crowds, now and then a stop or a program that leaves and comes back.

namespace Microneedling.Client.Tests.Campaigns;

internal static class CommandCampaign
{
    private const int CommandsBetweenReadings = 50;

    // Each of a queue of at most four may take its own 1.5 s and 3 s of settling; the link may have to find out first.
    private static readonly TimeSpan LongestCommand = TimeSpan.FromSeconds(20);

    /// <summary>Gives so many, and counts in the device's own log how often each was done; fails when one was not as it ended.</summary>
    public static async Task GiveAsync(Rig rig, CommandLedger ledger, int commands)
    {
        await rig.ParkedAsync();
        rig.IsCalm = false;
        for (int number = 1; number <= commands;)
        {
            DeviceClient client = await rig.ConnectedAsync();
            List<Task> batch = [];
            for (int together = rig.Random.Next(8) == 0 ? rig.Random.Next(2, 5) : 1; together > 0 && number <= commands; together--)
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

            if (number % CommandsBetweenReadings == 0 || number > commands)
            {
                await rig.ReadAllEventsAsync();
                rig.CheckLog();
                ledger.Check();
            }
        }
    }

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
