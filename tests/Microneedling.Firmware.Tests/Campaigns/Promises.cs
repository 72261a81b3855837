// What the device has promised its host, and what may delay the keeping of it: which depth and rate it accepted, whether it
// was asked to move, when it was told to stop. Known from what was sent and answered, never from the device's own state. An
// answer may be lost: what was proposed and not refused counts as accepted as well, until a later answer supersedes it.

using Microneedling.Protocol;
using Microneedling.SimulatedBoard;

namespace Microneedling.Firmware.Tests.Campaigns;

/// <summary>The host's knowledge of what the device may do.</summary>
internal sealed class Promises(VirtualBoard board, bool worstPlatform)
{
    /// <summary>One step of the depth stage, micrometres.</summary>
    public const double StepMicrometers = 3.175;

    private const long Never = long.MinValue / 2;

    // Two slices and two pauses of the worst platform.
    private const long PlatformLate = 240_000;

    // A pause still shows for so long after its end: bytes wait, a ramp is behind.
    private const long PauseReach = 300_000;

    private const long WatchdogWindow = 190_000;

    // Nothing is judged by pauses from before that.
    private const long PausesKept = 150_000_000;

    // No report is so late.
    private const long ClearsKept = 10_000_000;

    // A report was made at most so long before it came.
    private const long ReportUnderway = 50_000;

    private readonly List<Offer> offers = [];
    private readonly List<(ushort Number, long At)> requests = [];
    private readonly List<ArmRequest> arms = [];
    private ArmRequest[] armsBeforeStop = [];
    private readonly List<(ushort Number, int Fault, long At)> clears = [];
    private readonly List<(long At, long Microseconds)> pauses = [];
    private readonly HashSet<BenchFault> broken = [];
    private long troubleAt = Never;
    private int troubles;
    private long? stoppedAt;
    private long latchedSince;
    private long reportedAt;
    private int latchedFault;
    private uint latestToken;

    /// <summary>Told of a promise that an answer or a report breaks: which, and how.</summary>
    public Action<string, string> Violated { get; set; } = (_, _) => { };

    /// <summary>Whether nothing has been broken, slipped or cut off so far.</summary>
    public bool BenchIsWhole { get; private set; } = true;

    /// <summary>What a WriteSettings without error says, micrometres.</summary>
    public short RightZeroOffset => (short)board.Bench.ZeroOffsetMicrometers;

    /// <summary>By how much the device may believe its tips to be shallower than they are, because it was told so, micrometres.</summary>
    public double ZeroError { get; private set; }

    /// <summary>When something last happened on the bench that the device may react to.</summary>
    public long TroubleAt => troubles > 0 ? board.NowMicroseconds : troubleAt;

    /// <summary>When the emergency stop was last touched.</summary>
    public long EmergencyStopAt { get; private set; } = Never;

    /// <summary>When the power last went.</summary>
    public long PowerLostAt { get; private set; } = Never;

    /// <summary>When a stop request reached the device, if nothing may have been armed since; null: it was not stopped.</summary>
    public long? StoppedAt => stoppedAt is { } stop && !arms.Exists(arm => arm.MayHold(board.NowMicroseconds)) ? stop : null;

    /// <summary>When the device last told that it had homed.</summary>
    public long HomedAt { get; private set; } = Never;

    /// <summary>How often homing was asked for since the beginning.</summary>
    public int HomingsAsked { get; private set; }

    /// <summary>Whether service was asked for and nothing armed since.</summary>
    public bool InService { get; private set; }

    /// <summary>Whether the device may be armed.</summary>
    public bool MayBeArmed => arms.Count > 0;

