namespace Microneedling.Protocol
{
    /// <summary>CRC-32 as in IEEE 802.3: reflected polynomial 0xEDB88320, start and final complement 0xFFFFFFFF.</summary>
    /// <remarks>
    /// Eight bytes at a time: each byte is looked up in the table for its distance from the end of the eight, and the results
    /// are added. Costs 8 KB for the tables; fewer steps a byte for the interpreter, and less waiting for a processor.
    /// </remarks>
    public static class Crc32
    {
        /// <summary>Start value for <see cref="Update"/>.</summary>
        public const uint Start = 0xFFFFFFFF;

        /// <summary>What <see cref="Update"/> leaves after any data followed by its own CRC, little-endian.</summary>
        public const uint Residue = 0xDEBB20E3;

        // What a byte leaves when so many bytes follow it.
        private static readonly uint[] Last = MakeLast();
        private static readonly uint[] Before1 = Follow(Last);
        private static readonly uint[] Before2 = Follow(Before1);
        private static readonly uint[] Before3 = Follow(Before2);
        private static readonly uint[] Before4 = Follow(Before3);
        private static readonly uint[] Before5 = Follow(Before4);
        private static readonly uint[] Before6 = Follow(Before5);
        private static readonly uint[] Before7 = Follow(Before6);

        /// <summary>Takes one byte into a running value; complement the result to get the CRC.</summary>
        public static uint Update(uint running, byte value)
        {
            return (running >> 8) ^ Last[(int)((running ^ value) & 0xFF)];
        }

        /// <summary>The CRC of <paramref name="count"/> bytes from <paramref name="offset"/>.</summary>
        public static uint Of(byte[] data, int offset, int count)
        {
            uint[] before7 = Before7, before6 = Before6, before5 = Before5, before4 = Before4;
            uint[] before3 = Before3, before2 = Before2, before1 = Before1, last = Last;
            uint running = Start;
            int at = offset;
            int end = offset + count;
            int lastEight = end - 8;
            while (at <= lastEight)
            {
                running = before7[(int)((running ^ data[at]) & 0xFF)]
                    ^ before6[(int)(((running >> 8) ^ data[at + 1]) & 0xFF)]
                    ^ before5[(int)(((running >> 16) ^ data[at + 2]) & 0xFF)]
                    ^ before4[(int)((running >> 24) ^ data[at + 3])]
                    ^ before3[data[at + 4]] ^ before2[data[at + 5]] ^ before1[data[at + 6]] ^ last[data[at + 7]];
                at += 8;
            }

            while (at < end)
            {
                running = (running >> 8) ^ last[(int)((running ^ data[at]) & 0xFF)];
                at++;
            }

            return ~running;
        }

        private static uint[] MakeLast()
        {
            uint[] table = new uint[256];
            for (uint i = 0; i < 256; i++)
            {
                uint remainder = i;
                for (int bit = 0; bit < 8; bit++)
                {
                    remainder = (remainder & 1) != 0 ? (remainder >> 1) ^ 0xEDB88320 : remainder >> 1;
                }

                table[(int)i] = remainder;
            }

            return table;
        }

        private static uint[] Follow(uint[] later)
        {
            uint[] table = new uint[256];
            for (int i = 0; i < 256; i++)
            {
                table[i] = (later[i] >> 8) ^ Last[(int)(later[i] & 0xFF)];
            }

            return table;
        }
    }
}
