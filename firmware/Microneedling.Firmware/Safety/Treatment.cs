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
        private readonly byte[] tokenInput = new byte[20];
        private readonly PayloadCursor cursor = new PayloadCursor();
        private uint accepted;

        public Treatment(uint bootId)
        {
            this.bootId = bootId;
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

        /// <summary>What the limit was that a proposal broke.</summary>
        public int Detail { get; private set; }

        /// <summary>The cap as a stage position.</summary>
        public int CapSteps
        {
            get { return StageUnits.StepsForDepth(DepthCapMicrometers); }
        }

        /// <summary>Whether a proposal is within the limits. Changes nothing but <see cref="Detail"/>.</summary>
        public RejectionReason Check(ConfigureTreatment proposal)
        {
            if (proposal.DepthCapMicrometers > Limits.AbsoluteDepthMicrometers || proposal.DepthMicrometers > Limits.AbsoluteDepthMicrometers)
            {
                return Broken(RejectionReason.DepthAboveAbsolute, Limits.AbsoluteDepthMicrometers);
            }

            if (proposal.DepthCapMicrometers > Limits.UnsupervisedDepthMicrometers && proposal.SupervisorUnlock != 1)
            {
                return Broken(RejectionReason.SupervisorRequired, Limits.UnsupervisedDepthMicrometers);
            }

            if (proposal.DepthMicrometers > proposal.DepthCapMicrometers)
            {
                return Broken(RejectionReason.DepthAboveCap, proposal.DepthCapMicrometers);
            }

            if (proposal.DepthMicrometers < Limits.MinimumDepthMicrometers)
            {
                return Broken(RejectionReason.DepthTooShallow, Limits.MinimumDepthMicrometers);
            }

            if (proposal.RateMillihertz < Limits.MinimumRateMillihertz)
            {
                return Broken(RejectionReason.RateTooLow, Limits.MinimumRateMillihertz);
            }

            if (proposal.RateMillihertz > Limits.MaximumRateMillihertz)
            {
                return Broken(RejectionReason.RateTooHigh, Limits.MaximumRateMillihertz);
            }

            return RejectionReason.None;
        }

        /// <summary>Takes over a proposal that <see cref="Check"/> has passed, rounded towards shallower and slower.</summary>
        public void Accept(ConfigureTreatment proposal)
        {
            DepthSteps = StageUnits.StepsForDepth(proposal.DepthMicrometers);
            DepthMicrometers = StageUnits.MicrometersAt(DepthSteps);
            DepthCapMicrometers = proposal.DepthCapMicrometers;
            Hertz = NeedleUnits.HertzForRate((int)proposal.RateMillihertz);
            RateMillihertz = NeedleUnits.MillihertzAt(Hertz);
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

        private RejectionReason Broken(RejectionReason reason, int limit)
        {
            Detail = limit;
            return reason;
        }

        private uint MakeToken()
        {
            cursor.StartWriting(tokenInput, 0);
            cursor.UInt32(bootId);
            cursor.UInt32(accepted);
            cursor.Int32(DepthMicrometers);
            cursor.Int32(DepthCapMicrometers);
            cursor.Int32(RateMillihertz);
            return Crc32.Of(tokenInput, 0, cursor.Position);
        }
    }
}
