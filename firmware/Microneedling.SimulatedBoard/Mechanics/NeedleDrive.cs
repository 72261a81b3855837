// The needle motor with its cam, its index flag, and what the needle tips do. Turned by pulses; looks at them only when
// somebody asks or something changes: between two looks the stage stands still and the frequency is constant, so the way
// of the cam is arithmetic, not a loop over microsteps.

namespace Microneedling.SimulatedBoard.Mechanics;

/// <summary>The needle motor, its cam and the tips on it.</summary>
internal sealed class NeedleDrive(int camMicrosteps)
{
    /// <summary>Microsteps a second that a standing motor follows at once, and by which it follows a sudden rise (assumed: 20 strokes/s would be 375 rpm, a small stepper follows about two thirds).</summary>
    internal const int PullInHertz = 5_500;

    /// <summary>Microsteps a second above which the torque is gone: 1 500 rpm is at the edge (domain.md), 10 % more is beyond it.</summary>
    internal const int PullOutHertz = 44_000;

    private const int StrokesKept = 4_096;
    private const long RateSampleSpacing = 1_000;
    private const int RateSamples = 128;

    private readonly Queue<StrokeRecord> strokes = new();
    private readonly Queue<(long At, long Angle)> samples = new();
    private long sampledAt = long.MinValue;
    private PulseTrain train;
    private long trainCounted;
    private int followedHertz;
    private double deepestOfStroke = double.NegativeInfinity;

    /// <summary>Microsteps turned, from a top dead centre; grows for ever.</summary>
    internal long Angle { get; private set; } = camMicrosteps;

    internal bool Powered { get; private set; }

    internal bool Jammed { get; private set; }

    /// <summary>The motor has lost its pulses: it hums and does not turn until they cease or become slow.</summary>
    internal bool Stalled { get; private set; }

    internal long Stalls { get; private set; }

    internal long MicrostepsTurned { get; private set; }

    internal long MicrostepsLost { get; private set; }

    internal long TopsPassed { get; private set; }

    internal long BottomsPassed { get; private set; }

    internal long FlagRises { get; private set; }

    internal long FlagFalls { get; private set; }

    internal long? LastPulseAt { get; private set; }

    internal long? LastMicrostepAt { get; private set; }

    internal double DeepestTipMicrometers { get; private set; } = double.NegativeInfinity;

    internal IReadOnlyCollection<StrokeRecord> Strokes => strokes;

    /// <summary>Turns the cam by the pulses that have come, the stage standing at <paramref name="stageMicrometers"/> meanwhile.</summary>
    internal void Advance(long now, double stageMicrometers)
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
                    Turn(trainCounted, fresh, stageMicrometers);
                }
            }

            trainCounted = edges;
        }

        Sample(now);
    }

    /// <summary>One pulse from a plain output.</summary>
    internal void Pulse(long now, double stageMicrometers)
    {
        SetPulses(now, 1);
        Advance(now, stageMicrometers);
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
        Powered = powered;
        Follow();
    }

    internal void SetJammed(bool jammed)
    {
        Jammed = jammed;
        followedHertz = 0;
        Follow();
    }

    /// <summary>The tips where they are now, the stage standing at <paramref name="stageMicrometers"/>: positive is out of the nosecone.</summary>
    internal double TipMicrometers(double stageMicrometers) => stageMicrometers - CamGeometry.LiftMicrometers(Angle);

    /// <summary>The stage has moved: the tips with it.</summary>
    internal void StageMoved(double stageMicrometers) => Deepen(TipMicrometers(stageMicrometers));

    internal void ResetDeepestTip(double stageMicrometers) => DeepestTipMicrometers = TipMicrometers(stageMicrometers);

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

    private void Turn(long firstEdge, long microsteps, double stageMicrometers)
    {
        long from = Angle;
        long to = from + microsteps;
        while (Angle < to)
        {
            long nextTop = (Angle / CamGeometry.MicrostepsPerStroke * CamGeometry.MicrostepsPerStroke) + CamGeometry.MicrostepsPerStroke;
            long end = Math.Min(to, nextTop);
            Deepen(stageMicrometers - CamGeometry.LowestLiftMicrometers(Angle, end));
            Angle = end;
            if (end == nextTop)
            {
                Close(train.TimeOf(firstEdge + (end - from) - 1));
            }
        }

        MicrostepsTurned += microsteps;
        LastMicrostepAt = train.TimeOf(firstEdge + microsteps - 1);
        BottomsPassed += CamGeometry.Passes(from, to, CamGeometry.Bottom);
        FlagRises += CamGeometry.Passes(from, to, CamGeometry.MicrostepsPerStroke - CamGeometry.FlagHalfWidth);
        FlagFalls += CamGeometry.Passes(from, to, CamGeometry.FlagHalfWidth + 1);
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
    }

    private void Deepen(double tipMicrometers)
    {
        deepestOfStroke = Math.Max(deepestOfStroke, tipMicrometers);
        DeepestTipMicrometers = Math.Max(DeepestTipMicrometers, tipMicrometers);
    }

    // A stepper follows its pulses, or it does not follow them at all until they are slow enough to begin again.
    private void Follow()
    {
        int hertz = Powered ? train.Hertz : 0;
        if (hertz <= PullInHertz)
        {
            Stalled = false;
        }
        else if (!Stalled && (hertz > PullOutHertz || hertz > followedHertz + PullInHertz))
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
