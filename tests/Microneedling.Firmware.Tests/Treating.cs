using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>Brings a rig to where a test begins: greeted, homed, armed, running.</summary>
internal static class Treating
{
    public static FirmwareRig Greeted(ITestOutputHelper output, BoardOptions? options = null, Action? main = null)
    {
        var rig = new FirmwareRig(options, output.WriteLine, main);
        rig.Bench.SeatCartridge();
        rig.RunFor(TimeSpan.FromMilliseconds(50));
        rig.Hello();
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
        return rig;
    }

    public static FirmwareRig Homed(ITestOutputHelper output, BoardOptions? options = null, Action? main = null)
    {
        var rig = Greeted(output, options, main);
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
        return rig;
    }

    public static FirmwareRig Armed(ITestOutputHelper output, int depth = 800, int rate = 60000, int cap = 1500, byte unlock = 0, BoardOptions? options = null, Action? main = null)
    {
        var rig = Homed(output, options, main);
        rig.Arm(depth, rate, cap, unlock);
        return rig;
    }

    public static FirmwareRig Running(ITestOutputHelper output, int depth = 800, int rate = 60000, int cap = 1500, byte unlock = 0, BoardOptions? options = null, Action? main = null)
    {
        var rig = Armed(output, depth, rate, cap, unlock, options, main);
        rig.PressUntilSteady();
        return rig;
    }

    public static TreatmentAccepted Configure(this FirmwareRig rig, int depth, int rate, int cap = 1500, byte unlock = 0) =>
        rig.Request<TreatmentAccepted>(Proposal(depth, rate, cap, unlock));

    public static ConfigureTreatment Proposal(int depth, int rate, int cap = 1500, byte unlock = 0) => new()
    {
        DepthMicrometers = (ushort)depth,
        DepthCapMicrometers = (ushort)cap,
        RateMillihertz = (uint)rate,
        SupervisorUnlock = unlock,
    };

    public static void Arm(this FirmwareRig rig, int depth = 800, int rate = 60000, int cap = 1500, byte unlock = 0)
    {
        rig.Accept(new Arm { Token = rig.Configure(depth, rate, cap, unlock).Token });
        rig.RunUntil(() => rig.LatestStatus!.State == (byte)DeviceState.Armed && !rig.StageMoves() && rig.Bench.StageMicrometers + rig.Bench.ZeroOffsetMicrometers > depth - 20, TimeSpan.FromSeconds(6));
    }

    public static void PressUntilSteady(this FirmwareRig rig)
    {
        rig.Bench.PressTrigger();
        rig.RunUntil(DeviceState.Running, TimeSpan.FromSeconds(1));
        rig.RunUntil(() => rig.LatestStatus!.DrivenRateMillihertz == rig.LatestStatus.RateMillihertz, TimeSpan.FromSeconds(2));
    }

    public static bool StageMoves(this FirmwareRig rig) => (rig.LatestStatus!.Flags & StatusFlags.StageMoving) != 0;

    public static FaultCode Fault(this FirmwareRig rig) => (FaultCode)rig.Status().Fault;

    public static RejectionReason Reason(this FirmwareRig rig, Message command) => (RejectionReason)rig.Reject(command).Reason;

    /// <summary>Everything is at rest where it is safest: tips cannot come out at any cam angle.</summary>
    public static void AssertParked(this FirmwareRig rig)
    {
        Assert.InRange(rig.Bench.StageMicrometers, -1010, -1000);
        Assert.True(rig.Bench.AtTopDeadCentre);
        Assert.False(rig.Bench.NeedleDriverEnabled);
        Assert.False(rig.Bench.DepthDriverEnabled);
        Assert.Equal(0, rig.Bench.StageStepsLost);
    }
}
