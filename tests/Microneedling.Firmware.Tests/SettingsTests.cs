using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>Settings live in two copies on flash: never lost to a power cut, never replaced by defaults.</summary>
public sealed class SettingsTests(ITestOutputHelper output)
{
    private const string FirstCopy = @"I:\settings-0";
    private const string SecondCopy = @"I:\settings-1";

    private static WriteSettings Write(uint serialNumber, int zeroOffset) => new() { SerialNumber = serialNumber, ZeroOffsetMicrometers = (short)zeroOffset };

    private static SettingsReport Read(FirmwareRig rig) => rig.Request<SettingsReport>(new EmptyMessage(MessageId.SettingsRequest));

    private static void RunUntilStored(FirmwareRig rig)
    {
        for (int attempt = 0; attempt < 20 && Read(rig) is not { Pending: 0, GoodCopies: 2 }; attempt++)
        {
            rig.RunFor(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal((0, 2), (Read(rig).Pending, Read(rig).GoodCopies));
    }

    private static void Restart(FirmwareRig rig, DeviceState into = DeviceState.Unhomed)
    {
        rig.PowerOff();
        rig.PowerOn();
        rig.Hello();
        rig.RunUntil(into, TimeSpan.FromSeconds(1));
    }

    [Fact]
    [Trait("Requirement", "SET-2")]
    public void A_device_without_settings_moves_nothing_until_settings_are_written()
    {
        using var rig = new FirmwareRig(print: output.WriteLine, calibrated: false);
        rig.Bench.SeatCartridge();
        rig.Hello();
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));
        Assert.Equal(FaultCode.SettingsLost, rig.Fault());
        Assert.Equal(RejectionReason.FaultLatched, rig.Reason(new EmptyMessage(MessageId.Home)));
        Assert.Equal(RejectionReason.FaultStillPresent, rig.Reason(new ClearFault { Fault = (ushort)FaultCode.SettingsLost }));
        Assert.Equal(0, Read(rig).GoodCopies);
        Assert.Equal(0, rig.Bench.StageSteps);

        rig.Accept(Write(4711, -20));
        RunUntilStored(rig);
        rig.Accept(new ClearFault { Fault = (ushort)FaultCode.SettingsLost });
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
        Assert.Equal(4711u, rig.Hello().SerialNumber);
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Settings_survive_a_power_cycle()
    {
        using var rig = Treating.Homed(output);
        rig.Accept(Write(77, 123));
        RunUntilStored(rig);
        Restart(rig);

        var settings = Read(rig);
        Assert.Equal((77u, (short)123, (byte)2), (settings.SerialNumber, settings.ZeroOffsetMicrometers, settings.GoodCopies));
    }

    [Theory]
    [InlineData(FirstCopy)]
    [InlineData(SecondCopy)]
    public void One_bad_copy_is_told_mended_and_changes_nothing(string bad)
    {
        using var rig = Treating.Greeted(output);
        rig.Accept(Write(77, 123));
        RunUntilStored(rig);
        rig.PowerOff();
        output.WriteLine($"Byte {rig.Board.Flash.Corrupt(bad)} of {bad} is damaged.");
        rig.PowerOn();
        rig.Hello();
        rig.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(1));
        RunUntilStored(rig);
        rig.Request(new EventsRequest { FirstNumber = 1 });
        rig.RunFor(TimeSpan.FromMilliseconds(200));

        Assert.Equal((77u, (short)123), (Read(rig).SerialNumber, Read(rig).ZeroOffsetMicrometers));
        Assert.Contains(rig.Events, e => e.Code == (ushort)EventCode.StoredCopyMended && e.Argument1 == 1);
    }

