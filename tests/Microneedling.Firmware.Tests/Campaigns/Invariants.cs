// What must hold whatever anybody does, looked at every 5 ms of the board's time in the board's physics. Judged by what the
// device has promised (Promises.cs), never by its own state. Each tolerance says where it comes from.

using System.Globalization;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;

namespace Microneedling.Firmware.Tests.Campaigns;

/// <summary>Something that must hold did not.</summary>
public sealed class InvariantBrokenException(string invariant, string how)
    : Exception($"{invariant}: {how}")
{
    /// <summary>Which.</summary>
    public string Invariant { get; } = invariant;
}

/// <summary>Looks at one board.</summary>
internal sealed class Invariants
{
    /// <summary>Spacing of the looks, microseconds.</summary>
    public const long LookMicroseconds = 5_000;

    // Sensor and screw (the contract of the simulated mechanism), and one step of rounding.
    private const double DepthToleranceMicrometers = 10;

    // A look's window begins and ends within a microstep; a retune of the PWM makes one early edge (platform.md).
    private const double RateToleranceMillihertz = 100;
    private const double CreepMillihertz = Limits.StartRateMillihertz * 1.1;
    private const double CreepHertz = CreepMillihertz / 1_000 * 400;
    private const int RateLooks = 20;

    // Braking from 100 to 5 strokes/s takes 475 ms, the debouncing of the trigger and its reading a few ticks.
    private const long AfterReleaseMicroseconds = 700_000;

    // The same and the creep of at most a stroke to the next top, 200 ms; then, if a fault comes at the last moment, the way
    // back from 2 500 µm at 2 mm/s.
    private const long OutAfterReleaseMicroseconds = 2_100_000;

    // Once the bench obeys again: 600 ms of creeping in vain, and the way back from 2 500 µm at 2 mm/s.
    private const long OutWhenHamperedMicroseconds = 3_500_000;
    private const long RestMicroseconds = 300_000;

    // A request is acted upon within a tick; a motion that waits for another one to end is not a new one.
    private const long RequestMicroseconds = 600_000;
    private const long StopMicroseconds = Limits.StopRetractMilliseconds * 1_000;
    private const long TickMicroseconds = Limits.LongestTickMilliseconds * 1_000;

    // Coming off the home switch is the one way outwards that is gone without knowing where.
    private const double HomingReleaseMicrometers = 200;

    // A home switch that closes while it is approached, but too early, puts the park position out by so much at most.
    private const double HomingOvershootMicrometers = 300;
    private const long ReleaseMicroseconds = 5_000_000;

    // With these the device cannot do what it wants, or cannot know.
    private static readonly BenchFault[] Hampering =
    [
        BenchFault.DepthMotorJammed, BenchFault.LimitSwitchWireBroken, BenchFault.HomeSwitchStuckClosed, BenchFault.HomeSwitchStuckOpen,
        BenchFault.NeedleDriverFault, BenchFault.DepthDriverFault,
    ];

    // Two failures of this one sensor at a time can imitate a stroke: then the cam is not known until the next homing.
    private static readonly BenchFault[] IndexFaults =
    [
        BenchFault.IndexStuckLow, BenchFault.IndexStuckHigh, BenchFault.IndexDoubled,
    ];

    private readonly VirtualBoard board;
    private readonly Promises promises;
    private readonly Queue<(long At, long Microsteps)> turned = new();
    private double floor;
    private double slip;
    private double slipWhileHoming;
    private double stageBefore;
    private long pulsesBefore;
    private long lookedAt;
    private long pressedAt = long.MinValue / 2;
    private long hamperedAt = long.MinValue / 2;
    private bool camKnown = true;
    private long serviceAt = long.MinValue / 2;
    private long homedAt;
    private long powerLostAt;
    private int homingsAsked;
    private long releaseUntil = long.MinValue / 2;
    private double releaseLimit;
    private long? restSince;
    private long overflows;
    private (string Invariant, string How)? violated;

    public Invariants(VirtualBoard board, Promises promises)
    {
        this.board = board;
        this.promises = promises;
        promises.Violated = (invariant, how) => violated ??= (invariant, how);
        lookedAt = board.NowMicroseconds;
        stageBefore = Stage;
        floor = Envelope;
        powerLostAt = promises.PowerLostAt;
        restSince = lookedAt;
        Bench.ResetDeepestTip();
    }

