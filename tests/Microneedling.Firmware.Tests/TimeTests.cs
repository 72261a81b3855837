using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>Time runs through every wrap that a counter of microseconds or milliseconds can have, in the middle of a treatment.</summary>
public sealed class TimeTests(ITestOutputHelper output)
{
    public static TheoryData<long> Wraps =>
    [
        1L << 31, 1L << 32, (1L << 31) * 1000, (1L << 32) * 1000, (1L << 53),
    ];

    [Theory]
    [MemberData(nameof(Wraps))]
    public void A_treatment_goes_through_a_wrap_of_time_as_through_any_other_moment(long wrapMicroseconds)
    {
        // Homing takes about 4 s and arming 2 s, so the wrap comes while the needles run.
        using var rig = Treating.Running(output, options: new BoardOptions { TimerAtPowerOnMicroseconds = wrapMicroseconds - 9_000_000, StageMicrometers = 0 });
        rig.RunFor(TimeSpan.FromSeconds(1));
        rig.Bench.ResetDeepestTip();
        for (int i = 0; i < 1000; i++)
        {
            rig.RunFor(TimeSpan.FromMilliseconds(10));
            Assert.InRange(rig.Bench.TrueRateMillihertz, 58_800, 61_200);
        }

        Assert.Equal(DeviceState.Running, rig.State);
        Assert.InRange(rig.Bench.DeepestTipMicrometers, 790, 800);
        Assert.InRange(rig.LatestStatus!.MeasuredRateMillihertz, 58_000u, 62_000u);
        Assert.Equal(0, rig.Status().TickGaps);
        rig.SendRaw(Framing.Stop);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
        rig.AssertParked();
    }

    [Fact]
    public void The_link_watchdog_counts_through_a_wrap()
    {
        using var rig = Treating.Running(output, options: new BoardOptions { TimerAtPowerOnMicroseconds = ((1L << 32) * 1000) - 8_000_000, StageMicrometers = 0 });
        long end = 8_000_000 - 250_000;
        rig.RunFor(TimeSpan.FromMicroseconds(end - rig.NowMicroseconds));
        rig.Heartbeats = false;
        long silentAt = rig.NowMicroseconds;
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));

        Assert.Equal(FaultCode.LinkLost, (FaultCode)rig.LatestStatus!.Fault);
        Assert.InRange(rig.Bench.LastNeedlePulseMicroseconds!.Value - silentAt, 380_000, 540_000);
    }
}
