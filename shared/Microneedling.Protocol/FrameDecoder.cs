using System;

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
    /// Bytes in, closed results out. After any garbage the next whole frame is understood: a flag always opens anew.
    /// Allocates only when made.
    /// </summary>
    public sealed class FrameDecoder
    {
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

        /// <summary>What <see cref="Take"/> ended with; <see cref="DecodeResult.None"/> when it took all bytes.</summary>
        public DecodeResult Result;

        /// <summary>The payload of the frame received last, behind <see cref="Framing.HeaderLength"/> bytes.</summary>
        internal byte[] Body
        {
            get { return body; }
        }

        /// <summary>Takes one byte from the line.</summary>
        public DecodeResult Push(byte value)
        {
            int at = length;
            if (at < plainUpTo && !Framing.Reserved[value])
            {
                body[at] = value;
                length = at + 1;
                return DecodeResult.None;
            }

            return PushSpecial(value);
        }

        /// <summary>
        /// Takes bytes from the line, from <paramref name="offset"/> on: up to and with the first that closes something, or
        /// all before <paramref name="end"/>. <see cref="Result"/> tells what was closed. Does as <see cref="Push"/> byte by
        /// byte, in less time.
        /// </summary>
        /// <returns>Where the next byte to take stands.</returns>
        public int Take(byte[] data, int offset, int end)
        {
            Result = DecodeResult.None;
            int at = offset;
            while (at < end)
            {
                int room = plainUpTo - length;
                if (room > 0 && !Framing.Reserved[data[at]])
                {
                    int plain = Framing.EndOfPlain(data, at, end - at < room ? end : at + room) - at;
                    Array.Copy(data, at, body, length, plain);
                    length += plain;
                    at += plain;
                    if (at == end)
                    {
                        return at;
                    }
                }

                Result = PushSpecial(data[at]);
                at++;
                if (Result != DecodeResult.None)
                {
                    return at;
                }
            }

            return at;
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
            int covered = length - Framing.CrcLength;
            cursor.StartReading(body, covered, Framing.CrcLength);
            return Crc32.Of(body, 0, covered) == cursor.UInt32(0);
        }
    }
}
