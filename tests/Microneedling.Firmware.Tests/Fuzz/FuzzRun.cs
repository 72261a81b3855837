// One board, brought to a state, shot at, brought back whenever it has left, looked at after every shot: by its answers and
// by the bench. Same options, same state, same shots: same run.

using System.Globalization;
using System.Text;
using Microneedling.Firmware.Tests.Campaigns;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests.Fuzz;

/// <summary>What a run came to.</summary>
/// <param name="Broken">The invariant that broke, or null.</param>
/// <param name="How">How.</param>
/// <param name="Shots">Shots taken by then.</param>
/// <param name="Bytes">Bytes put on the line.</param>
/// <param name="Answers">Answers heard.</param>
/// <param name="Stops">STOP bytes that found the needles running.</param>
/// <param name="InState">Shots that found the device in the state wanted.</param>
public sealed record FuzzOutcome(string? Broken, string How, int Shots, long Bytes, long Answers, int Stops, int InState);

/// <summary>Shoots at one board.</summary>
internal sealed class FuzzRun : IDisposable
{
    private const int Depth = 800;
    private const int Cap = 1_500;
    private const int Rate = 60_000;
    private const long Millisecond = 1_000;
    private const long ByteMicroseconds = 87;
    private const long TickMicroseconds = Limits.LongestTickMilliseconds * Millisecond;
    private const long BeatMicroseconds = Limits.HeartbeatMilliseconds * Millisecond;

    // Flash may be written just then.
    private const long AnswerMicroseconds = 300 * Millisecond;
    private const long StepMicroseconds = 50 * Millisecond;
    private const int BringUpSteps = 1_200;
    private const long ExchangeMicroseconds = 700 * Millisecond;
    private const long OutAfterReleaseMicroseconds = 2_100 * Millisecond;
    private const double DepthToleranceMicrometers = 10;
    private const double HomingReleaseMicrometers = 200;
    private const double CreepPulsesPerMicrosecond = Limits.StartRateMillihertz * 1.1 / 1_000 * 400 / 1e6;

    private readonly VirtualBoard board;
    private readonly InlineHost host;
    private readonly bool peaceful;
    private readonly DeviceState wanted;
    private uint nonce = 0x0B5E55ED;
    private uint token;
    private int acceptedDepth;
    private bool isAtRest = true;
    private double floor;
    private RejectionReason refusal;
    private ushort probed;
    private int wrongArm;
    private bool wrongArmAccepted;
    private bool probeAnswered;
    private long answers;
    private long bytes;
    private long nextBeat;
    private long pressedAt = long.MinValue / 2;
    private long lookedAt;
    private long pulses;
    private long overflows;
    private int stops;
    private int inState;

    private FuzzRun(BoardOptions options, DeviceState wanted, bool peaceful)
    {
        this.wanted = wanted;
        this.peaceful = peaceful;
        board = new VirtualBoard(options);
        Production.Calibrate(board, 1, options.Chip);
        host = new InlineHost(board) { Answered = Answered, Reported = status => token = status.Token };
        Bench.SeatCartridge();
        board.PowerOn(Program.Main);
        floor = Math.Max(0, Envelope) + HomingReleaseMicrometers;
        lookedAt = Now;
    }

    private Bench Bench => board.Bench;

    private long Now => board.NowMicroseconds;

    private double Envelope => Bench.StageMicrometers + Bench.ZeroOffsetMicrometers;

    private DeviceState? State => (DeviceState?)host.Status?.State;

    /// <summary>Runs a list of shots.</summary>
    public static FuzzOutcome Run(BoardOptions options, DeviceState state, bool peaceful, IReadOnlyList<Shot> shots)
    {
        using FuzzRun run = new(options, state, peaceful);
        int taken = 0;
        string? broken = null;
        string how = "";
        try
        {
            run.BringTo(state);
            foreach (Shot shot in shots)
            {
                taken++;
                run.Take(shot);
            }

            // Whatever has been said to it, it can be worked with.
            run.BringTo(DeviceState.Running);
        }
        catch (InvariantBrokenException exception)
        {
            (broken, how) = (exception.Invariant, exception.Message);
        }

        return new FuzzOutcome(broken, how, taken, run.bytes, run.answers, run.stops, run.inState);
    }

    /// <summary>Runs a list that was printed; fails as it did then.</summary>
    public static void Replay(ITestOutputHelper output, int seed, DeviceState state, bool peaceful, Shot[] shots)
    {
        FuzzOutcome outcome = Run(new BoardOptions { Seed = seed }, state, peaceful, shots);
        output.WriteLine(outcome.ToString());
        Assert.True(outcome.Broken is null, outcome.How);
    }

