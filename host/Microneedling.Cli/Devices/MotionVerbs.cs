// home, and stop, which is in a hurry: the STOP byte goes out as soon as a port is open, before any greeting. Without an
// address it goes to every likely port, for whoever types it cannot look one up.

using System.CommandLine;
using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Cli.Devices;

internal sealed class MotionVerbs(Surroundings surroundings) : DeviceVerbs(surroundings)
{
    internal static readonly TimeSpan HomeWithin = TimeSpan.FromSeconds(20);
    internal static readonly TimeSpan ParkWithin = TimeSpan.FromSeconds(10);

    internal IEnumerable<Command> Commands =>
    [
        Connected("home", "Finds the depth stage's zero and parks", canMove: true, HomeAsync),
        Plain("stop", "Stops a device at once, and waits until it has confirmed; without an address, every device at a likely serial port", StopAsync, Device, NoCartridge),
    ];

    /// <summary>Homes and waits until the needles are parked.</summary>
    internal static async Task<DeviceStatus> HomeAsync(DeviceClient client, CancellationToken ct)
    {
        await client.HomeAsync(ct);
        await client.WaitForAsync(status => status.State == DeviceState.Homing, ParkWithin, ct);
        return await client.WaitForAsync(Opened.IsParked, HomeWithin, ct);
    }

    private static async Task<int> HomeAsync(Doing doing)
    {
        doing.Remark($"Homing device {doing.Client.Identity.SerialNumber}.");
        var parked = await HomeAsync(doing.Client, doing.Ct);
        doing.Voice.Tell(StatusWords.Json(parked, doing.Client.Link.State), [Voice.Line($"Homed and parked, stage at {parked.StagePosition}.")]);
        return ExitCode.Done;
    }

    private async Task<int> StopAsync(ParseResult parsed, Voice voice, CancellationToken ct)
    {
        await using var ways = WaysOf(parsed);
        string[] addresses = ways.Given(parsed.GetValue(Device)) is { } given ? [given] : [.. Surroundings.Ports().Where(port => port.IsLikely).Select(port => port.Address)];
        if (addresses.Length == 0)
        {
            throw new CommandException($"There is no likely serial port to send STOP to. Name the device: --device ADDRESS, or {DeviceWays.Variable}.");
        }

        var outcomes = await Task.WhenAll(addresses.Select(address => StopAsync(ways, address, ct)));
        // A port where nobody has answered is no device, unless it was named.
        var isConfirmed = outcomes.Any(outcome => outcome.IsConfirmed) && outcomes.All(outcome => outcome.IsConfirmed || outcome.Device is null);
        voice.Tell(
            new { Confirmed = isConfirmed, Devices = outcomes.Select(outcome => new { outcome.Address, outcome.Device, Sent = outcome.IsSent, Confirmed = outcome.IsConfirmed, outcome.Words }) },
            outcomes.Select(outcome => Voice.Line($"{outcome.Address}: {outcome.Words}")));
        return isConfirmed ? ExitCode.Done : outcomes.Any(outcome => outcome.IsSent) ? ExitCode.LinkLost : ExitCode.Failed;
    }

    private static async Task<Outcome> StopAsync(DeviceWays ways, string address, CancellationToken ct)
    {
        var isSent = false;
        uint? device = null;
        try
        {
            var transport = await Task.Run(() => ways.OpenAsync(address, null, static _ => { }, ct), ct);
            await transport.WriteUrgentAsync(Framing.Stop, ct);
            isSent = true;
            await using var client = (await Opened.ConnectAsync(ways, address, transport, ct)).Client;
            device = client.Identity.SerialNumber;
            await client.StopAsync(ct);
            return new Outcome(address, device, isSent, true, Voice.Line($"device {device} has confirmed STOP."));
        }
        catch (DeviceException problem)
        {
            return new Outcome(address, device, isSent, false, $"{(isSent ? "STOP was sent and is NOT CONFIRMED." : "STOP WAS NOT SENT.")} {problem.Message}");
        }
    }

    private sealed record Outcome(string Address, uint? Device, bool IsSent, bool IsConfirmed, string Words);
}
