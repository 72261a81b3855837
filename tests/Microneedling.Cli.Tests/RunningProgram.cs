using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microneedling.Simulator;

namespace Microneedling.Cli.Tests;

/// <summary>A program as a process: what it says, what it is told, and how it ends. Killed when it is let go.</summary>
internal sealed class RunningProgram : IDisposable
{
    private const int InterruptSignal = 2;
    private const int TerminateSignal = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process;

    static RunningProgram() => HeedInterrupts();

    private RunningProgram(string assembly, IEnumerable<string> arguments, string folder)
    {
        process = Process.Start(new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Pass(process.StandardOutput, Output);
        Pass(process.StandardError, Errors);
    }

    internal Said Output { get; } = new();

    internal Said Errors { get; } = new();

    internal static RunningProgram Simulator(string folder, params string[] arguments) => new(typeof(SimulatedDevice).Assembly.Location, arguments, folder);

    internal static RunningProgram Cli(string folder, params string[] arguments) => new(typeof(CommandLine).Assembly.Location, arguments, folder);

    internal Task TellAsync(string line) => process.StandardInput.WriteLineAsync(line);

    /// <summary>Does what Ctrl-C does.</summary>
    internal void Interrupt() => _ = Kill(process.Id, InterruptSignal);

    /// <summary>Does what a shell does that ends.</summary>
    internal void Terminate() => _ = Kill(process.Id, TerminateSignal);

    internal async Task<int> ExitCodeAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
        Output.Dispose();
        Errors.Dispose();
    }

    // What a shell starts in the background ignores Ctrl-C, and hands that on to every program that it starts.
    private static void HeedInterrupts()
    {
        const string Ignored = "SigIgn:";
        if (OperatingSystem.IsLinux()
            && File.ReadLines("/proc/self/status").First(line => line.StartsWith(Ignored, StringComparison.Ordinal)) is var line
            && (ulong.Parse(line[Ignored.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << (InterruptSignal - 1))) != 0)
        {
            _ = Signal(InterruptSignal, 0);
        }
    }

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint Signal(int number, nint handler);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    // Reading from a pipe holds its thread: not one of the pool's, which the tests need.
    private static void Pass(StreamReader from, Said to) => new Thread(() =>
    {
        while (from.ReadLine() is { } line)
        {
            to.Say(line);
        }

        to.End();
    })
    { IsBackground = true }.Start();
}
