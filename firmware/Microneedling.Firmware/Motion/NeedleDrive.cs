using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// Owns the PWM channel that steps the needle cam, and is the one place where its frequency is set and bounded.
    /// <code>
    ///  Hz   target ________
    ///            /         \
    ///           / 100 /s²   \ 200 /s²
    ///   creep _/             \_____ | cut where the index flag shows
    /// </code>
    /// Frequency is the rate: a late loop leaves it as it is. Knows neither depth nor states.
    /// </summary>
    public sealed class NeedleDrive
    {
        /// <summary>Frequency of 5 strokes/s: slow enough to start from rest, and to stop within the index flag.</summary>
        public const int CreepHertz = Limits.StartRateMillihertz / 5 * 2;

        /// <summary>Ceiling of the pulse frequency: 100 strokes/s.</summary>
        public const int CeilingHertz = Limits.MaximumRateMillihertz / 5 * 2;

        private const int AccelerationHertzPerMillisecond = Limits.AccelerationMillihertzPerSecond / 5 * 2 / 1000;
        private const int BrakingHertzPerMillisecond = Limits.BrakingMillihertzPerSecond / 5 * 2 / 1000;
        private const int LongestRampMicroseconds = 20000;

        // Worst of A4988, DRV8825 and TMC2209 is 1.7 ms.
        private const int DriverWakeMicroseconds = 2000;

        private readonly Board board;
        private int hertz;
        private int targetHertz;
        private bool endAtTop;
        private bool enabled;
        private long awakeAt;
        private long rampedAt;
        private long creepingSince;
        private long tunedAt;
        private long givenMillionths;

        public NeedleDrive(Board board)
        {
            this.board = board;
        }

        /// <summary>Pulse frequency now, in hertz; 0 when no pulses are given.</summary>
        public int Hertz
        {
            get { return hertz; }
        }

        /// <summary>Whether pulses are given.</summary>
        public bool IsMoving
        {
            get { return hertz != 0; }
        }

        /// <summary>Whether the drive runs at the frequency asked for.</summary>
        public bool IsSteady
        {
            get { return hertz != 0 && hertz == targetHertz && !endAtTop; }
        }

        /// <summary>Whether the drive slows down to stop at top dead centre.</summary>
        public bool IsEndingAtTop
        {
            get { return endAtTop; }
        }

        /// <summary>Pulses that braking down to a creep takes from now.</summary>
        public int BrakingPulses
        {
            get { return ((hertz * hertz / 1000) - (CreepHertz * CreepHertz / 1000)) / (2 * BrakingHertzPerMillisecond); }
        }

        /// <summary>Pulses given since the start, by frequency and time; a retune may have given one more.</summary>
        public long PulsesGiven(long now)
        {
            return (givenMillionths + (hertz * (now - tunedAt))) / 1000000;
        }

        /// <summary>Energises the motor, or lets it go. Letting go cuts the pulses first.</summary>
        public void SetEnabled(bool on)
        {
            if (!on)
            {
                Cut();
            }

            if (on != enabled)
            {
                enabled = on;
                board.NeedleEnable.Write(on ? Board.High : Board.Low);
                awakeAt = board.NowMicroseconds() + DriverWakeMicroseconds;
            }
        }

        /// <summary>Strokes at a frequency, along the ramp; bounded by creep and ceiling.</summary>
        public void Run(int wantedHertz, long now)
        {
            endAtTop = false;
            targetHertz = Bounded(wantedHertz);
            StartIfStill(now);
        }

        /// <summary>Slows to a creep and cuts the pulses where the index flag shows. Before the driver is awake nothing starts: ask again.</summary>
        public void EndAtTop(long now)
        {
            if (!endAtTop || hertz == 0)
            {
                endAtTop = true;
                targetHertz = CreepHertz;
                creepingSince = now;
                StartIfStill(now);
            }
        }

        /// <summary>Cuts the pulses at once, wherever the cam is.</summary>
        public void Cut()
        {
            board.NeedlePulses.Stop();
            Tuned(0);
            targetHertz = 0;
            endAtTop = false;
        }

        /// <summary>Follows the ramp; cuts at top dead centre when asked to. At most one retune a tick.</summary>
        public void Tick(long now, bool indexFlag)
        {
            if (hertz == 0)
            {
                return;
            }

            int elapsed = ElapsedSinceRamp(now);
            if (hertz < targetHertz)
            {
                int risen = hertz + ((AccelerationHertzPerMillisecond * elapsed) / 1000);
                SetFrequency(risen > targetHertz ? targetHertz : risen);
            }
            else if (hertz > targetHertz)
            {
                int fallen = hertz - ((BrakingHertzPerMillisecond * elapsed) / 1000);
                SetFrequency(fallen < targetHertz ? targetHertz : fallen);
                creepingSince = now;
            }
            else if (endAtTop && indexFlag)
            {
                Cut();
            }
        }

        /// <summary>How long the drive has been creeping for the index flag, in microseconds; 0 when it does not.</summary>
        public int CreepingMicroseconds(long now)
        {
            return endAtTop && hertz != 0 ? (int)(now - creepingSince) : 0;
        }

        private void StartIfStill(long now)
        {
            if (hertz == 0 && enabled && now >= awakeAt)
            {
                rampedAt = now;
                board.NeedlePulses.Frequency = CreepHertz;
                board.NeedlePulses.Start();
                Tuned(CreepHertz);
            }
        }

        private int ElapsedSinceRamp(long now)
        {
            long elapsed = now - rampedAt;
            rampedAt = now;
            return elapsed > LongestRampMicroseconds ? LongestRampMicroseconds : (int)elapsed;
        }

        // A retune restarts the timer, which gives an early edge: never without need.
        private void SetFrequency(int wantedHertz)
        {
            int bounded = Bounded(wantedHertz);
            if (bounded != hertz)
            {
                board.NeedlePulses.Frequency = bounded;
                Tuned(bounded);
            }
        }

        private void Tuned(int newHertz)
        {
            long now = board.NowMicroseconds();
            givenMillionths += hertz * (now - tunedAt);
            tunedAt = now;
            hertz = newHertz;
        }

        private static int Bounded(int wantedHertz)
        {
            if (wantedHertz > CeilingHertz)
            {
                return CeilingHertz;
            }

            return wantedHertz < CreepHertz ? CreepHertz : wantedHertz;
        }
    }
}
