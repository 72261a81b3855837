using System.Diagnostics;

namespace Microneedling.Simulator.Tests;

/// <summary>A program as a process: what it says, what it is told, and how it ends. Killed when it is let go.</summary>
internal sealed class RunningProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;

    internal RunningProcess(string program, IEnumerable<string> arguments, string folder)
    {
        process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Pass(process.StandardOutput, Output);
        Pass(process.StandardError, Errors);
    }

    internal int Id => process.Id;

    internal Said Output { get; } = new();

    internal Said Errors { get; } = new();

    /// <summary>The simulator.</summary>
    internal static RunningProcess Simulator(string folder, params string[] arguments) =>
        new("dotnet", [typeof(SimulatorOptions).Assembly.Location, .. arguments], folder);

    internal Task TellAsync(string line) => process.StandardInput.WriteLineAsync(line);

    internal void CloseInput() => process.StandardInput.Close();

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
    }

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
