using System.Text.Json;
using Microneedling.Client.Discovery;
using Microneedling.Simulator;

namespace Microneedling.Cli.Tests;

/// <summary>A command typed in this process, on a computer without serial ports: what it says and what it ends with.</summary>
internal sealed class Typed : IDisposable
{
    private readonly CancellationTokenSource interrupts = new();
    private readonly TaskCompletionSource<SimulatedDevice> device = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringReader answers;

    private Typed(string line, string[] arguments, string input, Setting setting)
    {
        answers = new StringReader(input);
        Ending = CommandLine.RunAsync([.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. arguments], new Surroundings(answers, Output, Errors)
        {
            Interrupted = interrupts.Token,
            IsTerminal = setting.IsTerminal,
            ErrorsAreTerminal = setting.IsTerminal,
            Variable = name => name == "MICRONEEDLING_DEVICE" ? setting.Device : null,
            Ports = () => setting.Ports ?? [],
            Simulated = simulated =>
            {
                setting.Prepare?.Invoke(simulated);
                device.TrySetResult(simulated);
            },
        });
    }

    internal Said Output { get; } = new();

    internal Said Errors { get; } = new();

    internal Task<int> Ending { get; }

    /// <summary>The device that <c>sim:</c> has started.</summary>
    internal Task<SimulatedDevice> Device => device.Task;

    /// <summary>Standard output as the one object that it is to be.</summary>
    internal JsonElement Json => JsonDocument.Parse(Output.Text).RootElement;

    /// <summary>Standard output as an object a line.</summary>
    internal JsonElement[] JsonLines => [.. Output.All.Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>Begins a command.</summary>
    internal static Typed Begin(string line, Setting? setting = null, params string[] arguments) => new(line, arguments, "", setting ?? new Setting());

    /// <summary>Types a command and waits for its end.</summary>
    internal static async Task<Typed> RunAsync(int exitCode, string line, Setting? setting = null, string input = "", params string[] arguments)
    {
        Typed typed = new(line, arguments, input, setting ?? new Setting());
        var code = await typed.Ending.WaitAsync(TimeSpan.FromSeconds(40));
        Assert.True(exitCode == code, $"'{line}' has ended with {code}, not {exitCode}. Said was: {typed.Output.Text}\n{typed.Errors.Text}");
        return typed;
    }

    internal void CtrlC() => interrupts.Cancel();

    public void Dispose()
    {
        interrupts.Dispose();
        answers.Dispose();
        Output.Dispose();
        Errors.Dispose();
    }

    internal sealed record Setting
    {
        internal string? Device { get; init; }

        internal bool IsTerminal { get; init; }

        internal IReadOnlyList<SerialPortInfo>? Ports { get; init; }

        internal Action<SimulatedDevice>? Prepare { get; init; }
    }
}
