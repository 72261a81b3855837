// What all verbs of devices have in common: --device, the connection, exit codes, and the way out. However a verb ends, a device
// that could still move is stopped, and it is waited for that it confirms.

using System.CommandLine;
using Microneedling.Client;

namespace Microneedling.Cli.Devices;

/// <summary>A verb under way.</summary>
internal sealed record Doing(ParseResult Parsed, Voice Voice, Opened Device, CancellationToken Ct)
{
    internal DeviceClient Client => Device.Client;

    internal void Remark(FormattableString words) => Voice.Remark(Voice.Line(words));
}

/// <summary>Makes verbs of devices.</summary>
internal abstract class DeviceVerbs(Surroundings surroundings)
{
    internal static readonly Option<string?> Device = new("--device")
    {
        HelpName = "ADDRESS",
        Description = $"The device: serial:/dev/ttyUSB0, tcp://host:port, device:12345, or sim: for a simulated one [default: {DeviceWays.Variable}, or the only one found]",
    };

    protected static readonly Option<bool> Yes = new("--yes") { Description = "Does not ask" };
    protected static readonly Option<string?> Trace = new("--trace") { HelpName = "FILE", Description = "Writes every frame in words to this file" };
    protected static readonly Option<bool> NoCartridge = new("--no-cartridge") { Description = "sim: only: begins without a cartridge seated" };

    protected Surroundings Surroundings => surroundings;

    /// <summary>A verb that is connected to a device.</summary>
    /// <param name="name">As it is typed.</param>
    /// <param name="about">For the help.</param>
    /// <param name="canMove">Whether it can leave a device armed or moving: interrupted, it stops the device in any case.</param>
    /// <param name="act">Returns the exit code.</param>
    /// <param name="symbols">Its own options and arguments.</param>
    protected Command Connected(string name, string about, bool canMove, Func<Doing, Task<int>> act, params Symbol[] symbols) => Plain(
        name,
        about,
        async (parsed, voice, ct) =>
        {
            await using var ways = WaysOf(parsed);
            await using var opened = await OpenAsync(ways, parsed, voice, ct);
            return await ActAsync(new Doing(parsed, voice, opened.Device, ct), canMove, act);
        },
        [.. symbols, Device, Trace, NoCartridge]);

    /// <summary>A verb with the exit codes and words of all of them.</summary>
    protected Command Plain(string name, string about, Func<ParseResult, Voice, CancellationToken, Task<int>> act, params Symbol[] symbols)
    {
        Command command = new(name, about);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.SetAction(async (parsed, ct) =>
        {
            Voice voice = new(surroundings, parsed.GetValue(CommandLine.Json));
            try
            {
                return await act(parsed, voice, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }
            catch (Exception problem) when (CodeOf(problem) is { } code)
            {
                voice.Remark(problem.Message);
                if (voice.IsJson)
                {
                    voice.TellNext(
                        new { Kind = "failure", ExitCode = code, Error = problem.Message, (problem as RejectedException)?.Reason, (problem as FaultedException)?.Fault }, null);
                }

                return code;
            }
        });
        return command;
    }

    protected DeviceWays WaysOf(ParseResult parsed)
    {
        var withoutCartridge = parsed.GetValue(NoCartridge);
        DeviceWays ways = new(surroundings, withoutCartridge);
        return withoutCartridge && ways.Given(parsed.GetValue(Device)) is not DeviceWays.Simulated
            ? throw new CommandException("--no-cartridge is for --device sim: only. Take the cartridge off the real device.")
            : ways;
    }

    /// <summary>Stops, and says whether it is confirmed.</summary>
    protected static async Task<bool> StopAsync(DeviceClient client, Voice voice)
    {
        try
        {
            await client.StopAsync(CancellationToken.None);
            voice.Remark("STOP: the device has confirmed it.");
            return true;
        }
        catch (DeviceException problem)
        {
            voice.Remark($"STOP IS NOT CONFIRMED. {problem.Message}");
            return false;
        }
    }

    private static int? CodeOf(Exception problem) => problem switch
    {
        LostException => ExitCode.LinkLost,
        RejectedException => ExitCode.Refused,
        FaultedException => ExitCode.NotInOrder,
        DeviceException or CommandException or TimeoutException or IOException or UnauthorizedAccessException => ExitCode.Failed,
        _ => null,
    };

    private static async Task<Connection> OpenAsync(DeviceWays ways, ParseResult parsed, Voice voice, CancellationToken ct)
    {
        var address = await ways.AddressAsync(parsed.GetValue(Device), ct);
        var transport = await ways.OpenAsync(address, parsed.GetValue(Trace), voice.Remark, ct);
        Connection connection = new(await Opened.ConnectAsync(ways, address, transport, ct));
        try
        {
            await connection.Device.AwaitStartAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<int> ActAsync(Doing doing, bool canMove, Func<Doing, Task<int>> act)
    {
        try
        {
            var code = await act(doing);
            return Opened.IsAtRest(doing.Client.LatestStatus) || !canMove || await StopAsync(doing.Client, doing.Voice) ? code : ExitCode.LinkLost;
        }
        catch (LinkException lost)
        {
            throw new LostException(lost);
        }
        catch (Exception) when (doing.Ct.IsCancellationRequested)
        {
            // A stop overtakes whatever was under way, so that its failure is no news.
            if (!canMove && Opened.IsAtRest(doing.Client.LatestStatus))
            {
                return ExitCode.Interrupted;
            }

            var stopping = StopAsync(doing.Client, doing.Voice);
            doing.Voice.Remark("Stopping the device.");
            return await stopping ? ExitCode.Interrupted : ExitCode.LinkLost;
        }
        catch (Exception) when (canMove && !Opened.IsAtRest(doing.Client.LatestStatus))
        {
            await StopAsync(doing.Client, doing.Voice);
            throw;
        }
    }

    private sealed record Connection(Opened Device) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Device.Client.DisposeAsync();
    }
}

/// <summary>The link to a device that had answered was lost.</summary>
internal sealed class LostException(LinkException lost) : Exception(lost.Message, lost);
