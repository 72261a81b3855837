// The needle motor with its cam, and what the needle tips do. Turned by pulses; looks at them only when somebody asks or
// something changes: between two looks the stage stands still and the frequency is constant, so the way of the cam is
// arithmetic, not a loop over microsteps. What the motor can give and is asked for: NeedleTorque; its index flag: IndexFlag.

namespace Microneedling.SimulatedBoard.Mechanics;

/// <summary>The needle motor, its cam and the tips on it.</summary>
internal sealed class NeedleDrive
{
    /// <summary>Microsteps a second that a standing motor follows at once, and by which it follows a sudden rise (assumed: 20 strokes/s would be 375 rpm, a small stepper follows about two thirds).</summary>
    internal const int PullInHertz = 5_500;

    private const int StrokesKept = 4_096;
    private const long RateSampleSpacing = 1_000;
    private const int RateSamples = 128;

    private readonly Imperfections imperfections;
    private readonly Queue<StrokeRecord> strokes = new(StrokesKept);
    private readonly Queue<(long At, long Angle)> samples = new(RateSamples + 1);
    private long sampledAt = long.MinValue;
    private PulseTrain train;
    private long trainCounted;
    private int followedHertz;
    private double reach;
    private double deepestOfStroke = double.NegativeInfinity;
    private long? topAt;

    /// <param name="camMicrosteps">Where the cam stands, from a top dead centre.</param>
    /// <param name="reachMicrometers">Where the tips come to at the bottom of a stroke; positive is out of the nosecone.</param>
    /// <param name="imperfections">Where the device is off; nowhere by default.</param>
    /// <param name="now">The present.</param>
    internal NeedleDrive(int camMicrosteps, double reachMicrometers = 0, Imperfections? imperfections = null, long now = 0)
    {
        this.imperfections = imperfections ?? Imperfections.None;
        Angle = camMicrosteps;
        Reach(reachMicrometers, now);
    }

    /// <summary>Microsteps turned, from a top dead centre; grows for ever.</summary>
    internal long Angle { get; private set; }

    internal bool Powered { get; private set; }

    internal bool Jammed { get; private set; }

    internal Skin Skin { get; private set; } = new(0, Skin.UsualNeedleCount);

    /// <summary>The motor has lost its pulses: it hums and does not turn until they cease or become slow.</summary>
    internal bool Stalled { get; private set; }

    internal long Stalls { get; private set; }

    internal long MicrostepsTurned { get; private set; }

    internal long MicrostepsLost { get; private set; }

    internal long TopsPassed { get; private set; }

    internal long BottomsPassed { get; private set; }

    internal long? LastPulseAt { get; private set; }

    internal long? LastMicrostepAt { get; private set; }

    internal double DeepestTipMicrometers { get; private set; } = double.NegativeInfinity;

    /// <summary>Shortest time from one top dead centre to the next since the beginning or <see cref="ResetDeepestTip"/>; null before the second.</summary>
    internal long? ShortestStrokeMicroseconds { get; private set; }

    /// <summary>Since when the tips have been out of the nosecone without a break; null while they are behind it.</summary>
    internal long? TipOutSince { get; private set; }

    internal IReadOnlyCollection<StrokeRecord> Strokes => strokes;

    /// <summary>The tips where they are now, micrometres: positive is out of the nosecone.</summary>
    internal double TipMicrometers => reach + NoiseAt(Angle) - CamGeometry.LiftMicrometers(Angle);

    /// <summary>Turns the cam by the pulses that have come.</summary>
    internal void Advance(long now)
    {
        long edges = train.EdgesUntil(now);
        long fresh = edges - trainCounted;
        if (fresh > 0)
        {
            LastPulseAt = train.TimeOf(edges - 1);
            if (Powered)
            {
                if (Jammed || Stalled)
                {
                    MicrostepsLost += fresh;
                }
                else
                {
                    Turn(trainCounted, fresh);
                }
            }

            trainCounted = edges;
        }

        Sample(now);
    }

    /// <summary>One pulse from a plain output.</summary>
    internal void Pulse(long now)
    {
        SetPulses(now, 1);
        Advance(now);
        SetPulses(now, 0);
    }

    /// <summary>
    /// The pulse train changes and begins with an edge; <see cref="Advance"/> has been called for now. An edge of the old
    /// train in the same microsecond and the new one's first are the same edge.
    /// </summary>
    internal void SetPulses(long now, int hertz)
    {
        train = new PulseTrain(now, hertz);
        trainCounted = hertz > 0 && LastPulseAt == now ? 1 : 0;
        Follow();
    }

    /// <summary>The driver gets or loses its current; <see cref="Advance"/> has been called for now.</summary>
    internal void SetPowered(bool powered)
    {
        if (powered != Powered)
        {
            Powered = powered;
            Follow();
        }
    }

