using Microneedling.Client;
using Microneedling.Simulator;

namespace Microneedling.Tablet;

/// <summary>What the program takes from outside: the clock, and the simulated device with the way to it. Measurements give their own.</summary>
/// <param name="Time">The clock of everything in the program but the web server.</param>
/// <param name="StartSimulated">Switches a simulated device on.</param>
/// <param name="Connect">Attaches a host to it.</param>
public sealed record Surroundings(TimeProvider Time, Func<SimulatedDevice> StartSimulated, Func<SimulatedDevice, ITransport> Connect)
{
    /// <summary>The system's clock, and a device at its pace.</summary>
    public static Surroundings Real { get; } = new(TimeProvider.System, () => SimulatedDevice.StartInRealTime(), simulated => simulated.Connect());
}
