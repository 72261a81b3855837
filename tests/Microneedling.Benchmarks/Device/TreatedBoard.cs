// A simulated board that is treated with again and again, in virtual time: what a sensible operator does to get from
// whatever state to strokes and back. Measures nothing.

using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;

namespace Microneedling.Benchmarks.Device;

/// <summary>One board with its host.</summary>
internal sealed class TreatedBoard : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestMove = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Exchange = TimeSpan.FromMilliseconds(700);
    private const int MostSteps = 2_000;

    private uint session;

    public TreatedBoard(BoardOptions options)
    {
        Rig = new FirmwareRig(options, print: _ => { });
        Bench.SeatCartridge();
        Rig.RunFor(TimeSpan.FromMilliseconds(50));
        DeepestMicrometers = Rig.Hello().AbsoluteDepthMicrometers;
        Rig.RunUntil(() => Rig.LatestStatus is not null, Soon);
    }

    public FirmwareRig Rig { get; }

    public Bench Bench => Rig.Bench;

    /// <summary>The deepest depth that this device's zero lets it reach.</summary>
    public int DeepestMicrometers { get; }

    /// <summary>From whatever state, with everything mended: parked, nothing moves.</summary>
    public void Park()
    {
        Rig.Heartbeats = true;
        Rig.Board.Serial.Cut = false;
        Bench.SetFault(BenchFault.NeedleMotorJammed, present: false);
        Bench.SetFault(BenchFault.IndexDoubled, present: false);
        Bench.ReleaseEmergencyStop();
        Bench.ReleaseTrigger();
        for (int step = 0; step < MostSteps; step++)
        {
            StatusReport status = Rig.Status();
            switch ((DeviceState)status.State)
            {
                case DeviceState.Parked when (status.Flags & (StatusFlags.Parking | StatusFlags.StageMoving | StatusFlags.NeedlesMoving)) == 0:
                    return;
                case DeviceState.Faulted or DeviceState.EmergencyStopped:
                    Rig.Request(new ClearFault { Fault = status.Fault });
                    break;
                case DeviceState.Unhomed:
                    Rig.Request(new EmptyMessage(MessageId.Home));
                    break;
                case DeviceState.Armed or DeviceState.Running:
                    Rig.Request(new EmptyMessage(MessageId.Disarm));
                    break;
                default:
                    break;
            }

            Rig.RunFor(Step);
        }

        throw new InvalidOperationException($"Seed {Rig.Board.Seed}: not parked, {(DeviceState?)Rig.LatestStatus?.State}, {(FaultCode?)Rig.LatestStatus?.Fault}.");
    }

    /// <summary>From park: armed, the stage at its depth. Returns what the device has accepted.</summary>
    public TreatmentAccepted Arm(int depthMicrometers, int rateMillihertz)
    {
        while (true)
        {
            TreatmentAccepted accepted = Rig.Request<TreatmentAccepted>(Proposal(depthMicrometers, rateMillihertz));
            if (Rig.Request(new Arm { Token = accepted.Token }) is not Rejected refusal)
            {
                Rig.RunUntil(() => Rig.LatestStatus is { State: (byte)DeviceState.Armed } status && IsSettled(status, accepted), LongestMove);
                return accepted;
            }

            switch ((RejectionReason)refusal.Reason)
            {
                case RejectionReason.SessionLimitReached:
                    Rig.Accept(new BeginSession { SessionNumber = ++session });
                    break;
                case RejectionReason.CartridgeUsed or RejectionReason.CartridgeMissing:
                    Bench.RemoveCartridge();
                    Rig.RunFor(Exchange);
                    Bench.SeatCartridge();
                    Rig.RunFor(Exchange);
                    break;
                default:
                    Rig.RunFor(Step);
                    break;
            }
        }
    }

    /// <summary>From armed: the trigger is pressed and held, and the device runs.</summary>
    public void Press()
    {
        Bench.PressTrigger();
        Rig.RunUntil(DeviceState.Running, Soon);
    }

    /// <summary>While running: other values, and the device has taken them up; null when it has stopped by itself instead.</summary>
    public TreatmentAccepted? Change(int depthMicrometers, int rateMillihertz)
    {
        if (Rig.Request(Proposal(depthMicrometers, rateMillihertz)) is not TreatmentAccepted accepted)
        {
            return null;
        }

        long asked = Rig.NowMicroseconds;
        Rig.RunUntil(
            () => Rig.NowMicroseconds - asked > 2 * Limits.RunningStatusMilliseconds * 1_000
                && (!IsRunning || (IsSettled(Rig.LatestStatus!, accepted) && Rig.LatestStatus!.DrivenRateMillihertz == accepted.RateMillihertz)),
            LongestMove);
        return IsRunning ? accepted : null;
    }

    /// <summary>Whether the device said so last.</summary>
    public bool IsRunning => Rig.LatestStatus is { State: (byte)DeviceState.Running };

    public void Dispose() => Rig.Dispose();

    private static bool IsSettled(StatusReport status, TreatmentAccepted accepted) =>
        status.DepthMicrometers == accepted.DepthMicrometers && (status.Flags & StatusFlags.StageMoving) == 0
        && Math.Abs(status.StagePositionMicrometers - accepted.DepthMicrometers) < 5;

    private ConfigureTreatment Proposal(int depthMicrometers, int rateMillihertz) => new()
    {
        DepthMicrometers = (ushort)depthMicrometers,
        DepthCapMicrometers = (ushort)DeepestMicrometers,
        RateMillihertz = (uint)rateMillihertz,
        SupervisorUnlock = 1,
    };
}
