namespace Microneedling.Protocol
{
    /// <summary>
    /// Asks what became of a command, and settles it: what has not been executed by now never will be. The answer is the
    /// command's own (its reply-to is the command's number, not this message's): the one it has had, or a
    /// <see cref="Rejected"/> with <see cref="RejectionReason.NotExecuted"/>, or with
    /// <see cref="RejectionReason.OutOfDate"/> when the device no longer knows. May be repeated. Since 1.2.
    /// </summary>
    public sealed class SettleCommand : Message
    {
        /// <summary>Sequence number of the command.</summary>
        public ushort CommandSequence;

        /// <summary>The command's <see cref="MessageId"/>.</summary>
        public byte CommandId;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.SettleCommand; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 3; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            CommandSequence = cursor.UInt16(CommandSequence);
            CommandId = cursor.Byte(CommandId);
        }
    }

    /// <summary>The device's time: short, so that it comes through on a bad line, and asked for often. Since 1.2.</summary>
    public sealed class TimeReport : Message
    {
        /// <summary>Device time since start when the request was answered, milliseconds; wraps after 49.7 days.</summary>
        public uint UptimeMilliseconds;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.TimeReport; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 4; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            UptimeMilliseconds = cursor.UInt32(UptimeMilliseconds);
        }
    }
}
