namespace Microneedling.Simulator;

/// <summary>The simulator cannot start; the message says why and what to do.</summary>
internal sealed class SimulatorException(string message) : Exception(message);
