using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// What the device has done since it was made, and which session used the seated cartridge. Written to flash at rest,
    /// when something has changed, at most once a minute: years of use stay far below what the flash can bear. A power
    /// cut loses at most what was counted since.
    /// </summary>
    public sealed class LifeCounters
    {
        private const long StoreSpacingMicroseconds = 60000000;
        private const long FirstStoreMicroseconds = 2000000;

        private readonly StoredRecord record = new StoredRecord("counters", 2, Values.Length);
        private readonly Values values = new Values();
        private uint strokesTaken;
        private int runMicroseconds;
        private long storeFrom;
        private bool changed;

        /// <summary>The session that has used the seated cartridge; 0: none, as far as is known.</summary>
        public uint CartridgeSession
        {
            get { return values.CartridgeSession; }
        }

        /// <summary>Whether the seated cartridge has made a stroke.</summary>
        public bool CartridgeUsed
        {
            get { return values.CartridgeUsed != 0; }
        }

        /// <summary>The copy found bad or old at the start, 0 or 1; -1: none.</summary>
        public int CopyToMend { get; private set; }

        /// <summary>Reads the counters and counts this start. False when both copies were bad: they begin at 0.</summary>
        public bool Load(long now)
        {
            bool good = record.Load(values);
            CopyToMend = good ? record.StaleCopy : -1;
            values.Starts++;
            Changed();
            storeFrom = now + FirstStoreMicroseconds;
            return good;
        }

        /// <summary>Takes the strokes counted since the start of the firmware, and how long it stroked since the last call.</summary>
        public void Count(uint strokesSinceStart, int strokedMicroseconds)
        {
            if (strokesSinceStart != strokesTaken)
            {
                values.Strokes += strokesSinceStart - strokesTaken;
                strokesTaken = strokesSinceStart;
                Changed();
            }

            runMicroseconds += strokedMicroseconds;
            if (runMicroseconds >= 1000000)
            {
                runMicroseconds -= 1000000;
                values.RunSeconds++;
                Changed();
            }
        }

        /// <summary>A fault was latched.</summary>
        public void CountFault()
        {
            values.Faults++;
            Changed();
        }

        /// <summary>The seated cartridge is used, or another one is seated. To be stored soon.</summary>
        public void SetCartridge(bool used, uint session)
        {
            values.CartridgeUsed = (byte)(used ? 1 : 0);
            values.CartridgeSession = session;
            storeFrom = 0;
            Changed();
        }

        /// <summary>Whether a copy is to be written now.</summary>
        public bool IsPending(long now)
        {
            return now >= storeFrom && (changed || record.StaleCopy >= 0);
        }

        /// <summary>Writes one copy; takes tens of milliseconds. A failure is met again a minute later.</summary>
        public void Store(long now)
        {
            if (changed && record.StaleCopy < 0)
            {
                changed = false;
                record.Change(values);
            }

            if (!record.WriteStaleCopy() || record.StaleCopy < 0)
            {
                storeFrom = now + StoreSpacingMicroseconds;
            }
        }

        /// <summary>Fills a report.</summary>
        public void Fill(CountersReport report)
        {
            report.Strokes = values.Strokes;
            report.RunSeconds = values.RunSeconds;
            report.Starts = values.Starts;
            report.Faults = values.Faults;
        }

        private void Changed()
        {
            changed = true;
        }

        private sealed class Values : Message
        {
            public const int Length = 21;

            public uint Strokes;
            public uint RunSeconds;
            public uint Starts;
            public uint Faults;
            public uint CartridgeSession;
            public byte CartridgeUsed;

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
                Strokes = cursor.UInt32(Strokes);
                RunSeconds = cursor.UInt32(RunSeconds);
                Starts = cursor.UInt32(Starts);
                Faults = cursor.UInt32(Faults);
                CartridgeSession = cursor.UInt32(CartridgeSession);
                CartridgeUsed = cursor.Byte(CartridgeUsed);
            }
        }
    }
}
