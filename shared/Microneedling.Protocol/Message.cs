namespace Microneedling.Protocol
{
    /// <summary>
    /// A message: its number and its payload layout. Instances are made once and reused; fields are what the payload
    /// carries.
    /// </summary>
    public abstract class Message
    {
        /// <summary>The message's number.</summary>
        public abstract MessageId Id { get; }

        /// <summary>Bytes that every version of this payload has. A shorter one is malformed.</summary>
        public abstract int MinimumLength { get; }

        /// <summary>Walks every field in wire order: each field gets what the cursor returns for it.</summary>
        public abstract void Transfer(PayloadCursor cursor);
    }

    /// <summary>A message without payload; its number says it all.</summary>
    public sealed class EmptyMessage : Message
    {
        private readonly MessageId id;

        /// <summary>Makes the payload-free message <paramref name="id"/>.</summary>
        public EmptyMessage(MessageId id)
        {
            this.id = id;
        }

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return id; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 0; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
        }
    }
}
