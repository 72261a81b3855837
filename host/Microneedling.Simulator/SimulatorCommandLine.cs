// The options in words, and what is checked before anything starts. Whatever cannot be followed ends the program with
// exit code 2 and says what can be given instead.

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Microneedling.SimulatedBoard;

namespace Microneedling.Simulator;

/// <summary>Reads the command line.</summary>
internal static class SimulatorCommandLine
{
    /// <summary>The port when neither --tcp nor --pty is given.</summary>
    internal const int UsualPort = 7_777;

    /// <summary>What a program ends with that was told something impossible.</summary>
    internal const int BadUsage = 2;

    private const int HighestPort = 65_535;

    private static readonly TimeSpan LongestEnding = TimeSpan.FromSeconds(20);

    private static readonly Option<int?> Tcp = new("--tcp")
    {
        HelpName = "PORT",
        Description = "TCP port of the first device; the next ones count up. 0 takes any free ones. Without --tcp and --pty: 7777.",
        CustomParser = result => Number(result, 0, HighestPort),
    };

    private static readonly Option<int?> Bench = new("--bench")
    {
        HelpName = "PORT",
        Description = "TCP port of the first device's bench controller (hardware-docs/jig.md), which plays the jig; the next ones count up. 0 takes any free ones.",
        CustomParser = result => Number(result, 0, HighestPort),
    };

    private static readonly Option<IPAddress?> Bind = new("--bind")
    {
        HelpName = "ADDRESS",
        Description = "Address that --tcp and --bench listen on [default: 127.0.0.1]. Beyond loopback, whoever reaches it may move the devices.",
        CustomParser = result =>
        {
            if (!IPAddress.TryParse(Text(result), out IPAddress? address))
            {
                result.AddError($"--bind needs an IP address such as 127.0.0.1 or 0.0.0.0, not {Text(result)}.");
            }

            return address;
        },
    };

    private static readonly Option<string?> Pty = new("--pty")
    {
        HelpName = "PATH",
        Description = "A serial port at this path (Linux, macOS). The number at its end counts up for the next devices; without one, 1, 2, … are appended.",
    };

    private static readonly Option<int?> Count = new("--count")
    {
        HelpName = "N",
        Description = string.Create(CultureInfo.InvariantCulture, $"How many devices, 1 to {SimulatorOptions.MostDevices} [default: 1]"),
        CustomParser = result => Number(result, 1, SimulatorOptions.MostDevices),
    };

    private static readonly Option<int?> Seed = new("--seed")
    {
        HelpName = "N",
        Description = "Serial number of the first device, and what its chances are made of; the next ones count up [default: 1]",
        CustomParser = result => Number(result, 1, int.MaxValue - SimulatorOptions.MostDevices),
    };

    private static readonly Option<ImperfectionLevel> Imperfections = Choice(
        "--imperfections",
        "How far the mechanism is from a drawing",
        ("ideal", ImperfectionLevel.Ideal),
        ("static", ImperfectionLevel.Static),
        ("dynamic", ImperfectionLevel.Dynamic));

    private static readonly Option<PlatformBehaviour> Platform = Choice(
        "--platform", "How late and how lossy the device's runtime is", ("nominal", PlatformBehaviour.Nominal), ("worst", PlatformBehaviour.Worst));

    private static readonly Option<BoardChip> Chip = Choice(
        "--chip", "The board's microcontroller", ("esp32s3", BoardChip.Esp32S3), ("esp32", BoardChip.Esp32Rev3));

    private static readonly Option<string?> Waveforms = new("--waveforms")
    {
        HelpName = "PATH",
        Description = "Writes every wire and the true positions to .vcd and .csv files, numbered as --pty. They grow as long as it runs.",
    };

    private static readonly Option<bool> ExitAtEof = new("--exit-at-eof")
    {
        Description = "Ends when the standard input ends: for programs that start this one",
    };

    /// <summary>Reads the command line and runs what it asks for.</summary>
    /// <param name="arguments">As the program got them.</param>
    /// <param name="run">Gets the options, and a token that Ctrl-C and SIGTERM cancel; returns the exit code.</param>
    /// <param name="output">Gets the help.</param>
    /// <param name="error">Gets what is wrong.</param>
    /// <param name="hasBench">Whether there are bench controllers.</param>
    /// <returns>The exit code.</returns>
    internal static async Task<int> RunAsync(
        string[] arguments, Func<SimulatorOptions, CancellationToken, Task<int>> run, TextWriter output, TextWriter error, bool hasBench = false)
    {
        RootCommand root = new(
            """
            Runs simulated microneedling devices in real time, for any client: over TCP, and as serial ports.
            They run the firmware itself. Type help while it runs: trigger, emergency stop, cartridge, faults.
            """)
        {
            Tcp, Bench, Bind, Pty, Count, Seed, Imperfections, Platform, Chip, Waveforms, ExitAtEof,
        };
        Bench.Hidden = !hasBench;
        root.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(Tcp) is null && parsed.GetValue(Pty) is null)
            {
                output.WriteLine($"Neither --tcp nor --pty is given: as with --tcp {UsualPort}.");
            }