    private Bench Bench => board.Bench;

    private double Stage => Bench.StageMicrometers;

    // How far the tips would be out at the bottom of a stroke.
    private double Envelope => Stage + promises.RightZeroOffset;

    /// <summary>Looks at everything.</summary>
    public void Look()
    {
        long now = board.NowMicroseconds;
        Note(now);
        LookAtFirmware();
        LookAtDepth(now);
        LookAtRate(now);
        LookAtStop(now);
        LookAtRest(now);
        LookAtExtending(now);
        floor = Math.Min(floor, Envelope);
        stageBefore = Stage;
        pulsesBefore = Bench.NeedleMicrosteps + Bench.NeedleMicrostepsLost;
        lookedAt = now;
    }

    private static void Break(string invariant, FormattableString how) =>
        throw new InvariantBrokenException(invariant, how.ToString(CultureInfo.InvariantCulture));

    private void Note(long now)
    {
        pressedAt = Bench.TriggerPressed || Bench.HasFault(BenchFault.TriggerStuckPressed) ? now : pressedAt;
        hamperedAt = Array.Exists(Hampering, Bench.HasFault) || !Bench.WatchdogSatisfied || !Bench.MotorsHaveSupply ? now : hamperedAt;
        if (restSince is null && !Bench.WatchdogSatisfied)
        {
            // Motors that lose their current while they turn lose steps.
            promises.NoteDamage();
        }

        camKnown = IndexFaults.Count(Bench.HasFault) < 2 && (camKnown || promises.HomedAt > homedAt);
        serviceAt = promises.InService && !Bench.CartridgeSeated ? now : serviceAt;
        slip = promises.HomedAt > homedAt ? slipWhileHoming : slip;
        homedAt = Math.Max(homedAt, promises.HomedAt);
        slip += Bench.InjectedSlipMicrometers;
        slipWhileHoming += Bench.InjectedSlipMicrometers;
        if (promises.PowerLostAt != powerLostAt)
        {
            powerLostAt = promises.PowerLostAt;
            floor = Math.Max(floor, Envelope);
            stageBefore = Stage;
            turned.Clear();
        }

        bool letGo = hamperedAt == now && !Bench.DepthDriverEnabled;
        if (letGo || now - serviceAt < StopMicroseconds)
        {
            floor = Math.Max(floor, Envelope);
        }

        if (promises.HomingsAsked != homingsAsked)
        {
            homingsAsked = promises.HomingsAsked;
            slipWhileHoming = 0;
            releaseUntil = now + ReleaseMicroseconds;
            releaseLimit = Math.Max(floor, Envelope) + HomingReleaseMicrometers;
        }

        if (now < releaseUntil + promises.Late(releaseUntil))
        {
            floor = Math.Max(floor, Math.Min(releaseLimit, Envelope));
        }
    }

    private void LookAtFirmware()
    {
        // Flash that takes nothing throws by its contract.
        if (board.LatestFirmwareThrow is { } thrown and not IOException)
        {
            Break("the firmware never throws", $"{thrown}");
        }

        if (violated is { } promise)
        {
            Break(promise.Invariant, $"{promise.How}");
        }

        if (promises.BenchIsWhole && Bench.StageStepsLost + Bench.NeedleStalls > 0)
        {
            Break("a whole bench loses no steps", $"{Bench.StageStepsLost} of the stage, {Bench.NeedleStalls} stalls of the needle motor");
        }
    }

    private void LookAtDepth(long now)
    {
        double deepest = Bench.DeepestTipMicrometers;
        Bench.ResetDeepestTip();
        double slack = DepthToleranceMicrometers + slip + promises.ZeroError;
        double accepted = promises.Depth(now) ?? double.NegativeInfinity;
        if (deepest > Math.Max(0, Math.Max(accepted, floor)) + slack)
        {
            Break("tips are never deeper than accepted", $"{deepest:0} µm, accepted {accepted:0} µm, stood at {floor:0} µm, slip {slip:0} µm");
        }

        if (slip == 0 && deepest > Math.Max(Limits.AbsoluteDepthMicrometers, floor) + slack)
        {
            Break("tips are never beyond the absolute depth", $"{deepest:0} µm");
        }

        bool excused = now - hamperedAt < OutWhenHamperedMicroseconds || deepest <= floor + slack || !camKnown;
        if (deepest > slack && !excused && now - pressedAt > OutAfterReleaseMicroseconds + promises.Late(pressedAt))
        {
            Break("tips are out only while the trigger is pressed", $"{deepest:0} µm, released {(now - pressedAt) / 1e6:0.000} s ago");
        }
    }

