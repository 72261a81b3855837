using System.Net;
using Microneedling.SimulatedBoard;

namespace Microneedling.Simulator.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Without_options_one_ideal_device_listens_on_loopback_and_the_program_says_so()
    {
        (SimulatorOptions? options, _, string output, _) = await RunAsync();

        Assert.Equal(new SimulatorOptions { TcpPort = 7_777 }, options);
        Assert.Equal(IPAddress.Loopback, options!.Bind);
        Assert.Contains("--tcp 7777", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_option_arrives()
    {
        (SimulatorOptions? options, int exitCode, string output, _) = await RunAsync(
            "--tcp", "0", "--bench", "7800", "--pty=port7", "--count", "64", "--seed", "1000", "--imperfections", "dynamic", "--platform", "worst",
            "--chip", "esp32", "--bind", "0.0.0.0", "--waveforms", "run.vcd", "--exit-at-eof");

        Assert.Equal(
            new SimulatorOptions
            {
                TcpPort = 0,
                BenchPort = 7_800,
                PtyPath = "port7",
                Count = 64,
                Seed = 1_000,
                Imperfections = ImperfectionLevel.Dynamic,
                Platform = PlatformBehaviour.Worst,
                Chip = BoardChip.Esp32Rev3,
                Bind = IPAddress.Any,
                TracePath = "run.vcd",
                ExitAtEof = true,
            },
            options);
        Assert.Equal(0, exitCode);
        Assert.Empty(output);
    }

    [Fact]
    public async Task With_a_pseudo_terminal_only_nothing_listens_on_tcp()
    {
        (SimulatorOptions? options, _, _, _) = await RunAsync("--pty", "port");
        Assert.Null(options!.TcpPort);
    }

    [Theory]
    [InlineData("--tcp needs a number from 0 to 65535, not 70000.", "--tcp", "70000")]
    [InlineData("--tcp needs a number from 0 to 65535, not -1.", "--tcp", "-1")]
    [InlineData("--count needs a number from 1 to 100, not 0.", "--count", "0")]
    [InlineData("--count needs a number from 1 to 100, not many.", "--count", "many")]
    [InlineData("--seed needs a number from 1 to", "--seed", "0")]
    [InlineData("--imperfections needs one of ideal|static|dynamic, not bad.", "--imperfections", "bad")]
    [InlineData("--platform needs one of nominal|worst, not best.", "--platform", "best")]
    [InlineData("--chip needs one of esp32s3|esp32, not z80.", "--chip", "z80")]
    [InlineData("--bind needs an IP address", "--bind", "everywhere")]
    [InlineData("Choose a first port up to 65526.", "--tcp", "65530", "--count", "10")]
    [InlineData("there is no --tcp", "--bind", "0.0.0.0", "--pty", "port")]
    [InlineData(".vcd or .csv", "--waveforms", "run.txt")]
    [InlineData("--bench needs a number from 0 to 65535, not near.", "--bench", "near")]
    [InlineData("--bench 65530 with --count 10 would need ports above 65535", "--bench", "65530", "--count", "10")]
    [InlineData("would need the same port. Choose --bench 7787.", "--bench", "7780", "--count", "10")]
    [InlineData("would need the same port. Choose --bench 7778.", "--bench", "7777", "--tcp", "7777")]
    [InlineData("'--tcp'", "--tcp")]
    [InlineData("'--tpc'", "--tpc", "7777")]
    public async Task What_cannot_be_followed_starts_nothing_and_ends_with_2_and_words(string words, params string[] arguments)
    {
        (SimulatorOptions? options, int exitCode, _, string error) = await RunAsync(arguments);

        Assert.Null(options);
        Assert.Equal(2, exitCode);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.EndsWith($"--help lists the options.{Environment.NewLine}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_are_no_bench_controllers_it_is_said_who_has_them()
    {
        (SimulatorOptions? options, int exitCode, _, string error) = await RunAsync(hasBench: false, "--bench", "0");
        Assert.Null(options);
        Assert.Equal(2, exitCode);
        Assert.Contains("dotnet run --project host/Microneedling.Cli -- simulate --bench PORT", error, StringComparison.Ordinal);

        (_, _, string help, _) = await RunAsync(hasBench: false, "--help");
        Assert.DoesNotContain("--bench <", help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_the_options_and_starts_nothing()
    {
        (SimulatorOptions? options, int exitCode, string output, _) = await RunAsync("--help");

        Assert.Null(options);
        Assert.Equal(0, exitCode);
        Assert.Contains("--imperfections <ideal|static|dynamic>", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("microneedling0", 3, 64, "microneedling3")]
    [InlineData("dev098", 3, 64, "dev101")]
    [InlineData("port", 0, 1, "port")]
    [InlineData("port", 3, 64, "port4")]
    [InlineData("run7.vcd", 2, 3, "run9.vcd")]
    [InlineData("run.vcd", 0, 3, "run1.vcd")]
    public void Paths_count_up_from_the_number_at_their_end(string path, int index, int count, string expected) =>
        Assert.Equal(Path.GetFullPath(expected), NumberedPath.Of(path, index, count));

    [Fact]
    public void Devices_count_up_from_the_seed()
    {
        SimulatorOptions options = new() { Seed = 40, Count = 3, TracePath = "run.csv", Imperfections = ImperfectionLevel.Static };
        BoardOptions third = options.BoardOf(2);

        Assert.Equal(42, third.Seed);
        Assert.True(third.RealTime);
        Assert.Equal(ImperfectionLevel.Static, third.Imperfections);
        Assert.Equal(Path.GetFullPath("run3.csv"), third.TracePath);
    }

    private static Task<(SimulatorOptions? Options, int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunAsync(hasBench: true, arguments);

    private static async Task<(SimulatorOptions? Options, int ExitCode, string Output, string Error)> RunAsync(bool hasBench, params string[] arguments)
    {
        SimulatorOptions? options = null;
        using StringWriter output = new();
        using StringWriter error = new();
        int exitCode = await SimulatorCommandLine.RunAsync(
            arguments,
            (parsed, _) =>
            {
                options = parsed;
                return Task.FromResult(0);
            },
            output,
            error,
            hasBench);
        return (options, exitCode, output.ToString(), error.ToString());
    }
}
