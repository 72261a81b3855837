using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Microneedling.Hil.Tests;

/// <summary>Simulated devices with their bench controllers as a process, and the console that tells the truth about them. Killed when it is let go.</summary>
internal sealed class SimulatorProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollSpacing = TimeSpan.FromMilliseconds(50);

    private readonly Process process;
    private readonly ConcurrentDictionary<string, string> addresses = new(StringComparer.Ordinal);
    private readonly Queue<TaskCompletionSource<string>> asked = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> said = new();

    private SimulatorProcess(IEnumerable<string> arguments)
    {
        process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "microneedling.dll"), "simulate", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public static async Task<SimulatorProcess> StartAsync(int devices)
    {
        SimulatorProcess simulator = new(["--tcp", "0", "--bench", "0", "--imperfections", "dynamic", "--exit-at-eof", "--count", devices.ToString(CultureInfo.InvariantCulture)]);
        try
        {
            await simulator.ready.Task.WaitAsync(Patience);
            return simulator;
        }
        catch (TimeoutException)
        {
            simulator.Dispose();
            throw new TimeoutException($"The simulator did not become ready. It said: {string.Join(" | ", simulator.said)}");
        }
    }

    /// <summary>Address of a device, counted from 1.</summary>
    public string PortOf(int device) => addresses[$"device {device}"];

    /// <summary>Address of its bench controller.</summary>
    public string BenchOf(int device) => addresses[$"bench {device}"];

    /// <summary>Asks the console until the truth about a device is as it should be: retracting and parking take their time.</summary>
    public async Task TruthAsync(int device, Func<Dictionary<string, string>, bool> isSo)
    {
        string truth = "";
        for (var waited = TimeSpan.Zero; waited < Patience; waited += PollSpacing)
        {
            truth = await AskAsync($"{device}: status").WaitAsync(Patience);
            if (isSo(truth.Split(' ').Select(field => field.Split('=', 2)).ToDictionary(field => field[0], field => field[^1])))
            {
                return;
            }

            await Task.Delay(PollSpacing);
        }

        Assert.Fail($"It did not come to be so: {truth}");
    }

    /// <summary>Stopped by hands of the bench, needles in, without power.</summary>
    public static bool IsSafe(Dictionary<string, string> truth) =>
        truth["firmware"] == "off" && truth["trigger"] == "released" && double.Parse(truth["tip_um"], CultureInfo.InvariantCulture) < 0 && double.Parse(truth["strokes_per_s"], CultureInfo.InvariantCulture) == 0;

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }

    // The console answers in the order in which it is asked.
    private Task<string> AskAsync(string command)
    {
        TaskCompletionSource<string> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (asked)
        {
            asked.Enqueue(answer);
            process.StandardInput.WriteLine(command);
        }

        return answer.Task;
    }

    private void Hear(string? line)
    {
        said.Enqueue(line ?? "");
        switch (line?.Split(["  ", ": "], 2, StringSplitOptions.None))
        {
            case ["ready"]:
                ready.TrySetResult();
                break;
            case [_, var truth] when truth.StartsWith("firmware=", StringComparison.Ordinal):
                lock (asked)
                {
                    asked.Dequeue().TrySetResult(truth);
                }

                break;
            case [var who, var address] when address.StartsWith("tcp://", StringComparison.Ordinal):
                addresses[who] = address;
                break;
        }
    }
}
