namespace Microneedling.Protocol
{
    /// <summary>Begins a session with a client. A cartridge that was used in another session must be exchanged before arming.</summary>
    public sealed class BeginSession : Message
    {
        /// <summary>The host's number for this session, 1 or more; the same number goes on with the same session.</summary>
        public uint SessionNumber;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.BeginSession; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 4; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            SessionNumber = cursor.UInt32(SessionNumber);
        }
    }
}
