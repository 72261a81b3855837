namespace Microneedling.Protocol
{
    /// <summary>
    /// Walks a payload field by field, little-endian, either writing the value it is given or returning the one it
    /// reads. A message therefore states its layout once, for both directions.
    /// </summary>
    /// <remarks>
    /// Reading past the end gives 0 (a field that a newer minor version appended) and is recorded in
    /// <see cref="Position"/>, so that the frame codec can refuse a payload shorter than its message's minimum.
    /// </remarks>
    public sealed class PayloadCursor
    {
        private byte[] buffer;
        private int start;
        private int end;
        private bool writing;

        /// <summary>Bytes walked so far, read or written.</summary>
        public int Position;

        /// <summary>Makes the cursor write into <paramref name="target"/> from <paramref name="offset"/>.</summary>
        public void StartWriting(byte[] target, int offset)
        {
            buffer = target;
            start = offset;
            end = target.Length;
            writing = true;
            Position = 0;
        }

        /// <summary>Makes the cursor read <paramref name="length"/> bytes from <paramref name="offset"/>.</summary>
        public void StartReading(byte[] source, int offset, int length)
        {
            buffer = source;
            start = offset;
            end = offset + length;
            writing = false;
            Position = 0;
        }

        /// <summary>One byte.</summary>
        public byte Byte(byte value)
        {
            return (byte)Little(value, 1);
        }

        /// <summary>Two bytes, unsigned.</summary>
        public ushort UInt16(ushort value)
        {
            return (ushort)Little(value, 2);
        }

        /// <summary>Two bytes, signed.</summary>
        public short Int16(short value)
        {
            return (short)(ushort)Little((ushort)value, 2);
        }

        /// <summary>Four bytes, unsigned.</summary>
        public uint UInt32(uint value)
        {
            return Little(value, 4);
        }

        /// <summary>Four bytes, signed.</summary>
        public int Int32(int value)
        {
            return (int)Little((uint)value, 4);
        }

        private uint Little(uint value, int size)
        {
            int at = start + Position;
            Position += size;
            if (writing)
            {
                for (int i = 0; i < size; i++)
                {
                    buffer[at + i] = (byte)(value >> (8 * i));
                }

                return value;
            }

            if (at + size > end)
            {
                return 0;
            }

            uint result = 0;
            for (int i = 0; i < size; i++)
            {
                result |= (uint)buffer[at + i] << (8 * i);
            }

            return result;
        }
    }
}