    internal void SetJammed(bool jammed)
    {
        Jammed = jammed;
        followedHertz = 0;
        Follow();
    }

    /// <summary>The needles press into something else; <see cref="Advance"/> has been called for now.</summary>
    internal void SetSkin(Skin skin)
    {
        Skin = skin;
        Follow();
    }

    /// <summary>The tips come to another place at the bottom of a stroke; <see cref="Advance"/> has been called for now.</summary>
    internal void Reach(double reachMicrometers, long now)
    {
        reach = reachMicrometers;
        double tip = TipMicrometers;
        Deepen(tip);
        TipOutSince = tip > 0 ? TipOutSince ?? now : null;
        Follow();
    }

    internal void ResetDeepestTip()
    {
        DeepestTipMicrometers = TipMicrometers;
        ShortestStrokeMicroseconds = null;
        topAt = null;
    }

    /// <summary>Strokes per 1 000 s over the last 100 ms, by what the cam has really turned.</summary>
    internal long RateMillihertz(long now)
    {
        (long at, long angle) = samples.Count > 0 ? samples.Peek() : (now, Angle);
        foreach ((long sampleAt, long sampleAngle) in samples)
        {
            if (sampleAt > now - 100_000)
            {
                break;
            }

            (at, angle) = (sampleAt, sampleAngle);
        }

        return now > at ? (Angle - angle) * 1_000_000_000 / CamGeometry.MicrostepsPerStroke / (now - at) : 0;
    }

    private double NoiseAt(long angle) => imperfections.StrokeNoiseMicrometers(CamGeometry.StrokeOf(angle));

    private void Turn(long firstEdge, long microsteps)
    {
        long from = Angle;
        long to = from + microsteps;
        while (Angle < to)
        {
            long stroke = CamGeometry.StrokeOf(Angle);
            long nextTop = (stroke + 1) * CamGeometry.MicrostepsPerStroke;
            long end = Math.Min(to, nextTop);
            Deepen(reach + imperfections.StrokeNoiseMicrometers(stroke) - CamGeometry.LowestLiftMicrometers(Angle, end));
            Angle = end;
            if (end == nextTop)
            {
                Close(train.TimeOf(firstEdge + (end - from) - 1));
            }
        }

        MicrostepsTurned += microsteps;
        LastMicrostepAt = train.TimeOf(firstEdge + microsteps - 1);
        BottomsPassed += CamGeometry.Passes(from, to, CamGeometry.Bottom);
        SetTipOut(firstEdge, from);
    }

    private void Close(long at)
    {
        TopsPassed++;
        if (strokes.Count == StrokesKept)
        {
            strokes.Dequeue();
        }

        strokes.Enqueue(new StrokeRecord(at, deepestOfStroke));
        deepestOfStroke = double.NegativeInfinity;
        if (topAt is { } before && !(ShortestStrokeMicroseconds <= at - before))
        {
            ShortestStrokeMicroseconds = at - before;
        }

        topAt = at;
    }

    private void Deepen(double tipMicrometers)
    {
        deepestOfStroke = Math.Max(deepestOfStroke, tipMicrometers);
        DeepestTipMicrometers = Math.Max(DeepestTipMicrometers, tipMicrometers);
    }

    // After a turn: out since the microstep with which the tips came out in this stroke, or since before the turn.
    private void SetTipOut(long firstEdge, long from)
    {
        if (TipMicrometers <= 0)
        {
            TipOutSince = null;
            return;
        }

        long top = CamGeometry.StrokeOf(Angle) * CamGeometry.MicrostepsPerStroke;
        long cameOut = top + CamGeometry.FirstPlaceBelow(reach + NoiseAt(Angle));
        if (cameOut > from || TipOutSince is null)
        {
            TipOutSince = train.TimeOf(firstEdge + Math.Max(0, cameOut - from - 1));
        }
    }

    // A stepper follows its pulses, or it does not follow them at all until they are slow enough to begin again.
    private void Follow()
    {
        int hertz = Powered ? train.Hertz : 0;
        bool tooHeavy = hertz > 0 && NeedleTorque.Load(hertz, reach, Skin) > NeedleTorque.Available(hertz);
        if (hertz <= PullInHertz && !tooHeavy)
        {
            Stalled = false;
        }
        else if (!Stalled && (tooHeavy || hertz > followedHertz + PullInHertz))
        {
            Stalled = true;
            Stalls++;
        }

        followedHertz = Stalled ? 0 : hertz;
    }

    private void Sample(long now)
    {
        if (samples.Count > 0 && now - sampledAt < RateSampleSpacing)
        {
            return;
        }

        sampledAt = now;
        samples.Enqueue((now, Angle));
        if (samples.Count > RateSamples)
        {
            samples.Dequeue();
        }
    }
}
