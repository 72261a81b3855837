// The depth stage: a self-locking screw that carries the whole stroke. One rising edge, one half step of 3 175 nm. What
// can go wrong with it here: it runs into a mechanical stop, it is stepped faster than its motor or driver follows, its
// load is too large, somebody turns the screw, it is jammed. The limit switch gates the extending direction in hardware.
//
//   screw     ─────●───────  what the steps have turned
//   carriage  ──●──────────  what the switches and tips follow: at the screw when retracting, behind it by the backlash
//                            when extending

namespace Microneedling.SimulatedBoard.Mechanics;

/// <summary>Where the stage is and what its switches say.</summary>
internal sealed class DepthStage
{
    internal const int StepNanometers = 3_175;
    internal const int HomeSwitchNanometers = -1_200_000;
    internal const int LimitSwitchNanometers = 2_600_000;
    internal const int InnerStopNanometers = -1_300_000;
    internal const int OuterStopNanometers = 2_700_000;

    private readonly Imperfections imperfections;
    private int screwNanometers;
    private int homeClosesAt;
    private long homeOpenings;
    private long awakeAt = long.MaxValue;
    private long? directionAt;
    private long? rose;
    private long? fell;
    private long? seenAt;
    private bool seenExtending;
    private bool lastRiseMoved;
    private long speed;

    internal DepthStage(int startMicrometers, Imperfections? imperfections = null)
    {
        this.imperfections = imperfections ?? Imperfections.None;
        Nanometers = screwNanometers = startMicrometers * 1_000;
        homeClosesAt = HomeSwitchNanometers + this.imperfections.HomeClosingNanometers(0);
        Home = new Contact(Nanometers <= homeClosesAt, this.imperfections, ChanceStream.HomeBounce, Imperfections.LongestSwitchBounceMicroseconds);
        Limit = new Contact(Nanometers < LimitSwitchNanometers, this.imperfections, ChanceStream.LimitBounce, Imperfections.LongestSwitchBounceMicroseconds);
    }

    /// <summary>Where the carriage is.</summary>
    internal int Nanometers { get; private set; }

    internal double Micrometers => Nanometers / 1_000.0;

    /// <summary>The home switch: closed at home.</summary>
    internal Contact Home { get; }

    /// <summary>The limit switch: open at the limit.</summary>
    internal Contact Limit { get; }

    internal bool AtHome => Home.Closed;

    internal bool AtLimit => !Limit.Closed;

    internal bool Powered { get; private set; }

    internal bool Extends { get; private set; }

    internal bool Jammed { get; set; }

    /// <summary>Something broken keeps the driver from acting although it is enabled.</summary>
    internal bool DriverDead { get; set; }

    internal long StepsMade { get; private set; }

    internal long StepsLost { get; private set; }

    internal long StepsGated { get; private set; }

    internal long PulsesWhileDisabled { get; private set; }

    /// <summary>How far towards the skin the stage is beyond what its pulses say, because of what was done to it or broken.</summary>
    internal long InjectedSlipNanometers { get; private set; }

    internal long? LastPulseAt => rose;

    internal long? LastStepAt { get; private set; }

    internal void SetPowered(bool powered, long now)
    {
        if (powered == Powered)
        {
            return;
        }

        Powered = powered;
        awakeAt = now + StageMotorLimits.WakeMicroseconds;
        seenAt = null;
    }

    internal void SetDirection(bool extends, long now)
    {
        Extends = extends;
        directionAt = now;
    }

