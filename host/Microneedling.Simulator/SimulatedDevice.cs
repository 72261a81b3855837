// A whole device without hardware: the firmware itself on a virtual board, its serial line as a transport.

using Microneedling.Client;
using Microneedling.SimulatedBoard;

namespace Microneedling.Simulator;

/// <summary>A simulated device with power on, calibrated in production; its serial number is its seed. Dispose takes the power away.</summary>
public sealed class SimulatedDevice : IAsyncDisposable
{
    private SimulatedDevice(BoardOptions options)
    {
        Board = new VirtualBoard(options);
        Production.Calibrate(Board, (uint)Math.Max(1, options.Seed), options.Chip);
    }

    /// <summary>The board that the firmware runs on.</summary>
    public VirtualBoard Board { get; }

    /// <summary>The device's physical side: trigger, cartridge, emergency stop, and the truth about the needles.</summary>
    public Bench Bench => Board.Bench;

    /// <summary>Starts a device that runs by itself, at the wall clock's pace.</summary>
    public static SimulatedDevice StartInRealTime(int seed = 1) => Start(new BoardOptions { Seed = seed, RealTime = true });

    /// <summary>Starts a device, in real or virtual time as the options say; in virtual time somebody drives its board.</summary>
    public static SimulatedDevice Start(BoardOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        SimulatedDevice device = new(options);
        device.PowerOn();
        return device;
    }

    /// <summary>Gives power: the firmware starts anew.</summary>
    /// <exception cref="InvalidOperationException">The device has power already.</exception>
    public void PowerOn() => Board.PowerOn(Firmware.Program.Main);

    /// <summary>Takes the power away, as pulling the plug does.</summary>
    public void PowerOff() => Board.PowerOff();

    /// <summary>Attaches a host to the device's serial line, until the transport is disposed of.</summary>
    /// <exception cref="LinkException">Another host is attached.</exception>
    public ITransport Connect() => new SimulatedTransport(Board.Serial);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Board.Dispose();
        return ValueTask.CompletedTask;
    }
}
