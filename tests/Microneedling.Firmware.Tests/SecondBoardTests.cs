using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>The same firmware on the classic ESP32: it finds out by itself where it is and what is missing.</summary>
public sealed class SecondBoardTests(ITestOutputHelper output)
{
    private static readonly BoardOptions Classic = new() { Chip = BoardChip.Esp32Rev3 };

    [Fact]
    public void A_whole_treatment_runs_on_the_classic_board()
    {
        using var rig = Treating.Running(output, 800, 60000, options: Classic);
        rig.Bench.ResetDeepestTip();
        rig.RunFor(TimeSpan.FromSeconds(3));
        Assert.InRange(rig.Bench.DeepestTipMicrometers, 790, 800);
        Assert.InRange(rig.Bench.TrueRateMillihertz, 58_800, 61_200);
        rig.SendRaw(Framing.Stop);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
        rig.AssertParked();
    }

    [Fact]
    public void It_tells_what_it_lacks()
    {
        using var rig = Treating.Greeted(output, Classic);
        uint capabilities = rig.Hello().Capabilities;
        Assert.Equal(
            Capabilities.Burst | Capabilities.Sessions | Capabilities.Service | Capabilities.NeedleDriverDiagnosis | Capabilities.AlarmBuzzer,
            capabilities);
        var selfTest = rig.Request<SelfTestReport>(new EmptyMessage(MessageId.SelfTestRequest));
        Assert.Equal(SelfTestItems.InputsPlausible | SelfTestItems.SettingsGood | SelfTestItems.NeedleDriverWell, selfTest.Tested);
    }

    [Fact]
    public void The_reference_board_lacks_nothing()
    {
        using var rig = Treating.Greeted(output);

        Assert.Equal(0x00FFu, rig.Hello().Capabilities);
    }

    [Fact]
    public void The_needle_drivers_fault_and_the_buzzer_work_there_too()
    {
        using var rig = Treating.Running(output, options: Classic);
        rig.Bench.SetFault(BenchFault.NeedleDriverFault, true);
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromMilliseconds(200));
        Assert.Equal(FaultCode.NeedleDriverFault, rig.Fault());
        long beeps = rig.Bench.Beeps;
        rig.RunFor(TimeSpan.FromSeconds(10));

        Assert.True(rig.Bench.Beeps > beeps);
    }
}
