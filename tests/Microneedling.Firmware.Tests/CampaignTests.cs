using System.Globalization;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>
/// A person who does everything in the wrong order, a host that says anything, a line that is bad, a bench that breaks: at
/// random, for a long time. What must always hold is looked at every few milliseconds in the board's physics.
/// </summary>
public sealed class CampaignTests(ITestOutputHelper output)
{
    /// <summary>Six in the ordinary run; MICRONEEDLING_CAMPAIGN_SEEDS=n makes it n.</summary>
    public static TheoryData<int> Seeds
    {
        get
        {
            string? asked = Environment.GetEnvironmentVariable("MICRONEEDLING_CAMPAIGN_SEEDS");
            int count = asked is null ? 6 : int.Parse(asked, CultureInfo.InvariantCulture);
            return [.. Enumerable.Range(1, count)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_anybody_does_the_tips_stay_within_the_accepted_depth(int seed)
    {
        var random = new Random(seed);
        using var rig = Treating.Homed(output, new BoardOptions { Seed = seed });
        rig.Bench.ResetDeepestTip();
        output.WriteLine($"Campaign seed {seed}.");
        int deepestAccepted = 0;
        var deeds = new List<string>();
        long beganAt = rig.NowMicroseconds;
        for (int deed = 0; deed < 300; deed++)
        {
            deeds.Add(random.Next(3) > 0 ? DoTheRightThing(rig, random, ref deepestAccepted) : DoAnything(rig, random, ref deepestAccepted));
            for (int look = random.Next(1, 200); look > 0; look--)
            {
                rig.RunFor(TimeSpan.FromMilliseconds(7));
                AssertInvariants(rig, deepestAccepted, deeds);
            }
        }

        output.WriteLine($"{(rig.NowMicroseconds - beganAt) / 1e6:0} s of device time, {rig.Bench.StrokesCompleted} strokes, {rig.Bench.StageSteps} stage steps.");
        Assert.Contains(rig.Events, e => e.Code == (ushort)EventCode.StateChanged && e.Argument1 == (int)DeviceState.Running);
    }

    private static string DoTheRightThing(FirmwareRig rig, Random random, ref int deepestAccepted)
    {
        var status = rig.LatestStatus!;
        switch ((DeviceState)status.State)
        {
            case DeviceState.Unhomed:
                rig.Send(new EmptyMessage(MessageId.Home));
                return "home";
            case DeviceState.Parked:
                rig.Bench.ReleaseTrigger();
                int depth = random.Next(100, 1501);
                deepestAccepted = Math.Max(deepestAccepted, depth);
                rig.Send(Treating.Proposal(depth, random.Next(10000, 100001)));
                rig.RunFor(TimeSpan.FromMilliseconds(300));
                rig.Send(new Arm { Token = rig.LatestStatus!.Token });
                return $"configure {depth} and arm";
            case DeviceState.Armed:
                rig.Bench.ReleaseTrigger();
                rig.RunFor(TimeSpan.FromMilliseconds(50));
                rig.Bench.PressTrigger();
                return "press";
            case DeviceState.Faulted or DeviceState.EmergencyStopped:
                rig.Bench.SeatCartridge();
                rig.Send(new ClearFault { Fault = status.Fault });
                return "clear fault";
            default:
                return "wait";
        }
    }

    private static string DoAnything(FirmwareRig rig, Random random, ref int deepestAccepted)
    {
        var status = rig.LatestStatus!;
        switch (random.Next(16))
        {
            case 0:
                rig.Send(new EmptyMessage(MessageId.Home));
                return "home";
            case 1 or 2 or 3:
                int depth = random.Next(0, 2600);
                int cap = random.Next(4) == 0 ? random.Next(0, 2600) : 1500;
                byte unlock = (byte)random.Next(2);
                if (depth <= cap && cap <= 2500 && depth >= 100 && (cap <= 1500 || unlock == 1))
                {
                    deepestAccepted = Math.Max(deepestAccepted, depth);
                }

                rig.Send(Treating.Proposal(depth, random.Next(5000, 110000), cap, unlock));
                return $"configure {depth} cap {cap} unlock {unlock}";
            case 4 or 5 or 6:
                rig.Bench.ReleaseTrigger();
                rig.RunFor(TimeSpan.FromMilliseconds(20));
                rig.Send(new Arm { Token = random.Next(5) == 0 ? (uint)random.Next() : status.Token });
                return "arm";
            case 7 or 8 or 9:
                rig.Bench.PressTrigger();
                return "press";
            case 10:
                rig.Bench.ReleaseTrigger();
                return "release";
            case 11:
                rig.SendRaw(random.Next(2) == 0 ? [Framing.Stop] : [0x7E, (byte)random.Next(256), 0x7D, (byte)random.Next(256)]);
                return "stop or garbage";
            case 12:
                rig.Heartbeats = false;
                rig.RunFor(TimeSpan.FromMilliseconds(random.Next(900)));
                rig.Heartbeats = true;
                return "silence";
            case 13:
                rig.Bench.RemoveCartridge();
                rig.RunFor(TimeSpan.FromMilliseconds(random.Next(50)));
                rig.Bench.SeatCartridge();
                return "cartridge";
            case 14 when random.Next(3) == 0:
                rig.Bench.PressEmergencyStop();
                rig.RunFor(TimeSpan.FromMilliseconds(random.Next(2000)));
                rig.Bench.ReleaseEmergencyStop();
                return "emergency stop";
            default:
                rig.Send(new ClearFault { Fault = status.Fault });
                return "clear fault";
        }
    }

    private static void AssertInvariants(FirmwareRig rig, int deepestAccepted, List<string> deeds)
    {
        string Story() => string.Join(", ", deeds.TakeLast(12));
        Assert.True(rig.Bench.DeepestTipMicrometers <= deepestAccepted, $"tips at {rig.Bench.DeepestTipMicrometers} µm, accepted {deepestAccepted} µm after {Story()}");
        Assert.True(rig.Bench.TrueRateMillihertz <= Limits.MaximumRateMillihertz * 1.02, $"rate {rig.Bench.TrueRateMillihertz} after {Story()}");
        Assert.True(rig.Bench.StageStepsLost == 0, $"steps lost after {Story()}");
        bool treating = (DeviceState)rig.LatestStatus!.State is DeviceState.Running or DeviceState.Armed or DeviceState.Retracting or DeviceState.Faulted or DeviceState.EmergencyStopped;
        Assert.True(treating || !rig.Bench.NeedlesOut, $"needles out while {(DeviceState)rig.LatestStatus.State} after {Story()}");
    }
}