    /// <summary>A run as C# to be pasted into a test.</summary>
    public static string Print(int seed, DeviceState state, bool peaceful, IEnumerable<Shot> shots)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"FuzzRun.Replay(output, {seed}, DeviceState.{state}, {(peaceful ? "true" : "false")},");
        text.AppendLine("[");
        foreach (Shot shot in shots)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"    {shot},");
        }

        return text.Append("]);").ToString();
    }

    public void Dispose()
    {
        board.Dispose();
        host.Dispose();
    }

    private InvariantBrokenException Broken(string invariant, FormattableString how) => new(
        invariant,
        how.ToString(CultureInfo.InvariantCulture) + string.Create(CultureInfo.InvariantCulture, $" (at {Now / 1e6:0.000} s, {State}, fault {(FaultCode?)host.Status?.Fault}, stage {Bench.StageMicrometers:0} µm, refused {refusal})"));

    private void Take(Shot shot)
    {
        if (State != wanted)
        {
            BringTo(wanted);
        }

        inState++;
        bool running = IsStroking();
        if (shot.TokenMask is { } mask)
        {
            ushort number = host.Send(new Arm { Token = token ^ mask });
            wrongArm = mask == 0 ? 0 : number;
        }

        byte[] all = shot.Bytes;
        int stop = Array.IndexOf(all, Framing.Stop);
        Write(all.AsSpan(0, stop + 1));
        long stopArrives = host.ArrivedAtMicroseconds;
        Write(all.AsSpan(stop + 1));
        Probe(attempts: shot.TokenMask is null && !HoldsFrame(all) ? 1 : 2);
        if (stop >= 0)
        {
            FollowStop(stopArrives, running);
        }
        else if (peaceful && State != wanted)
        {
            throw Broken("garbage ends nothing", $"{wanted} became {State}");
        }
    }

    private void Write(ReadOnlySpan<byte> some)
    {
        bytes += some.Length;
        host.Write(some);
    }

    // The next whole frame is answered, whatever came before. A tick answers two frames at most: behind others, it may have
    // to be asked again.
    private void Probe(int attempts)
    {
        overflows = board.Serial.Overflows + board.Serial.BytesDropped;
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            probeAnswered = false;
            probed = host.Send(new EmptyMessage(MessageId.StatusRequest));
            long end = host.ArrivedAtMicroseconds + AnswerMicroseconds;
            while (!probeAnswered && Now < end)
            {
                Pass(10 * Millisecond);
            }

            if (probeAnswered)
            {
                return;
            }
        }

        if (overflows == board.Serial.Overflows + board.Serial.BytesDropped)
        {
            throw Broken("after any garbage the next whole frame is answered", $"no status");
        }
    }

    private static bool HoldsFrame(byte[] bytes)
    {
        FrameDecoder decoder = new();
        return bytes.Append(Framing.Flag).Any(value => decoder.Push(value) == DecodeResult.Frame);
    }

    // Nothing is said that could excuse the device until the needles have to be in.
    private void FollowStop(long arrived, bool running)
    {
        stops += running ? 1 : 0;
        long end = arrived + (200 * Millisecond);
        while (Now < end)
        {
            Pass(10 * Millisecond);
        }

        if (running && Bench.LastNeedlePulseMicroseconds - arrived > TickMicroseconds + ByteMicroseconds)
        {
            throw Broken("pulses end within a tick of a stop", $"{(Bench.LastNeedlePulseMicroseconds - arrived) / 1e3:0.0} ms after it");
        }

        end = arrived + (Limits.StopRetractMilliseconds * Millisecond);
        while (Now < end)
        {
            Pass(10 * Millisecond);
        }

        if (Bench.TipMicrometers > floor + DepthToleranceMicrometers)
        {
            throw Broken("tips are behind the nosecone 1.5 s after a stop", $"{Bench.TipMicrometers:0} µm");
        }
    }

    private static bool IsMotion(DeviceState state) => state is DeviceState.Homing or DeviceState.Running or DeviceState.Retracting;

    private bool IsStroking() => State == DeviceState.Running && Bench.TrueRateMillihertz > Limits.StartRateMillihertz * 2;

    // Lets time pass with heartbeats, and looks.
    private void Pass(long microseconds)
    {
        if (Now >= nextBeat)
        {
            host.Beat();
            nextBeat = Now + BeatMicroseconds;
        }

        board.RunFor(microseconds);
        Look();
    }

    private void Look()
    {
        if (board.LatestFirmwareThrow is { } thrown)
        {
            throw Broken("the firmware never throws", $"{thrown}");
        }

        if (wrongArmAccepted)
        {
            throw Broken("only the right token arms", $"another one has");
        }

        pressedAt = Bench.TriggerPressed ? Now : pressedAt;
        bool maybeOut = Now - pressedAt < OutAfterReleaseMicroseconds;
        double deepest = Bench.DeepestTipMicrometers;
        Bench.ResetDeepestTip();
        double most = State == DeviceState.Service ? Limits.AbsoluteDepthMicrometers : Math.Max(floor, maybeOut ? acceptedDepth : 0);
        if (deepest > most + DepthToleranceMicrometers)
        {
            throw Broken("tips are never deeper than accepted, and out only after a press", $"{deepest:0} µm, {most:0} µm allowed, {acceptedDepth} µm accepted, pressed {(Now - pressedAt) / 1e6:0.000} s ago");
        }

        long turned = Bench.NeedleMicrosteps + Bench.NeedleMicrostepsLost;
        if (!maybeOut && turned - pulses > ((Now - lookedAt) * CreepPulsesPerMicrosecond) + 2)
        {
            throw Broken("strokes never begin without the trigger", $"{turned - pulses} pulses in {Now - lookedAt} µs");
        }

        pulses = turned;
        lookedAt = Now;
    }

    private void Answered(Message answer, ushort number)
    {
        answers++;
        probeAnswered |= answer is StatusReport && number == probed;
        if (answer is TreatmentAccepted accepted)
        {
            token = accepted.Token;
            acceptedDepth = isAtRest ? accepted.DepthMicrometers : Math.Max(acceptedDepth, accepted.DepthMicrometers);
            isAtRest = false;
        }
        else if (answer.Id == MessageId.Accepted && number == wrongArm)
        {
            wrongArmAccepted = true;
        }
        else if (answer is Rejected rejected)
        {
            refusal = (RejectionReason)rejected.Reason;
        }
    }

    // What a person would do who has just come into the room, step by step until the device is there.
    private void BringTo(DeviceState target)
    {
        Bench.ReleaseTrigger();
        Bench.ReleaseEmergencyStop();
        host.Forget();
        host.Hello(++nonce);
        for (int step = 0; step < BringUpSteps; step++)
        {
            Pass(StepMicroseconds);
            if (!host.Greeted)
            {
                host.Hello(nonce);
                continue;
            }

            host.Send(new EmptyMessage(MessageId.StatusRequest));
            Pass(StepMicroseconds);
            if (host.Status is { } status && Proceed(status, target))
            {
                return;
            }
        }

        throw Broken("every state can be left and reached", $"{target} was not reached within {BringUpSteps * 2 * StepMicroseconds / 1_000_000} s");
    }

    private bool Proceed(StatusReport status, DeviceState target)
    {
        DeviceState state = (DeviceState)status.State;
        bool resting = (status.Flags & (StatusFlags.StageMoving | StatusFlags.NeedlesMoving | StatusFlags.Parking)) == 0;
        if (state == DeviceState.Parked && resting)
        {
            floor = 0;
        }

        if (state == target && (IsMotion(target) ? target != DeviceState.Running || IsStroking() : resting))
        {
            return true;
        }

        switch (state)
        {
            case DeviceState.Faulted or DeviceState.EmergencyStopped when state == target:
                break;
            case DeviceState.Faulted or DeviceState.EmergencyStopped:
                Bench.ReleaseEmergencyStop();
                Bench.ReleaseTrigger();
                SeatFor(target);
                host.Send(new ClearFault { Fault = status.Fault });
                break;
            case DeviceState.Service:
                host.Send(new EmptyMessage(MessageId.LeaveService));
                break;
            case DeviceState.Unhomed when target == DeviceState.EmergencyStopped:
            case DeviceState.Parked when target is DeviceState.EmergencyStopped or DeviceState.Unhomed && resting:
                Bench.PressEmergencyStop();
                break;
            case DeviceState.Parked when target == DeviceState.Homing:
            case DeviceState.Unhomed:
                host.Send(new EmptyMessage(MessageId.Home));
                break;
            case DeviceState.Parked when target == DeviceState.Service:
                SeatFor(target);
                host.Send(new EmptyMessage(MessageId.EnterService));
                break;
            case DeviceState.Parked when resting:
                MakeReady();
                break;
            case DeviceState.Armed when target == DeviceState.Faulted:
                Bench.RemoveCartridge();
                break;
            case DeviceState.Armed when target == DeviceState.Retracting:
            case DeviceState.Running when target == DeviceState.Retracting:
                host.Send(new EmptyMessage(MessageId.Disarm));
                Pass(StepMicroseconds);
                return State == DeviceState.Retracting;
            case DeviceState.Armed when resting:
                Bench.PressTrigger();
                break;
            default:
                break;
        }

        return false;
    }

    private void SeatFor(DeviceState target)
    {
        if (target == DeviceState.Service)
        {
            Bench.RemoveCartridge();
        }
        else
        {
            Bench.SeatCartridge();
        }
    }

    private void MakeReady()
    {
        SeatFor(DeviceState.Armed);
        if (refusal is RejectionReason.CartridgeUsed or RejectionReason.CartridgeMissing)
        {
            refusal = RejectionReason.None;
            Bench.RemoveCartridge();
            Pass(ExchangeMicroseconds / 2);
            host.Beat();
            Pass(ExchangeMicroseconds / 2);
            Bench.SeatCartridge();
            Pass(ExchangeMicroseconds);
        }

        isAtRest = true;
        token = 0;
        host.Send(new ConfigureTreatment { DepthMicrometers = Depth, DepthCapMicrometers = Cap, RateMillihertz = Rate });
        Pass(StepMicroseconds);
        if (token != 0)
        {
            host.Send(new Arm { Token = token });
        }
    }
}