    [Fact]
    [Trait("Requirement", "SET-2")]
    public void Two_bad_copies_are_a_fault_and_never_defaults()
    {
        using var rig = Treating.Greeted(output);
        rig.PowerOff();
        rig.Board.Flash.Corrupt(FirstCopy);
        rig.Board.Flash.Corrupt(SecondCopy);
        rig.PowerOn();
        rig.Hello();
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));

        Assert.Equal(FaultCode.SettingsLost, rig.Fault());
        Assert.Equal(0, Read(rig).GoodCopies);
    }

    [Fact]
    [Trait("Requirement", "SET-1")]
    public void A_power_cut_at_any_moment_of_writing_leaves_the_old_settings_or_the_new_ones()
    {
        int old = 0;
        for (int milliseconds = 0; milliseconds < 300; milliseconds += 7)
        {
            using var rig = Treating.Greeted(output, new BoardOptions { Seed = milliseconds + 1 });
            rig.Accept(Write(77, 100));
            RunUntilStored(rig);
            rig.Send(Write(78, -100));
            rig.RunFor(TimeSpan.FromMilliseconds(milliseconds));
            Restart(rig);
            var settings = Read(rig);

            Assert.Contains((settings.SerialNumber, settings.ZeroOffsetMicrometers), new[] { (77u, (short)100), (78u, (short)-100) });
            old += settings.SerialNumber == 77 ? 1 : 0;
        }

        Assert.InRange(old, 1, 42);
    }

    [Fact]
    public void Settings_that_cannot_be_written_are_a_fault_until_they_can()
    {
        using var rig = Treating.Homed(output);
        rig.Board.Flash.WritesFail = true;
        rig.Accept(Write(77, 10));
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));
        Assert.Equal(FaultCode.SettingsNotStored, rig.Fault());
        rig.RunUntil(() => (rig.LatestStatus!.Flags & StatusFlags.Parking) == 0, TimeSpan.FromSeconds(5));
        rig.Accept(new ClearFault { Fault = (ushort)FaultCode.SettingsNotStored });
        rig.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));
        rig.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(FaultCode.SettingsNotStored, rig.Fault());

        rig.Board.Flash.WritesFail = false;
        rig.Accept(new ClearFault { Fault = (ushort)FaultCode.SettingsNotStored });
        RunUntilStored(rig);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(1));
        Restart(rig);
        Assert.Equal(77u, Read(rig).SerialNumber);
    }

    [Theory]
    [InlineData(0, 0, RejectionReason.SerialNumberMissing)]
    [InlineData(1, 301, RejectionReason.ZeroOffsetOutOfRange)]
    [InlineData(1, -301, RejectionReason.ZeroOffsetOutOfRange)]
    [InlineData(1, short.MinValue, RejectionReason.ZeroOffsetOutOfRange)]
    [Trait("Requirement", "SET-3")]
    public void Senseless_settings_are_refused_and_change_nothing(uint serialNumber, int zeroOffset, RejectionReason expected)
    {
        using var rig = Treating.Greeted(output);

        var rejected = rig.Reject(Write(serialNumber, zeroOffset));
        Assert.Equal(expected, (RejectionReason)rejected.Reason);
        Assert.Equal(expected == RejectionReason.ZeroOffsetOutOfRange ? Limits.ZeroOffsetMicrometers : 0, rejected.Detail);
        Assert.Equal((1u, (short)0, (byte)0), (Read(rig).SerialNumber, Read(rig).ZeroOffsetMicrometers, Read(rig).Pending));
    }

    [Fact]
    public void Settings_are_not_taken_while_anything_moves()
    {
        using var rig = Treating.Greeted(output);
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Homing, TimeSpan.FromSeconds(1));
        Assert.Equal(RejectionReason.StillMoving, rig.Reason(Write(2, 0)));
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
        rig.Arm();
        Assert.Equal(RejectionReason.WrongState, rig.Reason(Write(2, 0)));
        rig.PressUntilSteady();
        Assert.Equal(RejectionReason.WrongState, rig.Reason(Write(2, 0)));
    }

    [Fact]
    public void Nothing_is_written_to_flash_from_arming_to_parking()
    {
        using var rig = Treating.Homed(output);
        rig.RunFor(TimeSpan.FromSeconds(70));
        rig.Arm();
        int Written() => rig.Board.Flash.Snapshot().Keys.Sum(rig.Board.Flash.WritesTo);
        int before = Written();
        rig.PressUntilSteady();
        rig.RunFor(TimeSpan.FromSeconds(90));
        rig.SendRaw(Framing.Stop);
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
        Assert.Equal(before, Written());

        rig.RunFor(TimeSpan.FromSeconds(2));
        Assert.True(Written() > before);
    }

    [Fact]
    [Trait("Requirement", "SET-3")]
    public void Another_zero_makes_the_accepted_treatment_void()
    {
        using var rig = Treating.Homed(output);
        uint token = rig.Configure(500, 60000).Token;
        rig.Accept(Write(1, 50));

        Assert.Equal(RejectionReason.NothingConfigured, rig.Reason(new Arm { Token = token }));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void With_its_zero_calibrated_a_device_strokes_as_deep_as_it_says(int seed)
    {
        using var rig = Treating.Running(output, 1000, 60000, options: new BoardOptions { Seed = seed, Imperfections = ImperfectionLevel.Static });
        output.WriteLine($"Zero offset {rig.Bench.ZeroOffsetMicrometers} µm.");
        rig.Bench.ResetDeepestTip();
        rig.RunFor(TimeSpan.FromSeconds(1));

        Assert.InRange(rig.Bench.DeepestTipMicrometers, 985, 1010);
        Assert.NotEqual(0, rig.Bench.ZeroOffsetMicrometers);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public void The_widest_zero_that_a_device_can_have_is_taken(int zeroOffset)
    {
        using var rig = Treating.Greeted(output);
        rig.Accept(Write(77, zeroOffset));

        Assert.Equal(zeroOffset, Read(rig).ZeroOffsetMicrometers);
    }

    [Fact]
    public void Another_zero_moves_the_deepest_position_of_the_stage_at_once()
    {
        using var rig = Treating.Greeted(output);
        rig.Accept(Write(77, 300));
        RunUntilStored(rig);
        Restart(rig);
        rig.Accept(MessageId.Home);
        rig.RunUntil(DeviceState.Homing, TimeSpan.FromSeconds(1));
        rig.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(10));
        rig.Accept(Write(77, 0));
        RunUntilStored(rig);
        rig.Arm(2500, 60000, 2500, 1);

        Assert.InRange(rig.Bench.StageMicrometers, 2490, 2500);
    }
}
