namespace Microneedling.Protocol
{
    /// <summary>The command was refused; nothing changed.</summary>
    public sealed class Rejected : Message
    {
        /// <summary>The <see cref="RejectionReason"/>.</summary>
        public byte Reason;

        /// <summary>What the reason says of it: a limit, a state, a fault; else 0.</summary>
        public int Detail;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.Rejected; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 5; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            Reason = cursor.Byte(Reason);
            Detail = cursor.Int32(Detail);
        }
    }

    /// <summary>The effective values, rounded towards shallower and slower, and the token that stands for exactly them.</summary>
    public sealed class TreatmentAccepted : Message
    {
        /// <summary>Effective depth, micrometres.</summary>
        public ushort DepthMicrometers;

        /// <summary>Cap of this treatment, micrometres.</summary>
        public ushort DepthCapMicrometers;

        /// <summary>Effective stroke rate, millihertz.</summary>
        public uint RateMillihertz;

        /// <summary>Stands for exactly these values in <see cref="Arm"/>; not 0.</summary>
        public uint Token;

        /// <summary>Strokes of a press; 0: as long as the trigger is held. Since 1.1.</summary>
        public ushort BurstStrokes;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.TreatmentAccepted; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 12; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            DepthMicrometers = cursor.UInt16(DepthMicrometers);
            DepthCapMicrometers = cursor.UInt16(DepthCapMicrometers);
            RateMillihertz = cursor.UInt32(RateMillihertz);
            Token = cursor.UInt32(Token);
            BurstStrokes = cursor.UInt16(BurstStrokes);
        }
    }

    /// <summary>Which events the device still has. Numbers before the oldest are gone for good.</summary>
    public sealed class EventsAvailable : Message
    {
        /// <summary>Oldest event still kept; 0 when there is none.</summary>
        public uint OldestNumber;

        /// <summary>Latest event; 0 when there is none.</summary>
        public uint LatestNumber;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.EventsAvailable; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 8; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            OldestNumber = cursor.UInt32(OldestNumber);
            LatestNumber = cursor.UInt32(LatestNumber);
        }
    }
}
