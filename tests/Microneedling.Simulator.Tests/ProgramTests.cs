// The program as a process: what scripts and people see of it.

using System.Diagnostics;

namespace Microneedling.Simulator.Tests;

public sealed class ProgramTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("microneedling-simulator-");
    private RunningProcess? program;

    [UnixFact]
    public async Task It_says_where_its_devices_are_obeys_the_console_outlives_its_input_and_ends_on_a_signal_without_leaving_links()
    {
        RunningProcess simulator = Start("--tcp", "0", "--pty", "./microneedling0", "--count", "2");
        string first = await simulator.Output.NextAsync("device 1  ");
        string second = await simulator.Output.NextAsync("device 2  ");
        await simulator.Output.NextAsync("ready");
        Assert.EndsWith($"serial:{Path.Combine(folder.FullName, "microneedling1")}", second, StringComparison.Ordinal);
        Assert.Equal(2, folder.GetFileSystemInfos().Length);

        await simulator.TellAsync("2: trigger");
        await simulator.Output.NextAsync("device 2: trigger pressed");
        await simulator.TellAsync("2: status");
        Assert.Contains("trigger=pressed", await simulator.Output.NextAsync("device 2: "), StringComparison.Ordinal);
        simulator.CloseInput();

        await Hosts.GreetAsync(first.Split("  ")[1]);
        await Hosts.GreetAsync(second.Split("  ")[2]);
        using Process kill = Process.Start("kill", ["-TERM", $"{simulator.Id}"]);
        Assert.Equal(0, await simulator.ExitCodeAsync());
        Assert.Empty(folder.GetFileSystemInfos());
        Assert.Empty(simulator.Errors.Rest());
    }

    [Fact]
    public async Task Quit_ends_it()
    {
        RunningProcess simulator = Start("--tcp", "0");
        await simulator.Output.NextAsync("ready");
        await simulator.TellAsync("quit");
        Assert.Equal(0, await simulator.ExitCodeAsync());
    }

    [Fact]
    public async Task The_end_of_its_input_ends_it_when_asked_to()
    {
        RunningProcess simulator = Start("--tcp", "0", "--exit-at-eof");
        await simulator.Output.NextAsync("ready");
        simulator.CloseInput();
        Assert.Equal(0, await simulator.ExitCodeAsync());
    }

    [Fact]
    public async Task Listening_beyond_loopback_is_warned_of()
    {
        RunningProcess simulator = Start("--tcp", "0", "--bind", "0.0.0.0", "--exit-at-eof");
        await simulator.Errors.NextAsync("Warning: whoever reaches 0.0.0.0");
        await simulator.Output.NextAsync("ready");
        simulator.CloseInput();
        Assert.Equal(0, await simulator.ExitCodeAsync());
    }

    [Fact]
    public async Task What_is_impossible_ends_it_with_2_before_anything_is_ready()
    {
        RunningProcess simulator = Start("--count", "1000000");
        Assert.Equal(2, await simulator.ExitCodeAsync());
        await simulator.Errors.NextAsync("--count needs a number");
        Assert.Empty(simulator.Output.Rest());
    }

    public void Dispose()
    {
        program?.Dispose();
        folder.Delete(recursive: true);
    }

    private RunningProcess Start(params string[] arguments) => program = RunningProcess.Simulator(folder.FullName, arguments);
}
