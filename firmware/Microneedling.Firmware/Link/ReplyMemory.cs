using System;
using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// The last answers, by the sequence number of their commands: a repeated command gets its answer again and is not
    /// executed twice.
    /// </summary>
    public sealed class ReplyMemory
    {
        private const int Capacity = 8;

        private readonly ushort[] sequences = new ushort[Capacity];
        private readonly byte[] ids = new byte[Capacity];
        private readonly int[] lengths = new int[Capacity];
        private readonly byte[][] frames = new byte[Capacity][];
        private int next;

        public ReplyMemory()
        {
            for (int i = 0; i < Capacity; i++)
            {
                frames[i] = new byte[Framing.MaximumFrameLength];
            }
        }

        /// <summary>Forgets everything: a new host begins its numbers anew.</summary>
        public void Clear()
        {
            for (int i = 0; i < Capacity; i++)
            {
                lengths[i] = 0;
            }
        }

        /// <summary>Where the answer to a command is kept, or -1.</summary>
        public int Find(MessageId id, ushort sequence)
        {
            for (int i = 0; i < Capacity; i++)
            {
                if (lengths[i] > 0 && sequences[i] == sequence && ids[i] == (byte)id)
                {
                    return i;
                }
            }

            return -1;
        }

        /// <summary>The kept frame of a slot.</summary>
        public byte[] Frame(int slot)
        {
            return frames[slot];
        }

        /// <summary>The length of a slot's frame in bytes.</summary>
        public int Length(int slot)
        {
            return lengths[slot];
        }

        /// <summary>Keeps an answer in place of the oldest.</summary>
        public void Keep(MessageId id, ushort sequence, byte[] frame, int length)
        {
            sequences[next] = sequence;
            ids[next] = (byte)id;
            lengths[next] = length;
            Array.Copy(frame, frames[next], length);
            next = (next + 1) % Capacity;
        }
    }
}
