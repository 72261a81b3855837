// Bytes that no good host would send, into every state of the device. What must hold is in FuzzRun.cs. When something does
// not, the shortest list of shots that still breaks it is printed as a test to paste.

using Microneedling.Firmware.Tests.Campaigns;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests.Fuzz;

/// <summary>Garbage, and frames that only look right.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int ShotsOfRun = 250;
    private const int MostShrinkingRuns = 150;

    private static readonly DeviceState[] States =
    [
        DeviceState.Unhomed, DeviceState.Homing, DeviceState.Parked, DeviceState.Armed, DeviceState.Running, DeviceState.Retracting,
        DeviceState.Faulted, DeviceState.EmergencyStopped, DeviceState.Service,
    ];

    private static readonly DeviceState[] Undisturbed = [DeviceState.Armed, DeviceState.Running];

    public static TheoryData<DeviceState, int> Wild => Each(States, 15);

    public static TheoryData<DeviceState, int> Peaceful => Each(Undisturbed, 15);

    [Theory]
    [MemberData(nameof(Wild))]
    public void Whatever_comes_over_the_line_everything_holds(DeviceState state, int seed) => Shoot(state, seed, peaceful: false);

    [Theory]
    [MemberData(nameof(Peaceful))]
    public void Garbage_that_asks_for_no_stop_ends_nothing(DeviceState state, int seed) => Shoot(state, seed, peaceful: true);

    private static TheoryData<DeviceState, int> Each(DeviceState[] states, int inCi)
    {
        TheoryData<DeviceState, int> data = [];
        foreach (int seed in Campaign.Seeds(inCi))
        {
            foreach (DeviceState state in states)
            {
                data.Add(state, seed);
            }
        }

        return data;
    }

    private void Shoot(DeviceState state, int seed, bool peaceful)
    {
        BoardOptions options = new() { Seed = seed };
        short rightZeroOffset;
        using (VirtualBoard board = new(options))
        {
            rightZeroOffset = (short)board.Bench.ZeroOffsetMicrometers;
        }

        ShotMaker maker = new((seed * 31) + (int)state, peaceful, rightZeroOffset);
        Shot[] shots = [.. Enumerable.Range(0, ShotsOfRun).Select(_ => maker.Next())];
        FuzzOutcome outcome = FuzzRun.Run(options, state, peaceful, shots);
        output.WriteLine($"Seed {seed}: {outcome}");
        if (outcome.Broken is not null)
        {
            Shot[] shortest = Shrink(shots[..outcome.Shots], few => FuzzRun.Run(options, state, peaceful, few).Broken == outcome.Broken);
            output.WriteLine(FuzzRun.Print(seed, state, peaceful, shortest));
            Assert.Fail($"Seed {seed}, {state}: {outcome.How}");
        }
    }

    private static Shot[] Shrink(Shot[] shots, Func<Shot[], bool> breaks)
    {
        int left = MostShrinkingRuns;
        for (int chunk = Math.Max(1, shots.Length / 2); chunk > 0; chunk /= 2)
        {
            for (int at = shots.Length - chunk; at >= 0 && left > 0; at -= chunk)
            {
                Shot[] fewer = [.. shots[..at], .. shots[(at + chunk)..]];
                left--;
                if (breaks(fewer))
                {
                    shots = fewer;
                    at = Math.Min(at, shots.Length);
                }
            }
        }

        return shots;
    }
}
