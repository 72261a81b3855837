using System;
using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// A record on flash in two copies, each with a counter and a CRC-32, so that a power cut or a bad block leaves at
    /// least one whole. Knows nothing of what the record says.
    /// <code>
    ///   'M' kind | counter u32 | payload … | CRC-32          I:\name-0, I:\name-1
    /// </code>
    /// One file is written a call, and read back; the older copy first.
    /// </summary>
    public sealed class StoredRecord
    {
        private const int HeaderLength = 6;
        private const int CrcLength = 4;
        private const byte Mark = 0x4D;

        private readonly string[] paths;
        private readonly byte kind;
        private readonly byte[] image;
        private readonly byte[] readBack;
        private readonly PayloadCursor cursor = new PayloadCursor();
        private readonly bool[] good = new bool[2];
        private int latest;

        public StoredRecord(string name, byte kind, int payloadLength)
        {
            paths = new string[] { "I:\\" + name + "-0", "I:\\" + name + "-1" };
            this.kind = kind;
            image = new byte[HeaderLength + payloadLength + CrcLength];
            readBack = new byte[image.Length + 1];
        }

        /// <summary>How many copies were good when the record was read, or are since it was written: 0, 1 or 2.</summary>
        public int GoodCopies
        {
            get { return (good[0] ? 1 : 0) + (good[1] ? 1 : 0); }
        }

        /// <summary>How often the record has been changed; 0 when none is good.</summary>
        public uint Writes { get; private set; }

        /// <summary>The copy that must be written: the bad one, or the one with older values; -1 when both are the same.</summary>
        public int StaleCopy { get; private set; }

        /// <summary>Reads both copies; the newer good one is handed to <paramref name="message"/>. False when none is good.</summary>
        public bool Load(Message message)
        {
            uint first = ReadCopy(0);
            uint second = ReadCopy(1);
            StaleCopy = -1;
            if (GoodCopies == 0)
            {
                Writes = 0;
                return false;
            }

            bool secondIsNewer = good[1] && (!good[0] || IsNewer(second, first));
            latest = secondIsNewer ? 1 : 0;
            Writes = secondIsNewer ? second : first;
            if (GoodCopies == 1 || first != second)
            {
                StaleCopy = 1 - latest;
            }

            ReadCopy(latest);
            cursor.StartReading(readBack, HeaderLength, image.Length - HeaderLength - CrcLength);
            message.Transfer(cursor);
            MakeImage(message);
            return true;
        }

        /// <summary>The record has new values, which are taken as they are now: both copies are stale.</summary>
        public void Change(Message message)
        {
            Writes++;
            StaleCopy = 1 - latest;
            MakeImage(message);
        }

        /// <summary>Writes the copy that is stale and reads it back; false when that failed. Then the other may be stale.</summary>
        public bool WriteStaleCopy()
        {
            int copy = StaleCopy;
            good[copy] = FlashFiles.Write(paths[copy], image) && ReadCopy(copy) == Writes && good[copy];
            if (!good[copy])
            {
                return false;
            }

            latest = copy;
            uint other = ReadCopy(1 - copy);
            StaleCopy = good[1 - copy] && other == Writes ? -1 : 1 - copy;
            return true;
        }

        private void MakeImage(Message message)
        {
            image[0] = Mark;
            image[1] = kind;
            cursor.StartWriting(image, 2);
            cursor.UInt32(Writes);
            cursor.StartWriting(image, HeaderLength);
            message.Transfer(cursor);
            int covered = image.Length - CrcLength;
            cursor.StartWriting(image, covered);
            cursor.UInt32(Crc32.Of(image, 0, covered));
        }

        private uint ReadCopy(int copy)
        {
            good[copy] = false;
            int length = FlashFiles.Read(paths[copy], readBack);
            if (length != image.Length || readBack[0] != Mark || readBack[1] != kind)
            {
                return 0;
            }

            int covered = length - CrcLength;
            cursor.StartReading(readBack, covered, CrcLength);
            if (cursor.UInt32(0) != Crc32.Of(readBack, 0, covered))
            {
                return 0;
            }

            good[copy] = true;
            cursor.StartReading(readBack, 2, 4);
            return cursor.UInt32(0);
        }

        private static bool IsNewer(uint counter, uint than)
        {
            uint ahead = counter - than;
            return ahead != 0 && ahead < 0x80000000;
        }
    }
}
