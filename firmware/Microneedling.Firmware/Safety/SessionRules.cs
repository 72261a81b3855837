using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// One cartridge, one session: a cartridge that has made a stroke in one session is refused in another until it has
    /// been seen off the handpiece. And how long a session may stroke in all. What is remembered of the cartridge
    /// survives a power cut from the next parking on.
    /// </summary>
    public sealed class SessionRules
    {
        // Shorter is a shaking contact, not a hand that exchanges a cartridge.
        private const long ExchangeMicroseconds = 500000;
        private const long ContactMicroseconds = 50000;

        private readonly BoardInputs inputs;
        private readonly LifeCounters counters;
        private readonly EventLog events;
        private readonly Refusal refusal;
        private bool reportedSeated;
        private long steadySince;
        private bool seatedBefore;
        private int strokedMilliseconds;
        private int strokedMicroseconds;

        public SessionRules(BoardInputs inputs, LifeCounters counters, EventLog events, Refusal refusal)
        {
            this.inputs = inputs;
            this.counters = counters;
            this.events = events;
            this.refusal = refusal;
        }

        /// <summary>Number of the session; 0 until a host begins one.</summary>
        public uint Number { get; private set; }

        /// <summary>Whether the seated cartridge was used in another session.</summary>
        public bool CartridgeUsedBefore
        {
            get { return counters.CartridgeUsed && counters.CartridgeSession != Number; }
        }

        /// <summary>Whether the session has stroked for as long as one may.</summary>
        public bool LimitReached
        {
            get { return strokedMilliseconds >= Limits.SessionRunLimitMilliseconds; }
        }

        /// <summary>Takes the cartridge as it is found at the start.</summary>
        public void Start(long now)
        {
            seatedBefore = inputs.Has(Inputs.CartridgeSeated);
            reportedSeated = seatedBefore;
            steadySince = now;
        }

        /// <summary>Begins a session, or goes on with the same.</summary>
        public RejectionReason Begin(uint number, long now)
        {
            if (number == 0)
            {
                return RejectionReason.SessionNumberMissing;
            }

            if (number != Number)
            {
                Number = number;
                strokedMilliseconds = 0;
                events.Add(now, EventCode.SessionBegun, (int)number, 0);
            }

            return RejectionReason.None;
        }

        /// <summary>Why this session must not be armed; None when it may.</summary>
        public RejectionReason WhyArmingIsRefused()
        {
            if (!inputs.Has(Inputs.CartridgeSeated))
            {
                return RejectionReason.CartridgeMissing;
            }

            if (CartridgeUsedBefore)
            {
                return refusal.Because(RejectionReason.CartridgeUsed, (int)counters.CartridgeSession);
            }

            return LimitReached ? refusal.Because(RejectionReason.SessionLimitReached, Limits.SessionRunLimitMilliseconds) : RejectionReason.None;
        }

        /// <summary>Follows the cartridge's contact, and the time stroked since the last tick.</summary>
        public void Tick(long now, bool stroking, int elapsedMicroseconds)
        {
            bool seated = inputs.Has(Inputs.CartridgeSeated);
            if (seated != seatedBefore)
            {
                seatedBefore = seated;
                steadySince = now;
            }

            long steady = now - steadySince;
            if (seated != reportedSeated && steady >= ContactMicroseconds)
            {
                reportedSeated = seated;
                events.Add(now, EventCode.CartridgeChanged, seated ? 1 : 0, 0);
            }

            if (!seated && counters.CartridgeUsed && steady >= ExchangeMicroseconds)
            {
                counters.SetCartridge(false, 0);
                strokedMilliseconds = Number == 0 ? 0 : strokedMilliseconds;
            }

            if (stroking)
            {
                NoteStroking(now, elapsedMicroseconds);
            }
        }

        private void NoteStroking(long now, int elapsedMicroseconds)
        {
            if (!counters.CartridgeUsed)
            {
                counters.SetCartridge(true, Number);
                events.Add(now, EventCode.CartridgeUsed, (int)Number, 0);
            }

            strokedMicroseconds += elapsedMicroseconds;
            strokedMilliseconds += strokedMicroseconds / 1000;
            strokedMicroseconds %= 1000;
        }
    }
}
