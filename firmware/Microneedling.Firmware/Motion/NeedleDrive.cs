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
        public const int CreepHertz = 2000;

        /// <summary>Ceiling of the pulse frequency: 100 strokes/s.</summary>
        public const int CeilingHertz = 40000;

        private const int AccelerationHertzPerSecond = 40000;
        private const int BrakingHertzPerSecond = 80000;
        private const int LongestRampMicroseconds = 20000;

        private readonly Board board;
        private int hertz;
        private int targetHertz;
        private bool endAtTop;
        private bool enabled;
        private long rampedAt;
        private long creepingSince;

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
            }
        }

        /// <summary>Strokes at a frequency, along the ramp; bounded by creep and ceiling.</summary>
        public void Run(int wantedHertz, long now)
        {
            endAtTop = false;
            targetHertz = Bounded(wantedHertz);
            StartIfStill(now);
        }

        /// <summary>Slows to a creep and cuts the pulses where the index flag shows.</summary>
        public void EndAtTop(long now)
        {
            endAtTop = true;
            targetHertz = CreepHertz;
            creepingSince = now;
            StartIfStill(now);
        }

        /// <summary>Cuts the pulses at once, wherever the cam is.</summary>
        public void Cut()
        {
            board.NeedlePulses.Stop();
            hertz = 0;
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
                int rise = (AccelerationHertzPerSecond / 1000 * elapsed) / 1000;
                SetFrequency(hertz + rise > targetHertz ? targetHertz : hertz + rise);
            }
            else if (hertz > targetHertz)
            {
                int fall = (BrakingHertzPerSecond / 1000 * elapsed) / 1000;
                SetFrequency(hertz - fall < targetHertz ? targetHertz : hertz - fall);
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
            rampedAt = now;
            if (hertz == 0)
            {
                hertz = CreepHertz;
                board.NeedlePulses.Frequency = CreepHertz;
                board.NeedlePulses.Start();
            }
        }

        private int ElapsedSinceRamp(long now)
        {
            long elapsed = now - rampedAt;
            rampedAt = now;
            return elapsed > LongestRampMicroseconds ? LongestRampMicroseconds : (int)elapsed;
        }

        private void SetFrequency(int wantedHertz)
        {
            hertz = Bounded(wantedHertz);
            board.NeedlePulses.Frequency = hertz;
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
