// Whether a device answers, can be talked to, and is well. Greets, asks, and commands nothing.

using Microneedling.Cli.Devices;
using Microneedling.Client;
using Microneedling.Client.Discovery;
using Microneedling.Protocol;

namespace Microneedling.Cli.Doctor;

internal sealed class DeviceChecks(DeviceWays ways)
{
    private const string About = "device";

    internal async Task<IReadOnlyList<Finding>> LookAsync(string? address, CancellationToken ct)
    {
        List<Finding> findings = [];
        if (address is null)
        {
            var found = await ways.Finder.FindAsync(cancellationToken: ct);
            findings.AddRange(found.Others.Select(port => Finding.Warn(About, $"{port.Address}: {port.Message}")));
            findings.AddRange(found.SharedSerialNumbers.Select(shared => Finding.Fail(About, shared.Message)));
            if (found.Devices.Count == 0)
            {
                return [.. findings, Finding.Fail(About, $"No device answers. Plug one in and switch it on, or name it: --device ADDRESS, or {DeviceWays.Variable}.")];
            }

            foreach (var device in found.Devices)
            {
                findings.AddRange(await LookAtAsync(device.Address, ct));
            }

            return findings;
        }

        return await LookAtAsync(address, ct);
    }

    private async Task<IReadOnlyList<Finding>> LookAtAsync(string address, CancellationToken ct)
    {
        try
        {
            var transport = await ways.OpenAsync(address, null, static _ => { }, ct);
            var opened = await Opened.ConnectAsync(ways, address, transport, ct);
            await using var client = opened.Client;
            await opened.AwaitStartAsync(ct);
            return [.. await LookAsync(opened, ct)];
        }
        catch (Exception problem) when (problem is DeviceException or TimeoutException)
        {
            return [Finding.Fail(About, $"{address}: {problem.Message}")];
        }
    }

    private static async Task<IEnumerable<Finding>> LookAsync(Opened opened, CancellationToken ct)
    {
        var (client, who) = (opened.Client, opened.Client.Identity);
        var status = await client.GetStatusAsync(ct);
        List<Finding> findings = [Finding.Ok(About, Voice.Line($"{who.SerialNumber} answers at {opened.Address}, {DeviceWords.Of(status.State)}"))];
        findings.Add(who.ProtocolVersion.Minor == ProtocolVersion.Minor
            ? Finding.Ok("protocol", Voice.Line($"firmware {who.FirmwareVersion} speaks {who.ProtocolVersion}, as this program does"))
            : Finding.Warn("protocol", Voice.Line($"firmware {who.FirmwareVersion} speaks {who.ProtocolVersion}, this program {Host.Protocol}: they understand each other, but update the older one.")));
        findings.Add(status.Fault == FaultCode.None
            ? Finding.Ok("fault", "none")
            : Finding.Fail("fault", Voice.Line($"{(int)status.Fault} {status.Fault}: {DeviceWords.Of(status.Fault)} 'faults explain {(int)status.Fault}' says more.")));
        findings.Add(status.Has(Inputs.EmergencyStop) ? Finding.Warn("inputs", "The emergency stop is pressed. Release it before use.")
            : !status.Has(Inputs.SupplyGood) ? Finding.Fail("inputs", "The supply is low. Check the power adapter.")
            : Finding.Ok("inputs", StatusWords.InputsOf(status)));
        if (who.Capabilities.HasFlag(DeviceCapabilities.Service))
        {
            var settings = await client.ReadSettingsAsync(ct);
            findings.Add(settings.GoodCopies switch
            {
                0 => Finding.Fail("settings", DeviceWords.Of(FaultCode.SettingsLost)),
                1 => Finding.Warn("settings", "One of two copies is bad; the device mends it when it starts. Switch it off and on, and back the settings up."),
                _ => Finding.Ok("settings", Voice.Line($"both copies are good, zero offset {settings.ZeroOffset.Millimeters:0.000} mm")),
            });
            var test = await client.ReadSelfTestAsync(ct);
            findings.Add(test.HasPassed ? Finding.Ok("self test", DeviceWords.Of(test)) : Finding.Fail("self test", DeviceWords.Of(test)));
        }

        return findings;
    }
}
