// Jogs over bad lines: how often each was done is measured on the bench, by how far the stage has really gone.

using Microneedling.Protocol;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests.Campaigns;

/// <summary>No jog is done twice, and none that is said to be undone.</summary>
public sealed class JogCampaignTests(ITestOutputHelper output)
{
    private const int JogsOfRun = 25;
    private const int LongestJogMicrometers = 200;
    private const int RoomMicrometers = 500;
    private const double StepMicrometers = 3.175;
    private const long LookMicroseconds = 5_000;

    // A jog, and all that a line may hold back.
    private static readonly TimeSpan Settling = BadLines.LongestHeldBack + TimeSpan.FromSeconds(0.5);

    public static TheoryData<BadLine, int> Lines => BadLines.Each(inCi: 2);

    [Theory]
    [MemberData(nameof(Lines))]
    public void No_jog_is_done_twice_and_none_that_is_said_to_be_undone(BadLine line, int seed) => Rig.Run(line, seed, async rig =>
    {
        rig.Bench.RemoveCartridge();
        Dictionary<Ending, int> endings = [];
        for (int i = 0; i < JogsOfRun; i++)
        {
            DeviceClient client = await InServiceAsync(rig);
            int asked = rig.Random.Next(20, LongestJogMicrometers);
            (Ending ending, double moved, bool stayed) = await JogAsync(rig, client, asked);
            endings[ending] = endings.GetValueOrDefault(ending) + 1;
            (double least, double most) = ending switch
            {
                // Without a link service ends, be it in the middle of a move.
                Ending.Done when stayed => (asked - StepMicrometers, asked),
                Ending.Refused or Ending.Undone => (0, 0),
                _ => (0, asked),
            };
            Assert.True(moved >= least - 1 && moved <= most + 1, $"Jog {i} of {asked} µm ended as {ending} and the stage has gone {moved:0.0} µm.");
        }

        output.WriteLine($"{line}, seed {seed}: {string.Join(", ", endings.Select(one => $"{one.Value} {one.Key}"))}; {rig}");
    });

    private static async Task<DeviceClient> InServiceAsync(Rig rig)
    {
        if ((await rig.StatusAsync()).State == DeviceState.Service && rig.Bench.StageMicrometers < RoomMicrometers)
        {
            return await rig.ConnectedAsync();
        }

        await (await rig.ParkedAsync()).EnterServiceAsync();
        await rig.StatusAsync();
        return await rig.ConnectedAsync();
    }

    // How far the stage has gone outwards at most, until everything that the line held back has arrived.
    private static async Task<(Ending Ending, double Moved, bool Stayed)> JogAsync(Rig rig, DeviceClient client, int micrometers)
    {
        double before = rig.Bench.StageMicrometers;
        double farthest = before;
        using IDisposable watch = rig.Device.Board.Watch(LookMicroseconds, board => farthest = Math.Max(farthest, board.Bench.StageMicrometers));
        rig.IsCalm = false;
        Ending ending = Ending.Done;
        try
        {
            await client.JogAsync(Depth.FromMicrometers(micrometers));
        }
        catch (RejectedException)
        {
            ending = Ending.Refused;
        }
        catch (LinkException problem)
        {
            ending = problem.IsKnownUndone ? Ending.Undone : Ending.Unknown;
        }

        await rig.Time.Delay(Settling);
        return (ending, farthest - before, (await rig.StatusAsync()).State == DeviceState.Service);
    }
}
