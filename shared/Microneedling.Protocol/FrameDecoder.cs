namespace Microneedling.Protocol
{
    /// <summary>What one received byte closed.</summary>
    public enum DecodeResult : byte
    {
        /// <summary>Nothing yet.</summary>
        None = 0,

        /// <summary>A STOP byte. The frame around it, if any, goes on.</summary>
        Stop = 1,

        /// <summary>A whole frame whose CRC is right. Its header and payload stand until the next byte.</summary>
        Frame = 2,

        /// <summary>A frame that was cut, too long, wrongly stuffed or whose CRC is wrong. It is gone.</summary>
        Damaged = 3,
    }

    /// <summary>
    /// Byte in, closed result out. After any garbage the next whole frame is understood: a flag always opens anew.
    /// Allocates only when made.
    /// </summary>
    public sealed class FrameDecoder
    {
        // By byte, whether it means something else than itself.
        private static readonly bool[] Reserved = MakeReserved();

        private readonly byte[] body = new byte[Framing.MaximumBodyLength];
        private readonly PayloadCursor cursor = new PayloadCursor();
        private int length;

        // Below this length a byte that means itself is simply taken; 0 outside a frame and behind an escape.
        private int plainUpTo;
        private bool inFrame;
        private bool escaped;
        private bool damaged;

        /// <summary>Number of the frame received last, known to this version or not.</summary>
        public MessageId Id;

        /// <summary>The sender's sequence number of the frame received last.</summary>
        public ushort Sequence;

        /// <summary>The command that the frame received last answers, or 0.</summary>
        public ushort ReplyTo;

        /// <summary>Payload bytes of the frame received last.</summary>
        public int PayloadLength;

        /// <summary>Takes one byte from the line.</summary>
        public DecodeResult Push(byte value)
        {
            int at = length;
            if (at < plainUpTo && !Reserved[value])
            {
                body[at] = value;
                length = at + 1;
                return DecodeResult.None;
            }

            return PushSpecial(value);
        }

        /// <summary>
        /// Reads the payload of the frame received last into <paramref name="message"/>. False when it is shorter than
        /// the message's layout; the message's fields are then worthless.
        /// </summary>
        public bool TryRead(Message message)
        {
            if (PayloadLength < message.MinimumLength)
            {
                return false;
            }

            cursor.StartReading(body, Framing.HeaderLength, PayloadLength);
            message.Transfer(cursor);
            return true;
        }

        private DecodeResult PushSpecial(byte value)
        {
            if (value == Framing.Stop)
            {
                return DecodeResult.Stop;
            }

            if (value == Framing.Flag)
            {
                return CloseAndOpen();
            }

            if (!inFrame)
            {
                return DecodeResult.None;
            }

            if (escaped)
            {
                escaped = false;
                plainUpTo = Framing.MaximumBodyLength;
                value ^= Framing.EscapeMask;
                if (!Framing.IsReserved(value))
                {
                    damaged = true;
                }
            }
            else if (value == Framing.Escape)
            {
                escaped = true;
                plainUpTo = 0;
                return DecodeResult.None;
            }
            else if (Framing.IsReserved(value))
            {
                damaged = true;
            }

            if (length == Framing.MaximumBodyLength)
            {
                damaged = true;
            }

            if (!damaged)
            {
                body[length++] = value;
            }

            return DecodeResult.None;
        }

        private DecodeResult CloseAndOpen()
        {
            bool empty = length == 0 && !damaged && !escaped;
            bool whole = !damaged && !escaped && length >= Framing.HeaderLength + Framing.CrcLength && CrcIsRight();
            bool wasOpen = inFrame;
            int closedLength = length;
            inFrame = true;
            plainUpTo = Framing.MaximumBodyLength;
            escaped = false;
            damaged = false;
            length = 0;
            if (!wasOpen || empty)
            {
                return DecodeResult.None;
            }

            if (!whole)
            {
                return DecodeResult.Damaged;
            }

            Id = (MessageId)body[0];
            Sequence = (ushort)(body[1] | (body[2] << 8));
            ReplyTo = (ushort)(body[3] | (body[4] << 8));
            PayloadLength = closedLength - Framing.HeaderLength - Framing.CrcLength;
            return DecodeResult.Frame;
        }

        private bool CrcIsRight()
        {
            return Crc32.Of(body, 0, length) == ~Crc32.Residue;
        }

        private static bool[] MakeReserved()
        {
            bool[] reserved = new bool[256];
            for (int i = 0; i < reserved.Length; i++)
            {
                reserved[i] = Framing.IsReserved((byte)i);
            }

            return reserved;
        }
    }
}
