namespace Microneedling.Protocol
{
    /// <summary>CRC-32 as in IEEE 802.3: reflected polynomial 0xEDB88320, start and final complement 0xFFFFFFFF.</summary>
    public static class Crc32
    {
        /// <summary>Start value for <see cref="Update"/>.</summary>
        public const uint Start = 0xFFFFFFFF;

        /// <summary>What <see cref="Update"/> leaves after any data followed by its own CRC, little-endian.</summary>
        public const uint Residue = 0xDEBB20E3;

        private static readonly uint[] Table = MakeTable();

        /// <summary>Takes one byte into a running value; complement the result to get the CRC.</summary>
        public static uint Update(uint running, byte value)
        {
            return (running >> 8) ^ Table[(int)((running ^ value) & 0xFF)];
        }

        /// <summary>The CRC of <paramref name="count"/> bytes from <paramref name="offset"/>.</summary>
        public static uint Of(byte[] data, int offset, int count)
        {
            uint running = Start;
            uint[] table = Table;
            int end = offset + count;
            for (int i = offset; i < end; i++)
            {
                running = (running >> 8) ^ table[(int)((running ^ data[i]) & 0xFF)];
            }

            return ~running;
        }

        private static uint[] MakeTable()
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
    }
}
