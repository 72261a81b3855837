// The simulated board's own truth as an instrument: it looks a thousand times a second, as a gauge would, and keeps peaks. It
// reads nothing that the firmware says.

using Microneedling.Qa.Instruments;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;

namespace Microneedling.Hil.Tests;

internal sealed class SimulatedBench : IBench
{
    private const long LookMicroseconds = 1_000;

    /// <summary>5 strokes a second, by which the cam creeps to top dead centre, are 2 microsteps in a look; 10 /s are 4.</summary>
    private const long CreepMicrosteps = 2;

    private readonly SimulatedDevice device;
    private readonly IDisposable looking;
    private long clearedAt;
    private long strokesBefore;
    private long? lastOut;
    private long? lastMotion;
    private long microsteps;

    public SimulatedBench(SimulatedDevice device)
    {
        this.device = device;
        looking = device.Board.Watch(LookMicroseconds, board =>
        {
            if (board.Bench.TipMicrometers > 0)
            {
                lastOut = board.NowMicroseconds;
            }

            long turned = board.Bench.NeedleMicrosteps;
            if (turned - microsteps > CreepMicrosteps)
            {
                lastMotion = board.NowMicroseconds;
            }

            microsteps = turned;
        });
    }

    public BenchIdentity Identity { get; } = new("Microneedling,simulated bench,0,1", null, 0);

    private Bench Bench => device.Bench;

    private long Now => device.Board.NowMicroseconds;

    public Task<BenchReading> ReadAsync(CancellationToken ct = default) => Task.FromResult(new BenchReading(
        Now, Bench.TipMicrometers, Bench.BottomsPassed - strokesBefore, Bench.NeedleForceNewtons * 1000, device.Board.FirmwareState != FirmwareState.Off && Bench.MotorsHaveSupply));

    public Task<long> SwitchAsync(BenchSwitch which, bool isOn, CancellationToken ct = default)
    {
        Action act = (which, isOn) switch
        {
            (BenchSwitch.EmergencyStop, true) => Bench.PressEmergencyStop,
            (BenchSwitch.EmergencyStop, false) => Bench.ReleaseEmergencyStop,
            (BenchSwitch.Trigger, true) => Bench.PressTrigger,
            (BenchSwitch.Trigger, false) => Bench.ReleaseTrigger,
            (BenchSwitch.Cartridge, true) => Bench.SeatCartridge,
            (BenchSwitch.Cartridge, false) => Bench.RemoveCartridge,
            (BenchSwitch.Power, true) => PowerOn,
            (BenchSwitch.Power, false) => device.PowerOff,
            (BenchSwitch.SerialLine, _) => () => device.Board.Serial.Cut = !isOn,
            _ => throw new BenchException($"This bench has no {which}."),
        };
        act();
        return Task.FromResult(Now);
    }

    public Task ClearAsync(CancellationToken ct = default)
    {
        Bench.ResetDeepestTip();
        (clearedAt, strokesBefore, lastOut, lastMotion) = (Now, Bench.BottomsPassed, null, null);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<BenchStroke>> StrokesAsync(CancellationToken ct = default) => Task.FromResult<IReadOnlyList<BenchStroke>>(
        [.. Bench.Strokes.Where(stroke => stroke.EndedAtMicroseconds > clearedAt).Select(stroke => new BenchStroke(stroke.EndedAtMicroseconds, stroke.DeepestTipMicrometers))]);

    public Task<BenchExtremes> ExtremesAsync(CancellationToken ct = default) => Task.FromResult(new BenchExtremes(
        Bench.DeepestTipMicrometers,
        lastMotion,
        lastOut));

    public ValueTask DisposeAsync()
    {
        looking.Dispose();
        return ValueTask.CompletedTask;
    }

    private void PowerOn()
    {
        if (device.Board.FirmwareState == FirmwareState.Off)
        {
            device.PowerOn();
        }
    }
}