    /// <summary>A rising edge; true when the carriage has moved.</summary>
    /// <param name="now">When.</param>
    /// <param name="extendGated">The limit switch, or its broken wire, keeps the stage from extending.</param>
    /// <param name="loadNewtons">What pushes against the move.</param>
    internal bool Rise(long now, bool extendGated, double loadNewtons)
    {
        bool pulseTooShort = now - fell < StageMotorLimits.ShortestPulseMicroseconds;
        rose = now;
        lastRiseMoved = false;
        if (!Powered)
        {
            PulsesWhileDisabled++;
            NoteSlip(DriverDead);
            return false;
        }

        if (Extends && extendGated)
        {
            StepsGated++;
            return false;
        }

        bool overloaded = loadNewtons > StageMotorLimits.MostNewtons;
        bool driverActs = !pulseTooShort && now >= awakeAt && !(now - directionAt < StageMotorLimits.DirectionSetupMicroseconds);
        if (!driverActs || !MotorFollows(now) || Jammed || overloaded || !TryTurn(Extends ? StepNanometers : -StepNanometers, now, out bool moved))
        {
            StepsLost++;
            speed = 0;
            NoteSlip(Jammed || overloaded);
            return false;
        }

        StepsMade++;
        LastStepAt = now;
        lastRiseMoved = true;
        return moved;
    }

    /// <summary>A falling edge; true when it comes so early that the step before is taken back.</summary>
    internal bool Fall(long now)
    {
        fell = now;
        if (!lastRiseMoved || !(now - rose < StageMotorLimits.ShortestPulseMicroseconds))
        {
            return false;
        }

        lastRiseMoved = false;
        StepsMade--;
        StepsLost++;
        return TryTurn(Extends ? -StepNanometers : StepNanometers, now, out _);
    }

    /// <summary>Moves screw and carriage from outside, between the stops.</summary>
    internal void Displace(int nanometers, long now)
    {
        int moved = Math.Clamp(Nanometers + nanometers, InnerStopNanometers, OuterStopNanometers) - Nanometers;
        screwNanometers += moved;
        Nanometers += moved;
        InjectedSlipNanometers += Math.Max(0, moved);
        SetSwitches(now);
    }

    internal void ForgetSlip() => InjectedSlipNanometers = 0;

    // Speeds in micrometres a second: 3 175 nm over the gap between two pulses.
    private bool MotorFollows(long now)
    {
        long gap = seenAt is { } before ? now - before : long.MaxValue;
        bool reverses = Extends != seenExtending;
        bool rested = gap > StageMotorLimits.RestMicroseconds;
        seenAt = now;
        seenExtending = Extends;
        if (rested)
        {
            speed = 0;
            return true;
        }

        if (reverses && gap < StageMotorLimits.ReversalRestMicroseconds)
        {
            return false;
        }

        long asked = StepNanometers * 1_000L / Math.Max(1, gap);
        long follows = Math.Max(StageMotorLimits.PullInMicrometersPerSecond, reverses ? 0 : speed + StageMotorLimits.RiseMicrometersPerSecond);
        if (asked > Math.Min(follows, StageMotorLimits.FastestMicrometersPerSecond))
        {
            return false;
        }

        speed = asked;
        return true;
    }

    private bool TryTurn(int nanometers, long now, out bool moved)
    {
        int screw = screwNanometers + nanometers;
        int carriage = Math.Clamp(Nanometers, screw - imperfections.BacklashNanometers, screw);
        moved = carriage != Nanometers;
        if (carriage is < InnerStopNanometers or > OuterStopNanometers)
        {
            return false;
        }

        screwNanometers = screw;
        Nanometers = carriage;
        if (moved)
        {
            SetSwitches(now);
        }

        return true;
    }

    private void NoteSlip(bool broken)
    {
        if (broken && !Extends)
        {
            InjectedSlipNanometers += StepNanometers;
        }
    }

    private void SetSwitches(long now)
    {
        bool home = Nanometers <= homeClosesAt + (Home.Closed ? imperfections.HomeHysteresisNanometers : 0);
        if (Home.Closed && !home)
        {
            homeClosesAt = HomeSwitchNanometers + imperfections.HomeClosingNanometers(++homeOpenings);
        }

        Home.Set(home, now);
        Limit.Set(Nanometers < LimitSwitchNanometers - (Limit.Closed ? 0 : imperfections.LimitHysteresisNanometers), now);
    }
}
