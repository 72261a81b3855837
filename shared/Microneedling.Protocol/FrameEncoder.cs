using System;

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
            cursor.StartWriting(body, Framing.HeaderLength);
            message.Transfer(cursor);
            return Close(message.Id, sequence, replyTo, cursor.Position, target);
        }

        /// <summary>Where a payload is put, behind <see cref="Framing.HeaderLength"/> bytes, before <see cref="Close"/>.</summary>
        internal byte[] Body
        {
            get { return body; }
        }

        /// <summary>Makes a frame of the payload in <see cref="Body"/>: the rest of <see cref="Encode"/>.</summary>
        internal int Close(MessageId id, ushort sequence, ushort replyTo, int payloadLength, byte[] target)
        {
            body[0] = (byte)id;
            body[1] = (byte)sequence;
            body[2] = (byte)(sequence >> 8);
            body[3] = (byte)replyTo;
            body[4] = (byte)(replyTo >> 8);
            int length = Framing.HeaderLength + payloadLength;
            uint crc = Crc32.Of(body, 0, length);
            body[length] = (byte)crc;
            body[length + 1] = (byte)(crc >> 8);
            body[length + 2] = (byte)(crc >> 16);
            body[length + 3] = (byte)(crc >> 24);
            return Stuff(length + Framing.CrcLength, target);
        }

        private int Stuff(int length, byte[] target)
        {
            target[0] = Framing.Flag;
            int at = 1;
            int from = 0;
            while (true)
            {
                int to = Framing.EndOfPlain(body, from, length);
                Array.Copy(body, from, target, at, to - from);
                at += to - from;
                if (to == length)
                {
                    break;
                }

                target[at] = Framing.Escape;
                target[at + 1] = (byte)(body[to] ^ Framing.EscapeMask);
                at += 2;
                from = to + 1;
            }

            target[at] = Framing.Flag;
            return at + 1;
        }
    }
}
