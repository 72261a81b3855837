using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// Counts strokes and measures their rate at the index flag, by the pulse counter: hardware sees every pulse, however
    /// late the loop is. Says whether the needles stand although they are driven, and whether their rate is in its band.
    /// <code>
    ///   strokes  ──┬───┬───┬───┬───┬── now        rate = strokes ÷ time between the first and the last of a window
    ///              └── at least 400 ms and 8 strokes, at most 1 s ──┘
    /// </code>
    /// </summary>
    public sealed class StrokeMonitor
    {
        private const int Samples = 128;
        private const int ShortestWindowMicroseconds = 400000;
        private const int LongestWindowMicroseconds = 1000000;
        private const int FewestStrokes = 8;

        // At rest the counter is read seldom: reading it allocates, and only hands turn the cam then.
        private const int RestSpacingMicroseconds = 200000;

        // Longer than the slowest stroke, the creep's 200 ms.
        private const int StillMicroseconds = 300000;
        private const int SettlingMicroseconds = 1000000;
        private const int OutOfBandMicroseconds = 300000;

        // Shorter than this is a missed edge or a late reading, not a standing motor.
        private const int StallMicroseconds = 150000;
        private const int StallStrokes = 3;

        // The flag's first half, a start that a pause hid for 150 ms, the early edges of retunes.
        private const int SurplusPulses = 350;

        private const int ResetAbove = 16000;

        // One stroke in so many microseconds is 1 mHz.
        private const long MillihertzMicroseconds = 1000000000;

        private readonly Board board;
        private readonly long[] sampleTimes = new long[Samples];
        private readonly int[] sampleCounts = new int[Samples];
        private int newest;
        private int oldest;
        private int rateOverWindow;
        private int hardwareCount;
        private long readAt;
        private long changedAt;
        private long pulsesGiven;
        private long pulsesAtStroke;
        private long pulsesAtBegin;
        private uint strokesAtBegin;
        private long steadySince;
        private int steadyHertz;
        private long inBandAt;

        public StrokeMonitor(Board board)
        {
            this.board = board;
        }

        /// <summary>Strokes since the firmware started.</summary>
        public uint StrokeCount { get; private set; }

        /// <summary>Measured stroke rate in millihertz; 0 when the needles stand still.</summary>
        public int MeasuredMillihertz { get; private set; }

        /// <summary>The needles are about to move: forgets the earlier rate, and empties the hardware counter in time.</summary>
        public void Begin(long now, long pulses)
        {
            Read(now);
            Forget();
            changedAt = now;
            pulsesAtBegin = pulses;
            pulsesAtStroke = pulses;
            pulsesGiven = pulses;
            strokesAtBegin = StrokeCount;
            steadyHertz = 0;
            MeasuredMillihertz = 0;
            if (hardwareCount > ResetAbove)
            {
                board.StrokeCounter.Reset();
                hardwareCount = 0;
            }
        }

        /// <summary>Takes the counter's reading into count and rate; so many pulses have been given to the drive by now.</summary>
        public void Tick(long now, long pulses)
        {
            bool still = pulses == pulsesGiven && now - changedAt > StillMicroseconds;
            pulsesGiven = pulses;
            if (still && now - readAt < RestSpacingMicroseconds)
            {
                return;
            }

            if (Read(now))
            {
                pulsesAtStroke = pulses;
            }

            // However many strokes the window holds: none for so long means no more than one in so long.
            long silence = now - changedAt;
            if (silence > LongestWindowMicroseconds)
            {
                MeasuredMillihertz = 0;
            }
            else
            {
                MeasuredMillihertz = silence * rateOverWindow > MillihertzMicroseconds ? (int)(MillihertzMicroseconds / silence) : rateOverWindow;
            }
        }

        /// <summary>Whether no stroke has come where several should have, by the pulses given.</summary>
        public bool IsStalled(long now)
        {
            return pulsesGiven - pulsesAtStroke > StallStrokes * NeedleUnits.PulsesPerStroke && now - changedAt > StallMicroseconds;
        }

        /// <summary>Whether more strokes have come since the needles began to move than the pulses given can have made: the index flag shows where it must not.</summary>
        public bool HasSurplus()
        {
            long made = (StrokeCount - strokesAtBegin) * (long)NeedleUnits.PulsesPerStroke;
            long given = pulsesGiven - pulsesAtBegin;
            return made - given > SurplusPulses + (given / 20);
        }

        /// <summary>
        /// Whether the measured rate is within ±10 % of the driven one; true until the drive has been steady for long
        /// enough to tell, and through what is shorter than a few strokes.
        /// </summary>
        public bool IsInBand(int hertz, bool steady, long now)
        {
            if (!steady || hertz != steadyHertz)
            {
                steadyHertz = steady ? hertz : 0;
                steadySince = now;
                inBandAt = now;
                return true;
            }

            int driven = NeedleUnits.MillihertzAt(hertz);
            int tolerance = driven / 100 * Limits.RateFaultBandPercent;
            bool inBand = MeasuredMillihertz >= driven - tolerance && MeasuredMillihertz <= driven + tolerance;
            if (inBand || now - steadySince < SettlingMicroseconds)
            {
                inBandAt = now;
            }

            return now - inBandAt < OutOfBandMicroseconds;
        }

        private bool Read(long now)
        {
            readAt = now;
            int count = (int)board.StrokeCounter.Read().Count;
            if (count == hardwareCount)
            {
                return false;
            }

            StrokeCount += (uint)(count - hardwareCount);
            hardwareCount = count;
            if (now - changedAt > StillMicroseconds)
            {
                // The needles stood still: strokes from before say nothing of these.
                Forget();
            }

            changedAt = now;
            newest = Next(newest);
            sampleTimes[newest] = now;
            sampleCounts[newest] = count;
            TrimWindow(now, count);
            return true;
        }

        private void Forget()
        {
            oldest = Next(newest);
            rateOverWindow = 0;
        }

        // The window's beginning moves on as long as what is left is long enough.
        private void TrimWindow(long now, int count)
        {
            while (oldest != newest)
            {
                int next = Next(oldest);
                bool tooLong = now - sampleTimes[oldest] > LongestWindowMicroseconds;
                bool longEnough = now - sampleTimes[next] >= ShortestWindowMicroseconds && count - sampleCounts[next] >= FewestStrokes;
                if (!tooLong && !longEnough)
                {
                    break;
                }

                oldest = next;
            }

            long window = now - sampleTimes[oldest];
            rateOverWindow = window <= 0 ? 0 : (int)((count - sampleCounts[oldest]) * MillihertzMicroseconds / window);
        }

        private static int Next(int index)
        {
            return (index + 1) & (Samples - 1);
        }
    }
}