    /// <summary>Whether anything of these has been broken since the power came.</summary>
    public bool WasBroken(params ReadOnlySpan<BenchFault> faults)
    {
        foreach (BenchFault fault in faults)
        {
            if (broken.Contains(fault))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Deepest depth accepted and still good, micrometres; null: none.</summary>
    public double? Depth(long now) => Largest(now, offer => offer.Depth);

    /// <summary>Fastest rate accepted and still good, millihertz; null: none.</summary>
    public double? Rate(long now) => Largest(now, offer => offer.Rate);

    /// <summary>Whether a motion was asked for since a time.</summary>
    public bool AskedSince(long since) => requests.Exists(request => request.At >= since);

    /// <summary>By how much the device may be late from a time on, microseconds: the pauses that it suffered.</summary>
    public long Late(long since)
    {
        long late = worstPlatform ? PlatformLate : 0;
        foreach ((long at, long microseconds) in pauses)
        {
            late += at + microseconds + PauseReach >= since ? microseconds : 0;
        }

        return late;
    }

    public void Sent(Message message, ushort number)
    {
        long now = board.NowMicroseconds;
        switch (message)
        {
            case ConfigureTreatment proposal:
                offers.Add(new Offer(number, proposal.DepthMicrometers, proposal.RateMillihertz));
                break;
            case Arm arm:
                arms.Add(new ArmRequest(number, now, arm.Token));
                requests.Add((number, now));
                break;
            case ClearFault clear:
                clears.RemoveAll(earlier => earlier.At < now - ClearsKept);
                clears.Add((number, clear.Fault, now));
                break;
            case WriteSettings settings:
                ZeroError = Math.Max(ZeroError, RightZeroOffset - settings.ZeroOffsetMicrometers);
                break;
            case CalibrateZero calibration:
                ZeroError = Math.Max(ZeroError, board.Bench.StageMicrometers + RightZeroOffset - calibration.MeasuredMicrometers);
                break;
            default:
                SentRequest(message.Id, number, now);
                break;
        }
    }

    public void Answered(Message answer, ushort number)
    {
        if (answer is Rejected)
        {
            clears.RemoveAll(clear => clear.Number == number);
            offers.RemoveAll(offer => offer.Number == number);
            arms.RemoveAll(arm => arm.Number == number);
            requests.RemoveAll(request => request.Number == number);
        }
        else if (answer is TreatmentAccepted accepted)
        {
            latestToken = accepted.Token;
            Supersede(accepted, number);
        }
        else if (answer.Id == MessageId.Accepted && arms.FindIndex(arm => arm.Number == number) is >= 0 and int index)
        {
            if (!arms[index].Accepted && arms[index].Token != latestToken)
            {
                Violated("only the treatment accepted last is armed", $"token {arms[index].Token:X8} instead of {latestToken:X8}");
            }

            arms[index] = arms[index] with { Accepted = true };
            InService = false;
        }
    }

    public void Reported(StatusReport status)
    {
        long now = board.NowMicroseconds;
        if (WasSentBeforePowerCut(status.UptimeMilliseconds))
        {
            return;
        }

        if (status.Fault != latchedFault)
        {
            bool cleared = clears.Exists(clear => clear.Fault == latchedFault && clear.At >= latchedSince);
            bool overridden = status.Fault == (int)FaultCode.EmergencyStop;
            if (latchedFault != 0 && !cleared && !overridden)
            {
                Violated("a latched fault stays until it is cleared by its name", $"{(FaultCode)latchedFault} became {(FaultCode)status.Fault}");
            }

            latchedFault = status.Fault;
            latchedSince = reportedAt - ReportUnderway;
        }

        reportedAt = now;
    }

    public void Told(EventReport report)
    {
        if (WasSentBeforePowerCut(report.UptimeMilliseconds))
        {
            return;
        }

        if (report is { Code: (ushort)EventCode.StateChanged, Argument1: (int)DeviceState.Parked, Argument2: (int)DeviceState.Homing })
        {
            HomedAt = board.NowMicroseconds;
        }
    }

    /// <summary>A stop request arrives on a good line.</summary>
    public void StopReaches(long at)
    {
        stoppedAt = at;
        armsBeforeStop = [.. arms];
        arms.Clear();
    }

    /// <summary>Nothing moves any more and both drivers are off: whoever armed must arm again.</summary>
    public void CameToRest(long since) => arms.RemoveAll(arm => arm.At < since);

    /// <summary>What was sent lately may not have come, and a stop neither.</summary>
    public void DoubtTheLine()
    {
        if (stoppedAt > board.NowMicroseconds)
        {
            stoppedAt = null;
            arms.AddRange(armsBeforeStop);
        }
    }

    // What the adapter still held when the power went is told by a device that is no more.
    private bool WasSentBeforePowerCut(uint uptimeMilliseconds) => uptimeMilliseconds * 1_000L > board.NowMicroseconds - PowerLostAt;

    public void PowerLost()
    {
        NoteTrouble();
        NoteDamage();
        latestToken = 0;
        PowerLostAt = board.NowMicroseconds;
        offers.Clear();
        arms.Clear();
        requests.Clear();
        broken.RemoveWhere(fault => !board.Bench.HasFault(fault));
        stoppedAt = null;
        InService = false;
        latchedFault = 0;
    }

    public void NoteTrouble() => troubleAt = board.NowMicroseconds;

    public void TroubleBegins() => troubles++;

    public void NoteDamage() => BenchIsWhole = false;

    public void TroubleEnds()
    {
        troubles--;
        NoteTrouble();
    }

    public void NoteBreak(BenchFault fault)
    {
        broken.Add(fault);
        NoteDamage();
    }

    public void NoteEmergencyStop() => EmergencyStopAt = board.NowMicroseconds;

    public void NotePause(long microseconds)
    {
        long now = board.NowMicroseconds;
        pauses.RemoveAll(pause => pause.At < now - PausesKept);
        pauses.Add((now, microseconds));
        if (Late(now) > WatchdogWindow)
        {
            // Together long enough for the external watchdog to let the motors go while they turn.
            NoteDamage();
        }
    }

    private void SentRequest(MessageId id, ushort number, long now)
    {
        if (id is MessageId.Home or MessageId.EnterService or MessageId.LeaveService or MessageId.Jog or MessageId.SelfTest)
        {
            requests.Add((number, now));
            HomingsAsked += id == MessageId.Home ? 1 : 0;
            InService |= id == MessageId.EnterService;
        }
    }

    private void Supersede(TreatmentAccepted accepted, ushort number)
    {
        long now = board.NowMicroseconds;
        int index = offers.FindIndex(offer => offer.Number == number);
        if (index < 0)
        {
            return;
        }

        Offer was = offers[index];
        Offer effective = was with { Depth = Math.Min(was.Depth, accepted.DepthMicrometers), Rate = Math.Min(was.Rate, accepted.RateMillihertz) };
        for (int i = 0; i < index; i++)
        {
            offers[i] = offers[i].EndingBy(now + Grace(offers[i], effective) + Late(now));
        }

        offers[index] = effective;
        offers.RemoveAll(offer => offer.Ends < now);
    }

    // Retracting at 2 mm/s, braking at 200 strokes/s², and a tenth of a second to begin with it; a late loop is slower.
    private long Grace(Offer from, Offer to)
    {
        double seconds = Math.Max((from.Depth - to.Depth) / Limits.RetractMicrometersPerSecond, (from.Rate - to.Rate) / Limits.BrakingMillihertzPerSecond);
        return 150_000 + (long)(Math.Max(0, seconds) * 1e6 * (worstPlatform ? 3 : 1.3));
    }

    private double? Largest(long now, Func<Offer, double> value)
    {
        double? largest = null;
        foreach (Offer offer in offers)
        {
            if (offer.Ends >= now && !(value(offer) < largest))
            {
                largest = value(offer);
            }
        }

        return largest;
    }

    /// <summary>A proposal that the device has accepted, or may have.</summary>
    private readonly record struct Offer(ushort Number, double Depth, double Rate, long Ends = long.MaxValue)
    {
        public Offer EndingBy(long at) => this with { Ends = Math.Min(Ends, at) };
    }

    private readonly record struct ArmRequest(ushort Number, long At, uint Token, bool Accepted = false)
    {
        // An answer that has not come for so long was lost.
        private const long AnswerMicroseconds = 200_000;

        public bool MayHold(long now) => Accepted || now - At > AnswerMicroseconds;
    }
}