    private void LookAtRate(long now)
    {
        turned.Enqueue((now, Bench.NeedleMicrosteps));
        if (turned.Count <= RateLooks)
        {
            return;
        }

        (long at, long microsteps) = turned.Dequeue();
        double rate = (Bench.NeedleMicrosteps - microsteps) * 1e9 / 400 / (now - at);
        double accepted = Math.Max(Math.Max(promises.Rate(at) ?? 0, promises.Rate(now) ?? 0), CreepMillihertz);
        double most = accepted * (100 + Limits.RateTolerancePercent) / 100;
        if (rate > Math.Min(most, Limits.MaximumRateMillihertz * 1.02) + RateToleranceMillihertz)
        {
            Break("strokes are never faster than accepted", $"{rate:0} mHz, accepted {accepted:0} mHz");
        }

        if (rate <= CreepMillihertz)
        {
            return;
        }

        if (!promises.MayBeArmed && promises.StoppedAt is null)
        {
            Break("needles stroke only when armed", $"{rate:0} mHz");
        }

        if (at - pressedAt > AfterReleaseMicroseconds + promises.Late(pressedAt))
        {
            Break("needles stroke only when the trigger is pressed", $"{rate:0} mHz, released {(now - pressedAt) / 1e6:0.000} s ago");
        }
    }

    private void LookAtStop(long now)
    {
        if (promises.StoppedAt is not { } stop || now < stop)
        {
            overflows = board.Serial.Overflows;
            return;
        }

        if (overflows != board.Serial.Overflows)
        {
            return;
        }

        long late = promises.Late(stop);
        double pulses = Bench.NeedleMicrosteps + Bench.NeedleMicrostepsLost - pulsesBefore;
        if (lookedAt > stop + TickMicroseconds + late && pulses > (CreepHertz * (now - lookedAt) / 1e6) + 2)
        {
            Break("pulses end within a tick of a stop", $"{pulses:0} pulses in the last {now - lookedAt} µs, {(now - stop) / 1e3:0.0} ms after it");
        }

        bool obeys = hamperedAt < stop - StopMicroseconds && now - serviceAt > StopMicroseconds;
        double tip = Bench.TipMicrometers;
        if (now > stop + StopMicroseconds + late && obeys && tip > Math.Max(0, floor) + DepthToleranceMicrometers + slip + promises.ZeroError)
        {
            Break("tips are behind the nosecone 1.5 s after a stop", $"{tip:0} µm {(now - stop) / 1e6:0.000} s after it");
        }
    }

    // Both drivers off for a while: at rest. Then nothing wakes them but a request, or the device's answer to a trouble.
    private void LookAtRest(long now)
    {
        if (!Bench.NeedleDriverEnabled && !Bench.DepthDriverEnabled)
        {
            restSince ??= now;
            if (now - restSince > RestMicroseconds && Bench.WatchdogSatisfied)
            {
                promises.CameToRest(restSince.Value);
            }

            return;
        }

        long since = now - RequestMicroseconds - promises.Late(now - RequestMicroseconds);
        if (now - restSince > RestMicroseconds && !promises.AskedSince(since) && promises.TroubleAt < since)
        {
            Break("nothing moves unless it was asked for", $"a driver was switched on after {(now - restSince) / 1e6:0.000} s of rest");
        }

        restSince = null;
    }

    private void LookAtExtending(long now)
    {
        bool extends = Stage > Limits.ParkedStageMicrometers + HomingOvershootMicrometers && Stage > stageBefore + 1;
        bool mayExtend = promises.MayBeArmed || promises.InService || promises.StoppedAt is { } stop && now - stop < TickMicroseconds + promises.Late(stop);
        bool homing = promises.AskedSince(now - 15_000_000) && Envelope <= floor + 1;
        if (extends && !mayExtend && !homing && slip == 0)
        {
            Break("the stage extends only when armed or in service", $"from {stageBefore:0} to {Stage:0} µm");
        }
    }
}