            return run(OptionsOf(parsed), cancellationToken);
        });
        ParseResult result = root.Parse(arguments);
        string[] problems = result.Errors.Count > 0 ? [.. result.Errors.Select(static one => one.Message)] : [.. ProblemsOf(result, hasBench)];
        if (problems.Length > 0)
        {
            foreach (string problem in problems)
            {
                await error.WriteLineAsync(problem);
            }

            await error.WriteLineAsync("--help lists the options.");
            return BadUsage;
        }

        return await result.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = LongestEnding,
        });
    }

    private static SimulatorOptions OptionsOf(ParseResult parsed) => new()
    {
        TcpPort = parsed.GetValue(Tcp) ?? (parsed.GetValue(Pty) is null ? UsualPort : null),
        BenchPort = parsed.GetValue(Bench),
        Bind = parsed.GetValue(Bind) ?? IPAddress.Loopback,
        PtyPath = parsed.GetValue(Pty),
        Count = parsed.GetValue(Count) ?? 1,
        Seed = parsed.GetValue(Seed) ?? 1,
        Imperfections = parsed.GetValue(Imperfections),
        Platform = parsed.GetValue(Platform) ?? PlatformBehaviour.Nominal,
        Chip = parsed.GetValue(Chip),
        TracePath = parsed.GetValue(Waveforms),
        ExitAtEof = parsed.GetValue(ExitAtEof),
    };

    // What is right by itself and impossible together.
    private static IEnumerable<string> ProblemsOf(ParseResult parsed, bool hasBench)
    {
        string? pty = parsed.GetValue(Pty);
        int? port = parsed.GetValue(Tcp) ?? (pty is null ? UsualPort : null);
        int? bench = parsed.GetValue(Bench);
        int count = parsed.GetValue(Count) ?? 1;
        foreach ((string name, int? begin) in new[] { (Tcp.Name, port), (Bench.Name, bench) })
        {
            if (begin is > 0 and { } first && first + count - 1 > HighestPort)
            {
                yield return $"{name} {first} with --count {count} would need ports above {HighestPort}. Choose a first port up to {HighestPort - count + 1}.";
            }
        }

        if (bench is > 0 and { } ofBench && port is > 0 and { } ofDevice && Math.Abs(ofBench - ofDevice) < count)
        {
            yield return $"--bench {ofBench} and --tcp {ofDevice} with --count {count} would need the same port. Choose --bench {(ofDevice + (2 * count) - 1 <= HighestPort ? ofDevice + count : 0)}.";
        }

        if (bench is not null && !hasBench)
        {
            yield return "--bench needs the command line, which has the bench controllers: dotnet run --project host/Microneedling.Cli -- simulate --bench PORT …";
        }

        if (parsed.GetValue(Bind) is not null && port is null && bench is null)
        {
            yield return "--bind says where --tcp listens, and there is no --tcp. Add it, or leave --bind out.";
        }

        if (pty is not null && OperatingSystem.IsWindows())
        {
            yield return "--pty needs Linux or macOS: Windows has no pseudo-terminals that are serial ports. Use --tcp.";
        }

        if (parsed.GetValue(Waveforms) is { } trace && Path.GetExtension(trace) is not ("" or ".vcd" or ".csv"))
        {
            yield return $"--waveforms needs a name that ends in .vcd or .csv, or has no extension for both; {trace} does not.";
        }
    }

    private static int? Number(ArgumentResult result, int least, int most)
    {
        if (int.TryParse(Text(result), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
        {
            return number;
        }

        result.AddError($"{NameOf(result)} needs a number from {least} to {most}, not {Text(result)}.");
        return null;
    }

    private static Option<T> Choice<T>(string name, string description, params (string Word, T Value)[] choices)
    {
        string words = string.Join('|', choices.Select(static choice => choice.Word));
        return new Option<T>(name)
        {
            HelpName = words,
            Description = $"{description} [default: {choices[0].Word}]",
            CustomParser = result =>
            {
                int index = Array.FindIndex(choices, choice => choice.Word.Equals(Text(result), StringComparison.OrdinalIgnoreCase));
                if (index < 0)
                {
                    result.AddError($"{name} needs one of {words}, not {Text(result)}.");
                }

                return choices[Math.Max(0, index)].Value;
            },
        };
    }

    private static string Text(ArgumentResult result) => result.Tokens[0].Value;

    private static string NameOf(ArgumentResult result) => ((OptionResult)result.Parent!).Option.Name;
}
