// Commands over bad lines: each ends in time, and as what it says. How often it was done is counted in
// the device's own log (CommandLedger.cs).

using Xunit.Abstractions;

namespace Microneedling.Client.Tests.Campaigns;

/// <summary>None done twice, none lost in silence.</summary>
public sealed class CommandCampaignTests(ITestOutputHelper output)
{
    private const int CommandsOfRun = 400;

    public static TheoryData<BadLine, int> Lines => BadLines.Each(inCi: 6);

    [Theory]
    [MemberData(nameof(Lines))]
    public void No_command_is_done_twice_or_lost_in_silence(BadLine line, int seed) => Rig.Run(line, seed, async rig =>
    {
        CommandLedger ledger = new(rig);
        await CommandCampaign.GiveAsync(rig, ledger, CommandsOfRun);
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
}
