using System.Globalization;
using Microneedling.Firmware.Gates.Tests.Compile;
using Microneedling.Firmware.Gates.Tests.Project;
using Microsoft.CodeAnalysis;

namespace Microneedling.Firmware.Gates.Tests.Il;

/// <summary>The compiled firmware keeps every rule, however the compiler was told to optimize.</summary>
public sealed class FirmwareIlTests : IClassFixture<FirmwareIlTests.Builds>
{
    private readonly Builds _builds;

    public FirmwareIlTests(Builds builds)
    {
        _builds = builds;
    }

    public static TheoryData<string> RuleNames => [.. IlRule.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void The_firmware_keeps_the_rule(string name)
    {
        var rule = IlRule.All.Single(candidate => candidate.Name == name);

        foreach (var image in new[] { _builds.Debug, _builds.Release })
        {
            var report = rule.Report(image);
            Assert.True(report.Length == 0, report);
        }
    }

    [Fact]
    public void The_tick_is_found()
    {
        Assert.Single(_builds.Release.Tick.Entries);
    }

    [Fact]
    public void Every_allowed_use_of_floating_point_is_there()
    {
        var used = _builds.Release.Methods.Where(method => FloatingPointRules.InMethod(method).Any()).Select(FirmwareImage.NameOf);

        Assert.Empty(Allowances.FloatingPoint.Keys.Except(used));
    }

    [Fact]
    public void Every_allowed_device_call_is_made()
    {
        var tick = _builds.Release.Tick;
        var made = tick.Methods.SelectMany(method => tick.CallsOf(method)).Select(call => FirmwareImage.NameOf(call.Callee));

        Assert.Empty(Allowances.DeviceCalls.Keys.Except(made));
    }

    [Fact]
    public void Every_allowed_struct_is_loaded()
    {
        var loaded =
            from method in _builds.Release.Tick.Methods
            from instruction in TickReach.SteadyCode(method)
            select StructLoad.Of(method, instruction)?.FullName;

        Assert.Empty(Allowances.StructLoads.Keys.Except(loaded));
    }

    [Fact]
    public void Every_bounded_loop_makes_objects()
    {
        var tick = _builds.Release.Tick;
        var loops =
            from method in tick.Methods
            where TickReach.SteadyCode(method).Any(instruction => TickCost.IsInLoop(method, instruction) && tick.Cost.Of(method, instruction) > 0)
            select FirmwareImage.NameOf(method);

        Assert.Empty(Allowances.LoopBounds.Keys.Except(loops));
    }

    [Fact]
    public void The_bound_of_the_stepping_loop_follows_from_the_firmware()
    {
        const long PicometersPerNanometer = 1000;
        var picometersPerStep = Constant("Microneedling.Firmware.StageUnits", "NanometersPerStep") * PicometersPerNanometer;
        var fastestSpacingMicroseconds = picometersPerStep / Constant("Microneedling.Protocol.Limits", "RetractMicrometersPerSecond");
        var steps = (Constant("Microneedling.Firmware.ControlLoop", "SteppingMicrosecondsPerTick") / fastestSpacingMicroseconds) + 1;

        Assert.InRange(steps, 1, Allowances.LoopBounds["Microneedling.Firmware.DepthStage::Work"].MostPerTick);
    }

    [Fact]
    public void The_bound_of_the_command_loop_is_the_bound_on_frames_sent()
    {
        Assert.Equal(
            Constant("Microneedling.Firmware.SerialLink", "MostFramesPerTick"),
            Allowances.LoopBounds["Microneedling.Firmware.CommandDispatcher::Process"].MostPerTick);
    }

    private long Constant(string type, string name) => Convert.ToInt64(
        _builds.Release.Types.Single(candidate => candidate.FullName == type).Fields.Single(field => field.Name == name).Constant,
        CultureInfo.InvariantCulture);

    /// <summary>The firmware compiled both ways, once for all tests.</summary>
    public sealed class Builds
    {
        internal FirmwareImage Debug { get; } = Build(OptimizationLevel.Debug);

        internal FirmwareImage Release { get; } = Build(OptimizationLevel.Release);

        private static FirmwareImage Build(OptimizationLevel optimization)
        {
            var build = DeviceCompiler.CompileFirmware(FirmwareProject.Load(), optimization);
            Assert.False(build.Image.IsEmpty, build.Report);
            return new(build.Image);
        }
    }
}
