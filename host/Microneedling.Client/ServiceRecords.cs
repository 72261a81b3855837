namespace Microneedling.Client;

/// <summary>What is stored on the device about itself.</summary>
/// <param name="GoodCopies">Good copies on the device: 0, 1 or 2. With 0 the values below are worthless and nothing moves.</param>
/// <param name="SerialNumber">Serial number of the device.</param>
/// <param name="ZeroOffset">Where the tips are when the stage counts 0; positive: out of the nosecone.</param>
/// <param name="Writes">How often settings have been written.</param>
/// <param name="IsPending">Whether a change is not stored yet.</param>
public sealed record DeviceSettings(int GoodCopies, uint SerialNumber, Depth ZeroOffset, uint Writes, bool IsPending);

/// <summary>Since the device was made, the present start included.</summary>
/// <param name="Strokes">Strokes.</param>
/// <param name="RunTime">Time of stroking, in whole seconds.</param>
/// <param name="Starts">Starts of the firmware.</param>
/// <param name="Faults">Faults latched.</param>
public sealed record DeviceCounters(uint Strokes, TimeSpan RunTime, uint Starts, uint Faults);

/// <summary>The outcome of a self test.</summary>
/// <param name="Failed">Bits of <see cref="Protocol.SelfTestItems"/> that failed.</param>
/// <param name="Tested">Bits of <see cref="Protocol.SelfTestItems"/> that were tested; what the board has no wire for is not.</param>
public sealed record SelfTestOutcome(ushort Failed, ushort Tested)
{
    /// <summary>Whether something was tested and nothing failed.</summary>
    public bool HasPassed => Tested != 0 && Failed == 0;
}
