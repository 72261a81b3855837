using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>The same seed gives the same run, to the byte: what a campaign finds can be found again.</summary>
public sealed class DeterminismTests(ITestOutputHelper output) : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("microneedling-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private string Run(int seed, string name)
    {
        string path = Path.Combine(directory, name + ".csv");
        var options = new BoardOptions { Seed = seed, Imperfections = ImperfectionLevel.Dynamic, Platform = PlatformBehaviour.Worst, TracePath = path };
        using (var rig = Treating.Homed(output, options))
        {
            rig.Board.Serial.Noise = new LineNoise(Flip: 0.002, Drop: 0.001, Insert: 0.001);
            for (int i = 0; i < 3; i++)
            {
                rig.Send(Treating.Proposal(700 + (100 * i), 60000));
                rig.RunFor(TimeSpan.FromMilliseconds(300));
                rig.Send(new Arm { Token = rig.LatestStatus!.Token });
                rig.RunFor(TimeSpan.FromSeconds(3));
                rig.Bench.PressTrigger();
                rig.RunFor(TimeSpan.FromSeconds(2));
                rig.Bench.ReleaseTrigger();
                rig.SendRaw(Framing.Stop);
                rig.RunFor(TimeSpan.FromSeconds(5));
            }

            Assert.NotEqual(0, rig.Bench.StrokesCompleted);
        }

        return File.ReadAllText(path);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void The_same_seed_gives_the_same_run_to_the_byte_and_another_seed_another(int seed)
    {
        string once = Run(seed, "once");

        Assert.True(once == Run(seed, "again"), "Two runs of one seed differ.");
        Assert.True(once != Run(seed + 100, "other"), "Two seeds give the same run.");
    }
}
