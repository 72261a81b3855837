namespace Microneedling.Protocol
{
    /// <summary>
    /// Bytes and sizes of a frame:
    /// <code>
    ///   7E | id | sequence | reply to | payload … | CRC-32 | 7E
    ///        1      2          2         0 … 54       4
    /// </code>
    /// Little-endian. Everything between the flags is stuffed: a reserved byte b is sent as 7D, b xor 20. The CRC covers
    /// id to payload, before stuffing. STOP may stand anywhere, inside a frame too, and belongs to none.
    /// </summary>
    public static class Framing
    {
        /// <summary>Opens and closes a frame.</summary>
        public const byte Flag = 0x7E;

        /// <summary>The next byte is a reserved one, changed by <see cref="EscapeMask"/>.</summary>
        public const byte Escape = 0x7D;

        /// <summary>Stops the device from any state, before framing.</summary>
        public const byte Stop = 0x18;

        /// <summary>Software flow control, on. Never sent raw.</summary>
        public const byte XOn = 0x11;

        /// <summary>Software flow control, off. Never sent raw.</summary>
        public const byte XOff = 0x13;

        /// <summary>Turns a reserved byte into one that is not.</summary>
        public const byte EscapeMask = 0x20;

        /// <summary>Bytes before the payload.</summary>
        public const int HeaderLength = 5;

        /// <summary>Bytes after the payload.</summary>
        public const int CrcLength = 4;

        /// <summary>Longest payload, in bytes: with every byte stuffed the frame is still one serial write of 128 bytes.</summary>
        public const int MaximumPayloadLength = 54;

        /// <summary>Longest frame before stuffing and without flags, in bytes.</summary>
        public const int MaximumBodyLength = HeaderLength + MaximumPayloadLength + CrcLength;

        /// <summary>Longest frame on the line, in bytes.</summary>
        public const int MaximumFrameLength = (2 * MaximumBodyLength) + 2;

        internal static readonly bool[] Reserved = MakeReserved();

        /// <summary>Whether a byte must be stuffed inside a frame.</summary>
        public static bool IsReserved(byte value)
        {
            return Reserved[value];
        }

        /// <summary>
        /// Where the first reserved byte stands from <paramref name="offset"/> on, or <paramref name="end"/>: everything in
        /// front of it is sent as it is.
        /// </summary>
        public static int EndOfPlain(byte[] data, int offset, int end)
        {
            bool[] reserved = Reserved;
            int at = offset;
            int lastFour = end - 4;
            while (at <= lastFour && !(reserved[data[at]] | reserved[data[at + 1]] | reserved[data[at + 2]] | reserved[data[at + 3]]))
            {
                at += 4;
            }

            while (at < end && !reserved[data[at]])
            {
                at++;
            }

            return at;
        }

        private static bool[] MakeReserved()
        {
            bool[] reserved = new bool[256];
            reserved[Flag] = true;
            reserved[Escape] = true;
            reserved[Stop] = true;
            reserved[XOn] = true;
            reserved[XOff] = true;
            return reserved;
        }
    }
}
