// The simulated board's own truth as an instrument: it looks a thousand times a second of the board's time, as a gauge would, and
// keeps peaks. It reads nothing that the firmware says. The same in virtual and in real time.

using Microneedling.SimulatedBoard;
using Microneedling.Simulator;

namespace Microneedling.Qa.Instruments;

/// <summary>A bench for a simulated device. Members may be used from any thread.</summary>
public sealed class SimulatedBench : IBenchGauges
{
    private const long LookMicroseconds = 1_000;
    private const int ReadingsKept = 2_000;

    /// <summary>The tachometer's 0.5 s.</summary>
    private const int ReadingsOfTheRate = 500;

    private const int MicrostepsPerStroke = 400;

    /// <summary>5 strokes a second, by which the cam creeps to top dead centre, are 2 microsteps in a look; 10 /s are 4.</summary>
    private const long CreepMicrosteps = 2;

    private readonly SimulatedDevice device;
    private readonly IDisposable looking;
    private readonly Queue<(TipReading Tip, long Microsteps)> readings = new(ReadingsKept);

    // All that changes is touched while the board is held.
    private long clearedAt;
    private long strokesBefore;
    private long? lastOut;
    private long? lastMotion;
    private long microsteps;

    /// <summary>Begins to look.</summary>
    public SimulatedBench(SimulatedDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        this.device = device;
        looking = device.Board.Watch(LookMicroseconds, Look);
    }

    /// <inheritdoc/>
    public BenchIdentity Identity { get; } = new("Microneedling,simulated bench,0,1", null, 0);

    private Bench Bench => device.Bench;

    private bool HasPower => device.Board.FirmwareState != FirmwareState.Off;

    /// <inheritdoc/>
    public Task<BenchReading> ReadAsync(CancellationToken ct = default) => AtOneMoment(now => new BenchReading(
        now, Bench.TipMicrometers, Bench.BottomsPassed - strokesBefore, Bench.NeedleForceNewtons * 1000, HasPower && Bench.MotorsHaveSupply));

    /// <inheritdoc/>
    public Task<long> SwitchAsync(BenchSwitch which, bool isOn, CancellationToken ct = default)
    {
        if (which == BenchSwitch.Power)
        {
            (isOn ? PowerOn : (Action)device.PowerOff)();
            return Task.FromResult(device.Board.NowMicroseconds);
        }

        Action act = (which, isOn) switch
        {
            (BenchSwitch.EmergencyStop, true) => Bench.PressEmergencyStop,
            (BenchSwitch.EmergencyStop, false) => Bench.ReleaseEmergencyStop,
            (BenchSwitch.Trigger, true) => Bench.PressTrigger,
            (BenchSwitch.Trigger, false) => Bench.ReleaseTrigger,
            (BenchSwitch.Cartridge, true) => Bench.SeatCartridge,
            (BenchSwitch.Cartridge, false) => Bench.RemoveCartridge,
            (BenchSwitch.SerialLine, _) => () => device.Board.Serial.Cut = !isOn,
            _ => throw new BenchException($"This bench has no {which}."),
        };
        return AtOneMoment(now =>
        {
            act();
            return now;
        });
    }

    /// <inheritdoc/>
    public Task ClearAsync(CancellationToken ct = default) => AtOneMoment(now =>
    {
        Bench.ResetDeepestTip();
        (clearedAt, strokesBefore, lastOut, lastMotion) = (now, Bench.BottomsPassed, null, null);
        return now;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<BenchStroke>> StrokesAsync(CancellationToken ct = default) => AtOneMoment<IReadOnlyList<BenchStroke>>(_ =>
        [.. Bench.Strokes.Where(stroke => stroke.EndedAtMicroseconds > clearedAt).Select(stroke => new BenchStroke(stroke.EndedAtMicroseconds, stroke.DeepestTipMicrometers))]);

    /// <inheritdoc/>
    public Task<BenchExtremes> ExtremesAsync(CancellationToken ct = default) => AtOneMoment(_ => new BenchExtremes(Bench.DeepestTipMicrometers, lastMotion, lastOut));

    /// <inheritdoc/>
    public Task<GaugeReading> GaugesAsync(CancellationToken ct = default) => AtOneMoment(_ =>
    {
        var ofTheRate = readings.TakeLast(ReadingsOfTheRate + 1).Select(reading => reading.Microsteps).ToList();
        long turned = ofTheRate.Count > 1 ? ofTheRate[^1] - ofTheRate[0] : 0;
        return new GaugeReading(
            turned * 1_000_000_000 / (MicrostepsPerStroke * ReadingsOfTheRate * LookMicroseconds),
            HasPower ? Bench.SupplyMillivolts : 0,
            Bench.LimitSwitchLineOpen,
            Bench.HomeSwitchLineOpen);
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<TipReading>> TipTraceAsync(CancellationToken ct = default) =>
        AtOneMoment<IReadOnlyList<TipReading>>(_ => [.. readings.Select(reading => reading.Tip)]);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        looking.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Look(VirtualBoard board)
    {
        long now = board.NowMicroseconds;
        double tip = board.Bench.TipMicrometers;
        if (tip > 0)
        {
            lastOut = now;
        }

        long turned = board.Bench.NeedleMicrosteps;
        if (turned - microsteps > CreepMicrosteps)
        {
            lastMotion = now;
        }

        microsteps = turned;
        if (readings.Count == ReadingsKept)
        {
            readings.Dequeue();
        }

        readings.Enqueue((new TipReading(now, tip), turned));
    }

    private Task<T> AtOneMoment<T>(Func<long, T> act) => Task.FromResult(device.Board.AtOneMoment(act));

    private void PowerOn()
    {
        if (!HasPower)
        {
            device.PowerOn();
        }
    }
}
