// All devices of the process with their plugs. Everything that can be taken by somebody else (ports, paths) is taken before
// the first device starts.

using System.Net;
using Microneedling.Simulator.Operating;
using Microneedling.Simulator.Plugs;

namespace Microneedling.Simulator;

/// <summary>Devices that run in real time, each with a cartridge seated, and the ways to them.</summary>
internal sealed class DeviceRack : IAsyncDisposable
{
    private readonly List<TcpPlug> tcp = [];
    private readonly List<PtyPlug> ptys = [];
    private readonly List<BenchPlug> benches = [];
    private readonly List<IBenchController> controllers = [];
    private readonly List<Task> serving = [];
    private readonly CancellationTokenSource ending = new();
    private readonly Action<string> say;

    private DeviceRack(Action<string> say) => this.say = say;

    /// <summary>What the operator's hands reach, in the order of their numbers.</summary>
    internal IReadOnlyList<OperatedDevice> Devices { get; private set; } = [];

    /// <summary>Where TCP is listened on, in the devices' order; empty without TCP.</summary>
    internal IReadOnlyList<IPEndPoint> EndPoints => [.. tcp.Select(static plug => plug.EndPoint)];

    /// <summary>Starts the devices and lets hosts in.</summary>
    /// <param name="options">What is wanted.</param>
    /// <param name="say">Gets one line whenever a host comes, goes or is refused; from any thread.</param>
    /// <param name="controllerOf">Makes a device's bench controller; null: there are none.</param>
    /// <exception cref="SimulatorException">A port or path cannot be had; nothing runs then.</exception>
    internal static async Task<DeviceRack> StartAsync(SimulatorOptions options, Action<string> say, Func<SimulatedDevice, IBenchController>? controllerOf = null)
    {
        DeviceRack rack = new(say);
        try
        {
            rack.TakePlaces(options);
            rack.Devices = await Task.Run(() => StartDevices(options));
            rack.Serve(controllerOf);
            return rack;
        }
        catch
        {
            await rack.DisposeAsync();
            throw;
        }
    }

    /// <summary>How clients reach a device: its addresses.</summary>
    internal IEnumerable<string> AddressesOf(OperatedDevice device)
    {
        int index = device.Number - 1;
        return tcp.Skip(index).Take(1).Select(static plug => plug.Address).Concat(ptys.Skip(index).Take(1).Select(static plug => plug.Address));
    }

    /// <summary>How a device's bench controller is reached; null: it has none.</summary>
    internal string? BenchAddressOf(OperatedDevice device) => benches.ElementAtOrDefault(device.Number - 1)?.Address;

    /// <summary>Hangs up, takes the links away and the power from the devices.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(serving);
        tcp.ForEach(static plug => plug.Dispose());
        ptys.ForEach(static plug => plug.Dispose());
        benches.ForEach(static plug => plug.Dispose());
        foreach (IBenchController controller in controllers)
        {
            await controller.DisposeAsync();
        }

        foreach (OperatedDevice device in Devices)
        {
            await device.Simulated.DisposeAsync();
        }

        ending.Dispose();
    }

    private static OperatedDevice[] StartDevices(SimulatorOptions options)
    {
        OperatedDevice[] devices = new OperatedDevice[options.Count];
        try
        {
            Parallel.For(0, options.Count, index =>
            {
                SimulatedDevice simulated = SimulatedDevice.Start(options.BoardOf(index));
                simulated.Bench.SeatCartridge();
                devices[index] = new OperatedDevice(index + 1, simulated, new DeviceCable(simulated.Board.Serial));
            });
            return devices;
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(static one => one is IOException or UnauthorizedAccessException))
        {
            foreach (OperatedDevice? started in devices)
            {
                started?.Simulated.Board.Dispose();
            }

            throw new SimulatorException($"--waveforms: {exception.InnerExceptions[0].Message}");
        }
    }

    private void TakePlaces(SimulatorOptions options)
    {
        for (int index = 0; index < options.Count; index++)
        {
            if (options.TcpPort is { } port)
            {
                tcp.Add(TcpPlug.Listen(options.Bind, port == 0 ? 0 : port + index));
            }

            if (options.BenchPort is { } bench)
            {
                benches.Add(BenchPlug.Listen(options.Bind, bench == 0 ? 0 : bench + index));
            }

            if (options.PtyPath is { } path)
            {
                ptys.Add(PtyPlug.Open(NumberedPath.Of(path, index, options.Count)));
            }
        }
    }

    private void Serve(Func<SimulatedDevice, IBenchController>? controllerOf)
    {
        foreach (OperatedDevice device in Devices)
        {
            Action<string> sayOf = line => say($"device {device.Number}: {line}");
            int index = device.Number - 1;
            if (index < tcp.Count)
            {
                serving.Add(tcp[index].ServeAsync(device.Cable, sayOf, ending.Token));
            }

            if (index < ptys.Count)
            {
                ptys[index].Serve(device.Cable, sayOf);
            }

            if (index < benches.Count && controllerOf is not null)
            {
                controllers.Add(controllerOf(device.Simulated));
                serving.Add(benches[index].ServeAsync(controllers[index], sayOf, ending.Token));
            }
        }
    }
}
