// Which device a command is for, and the way to it. Decides nothing about motion; but whoever is interrupted or ends while a
// device may move, stops it here and waits until it has confirmed.

using Microneedling.Client;
using Microneedling.Client.Discovery;
using Microneedling.Client.Inspection;
using Microneedling.Protocol;
using Microneedling.Simulator;

namespace Microneedling.Cli.Devices;

/// <summary>Opens transports by address, and runs the simulated device when one is wanted.</summary>
internal sealed class DeviceWays : IAsyncDisposable
{
    internal const string Variable = "MICRONEEDLING_DEVICE";
    internal const string Simulated = "sim:";

    private const string HowToName = "Name it: --device serial:/dev/ttyUSB0 (or serial:COM5), tcp://host:port, device:12345 by its serial number, or sim: for a simulated one. "
        + Variable + " saves typing it.";

    private readonly TransportRegistry transports = TransportRegistry.CreateStandard();
    private readonly Surroundings surroundings;
    private readonly Lazy<SimulatedDevice> simulated;

    internal DeviceWays(Surroundings surroundings, bool withoutCartridge)
    {
        this.surroundings = surroundings;
        simulated = new Lazy<SimulatedDevice>(() => Start(withoutCartridge));
        transports.Add("sim", (_, _) => Task.Run(() => simulated.Value.Connect()));
        Finder = new DeviceFinder(transports, surroundings.Ports);
    }

    internal DeviceFinder Finder { get; }

    /// <summary>The simulated device, when it runs.</summary>
    internal SimulatedDevice? Running => simulated.IsValueCreated ? simulated.Value : null;

    public async ValueTask DisposeAsync()
    {
        if (Running is { } device)
        {
            await device.DisposeAsync();
        }
    }

    /// <summary>The address that was given, or null.</summary>
    internal string? Given(string? option) => option ?? (surroundings.Variable(Variable) is { Length: > 0 } address ? address : null);

    /// <summary>The address that was given, or that of the only device there is.</summary>
    internal async Task<string> AddressAsync(string? option, CancellationToken ct)
    {
        if (Given(option) is { } given)
        {
            return given;
        }

        var found = await Finder.FindAsync(cancellationToken: ct);
        return found.Devices switch
        {
            [var only] => only.Address,
            [] => throw new CommandException(string.Join(Environment.NewLine, ["No device was found.", .. SeenAt(found), HowToName])),
            _ => throw new CommandException(string.Join(
                Environment.NewLine,
                ["Several devices were found; say which one is meant.", .. found.Devices.Select(device => $"  --device {device.Address}  is device {device.Identity.SerialNumber}"), HowToName])),
        };
    }

    /// <summary>Opens the way; nothing is said on it yet.</summary>
    internal async Task<ITransport> OpenAsync(string address, string? tracePath, Action<string> say, CancellationToken ct)
    {
        var transport = await transports.OpenAsync(address, ct);
        try
        {
            return tracePath is null ? transport : TracingTransport.ToFile(transport, tracePath, say);
        }
        catch
        {
            await transport.DisposeAsync();
            throw;
        }
    }

    private static IEnumerable<string> SeenAt(SearchResult found) => found.Findings.Count + found.NotAsked.Count == 0
        ? ["No serial port was found on this machine."]
        : [.. found.Others.Select(port => $"  {port.Address}: {port.Message}"), .. found.NotAsked.Select(port => $"  {port.Address}: not asked, nothing says that a device is there")];

    private SimulatedDevice Start(bool withoutCartridge)
    {
        var device = SimulatedDevice.StartInRealTime();
        if (!withoutCartridge)
        {
            device.Bench.SeatCartridge();
        }

        surroundings.Simulated?.Invoke(device);
        return device;
    }
}

/// <summary>A device that a command is connected to.</summary>
internal sealed record Opened(DeviceClient Client, string Address, SimulatedDevice? Simulated)
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(10);

    /// <summary>Connects, and makes sure that it is the device that was meant.</summary>
    internal static async Task<Opened> ConnectAsync(DeviceWays ways, string address, ITransport transport, CancellationToken ct)
    {
        var client = await DeviceClient.ConnectAsync(transport, cancellationToken: ct);
        if (DeviceAddress.ExpectedAt(address) is { } expected && DeviceIdentityCheck.Refuse(expected, client.Identity, transport.Name) is { } wrong)
        {
            await client.DisposeAsync();
            throw wrong;
        }

        return new Opened(client, address, ways.Running);
    }

    /// <summary>Waits for a device that was switched on a moment ago.</summary>
    internal async Task AwaitStartAsync(CancellationToken ct)
    {
        try
        {
            await Client.WaitForAsync(status => status.State is not (DeviceState.Booting or DeviceState.SelfTest), StartWithin, ct);
        }
        catch (FaultedException)
        {
            // It is told of by what the command does next.
        }
    }

    /// <summary>Whether nothing moves and nothing is about to.</summary>
    internal static bool IsAtRest(DeviceStatus? status) => status?.State switch
    {
        DeviceState.Homing or DeviceState.Armed or DeviceState.Running => false,
        DeviceState.Service => !status.Is(StatusFlags.StageMoving | StatusFlags.NeedlesMoving),
        null => false,
        _ => true,
    };

    internal static bool IsParked(DeviceStatus status) => status.State == DeviceState.Parked && !status.Is(StatusFlags.Parking);
}
