namespace Microneedling.Protocol
{
    /// <summary>One event. Numbers rise by one from 1 at each start, so a gap shows.</summary>
    public sealed class EventReport : Message
    {
        /// <summary>Number of the event.</summary>
        public uint Number;

        /// <summary>Device time of the event, milliseconds since start.</summary>
        public uint UptimeMilliseconds;

        /// <summary>The <see cref="EventCode"/>.</summary>
        public ushort Code;

        /// <summary>First argument, as <see cref="EventCode"/> names it.</summary>
        public int Argument1;

        /// <summary>Second argument, as <see cref="EventCode"/> names it.</summary>
        public int Argument2;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.Event; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 18; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            Number = cursor.UInt32(Number);
            UptimeMilliseconds = cursor.UInt32(UptimeMilliseconds);
            Code = cursor.UInt16(Code);
            Argument1 = cursor.Int32(Argument1);
            Argument2 = cursor.Int32(Argument2);
        }
    }
}
