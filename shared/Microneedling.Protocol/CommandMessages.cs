namespace Microneedling.Protocol
{
    /// <summary>Proposes a treatment. Answered by <see cref="TreatmentAccepted"/>. While armed or running it changes depth and rate within the armed cap.</summary>
    public sealed class ConfigureTreatment : Message
    {
        /// <summary>Depth, micrometres, 100 … DepthCapMicrometers.</summary>
        public ushort DepthMicrometers;

        /// <summary>Deepest depth of this treatment, micrometres, up to 2 500; above 1 500 only with the unlock.</summary>
        public ushort DepthCapMicrometers;

        /// <summary>Stroke rate, millihertz, 10 000 … 100 000.</summary>
        public uint RateMillihertz;

        /// <summary>1 when a supervisor has unlocked depths above 1 500 µm, else 0.</summary>
        public byte SupervisorUnlock;

        /// <summary>Strokes of a press, 1 … 500; 0: as long as the trigger is held. Since 1.1.</summary>
        public ushort BurstStrokes;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.ConfigureTreatment; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 9; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            DepthMicrometers = cursor.UInt16(DepthMicrometers);
            DepthCapMicrometers = cursor.UInt16(DepthCapMicrometers);
            RateMillihertz = cursor.UInt32(RateMillihertz);
            SupervisorUnlock = cursor.Byte(SupervisorUnlock);
            BurstStrokes = cursor.UInt16(BurstStrokes);
        }
    }

    /// <summary>Makes the device ready for the trigger with exactly the treatment that the token stands for.</summary>
    public sealed class Arm : Message
    {
        /// <summary>Token of <see cref="TreatmentAccepted"/>.</summary>
        public uint Token;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.Arm; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 4; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            Token = cursor.UInt32(Token);
        }
    }

    /// <summary>Acknowledges the latched fault. Names it, so that a fault nobody has seen is never cleared.</summary>
    public sealed class ClearFault : Message
    {
        /// <summary>The <see cref="FaultCode"/> that the person has seen.</summary>
        public ushort Fault;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.ClearFault; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 2; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            Fault = cursor.UInt16(Fault);
        }
    }

    /// <summary>Asks for events again. Answered by <see cref="EventsAvailable"/>, then the events in order.</summary>
    public sealed class EventsRequest : Message
    {
        /// <summary>Number of the first event wanted.</summary>
        public uint FirstNumber;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.EventsRequest; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 4; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            FirstNumber = cursor.UInt32(FirstNumber);
        }
    }
}
