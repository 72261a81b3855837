// The instrument that judges a device: it sees the needles themselves and has hands, and knows nothing of what the firmware
// says. Two are made: the simulated board's own truth, and a bench controller at a line (ScpiBench).

namespace Microneedling.Qa.Instruments;

/// <summary>What a bench can switch.</summary>
public enum BenchSwitch
{
    /// <summary>The emergency stop; on: pressed.</summary>
    EmergencyStop,

    /// <summary>The trigger; on: pressed.</summary>
    Trigger,

    /// <summary>The cartridge's contact; on: seated.</summary>
    Cartridge,

    /// <summary>The device's supply; on: it has power.</summary>
    Power,

    /// <summary>The serial line; on: it is plugged in.</summary>
    SerialLine,
}

/// <summary>Which bench it is.</summary>
/// <param name="Name">Maker, model, serial number and version, as the bench tells them.</param>
/// <param name="CalibratedOn">When its gauge was calibrated; null: it needs none, or does not know.</param>
/// <param name="TipUncertaintyMicrometers">How far a tip reading may be off either way, micrometres, with 95 % confidence.</param>
public sealed record BenchIdentity(string Name, DateOnly? CalibratedOn, double TipUncertaintyMicrometers);

/// <summary>What a bench sees at one moment.</summary>
/// <param name="AtMicroseconds">The bench's own time.</param>
/// <param name="TipMicrometers">Where the needle tips are; positive is out of the nosecone.</param>
/// <param name="Strokes">How often the tips have passed their deepest point since the bench was cleared.</param>
/// <param name="ForceMillinewtons">Force of the needles on the skin.</param>
/// <param name="SupplyGood">Whether the device's supply is there.</param>
public sealed record BenchReading(long AtMicroseconds, double TipMicrometers, long Strokes, double ForceMillinewtons, bool SupplyGood);

/// <summary>One whole stroke, from top dead centre to top dead centre.</summary>
/// <param name="EndedAtMicroseconds">When it ended, by the bench's time.</param>
/// <param name="DeepestTipMicrometers">How far the tips came out of the nosecone; negative: they stayed behind it.</param>
public readonly record struct BenchStroke(long EndedAtMicroseconds, double DeepestTipMicrometers);

/// <summary>The extremes since the bench was cleared.</summary>
/// <param name="DeepestTipMicrometers">Farthest that the tips came out.</param>
/// <param name="LastMotionMicroseconds">When the needle drive last turned faster than it creeps to top dead centre (5 strokes a second), by the bench's time; null: not since it was cleared.</param>
/// <param name="LastOutMicroseconds">When the tips were out of the nosecone last; null: not since it was cleared.</param>
public sealed record BenchExtremes(double DeepestTipMicrometers, long? LastMotionMicroseconds, long? LastOutMicroseconds);

/// <summary>An instrument with hands.</summary>
/// <remarks>Every call may throw <see cref="BenchException"/>: the bench did not do it, and the message says why.</remarks>
public interface IBench : IAsyncDisposable
{
    /// <summary>Which bench it is.</summary>
    BenchIdentity Identity { get; }

    /// <summary>What it sees now.</summary>
    Task<BenchReading> ReadAsync(CancellationToken ct = default);

    /// <summary>Switches something, and says when, by the bench's time.</summary>
    Task<long> SwitchAsync(BenchSwitch which, bool isOn, CancellationToken ct = default);

    /// <summary>Forgets strokes and extremes.</summary>
    Task ClearAsync(CancellationToken ct = default);

    /// <summary>The strokes since it was cleared, oldest first, at most the latest <see cref="MostStrokes"/>.</summary>
    Task<IReadOnlyList<BenchStroke>> StrokesAsync(CancellationToken ct = default);

    /// <summary>The extremes since it was cleared.</summary>
    Task<BenchExtremes> ExtremesAsync(CancellationToken ct = default);

    /// <summary>Strokes that a bench keeps.</summary>
    const int MostStrokes = 4096;
}

/// <summary>What single gauges show now.</summary>
/// <param name="RateMillihertz">The tachometer's strokes per 1 000 s over its last 0.5 s; 0 at rest.</param>
/// <param name="SupplyMillivolts">The device's supply.</param>
/// <param name="LimitSwitchOpen">Whether the limit switch's line is open.</param>
/// <param name="HomeSwitchOpen">Whether the home switch's line is open.</param>
public sealed record GaugeReading(long RateMillihertz, int SupplyMillivolts, bool LimitSwitchOpen, bool HomeSwitchOpen);

/// <summary>One reading of the gauge at the tips.</summary>
/// <param name="AtMicroseconds">The bench's own time.</param>
/// <param name="TipMicrometers">Where the needle tips were; positive is out of the nosecone.</param>
public readonly record struct TipReading(long AtMicroseconds, double TipMicrometers);

/// <summary>A bench that also shows what hands and scripts like to see and no scenario needs.</summary>
public interface IBenchGauges : IBench
{
    /// <summary>What its gauges show now.</summary>
    Task<GaugeReading> GaugesAsync(CancellationToken ct = default);

    /// <summary>The readings of the last 2 s, oldest first.</summary>
    Task<IReadOnlyList<TipReading>> TipTraceAsync(CancellationToken ct = default);
}

/// <summary>A bench did not do what it was asked.</summary>
public sealed class BenchException(string message, Exception? inner = null) : Exception(message, inner);
