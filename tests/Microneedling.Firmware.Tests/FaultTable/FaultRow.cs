// One row of the table of injected faults: where the device is, what is done to it, what it must do. The rows are in
// FaultRows.cs, the test that makes them true in FaultTableTests.cs.

using Microneedling.Firmware.Tests.Campaigns;
using Microneedling.Protocol;

namespace Microneedling.Firmware.Tests.FaultTable;

/// <summary>When a fault is injected.</summary>
public enum Moment
{
    /// <summary>While the power is off, before the firmware starts.</summary>
    Boot,

    /// <summary>100 ms after homing has begun.</summary>
    Homing,

    /// <summary>Parked, nothing armed.</summary>
    Parked,

    /// <summary>Armed, the stage at depth: 800 µm.</summary>
    Armed,

    /// <summary>Two seconds of strokes: 800 µm, 60 strokes a second, trigger held.</summary>
    Running,
}

/// <summary>Where everything is when the reaction is over.</summary>
public enum Ending
{
    /// <summary>As before: the device goes on, or never noticed.</summary>
    GoesOn,

    /// <summary>Stage at the park position, both drivers off.</summary>
    Parked,

    /// <summary>Both drivers off, the stage wherever it came to.</summary>
    Released,
}

/// <summary>One fault to inject and what must follow.</summary>
/// <param name="Name">What happens, in words.</param>
/// <param name="In">When.</param>
/// <param name="Done">What is done; the times count from the moment.</param>
/// <param name="State">The state that the device must be in.</param>
/// <param name="Fault">The fault that it must have latched.</param>
/// <param name="WithinMilliseconds">State and fault must have come by then; if the device goes on, it must still do so then.</param>
/// <param name="Ends">How it ends.</param>
/// <param name="TipsInMilliseconds">From then on the tips must stay behind the nosecone; 0: not asked.</param>
public sealed record FaultRow(
    string Name,
    Moment In,
    Deed[] Done,
    DeviceState State,
    FaultCode Fault,
    int WithinMilliseconds,
    Ending Ends,
    int TipsInMilliseconds = 0)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}, {In}";
}
