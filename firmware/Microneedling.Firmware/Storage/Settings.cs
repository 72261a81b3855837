using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// What was set for this very device: its serial number and its zero. Kept in two copies; without a good one there
    /// are no settings and nothing moves: defaults never take their place.
    /// </summary>
    public sealed class Settings
    {
        private readonly StoredRecord record = new StoredRecord("settings", 1, Values.Length);
        private readonly Values values = new Values();
        private bool writeFailed;
        private bool inRange;

        /// <summary>Serial number of the device; 0 when there are no settings.</summary>
        public uint SerialNumber
        {
            get { return values.SerialNumber; }
        }

        /// <summary>Where the needle tips are when the stage counts 0, micrometres; positive: out of the nosecone.</summary>
        public int ZeroOffsetMicrometers
        {
            get { return values.ZeroOffsetMicrometers; }
        }

        /// <summary>Whether the values stand on flash, in one copy at least.</summary>
        public bool IsGood
        {
            get { return record.GoodCopies > 0 && inRange && !writeFailed; }
        }

        /// <summary>Whether a copy is still to be written.</summary>
        public bool IsPending
        {
            get { return record.StaleCopy >= 0 && record.Writes > 0 && !writeFailed; }
        }

        /// <summary>Whether the latest write failed.</summary>
        public bool WriteFailed
        {
            get { return writeFailed; }
        }

        /// <summary>How often settings have been written.</summary>
        public uint Writes
        {
            get { return record.Writes; }
        }

        /// <summary>The copy found bad or old at the start, 0 or 1; -1: none.</summary>
        public int CopyToMend { get; private set; }

        /// <summary>Reads the settings.</summary>
        public void Load()
        {
            CopyToMend = record.Load(values) ? record.StaleCopy : -1;
            inRange = values.SerialNumber != 0 && IsZeroInRange(values.ZeroOffsetMicrometers);
        }

        /// <summary>Sets new values; <see cref="Store"/> writes them.</summary>
        public void Change(uint serialNumber, int zeroOffsetMicrometers)
        {
            values.SerialNumber = serialNumber;
            values.ZeroOffsetMicrometers = (short)zeroOffsetMicrometers;
            writeFailed = false;
            inRange = true;
            record.Change(values);
        }

        /// <summary>Whether a zero offset is one that a device can have.</summary>
        public static bool IsZeroInRange(int micrometers)
        {
            return micrometers <= Limits.ZeroOffsetMicrometers && micrometers >= -Limits.ZeroOffsetMicrometers;
        }

        /// <summary>Tries a write that failed once more.</summary>
        public void Retry()
        {
            writeFailed = false;
        }

        /// <summary>Writes one pending copy; takes tens of milliseconds. False when it could not be written.</summary>
        public bool Store()
        {
            writeFailed = !record.WriteStaleCopy();
            return !writeFailed;
        }

        /// <summary>Fills a report.</summary>
        public void Fill(SettingsReport report)
        {
            report.GoodCopies = (byte)record.GoodCopies;
            report.SerialNumber = values.SerialNumber;
            report.ZeroOffsetMicrometers = values.ZeroOffsetMicrometers;
            report.Writes = record.Writes;
            report.Pending = (byte)(IsPending ? 1 : 0);
        }

        private sealed class Values : Message
        {
            public const int Length = 6;

            public uint SerialNumber;
            public short ZeroOffsetMicrometers;

            public override MessageId Id
            {
                get { return MessageId.None; }
            }

            public override int MinimumLength
            {
                get { return Length; }
            }

            public override void Transfer(PayloadCursor cursor)
            {
                SerialNumber = cursor.UInt32(SerialNumber);
                ZeroOffsetMicrometers = cursor.Int16(ZeroOffsetMicrometers);
            }
        }
    }
}
