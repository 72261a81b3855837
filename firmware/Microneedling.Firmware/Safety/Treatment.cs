using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// The treatment accepted last: checks what a host proposes against the limits, turns it into steps and hertz, and
    /// gives the token that stands for exactly these values.
    /// </summary>
    public sealed class Treatment
    {
        private readonly uint bootId;
        private readonly Settings settings;
        private readonly Refusal refusal;
        private readonly byte[] tokenInput = new byte[24];
        private readonly PayloadCursor cursor = new PayloadCursor();
        private uint accepted;

        public Treatment(uint bootId, Settings settings, Refusal refusal)
        {
            this.bootId = bootId;
            this.settings = settings;
            this.refusal = refusal;
        }

        /// <summary>Effective depth in micrometres, or 0 when nothing is accepted.</summary>
        public int DepthMicrometers { get; private set; }

        /// <summary>Cap in micrometres.</summary>
        public int DepthCapMicrometers { get; private set; }

        /// <summary>Effective rate in millihertz.</summary>
        public int RateMillihertz { get; private set; }

        /// <summary>Depth as a stage position.</summary>
        public int DepthSteps { get; private set; }

        /// <summary>Pulse frequency.</summary>
        public int Hertz { get; private set; }

        /// <summary>Stands for the values above; 0 when nothing is accepted.</summary>
        public uint Token { get; private set; }

        /// <summary>Strokes of a press; 0: as long as the trigger is held.</summary>
        public int BurstStrokes { get; private set; }

        /// <summary>The cap as a stage position.</summary>
        public int CapSteps
        {
            get { return StageUnits.StepsForDepth(DepthCapMicrometers, settings.ZeroOffsetMicrometers); }
        }

        /// <summary>Whether a proposal is within the limits. Changes nothing.</summary>
        public RejectionReason Check(ConfigureTreatment proposal)
        {
            int deepest = StageUnits.DeepestMicrometers(settings.ZeroOffsetMicrometers);
            if (proposal.DepthCapMicrometers > deepest || proposal.DepthMicrometers > deepest)
            {
                return refusal.Because(RejectionReason.DepthAboveAbsolute, deepest);
            }

            if (proposal.DepthCapMicrometers > Limits.UnsupervisedDepthMicrometers && proposal.SupervisorUnlock != 1)
            {
                return refusal.Because(RejectionReason.SupervisorRequired, Limits.UnsupervisedDepthMicrometers);
            }

            if (proposal.DepthMicrometers > proposal.DepthCapMicrometers)
            {
                return refusal.Because(RejectionReason.DepthAboveCap, proposal.DepthCapMicrometers);
            }

            if (proposal.DepthMicrometers < Limits.MinimumDepthMicrometers)
            {
                return refusal.Because(RejectionReason.DepthTooShallow, Limits.MinimumDepthMicrometers);
            }

            if (proposal.RateMillihertz < Limits.MinimumRateMillihertz)
            {
                return refusal.Because(RejectionReason.RateTooLow, Limits.MinimumRateMillihertz);
            }

            if (proposal.RateMillihertz > Limits.MaximumRateMillihertz)
            {
                return refusal.Because(RejectionReason.RateTooHigh, Limits.MaximumRateMillihertz);
            }

            return proposal.BurstStrokes > Limits.MaximumBurstStrokes
                ? refusal.Because(RejectionReason.BurstTooLong, Limits.MaximumBurstStrokes)
                : RejectionReason.None;
        }

        /// <summary>Takes over a proposal that <see cref="Check"/> has passed, rounded towards shallower and slower.</summary>
        public void Accept(ConfigureTreatment proposal)
        {
            DepthSteps = StageUnits.StepsForDepth(proposal.DepthMicrometers, settings.ZeroOffsetMicrometers);
            DepthMicrometers = StageUnits.MicrometersAt(DepthSteps, settings.ZeroOffsetMicrometers);
            DepthCapMicrometers = proposal.DepthCapMicrometers;
            Hertz = NeedleUnits.HertzForRate((int)proposal.RateMillihertz);
            RateMillihertz = NeedleUnits.MillihertzAt(Hertz);
            BurstStrokes = proposal.BurstStrokes;
            uint token;
            do
            {
                accepted++;
                token = MakeToken();
            }
            while (token == 0 || token == Token);
            Token = token;
        }

        /// <summary>Whether a token stands for the values accepted last.</summary>
        public bool IsCurrent(uint token)
        {
            return Token != 0 && token == Token;
        }

        /// <summary>Nothing is accepted any more: what the values stand for has changed.</summary>
        public void Forget()
        {
            DepthSteps = 0;
            DepthMicrometers = 0;
            DepthCapMicrometers = 0;
            RateMillihertz = 0;
            Hertz = 0;
            BurstStrokes = 0;
            Token = 0;
        }

        private uint MakeToken()
        {
            cursor.StartWriting(tokenInput, 0);
            cursor.UInt32(bootId);
            cursor.UInt32(accepted);
            cursor.Int32(DepthMicrometers);
            cursor.Int32(DepthCapMicrometers);
            cursor.Int32(RateMillihertz);
            cursor.Int32(BurstStrokes);
            return Crc32.Of(tokenInput, 0, cursor.Position);
        }
    }
}
