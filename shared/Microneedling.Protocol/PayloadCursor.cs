using System.Runtime.CompilerServices;

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
        // AggressiveInlining: the device's library has no name for it, and its interpreter no use.
        private const MethodImplOptions Inlined = (MethodImplOptions)256;

        private byte[] buffer;
        private int start;
        private int end;
        private int next;
        private bool writing;

        /// <summary>Bytes walked so far, read or written.</summary>
        public int Position
        {
            get { return next - start; }
        }

        /// <summary>Makes the cursor write into <paramref name="target"/> from <paramref name="offset"/>.</summary>
        public void StartWriting(byte[] target, int offset)
        {
            buffer = target;
            start = offset;
            next = offset;
            end = target.Length;
            writing = true;
        }

        /// <summary>Makes the cursor read <paramref name="length"/> bytes from <paramref name="offset"/>.</summary>
        public void StartReading(byte[] source, int offset, int length)
        {
            buffer = source;
            start = offset;
            next = offset;
            end = offset + length;
            writing = false;
        }

        /// <summary>One byte.</summary>
        [MethodImpl(Inlined)]
        public byte Byte(byte value)
        {
            int at = next;
            next = at + 1;
            if (writing)
            {
                buffer[at] = value;
                return value;
            }

            return at < end ? buffer[at] : (byte)0;
        }

        /// <summary>Two bytes, unsigned.</summary>
        [MethodImpl(Inlined)]
        public ushort UInt16(ushort value)
        {
            int at = next;
            next = at + 2;
            if (writing)
            {
                byte[] target = buffer;
                target[at] = (byte)value;
                target[at + 1] = (byte)(value >> 8);
                return value;
            }

            if (at + 2 > end)
            {
                return 0;
            }

            byte[] source = buffer;
            return (ushort)(source[at] | (source[at + 1] << 8));
        }

        /// <summary>Two bytes, signed.</summary>
        [MethodImpl(Inlined)]
        public short Int16(short value)
        {
            return (short)UInt16((ushort)value);
        }

        /// <summary>Four bytes, unsigned.</summary>
        [MethodImpl(Inlined)]
        public uint UInt32(uint value)
        {
            int at = next;
            next = at + 4;
            if (writing)
            {
                byte[] target = buffer;
                target[at] = (byte)value;
                target[at + 1] = (byte)(value >> 8);
                target[at + 2] = (byte)(value >> 16);
                target[at + 3] = (byte)(value >> 24);
                return value;
            }

            if (at + 4 > end)
            {
                return 0;
            }

            byte[] source = buffer;
            return source[at] | ((uint)source[at + 1] << 8) | ((uint)source[at + 2] << 16) | ((uint)source[at + 3] << 24);
        }

        /// <summary>Four bytes, signed.</summary>
        [MethodImpl(Inlined)]
        public int Int32(int value)
        {
            return (int)UInt32((uint)value);
        }
    }
}
