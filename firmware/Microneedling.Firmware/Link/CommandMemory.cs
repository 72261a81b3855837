using System;
using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// Which commands of the greeted host have been executed, and what the last ones were answered: a repeated command gets
    /// its answer again, and one that comes after a later one is too late.
    /// <code>
    ///   executed      12 13 14 15 16
    ///   answer kept       ·  ·  ·  ·     14 again: answered again     12 again, or 9: out of date
    /// </code>
    /// The line's numbers have 16 bits and begin anew after 65 535; here they go on, so that an old number is never taken
    /// for a new one.
    /// </summary>
    public sealed class CommandMemory
    {
        private const int Capacity = 8;

        private readonly int[] numbers = new int[Capacity];
        private readonly byte[] ids = new byte[Capacity];
        private readonly int[] lengths = new int[Capacity];
        private readonly byte[][] frames = new byte[Capacity][];
        private int next;
        private int latestSeen;
        private int latestExecuted;

        public CommandMemory()
        {
            for (int i = 0; i < Capacity; i++)
            {
                frames[i] = new byte[Framing.MaximumFrameLength];
            }
        }

        /// <summary>The highest number among the commands executed, as the line has it.</summary>
        public ushort LatestExecuted
        {
            get { return (ushort)latestExecuted; }
        }

        /// <summary>A new host has greeted: its commands count from its greeting.</summary>
        public void Begin(ushort greetingSequence)
        {
            latestSeen = greetingSequence;
            latestExecuted = greetingSequence;
            for (int i = 0; i < Capacity; i++)
            {
                lengths[i] = 0;
            }
        }

        /// <summary>The number that goes on where the line's begins anew. To be asked for every numbered frame.</summary>
        public int NumberOf(ushort sequence)
        {
            int ahead = (short)(sequence - latestSeen);
            int number = latestSeen + ahead;
            if (ahead > 0)
            {
                latestSeen = number;
            }

            return number;
        }

        /// <summary>Whether a command that is not remembered came after a later one.</summary>
        public bool IsOutOfDate(int number)
        {
            return number - latestExecuted <= 0;
        }

        /// <summary>The command of this number is executed, or settled as not executed.</summary>
        public void Executed(int number)
        {
            if (number - latestExecuted > 0)
            {
                latestExecuted = number;
            }
        }

        /// <summary>Where the answer to a command is kept, or -1.</summary>
        public int Find(MessageId id, int number)
        {
            for (int i = 0; i < Capacity; i++)
            {
                if (lengths[i] > 0 && numbers[i] == number && ids[i] == (byte)id)
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
        public void Keep(MessageId id, int number, byte[] frame, int length)
        {
            numbers[next] = number;
            ids[next] = (byte)id;
            lengths[next] = length;
            Array.Copy(frame, frames[next], length);
            next = (next + 1) % Capacity;
        }
    }
}
