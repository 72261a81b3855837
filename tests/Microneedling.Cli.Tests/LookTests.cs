// Verbs that look and command nothing.

using System.Text.Json;
using Microneedling.Protocol;

namespace Microneedling.Cli.Tests;

public sealed class LookTests
{
    [Fact]
    public async Task Info_tells_identity_limits_and_state()
    {
        using var told = await Typed.RunAsync(0, "info --device sim: --json");

        Assert.Equal(1, told.Json.GetProperty("serialNumber").GetInt32());
        Assert.Equal(2500, told.Json.GetProperty("limits").GetProperty("absoluteDepthMicrometers").GetInt32());
        Assert.Equal("Unhomed", told.Json.GetProperty("status").GetProperty("state").GetString());
        Assert.Contains("Service", told.Json.GetProperty("capabilities").EnumerateArray().Select(one => one.GetString()));
    }

    [Fact]
    public async Task The_environment_names_the_device_and_people_get_lines()
    {
        using var told = await Typed.RunAsync(0, "info", new Typed.Setting { Device = "sim:" });

        Assert.Contains("device        1 at sim:", told.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ports_says_which_device_answers()
    {
        using var told = await Typed.RunAsync(0, "ports --device sim: --json");

        var port = Assert.Single(told.Json.GetProperty("ports").EnumerateArray());
        Assert.Equal(1, port.GetProperty("device").GetInt32());
    }

    [Fact]
    public async Task Ports_without_any_says_so()
    {
        using var told = await Typed.RunAsync(0, "ports");

        Assert.Contains("No serial port", told.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Monitor_tells_every_status_to_a_script_and_ends_in_time()
    {
        using var told = await Typed.RunAsync(0, "monitor --device sim: --for 1 --json");

        Assert.True(told.JsonLines.Length >= 3);
        Assert.All(told.JsonLines, line => Assert.Equal("status", line.GetProperty("kind").GetString()));
        Assert.All(told.JsonLines, line => Assert.Equal(JsonValueKind.Number, line.GetProperty("stagePositionMicrometers").ValueKind));
    }

    [Fact]
    public async Task Monitor_tells_people_what_changes_with_the_fault_in_words()
    {
        using var monitor = Typed.Begin("monitor --device sim:");
        var device = await monitor.Device;
        await monitor.Output.NextAsync("not homed");
        device.Bench.PressEmergencyStop();
        Assert.Contains("Release it, acknowledge", await monitor.Output.NextAsync("FAULT 502"), StringComparison.Ordinal);
        monitor.CtrlC();
        Assert.Equal(130, await monitor.Ending);
    }

    [Fact]
    public async Task Monitor_draws_a_table_on_a_terminal()
    {
        using var told = await Typed.RunAsync(0, "monitor --device sim: --for 0.5", new Typed.Setting { IsTerminal = true });

        Assert.Contains("not homed", told.Output.Text, StringComparison.Ordinal);
        Assert.Contains("╭", told.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_told_from_a_number_on()
    {
        using var all = await Typed.RunAsync(0, "events --device sim: --json");
        var numbers = all.JsonLines.Select(line => line.GetProperty("number").GetInt32()).ToArray();
        Assert.Equal(Enumerable.Range(1, numbers.Length), numbers);
        Assert.Contains("SelfTestDone", all.JsonLines.Select(line => line.GetProperty("code").GetString()));

        using var some = await Typed.RunAsync(0, "events --device sim: --since 2");
        Assert.DoesNotContain("The device started", some.Output.Text, StringComparison.Ordinal);
        Assert.NotEmpty(some.Output.All);
    }

    [Fact]
    public async Task Events_are_followed_until_Ctrl_C()
    {
        using var events = Typed.Begin("events --device sim: --follow");
        var device = await events.Device;
        await events.Output.NextAsync("self test passed");
        device.Bench.RemoveCartridge();
        await events.Output.NextAsync("Cartridge removed.");
        events.CtrlC();
        Assert.Equal(130, await events.Ending);
    }

    [Fact]
    public async Task Trace_shows_frames_in_words_both_ways()
    {
        using var told = await Typed.RunAsync(0, "trace --device sim: --for 0.5 --json");

        var frames = told.JsonLines.Where(line => line.GetProperty("kind").GetString() == "frame").ToArray();
        Assert.Contains(frames, frame => frame.GetProperty("toDevice").GetBoolean() && frame.GetProperty("words").GetString()!.Contains("Hello", StringComparison.Ordinal));
        Assert.Contains(frames, frame => !frame.GetProperty("toDevice").GetBoolean() && frame.GetProperty("words").GetString()!.Contains("HelloReply", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_fault_is_listed_and_explained_by_number_or_name()
    {
        using var list = await Typed.RunAsync(0, "faults list --json");
        var faults = list.Json.GetProperty("faults").EnumerateArray().ToArray();
        Assert.Equal(Enum.GetValues<FaultCode>().Where(fault => fault != FaultCode.None).Select(fault => (int)fault), faults.Select(fault => fault.GetProperty("code").GetInt32()));
        Assert.All(faults, fault => Assert.All(
            ["words", "cause", "reaction", "remedy"], part => Assert.True(fault.GetProperty(part).GetString() is { Length: > 10 } words && !words.Contains("**", StringComparison.Ordinal))));

        using var byNumber = await Typed.RunAsync(0, "faults explain 203");
        using var byName = await Typed.RunAsync(0, "faults explain positionlost");
        Assert.Equal(byNumber.Output.Text, byName.Output.Text);
        Assert.Contains("What to do: do not treat.", byName.Output.Text, StringComparison.Ordinal);

        using var unknown = await Typed.RunAsync(2, "faults explain 999");
        Assert.Contains("'faults list'", unknown.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_is_cleared_by_its_name_only()
    {
        static void Press(Microneedling.Simulator.SimulatedDevice device)
        {
            device.Bench.SetFault(SimulatedBoard.BenchFault.WatchdogGateStuckClosed, true);
        }

        using var nothing = await Typed.RunAsync(3, "faults clear 101 --device sim: --json");
        Assert.Equal("NothingToClear", nothing.Json.GetProperty("reason").GetString());

        using var other = await Typed.RunAsync(3, "faults clear LinkLost --device sim:", new Typed.Setting { Prepare = Press });
        Assert.Contains("Another fault has come", other.Errors.Text, StringComparison.Ordinal);
    }
}
