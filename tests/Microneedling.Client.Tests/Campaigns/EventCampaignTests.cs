// Events over bad lines, while hands are busy at the device and the program comes and goes: in order, each once, as the
// device told them; what it no longer had is named.

using Microneedling.Protocol;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests.Campaigns;

/// <summary>The log is complete or says what is missing.</summary>
public sealed class EventCampaignTests(ITestOutputHelper output)
{
    private const int VisitsOfRun = 12;
    private const int EventsOfTheRing = 128;

    public static TheoryData<BadLine, int> Lines => BadLines.Each(inCi: 1);

    [Theory]
    [MemberData(nameof(Lines))]
    public void The_log_is_complete_or_says_what_is_missing(BadLine line, int seed) => Rig.Run(line, seed, async rig =>
    {
        await rig.ParkedAsync();
        int overruns = 0;
        for (int visit = 0; visit < VisitsOfRun; visit++)
        {
            rig.IsCalm = false;
            if (await rig.TryConnectAsync() is not null)
            {
                await BeBusyAsync(rig, rig.Random.Next(5, 40));
            }

            await rig.LeaveAsync();
            bool isLong = visit % 4 == 3;
            overruns += isLong ? 1 : 0;
            await BeBusyAsync(rig, isLong ? EventsOfTheRing + rig.Random.Next(5, 60) : rig.Random.Next(5));
        }

        await rig.ReadAllEventsAsync();
        Assert.Equal(rig.Tap.LatestEventNumber, (uint)(rig.EventsRead + rig.EventsNamedMissing));
        Assert.InRange(rig.EventsNamedMissing, 1, overruns * (EventsOfTheRing + 100));
        output.WriteLine($"{line}, seed {seed}: {rig}");
    });

    private static async Task BeBusyAsync(Rig rig, int changes)
    {
        for (int i = 0; i < changes; i++)
        {
            if (rig.Bench.CartridgeSeated)
            {
                rig.Bench.RemoveCartridge();
            }
            else
            {
                rig.Bench.SeatCartridge();
            }

            await rig.Time.Delay(TimeSpan.FromMilliseconds(rig.Random.Next(60, 160)));
        }
    }
}
