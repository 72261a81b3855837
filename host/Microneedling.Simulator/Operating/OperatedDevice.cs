using Microneedling.SimulatedBoard;
using Microneedling.Simulator.Plugs;

namespace Microneedling.Simulator.Operating;

/// <summary>What the operator's hands reach of one device.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Simulated">The device.</param>
/// <param name="Cable">Its serial cable.</param>
internal sealed record OperatedDevice(int Number, SimulatedDevice Simulated, DeviceCable Cable)
{
    internal Bench Bench => Simulated.Bench;
}
