// The program as a process: what scripts and people see of it.

using System.Diagnostics;

namespace Microneedling.Simulator.Tests;

public sealed class ProgramTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("microneedling-simulator-");
    private readonly Said output = new();
    private readonly Said errors = new();
    private Process? program;

    [UnixFact]
    public async Task It_says_where_its_devices_are_obeys_the_console_outlives_its_input_and_ends_on_a_signal_without_leaving_links()
    {
        Start("--tcp", "0", "--pty", "./microneedling0", "--count", "2");
        string first = await output.NextAsync("device 1  ");
        string second = await output.NextAsync("device 2  ");
        await output.NextAsync("ready");
        Assert.EndsWith($"serial:{Path.Combine(folder.FullName, "microneedling1")}", second, StringComparison.Ordinal);
        Assert.Equal(2, folder.GetFileSystemInfos().Length);

        await program!.StandardInput.WriteLineAsync("2: trigger");
        await output.NextAsync("device 2: trigger pressed");
        await program.StandardInput.WriteLineAsync("2: status");
        Assert.Contains("trigger=pressed", await output.NextAsync("device 2: "), StringComparison.Ordinal);
        program.StandardInput.Close();

        await Hosts.GreetAsync(first.Split("  ")[1]);
        await Hosts.GreetAsync(second.Split("  ")[2]);
        using Process kill = Process.Start("kill", ["-TERM", $"{program.Id}"]);
        Assert.Equal(0, await ExitCodeAsync());
        Assert.Empty(folder.GetFileSystemInfos());
        Assert.Empty(errors.Rest());
    }

    [Fact]
    public async Task Quit_ends_it()
    {
        Start("--tcp", "0");
        await output.NextAsync("ready");
        await program!.StandardInput.WriteLineAsync("quit");
        Assert.Equal(0, await ExitCodeAsync());
    }

    [Fact]
    public async Task The_end_of_its_input_ends_it_when_asked_to()
    {
        Start("--tcp", "0", "--exit-at-eof");
        await output.NextAsync("ready");
        program!.StandardInput.Close();
        Assert.Equal(0, await ExitCodeAsync());
    }

    [Fact]
    public async Task Listening_beyond_loopback_is_warned_of()
    {
        Start("--tcp", "0", "--bind", "0.0.0.0", "--exit-at-eof");
        await errors.NextAsync("Warning: whoever reaches 0.0.0.0");
        await output.NextAsync("ready");
        program!.StandardInput.Close();
        Assert.Equal(0, await ExitCodeAsync());
    }

    [Fact]
    public async Task What_is_impossible_ends_it_with_2_before_anything_is_ready()
    {
        Start("--count", "1000000");
        Assert.Equal(2, await ExitCodeAsync());
        await errors.NextAsync("--count needs a number");
        Assert.Empty(output.Rest());
    }

    public void Dispose()
    {
        if (program is { HasExited: false })
        {
            program.Kill();
            program.WaitForExit();
        }

        program?.Dispose();
        folder.Delete(recursive: true);
    }

    private void Start(params string[] arguments)
    {
        string assembly = typeof(SimulatorOptions).Assembly.Location;
        program = Process.Start(new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Pass(program.StandardOutput, output);
        Pass(program.StandardError, errors);
    }

    private static void Pass(StreamReader from, Said to) => Task.Run(async () =>
    {
        while (await from.ReadLineAsync() is { } line)
        {
            to.Say(line);
        }

        to.End();
    });

    private async Task<int> ExitCodeAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        await program!.WaitForExitAsync(patience.Token);
        return program.ExitCode;
    }
}
