namespace Microneedling.Protocol
{
    /// <summary>Turns a message into the bytes of one frame. Not for two threads at once; allocates only when made.</summary>
    public sealed class FrameEncoder
    {
        private readonly byte[] body = new byte[Framing.MaximumBodyLength];
        private readonly PayloadCursor cursor = new PayloadCursor();

        /// <summary>
        /// Writes one frame into <paramref name="target"/> from its start and returns its length in bytes.
        /// </summary>
        /// <param name="message">What to say.</param>
        /// <param name="sequence">The sender's sequence number.</param>
        /// <param name="replyTo">Sequence number of the command that this answers, or 0.</param>
        /// <param name="target">At least <see cref="Framing.MaximumFrameLength"/> bytes.</param>
        public int Encode(Message message, ushort sequence, ushort replyTo, byte[] target)
        {
            body[0] = (byte)message.Id;
            body[1] = (byte)sequence;
            body[2] = (byte)(sequence >> 8);
            body[3] = (byte)replyTo;
            body[4] = (byte)(replyTo >> 8);
            cursor.StartWriting(body, Framing.HeaderLength);
            message.Transfer(cursor);
            int length = Framing.HeaderLength + cursor.Position;
            uint crc = Crc32.Of(body, 0, length);
            for (int i = 0; i < Framing.CrcLength; i++)
            {
                body[length + i] = (byte)(crc >> (8 * i));
            }

            return Stuff(length + Framing.CrcLength, target);
        }

        private int Stuff(int length, byte[] target)
        {
            int at = 0;
            target[at++] = Framing.Flag;
            for (int i = 0; i < length; i++)
            {
                byte value = body[i];
                if (Framing.IsReserved(value))
                {
                    target[at++] = Framing.Escape;
                    value ^= Framing.EscapeMask;
                }

                target[at++] = value;
            }

            target[at++] = Framing.Flag;
            return at;
        }
    }
}
