using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// Counts strokes and measures their rate at the index flag, by the pulse counter: hardware sees every pulse, however
    /// late the loop is. Also says whether the measured rate is within its band.
    /// </summary>
    public sealed class StrokeMonitor
    {
        private const int SampleSpacingMicroseconds = 40000;
        private const int Samples = 32;
        private const int WindowMicroseconds = 1000000;

        // Longer than the slowest stroke, the creep's 200 ms.
        private const int StillMicroseconds = 300000;
        private const int SettlingMicroseconds = 1300000;
        private const int ResetAbove = 16000;

        private readonly Board board;
        private readonly long[] sampleTimes = new long[Samples];
        private readonly int[] sampleCounts = new int[Samples];
        private int newest;
        private int stored;
        private int hardwareCount;
        private long changedAt;
        private long windowFrom;
        private long steadySince;
        private int steadyHertz;

        public StrokeMonitor(Board board)
        {
            this.board = board;
        }

        /// <summary>Strokes since the firmware started.</summary>
        public uint StrokeCount { get; private set; }

        /// <summary>Measured stroke rate in millihertz; 0 when the needles stand still.</summary>
        public int MeasuredMillihertz { get; private set; }

        /// <summary>The needles are about to move: forgets the earlier rate, and empties the hardware counter in time.</summary>
        public void Begin(long now)
        {
            stored = 0;
            changedAt = now;
            steadyHertz = 0;
            MeasuredMillihertz = 0;
            if (hardwareCount > ResetAbove)
            {
                Count(now);
                board.StrokeCounter.Reset();
                hardwareCount = 0;
            }
        }

        /// <summary>
        /// Takes the counter's reading into count and rate, every 40 ms: reading it allocates, and so seldom is enough.
        /// </summary>
        public void Tick(long now)
        {
            if (stored != 0 && now - sampleTimes[newest] < SampleSpacingMicroseconds)
            {
                return;
            }

            Count(now);
            newest = (newest + 1) % Samples;
            sampleTimes[newest] = now;
            sampleCounts[newest] = hardwareCount;
            if (stored < Samples)
            {
                stored++;
            }

            // However many strokes the window holds: none for so long means no more than one in so long.
            int overWindow = RateOverWindow(now);
            int mostPossible = MostSinceLastStroke(now);
            MeasuredMillihertz = overWindow < mostPossible ? overWindow : mostPossible;
        }

        /// <summary>
        /// Whether the measured rate is within ±10 % of the driven one; true until the drive has been steady for long
        /// enough to tell.
        /// </summary>
        public bool IsInBand(int hertz, bool steady, long now)
        {
            if (!steady || hertz != steadyHertz)
            {
                steadyHertz = steady ? hertz : 0;
                steadySince = now;
                return true;
            }

            if (now - steadySince < SettlingMicroseconds)
            {
                return true;
            }

            int driven = NeedleUnits.MillihertzAt(hertz);
            int tolerance = driven / 100 * Limits.RateFaultBandPercent;
            return MeasuredMillihertz >= driven - tolerance && MeasuredMillihertz <= driven + tolerance;
        }

        private void Count(long now)
        {
            int count = (int)board.StrokeCounter.Read().Count;
            if (count != hardwareCount)
            {
                StrokeCount += (uint)(count - hardwareCount);
                hardwareCount = count;
                if (now - changedAt > StillMicroseconds)
                {
                    // The needles stood still: strokes from before say nothing of this one.
                    windowFrom = changedAt;
                }

                changedAt = now;
            }
        }

        private int MostSinceLastStroke(long now)
        {
            long silence = now - changedAt;
            if (silence > WindowMicroseconds)
            {
                return 0;
            }

            return silence <= 0 ? int.MaxValue : (int)(1000000000L / silence);
        }

        private int RateOverWindow(long now)
        {
            int oldest = newest;
            for (int back = 1; back < stored; back++)
            {
                int candidate = (newest + Samples - back) % Samples;
                if (now - sampleTimes[candidate] > WindowMicroseconds || sampleTimes[candidate] < windowFrom)
                {
                    break;
                }

                oldest = candidate;
            }

            long span = now - sampleTimes[oldest];
            return span <= 0 ? 0 : (int)((hardwareCount - sampleCounts[oldest]) * 1000000000L / span);
        }
    }
}
