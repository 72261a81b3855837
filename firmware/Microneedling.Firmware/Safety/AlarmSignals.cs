using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// Makes the latched fault seen and heard: patterns of LED and buzzer by priority, after IEC 60601-1-8. Silencing
    /// pauses the buzzer only; another fault sounds again.
    /// <code>
    ///   high    LED 2 Hz     beeps ■■■ ■■   ■■■ ■■        every 5 s
    ///   medium  LED 0.6 Hz   beeps ■ ■ ■                  every 7 s
    ///   low     LED steady   beep  ■                      every 20 s
    /// </code>
    /// </summary>
    public sealed class AlarmSignals
    {
        // Milliseconds on and off in turn, then from the beginning; null is silence.
        private static readonly int[] HighBeeps = new int[]
        {
            150, 100, 150, 100, 150, 300, 150, 100, 150, 600,
            150, 100, 150, 100, 150, 300, 150, 100, 150, 5000,
        };

        private static readonly int[] MediumBeeps = new int[] { 200, 200, 200, 200, 200, 7000 };
        private static readonly int[] LowBeeps = new int[] { 200, 20000 };
        private static readonly int[] HighFlash = new int[] { 250, 250 };
        private static readonly int[] MediumFlash = new int[] { 800, 800 };
        private static readonly int[] Steady = new int[] { 60000, 0 };

        private readonly Lifecycle life;
        private readonly Line led;
        private readonly Line buzzer;
        private FaultCode shown;
        private bool silenced;
        private long silencedAt;

        public AlarmSignals(Board board, Lifecycle life)
        {
            this.life = life;
            led = new Line(board.AlarmLed);
            buzzer = new Line(board.AlarmBuzzer);
        }

        /// <summary>How soon a person must act.</summary>
        public AlarmPriority Priority
        {
            get { return Alarms.PriorityOf(life.Fault); }
        }

        /// <summary>Whether the buzzer is silenced.</summary>
        public bool IsSilenced
        {
            get { return silenced; }
        }

        /// <summary>Silences the buzzer for a while.</summary>
        public void Silence(long now)
        {
            silenced = true;
            silencedAt = now;
            buzzer.Play(null, now);
        }

        /// <summary>Follows fault and patterns.</summary>
        public void Tick(long now)
        {
            if (life.Fault != shown)
            {
                shown = life.Fault;
                silenced = false;
                led.Play(FlashOf(Priority), now);
                buzzer.Play(BeepsOf(Priority), now);
            }
            else if (silenced && now - silencedAt > Limits.AlarmSilenceMilliseconds * 1000L)
            {
                silenced = false;
                buzzer.Play(BeepsOf(Priority), now);
            }

            led.Tick(now);
            buzzer.Tick(now);
        }

        private static int[] FlashOf(AlarmPriority priority)
        {
            switch (priority)
            {
                case AlarmPriority.None:
                    return null;
                case AlarmPriority.Low:
                    return Steady;
                case AlarmPriority.Medium:
                    return MediumFlash;
                default:
                    return HighFlash;
            }
        }

        private static int[] BeepsOf(AlarmPriority priority)
        {
            switch (priority)
            {
                case AlarmPriority.None:
                    return null;
                case AlarmPriority.Low:
                    return LowBeeps;
                case AlarmPriority.Medium:
                    return MediumBeeps;
                default:
                    return HighBeeps;
            }
        }

        // One output that plays a pattern; without a pin, silently.
        private sealed class Line
        {
            private readonly System.Device.Gpio.GpioPin pin;
            private int[] pattern;
            private int at;
            private long changeAt;
            private bool on;

            public Line(System.Device.Gpio.GpioPin pin)
            {
                this.pin = pin;
            }

            public void Play(int[] wanted, long now)
            {
                pattern = wanted;
                at = 0;
                Set(wanted != null);
                changeAt = wanted != null ? now + (wanted[0] * 1000L) : 0;
            }

            public void Tick(long now)
            {
                if (pattern == null || now < changeAt)
                {
                    return;
                }

                at = (at + 1) % pattern.Length;
                changeAt = now + (pattern[at] * 1000L);
                if (pattern[at] > 0)
                {
                    Set(at % 2 == 0);
                }
            }

            private void Set(bool wanted)
            {
                if (wanted != on)
                {
                    on = wanted;
                    if (pin != null)
                    {
                        pin.Write(wanted ? Board.High : Board.Low);
                    }
                }
            }
        }
    }
}
